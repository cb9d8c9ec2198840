"""Which script and language the letters of a name or a title belong to, and how wide they are.

The language chooses the face. Where letters alone do not tell (Han, Arabic), the language of
the page and the country of the city do. Pure.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

# The language that chooses the face for a script; und (undetermined) takes the Latin one.
_LANGUAGES = {
    "ARABIC": "ar", "HEBREW": "he", "DEVANAGARI": "hi", "ETHIOPIC": "am", "THAI": "th",
    "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml",
    "GUJARATI": "gu", "GURMUKHI": "pa", "SINHALA": "si", "ORIYA": "or", "GEORGIAN": "ka",
    "ARMENIAN": "hy", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "TIBETAN": "bo",
    "THAANA": "dv", "SYRIAC": "syr", "NKO": "nqo", "ADLAM": "ff", "TIFINAGH": "zgh",
    "CHEROKEE": "chr", "CANADIAN": "iu", "MONGOLIAN": "mn", "OL": "sat", "JAVANESE": "jv",
    "BALINESE": "ban", "SUNDANESE": "su", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko",
    "BOPOMOFO": "zh-Hant", "CJK": "zh-Hans",
}  # fmt: skip
_URDU = frozenset("ٹڈڑںےہۓۃ")  # only in Urdu and its neighbours, which use the same hand
_PERSIAN = frozenset("پچژگکی")
_COUNTRIES = {
    "TW": "zh-Hant", "HK": "zh-HK", "MO": "zh-HK", "CN": "zh-Hans", "SG": "zh-Hans",
    "MY": "zh-Hans", "JP": "ja", "KR": "ko", "KP": "ko",
}  # fmt: skip
# How much room a line needs, where it is more than the Latin 1.3 of its letters' size.
_LEADINGS = {
    "ur": 2.3, "ar": 1.65, "fa": 1.65, "hi": 1.6, "th": 1.65, "bn": 1.6, "te": 1.7, "kn": 1.7,
    "ml": 1.6, "gu": 1.6, "pa": 1.6, "si": 1.6, "or": 1.6, "km": 1.8, "lo": 1.7, "my": 1.9,
    "bo": 1.8, "dv": 1.7,
}  # fmt: skip
_NARROW, _WIDE = frozenset("ijlIftr1.,:;'’‘-()| "), frozenset("mwMWÆŒ@—")
_EMS = {"ARABIC": 0.6, "HEBREW": 0.62, "ETHIOPIC": 0.85, "THAI": 0.62, "MYANMAR": 1.0,
        "KHMER": 0.75, "TAMIL": 0.95, "MALAYALAM": 0.95, "TELUGU": 0.85, "KANNADA": 0.9,
        "SINHALA": 0.9, "DEVANAGARI": 0.66, "BENGALI": 0.72, "GURMUKHI": 0.66}  # fmt: skip


def script(text: str) -> str:
    """Return the script of a text, as Unicode names it: the first letter's.

    Han characters are Japanese beside kana and Korean beside hangul, else Chinese.
    """
    scripts = [script_of(symbol) for symbol in text if unicodedata.category(symbol)[0] == "L"]
    if not scripts:
        return "LATIN"
    if scripts[0] in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL"):
        beside = [name for name in ("HIRAGANA", "KATAKANA", "HANGUL") if name in scripts]
        return beside[0] if beside else "CJK"
    return scripts[0]


def language_of(text: str, *, page: str = "", country: str = "") -> str:
    """Return the language code that makes this text print in the right face.

    `page` is the language of the page, `country` two letters: they decide what is left open.
    """
    name = script(text)
    if name == "CJK":
        return _han(text, page=page, country=country)
    if name == "ARABIC":
        if set(text) & _URDU or page == "ur" or country == "PK":
            return "ur"
        return "fa" if set(text) & _PERSIAN or page == "fa" else "ar"
    return _LANGUAGES.get(name, "und")


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" for a text, by its first letter."""
    kinds = (
        unicodedata.bidirectional(symbol)
        for symbol in text
        if unicodedata.category(symbol)[0] == "L"
    )
    return "rtl" if next(kinds, "L") in ("R", "AL") else "ltr"


def leading_of(language: str) -> float:
    """Return how high a line of this language is, in sizes of its letters."""
    return _LEADINGS.get(language, 1.3)


def ems_of(text: str) -> float:
    """Return about how wide a text is, in sizes of its letters, rather too much than too little."""
    return sum(_ems(symbol) for symbol in text)


def _han(text: str, *, page: str, country: str) -> str:
    """Tell Chinese of the mainland, of Taiwan and of Hong Kong, Japanese and Korean apart.

    The old character sets of each place know the letter forms that are its own.
    """
    letters = [symbol for symbol in text if unicodedata.category(symbol)[0] == "L"]
    only = {
        "zh-Hant": sum(_in("big5")(one) and not _in("gb2312")(one) for one in letters),
        "zh-Hans": sum(_in("gb2312")(one) and not _in("big5")(one) for one in letters),
        "ja": sum(
            _in("cp932")(one) and not (_in("gb2312")(one) or _in("big5")(one)) for one in letters
        ),
    }
    if page in ("ja", "ko") or country in ("JP", "KR", "KP"):
        return page if page in ("ja", "ko") else _COUNTRIES[country]
    there = _COUNTRIES.get(country, "")
    if there:
        del only["ja"]
    most = max(only, key=lambda code: only[code])
    if not only[most]:
        return there or (page if page.startswith("zh-") else "zh-Hans")
    return there if most == "zh-Hant" and there == "zh-HK" else most


def _in(charset: str) -> Callable[[str], bool]:
    def is_in(symbol: str) -> bool:
        return bool(symbol.encode(charset, "ignore"))

    return is_in


@lru_cache(maxsize=4096)
def script_of(symbol: str) -> str:
    """Return the script of one letter or mark, as Unicode names it."""
    name = unicodedata.name(symbol, "").removeprefix("HALFWIDTH ")
    return name.split(" ")[0].removesuffix("-1").split("-")[0]


def _ems(symbol: str) -> float:
    if unicodedata.category(symbol) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(symbol) in "WF":
        return 1.0
    if symbol in _NARROW:
        return 0.34
    if symbol in _WIDE:
        return 1.0
    if not symbol.isascii() and (width := _EMS.get(script_of(symbol))):
        return width
    return 0.7 if symbol.isupper() else 0.57
