"""Which letters the bytes of a text file mean. Pure."""

import codecs
import unicodedata
from collections.abc import Sequence

from charset_normalizer import from_bytes

WINDOWS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
           "cp1258", "cp874")  # fmt: skip
OF_LANGUAGES = {
    "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "he": "cp1255", "ru": "cp1251",
    "uk": "cp1251", "bg": "cp1251", "sr": "cp1251", "el": "cp1253", "tr": "cp1254",
    "pl": "cp1250", "cs": "cp1250", "hu": "cp1250", "hr": "cp1250", "ro": "cp1250",
    "lt": "cp1257", "lv": "cp1257", "et": "cp1257", "vi": "cp1258", "th": "cp874",
}  # fmt: skip
NEARLY = 0.02  # of disorder: two readings this close are equally good
ALL_SMALL = 0.05  # of disorder: names without a single capital
TORN = 0.02  # of control characters: more of them is no text
SAMPLE = 100_000  # bytes
TELLING = 5_000  # of them, where each letter is looked at


def text_of(data: bytes, spoken: Sequence[str]) -> str | None:
    """Return a file's text, or None when it is none.

    UTF-8 with and without a mark, UTF-16 of both orders with and without one, and the pages
    of Windows. Where two pages read equally well, the one of a language the city speaks wins.
    """
    text = _unicode(data)
    if text is None and b"\x00" not in data[:SAMPLE]:
        text = _windows(data, spoken)
    return text if text is not None and _is_text(text) else None


def _unicode(data: bytes) -> str | None:
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if b"\x00" in data[:SAMPLE]:
        return _unmarked_utf_16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _unmarked_utf_16(data: bytes) -> str | None:
    """Read by where the zeros of spaces, commas and line ends are: before or after."""
    even, odd = data[:SAMPLE:2].count(0), data[1:SAMPLE:2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return None
    return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")


def _windows(data: bytes, spoken: Sequence[str]) -> str:
    likely = dict.fromkeys([*(OF_LANGUAGES.get(code, "cp1252") for code in spoken), *WINDOWS])
    # Only what is not ASCII tells pages apart, and looking at it alone is fast.
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:SAMPLE]
    found = list(from_bytes(telling, cp_isolation=list(WINDOWS)))
    disorder = {match.encoding: match.chaos for match in found}
    for match in found:  # pages that read the same are told once
        disorder |= dict.fromkeys(match.could_be_from_charset, match.chaos)
    disorder = {page: chaos + _torn(telling, page) for page, chaos in disorder.items()}
    least = min(disorder.values(), default=0.0)
    best = next(
        (page for page in likely if disorder.get(page, 9.0) <= least + NEARLY), next(iter(likely))
    )
    return data.decode(best, "replace")


def _torn(telling: bytes, page: str) -> float:
    """Return how many of a page's letters no writer would set so: capitals inside words, signs.

    Read with the wrong page, a script without capitals becomes one that mixes them.
    """
    text = telling[:TELLING].decode(page, "replace")
    strange = [place for place, c in enumerate(text) if not c.isascii()]
    wrong = sum(
        (text[place].isupper() and text[place - 1 : place].islower())
        or unicodedata.category(text[place])[0] not in "LMPZ"
        for place in strange
    )
    begins = [text[place] for place in strange if not text[place - 1 : place].isalpha()]
    small = any(map(str.islower, begins)) and not any(map(str.isupper, begins))  # names are not
    return wrong / len(strange) + small * ALL_SMALL if strange else 0.0


def _is_text(text: str) -> bool:
    sample = text[:SAMPLE]
    torn = sum(c < " " and c not in "\t\r\n\f\v\x1c\x1d" for c in sample) + sample.count("\ufffd")
    return torn <= len(sample) * TORN
