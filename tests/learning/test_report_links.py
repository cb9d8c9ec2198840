"""Every block a learner sees has one link of its own, and it leads to the author's line."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
import sqlalchemy as sa

from learnpeace.catalog.model import (
    CertificateRules,
    Check,
    Completion,
    ModuleTexts,
    Reflection,
    Text,
    Video,
)
from learnpeace.learning import spots
from learnpeace.learning.models import MistakeReport
from learnpeace.lib.db import db
from learnpeace.releases import queries as releases
from tests.catalog.good_course import FILES, reading
from tests.courses import CHECK, small_course
from tests.learning.test_quiz import start

HERE = "/courses/culture-of-peace/listening"
SOURCE, SPANISH = "listening/module.md", "listening/module.es.md"
LINK = re.compile(r'<p class="report"><a href="([^"]+)">')
EXAMPLE = re.compile(r"::: for rural\n.*?\n:::\n", re.DOTALL)
# What a text can hold, and how a reader finds it in the page.
IN_THE_TEXT = (
    ("Plain Markdown", "Plain Markdown"),
    ("- a line of a list", "a line of a list"),
    ("> a quotation", "a quotation"),
    ("| a |", ">a</td>"),
    ("[the talk](talk.mp3)", ">the talk<"),
    ("## and no heading", "## and no heading"),
    ("[^1]: A note", "A note at the foot"),
    ("![Two neighbours at a table]", 'alt="Two neighbours at a table"'),
    ("### In depth", "In depth</h3>"),
    ("::: for rural", "An example for one track."),
    ("::: for rural", 'alt="A well"'),
    ("::: for urban", "In a street."),
    ("::: for established", "In a quiet town."),
    ("::: reflection heard", "Think of one talk this week."),
    ("::: action listening-pair", "Hold one thirty-minute listening pair."),
    ("### Is calm always peace?", "Is calm always peace?"),
    ("### Is calm always peace?", "Yes"),
    ("## How sure are you?", "How sure are you?"),
    ("## How sure are you?", "completely"),
    ("::: video", "Watch the video"),
    ("::: video", "What to look for while watching."),
    ("::: video", "Words that were spoken."),
    ("::: meeting opening", "Before, live and after."),
)


def with_more(file, *more):
    """Return a module's text with several tracks' examples one after another, and a list."""
    text = FILES[file]
    assert isinstance(text, str)
    first = EXAMPLE.search(text)
    assert first is not None
    urban, established = more
    examples = f"\n::: for urban\n{urban}\n:::\n\n::: for established\n{established}\n:::\n"
    text = text[: first.end()] + examples + text[first.end() :]
    return text.replace("### In depth", "- a line of a list\n\n> a quotation\n\n### In depth")


@pytest.fixture
def files():
    return {
        SOURCE: with_more(SOURCE, "In a street.", "In a quiet town."),
        SPANISH: with_more(SPANISH, "En una calle.", "En un pueblo tranquilo."),
    }


@pytest.fixture
def course(tmp_path, files):
    """The course that uses everything, without what it takes for a certificate."""
    found = reading(tmp_path, dict(files)).course
    modules = tuple(
        replace(module, quiz=module.quiz and replace(module.quiz, pick=None, shuffle=()))
        for module in found.modules
    )
    return replace(found, modules=modules, complete=Completion(), certificate=CertificateRules())


def reader_of(make, browse, course, *, track="rural", done=("what-is-peace",)):
    release = make.release(course)
    person = make.user("Ines")
    city = make.city(track=track)
    cohort = make.cohort(city, release_id=release.id, course_id=course.id)
    make.enrolment(person, cohort, done=done)
    return browse(person)


@pytest.fixture
def reader(make, browse, course):
    return reader_of(make, browse, course)


def line_of(text, beginning):
    """Return the one line of a file that begins so, from 1."""
    (found,) = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(beginning)]
    return found


def reported(app, reader, links):
    """Send a report through each link; return (file, line, language) of each, in order."""
    for link in links:
        assert reader.post(link, {"text": "Something is wrong."}).status_code == 303
    with app.app_context():
        query = sa.select(MistakeReport.file, MistakeReport.line, MistakeReport.language)
        return [tuple(row) for row in db.session.execute(query.order_by(MistakeReport.id))]


def link_after(page, words):
    """Return the first link that stands after these words."""
    found = LINK.search(page, page.index(words, page.index("<article")))
    assert found is not None, words
    return found[1]


def test_every_block_has_one_link_to_its_own_line(app, reader, files):
    links = LINK.findall(reader.get(HERE).text)

    assert len(set(links)) == len(links) == 10
    assert reported(app, reader, links) == [
        (SOURCE, line_of(files[SOURCE], beginning), "en")
        for beginning in (
            "## Two neighbours", "::: for rural", "::: for urban", "::: for established",
            "::: reflection heard", "::: action listening-pair", "### Is calm always peace?",
            "## How sure are you?", "::: video", "::: meeting opening",
        )
    ]  # fmt: skip


def test_a_translated_block_leads_to_the_line_of_its_translation(app, reader, files):
    links = LINK.findall(reader.get(f"{HERE}?lang=es").text)

    assert len(set(links)) == len(links) == 10
    assert reported(app, reader, links) == [
        *(
            (SPANISH, line_of(files[SPANISH], beginning), "es")
            for beginning in (
                "## Dos vecinos", "::: for rural", "::: for urban", "::: for established",
                "::: reflection heard",
            )
        ),
        (SOURCE, line_of(files[SOURCE], "::: action listening-pair"), "en"),
        *(
            (SPANISH, line_of(files[SPANISH], beginning), "es")
            for beginning in (
                "### ¿La calma es siempre paz?", "## ¿Qué tan segura estás?", "::: video",
                "::: meeting opening",
            )
        ),
    ]  # fmt: skip


def test_who_reads_in_a_language_the_course_lacks_reports_the_source(app, reader, files):
    links = LINK.findall(reader.get(f"{HERE}?lang=ar").text)

    assert len(set(links)) == len(links) == 10
    found = reported(app, reader, links)
    assert {(file, language) for file, _, language in found} == {(SOURCE, "en")}
    assert [line for _, line, _ in found] == sorted({line for _, line, _ in found})


def test_whatever_stands_in_a_block_the_next_link_is_its_own(app, reader, files):
    page, text = reader.get(HERE).text, files[SOURCE]
    links = LINK.findall(page)
    starts = [line for _, line, _ in reported(app, reader, links)]
    ends = [*(line - 1 for line in sorted(starts)[1:]), len(text.splitlines())]
    until = dict(zip(sorted(starts), ends, strict=True))

    for written, shown in IN_THE_TEXT:
        start = starts[links.index(link_after(page, shown))]
        line = next(n for n, row in enumerate(text.splitlines(), 1) if written in row)
        assert start <= line <= until[start], shown


@pytest.mark.parametrize("track", ["rural", "urban", "established"])
def test_the_link_of_a_folded_example_is_folded_with_it(make, browse, course, track):
    page = reader_of(make, browse, course, track=track).get(HERE).text
    numbers = {"rural": "2", "urban": "3", "established": "4"}
    words = {
        "rural": "An example for one track.", "urban": "In a street.",
        "established": "In a quiet town.",
    }  # fmt: skip

    folded = re.findall(r"<details.*?</details>", page, re.DOTALL)
    for name, number in numbers.items():
        holding = [part for part in folded if words[name] in part]
        assert len(holding) == (name != track)
        assert all(LINK.findall(part) == [f"{HERE}/report?at={number}"] for part in holding)
        assert link_after(page, words[name]).endswith(f"?at={number}")


def test_the_box_shows_the_words_of_the_example_that_was_meant(reader):
    assert "In a quiet town." in reader.get(f"{HERE}/report?at=4").text
    assert "En un pueblo tranquilo." in reader.get(f"{HERE}/report?at=4&lang=es").text


def test_the_links_stay_where_the_page_is_made_anew(reader):
    links = LINK.findall(reader.get(HERE).text)

    assert LINK.findall(reader.get(f"{HERE}?check=calm&a=b").text) == links
    too_long = reader.post(f"{HERE}/reflection/heard", {"text": "a" * 20_001})
    assert too_long.status_code == 422
    assert LINK.findall(too_long.text) == links


def test_a_question_of_a_translated_quiz_leads_to_its_translation(make, browse, app, course):
    reader = reader_of(make, browse, course, done=("what-is-peace",))
    reader.get(f"{HERE}?lang=es")
    attempt = start(reader, HERE)
    questions = next(m for m in course.modules if m.id == "listening").quiz.questions
    links = [
        LINK.search(reader.get(f"{attempt}/{number}").text)[1]
        for number in range(1, len(questions) + 1)
    ]

    assert len(set(links)) == len(links)
    found = reported(app, reader, links)
    for question, (file, line, language) in zip(questions, found, strict=True):
        assert language == "es"
        assert file in {"listening/quiz.es.md", "banks/dialogue.es.md"}
        assert "{#" + question.id in FILES[file].splitlines()[line - 1]


def test_a_translation_published_without_its_lines_leads_to_the_source(make, browse, app, course):
    modules = tuple(
        replace(
            module,
            translations={
                language: replace(
                    texts,
                    questions={
                        id: replace(told, file="", line=0) for id, told in texts.questions.items()
                    },
                )
                for language, texts in module.translations.items()
            },
        )
        for module in course.modules
    )
    reader = reader_of(make, browse, replace(course, modules=modules))
    reader.get(f"{HERE}?lang=es")
    ((file, line, language),) = reported(app, reader, [f"{HERE}/report?at=calm"])

    assert (file, language) == (SOURCE, "es")
    assert line == next(q.line for q in modules[1].blocks[6].questions if q.id == "calm")


def test_a_number_chosen_as_an_id_does_not_take_the_link_of_another_block(app, make, browse):
    course = small_course()
    blocks = (
        Text(markdown="First words.", line=3),
        Check(questions=(replace(CHECK, id="3"),), line=8),
        Text(markdown="Last words.", line=12),
        Reflection(id="1", markdown="What did you hear?", line=20),
    )
    module = replace(course.modules[0], blocks=blocks)
    reader = reader_of(make, browse, replace(course, modules=(module,)), done=())
    links = LINK.findall(reader.get("/courses/small/listening").text)

    assert [link.partition("at=")[2] for link in links] == ["1.", "3", "3.", "1"]
    assert [line for _, line, _ in reported(app, reader, links)] == [3, 14, 12, 20]


def test_a_video_without_words_is_reported_in_the_file_that_was_read(app, make, browse):
    course = small_course()
    video = Video(url="https://example.org/talk", minutes=3, size="9MB", transcript="",
                  markdown="", line=4)  # fmt: skip
    told = replace(video, url="https://example.org/charla", line=7)
    spanish = ModuleTexts(title="Escuchar", blocks=(told,))
    module = replace(course.modules[0], blocks=(video,), translations={"es": spanish})
    course = replace(course, languages=("en", "es"), modules=(module,))
    reader = reader_of(make, browse, course, done=())
    page = reader.get("/courses/small/listening?lang=es").text

    assert "https://example.org/charla" in page
    assert "Esta parte" not in page  # there is nothing to translate
    link = LINK.search(page)[1]
    assert "https://example.org/charla" in reader.get(link).text
    assert reported(app, reader, [link]) == [("listening/module.es.md", 7, "es")]


def test_a_block_of_a_picture_and_a_table_is_shown_in_words(make, browse, course):
    markdown = "![Two at a table](two-neighbours.svg)\n\n| One | Two |\n|--|--|\n| a | b |"
    module = replace(course.modules[1], blocks=(Text(markdown=markdown, line=3),), translations={})
    modules = (course.modules[0], module, *course.modules[2:])
    reader = reader_of(make, browse, replace(course, modules=modules))
    page = reader.get(f"{HERE}/report?at=1").text

    assert "Two at a table One Two a b" in page


def test_the_links_cost_no_query_and_little_weight(app, make, browse, course):
    reader = reader_of(make, browse, course)
    reader.get(HERE)
    asked = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    page = reader.get(HERE)

    assert len([query for query in asked if query.startswith("SELECT")]) == 3, asked
    assert len(page.data) < 50_000


def test_every_block_of_a_release_has_a_place_of_its_own(app, make, course):
    release = make.release(course)
    with app.app_context():
        frozen = releases.release(release.id)
        for module in frozen.modules.values():
            names = spots.places(module.blocks)
            found = [spots.block_spot(frozen, module.id, name, "en") for name in names]
            assert len(set(names)) == len(names)
            lines = [spot.line for spot in found if spot]
            assert lines == [block.line for block in module.blocks]
            assert all(here < there for here, there in pairwise(lines))
