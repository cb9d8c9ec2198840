"""How a certificate looks besides its words: a city's colour, emblem and signature."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from learnpeace.certificates.art.ornament import OLIVE
from learnpeace.lib.colours import COLOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A course's own part of the page: its text with names in braces, and the style for it.

    `emblem` is its picture's address "asset:<SHA-256>", or empty; without `html` the picture
    stands on our own page. `release_id` is 0 for a course that has no release.
    """

    html: str = ""
    css: str = ""
    emblem: str = ""
    release_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything may be empty; a page is whole without any of it.

    `accent` is "#rrggbb", dark enough to be read on white. Pictures are addresses:
    "asset:<SHA-256>" on paper, something a browser may load on the screen; each emblem has
    its words for those who do not see it. `signer` signs as `office`. `country` is the
    city's, two letters: it chooses between Chinese, Japanese and Korean letter forms where
    the name alone does not tell.
    """

    accent: str = ""
    emblem: str = ""
    emblem_words: str = ""
    signature: str = ""
    signer: str = ""
    office: str = ""
    course_emblem: str = ""
    course_emblem_words: str = ""
    country: str = ""
    own: OwnPage | None = None

    @classmethod
    def of_platform(cls) -> "Look":
        """Return the look of a certificate whose city has chosen none."""
        return cls()

    @property
    def colour(self) -> str:
        """Return the accent, or our olive where it is none or not a colour."""
        accent = self.accent.lower()
        return accent if COLOUR.fullmatch(accent) else OLIVE

    def on_course(self, own: OwnPage | None) -> "Look":
        """Return the same look on a course's own page, or with its emblem."""
        return self if own is None else replace(self, own=own, course_emblem=own.emblem)

    @property
    def pictures(self) -> frozenset[str]:
        """Return the addresses of all pictures."""
        return frozenset({self.emblem, self.signature, self.course_emblem} - {""})

    def with_pictures(self, shown: Callable[[str], str]) -> "Look":
        """Return the same look with every picture's address as `shown` gives it."""
        return replace(
            self,
            emblem=shown(self.emblem) if self.emblem else "",
            signature=shown(self.signature) if self.signature else "",
            course_emblem=shown(self.course_emblem) if self.course_emblem else "",
        )
