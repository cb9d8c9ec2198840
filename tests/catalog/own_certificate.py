"""A course's own certificate as the guide shows it."""

from learnpeace.authors import writing
from tests.catalog.good_course import LOGO


def files() -> dict[str, str]:
    """Return the guide's example by path."""
    section = next(s for s in writing.page("media").sections if "certificate" in s.id)
    return {
        part.label: part.text
        for part in section.parts
        if isinstance(part, writing.Fence) and part.words[0] == "certificate"
    }


HTML = files()["certificate/certificate.html"]
CSS = files()["certificate/certificate.css"]
OWN = {
    "certificate/certificate.html": f'<p><img src="logo.svg" alt="An open door"></p>\n{HTML}',
    "certificate/certificate.css": CSS,
    "certificate/logo.svg": LOGO,
}
