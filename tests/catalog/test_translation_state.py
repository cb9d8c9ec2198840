"""How far translations are, what a translator gets, and what comes of what comes back."""

import csv
import io
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from learnpeace.catalog import glossary, translation_csv, translation_paper, translation_po
from learnpeace.catalog.fingerprints import fingerprint
from learnpeace.catalog.question_passages import Passage
from learnpeace.catalog.reader import read_course
from learnpeace.catalog.translated_passages import paragraphs
from learnpeace.catalog.translation_exchange import Entry, Fit, Sheet, Unreadable
from learnpeace.catalog.translation_import import take_in
from learnpeace.catalog.translation_rows import Earlier, State
from learnpeace.catalog.translation_state import languages_of, rows, translation_state
from learnpeace.settings import ROOT
from tests.catalog.good_course import FILES, edited, reading, write

pytestmark = pytest.mark.once

AT = datetime(2027, 3, 2, 12, tzinfo=UTC)
OURS = ROOT / "courses" / "culture-of-peace"
QUIZ, QUIZ_ES = "listening/quiz.md", "listening/quiz.es.md"
ODD = ["a ::: b", "::: check", "## Heading", "- [x] box", "- ( ) box", "1. step", "= 8", "___",
       "| a | b |", "> quote", "---", "{#id}", "```", "a|b", "x\n\n\ny", "x: y",
       "'=1", "“q”"]  # fmt: skip


def sheet(found, language, earlier=None):
    course = found.partial
    return Sheet(
        course_id=course.id, title=course.title, version=course.version,
        source_language=course.language, language=language,
        rows=rows(found, language, earlier),
    )  # fmt: skip


def sent_back(found, language, form="po", change=lambda entry: entry, earlier=None):
    """Return what a translator sends back after some changes, through a real file."""
    out = sheet(found, language, earlier)
    if form == "po":
        entries = translation_po.read(translation_po.po(out, at=AT), language, out.course_id)
    else:
        entries = translation_csv.read(translation_csv.table(out), language)
    return [made for entry in entries if (made := change(entry)) is not None]


def saying(words, fit=Fit.SURE):
    """Return a change: these translations by key, and nothing else."""

    def change(entry):
        text = words.get(entry.key)
        return (
            Entry(key=entry.key, source=entry.source, translation=text, fit=fit) if text else None
        )

    return change


def put(folder, made):
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    return read_course(folder)


def of(state, file):
    return next(found for found in state.files if found.file == file)


def counts(state, file):
    found = of(state, file)
    return found.done, found.stale, found.missing


def without(folder, language):
    """Take every translation of the texts that are translated out of a folder."""
    for path in folder.rglob(f"*.{language}.*"):
        if path.suffix in (".md", ".yaml"):
            path.unlink()


def copied(folder, target):
    shutil.copytree(folder, target / folder.name)
    return target / folder.name


def test_a_whole_translation_is_done_and_an_absent_one_is_missing():
    found = read_course(OURS)
    spanish = translation_state(found, "es")
    assert (spanish.percent, spanish.words, spanish.stale, spanish.missing) == (100, 0, 0, 0)
    absent = dict.fromkeys((n for n in found.texts if ".es." not in n), ())
    texts = {name: lines for name, lines in found.texts.items() if name in absent}
    state = translation_state(type(found)(course=None, problems=(), partial=found.partial,
                                          texts=texts), "es")  # fmt: skip
    assert state.percent == 0
    assert state.missing == sum(len(file.parts) for file in state.files)
    assert state.words > 10_000


def test_each_part_is_done_stale_or_missing(tmp_path):
    found = reading(tmp_path, edited(QUIZ, "- [ ] planning your reply", "- [ ] planning a reply"))
    state = translation_state(found, "es")
    assert counts(state, QUIZ) == (8, 1, 0)
    (part,) = of(state, QUIZ).open_parts
    assert (part.state, part.file, part.line) == (State.STALE, QUIZ, 23)
    assert "signs" in part.label
    assert counts(state, "listening/module.md") == (7, 0, 1), "an empty box is missing"
    assert counts(state, "surveys/impact.md") == (4, 0, 0)
    assert 0 < state.percent < 100


def test_a_box_put_in_between_ages_only_what_it_touches(tmp_path):
    more = "::: reflection first\nWhat do you hope?\n:::\n\n::: reflection heard"
    found = reading(tmp_path, edited("listening/module.md", "::: reflection heard", more))
    assert found.course is None, "the checker asks for the box in the translation"
    assert counts(translation_state(found, "es"), "listening/module.md") == (7, 0, 2)


def test_earlier_sources_tell_which_sentences_changed(tmp_path):
    before = reading(tmp_path / "before").texts
    change = edited(QUIZ, "- [ ] planning your reply", "- [ ] planning a reply")
    found = reading(tmp_path, change)
    blind = [r for r in rows(found, "es") if r.state is State.STALE]
    assert len(blind) == 5, "all of the question"
    (row,) = [r for r in rows(found, "es", Earlier([before])) if r.state is State.STALE]
    assert (row.key, row.previous) == ("listening/signs/choice-3", "planning your reply")
    assert row.translation == "planear tu respuesta"
    state = translation_state(found, "es", Earlier([before]))
    assert of(state, QUIZ).words == 3


@pytest.mark.parametrize("form", ["po", "csv"])
@pytest.mark.parametrize("language", ["es", "ar"])
def test_what_comes_back_unchanged_changes_no_byte(form, language):
    found = read_course(OURS)
    made = take_in(found, language, sent_back(found, language, form))
    assert (made.files, made.problems, made.remarks) == ({}, [], [])


@pytest.mark.parametrize("form", ["po", "csv"])
@pytest.mark.parametrize("language", ["es", "ar"])
def test_a_translation_made_anew_from_its_file_is_the_same_to_the_byte(tmp_path, form, language):
    found = read_course(OURS)
    entries = sent_back(found, language, form)
    folder = copied(OURS, tmp_path)
    without(folder, language)
    made = take_in(read_course(folder), language, entries)
    assert made.files
    again = put(folder, made)
    assert fingerprint(again.course) == fingerprint(found.course)
    for name, content in made.files.items():
        assert content == (OURS / name).read_bytes(), name


@pytest.mark.parametrize("form", ["po", "csv"])
def test_every_kind_of_question_and_box_survives(tmp_path, form):
    """A file without a gap comes back as it went, after everything was rewritten."""
    folder = write(tmp_path / "one")
    change = lambda entry: Entry(  # noqa: E731
        key=entry.key, source=entry.source, translation=f"{entry.source} ¡sí!"
    )
    found = read_course(folder)
    first = put(folder, take_in(found, "es", sent_back(found, "es", form, change)))
    state = translation_state(first, "es")
    assert (state.percent, state.stale, state.missing) == (100, 0, 0)
    assert [p for p in first.problems if p.severity == "error"] == []
    other = copied(folder, tmp_path / "two")
    without(other, "es")
    again = put(other, take_in(read_course(other), "es", sent_back(first, "es", form)))
    for file, texts in again.texts.items():
        if ".es." in file:
            assert translation_state(again, "es").percent == 100, file
            assert any("¡sí!" in line for line in texts), file
    key = {r.key: r.translation for r in rows(first, "es")}
    assert key == {r.key: r.translation for r in rows(again, "es")}


def test_a_question_is_done_only_when_every_word_of_it_is(tmp_path):
    folder = write(tmp_path, {"banks/dialogue.es.md": None})
    words = {"banks/dialogue/dialogue/question": "¿Para qué?",
             "banks/dialogue/dialogue/choice-1": "ganar"}  # fmt: skip
    found = read_course(folder)
    again = put(folder, take_in(found, "es", sent_back(found, "es", change=saying(words))))
    assert counts(translation_state(again, "es"), "banks/dialogue.md") == (0, 0, 1)
    assert again.course, again.problems
    assert "dialogue" not in again.course.modules[1].translations["es"].questions
    (told,) = [p for p in again.problems if p.code == "T202"]
    assert told.file == "banks/dialogue.es.md"
    assert "“dialogue” (line 1). Learners see the source there." in told.message

    rest = {"banks/dialogue/dialogue/body": "![Un círculo](circle.webp)",
            "banks/dialogue/dialogue/choice-2": "entender"}  # fmt: skip
    last = put(folder, take_in(again, "es", sent_back(again, "es", change=saying(rest))))
    assert counts(translation_state(last, "es"), "banks/dialogue.md") == (1, 0, 0)
    texts = last.course.modules[1].translations["es"].questions["dialogue"]
    assert (texts.text, texts.choices["1"].text) == ("¿Para qué?", "ganar")
    assert last.course.modules[1].quiz == read_course(write(tmp_path / "x")).course.modules[1].quiz


def test_what_is_not_translated_of_a_module_is_read_in_the_source(tmp_path):
    folder = write(tmp_path, {"listening/module.es.md": None})
    words = {"listening/head/title": "Escuchar", "listening/heard/p1": "¿Qué oíste?"}
    found = read_course(folder)
    again = put(folder, take_in(found, "es", sent_back(found, "es", change=saying(words))))
    texts = again.course.modules[1].translations["es"]
    empty = [not getattr(block, "markdown", "-") for block in texts.blocks]
    assert empty == [True, True, False, True, False, True, True], "all but the reflection"
    assert texts.blocks[4].questions == again.course.modules[1].blocks[4].questions
    assert texts.title == "Listening before speaking", "its head is not whole"
    assert not texts.is_stale
    assert counts(translation_state(again, "es"), "listening/module.md") == (1, 0, 7)
    (row,) = [r for r in rows(again, "es") if r.key == "listening/head/title"]
    assert row.translation == "Escuchar", "it is kept for the translator all the same"


def test_a_stale_text_stays_stale_until_it_is_no_longer_fuzzy(tmp_path):
    change = edited("listening/module.md", "Think of one talk this week.", "Think of one talk.")
    folder = write(tmp_path, change)
    found = read_course(folder)
    key = {"listening/heard/p1": "¿Qué no se dijo?"}
    fuzzy = sent_back(found, "es", change=saying(key, Fit.FUZZY))
    still = put(folder, take_in(found, "es", fuzzy))
    assert counts(translation_state(still, "es"), "listening/module.md") == (6, 1, 1)
    assert "¿Qué no se dijo?" in (folder / "listening/module.es.md").read_text()

    mended = sent_back(still, "es", change=saying(key))
    done = put(folder, take_in(still, "es", mended))
    assert counts(translation_state(done, "es"), "listening/module.md") == (7, 0, 1)
    assert not [p for p in done.problems if p.code == "T201"]


def test_in_a_table_a_stale_text_fits_once_it_is_changed_or_called_done(tmp_path):
    change = edited("listening/module.md", "Think of one talk this week.", "Think of one talk.")
    found = reading(tmp_path, change)
    table = list(csv.reader(io.StringIO(translation_csv.table(sheet(found, "es")).decode()[1:])))
    row = next(row for row in table if row[0] == "listening/heard/p1")
    assert row[1] == "stale"
    for column, value in ((3, "¿Qué no se dijo?"), (1, "done")):
        text = io.StringIO(newline="")
        new = [[*r[:column], value, *r[column + 1 :]] if r is row else r for r in table]
        csv.writer(text, delimiter=";").writerows(new)
        made = take_in(found, "es", translation_csv.read(text.getvalue().encode(), "es"))
        assert made.parts == 1, "a semicolon is as good as a comma"


def test_a_fuzzy_text_is_not_put_before_learners(tmp_path):
    folder = write(tmp_path, {"banks/dialogue.es.md": None})
    found = read_course(folder)
    words = {"banks/dialogue/dialogue/question": "¿Para qué?"}
    made = take_in(found, "es", sent_back(found, "es", change=saying(words, Fit.FUZZY)))
    assert made.files == {}
    assert "fuzzy" in made.remarks[0].message


def test_a_source_that_changed_meanwhile_leaves_the_part_stale(tmp_path):
    folder = write(tmp_path, {"banks/dialogue.es.md": None})
    found = read_course(folder)
    words = {f"banks/dialogue/dialogue/{name}": text for name, text in
             {"question": "¿Para qué?", "body": "![Un círculo](circle.webp)", "choice-1": "ganar",
              "choice-2": "entender"}.items()}  # fmt: skip
    entries = sent_back(found, "es", change=saying(words))
    write(tmp_path, {**edited("banks/dialogue.md", "winning", "to win"),
                     "banks/dialogue.es.md": None})  # fmt: skip
    later = read_course(folder)
    made = take_in(later, "es", entries)
    assert "source has changed since this file was made" in made.remarks[0].message
    assert counts(translation_state(put(folder, made), "es"), "banks/dialogue.md") == (0, 1, 0)


def test_a_sentence_that_moved_keeps_its_translation(tmp_path):
    folder = write(tmp_path, {"what-is-peace/module.es.md": None})
    found = read_course(folder)
    words = {"what-is-peace/1/p1": "## Uno", "what-is-peace/1/p2": "Texto."}
    entries = sent_back(found, "es", change=saying(words))
    more = "## One\n\nA new sentence.\n\nText.\n"
    text = FILES["what-is-peace/module.md"].replace("## One\n\nText.\n", more)
    write(tmp_path, {"what-is-peace/module.md": text, "what-is-peace/module.es.md": None})
    again = put(folder, take_in(read_course(folder), "es", entries))
    told = {r.source: r.translation for r in rows(again, "es") if r.file.startswith("what-is")}
    assert (told["Text."], told["A new sentence."]) == ("Texto.", "")


def test_unknown_keys_lost_links_and_placeholders_are_told(tmp_path):
    source = edited("listening/module.md", "Think of one talk", "[Think](https://e.org/a) of {it}")
    found = reading(tmp_path, {**source, "listening/module.es.md": None})
    entries = sent_back(found, "es", change=saying({"listening/heard/p1": "¿Qué oíste, {it}?"}))
    entries.append(Entry(key="listening/gone/p1", source="Gone", translation="Ido"))
    told = {r.key: r.message for r in take_in(found, "es", entries).remarks}
    assert "https://e.org/a" in told["listening/heard/p1"]
    assert "no such text" in told["listening/gone/p1"]
    entries = sent_back(found, "es", change=saying({"listening/heard/p1": "[¿Qué?](https://e.es)"}))
    (remark,) = take_in(found, "es", entries).remarks
    assert "“{it}”" in remark.message


def test_a_file_full_of_entries_is_read_in_time(tmp_path):
    found = reading(tmp_path)
    many = [Entry(key=f"listening/1/p{n}", source=f"s{n}", translation="t") for n in range(60_000)]
    many += [Entry(key="listening/1/text", source="s", translation="t")] * 60_000
    start = perf_counter()
    take_in(found, "es", many)
    assert perf_counter() - start < 10


@pytest.mark.parametrize("sign", ["[", "<a ", "![", "words "])
def test_a_text_that_would_keep_the_server_busy_is_refused(tmp_path, sign):
    found = reading(tmp_path)
    start = perf_counter()
    words = {"listening/1/text": sign * 300_000}
    made = take_in(found, "es", sent_back(found, "es", change=saying(words)))
    assert perf_counter() - start < 10
    assert made.files == {}
    assert "listening/module.es.md would be larger" in made.problems[0].message


def test_another_courses_file_is_refused(tmp_path):
    found = reading(tmp_path)
    strange = [Entry(key="elsewhere/1/p1", source="A", translation="B")]
    (problem,) = take_in(found, "es", strange).problems
    assert "None of its texts is in this course" in problem.message
    content = translation_po.po(sheet(found, "es"), at=AT)
    with pytest.raises(Unreadable, match="belongs to the course “culture-of-peace”"):
        translation_po.read(content, "es", "protecting-cities")
    with pytest.raises(Unreadable, match="into “es” and not into “ar”"):
        translation_po.read(content, "ar", "culture-of-peace")
    with pytest.raises(Unreadable, match="into “es” and not into “ar”"):
        translation_csv.read(translation_csv.table(sheet(found, "es")), "ar")


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"msgid", b'msgid "a', b"a;b;c\n1;2;3", b'msgid "a"\nmsgstr "b"\n',
     b"\0" * 50, b"key,source,translation\n\"x", b'msgctxt "\nmsgid ""\nmsgstr "" \n\n']
)  # fmt: skip
def test_files_that_are_none_are_refused_in_words(content):
    with pytest.raises(Unreadable, match=r"\."):
        translation_po.read(content, "es", "culture-of-peace")
    if b"key,source" not in content:
        with pytest.raises(Unreadable, match=r"\."):
            translation_csv.read(content, "es")


WORDS = st.one_of(st.sampled_from(ODD), st.text(max_size=40))


@given(st.lists(st.tuples(st.integers(0, 60), WORDS), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_a_translator_writes_no_mark_or_id_changes(tmp_path_factory, words):
    """Either it is told and nothing is written, or it stands there as it was sent."""
    folder = write(tmp_path_factory.mktemp("course"))
    found = read_course(folder)
    keys = [row.key for row in rows(found, "es")]
    texts = {keys[n % len(keys)]: text for n, text in words}
    entries = [Entry(key=r.key, source=r.source, translation=texts.get(r.key, r.translation))
               for r in rows(found, "es")]  # fmt: skip
    made = take_in(found, "es", entries)
    if made.problems:
        assert made.files == {}
        return
    again = put(folder, made)
    if any(problem.severity == "error" for problem in again.problems):
        return  # the checker's word, as for every file; the caller writes nothing
    for before, after in zip(found.course.modules, again.course.modules, strict=True):
        assert (before.quiz, before.blocks) == (after.quiz, after.blocks)
    told = {row.key: row.translation for row in rows(again, "es")}
    for row in rows(found, "es"):
        if row.key not in texts and row.key in told:
            assert told[row.key] == row.translation


@given(st.lists(st.sampled_from(["words", "  indented", "- item", "```", "## h", "| a |", ""]),
                max_size=12))  # fmt: skip
def test_paragraphs_make_the_text_again(lines):
    text = "\n".join(lines).strip("\n").rstrip()
    cut = paragraphs(Passage(place="1", name="text", text=text, line=1))
    whole = "\n\n".join(one.text for one in cut)
    if "```" not in text:
        assert whole == re.sub(r"\n{3,}", "\n\n", text)
    assert whole.split() == text.split()


def test_a_po_file_holds_places_old_sources_and_words_of_the_course(tmp_path):
    before = reading(tmp_path / "before").texts
    change = edited(QUIZ, "- [ ] planning your reply", "- [ ] planning a need, 5 % of it")
    out = sheet(reading(tmp_path, change), "es", Earlier([before]))
    terms = glossary.glossary("| English | Español |\n|--|--|\n| need | necesidad |\n", "es")
    content = translation_po.po(Sheet(**{**_fields(out), "terms": terms}), at=AT)
    message = read_po(io.BytesIO(content)).get(
        "planning a need, 5 % of it", "listening/signs/choice-3"
    )
    assert message.fuzzy
    assert '#| msgid "planning your reply"' in content.decode()
    assert message.locations == [(QUIZ, 27)]
    assert message.auto_comments == ["Glossary: need = necesidad"]
    assert b"python-format" not in content
    assert content == translation_po.po(Sheet(**{**_fields(out), "terms": terms}), at=AT)


def _fields(out):
    return {name: getattr(out, name) for name in out.__slots__}


@pytest.mark.parametrize(
    ("language", "translation"), [("es", "diálogo"), ("ar", "حوار"), ("fr", None)]
)
def test_the_glossary_is_found_by_its_headings(language, translation):
    found = glossary.glossary((OURS / "glossary.md").read_text(), language)
    words = {term.term: term for term in found}
    assert (words["dialogue"].translation if words else None) == translation
    if words:
        assert words["community"].is_in("Two Communities met")
        assert words["choice (of a question)"].is_in("Both choices")
        assert not words["need"].is_in("A needle")


def test_the_printed_columns_escape_what_authors_write(tmp_path):
    change = edited("listening/module.md", "title: Listening before", "title: <b>Listening</b> &")
    page = translation_paper.paper(sheet(reading(tmp_path, change), "es"))
    assert "&lt;b&gt;Listening&lt;/b&gt; &amp;" in page
    assert "<script" not in page
    assert 'lang="es" dir="ltr"' in page


def test_languages_are_those_that_the_course_promises():
    assert languages_of(read_course(OURS)) == ("es", "ar")
    assert languages_of(read_course(Path("/nowhere"))) == ()
