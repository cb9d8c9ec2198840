"""Everything that a learner reads goes to the translator, comes back and is read."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from learnpeace.catalog import translation_paper
from learnpeace.catalog.model import Course, Video
from learnpeace.catalog.reader import read_course
from learnpeace.catalog.translation_exchange import Entry
from learnpeace.catalog.translation_import import take_in
from learnpeace.catalog.translation_rows import Earlier, State
from learnpeace.catalog.translation_state import rows, translation_state
from learnpeace.catalog.translations import translated
from learnpeace.trainers.material import from_folder
from learnpeace.trainers.translations import material as exchange
from tests.catalog import good_course, marked_course
from tests.catalog.marked_course import ALL, WORD, marked

pytestmark = pytest.mark.once

AT = datetime(2027, 3, 2, 12, tzinfo=UTC)
TOLD = re.compile(r"z(\d\d)")


def sent_back(folder, form="po", change=marked, only=""):
    """Return what a translator sends back who changed each text whose key has `only` in it."""
    material = from_folder(folder)
    sheet = exchange.sheet_of(material, "es")
    told = tuple(
        replace(row, translation=change(row.source) if only in row.key else "")
        for row in sheet.rows
    )
    content = exchange.exported(replace(sheet, rows=told), form, at=AT)
    return exchange.entries_of(content, "es", folder.name)


def take(folder, entries):
    taken = exchange.take(from_folder(folder), "es", entries)
    assert not taken.is_refused, (taken.made.problems, taken.problems)
    for name, content in taken.made.files.items():
        (folder / name).write_bytes(content)
    return taken


def texts(value: object) -> str:
    """Return every text in a value of the model, on lines of their own."""
    return "\n".join(_each(value))


def _each(value):
    if isinstance(value, str):
        yield value
    elif hasattr(value, "__slots__"):
        for name in value.__slots__:
            yield from _each(getattr(value, name))
    elif isinstance(value, dict):
        yield from _each(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _each(one)


def read_in_spanish(course: Course) -> str:
    """Return all that a learner reads of a course in Spanish."""
    found = [texts(course.told("es"))]
    for module in course.modules:
        told = module.translations["es"]
        found.append(texts((told.title, told.objectives, told.content_note, told.blocks)))
        asked = module.quiz.questions if module.quiz else ()
        found += [texts(translated(one, told.questions.get(one.id))) for one in asked]
    told = course.survey.translations["es"]
    found += [texts(translated(one, told.get(one.id))) for one in course.survey.questions]
    return "\n".join(found)


def file_of(folder, file):
    state = translation_state(read_course(folder), "es")
    return next(one for one in state.files if one.file == file)


def counts(folder, file):
    found = file_of(folder, file)
    return found.done, found.stale, found.missing


def told(folder, code):
    return [p for p in read_course(folder).problems if p.code == code]


@pytest.mark.parametrize("form", ["po", "csv", "html"])
def test_every_text_that_a_learner_reads_is_in_the_file(tmp_path, form):
    sheet = exchange.sheet_of(from_folder(marked_course.write(tmp_path)), "es")
    content = exchange.exported(sheet, form, at=AT).decode()
    assert set(WORD.findall(content)) == ALL


@pytest.mark.parametrize("form", ["po", "csv"])
def test_every_text_comes_back_and_is_what_learners_read(tmp_path, form):
    folder = marked_course.write(tmp_path)
    entries = sent_back(folder, form)
    taken = take(folder, entries)

    found = read_course(folder)
    assert [p for p in found.problems if p.code[0] == "T" or p.severity == "error"] == []
    state = translation_state(found, "es")
    assert (state.percent, state.words, state.stale, state.missing) == (100, 0, 0, 0)
    assert taken.made.texts == len(entries)
    spanish = read_in_spanish(found.course)
    assert set(TOLD.findall(spanish)) == ALL
    assert set(WORD.findall(spanish)) == {"48", "49"}, "short answers of all languages count"
    assert exchange.take(from_folder(folder), "es", sent_back(folder, form)).made.files == {}


def test_the_files_are_written_where_they_belong(tmp_path):
    folder = marked_course.write(tmp_path)
    files = take(folder, sent_back(folder)).made.files
    assert set(files) == {
        "course.es.yaml", "first/module.es.md", "first/quiz.es.md", "first/talk.es.md",
        "first/words.es.md", "second/module.es.md", "banks/shared.es.md", "surveys/impact.es.md",
    }  # fmt: skip
    of = WORD.sub("", files["course.es.yaml"].decode().split("\n")[0])
    assert re.fullmatch(r"of: [0-9a-f]{8}", of)
    assert files["course.es.yaml"].decode().split("\n")[1:] == [
        "title: The z01 title", 'summary: "Peace: the z02 summary"', "",
    ]  # fmt: skip


def test_a_title_alone_waits_for_the_summary(tmp_path):
    folder = marked_course.write(tmp_path)
    take(folder, sent_back(folder, only="course.yaml/head/title"))
    assert (folder / "course.es.yaml").read_text() == "of: 00000000\ntitle: The z01 title\n"
    course = read_course(folder).course
    assert course.told("es").title == "The w01 title"
    assert course.language_of("es") == "en", "and is labelled so"
    assert counts(folder, "course.yaml") == (0, 0, 1)
    (problem,) = [p for p in told(folder, "T202") if p.file == "course.es.yaml"]
    assert "title and summary. Learners see the source there." in problem.message

    take(folder, sent_back(folder, only="course.yaml/head/summary"))
    assert read_course(folder).course.told("es").summary == "Peace: the z02 summary"
    assert counts(folder, "course.yaml") == (1, 0, 0)


def test_a_new_title_ages_the_courses_texts_and_earlier_ones_tell_which(tmp_path):
    before = exchange.texts_of(from_folder(good_course.write(tmp_path / "before")).files)
    change = good_course.edited("course.yaml", "title: Building a", "title: Making a")
    folder = good_course.write(tmp_path, change)
    assert counts(folder, "course.yaml") == (0, 1, 0)
    found = {r.key: r for r in rows(read_course(folder), "es", Earlier([before]))}
    title = found["course.yaml/head/title"]
    assert (title.state, title.translation) == (State.STALE, "Una cultura de paz")
    assert title.previous.startswith("Building a Culture")
    assert found["course.yaml/head/summary"].state is State.DONE

    take(folder, [Entry(key=title.key, source=title.source, translation="Hacer una cultura")])
    course = read_course(folder).course
    assert course.told("es").title == "Hacer una cultura"
    assert counts(folder, "course.yaml") == (0, 1, 0), "nobody said that the summary fits"
    take(folder, [Entry(key=r.key, source=r.source, translation=r.translation)
                  for r in rows(read_course(folder), "es")])  # fmt: skip
    assert counts(folder, "course.yaml") == (1, 0, 0)


def test_a_transcript_grows_old_with_its_source(tmp_path):
    folder = good_course.write(tmp_path, {"listening/talk.md": "## The talk\n\nOther words.\n"})
    (problem,) = told(folder, "T201")
    assert (problem.file, problem.line) == ("listening/talk.es.md", 2)
    assert "listening/talk.md has changed since this was translated: the transcript" in str(problem)
    assert counts(folder, "listening/talk.md") == (0, 1, 0)
    found = read_course(folder).course.modules[1].translations["es"]
    assert found.is_stale
    assert "Palabras." in texts(found.blocks), "learners read the older translation"


def test_half_a_transcript_is_kept_and_read_in_the_source(tmp_path):
    folder = marked_course.write(tmp_path)
    take(folder, sent_back(folder, only="first/talk.md/1/p2"))
    assert (folder / "first/talk.es.md").read_text().startswith("---\nof: 00000000\n---\n\n")
    assert counts(folder, "first/talk.md") == (0, 0, 1)
    found = read_course(folder)
    video = next(b for b in found.course.modules[0].translations["es"].blocks
                 if isinstance(b, Video))  # fmt: skip
    assert video.transcript_markdown == ""
    (row,) = [r for r in rows(found, "es") if r.key == "first/talk.md/1/p2"]
    assert row.translation == "**Ana:** What z68?"


def test_a_transcript_alone_makes_the_page_that_shows_it(tmp_path):
    folder = marked_course.write(tmp_path)
    taken = take(folder, sent_back(folder, only="words.md"))
    assert set(taken.made.files) == {"first/words.es.md", "first/module.es.md"}
    found = read_course(folder)
    assert found.course, found.problems
    blocks = found.course.modules[0].translations["es"].blocks
    assert [b.transcript_markdown for b in blocks if isinstance(b, Video)] == ["", "Only words z70"]
    assert counts(folder, "first/words.md") == (1, 0, 0)


def test_a_box_may_name_another_file_and_that_one_is_written(tmp_path):
    change = good_course.edited(
        "listening/module.es.md", "transcript=talk.es.md", "transcript=charla.md"
    )
    folder = good_course.write(
        tmp_path, {**change, "listening/talk.es.md": None,
                   "listening/charla.md": good_course.FILES["listening/talk.es.md"]},
    )  # fmt: skip
    assert counts(folder, "listening/talk.md") == (1, 0, 0)
    assert file_of(folder, "listening/talk.md").translation == "listening/charla.md"
    entry = Entry(key="listening/talk.md/1/p1", source="## The talk", translation="## El diálogo")
    assert set(take(folder, [entry]).made.files) == {"listening/charla.md"}
    assert "## El diálogo\n\nPalabras.\n" in (folder / "listening/charla.md").read_text()


def test_a_box_copied_from_the_source_finds_the_translation(tmp_path):
    change = good_course.edited("listening/module.es.md", "talk.es.md", "talk.md")
    folder = good_course.write(tmp_path, change)
    assert read_course(folder).problems == good_course.reading(tmp_path / "plain").problems
    course = read_course(folder).course
    assert "Palabras." in texts(course.modules[1].translations["es"].blocks)


def test_a_transcript_that_is_not_translated_is_told_at_its_box(tmp_path):
    change = good_course.edited("listening/module.es.md", "talk.es.md", "talk.md")
    folder = good_course.write(tmp_path, {**change, "listening/talk.es.md": None})
    (problem,) = told(folder, "T202")
    line = good_course.LISTENING_ES.split("\n").index(
        "::: video https://example.org/charla minutes=12 size=48MB transcript=talk.es.md"
    )
    assert (problem.file, problem.line) == ("listening/module.es.md", line + 1)
    assert "there is no listening/talk.es.md. Learners see the source." in problem.message
    assert counts(folder, "listening/talk.md") == (0, 0, 1)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Palabras.\n", "T203", 1),
        ("---\nof: nothing\n---\nPalabras.\n", "T111", 2),
        ("---\nof: 21301d99\ntitle: Una\n---\nPalabras.\n", "T001", 3),
        ("---\nof: 21301d99\nPalabras.\n", "F310", 1),
        ("---\nof: 21301d99\n---\n[aquí](nowhere.pdf)\n", "A102", 4),
    ],
)
def test_what_is_wrong_with_a_translated_transcript_is_told(tmp_path, text, code, line):
    found = good_course.reading(tmp_path, {"listening/talk.es.md": text}).problems
    assert (code, "listening/talk.es.md", line) in [(p.code, p.file, p.line) for p in found]


def test_broken_files_are_not_written_over(tmp_path):
    broken = {"course.es.yaml": "of: [\n", "listening/talk.es.md": "---\nof: x\nPalabras.\n"}
    folder = good_course.write(tmp_path, broken)
    made = take_in(read_course(folder), "es", sent_back(folder))
    assert made.files == {}
    assert {
        f"The settings at the head of {file} cannot be read. Mend them first." for file in broken
    } == {problem.message for problem in made.problems}


def test_texts_of_a_title_that_yaml_would_read_otherwise_survive(tmp_path):
    folder = marked_course.write(tmp_path)
    odd = '"Paz": - {o} # no & *más* \\ 100 %'
    take(folder, sent_back(folder, change=lambda _text: odd, only="course.yaml"))
    course = read_course(folder).course
    assert (course.told("es").title, course.told("es").summary) == (odd, odd)


def test_a_module_named_like_the_course_keeps_its_own_keys(tmp_path):
    folder = marked_course.write(tmp_path)
    (folder / "second").rename(folder / "course")
    settings = folder / "course.yaml"
    settings.write_text(settings.read_text().replace("second", "course"))
    keys = [row.key for row in rows(read_course(folder), "es")]
    assert len(keys) == len(set(keys))


def test_the_paper_has_the_courses_title_and_the_transcripts(tmp_path):
    sheet = exchange.sheet_of(from_folder(marked_course.write(tmp_path)), "es")
    page = translation_paper.paper(sheet)
    for file in ("course.yaml", "first/talk.md"):
        assert f"<h2>{file}</h2>" in page
