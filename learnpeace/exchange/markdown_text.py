"""Small dealings with Markdown: plain text kept plain, paragraphs, one-line texts."""

import re
import unicodedata
from collections.abc import Callable

from learnpeace.catalog.fields import MAX_ID, id_from, is_id
from learnpeace.catalog.outline import fences

_SIGNS = re.compile(
    r"(?P<sign>[*`]|(?<![\w_])_(?!_)|(?<!_)_(?![\w_])|\\(?=[!-/:-@\[-`{-~])|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w{1,31};)|~(?=~)|!?\[(?=[^\[\]\n]{0,500}\][(\[:]|\^))"
)
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?=[ \t]|$)", re.MULTILINE)
_CODE_SPAN = re.compile(r"(?<!`)(`{1,20})(?!`)(.{1,2000}?)(?<!`)\1(?!`)", re.DOTALL)
_NOTE = re.compile(r"\\?\[\^([^\]\s]{1,40})\]")
_LINE_ENDS = re.compile("\r\n|\r")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")


def tidy(text: str) -> str:
    """Return a text with plain line ends and without signs that nobody sees."""
    return _INVISIBLE.sub(" ", _LINE_ENDS.sub("\n", text.removeprefix("\ufeff")))


def escaped(text: str) -> str:
    """Return plain text as Markdown that shows the very same signs."""
    return _HEADING.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<sign>", text))


def from_plain(text: str) -> str:
    """Return plain text as Markdown: its signs and its line ends are kept."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", text.strip())
    broken = (
        "\\\n".join(line.strip() for line in escaped(paragraph).split("\n"))
        for paragraph in paragraphs
    )
    return "\n\n".join(broken)


def without_notes(markdown: str) -> str:
    """Return a text whose [^1] marks without a note at the foot are plain (1)."""
    return _NOTE.sub(r"(\1)", markdown) if "[^" in markdown else markdown


def one_line(markdown: str) -> str:
    """Return a text on one line; line ends and hard breaks become spaces."""
    *most, last = markdown.strip().split("\n")
    lines = [re.sub(r"(?<!\\)((?:\\\\)*)\\$", r"\1", line.rstrip()) for line in most]
    return " ".join(" ".join([*lines, last]).split())


def outside_code(markdown: str, change: Callable[[str], str]) -> str:
    """Return a text with its stretches that are not code changed."""
    return outside_fences(markdown, lambda part: _outside_spans(part, change))


def outside_fences(markdown: str, change: Callable[[str], str]) -> str:
    """Return a text with its stretches changed that stand in no block of code."""
    lines = markdown.split("\n")
    code = fences(lines).code
    parts: list[str] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or code[index] != code[start]:
            part = "\n".join(lines[start:index])
            parts.append(part if code[start] else change(part))
            start = index
    return "\n".join(parts)


def without_gaps(markdown: str) -> str:
    """Return a text without several empty lines in a row."""
    return outside_fences(markdown, lambda text: re.sub(r"\n{3,}", "\n\n", text))


def line_in(markdown: str, fragment: str, first: int) -> int:
    """Return the line a fragment of a text stands on; `first` is that of the text."""
    return first + markdown.count("\n", 0, max(markdown.find(fragment), 0))


def closed(markdown: str) -> str:
    """Return a text whose last code fence is closed."""
    lines = markdown.split("\n")
    opened = fences(lines).unclosed
    if opened is None:
        return markdown
    sign = lines[opened].strip()
    return f"{markdown}\n{sign[: len(sign) - len(sign.lstrip(sign[0]))]}"


def cut(text: str, limit: int = 60) -> str:
    """Return the first words of a text, without Markdown's signs."""
    words = re.sub(r"!?\[([^\[\]]{0,300})\]\([^()]{0,500}\)", r"\1", one_line(text[:2000]))
    words = re.sub(r"[\\*`<>\[\]{}#]", "", words).strip()
    if len(words) <= limit:
        return words
    return words[:limit].rpartition(" ")[0].rstrip(" ,.;:") or words[:limit]


class Names:
    """Makes ids that nothing else has, the same for the same source each time."""

    def __init__(self, taken: frozenset[str] | set[str] = frozenset()) -> None:
        self.taken = set(taken)

    def make(self, *texts: str, otherwise: str) -> str:
        """Return an id from the first text that has letters a–z, and take it."""
        near = next((id for text in texts if (id := _near(text))), otherwise)
        id, number = near, 1
        while id in self.taken:
            number += 1
            id = f"{near[: MAX_ID - 6].rstrip('-')}-{number}"
        self.taken.add(id)
        return id


def _near(text: str) -> str:
    if is_id(text):
        return text
    letters = unicodedata.normalize("NFKD", text.replace("’", "").replace("'", ""))
    near = id_from("".join(c for c in letters[:200] if not unicodedata.combining(c)))
    return near if len(near) <= 48 else near[:48].rpartition("-")[0].rstrip("-") or near[:48]


def _outside_spans(text: str, change: Callable[[str], str]) -> str:
    parts: list[str] = []
    end = 0
    for match in _CODE_SPAN.finditer(text):
        parts += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, change(text[end:])])
