"""An author's Markdown as the words a reader meets, for the checker's advice.

Line by line and with bounded patterns: this is counting, not rendering, and stays quick on
any text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from learnpeace.catalog.outline import fences, heading

# Languages written without spaces between words; their words cannot be counted this way.
_UNSPACED = frozenset({"bo", "dz", "ja", "km", "lo", "my", "th", "yue", "zh"})

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PICTURE = re.compile(r"!\[[^\[\]]{0,400}\]\([^()]{0,400}\)")
_LINK = re.compile(r"\[([^\[\]]{0,400})\]\([^()]{0,400}\)")
_ADDRESS = re.compile(r"https?://[^\s<>]{1,400}|\[\^[^\[\]\s]{1,40}\]:?")
_CODE = re.compile(r"(?<!`)`[^`]{1,400}`(?!`)")
_ITEM = re.compile(r"\s{0,12}(?:[-*+]|[0-9]{1,9}[.)])\s+")
_ROW = re.compile(r"\s{0,12}\|")
_NOT_PROSE = re.compile(r"\s{0,12}\|| {0,3}>")


@dataclass(slots=True)
class Paragraph:
    """Neighbouring lines of prose or of a list; a list's items are sentences of their own."""

    line: int
    sentences: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the words, one line for each item."""
        return "\n".join(self.sentences)


def has_spaces(language: str) -> bool:
    """Say whether words of this language stand apart, so that they can be counted."""
    return language.split("-", maxsplit=1)[0] not in _UNSPACED


def words(text: str) -> list[str]:
    """Return the words of a plain text."""
    return _WORD.findall(text)


def plain(line: str) -> str:
    """Return a line without pictures, addresses, code and the signs of Markdown."""
    line = _PICTURE.sub(" ", line)
    line = _LINK.sub(r"\1", line)
    return _CODE.sub(" ", _ADDRESS.sub(" ", line)).replace("*", "")


def word_count(lines: Sequence[str]) -> int:
    """Count the words of some lines, headings and tables included, code left out."""
    code = fences(lines).code
    return sum(
        len(words(plain(line))) for line, is_code in zip(lines, code, strict=True) if not is_code
    )


def row_count(lines: Sequence[str]) -> int:
    """Count the rows of tables."""
    return sum(1 for line in lines if _ROW.match(line))


def paragraphs(lines: Sequence[str], first: int) -> Iterator[Paragraph]:
    """Yield the author's own paragraphs and lists, without quotes.

    `first` is the page's line of `lines[0]`.
    """
    code = fences(lines).code
    here: Paragraph | None = None
    for number, line in enumerate(lines):
        if code[number] or not line.strip() or _NOT_PROSE.match(line) or heading(line):
            if here:
                yield here
            here = None
            continue
        here = here or Paragraph(first + number)
        item = _ITEM.match(line)
        text = plain(line[item.end() :] if item else line).strip()
        if item or not here.sentences:
            here.sentences.append(text)
        else:
            here.sentences[-1] += f" {text}"
    if here:
        yield here
