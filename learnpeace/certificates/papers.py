"""The papers that certificates are printed on. Pure."""

from enum import StrEnum


class Paper(StrEnum):
    """A size of paper and which way it lies."""

    A4_LANDSCAPE = "a4-landscape"
    A4_PORTRAIT = "a4-portrait"
    LETTER_LANDSCAPE = "letter-landscape"
    LETTER_PORTRAIT = "letter-portrait"

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height in millimetres."""
        return _SIZES[self]


_SIZES = {
    Paper.A4_LANDSCAPE: (297.0, 210.0),
    Paper.A4_PORTRAIT: (210.0, 297.0),
    Paper.LETTER_LANDSCAPE: (279.4, 215.9),
    Paper.LETTER_PORTRAIT: (215.9, 279.4),
}
