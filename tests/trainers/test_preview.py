"""An unpublished course is shown block by block, whatever is wrong with it."""

import re

import pytest

from learnpeace.catalog.reader import CourseReading, read_course
from learnpeace.lib import fragments
from learnpeace.releases.rendering import Addresses
from learnpeace.settings import ROOT
from learnpeace.trainers.preview.rendering import draft_pages
from learnpeace.trainers.preview.server import create_preview
from tests.catalog.good_course import edited, reading, write
from tests.catalog.test_broken_courses import cases


@pytest.fixture
def show(tmp_path):
    """Return a function that opens a course after some changes, inside a request."""
    fragments.forget()
    app = create_preview(write(tmp_path))
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        app.preprocess_request()
        yield lambda change=None, **options: draft_pages(
            reading(tmp_path / "changed", change), **options
        )
    fragments.forget()


def told(preview, language):
    """Return every problem that some page of the course shows, in one language."""
    found = set(preview.elsewhere())
    for module in preview.course.modules:
        questions = preview.questions(module.id, language, with_answers=True)
        blocks = preview.blocks(module.id, language, "rural")
        found.update(problem for block in (*blocks, *questions) for problem in block.problems)
        found.update(preview.quiz_problems(module.id, language, questions))
    return {shown.problem for shown in found}


@pytest.mark.once
def test_each_block_says_its_place_file_and_line(show):
    blocks = show().blocks("listening", "en", None)

    assert [(b.place, b.kind, b.file, b.line) for b in blocks] == [
        ("0", "head", "listening/module.md", 1),
        ("1", "text", "listening/module.md", 11),
        ("2", "tracks", "listening/module.md", 32),
        ("heard", "reflection", "listening/module.md", 40),
        ("listening-pair", "action", "listening/module.md", 44),
        ("5", "check", "listening/module.md", 48),
        ("6", "video", "listening/module.md", 58),
        ("opening", "meeting", "listening/module.md", 62),
    ]
    assert all(block.html and not block.problems for block in blocks[1:])
    assert "Listening before speaking" in blocks[0].html
    assert "<form" not in blocks[3].html, "reviewers are not asked to write"


@pytest.mark.once
def test_a_translation_has_the_same_places_in_its_own_file(show):
    preview = show()
    english = preview.blocks("listening", "en", None)
    spanish = preview.blocks("listening", "es", None)

    assert [block.place for block in spanish] == [block.place for block in english]
    assert {block.file for block in spanish} == {"listening/module.es.md"}
    assert "¿Qué oíste que no se dijo?" in spanish[3].html


@pytest.mark.once
@pytest.mark.parametrize("with_answers", [False, True])
def test_every_question_of_the_pool_is_shown_with_its_place(show, with_answers):
    questions = show().questions("listening", "en", with_answers=with_answers)

    assert [(q.place, q.file) for q in questions[-2:]] == [
        ("hidden", "listening/quiz.md"), ("dialogue", "banks/dialogue.md"),
    ]  # fmt: skip
    assert len(questions) == 10
    html = "".join(question.html for question in questions)
    assert ("Naming the feeling opens talk." in html) is with_answers


@pytest.mark.once
def test_files_and_links_lead_where_the_draft_is_shown(show):
    addresses = Addresses(files="/draft/key/files", modules="/draft/key")
    preview = show(addresses=addresses)

    text = preview.blocks("listening", "en", None)[1].html

    assert 'href="/draft/key/what-is-peace"' in text
    address = text.split('<img src="')[1].split('"')[0]
    assert address.startswith("/draft/key/files/")
    sha256 = address.rsplit("/", 1)[1].removesuffix(".svg")
    assert preview.asset(sha256).path == "listening/two-neighbours.svg"
    assert preview.asset("listening/two-neighbours.svg") is None


@pytest.mark.once
def test_a_box_that_cannot_be_read_stands_in_its_place_as_written(show):
    blocks = show(edited("listening/module.md", "::: reflection heard", "::: reflektion heard"))
    broken = next(b for b in blocks.blocks("listening", "en", None) if b.kind == "broken")
    others = [b for b in blocks.blocks("listening", "en", None) if b.kind != "broken"]

    assert (broken.place, broken.line) == ("3", 40)
    assert [shown.problem.code for shown in broken.problems] == ["M102"]
    assert "What did you hear that was not said?" in broken.html
    assert [b.kind for b in others[2:]] == ["tracks", "action", "check", "video", "meeting"]


@pytest.mark.once
def test_a_module_that_cannot_be_read_at_all_is_still_listed(show):
    preview = show({"listening/module.md": "---\ntitle: Listening\n\nNo end of the settings.\n"})

    (head,) = preview.blocks("listening", "en", None)

    assert [module.id for module in preview.course.modules][1] == "listening"
    (shown,) = head.problems
    assert (shown.problem.code, shown.around[1]) == ("F310", (2, "title: Listening"))
    assert len(preview.questions("listening", "en", with_answers=False)) == 10


@pytest.mark.once
def test_without_settings_the_modules_are_shown_all_the_same(show):
    preview = show({"course.yaml": "format: [1\n"})

    assert "listening" in [module.id for module in preview.course.modules]
    assert "course.yaml" in {shown.problem.file for shown in preview.elsewhere()}
    assert "Two neighbours" in preview.blocks("listening", "en", None)[1].html


@pytest.mark.once
def test_where_there_is_no_course_there_is_no_module(show, tmp_path):
    preview = draft_pages(read_course(tmp_path / "nowhere"))

    assert preview.course.modules == ()
    assert [shown.problem.code for shown in preview.elsewhere()] == ["F101"]


@pytest.mark.once
@pytest.mark.parametrize(("change", "expected"), cases())
def test_every_problem_of_a_broken_course_is_shown_where_it_stands(show, change, expected):
    preview = show(change)

    shown = told(preview, "en") | told(preview, "es")

    assert shown == set(preview.reading.problems)


def test_learners_get_the_very_same_blocks(app, browse, make):
    course = read_course(ROOT / "courses" / "protecting-cities").partial
    release = make.release(course)
    ana = make.user("Ana")
    cohort = make.cohort(make.city(), release_id=release.id, course_id=course.id)
    make.enrolment(ana, cohort)
    module = course.modules[0].id

    page = browse(ana).get(f"/courses/{course.id}/{module}", headers={"Accept-Language": "en"})

    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        found = read_course(ROOT / "courses" / "protecting-cities")
        blocks = draft_pages(found).blocks(module, "en", "urban")
        assert len(blocks) > 5
        read = " ".join(re.sub(r'<p class="report">.*?</p>', "", page.text).split())
        for block in blocks[1:]:
            assert " ".join(block.piece.shown.split()) in read, block.line


@pytest.mark.once
def test_what_was_read_is_kept_apart_from_what_may_be_published(tmp_path):
    found = reading(tmp_path, edited("course.yaml", "hours: 12", "hours: twelve"))

    assert isinstance(found, CourseReading)
    assert found.course is None
    assert [module.id for module in found.partial.modules][:2] == ["what-is-peace", "listening"]
    assert found.texts["course.yaml"][8] == "hours: twelve"
