"""module.<language>.md, quiz.<language>.md and the like, against their sources."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from learnpeace.catalog.blocks import RawBlock
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.front_matter import FrontMatter, front_matter
from learnpeace.catalog.markdown_rules import Reference
from learnpeace.catalog.model import Block, Check, ModuleTexts, QuestionTexts
from learnpeace.catalog.module_file import ModuleFile, Part, Reading, read_parts
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown
from learnpeace.catalog.quiz_file import QUIZ_KEYS, QuestionSet, draft_references
from learnpeace.catalog.translations import (
    SourcePart,
    is_stale,
    question_parts,
    source_of,
    translated,
    translated_questions,
    untold,
)
from learnpeace.catalog.yaml_text import Mapping

_KEYS = ("of", "title", "objectives", "content-note")
_STAYS = " It stands in the source only. Delete this line."


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedModule:
    """A module's texts and the links in them."""

    texts: ModuleTexts
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedQuestions:
    """Questions' texts by id, and the links in them."""

    texts: dict[str, QuestionTexts]
    references: tuple[Reference, ...]
    is_stale: bool


def read_translated_questions(page: Page, source: QuestionSet) -> TranslatedQuestions | None:
    """Read quiz.es.md, or a bank's or survey's translation."""
    head = front_matter(page)
    if head is None:
        return None
    fields = _fields(page, head.settings, ("of",))
    lines = page.lines[head.body - 1 :]
    texts, found = translated_questions(page, head.body, lines, source, level=2)
    parts = question_parts(source)
    for place in untold(fields, len(parts)):
        texts.pop(source.drafts[place].id, None)
    stale = _is_readable(head) and is_stale(fields, parts, source.page.file)
    references = tuple(reference for draft in found for reference in draft_references(draft))
    return TranslatedQuestions(texts=texts, references=references, is_stale=stale)


def read_translated_module(reading: Reading, source: ModuleFile) -> TranslatedModule | None:
    """Read module.es.md."""
    page = reading.page
    head = front_matter(page)
    if head is None:
        return None
    fields = _fields(page, head.settings, _KEYS)
    module = read_parts(replace(reading, is_translation=True), head, fields)
    texts: dict[str, QuestionTexts] = {}
    references = list(module.references)
    blocks: list[Block] = []
    missing = untold(fields, len(source.parts) + 1)  # the head is the first part
    told_head = Fields(page, Mapping(line=1), _KEYS) if 0 in missing else fields
    if _is_same_shape(page, module, source):
        for place, (here, there) in enumerate(zip(module.parts, source.parts, strict=True), 1):
            told = {} if place in missing else texts
            block = _block(page, here, there, told, references)
            if block and place in missing:
                block = _in_source_words(block, there)
            blocks.extend([block] if block else [])
    return TranslatedModule(
        references=tuple(references),
        texts=ModuleTexts(
            title=told_head.text("title", source.settings.text("title")),
            objectives=_objectives(told_head, source.settings),
            content_note=told_head.text("content-note", source.settings.text("content-note")),
            blocks=tuple(blocks),
            questions=texts,
            of=" ".join(fields.texts("of")),
            is_stale=_is_readable(head)
            and is_stale(fields, module_parts(source), source.page.file),
        ),
    )


def module_parts(source: ModuleFile) -> list[SourcePart]:
    """Return the parts of a module that a translation remembers."""
    settings = source.settings
    head = [settings.text("title"), *settings.texts("objectives"), settings.text("content-note")]
    parts = [SourcePart(label="the settings at the head", markdown="\n".join(head))]
    for part in source.parts:
        label = f"{shown(part.raw.label)} (line {part.raw.line})"
        parts.append(SourcePart(label=label, markdown=part.raw.markdown))
    return parts


def module_of(source: ModuleFile) -> str:
    """Return what a translation of this module writes after `of:`."""
    return source_of(module_parts(source))


def _fields(page: Page, settings: Mapping | None, known: tuple[str, ...]) -> Fields:
    stays = dict.fromkeys((*QUIZ_KEYS, "minutes", "sources"), _STAYS)
    return Fields(page, settings or Mapping(line=1), known, letter="T", advice=stays)


def _is_readable(head: FrontMatter) -> bool:
    """Say whether the settings could be read: when not, `of` is not missing but unread."""
    return not head.is_present or head.settings is not None


def _objectives(fields: Fields, source: Fields) -> tuple[str, ...]:
    here, there = fields.texts("objectives"), source.texts("objectives")
    if here and len(here) != len(there):
        message = f"There are {len(here)} objectives here and {len(there)} in the source. "
        line = fields.line("objectives")
        fields.page.error(line, "T109", f"{message}Translate each, in the same order.")
    return here or there


def _is_same_shape(page: Page, here: ModuleFile, there: ModuleFile) -> bool:
    if "?" in _names(here.parts) + _names(there.parts):
        return False  # told already
    for mine, theirs in zip(here.parts, there.parts, strict=False):
        if _key(mine.raw) != _key(theirs.raw):
            source = f"{there.page.file}, line {theirs.raw.line},"
            message = f"Here is “{shown(mine.raw.label)}” where {source} has "
            message += f"“{shown(theirs.raw.label)}”. Keep the source's boxes and their order."
            page.error(mine.raw.line, "T105", message)
            return False
    mine_count, theirs_count = len(here.parts), len(there.parts)
    if mine_count < theirs_count:
        missing = there.parts[mine_count].raw
        message = f"“{shown(missing.label)}” of {there.page.file}, line {missing.line}, is not "
        page.error(len(page.lines), "T105", f"{message}here. Add it at the end.")
    elif mine_count > theirs_count:
        extra = here.parts[theirs_count].raw
        message = f"“{shown(extra.label)}” is not in {there.page.file}. Delete it here."
        page.error(extra.line, "T105", message)
    return mine_count == theirs_count


def _names(parts: Sequence[Part]) -> list[str]:
    return [part.raw.name for part in parts]


def _key(raw: RawBlock) -> tuple[str, tuple[str, ...]]:
    return raw.name, raw.words[:1] if raw.name not in ("video", "check") else ()


def _in_source_words(block: Block, there: Part) -> Block:
    """Return a block as its reader gets it who has no translation of it: empty means that."""
    if isinstance(block, Check):
        return replace(block, questions=there.check.questions if there.check else ())
    return replace(block, markdown="")


def _block(
    page: Page,
    here: Part,
    there: Part,
    texts: dict[str, QuestionTexts],
    references: list[Reference],
) -> Block | None:
    if there.check is None:
        return here.block
    raw = here.raw
    found, drafts = translated_questions(page, raw.first, raw.lines, there.check, level=None)
    texts.update(found)
    references.extend(reference for draft in drafts for reference in draft_references(draft))
    questions = tuple(
        translated(question, found.get(question.id)) for question in there.check.questions
    )
    return Check(questions=questions, line=raw.line)
