"""A course's texts as passages to translate, the source's and a translation's alike.

A file falls into parts, the ones that `of:` counts (the head, each box, each stretch of text,
each question), and a part into passages: a title, a choice, a reason. A passage has the same
place and name in the source and in every translation, so that the two find each other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from learnpeace.catalog.answers import Place
from learnpeace.catalog.assets import path_of
from learnpeace.catalog.drafts import Draft, drafts
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.fingerprints import block_fingerprint
from learnpeace.catalog.front_matter import front_matter
from learnpeace.catalog.model import Module, Question, Video
from learnpeace.catalog.module_file import MODULE_KEYS, ModuleFile, Reading, read_module, read_parts
from learnpeace.catalog.module_file import Part as ModulePart
from learnpeace.catalog.outline import fences
from learnpeace.catalog.page import Page, page_of
from learnpeace.catalog.passage_files import HEAD, WHOLE, FileKind, Part, PassageFile, Texts
from learnpeace.catalog.problems import Findings
from learnpeace.catalog.question_passages import Passage, of_question
from learnpeace.catalog.quiz_file import QuestionSet, read_plain_questions, read_quiz
from learnpeace.catalog.reader import CourseReading
from learnpeace.catalog.transcripts import may_be_transcript
from learnpeace.catalog.translated_files import module_parts
from learnpeace.catalog.translations import SourcePart, question_parts
from learnpeace.catalog.whole_passages import (
    read_course_source,
    read_course_translation,
    read_transcript_source,
    read_transcript_translation,
)
from learnpeace.catalog.yaml_text import Mapping as Settings

COURSE_FILE = "course.yaml"
_WITH_ID = ("reflection", "action", "meeting")


def source_files(reading: CourseReading) -> tuple[PassageFile, ...]:
    """Return every file of a course that is translated, module by module, as far as it reads."""
    course, texts = reading.partial, reading.texts
    found: dict[str, PassageFile | None] = {}
    if course:
        found[COURSE_FILE] = read_source(texts, COURSE_FILE, FileKind.COURSE)
    for module in course.modules if course else ():
        text = f"{module.id}/module.md"
        found[text] = read_source(texts, text, FileKind.TEXT, module.id)
        for transcript in transcripts_of(texts, module):
            found.setdefault(transcript.file, transcript)
        for question in module.quiz.questions if module.quiz else ():
            is_own = question.file == f"{module.id}/quiz.md"
            kind = FileKind.QUIZ if is_own else FileKind.BANK
            if question.file not in found:
                id = module.id if is_own else ""
                found[question.file] = read_source(texts, question.file, kind, id)
    survey = course.survey if course else None
    for file in {question.file: 0 for question in survey.questions} if survey else ():
        found[file] = read_source(texts, file, FileKind.SURVEY)
    return tuple(file for file in found.values() if file is not None)


def transcripts_of(texts: Texts, module: Module) -> Iterator[PassageFile]:
    """Yield the transcripts of a module's videos, with the names of their translations."""
    for place, block in enumerate(module.blocks):
        if not isinstance(block, Video) or not block.transcript_markdown:
            continue
        name = path_of(block.transcript, module.id)
        file = read_source(texts, name or "", FileKind.TRANSCRIPT, module.id)
        if file is None:
            continue
        names = {}
        for language, told in module.translations.items():
            video = told.blocks[place] if place < len(told.blocks) else None
            other = path_of(video.transcript, module.id) if isinstance(video, Video) else None
            if other and other != name and other in texts and may_be_transcript(other):
                names[language] = other
        yield replace(file, names=names)


def read_source(texts: Texts, file: str, kind: FileKind, module_id: str = "") -> PassageFile | None:
    """Return a source file in parts; None when it is absent or cannot be told into parts."""
    if file not in texts:
        return None
    page = _page(texts, file)
    if kind is FileKind.COURSE:
        return read_course_source(page)
    if kind is FileKind.TRANSCRIPT:
        return read_transcript_source(page, module_id)
    head = front_matter(page)
    if head is None:
        return None
    parts = _module_source(page) if kind is FileKind.TEXT else _questions_source(page, kind)
    return PassageFile(
        file=file, kind=kind, module_id=module_id, head=page.lines[: head.body - 1], of=(),
        parts=tuple(parts),
    )  # fmt: skip


def read_translation(texts: Texts, source: PassageFile, language: str) -> PassageFile | None:
    """Return a source's translation in parts; None when it is absent or has no readable head."""
    file = source.translated(language)
    if file not in texts:
        return None
    page = _page(texts, file)
    if source.kind is FileKind.COURSE:
        return read_course_translation(page)
    if source.kind is FileKind.TRANSCRIPT:
        return read_transcript_translation(page, source.module_id)
    head = front_matter(page)
    if head is None or (head.is_present and head.settings is None):
        return None
    fields = Fields(page, head.settings or Settings(line=1), (*MODULE_KEYS, "of"))
    questions = {id: one for part in source.parts for id, one in part.questions.items()}
    if source.kind is FileKind.TEXT:
        module = read_parts(replace(_reading(page), is_translation=True), head, fields)
        blocks = _blocks(module, questions)
        parts = [_head(fields, page.lines[: head.body - 1]), *blocks]
    else:
        found = drafts(page, head.body, page.lines[head.body - 1 :], level=2)
        parts = [_question(draft, questions) for draft in found]
    return PassageFile(
        file=file, kind=source.kind, module_id=source.module_id, parts=tuple(parts),
        head=page.lines[: head.body - 1], of=tuple(" ".join(fields.texts("of")).split()),
    )  # fmt: skip


def paragraphs(passage: Passage) -> tuple[Passage, ...]:
    """Return a text cut at its empty lines: what goes on indented stays with its beginning.

    Joined by empty lines they are the text again, but for further empty lines between them.
    """
    lines = passage.text.split("\n")
    code = fences(lines).code
    heaps: list[tuple[int, list[str]]] = []
    is_gap = True
    for number, line in enumerate(lines):
        if not line.strip() and not code[number]:
            is_gap = True
            continue
        if not heaps or (is_gap and line[:1] not in (" ", "\t")):
            heaps.append((number, []))
        elif is_gap:
            heaps[-1][1].append("")
        heaps[-1][1].append(line)
        is_gap = False
    return tuple(
        replace(passage, name=f"p{n}", text="\n".join(heap), line=passage.line + first)
        for n, (first, heap) in enumerate(heaps, start=1)
    )


def _page(texts: Texts, file: str) -> Page:
    return page_of("\n".join(texts[file]), file, Findings())


def _reading(page: Page) -> Reading:
    return Reading(page=page, tracks=None, transcript=lambda _page, _line, _name: "")


def _module_source(page: Page) -> list[Part]:
    module = read_module(_reading(page))
    head = front_matter(page)
    if module is None or head is None:
        return []
    checks = [part.check for part in module.parts if part.check]
    questions = {one.id: one for found in checks for one in found.questions}
    parts = [_head(module.settings, page.lines[: head.body - 1]), *_blocks(module, questions)]
    return _remembered(parts, module_parts(module))


def _questions_source(page: Page, kind: FileKind) -> list[Part]:
    place = Place.SURVEY if kind is FileKind.SURVEY else Place.QUIZ
    found: QuestionSet | None = None
    if kind is FileKind.QUIZ:
        quiz = read_quiz(page)
        found = quiz.own if quiz else None
    else:
        found = read_plain_questions(page, place)
    if found is None:
        return []
    questions = {one.id: one for one in found.questions}
    parts = [_question(draft, questions) for draft in found.drafts]
    return _remembered(parts, question_parts(found))


def _remembered(parts: list[Part], sources: list[SourcePart]) -> list[Part]:
    return [
        replace(part, label=source.label, fingerprint=block_fingerprint(source.without_marks))
        for part, source in zip(parts, sources, strict=True)
    ]


def _head(fields: Fields, lines: tuple[str, ...]) -> Part:
    found = [_setting(fields, "title")]
    found += [
        Passage(place=HEAD, name=f"objective-{n}", text=" ".join(one.text.split()), line=one.line)
        for n, one in enumerate(fields.scalars("objectives"), start=1)
    ]
    found.append(_setting(fields, "content-note"))
    passages = tuple(passage for passage in found if passage.text)
    return Part(kind=HEAD, line=1, passages=passages, lines=lines)


def _setting(fields: Fields, name: str) -> Passage:
    return Passage(place=HEAD, name=name, text=fields.text(name), line=fields.line(name))


def _blocks(module: ModuleFile, questions: Mapping[str, Question]) -> Iterator[Part]:
    for number, part in enumerate(module.parts, start=1):
        yield (
            _check(module.page, part, questions)
            if part.raw.name == "check"
            else _box(module.page, part, number)
        )


def _box(page: Page, part: ModulePart, number: int) -> Part:
    raw = part.raw
    opening = page.lines[raw.line - 1] if raw.name else ""
    first_word = "".join(raw.words[:1])
    place = first_word if raw.name in _WITH_ID and first_word else str(number)
    empty = next((n for n, line in enumerate(raw.lines) if line.strip()), 0)
    passage = Passage(place=place, name=WHOLE, text=raw.markdown, line=raw.first + empty)
    return Part(
        kind=" ".join((raw.name or WHOLE, *(raw.words[:1] if raw.name != "video" else ()))),
        line=raw.line,
        passages=(passage,) if raw.markdown else (),
        lines=(opening, *raw.lines, ":::") if opening else tuple(raw.markdown.split("\n")),
        opening=opening,
    )


def _check(page: Page, part: ModulePart, questions: Mapping[str, Question]) -> Part:
    raw = part.raw
    found = drafts(page, raw.first, raw.lines, level=None)
    opening = page.lines[raw.line - 1]
    return Part(
        kind="check", line=raw.line, lines=(opening, *raw.lines, ":::"), opening=opening,
        drafts=tuple(found),
        questions={draft.id: questions[draft.id] for draft in found if draft.id in questions},
        passages=tuple(one for draft in found for one in of_question(draft, questions)),
    )  # fmt: skip


def _question(draft: Draft, questions: Mapping[str, Question]) -> Part:
    written = list(draft.lines)
    while written and not written[-1].strip():
        written.pop()
    return Part(
        kind=f"question {draft.id}", line=draft.first, lines=tuple(written), drafts=(draft,),
        questions={draft.id: questions[draft.id]} if draft.id in questions else {},
        passages=tuple(of_question(draft, questions)),
    )  # fmt: skip
