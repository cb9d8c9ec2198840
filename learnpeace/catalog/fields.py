"""Settings typed by us, key by key, each wrong one named with its line and a remedy."""

import re
from collections.abc import Mapping as Dict
from enum import StrEnum
from typing import TypeVar

from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import listed, shown
from learnpeace.catalog.yaml_text import Mapping, Node, Scalar, Sequence

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ID = 64
WHOLE = re.compile(r"[0-9]{1,9}")
E = TypeVar("E", bound=StrEnum)


class Fields:
    """One mapping of settings, asked for by name.

    `advice` says for some names why they do not belong here; any other unknown name gets
    the nearest known one.
    """

    def __init__(
        self, page: Page, mapping: Mapping, known: tuple[str, ...],
        *, letter: str = "", advice: Dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.page = page
        self.mapping = mapping
        self.letter = letter or page.area
        for key, line in mapping.key_lines.items():
            if key not in known:
                self._unknown(key, line, known, advice or {})

    def line(self, key: str) -> int:
        """Return the line of a setting, or of its mapping when it is absent."""
        return self.mapping.key_lines.get(key, self.mapping.line)

    def has(self, key: str) -> bool:
        """Say whether a setting is given and not empty."""
        node = self.mapping.entries.get(key)
        return node is not None and not (isinstance(node, Scalar) and not node.text.strip())

    def need(self, key: str, remedy: str) -> bool:
        """Say whether a setting is given, and ask for it when it is not."""
        if not self.has(key):
            self.page.error(self.line(key), f"{self.letter}002", f"“{key}” is missing. {remedy}")
        return self.has(key)

    def text(self, key: str, default: str = "") -> str:
        """Return a text setting on one line."""
        node = self.mapping.entries.get(key)
        if node is None or not self.has(key):
            return default
        if isinstance(node, Scalar):
            return " ".join(node.text.split())
        self._wrong(node.line, f"“{key}” is one text. Write it as {key}: text")
        return default

    def scalars(self, key: str) -> tuple[Scalar, ...]:
        """Return a list of texts with their lines; a single text is a list of one."""
        node = self.mapping.entries.get(key)
        if node is None or not self.has(key):
            return ()
        if isinstance(node, Scalar):
            return (node,)
        if isinstance(node, Mapping):
            self._wrong(node.line, f"“{key}” is a list. Write one “- text” on each line.")
            return ()
        return tuple(
            item for item in node.items if self._is_text(key, item) and isinstance(item, Scalar)
        )

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(" ".join(scalar.text.split()) for scalar in self.scalars(key))

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number between `low` and `high`."""
        text = self.text(key)
        if not text:
            return default
        if WHOLE.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        message = f"“{key}” is a whole number from {low} to {high}, not “{shown(text)}”."
        self.page.error(self.line(key), f"{self.letter}004", message)
        return default

    def one_of(self, key: str, values: type[E], default: E) -> E:
        """Return one of the words of an enumeration."""
        text = self.text(key)
        return self.word(text, self.line(key), values, key) or default if text else default

    def word(self, text: str, line: int, values: type[E], key: str) -> E | None:
        """Return a word of an enumeration, or None after noting the known ones."""
        words = [str(value.value) for value in values]
        if text in words:
            return values(text)
        near = self.page.near(text, words) or f" Write {listed(words)}."
        message = f"“{shown(text)}” is not known for “{key}”.{near}"
        self.page.error(line, f"{self.letter}005", message)
        return None

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        text = self.text(key)
        if text in ("true", "false", ""):
            return text == "true" if text else default
        message = f"“{key}” is true or false, not “{shown(text)}”."
        self.page.error(self.line(key), f"{self.letter}005", message)
        return default

    def inner(self, key: str, known: tuple[str, ...]) -> "Fields":
        """Return the settings under a setting."""
        node = self.mapping.entries.get(key)
        if node is not None and self.has(key) and not isinstance(node, Mapping):
            self._wrong(node.line, f"“{key}” holds settings of its own: {listed(known)}.")
        inner = node if isinstance(node, Mapping) else Mapping(line=self.line(key))
        return Fields(self.page, inner, known, letter=self.letter)

    def _is_text(self, key: str, item: Node) -> bool:
        if isinstance(item, Scalar) and item.text.strip():
            return True
        if isinstance(item, Mapping):
            message = f"Put quotes around this text of “{key}”: a colon makes a setting of it."
        elif isinstance(item, Sequence):
            message = f"“{key}” is a list of texts, not of lists."
        else:
            message = f"An entry of “{key}” is empty. Write it or take the dash out."
        self._wrong(item.line, message)
        return False

    def _unknown(self, key: str, line: int, known: tuple[str, ...], advice: Dict[str, str]) -> None:
        near = advice.get(key) or self.page.near(key, known)
        known_here = f" Known here: {listed(known)}." if known else " There are none in this file."
        message = f"“{shown(key)}” is not a known setting.{near or known_here}"
        self.page.error(line, f"{self.letter}001", message)

    def _wrong(self, line: int, message: str) -> None:
        self.page.error(line, f"{self.letter}003", message)


def is_id(text: str) -> bool:
    """Say whether a text can be an id: small letters, digits and hyphens."""
    return len(text) <= MAX_ID and ID.fullmatch(text) is not None


def id_from(text: str) -> str:
    """Return the nearest id to a text, for a proposal; "" when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", text[:MAX_ID].lower()).strip("-")


def propose_id(text: str) -> str:
    """Return “ Write “near-id”.” with its leading space."""
    near = id_from(text)
    return f" Write “{near}”." if near else " For example “first-step”."
