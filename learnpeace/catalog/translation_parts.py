"""A part of a translation written anew: its lines, and what `of:` says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learnpeace.catalog.fingerprints import block_fingerprint
from learnpeace.catalog.passage_files import HEAD, WHOLE, Part
from learnpeace.catalog.translation_decisions import Decision
from learnpeace.catalog.translation_rows import Pairing, Row, State
from learnpeace.catalog.translation_writing import (
    head_lines,
    kept_head,
    placeholder,
    question_part_lines,
    settings_lines,
    text_lines,
)
from learnpeace.catalog.translations import UNTOLD

Words = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A part as it shall stand in the file; `word` is its fingerprint in `of:`."""

    lines: Sequence[str]
    word: str
    decisions: Sequence[Decision] = ()

    @property
    def is_new(self) -> bool:
        """Say whether anything of it changes."""
        return any(one.is_new for one in self.decisions)

    @property
    def changed(self) -> list[Decision]:
        """Return the passages that change."""
        return [one for one in self.decisions if one.is_new]

    @property
    def expected(self) -> dict[tuple[str, str], str]:
        """Return what reading the part must give, if it is new: text in one, not in paragraphs."""
        found: dict[tuple[str, str], str] = {}
        for one in self.decisions if self.is_new else ():
            passage = one.row.passage
            if passage.role == "p":
                before = found.get((passage.place, WHOLE))
                text = one.text or one.row.source
                found[passage.place, WHOLE] = text if before is None else f"{before}\n\n{text}"
            elif one.is_new:
                found[passage.place, passage.name] = one.text
        return found


def written(pairing: Pairing, decisions: Sequence[Decision]) -> Written:
    """Return a part with its new words, or as it is when there are none."""
    rows = [one.row for one in decisions]
    if any(one.is_new for one in decisions):
        words = {(one.row.passage.place, one.row.passage.name): one.text for one in decisions}
        word = _word(pairing, decisions)
        return Written(lines=_lines(pairing, words, rows), word=word, decisions=decisions)
    told = pairing.told
    if told is None:
        word = UNTOLD if rows else pairing.source.fingerprint
        return Written(lines=_lines(pairing, {}, rows), word=word)
    return Written(lines=told.lines, word=pairing.word or _stale_word(told))


def written_head(
    lines: Sequence[str], pairing: Pairing, part: Written, of: Sequence[str]
) -> Sequence[str]:
    """Return a module's settings: as they are but for `of:` when no word of them changes."""
    kept = kept_head(lines, of) if not part.is_new else None
    if kept:
        return kept
    words = {p.name: p.text for p in (pairing.told.passages if pairing.told else ())}
    words |= {one.row.passage.name: one.text for one in part.decisions}
    sources = {p.name: p.text for p in pairing.source.passages if p.role == "objective"}
    if any(words.get(name) for name in sources):  # all of them or none
        words = sources | {name: text for name, text in words.items() if text}
    return head_lines(of, lambda _place, name: words.get(name, ""), len(sources))


def written_settings(part: Written, of: Sequence[str]) -> list[str]:
    """Return course.yaml's texts in another language."""
    words = {one.row.passage.name: one.text for one in part.decisions}
    return settings_lines(of, words)


def _word(pairing: Pairing, decisions: Sequence[Decision]) -> str:
    """Return what `of:` says of a part that changes."""
    if all(one.is_whole for one in decisions):
        return pairing.source.fingerprint
    if pairing.state is State.STALE:
        return pairing.word or _stale_word(pairing.source)
    return _stale_word(pairing.source) if all(one.text for one in decisions) else UNTOLD


def _stale_word(part: Part) -> str:
    """Return a fingerprint that no source has, for words whose source is not known."""
    return block_fingerprint(f"before {part.fingerprint}")


def _lines(pairing: Pairing, words: Words, rows: Sequence[Row]) -> Sequence[str]:
    """Return a part's lines: these words, and the source's where there must be some."""
    part = pairing.source
    if part.kind == HEAD:
        return []
    opening = pairing.told.opening if pairing.told and words else part.opening
    if part.is_text:
        is_box = bool(part.opening) and not part.kind.startswith("video")
        if not words:
            whole = part.passages[0].text if part.passages and not is_box else ""
            return text_lines(part, opening, whole)
        texts = (words[row.passage.place, row.passage.name] or row.source for row in rows)
        return text_lines(part, opening, "\n\n".join(texts))
    further = pairing.told.passages if pairing.told else ()  # a reason the source has not
    instead = {(p.place, p.name): p.text for p in further}
    instead |= {(p.place, p.name): placeholder(p) for p in part.passages}
    empty = {(row.passage.place, row.passage.name) for row in rows
             if row.state is State.DONE and not row.translation}  # fmt: skip

    def said(place: str, name: str) -> str:
        text = words.get((place, name), "")
        return text if text or (place, name) in empty else instead.get((place, name), "")

    return question_part_lines(part, opening, said)
