"""Ten certificates that are hard to print well, to look at before anybody gets a real one."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.states import Kind

HUNDRED = "Maximiliana" + "Konstantinopolitana" * 4 + "Oberhausenthal"[:13]
ARABIC, THAI, CHINESE = "فاطمة الزهراء بنت عبد الرحمن", "กัลยาณี ศรีสุวรรณ", "欧阳慧敏"
PORTUGUESE = "Maria João da Conceição"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One hard case: what it is called, and what is printed; `is_plain` without emblem."""

    key: str
    words: str
    facts: Facts
    is_plain: bool = False

    def look(self, look: Look) -> Look:
        """Return a look as this example wears it."""
        return replace(look, emblem="", signature="") if self.is_plain else look


def examples_of(usual: Facts) -> tuple[Example, ...]:
    """Return the ten, made from the facts of a usual sample."""
    return (*_names(usual), *_pages(usual))


def example_of(usual: Facts, key: str) -> Example | None:
    """Return one of the ten by its key, the first for no key."""
    found = examples_of(usual)
    return next((one for one in found if one.key == key), None if key else found[0])


def _names(usual: Facts) -> tuple[Example, ...]:
    names = {
        "letter": (gettext("One letter"), "Ö"),
        "hundred": (gettext("100 letters"), HUNDRED),
        "arabic": (gettext("Arabic"), ARABIC),
        "thai": (gettext("Thai"), THAI),
        "chinese": (gettext("Chinese"), CHINESE),
    }
    return tuple(
        Example(key=key, words=words, facts=replace(usual, printed_name=name))
        for key, (words, name) in names.items()
    )


def _pages(usual: Facts) -> tuple[Example, ...]:
    long_title = gettext(
        "Living Together After the Flood: Neighbours, Schools and Town Halls Rebuild Trust, "
        "Step by Step"
    )
    long_city = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    return (
        Example(key="title", words=gettext("A title of two lines"),
                facts=replace(usual, course_title=long_title)),
        Example(key="plain", words=gettext("No emblem, no signature"),
                facts=replace(usual, printed_name=PORTUGUESE), is_plain=True),
        Example(key="city", words=gettext("A long city"),
                facts=replace(usual, city_name=long_city, issuer=long_city)),
        Example(key="right-to-left", words=gettext("A page from right to left"),
                facts=replace(usual, language="ar")),
        Example(key="attendance", words=gettext("Attendance, with a last day"),
                facts=replace(usual, kind=Kind.ATTENDANCE, minutes=usual.minutes + 30,
                              expires_on=usual.completed_on + timedelta(days=365))),
    )  # fmt: skip
