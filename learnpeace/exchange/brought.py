"""A question from elsewhere, as its reader understood it, and what it becomes here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from learnpeace.catalog.assets import is_outside
from learnpeace.catalog.markdown_rules import targets
from learnpeace.catalog.model import Choice, Kind, Pair, Question
from learnpeace.catalog.problems import shown
from learnpeace.catalog.shapes import Shape, shape_of
from learnpeace.exchange.markdown_text import Names, cut, one_line, tidy, without_notes
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import body_text, parted, question_text, what_is_wrong

_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\(([^()\n]{0,1000})\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{0,500})\]\(([^()\n]{0,1000})\)")
_COMMA = re.compile(r"([-−]?[0-9]+),([0-9]+)")


@dataclass(slots=True, kw_only=True)
class Brought:
    """One question from elsewhere; its words are Markdown already.

    `name` makes its id; `title` heads it when its words begin with a picture or a list; `stem`
    is the question and all that stands above its answers.
    """

    name: str
    stem: str
    line: int
    kind: Kind
    category: str = ""
    title: str = ""
    choices: list[Choice] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    at_least: str = ""
    at_most: str = ""
    is_all: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtFile:
    """The questions of one source file; `pictures` by the name that their words use."""

    questions: tuple[Brought, ...]
    pictures: dict[str, bytes] = field(default_factory=dict)


def settle(brought: Brought, names: Names, notes: Notes) -> Question | None:
    """Return a question as it stands in our files; None after noting why it cannot."""
    text, body = split_stem(tidy(brought.stem))
    if not text and not body and not brought.name.strip():
        notes.add(brought.line, "This question has no words and was left out.")
        return None
    text = text or one_line(cut(tidy(brought.title or brought.name), 200)) or cut(body) or "?"
    text, moved = _without_pictures(text, notes, brought.line)
    choices, more = _settled_choices(brought, notes)
    pictures = [picture for picture in (*moved, *more) if picture not in body]
    body = "\n\n".join(part for part in (body, *pictures) if part)
    question = Question(
        id="?", kind=brought.kind, text=text, line=brought.line,
        body=body_text(body),
        choices=choices, pairs=_settled_pairs(brought, notes),
        accepted=tuple(dict.fromkeys(one_line(tidy(t)) for t in brought.accepted if t.strip())),
        at_least=brought.at_least, at_most=brought.at_most,
        all_or_nothing=brought.is_all and brought.kind is Kind.SEVERAL,
        reason=_block(brought.reason),
    )  # fmt: skip
    return _checked(_fitted(question, notes), brought, names, notes)


def split_stem(stem: str) -> tuple[str, str]:
    """Return the heading of a question and the words under it.

    The heading is the first paragraph, unless that is a list, a table, code or a picture.
    """
    lines = stem.strip("\n").rstrip().split("\n")
    end = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    first = lines[:end]
    if not first:
        return "", ""
    start = first[0].strip()
    is_block = len(first) > 1 and shape_of(start) is not Shape.PROSE
    has_picture = start.startswith("![") or any(_PICTURE.search(line) for line in first)
    is_code = start.startswith(("```", "~~~")) or first[0].startswith("    ")
    if is_block or has_picture or is_code or _local_links("\n".join(first)):
        return "", "\n".join(lines)
    text = re.sub(r"^#{1,6}\s+", "", one_line("\n".join(first)))
    return text, "\n".join(lines[end:]).strip("\n")


def plain_number(text: str) -> str | None:
    """Return a number as our grammar writes it, or None when it is none."""
    written = _COMMA.sub(r"\1.\2", text.strip().replace("−", "-"))
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 15:
        return None
    plain = format(number.normalize() + 0, "f")
    return plain if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", plain) else None


def _checked(question: Question, brought: Brought, names: Names, notes: Notes) -> Question | None:
    """Take an id for a question that comes back as it is written; note one that does not."""
    trial = replace(question, id="question")
    if what_is_wrong(trial) and _has_note_mark(trial):
        notes.add(brought.line, "Marks of notes, [^1], became plain (1): the notes are not here.")
        trial = _without_note_marks(trial)
    safer = replace(trial, body=parted(trial.body))
    for lighter in (trial, safer, replace(trial, body=""), replace(trial, reason="")):
        if not what_is_wrong(lighter):
            if lighter not in (trial, safer):
                part = "explanation" if lighter.body else "words under its heading"
                notes.add(brought.line, f"The {part} cannot be written in our format; left out.")
            id = names.make(brought.name, cut(question.text), otherwise="question")
            return replace(lighter, id=id)
    wrong = what_is_wrong(trial)
    name = shown(brought.name or question.text, 40)
    notes.add(brought.line, f"“{name}” was left out. {wrong}")
    return None


def _has_note_mark(question: Question) -> bool:
    return "[^" in question_text(question)


def _without_note_marks(question: Question) -> Question:
    return replace(
        question,
        text=without_notes(question.text),
        body=without_notes(question.body),
        reason=without_notes(question.reason),
        choices=tuple(
            replace(c, text=without_notes(c.text), reason=without_notes(c.reason))
            for c in question.choices
        ),
        pairs=tuple(
            replace(p, left=without_notes(p.left), right=without_notes(p.right))
            for p in question.pairs
        ),
    )


def _fitted(question: Question, notes: Notes) -> Question:
    """Return a question whose kind is what its answers look like in our grammar."""
    if question.kind is not Kind.SHORT:
        return question
    accepted = [_COMMA.sub(r"\1.\2", text) if _COMMA.fullmatch(text) else text
                for text in question.accepted]  # fmt: skip
    number = plain_number(accepted[0]) if len(accepted) == 1 else None
    if number is None:
        return replace(question, accepted=tuple(dict.fromkeys(accepted)))
    notes.add(question.line, f"The short answer {number} is marked as a number now.")
    return replace(question, kind=Kind.NUMBER, accepted=(), at_least=number, at_most=number)


def _settled_choices(brought: Brought, notes: Notes) -> tuple[tuple[Choice, ...], list[str]]:
    found: dict[str, Choice] = {}
    moved: list[str] = []
    for choice in brought.choices:
        text, pictures = _without_pictures(one_line(tidy(choice.text)), notes, brought.line)
        moved += pictures
        if not text:
            notes.add(brought.line, "A choice without words was left out.")
        elif text in found:
            notes.add(brought.line, f"The choice “{shown(text)}” stood twice; one was left out.")
        else:
            found[text] = Choice(
                id=str(len(found) + 1), text=text, right=choice.right,
                reason=_block(choice.reason),
            )  # fmt: skip
    return tuple(found.values()), moved


def _settled_pairs(brought: Brought, notes: Notes) -> tuple[Pair, ...]:
    found: list[Pair] = []
    for pair in brought.pairs:
        left, first = _without_pictures(one_line(tidy(pair.left)), notes, brought.line)
        right, second = _without_pictures(one_line(tidy(pair.right)), notes, brought.line)
        if first or second:
            notes.add(brought.line, "A picture in a match was left out; its alt text stays.")
        if not right:
            notes.add(brought.line, f"“{shown(left)}” has nothing to match and was left out.")
        elif left and left in {other.left for other in found}:
            notes.add(brought.line, f"“{shown(left)}” stood twice to match; one was left out.")
        else:
            found.append(Pair(id=str(len(found) + 1), left=left, right=right))
    rights = {pair.right for pair in found if pair.left}
    kept = [pair for pair in found if pair.left or pair.right not in rights]
    return tuple(replace(pair, id=str(n)) for n, pair in enumerate(kept, start=1))


def _without_pictures(text: str, notes: Notes, line: int) -> tuple[str, list[str]]:
    """Return a line without pictures and links to files, and the pictures to put below it."""
    pictures = [match[0] for match in _PICTURE.finditer(text)]
    if pictures:
        notes.add(line, "A picture stood in a choice or a heading; it stands above the choices.")
        text = _PICTURE.sub(r"\1", text)
    if _local_links(text):
        notes.add(line, "A link in a choice or a heading became plain words.")
        text = _LINK.sub(lambda m: m[0] if is_outside(m[2]) else m[1], text)
    return one_line(text), pictures


def _local_links(text: str) -> Sequence[str]:
    return [target for target in targets(text) if not is_outside(target)] if "](" in text else []


def _block(markdown: str) -> str:
    lines = [line.rstrip() for line in tidy(markdown).strip("\n").split("\n")]
    return "\n".join(lines).strip("\n")
