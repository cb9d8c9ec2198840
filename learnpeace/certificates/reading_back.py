"""What the words of a PDF say, for who copies them or has them read aloud; in the child process.

A PDF holds glyphs. Most of them tell their letters again. Where marks stand beside letters, or
glyphs are drawn in another order than they are read, the words go with the glyphs as well:

* from left to right, at the glyphs, which is where programs that copy look;
* from right to left, at the element of the page's structure, which is where screen readers
  look. Programs that copy turn right-to-left words around, and would turn ours too.
"""

import unicodedata

import pydyf
from weasyprint.pdf.stream import Stream


def tell(stream: Stream, words: str) -> None:
    """Say what is about to be drawn, where glyphs alone do not; its mark has just begun."""
    mark = stream.stream[-2]
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in words):
        stream.__dict__.setdefault("told", {})[mark["MCID"]] = words
    elif any(_is_unsure(letter) for letter in words):
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


def _is_unsure(letter: str) -> bool:
    """Say whether a letter may be drawn by glyphs that do not tell it again."""
    return (
        "\u0900" <= letter < "\u10a0"
        or "\u1780" <= letter < "\u1800"
        or unicodedata.category(letter) in ("Mn", "Mc", "Me")
        or letter in "\u200c\u200d"
    )
