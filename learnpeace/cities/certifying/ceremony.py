"""What is made for a ceremony, and the names of its files. Pure."""

import unicodedata
from enum import StrEnum

LONGEST_NAME = 60  # characters of a file's name: 240 bytes at most, as file systems take
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')


class Made(StrEnum):
    """What a coordinator takes to the ceremony."""

    ZIP = "zip"  # every page as a file
    PDF = "pdf"  # all pages in order, to print
    LIST = "list"  # names, numbers, room for signatures


def file_name(position: int, total: int, name: str) -> str:
    """Return the name of a certificate's file: its place in the list, then the name.

    Two of the same name differ by their place; it also keeps the name from being one that
    Windows reserves.
    """
    digits = len(str(total))
    return f"{position:0{digits}d} {plain(name) or 'certificate'}.pdf"


def plain(name: str) -> str:
    """Return a name as a file may have it, in its own script: no separators, nothing unseen."""
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(" " if _is_unfit(symbol) else symbol for symbol in composed)
    return " ".join(kept.split())[:LONGEST_NAME].strip(" .")


def _is_unfit(symbol: str) -> bool:
    return symbol in _NOT_IN_NAMES or unicodedata.category(symbol) in {"Cc", "Cf", "Cs"}
