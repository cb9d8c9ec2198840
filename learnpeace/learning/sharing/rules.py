"""What is shown of a shared text, and to whom it may be quoted. Pure."""

from enum import StrEnum

SHOWN = {"text": 2000, "with_whom": 400, "changed": 600}  # characters, so that pages stay light


class Quote(StrEnum):
    """Whether the city may quote a text; the values stand in the table."""

    NO = ""
    UNNAMED = "unnamed"
    NAMED = "named"


def shown(name: str, text: str) -> str:
    """Return as much of one field of a note as others are shown, with “…” where it goes on."""
    most, text = SHOWN[name], text.strip()
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def is_cut(text: str, with_whom: str, changed: str) -> bool:
    """Say whether others are shown less than all of a note."""
    fields = {"text": text, "with_whom": with_whom, "changed": changed}
    return any(len(words.strip()) > SHOWN[name] for name, words in fields.items())


def has_words(text: str, with_whom: str, changed: str) -> bool:
    """Say whether anything is written in a note."""
    return bool((text + with_whom + changed).strip())
