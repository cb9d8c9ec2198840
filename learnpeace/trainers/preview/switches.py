"""As whom, and on what, a preview is seen; and the style sheets that make it so."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

LATENCY = 0.4  # seconds before the first byte, on a slow phone line
SPEED = 50_000  # bytes a second
DARK = " and (prefers-color-scheme: dark)"
SCHEME = "color-scheme: light dark"
IN_PRINT = "@media print"
ON_SCREEN = "@media screen and "
NEVER = "@media speech and "  # no browser with a screen reads these
# As wide as A4 between the margins that the style sheet gives printed pages.
SHEET = "@layer utilities { .page { max-inline-size: 170mm; margin: 18mm auto; } }\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What the reader of a preview has chosen; kept in the browser's cookie."""

    language: str = ""
    track: str = ""
    dark: bool = False
    rtl: bool = False
    printed: bool = False
    phone: bool = False
    slow: bool = False
    out_of_tries: bool = False

    @property
    def sheet(self) -> str:
        """Return which style sheet a page takes: "", dark or printed."""
        return "printed" if self.printed else "dark" if self.dark else ""

    def kept(self) -> dict[str, str | bool]:
        """Return what goes into the cookie."""
        return {name: value for name, value in asdict(self).items() if value}


def switches_from(values: Mapping[str, object]) -> Switches:
    """Read switches from a form's fields or a cookie; anything odd is left out."""
    texts = {name: str(values.get(name) or "")[:40] for name in ("language", "track")}
    flags = {
        field.name: values.get(field.name) in (True, "1")
        for field in fields(Switches)
        if field.type is bool or field.type == "bool"
    }
    return Switches(language=texts["language"], track=texts["track"], **flags)


def style_sheet(css: str, kind: str) -> str:
    """Return the product's own style sheet as it is in the dark, or on paper, everywhere.

    Only the conditions change, so that what is seen is what learners get.
    """
    if kind == "printed":
        css = css.replace(ON_SCREEN, NEVER).replace(IN_PRINT, "@media all")
        return css.replace(SCHEME, "color-scheme: light") + SHEET
    return css.replace(DARK, "").replace(SCHEME, "color-scheme: dark")
