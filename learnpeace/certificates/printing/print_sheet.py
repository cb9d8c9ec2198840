"""What certificates are printed with besides their words: the style sheet and the renderer."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from learnpeace.settings import ROOT

ART = 4  # counted up whenever `ornament`, `finishing` or `typesetting` draws something else
RENDERER = f"weasyprint {version('weasyprint')}, pydyf {version('pydyf')}, art {ART}"

SCREEN = "/* On the screen"  # how the part of certificate.css begins that is not for paper
_MEASURE = re.compile(r"calc\((-?[0-9.]+) \* var\(--u\)\)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet, as `models.CertificateSheet` keeps it."""

    css: str

    @property
    def fingerprint(self) -> str:
        """Return its SHA-256."""
        return hashlib.sha256(self.css.encode()).hexdigest()


@cache
def sheet() -> Sheet:
    """Return the sheet that certificates are printed with from now on."""
    css = (ROOT / "static" / "css" / "certificate.css").read_text("utf-8")
    return Sheet(for_paper(css))


def for_paper(css: str) -> str:
    """Return a style sheet without what is for the screen, in millimetres.

    The printer would work the unit out anew for every element of every page.
    """
    return _MEASURE.sub(r"\1mm", css.partition(SCREEN)[0])
