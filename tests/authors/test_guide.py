"""The guide: every page opens, shows each example as learners see it, and sends nothing."""

import re

import pytest

from learnpeace.authors import examples, guide, writing
from learnpeace.catalog.blocks import NAMES
from learnpeace.catalog.model import Kind
from learnpeace.cli import cli

HEAVIEST = 50_000  # bytes over the wire
PROSE = {name: (writing.FOLDER / f"{name}.md").read_text(encoding="utf-8")
         for name in writing.PAGES}  # fmt: skip


def fences(kind):
    for name in writing.PAGES:
        for section in writing.page(name).sections:
            for part in section.parts:
                if isinstance(part, writing.Fence) and part.words[0] == kind:
                    yield part.text


@pytest.mark.parametrize("name", writing.PAGES)
def test_a_page_opens_for_anybody_and_leads_to_its_neighbours(browse, name):
    answer = browse(None).get(f"/authors/guide/{name}")

    assert answer.status_code == 200
    assert writing.page(name).title.split(":")[0] in answer.text
    place = writing.PAGES.index(name)
    for other in writing.PAGES[max(place - 1, 0) : place + 2]:
        if other != name:
            assert f'href="/authors/guide/{other}"' in answer.text


def test_the_contents_lead_to_every_page(browse):
    text = browse(None).get("/authors/guide").text

    for name in writing.PAGES:
        assert f'href="/authors/guide/{name}"' in text


@pytest.mark.parametrize("name", ["nothing", "problems.md", "..", "Start"])
def test_there_is_nothing_elsewhere(browse, name):
    assert browse(None).get(f"/authors/guide/{name}").status_code == 404


@pytest.mark.parametrize("name", writing.PAGES)
def test_no_page_is_heavy_or_sends_what_is_typed_into_its_examples(browse, name):
    browser = browse(None)
    plain = browser.get(f"/authors/guide/{name}").text
    packed = browser.client.get(f"/authors/guide/{name}", headers={"Accept-Encoding": "gzip"}).data

    assert len(packed) < HEAVIEST
    main = plain.split("<main")[1].split("</main>")[0]
    forms = re.findall(r"<form[^>]*>", main)
    assert set(forms) <= {'<form method="dialog">'}
    assert "<button" not in main
    assert "formaction" not in main


def test_every_box_and_every_kind_of_question_is_shown(app):
    with app.test_request_context():
        drawing = guide._drawing()
        pages = [examples.module_page(text, "en", drawing) for text in fences("module")]
        asked = [one for text in fences("quiz") for one in examples.questions(text, drawing)]

    pieces = {piece.kind for page in pages for piece in page.pieces}
    assert pieces == {"text", "tracks"} | (set(NAMES) - {"for"})
    kinds = {one.shown.kind for one in asked}
    kinds |= {shown.kind for page in pages for piece in page.pieces for shown, _ in piece.checks}
    assert kinds == set(Kind)


def test_a_page_shows_source_and_result_and_what_is_told_afterwards(browse):
    text = browse(None).get("/authors/guide/questions").text

    assert "- (x) “You feel we overlook you?”" in text
    assert '<label for="ask-guide-one-b" dir="auto">“You feel we overlook you?”</label>' in text
    assert "Your choice, not right" in text
    assert "Partly right" in text
    assert re.search(r'<img src="/static/[^"]*town-table\.svg" alt="People of a town', text)


def test_an_example_with_a_problem_does_not_pass_unseen(app):
    with app.test_request_context():
        drawing = guide._drawing()
        with pytest.raises(examples.BrokenExample, match="Q104"):
            examples.questions("## What? {#what}\n- ( ) a\n- ( ) b\n", drawing)
        with pytest.raises(examples.BrokenExample, match="M101"):
            examples.module_page("::: reflection a\nWords.\n", "en", drawing)


def test_the_frame_speaks_the_readers_language_and_the_guide_says_that_it_is_english(browse):
    arabic = browse(None).get("/authors/guide/modules?lang=ar").text
    english = browse(None).get("/authors/guide/modules?lang=en").text

    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<article class="guide" lang="en" dir="ltr">' in arabic
    assert "تأمّل" in arabic  # the heading of a reflection, as Arabic readers see it
    assert 'class="example__shown" lang="ar" dir="rtl"' in arabic
    assert '<p class="quiet">' in head_of(arabic)
    assert '<p class="quiet">' not in head_of(english)


def head_of(text):
    return text.split('<article class="guide"')[1].split("<section")[0]


def test_every_problem_has_an_address(browse):
    text = browse(None).get("/authors/guide/problems").text

    for code in writing.entries():
        assert f'<section id="{code}">' in text
        assert f'<a href="#{code}">' in text


def test_the_guide_leads_nowhere_wrong(browse):
    browser = browse(None)
    ids, links = {}, []
    for name in writing.PAGES:
        text = browser.get(f"/authors/guide/{name}").text
        ids[name] = set(re.findall(r'id="([^"]+)"', text))
        article = text.split('<article class="guide"')[1].split("</article>")[0]
        article = re.sub(r'<div class="example__shown".*?\n</div>', "", article, flags=re.DOTALL)
        links += [(name, link) for link in re.findall(r'href="([^"]+)"', article)]

    for name, link in links:
        if link.startswith(("http", "mailto:")):
            continue
        page, _, place = link.partition("#")
        if page == "/authors/guide":
            assert place == "begin"
            continue
        there = page.removeprefix("/authors/guide/") or name
        assert there in writing.PAGES, (name, link)
        assert not place or place in ids[there], (name, link)


@pytest.mark.once
def test_commands_in_the_guide_are_commands():
    known = set(cli.commands["course"].list_commands(None))
    texts = [*PROSE.values(), *(path.read_text() for path in guide_files())]
    named = {word for text in texts for word in re.findall(r"learnpeace course ([\w-]+)", text)}

    assert named
    assert named - known == set()


def guide_files():
    package = writing.FOLDER.parent
    return [*(writing.FOLDER / "problems").glob("*.md"), package / "starter" / "README.md",
            package / "starter" / ".gitlab-ci.yml",
            package / "starter" / ".github" / "workflows" / "check-course.yml"]  # fmt: skip


@pytest.mark.once
def test_a_text_without_a_code_is_no_problem_entry():
    with pytest.raises(ValueError, match="does not begin with a code"):
        writing._entry(writing.Section(id="a", title="A title", parts=()))


@pytest.mark.once
def test_prose_and_examples_are_told_apart():
    lines = ["Words.", "```sh", "ls", "```", "```markdown quiz", "## A", "```", "More."]

    assert writing.parts_of(lines) == (
        "Words.\n```sh\nls\n```",
        writing.Fence(words=("quiz",), text="## A\n"),
        "More.",
    )
