"""Which passage of a translation is which of its source, and whether it still fits.

A translation's `of:` holds a word for each of its parts, so a part is done when its word is the
fingerprint of the source's part today. `00000000` stands for a part that is not translated yet.
Where an earlier source is known, a stale part is told passage by passage.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum

from learnpeace.catalog.outline import heading
from learnpeace.catalog.passage_files import HEAD, WHOLE, Part, PassageFile, Texts
from learnpeace.catalog.question_passages import Passage
from learnpeace.catalog.translated_passages import paragraphs, read_source
from learnpeace.catalog.translations import UNTOLD

MOST_COMPARED = 1_000_000  # pairs of parts; more is no course, and comparing them would take long


class State(StrEnum):
    """How far a text is translated."""

    DONE = "done"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One passage with its translation, as a translator gets it.

    `previous` is the source that a stale translation was made from, where it is known.
    """

    key: str
    source: str
    translation: str
    state: State
    file: str
    line: int
    passage: Passage
    previous: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A part of the source with the translation's, if any, and the fingerprint that has."""

    source: Part
    told: Part | None
    word: str

    @property
    def state(self) -> State:
        """Say how far the part is translated."""
        told = self.told
        if told is None or self.word == UNTOLD or (self.source.passages and not told.passages):
            return State.MISSING
        return State.DONE if self.word == self.source.fingerprint else State.STALE


@dataclass(slots=True)
class Earlier:
    """Earlier sources of a course, newest first, each of their files read once."""

    texts: Sequence[Texts] = ()
    read: dict[str, dict[str, Part]] = field(default_factory=dict)

    def part(self, file: PassageFile, word: str) -> Part | None:
        """Return the part of a file that had this fingerprint."""
        if file.file not in self.read:
            found = [
                read_source(texts, file.file, file.kind, file.module_id) for texts in self.texts
            ]
            parts = [part for source in found if source for part in source.parts]
            self.read[file.file] = {part.fingerprint: part for part in reversed(parts)}
        return self.read[file.file].get(word)


def paired(source: PassageFile, told: PassageFile | None) -> tuple[Pairing, ...]:
    """Return each part of a source with its translation.

    Boxes and questions find each other by id, texts by the fingerprint they were made from,
    then by their order.
    """
    if told is None:
        return tuple(Pairing(source=part, told=None, word=UNTOLD) for part in source.parts)
    words: Sequence[str] = told.of if len(told.of) == len(told.parts) else [""] * len(told.parts)
    places = _by_fingerprint(source.parts, told.parts, words)
    left = [n for n in range(len(source.parts)) if n not in places]
    free = [n for n in range(len(told.parts)) if n not in places.values()]
    kinds = [source.parts[n].kind for n in left]
    for place, size in _matches(kinds, [told.parts[n].kind for n in free]):
        for step in range(size):
            places[left[place[0] + step]] = free[place[1] + step]
    for n in left:
        same = (m for m in free if told.parts[m].kind == source.parts[n].kind)
        if n not in places and (m := next((m for m in same if m not in places.values()), -1)) >= 0:
            places[n] = m
    return tuple(_pairing(source, told, words, n, places.get(n)) for n in range(len(source.parts)))


def rows_of(
    file: PassageFile,
    pairing: Pairing,
    earlier: Earlier | None = None,
    *,
    whole: bool | None = None,
) -> tuple[Row, ...]:
    """Return a part's passages with their translations.

    A text is cut into paragraphs where source and translation have the same, else it is one
    row; `whole` says so beforehand.
    """
    is_old = pairing.state is State.STALE
    before = earlier.part(file, pairing.word) if earlier and is_old else None
    if not pairing.source.is_text:
        return tuple(_rows(file, pairing, _Cut.of(pairing, before)))
    cut = _Cut.of(pairing, before, by_paragraph=True)
    if whole is False or (whole is None and cut.is_even):
        return tuple(_rows(file, pairing, cut if cut.is_even else replace(cut, told=())))
    return tuple(_rows(file, pairing, _Cut.of(pairing, before)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    source: tuple[Passage, ...]
    told: tuple[Passage, ...]
    before: tuple[Passage, ...] | None

    @classmethod
    def of(cls, pairing: Pairing, before: Part | None, *, by_paragraph: bool = False) -> "_Cut":
        def passages(part: Part | None) -> tuple[Passage, ...]:
            found = part.passages if part else ()
            return tuple(p for one in found for p in paragraphs(one)) if by_paragraph else found

        return cls(
            source=passages(pairing.source),
            told=passages(pairing.told),
            before=passages(before) if before else None,
        )

    @property
    def is_even(self) -> bool:
        """Say whether the translation has the paragraphs of the source that it was made from."""
        made_from = self.source if self.before is None else self.before
        return not self.told or _outline(self.told) == _outline(made_from)


def _outline(passages: Sequence[Passage]) -> list[int]:
    """Return the level of each paragraph that is a heading, and 0 for each other."""
    found = (heading(passage.text.split("\n")[0]) for passage in passages)
    return [level[0] if level else 0 for level in found]


def _rows(file: PassageFile, pairing: Pairing, cut: _Cut) -> Iterator[Row]:
    is_question = pairing.source.kind != HEAD and not pairing.source.is_text
    told = {(p.place if is_question else "", p.name): p.text for p in cut.told}
    since = {(p.place, p.name): p for p in cut.source} if cut.before is None else _since(cut)
    for passage in cut.source:
        then = since.get((passage.place, passage.name))
        text = told.get((then.place if is_question else "", then.name), "") if then else ""
        state = _state(pairing, cut, passage, then, text)
        is_known = state is State.STALE and cut.before is not None
        yield Row(
            key=f"{file.stem}/{passage.place}/{passage.name}", source=passage.text,
            translation="" if pairing.state is State.MISSING and text == passage.text else text,
            state=state, file=file.file, line=passage.line, passage=passage,
            previous=then.text if then and is_known else "",
        )  # fmt: skip


def _state(pairing: Pairing, cut: _Cut, passage: Passage, then: Passage | None, text: str) -> State:
    """Say how far one passage is translated; what its part has not, it has not either."""
    if pairing.state is State.DONE:
        return State.DONE if cut.told or not pairing.source.passages else State.MISSING
    if pairing.state is State.MISSING or not text:
        return State.MISSING
    is_same = cut.before is not None and then is not None and then.text == passage.text
    return State.DONE if is_same else State.STALE


def _since(cut: _Cut) -> dict[tuple[str, str], Passage]:
    """Return for each passage of the source which one it was when it was translated."""
    before = cut.before or ()
    here = [(p.role, p.text) for p in before]
    there = [(p.role, p.text) for p in cut.source]
    found: dict[tuple[str, str], Passage] = {}
    for how, a, b, c, d in SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if how == "equal" or (how == "replace" and b - a == d - c):
            for then, now in zip(before[a:b], cut.source[c:d], strict=True):
                if then.role == now.role:
                    found[now.place, now.name] = then
        elif how == "replace":
            free = list(before[a:b])
            for now in cut.source[c:d]:
                same = next((then for then in free if then.name == now.name), None)
                if same is not None:
                    free.remove(same)
                    found[now.place, now.name] = same
    return found


def _by_fingerprint(
    source: Sequence[Part], told: Sequence[Part], words: Sequence[str]
) -> dict[int, int]:
    waiting: dict[tuple[str, str], list[int]] = {}
    for n, part in enumerate(source):
        waiting.setdefault((part.kind, part.fingerprint), []).append(n)
    places: dict[int, int] = {}
    for m, (part, word) in enumerate(zip(told, words, strict=True)):
        if here := waiting.get((part.kind, word)):
            places[here.pop(0)] = m
    return places


def _matches(here: list[str], there: list[str]) -> Iterator[tuple[tuple[int, int], int]]:
    if here == there or len(here) * len(there) > MOST_COMPARED:
        yield (0, 0), min(len(here), len(there)) if here == there else 0
        return
    for block in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
        yield (block.a, block.b), block.size


def _pairing(
    source: PassageFile, told: PassageFile, words: Sequence[str], n: int, m: int | None
) -> Pairing:
    part = source.parts[n]
    if m is None:
        return Pairing(source=part, told=None, word=UNTOLD)
    word = words[m] or (part.fingerprint if part.fingerprint in told.of else "")
    return Pairing(source=part, told=told.parts[m], word=word)


def by_key(rows: Sequence[Row]) -> Mapping[str, Row]:
    """Return rows by their keys."""
    return {row.key: row for row in rows}


def is_whole(rows: Sequence[Row]) -> bool:
    """Say whether a text stands in one row and not in paragraphs."""
    return len(rows) == 1 and rows[0].passage.name == WHOLE
