"""What changed in a module's text, block by block."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from learnpeace.catalog.comparing import opcodes
from learnpeace.catalog.model import (
    Action,
    Block,
    Check,
    Meeting,
    Reflection,
    Text,
    TrackExample,
    Video,
)
from learnpeace.catalog.question_changes import as_written


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChange:
    """One block that is not as it was; `what` is a value of `changes.What`."""

    what: str
    place: str
    before: str = ""
    after: str = ""


def block_changes(before: Sequence[Block], after: Sequence[Block]) -> Iterator[BlockChange]:
    """Yield the blocks that are new, gone or different, in order."""
    old, new = _parts(before), _parts(after)
    here, there = [(p.name, p.text) for p in old], [(p.name, p.text) for p in new]
    for how, a, b, c, d in opcodes(here, there):
        if how != "equal":
            yield from _between(old[a:b], new[c:d])


def place_of(block: Block, number: int) -> str:
    """Return the name of a block within its module: its id, else its number from 1."""
    if isinstance(block, Reflection | Action | Meeting):
        return block.id
    return str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    name: str
    place: str
    text: str
    is_box: bool


def _between(old: "list[_Part]", new: "list[_Part]") -> Iterator[BlockChange]:
    """Pair what has the same name, in order; the rest is new or gone."""
    free: dict[str, deque[_Part]] = {}
    for part in new:
        free.setdefault(part.name, deque()).append(part)
    for then in old:
        today = free[then.name].popleft() if free.get(then.name) else None
        if today is None:
            what = "box removed" if then.is_box else "text"
            yield BlockChange(what=what, place=then.place, before=then.text)
            continue
        if then.text != today.text:
            yield BlockChange(what="text", place=today.place, before=then.text, after=today.text)
    left = {id(part) for parts in free.values() for part in parts}
    for today in (part for part in new if id(part) in left):
        what = "box added" if today.is_box else "text"
        yield BlockChange(what=what, place=today.place, after=today.text)


def _parts(blocks: Sequence[Block]) -> list[_Part]:
    """Return what is compared: a box whole, plain text heading by heading."""
    found: list[_Part] = []
    for number, block in enumerate(blocks, start=1):
        place = place_of(block, number)
        if isinstance(block, Text):
            found.extend(
                _Part(name="text", place=place, text=section, is_box=False)
                for section in _sections(block.markdown)
            )
            continue
        is_box = not isinstance(block, TrackExample)
        found.append(_Part(name=_name(block), place=place, text=_text(block), is_box=is_box))
    return found


def _name(block: Block) -> str:
    match block:
        case TrackExample():
            return f"for {block.track}"
        case Reflection() | Action() | Meeting():
            return f"{type(block).__name__} {block.id}"
        case _:
            return type(block).__name__


def _text(block: Block) -> str:
    match block:
        case Check():
            return "\n\n".join(as_written(question) for question in block.questions)
        case Video():
            head = f"{block.url} {block.minutes} {block.size}"
            return f"{head}\n{block.markdown}\n{block.transcript_markdown}"
        case _:
            return block.markdown


def _sections(markdown: str) -> list[str]:
    sections: list[list[str]] = [[]]
    for line in markdown.splitlines():
        if line.startswith("#") and any(sections[-1]):
            sections.append([])
        sections[-1].append(line)
    return ["\n".join(lines).strip() for lines in sections if any(lines)]
