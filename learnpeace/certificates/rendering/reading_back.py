"""What the words of a PDF say, for who copies them or has them read aloud; in the child process.

A PDF holds glyphs. Most of them tell their letters again. Where marks stand beside letters, or
glyphs are drawn in another order than they are read, the words go with the glyphs as well:

* from left to right, at the glyphs (ActualText), which is where programs that copy look;
* from right to left, at the element of the page's structure, which is where screen readers
  look. Programs that copy turn right-to-left words around, and would turn ours too. For them
  each letter is written once more, as a glyph without a shape, and the glyphs that are seen
  say nothing (`carry`).

What the programs do, as of pdfium 8149 and poppler 22: pdfium takes the letters of one string as
they come, whatever their places, then turns them around by its own rules (`reading_orders.py`); it
passes over strings without width and over ActualText that holds no visible letter. Poppler sorts
letters by their places, turns them around from the page's main direction, and gives a space
after right-to-left words to those: an unseen mark of direction keeps it in its place.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pydyf
from weasyprint.draw import text as drawing
from weasyprint.pdf.stream import Stream
from weasyprint.text.ffi import ffi, pango

from learnpeace.certificates.rendering import reading_orders as orders

SILENT = "\u2060"  # what a glyph says whose letter is told elsewhere; it is not seen
CARRIER = "told"
WIDTH = 100  # of a letter without shape; pdfium takes lines of wider ones for one line
INK = "ink"
NOTHING = pydyf.String("\n")  # programs that copy drop it; an empty one they would overlook
_RTL = re.compile("[\u0590-\u07bf\ufb1d-\ufefc]")  # what poppler takes for right-to-left
_LTR = re.compile("[A-Za-z\u00c0-\u058f\u0900-\u1fff\u3040-\ud7ff]")
_draw = drawing.draw_first_line


@dataclass(slots=True, kw_only=True)
class Reading:
    """What is told in one document: codes of carried letters, and fonts that say nothing."""

    is_rtl: bool
    codes: dict[str, int] = field(default_factory=dict)
    inks: dict[str, dict[int, str]] = field(default_factory=dict)  # letters of glyphs, by font


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one font and direction: letters by number, and which glyphs draw which."""

    numbers: tuple[int, ...]
    clusters: tuple[tuple[tuple[int, ...], str], ...]
    is_rtl: bool
    font: Any


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def document(text: str) -> Iterator[Reading]:
    """Tell the words of all that is drawn meanwhile; `text` is all there is."""
    reading = Reading(is_rtl=len(_RTL.findall(text)) > len(_LTR.findall(text)))
    token = _reading.set(reading)
    try:
        yield reading
    finally:
        _reading.reset(token)


def tell(stream: Stream, words: str) -> None:
    """Say what is about to be drawn, where glyphs alone do not; its mark has just begun."""
    mark = stream.stream[-2]
    if orders.is_rtl(words):
        stream.__dict__.setdefault("told", {})[mark["MCID"]] = words
    elif any(orders.is_unsure(letter) for letter in words):
        mark["ActualText"] = pydyf.String(words)


def tell_elements(file: pydyf.PDF) -> None:
    """Write right-to-left words at the elements of the page's structure."""
    told: dict[int, str] = {}
    for item in file.objects:
        told.update(getattr(item, "told", {}))
    for item in file.objects if told else ():
        if isinstance(item, dict) and item.get("Type") == "/StructElem" and item["S"] == "/Span":
            held = item["K"][0] if len(item["K"]) == 1 else None
            if held in told:
                item["ActualText"] = pydyf.String(told[held])


def draw_first_line(
    stream: Stream, box: Any, overflow: str, ellipsis: object, matrix: Any
) -> list[Any]:
    """Draw a line; where its glyphs do not tell right-to-left words, letters without shape do."""
    reading = _reading.get()
    is_cut = overflow == "ellipsis" or ellipsis != "none"
    if not reading or stream._tags is None or is_cut or not orders.is_rtl(box.text):
        return list(_draw(stream, box, overflow, ellipsis, matrix))
    words, runs = _line_of(stream, box)
    seen = [number for run in runs for number in run.numbers]
    order = orders.order_for_pdfium(words, seen)
    places = seen if reading.is_rtl else orders.places_on_ltr_page(words)
    is_plain = _tells_itself(words, runs)
    if is_plain and order == seen == places:
        return list(_draw(stream, box, overflow, ellipsis, matrix))
    left, base = matrix.values[4:]
    line = Line(left=left, base=base, width=box.width, size=box.style["font_size"])
    carry(stream, reading, words, order, places, line)
    with _silent(stream, reading):
        return list(_draw(stream, box, overflow, ellipsis, matrix))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where a line of text stands, in the stream's own measure."""

    left: float
    base: float
    width: float
    size: float


def carry(
    stream: Stream,
    reading: Reading,
    words: str,
    order: Sequence[int],
    places: Sequence[int | str],
    line: Line,
) -> None:
    """Write letters without a shape over the width of a line, and marks of direction.

    All letters are one string, in the `order` of pdfium, each at its place for poppler.
    """
    step = line.width / len(words)
    stream.set_font_size(CARRIER, line.size)
    letters = [place for place in places if isinstance(place, int)]
    slots = {number: slot for slot, number in enumerate(letters)}
    passed = 0
    for place in places:
        if isinstance(place, int):
            passed += 1
        else:
            _show(stream, line, passed * step, 0.01, f"<{_code(reading, place)}>")
    shown, slot = "", 0
    for number in order:
        jump = slot - slots[number]
        shown += f"{jump * WIDTH} " if jump else ""
        shown += f"<{_code(reading, words[number])}>"
        slot = slots[number] + 1
    _show(stream, line, 0, step / line.size * 100_000 / WIDTH, shown.replace("><", ""))
    stream.stream.append(b"100 Tz")


def _show(stream: Stream, line: Line, x: float, stretch: float, shown: str) -> None:
    stream.set_text_matrix(1, 0, 0, -1, line.left + x, line.base)
    stream.stream.append(f"{stretch:.3f} Tz".encode())
    stream.show_text(shown)


def _code(reading: Reading, letter: str) -> str:
    return f"{reading.codes.setdefault(letter, len(reading.codes) + 1):04x}"


@contextmanager
def _silent(stream: Stream, reading: Reading) -> Iterator[None]:
    """Draw with fonts whose glyphs say nothing."""

    class Silent:
        """A font of WeasyPrint's under another name."""

        def __init__(self, font: Any) -> None:
            self.font, self.hash = font, font.hash + INK
            reading.inks[font.hash] = font.to_unicode

        def __getattr__(self, name: str) -> Any:
            return getattr(self.font, name)

    def add_font(pango_font: object) -> tuple[Silent, float]:
        font, size = Stream.add_font(stream, pango_font)
        return Silent(font), size

    stream.add_font = add_font
    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": NOTHING}))
    try:
        yield
    finally:
        del stream.add_font
        stream.end_marked_content()


def _line_of(stream: Stream, box: Any) -> tuple[str, list[Run]]:
    """Return the words of a line, and its runs from left to right."""
    pango.pango_layout_set_single_paragraph_mode(box.pango_layout.layout, True)
    line, _ = box.pango_layout.get_first_line()
    written = box.pango_layout.text.encode()
    items, link = [], line.runs[0]
    while link != ffi.NULL:
        items.append(link.data)
        link = link.next
    words, numbers = "", {}
    for item in sorted(items, key=lambda item: item.item.offset):
        part = written[item.item.offset : item.item.offset + item.item.length].decode()
        numbers[item.item.offset] = tuple(range(len(words), len(words) + len(part)))
        words += part
    runs: list[Run] = []
    for item in items:
        is_rtl, own = bool(item.item.analysis.level % 2), numbers[item.item.offset]
        font, _ = stream.add_font(item.item.analysis.font)
        clusters = tuple(_clusters(item, written))
        runs.append(Run(own[::-1] if is_rtl else own, clusters, is_rtl, font))
    return words, runs


def _clusters(item: Any, written: bytes) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield which glyphs draw which letters, from left to right."""
    first, length = item.item.offset, item.item.length
    starts = item.glyphs.log_clusters[0 : item.glyphs.num_glyphs]
    ends = dict(zip(sorted(set(starts)), [*sorted(set(starts))[1:], length], strict=True))
    glyphs = item.glyphs.glyphs[0 : item.glyphs.num_glyphs]
    for start, pairs in groupby(zip(starts, glyphs, strict=True), key=lambda pair: pair[0]):
        letters = written[first + start : first + ends[start]].decode()
        yield tuple(info.glyph for _, info in pairs), letters


def _tells_itself(words: str, runs: Sequence[Run]) -> bool:
    """Say whether each glyph draws one letter and no glyph two; note which letter it is."""
    is_plain = not any(orders.is_unsure(letter) for letter in words)
    for run in runs:
        known = run.font.to_unicode
        for glyphs, letters in run.clusters:
            if max(glyphs) >= pango.PANGO_GLYPH_EMPTY:  # no glyph, or one that is missing
                is_plain = False
            elif len(glyphs) == 1 and (len(letters) == 1 or not run.is_rtl):
                if known.get(glyphs[0], SILENT) == SILENT:
                    known[glyphs[0]] = letters
                is_plain &= known[glyphs[0]] == letters
            else:
                is_plain = False
                for glyph in glyphs:
                    known.setdefault(glyph, SILENT)
    return is_plain
