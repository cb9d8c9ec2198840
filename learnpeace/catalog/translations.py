"""Translations: the same questions and boxes in other words, and whether they grew old."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from learnpeace.catalog.answers import accepted, boxed, number_range, rows, scale_of
from learnpeace.catalog.drafts import Draft, drafts
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.fingerprints import block_fingerprint, parts_fingerprint
from learnpeace.catalog.model import Choice, Kind, Pair, Question, QuestionTexts, Scale
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown
from learnpeace.catalog.quiz_file import QuestionSet
from learnpeace.catalog.shapes import Run, Shape

_SHAPES = {
    Kind.ONE: Shape.CHOICE, Kind.SEVERAL: Shape.CHOICE, Kind.ORDER: Shape.STEP,
    Kind.MATCH: Shape.ROW, Kind.SHORT: Shape.EQUALS, Kind.NUMBER: Shape.EQUALS,
    Kind.SCALE: Shape.SCALE, Kind.OPEN: Shape.OPEN,
}  # fmt: skip
_MARKS = re.compile(r"^([ \t]*[-*+][ \t]+)[(\[][xX ]?[)\]]", re.MULTILINE)
_FINGERPRINT = re.compile(r"[0-9a-f]{8}")
UNTOLD = "00000000"  # in `of:`, for a part that is not translated yet


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePart:
    """A stretch of a source text as `of:` remembers it; `label` names it in messages."""

    label: str
    markdown: str

    @property
    def without_marks(self) -> str:
        """Return the text with every box empty: marking does not age a translation."""
        return _MARKS.sub(r"\1", self.markdown)


def source_of(parts: Sequence[SourcePart]) -> str:
    """Return the fingerprint a translation of these parts should carry in `of:`."""
    return parts_fingerprint(part.without_marks for part in parts)


def is_stale(fields: Fields, parts: Sequence[SourcePart], source: str) -> bool:
    """Say whether a translation's source has changed since, noting which parts."""
    now, page, line = source_of(parts), fields.page, fields.line("of")
    words = " ".join(fields.texts("of")).split()
    if not words:
        message = "“of” is missing, so nobody can see when this translation grows old. Write of: "
        page.warning(line, "T203", f"{message}{now}")
        return False
    if odd := [word for word in words if not _FINGERPRINT.fullmatch(word)]:
        message = f"“{shown(odd[0])}” in “of” is not a fingerprint. Write of: {now}"
        page.error(line, "T111", message)
        return False
    current = [block_fingerprint(part.without_marks) for part in parts]
    changed = "parts were added or taken out"
    if len(words) == len(current):
        pairs = list(zip(words, current, parts, strict=True))
        if missing := [part.label for word, _, part in pairs if word == UNTOLD]:
            message = f"Not translated yet: {', '.join(missing)}. Learners see the source there."
            page.warning(line, "T202", message)
        changed = ", ".join(part.label for word, mark, part in pairs if word not in (mark, UNTOLD))
    if not changed:
        return False
    message = f"{source} has changed since this was translated: {changed}. Translate that and "
    page.warning(line, "T201", f"{message}write of: {now}")
    return True


def untold(fields: Fields, count: int) -> frozenset[int]:
    """Return which of a source's parts `of:` says are not translated yet, counted from 0."""
    words = " ".join(fields.texts("of")).split()
    told = words if len(words) == count else []
    return frozenset(n for n, word in enumerate(told) if word == UNTOLD)


def question_parts(questions: QuestionSet) -> list[SourcePart]:
    """Return each question of a source as a part."""
    return [
        SourcePart(
            label=f"“{draft.id}” (line {draft.first})",
            markdown="\n".join((draft.text, *draft.lines[1:])),
        )
        for draft in questions.drafts
    ]


def translated_questions(
    page: Page, first: int, lines: tuple[str, ...], source: QuestionSet, *, level: int | None
) -> tuple[dict[str, QuestionTexts], list[Draft]]:
    """Return the texts of each question by id, noting what differs from the source."""
    found = drafts(page, first, lines, level=level)
    by_id = {question.id: question for question in source.questions}
    known = {draft.id for draft in source.drafts}
    texts: dict[str, QuestionTexts] = {}
    for draft in found:
        if draft.id and draft.id not in known:
            message = f"“{draft.id}” is not in {source.page.file}. A translation has the ids of "
            draft.error("T101", f"{message}its source.{page.near(draft.id, known)}")
        elif draft.id in texts:
            draft.error("T101", f"“{draft.id}” is translated twice. Keep one.")
        elif (question := by_id.get(draft.id)) and (made := texts_of(draft, question)):
            texts[draft.id] = made
    _check_order(page, first, found, source)
    return texts, found


def translated(question: Question, texts: QuestionTexts | None) -> Question:
    """Return a question in another language; what has no translation stays as it is."""
    if texts is None:
        return question
    scale = question.scale and replace(
        question.scale, low_label=texts.low_label, high_label=texts.high_label
    )
    choices = tuple(texts.choices.get(choice.id, choice) for choice in question.choices)
    pairs = tuple(texts.pairs.get(pair.id, pair) for pair in question.pairs)
    return replace(
        question, text=texts.text, body=texts.body, choices=choices, pairs=pairs, scale=scale,
        accepted=(*question.accepted, *texts.accepted), reason=texts.reason or question.reason,
    )  # fmt: skip


def texts_of(draft: Draft, source: Question) -> QuestionTexts | None:
    """Return a question's texts, or None after noting how it differs from its source."""
    run = draft.answers
    if run is None:
        return None
    if run.shape is not _SHAPES[source.kind]:
        message = f"{draft.name} has answers of another kind than its source (line {source.line}). "
        draft.error("T104", f"{message}Copy them from there.", run.line)
        return None
    texts = QuestionTexts(
        text=draft.text, body=draft.body, reason=draft.reason,
        file=draft.page.file, line=draft.first,
    )  # fmt: skip
    if run.shape in (Shape.CHOICE, Shape.STEP):
        texts = replace(texts, choices=_choices(draft, run, source))
    elif run.shape is Shape.ROW:
        texts = replace(texts, pairs=_pairs(draft, run, source))
    elif run.shape is Shape.EQUALS:
        texts = replace(texts, accepted=_accepted(draft, run, source))
    elif run.shape is Shape.SCALE and source.scale:
        low, high = _labels(draft, run, source.scale)
        texts = replace(texts, low_label=low, high_label=high)
    return texts


def _labels(draft: Draft, run: Run, source: Scale) -> tuple[str, str]:
    scale = scale_of(draft, run)
    if scale is None:
        return "", ""
    if (scale.low, scale.high) != (source.low, source.high):
        message = f"The source goes from {source.low} to {source.high}. Write that."
        draft.error("T110", message, run.line)
    return scale.low_label, scale.high_label


def _check_order(page: Page, first: int, found: list[Draft], source: QuestionSet) -> None:
    ids = [draft.id for draft in found]
    expected = [draft.id for draft in source.drafts]
    if missing := [id for id in expected if id and id not in ids]:
        message = f"“{missing[0]}” of {source.page.file} is not here. Add its heading and answers."
        line = found[-1].first if found else first
        page.error(line, "T101", message)
    elif sorted(ids) == sorted(expected) and ids != expected:
        pairs = zip(found, expected, strict=True)
        draft, id = next((draft, id) for draft, id in pairs if draft.id != id)
        message = f"“{draft.id}” stands where the source has “{id}”. Keep the source's order."
        draft.error("T101", message)


def _choices(draft: Draft, run: Run, source: Question) -> dict[str, Choice]:
    items = boxed(draft, run)
    if not _is_same_count(draft, run, len(items), len(source.choices)):
        return {}
    box = {Kind.ONE: "()", Kind.SEVERAL: "[]"}.get(source.kind, "")
    for item in items:
        if item.mark.strip():
            message = "A translation marks nothing. Take the x out of the box."
            draft.error("T103", message, item.line)
        elif item.box != box:
            message = f"The source has “{box[0]} {box[1]}” boxes here. Use the same."
            draft.error("T104", message, item.line)
        elif not item.text:
            draft.error("Q107", "There are no words here. Write them or delete it.", item.line)
    return {
        choice.id: replace(choice, text=item.text, reason=item.reason or choice.reason)
        for choice, item in zip(source.choices, items, strict=True)
    }


def _pairs(draft: Draft, run: Run, source: Question) -> dict[str, Pair]:
    found = rows(draft, run)
    if not found or not _is_same_count(draft, run, len(found), len(source.pairs)):
        return {}
    for row, pair in zip(found, source.pairs, strict=True):
        if bool(row.left) != bool(pair.left):
            message = "The left cell is empty here or in the source, not in both. Copy the source."
            draft.error("T102", message, row.line)
    return {
        pair.id: replace(pair, left=row.left, right=row.right)
        for pair, row in zip(source.pairs, found, strict=True)
    }


def _accepted(draft: Draft, run: Run, source: Question) -> tuple[str, ...]:
    texts = [line for line in accepted(run) if line.text]
    if source.kind is Kind.SHORT:
        return tuple(line.text for line in texts)
    for line in texts:
        if number_range(line.text) != (source.at_least, source.at_most):
            message = "The source has another number. Write = alone: the source's number counts."
            draft.error("T110", message, line.number)
    return ()


def _is_same_count(draft: Draft, run: Run, here: int, there: int) -> bool:
    if here != there:
        message = f"{draft.name} has {here} lines of answers and its source {there}. "
        draft.error("T102", f"{message}Translate each, in the same order.", run.line)
    return here == there
