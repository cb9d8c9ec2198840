"""Whether a typed name is the printed one. Pure.

Capitals, spaces, hyphens and apostrophes do not count: they differ between keyboards. Neither
do accents on Latin, Greek and Cyrillic letters, Arabic vowel signs and Hebrew points, which
many phones cannot type. Signs that are part of a word, as in Hindi, Bengali or Thai, count.
"""

import hmac
import unicodedata

LONGEST_TYPED = 300  # characters looked at; a printed name has 100
_FORGIVEN = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")
# Letters that are no letter and mark for Unicode, as people write them without.
_PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ـ": "",
})  # fmt: skip


def is_same_name(typed: str, printed: str) -> bool:
    """Say whether a whole name is the printed one; a part of it is not."""
    found, wanted = _folded(typed), _folded(printed)
    return bool(wanted) and hmac.compare_digest(found.encode(), wanted.encode())


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name[:LONGEST_TYPED].casefold())
    kept, base = [], ""
    for symbol in text:
        category = unicodedata.category(symbol)
        if category.startswith("L"):
            base = unicodedata.name(symbol, "").partition(" ")[0]
        elif category == "Mn" and base in _FORGIVEN:
            continue
        if category[0] in "LMN":
            kept.append(symbol)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_PLAIN)
