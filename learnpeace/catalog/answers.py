"""From a draft to a question of a quiz, a check or a survey."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from learnpeace.catalog.drafts import Draft, unquoted
from learnpeace.catalog.model import Choice, Kind, Pair, Question, Scale
from learnpeace.catalog.problems import shown
from learnpeace.catalog.shapes import BOX, STEP, Line, Run, Shape, scale_ends

MAX_STEPS = 21

_NUMBER = r"[-−]?[0-9]{1,15}(?:\.[0-9]{1,15})?"
_RANGE = re.compile(rf"({_NUMBER})(?:\s*(\.\.|±|\+-|\+/-)\s*({_NUMBER}))?")
_COMMA = re.compile(r"[-−]?[0-9]+,[0-9]+")


class Place(Enum):
    """Where a question stands, which decides what it may be."""

    QUIZ = auto()
    CHECK = auto()
    SURVEY = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed:
    """One choice or step as written; `box` is its two brackets, `mark` what is between."""

    line: int
    text: str
    reason: str
    box: str = ""
    mark: str = ""

    @property
    def is_marked(self) -> bool:
        """Say whether the box holds an x."""
        return self.mark.strip() in ("x", "X")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a match table as written."""

    line: int
    left: str
    right: str


def question_of(draft: Draft, place: Place) -> Question | None:
    """Return the question a draft makes in this place, or None after noting why not."""
    if draft.answers is None or not _is_welcome(draft, draft.answers, place):
        return None
    shape, run = draft.answers.shape, draft.answers
    if draft.is_all and not (shape is Shape.CHOICE and "[" in run.lines[0].text[:6]):
        draft.error("Q123", "“all” is for questions with - [ ] boxes. Take it out of the {…}.")
    match shape:
        case Shape.CHOICE:
            question = _choosing(draft, run, place)
        case Shape.STEP:
            question = _ordering(draft, run)
        case Shape.ROW:
            question = _matching(draft, run)
        case Shape.EQUALS:
            question = _writing(draft, run)
        case Shape.SCALE:
            scale = scale_of(draft, run)
            question = _question(draft, Kind.SCALE, scale=scale) if scale else None
        case _:
            question = _question(draft, Kind.OPEN)
    return question


def boxed(draft: Draft, run: Run) -> list[Boxed]:
    """Return choices or steps with their reasons, noting boxes that hold neither x nor space."""
    return [_boxed(draft, lines) for lines in run.items()]


def rows(draft: Draft, run: Run) -> list[Row]:
    """Return the rows of a match table, noting what is not one."""
    lines = run.lines
    heads = [n for n, line in enumerate(lines) if _is_separator(line.text)]
    if heads != [1] or any(_cells(lines[0].text)):
        message = "A match table begins with a row | | | and a row |--|--|. Put them above the "
        draft.error("Q118", f"{message}first pair.", run.line)
        return []
    found = []
    for line in lines[2:]:
        cells = _cells(line.text)
        if len(cells) == 2 and cells[1]:
            found.append(Row(line=line.number, left=cells[0], right=cells[1]))
        else:
            message = "A row of a match table is | left | right |; only the left may be empty."
            draft.error("Q118", message, line.number)
            found.append(Row(line=line.number, left=line.text, right=line.text))
    return found


def accepted(run: Run) -> list[Line]:
    """Return what stands after each = sign."""
    return [Line(line.number, line.text.strip()[1:].strip()) for line in run.lines]


def number_range(text: str) -> tuple[str, str] | None:
    """Return the smallest and largest number that 8, 7..9 or 8 ± 0.5 lets in, or None."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    first = Decimal(match[1].replace("−", "-"))
    second = Decimal((match[3] or match[1]).replace("−", "-"))
    if match[2] in (None, ".."):
        return _plain(first), _plain(second)
    return _plain(first - second), _plain(first + second)


def scale_of(draft: Draft, run: Run) -> Scale | None:
    """Return a scale, or None after noting what is wrong with it."""
    ends = scale_ends(run.lines[0].text.strip())
    if ends is None or len(run.lines) > 1:
        message = "A scale is one line. Make two questions of two scales."
    elif not ends[1] or not ends[3]:
        message = "A scale has words at both ends. Write: 0 not at all … 10 completely"
    elif not 0 < ends[2] - ends[0] < MAX_STEPS:
        message = f"A scale goes up, in {MAX_STEPS} steps at most. Write for example 0 … 10."
    else:
        return Scale(low=ends[0], low_label=ends[1], high=ends[2], high_label=ends[3])
    draft.error("Q120", message, run.line)
    return None


def _is_welcome(draft: Draft, run: Run, place: Place) -> bool:
    if place is Place.QUIZ and run.shape is Shape.SCALE:
        message = f"{draft.name} is a scale, which cannot be marked. Scales are for surveys and "
        draft.error("Q122", f"{message}checks only: move it there.", run.line)
        return False
    survey_shapes = (Shape.CHOICE, Shape.SCALE, Shape.OPEN)
    if place is Place.SURVEY and run.shape not in survey_shapes:
        message = f"{draft.name} has a right answer, and surveys have none. Use - ( ), - [ ], a "
        draft.error("Q122", f"{message}scale or ___.", run.line)
        return False
    return True


def _choosing(draft: Draft, run: Run, place: Place) -> Question | None:
    items = boxed(draft, run)
    is_one = items[0].box == "()"
    if any(item.box != items[0].box for item in items):
        odd = next(item for item in items if item.box != items[0].box)
        message = "Round and square boxes are mixed. Use - ( ) when one choice is right, "
        draft.error("Q117", f"{message}- [ ] when several may be.", odd.line)
        return None
    marked = [item for item in items if item.is_marked]
    _check_several(draft, items, "choices")
    if place is Place.SURVEY:
        for item in marked:
            message = "A survey has no right answers. Take the x out of the box."
            draft.error("Q121", message, item.line)
    elif not marked:
        mark = "- (x)" if is_one else "- [x]"
        many = "the right choice" if is_one else "each right choice"
        message = f"{draft.name} has no right answer. Put an x in the box of {many}: {mark}."
        draft.error("Q104", message)
    elif is_one and len(marked) > 1:
        message = f"{draft.name} has {len(marked)} right answers, and - ( ) means one. Keep one "
        draft.error("Q105", f"{message}x, or write - [ ] and - [x] throughout.")
    choices = tuple(
        Choice(id=str(n), text=item.text, right=item.is_marked, reason=item.reason)
        for n, item in enumerate(items, start=1)
    )
    return _question(draft, Kind.ONE if is_one else Kind.SEVERAL, choices=choices)


def _ordering(draft: Draft, run: Run) -> Question | None:
    items = boxed(draft, run)
    _check_several(draft, items, "steps")
    choices = tuple(
        Choice(id=str(n), text=item.text, reason=item.reason)
        for n, item in enumerate(items, start=1)
    )
    return _question(draft, Kind.ORDER, choices=choices)


def _check_several(draft: Draft, items: list[Boxed], what: str) -> None:
    if len(items) < 2:
        message = f"{draft.name} has one of the {what} only. Write at least two."
        draft.error("Q106", message)
    seen: dict[str, int] = {}
    for item in items:
        if not item.text:
            draft.error("Q107", "There are no words here. Write them or delete it.", item.line)
        elif item.text in seen:
            message = f"“{shown(item.text)}” is already on line {seen[item.text]}. Change one."
            draft.error("Q108", message, item.line)
        seen.setdefault(item.text, item.line)


def _matching(draft: Draft, run: Run) -> Question | None:
    found = rows(draft, run)
    lefts = [row for row in found if row.left]
    if found and len(lefts) < 2:
        message = f"{draft.name} has fewer than two pairs to match. Write at least two."
        draft.error("Q106", message)
    seen: dict[str, int] = {}
    rights = {row.right for row in lefts}
    for row in found:
        if (row.left and row.left in seen) or (not row.left and row.right in rights):
            text = shown(row.left or row.right)
            draft.error("Q108", f"“{text}” is in two rows of this table. Change one.", row.line)
        seen.setdefault(row.left, row.line)
    pairs = tuple(
        Pair(id=str(n), left=row.left, right=row.right) for n, row in enumerate(found, start=1)
    )
    return _question(draft, Kind.MATCH, pairs=pairs) if pairs else None


def _writing(draft: Draft, run: Run) -> Question | None:
    lines = accepted(run)
    for line in lines:
        if not line.text:
            message = "There is no answer after =. Write it or delete the line."
            draft.error("Q127", message, line.number)
    texts = tuple(line.text for line in lines if line.text)
    if len(texts) == 1 and _COMMA.fullmatch(texts[0]):
        message = f"“{texts[0]}” is unclear. Write a decimal point (0.5), and no sign between "
        draft.error("Q119", f"{message}thousands (1000).", run.line)
        return None
    ranges = [number_range(text) for text in texts]
    if len(texts) == 1 and ranges[0]:
        return _numbering(draft, run, *ranges[0])
    if any(found and found[0] != found[1] for found in ranges):
        message = "A range of numbers stands alone. Keep one = line, such as = 7..9."
        draft.error("Q119", message, run.line)
    return _question(draft, Kind.SHORT, accepted=texts) if texts else None


def _numbering(draft: Draft, run: Run, low: str, high: str) -> Question | None:
    if Decimal(low) > Decimal(high):
        message = f"No number is in this range. Write the smaller first: = {high}..{low}."
        draft.error("Q119", message, run.line)
        return None
    return _question(draft, Kind.NUMBER, at_least=low, at_most=high)


def _question(
    draft: Draft,
    kind: Kind,
    *,
    choices: tuple[Choice, ...] = (),
    pairs: tuple[Pair, ...] = (),
    accepted: tuple[str, ...] = (),
    at_least: str = "",
    at_most: str = "",
    scale: Scale | None = None,
) -> Question:
    return Question(
        id=draft.id, kind=kind, text=draft.text, line=draft.first, body=draft.body,
        choices=choices, pairs=pairs, accepted=accepted, at_least=at_least, at_most=at_most,
        scale=scale, all_or_nothing=draft.is_all, reason=draft.reason, was=draft.was,
        file=draft.page.file,
    )  # fmt: skip


def _boxed(draft: Draft, lines: list[Line]) -> Boxed:
    first = lines[0].text.strip()
    match = BOX.fullmatch(first)
    words, box, mark = first, "", ""
    if match:
        words, box, mark = match[4] or "", match[1] + match[3], match[2]
        if box not in ("()", "[]") or mark.strip() not in ("", "x", "X"):
            message = f"“{match[1]}{shown(mark)}{match[3]}” is not a box. Write an x in it, or a "
            draft.error("Q116", f"{message}space: - (x), - ( ), - [x] or - [ ].", lines[0].number)
            box = "()" if match[1] == "(" else "[]"
    elif step := STEP.fullmatch(first):
        words = step[1]
    quoted = next((n for n, line in enumerate(lines) if n and line.text.lstrip()[:1] == ">"), None)
    text = [words, *(line.text.strip() for line in lines[1:quoted])]
    reason = unquoted(lines[quoted:]) if quoted else ""
    return Boxed(
        line=lines[0].number, text=" ".join(text).strip(), reason=reason, box=box, mark=mark
    )


def _is_separator(row: str) -> bool:
    return "-" in row and set(row) <= set(" \t:|-")


def _cells(row: str) -> list[str]:
    text = row.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", text)]


def _plain(number: Decimal) -> str:
    return format(number.normalize() + 0, "f")
