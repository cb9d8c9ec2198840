"""Translations at the desk and in the terminal: how far, out to a translator, and back."""

import io
import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from learnpeace.catalog.reader import read_course
from learnpeace.catalog.sources import unzipped
from learnpeace.cli import cli
from learnpeace.exchange.course_text import CourseText
from learnpeace.exchange.workbook import Book, workbook_html
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import RoleKind
from learnpeace.releases.rendering import Addresses
from learnpeace.trainers.cli import publish_folder
from learnpeace.trainers.material import from_files, from_folder
from learnpeace.trainers.models import Draft
from learnpeace.trainers.translations import material as translated_material
from learnpeace.trainers.translations.forms import LARGEST
from tests.catalog import good_course, marked_course
from tests.catalog.good_course import FILES, edited

ID = "culture-of-peace"
DESK = f"/trainer/courses/{ID}/translations"
ABSENT = {"banks/dialogue.es.md": None}
WORDS = {
    "banks/dialogue/dialogue/question": "¿Para qué sirve el diálogo?",
    "banks/dialogue/dialogue/body": "![Un círculo](circle.webp)",
    "banks/dialogue/dialogue/choice-1": "ganar",
    "banks/dialogue/dialogue/choice-2": "entender",
}


# Shown when a check is answered: reasons and the short answers.
AFTER_ANSWERING = {"31", "33", "34", "48", "49", "51", "56"}
LASTING = (
    FILES["course.yaml"]
    .replace("valid: 3 years", "valid: forever")
    .replace("complete:\n  surveys: [before, after]\n  meetings: 1\n", "")
)


def write(root, changes=None):
    """Write the good course so that it can be published."""
    return good_course.write(root, {"course.yaml": LASTING, **(changes or {})})


@pytest.fixture
def settings(settings, tmp_path):
    """Courses of this test's own, beside the product."""
    return replace(settings, courses_dir=tmp_path / "courses")


@pytest.fixture
def courses(tmp_path):
    return tmp_path / "courses"


@pytest.fixture
def desk(browse, make):
    trainer = make.user("Tomasz Trainer")
    make.role(trainer, RoleKind.TRAINER)
    return browse(trainer)


def filled(folder, words=WORDS, form="po", language="es"):
    """Return a translator's file of a folder with these words in it."""
    sheet = translated_material.sheet_of(from_folder(folder), language)
    told = tuple(replace(r, translation=words.get(r.key, r.translation)) for r in sheet.rows)
    return translated_material.exported(replace(sheet, rows=told), form, at=clock.now())


def marked(folder):
    """Write the file of a translator who marked every text, and return where."""
    sheet = translated_material.sheet_of(from_folder(folder), "es")
    told = tuple(replace(r, translation=marked_course.marked(r.source)) for r in sheet.rows)
    target = folder.parent / "es.po"
    target.write_bytes(
        translated_material.exported(replace(sheet, rows=told), "po", at=clock.now())
    )
    return target


def upload(browser, content, name="es.po", language="es", address=DESK):
    data = {"language": language, "file": (io.BytesIO(content), name)}
    return browser.post(address, data, content_type="multipart/form-data")


def drafts(app):
    with app.app_context():
        return db.session.scalars(sa.select(Draft)).all()


def run(*arguments):
    return CliRunner().invoke(cli, ["course", *(str(argument) for argument in arguments)])


def test_the_desk_says_how_far_each_module_is(desk, courses):
    write(courses, {**ABSENT, **edited("listening/quiz.md", "planning your reply", "planning it")})
    page = desk.get(DESK).text

    assert "8 of 9 done, 1 to look at again" in page
    assert "0 of 1 done, 1 missing" in page
    assert "all 4 done" in page
    assert "listening/quiz.md:23" in page
    assert "words wait for a translator" in page
    assert DESK in desk.get(f"/trainer/courses/{ID}").text


def test_the_table_counts_the_courses_own_texts_and_its_transcripts(desk, courses):
    write(courses, {"course.es.yaml": None, "listening/talk.md": "Other words.\n"})
    page = desk.get(DESK).text
    (row,) = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*?The course itself.*?</tr>", page, re.DOTALL)
    assert "Title and summary" in row
    assert "0 of 1 done, 1 missing" in row
    (row,) = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*?>Transcript<.*?</tr>", page, re.DOTALL)
    assert "Listening before speaking" in row
    assert "0 of 1 done, 1 to look at again" in row
    assert "listening/talk.md:1" in page


def test_title_and_transcript_come_back_into_the_draft(app, desk, courses):
    folder = write(courses, {"course.es.yaml": None, "listening/talk.es.md": None})
    words = {
        "course.yaml/head/title": "Una cultura",
        "course.yaml/head/summary": "Una frase.",
        "listening/talk.md/1/p1": "## La charla",
        "listening/talk.md/1/p2": "Palabras dichas.",
    }
    assert "4 texts were taken over." in upload(desk, filled(folder, words)).text
    with app.app_context():
        files = unzipped(db.session.scalars(sa.select(Draft.archive)).one())
    assert files["course.es.yaml"].decode().endswith("title: Una cultura\nsummary: Una frase.\n")
    assert b"Palabras dichas." in files["listening/talk.es.md"]
    assert not (folder / "course.es.yaml").exists()


def test_a_title_that_is_earlier_is_told_from_the_published_version(app, desk, courses):
    folder = write(courses)
    publish(app, folder)
    other = LASTING.replace("title: Building", "title: Making")
    write(courses, {"course.yaml": other})
    assert '#| msgid "Building a Culture of Peace in Your City"' in desk.get(f"{DESK}/es.po").text


def test_a_course_in_one_language_says_what_to_do(desk, courses):
    only = LASTING.replace("languages: [en, es]", "languages: [en]")
    write(courses, {"course.yaml": only})
    page = desk.get(DESK)
    assert page.status_code == 200
    assert "This course is in one language" in page.text
    assert '<form method="post" action="/trainer' not in page.text


@pytest.mark.parametrize(
    ("form", "kind", "words"),
    [("po", "text/x-gettext-translation", 'msgctxt "listening/heard/p1"'),
     ("csv", "text/csv", "listening/heard/p1,done,"),
     ("html", "text/html", "<td lang=\"es\" dir=\"ltr\">")],
)  # fmt: skip
def test_every_format_can_be_downloaded(desk, courses, form, kind, words):
    write(courses)
    response = desk.get(f"{DESK}/es.{form}")
    assert response.mimetype == kind
    assert f"{ID}-2.3.0.es.{form}" in response.headers["Content-Disposition"]
    assert words in response.text


@pytest.mark.parametrize("end", ["fr.po", "en.po", "es.xlsx", "..po"])
def test_a_language_or_format_that_is_none_is_no_page(desk, courses, end):
    write(courses)
    assert desk.get(f"{DESK}/{end}").status_code == 404


@pytest.mark.parametrize("form", ["po", "csv"])
def test_what_comes_back_is_a_draft_and_nothing_else_changes(app, desk, courses, form):
    folder = write(courses, ABSENT)
    publish(app, folder)
    response = upload(desk, filled(folder, form=form), name=f"es.{form}")

    assert response.status_code == 200
    assert "Kept as a draft; nothing is published" in response.text
    assert "4 texts were taken over." in response.text
    assert "The draft is version 2.3.1." in response.text, "so that it can be published"
    (draft,) = drafts(app)
    assert (draft.course_id, draft.version, draft.errors) == (ID, "2.3.1", 0)
    assert f"/draft/{draft.key}" in response.text
    assert not (folder / "banks/dialogue.es.md").exists()
    assert "all 1 done" in desk.get(f"{DESK}?draft={draft.key}").text
    publishing = desk.get(f"/trainer/courses/{ID}/publish?draft={draft.key}")
    assert publishing.status_code == 200
    assert "From version 2.3.0 to 2.3.1" in publishing.text


def test_the_same_file_twice_is_one_draft(app, desk, courses):
    folder = write(courses, ABSENT)
    content = filled(folder)
    for _ in range(2):
        assert upload(desk, content).status_code == 200
    assert len(drafts(app)) == 1


def test_a_second_language_or_part_goes_on_from_the_draft(app, desk, courses):
    folder = write(courses, ABSENT)
    upload(desk, filled(folder))
    (first,) = drafts(app)
    more = filled(folder, {"listening/listening-pair/p1": "Hagan una pareja de escucha."})
    upload(desk, more, address=f"{DESK}?draft={first.key}")
    second = drafts(app)[1]
    page = desk.get(f"{DESK}?draft={second.key}").text
    assert "all 1 done" in page
    assert "missing" not in page


def test_a_file_that_says_nothing_new_makes_no_draft(app, desk, courses):
    folder = write(courses)
    response = upload(desk, filled(folder, {}))
    assert "Nothing has changed" in response.text
    assert drafts(app) == []


def test_a_text_that_breaks_the_grammar_is_told_by_its_key(app, desk, courses):
    folder = write(courses, ABSENT)
    bad = {**WORDS, "listening/heard/p1": "Uno\n\n:::\n\nDos"}
    response = upload(desk, filled(folder, bad))
    assert response.status_code == 422
    assert "The file was not taken over" in response.text
    assert "listening/heard/p1" in response.text
    assert drafts(app) == []


def test_what_the_checker_refuses_is_told_with_file_and_line(app, desk, courses):
    folder = write(courses)
    response = upload(desk, filled(folder, {"listening/heard/p1": "[aquí](nowhere.md) <b>x</b>"}))
    assert response.status_code == 422
    assert "listening/module.es.md:" in response.text
    assert "A102" in response.text or "M203" in response.text
    assert drafts(app) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty"),
        (b"hello", "no column"),
        (b"PK\x03\x04\xff", "not UTF-8"),
        (b'msgid "a"\nmsgstr "b"\n', "msgctxt"),
        (b"x" * (LARGEST + 1), "larger than 2 MB"),
    ],
)
def test_the_wrong_file_is_refused_beside_its_field(app, desk, courses, content, words):
    write(courses)
    response = upload(desk, content)
    assert response.status_code == 422
    assert words in response.text
    assert drafts(app) == []


def test_a_file_far_too_large_is_not_even_read(desk, courses):
    write(courses)
    assert upload(desk, b"x" * (LARGEST * 2)).status_code == 413


def test_another_language_than_the_files_is_refused(desk, courses):
    both = LASTING.replace("languages: [en, es]", "languages: [en, es, ar]", 1)
    folder = write(courses, {"course.yaml": both})
    response = upload(desk, filled(folder), language="ar")
    assert response.status_code == 422
    assert "into “es” and not into “ar”" in response.text
    assert upload(desk, filled(folder), language="fr").status_code == 422


def test_without_a_folder_the_published_one_is_translated(app, desk, courses, tmp_path):
    folder = write(tmp_path / "elsewhere", ABSENT)
    publish(app, folder)
    assert "0 of 1 done, 1 missing" in desk.get(DESK).text
    assert "Kept as a draft" in upload(desk, filled(folder)).text
    assert desk.get("/trainer/courses/no-such-course/translations").status_code == 404


def test_an_earlier_release_says_which_sentence_changed(app, desk, courses):
    folder = write(courses)
    publish(app, folder)
    write(courses, edited("listening/quiz.md", "- [ ] planning your reply", "- [ ] planning it"))
    text = desk.get(f"{DESK}/es.po").text
    assert '#| msgid "planning your reply"' in text
    assert text.count("#, fuzzy") == 1


def test_another_courses_trainer_sees_nothing(browse, make, courses):
    write(courses)
    trainer = make.user("Other")
    make.role(trainer, RoleKind.TRAINER, course_id="another-course")
    other = browse(trainer)
    assert other.get(DESK).status_code == 404
    assert other.get(f"{DESK}/es.po").status_code == 404
    assert upload(other, b"x").status_code == 404
    learner = browse(make.user("Learner"))
    assert learner.get(DESK).status_code == 404


def test_a_draft_of_another_course_is_nothing_here(app, desk, courses):
    write(courses)
    assert desk.get(f"{DESK}?draft=nothing").status_code == 404


def test_what_came_back_is_what_learners_read(make, browse, tmp_path):
    folder = marked_course.write(tmp_path)
    assert run("translate-import", folder, "--language", "es", marked(folder)).exit_code == 0
    course = read_course(folder).course
    cohort = make.cohort(release_id=make.release(course).id, course_id=course.id)
    ana = make.user("Ana", language="es")
    make.enrolment(ana, cohort, done=("first",))
    pages = [
        browse(ana).get(f"/courses/{course.id}{end}").text for end in ("", "/first", "/second")
    ]
    read = set(re.findall(r"z(\d\d)", "".join(pages)))
    of_pages = {f"{n:02}" for n in range(1, 59)} | {"65", "66", "67", "68", "69", "70"}
    assert of_pages - read <= AFTER_ANSWERING
    assert not re.search(r"\bw\d\d\b", "".join(pages)), "nothing in the source's words"
    book = workbook_html(course, Book(language="es"))
    assert read <= set(re.findall(r"z(\d\d)", book))


def test_a_transcript_that_is_missing_is_read_in_the_source_and_labelled(make, browse, tmp_path):
    folder = marked_course.write(tmp_path)
    run("translate-import", folder, "--language", "es", marked(folder))
    (folder / "first/words.es.md").unlink()
    course = read_course(folder).course
    cohort = make.cohort(release_id=make.release(course).id, course_id=course.id)
    ana = make.user("Ana", language="en")
    make.enrolment(ana, cohort)
    page = browse(ana).get(f"/courses/{course.id}/first?lang=es").text
    assert "Only words w70" in page
    assert "What w68" not in page
    found = CourseText(course, "es", Addresses(files="f", modules="#m")).modules[0]
    said = [block.transcript for block in found.blocks if block.transcript]
    assert [words.code for words in said] == ["es", "en"]
    assert '<div class="prose" lang="en" dir="ltr"><p>Only words w70' in workbook_html(
        course, Book(language="es")
    )


@pytest.mark.once
@pytest.mark.parametrize("form", ["po", "csv"])
def test_the_commands_write_a_file_and_take_it_back(tmp_path, form):
    folder = write(tmp_path, ABSENT)
    target = tmp_path / f"es.{form}"
    out = run("translate-export", folder, "--language", "es", "--format", form, "--out", target)
    assert out.exit_code == 0, out.output
    assert "5 of them to do" in out.output
    target.write_bytes(filled(folder, form=form))

    back = run("translate-import", folder, "--language", "es", target)
    assert back.exit_code == 0, back.output
    assert "banks/dialogue.es.md" in back.output
    assert "1 more parts are done" in back.output
    assert not [p for p in read_course(folder).problems if p.file.startswith("banks")]
    again = run("translate-import", folder, "--language", "es", target)
    assert "Nothing has changed." in again.output


@pytest.mark.once
def test_a_file_with_problems_writes_nothing(tmp_path):
    folder = write(tmp_path, ABSENT)
    before = from_folder(folder).files
    target = tmp_path / "es.po"
    target.write_bytes(filled(folder, {**WORDS, "listening/heard/p1": "<script>x</script>"}))
    back = run("translate-import", folder, "--language", "es", target)
    assert back.exit_code == 1
    assert "Nothing was written" in back.output
    assert "would be stripped" in back.output
    assert from_folder(folder).files == before


@pytest.mark.once
def test_wrong_commands_say_what_to_do(tmp_path):
    folder = write(tmp_path)
    (tmp_path / "x.po").write_bytes(b"\xff\xff")
    out = run("translate-export", folder, "--language", "fr")
    assert out.exit_code == 2
    assert "In course.yaml: es." in out.output
    assert run("translate-export", tmp_path, "--language", "es").exit_code == 2
    back = run("translate-import", folder, "--language", "es", tmp_path / "x.po")
    assert back.exit_code == 1
    assert "UTF-8" in back.output


@pytest.mark.once
def test_a_version_is_raised_only_as_far_as_it_needs(tmp_path):
    published = read_course(write(tmp_path / "one", ABSENT)).course
    whole = from_folder(write(tmp_path / "two"))
    assert translated_material.raised(whole, published).reading.course.version == "2.3.1"
    higher = LASTING.replace("2.3.0", "2.4.0")
    ahead = from_files(ID, {**whole.files, "course.yaml": higher.encode()})
    assert translated_material.raised(ahead, published) is ahead


def publish(app, folder):
    with app.app_context():
        assert publish_folder(folder)
