"""The poster of a cohort: one A4 page to pin up, in one language."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import render_template, url_for
from flask_babel import gettext, ngettext

from learnpeace.accounts.letters import address_of
from learnpeace.certificates.art import qr
from learnpeace.exchange import workbook
from learnpeace.lib import words
from learnpeace.lib.languages import Language, language, speaking
from learnpeace.lib.rosette import rosette
from learnpeace.lib.words import isolated
from learnpeace.people.models import City, Cohort, JoinBy
from learnpeace.people.naming import public_city_name, public_contact
from learnpeace.people.sectors import Sector, sector_words
from learnpeace.releases import queries as releases
from learnpeace.settings import ROOT

OLIVE = "#4F6228"
CROWDED, PACKED = 150, 240  # how much there is to say, beyond which it is set closer
LONGEST_WIDE = 8  # letters of a code that stand beside the square in full size


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything on the page, in reading order. `link` is what the square code holds."""

    language: Language
    title: str
    invites: str
    course: str
    facts: tuple[str, ...]
    steps: tuple[str, ...]
    code_label: str
    code: str
    desk: str
    link: str
    contact: str

    @property
    def fill(self) -> str:
        """Say how close the page is set: "", "crowded" or "packed"."""
        said = len(self.invites) + len(self.course) * 8 // 5 + len(self.contact) * 3 // 5
        return "packed" if said > PACKED else "crowded" if said > CROWDED else ""

    @property
    def is_wide(self) -> bool:
        """Say whether the code is too long for the largest letters."""
        return len(self.code) > LONGEST_WIDE


def sheet_of(
    cohort: Cohort, city: City, link: str, code: str, sector: Sector | None = None
) -> Sheet:
    """Return the words of the poster in one language, for everybody or for one sector."""
    course = releases.release(cohort.release_id).course
    with speaking(code):
        title = str(course.told(code).title)
        place, contact = public_city_name(city, code), public_contact(city)
        return Sheet(
            language=language(code),
            title=gettext("Poster: %(course)s", course=title),
            invites=_invites(place, sector),
            course=title,
            facts=_facts(cohort, course.hours),
            steps=_steps(cohort),
            code_label=gettext("Your join code"),
            code=cohort.code,
            desk=_desk(),
            link=link,
            contact=gettext("Questions? %(contact)s", contact=contact) if contact else "",
        )


def _invites(place: str, sector: Sector | None) -> str:
    if sector is None:
        return gettext("%(city)s invites you", city=place)
    return gettext(
        "%(city)s is looking for people from this part of its life: %(sector)s.",
        city=place,
        sector=sector_words()[sector],
    )


def printed(sheet: Sheet) -> bytes:
    """Return the PDF, made by the child process. Call it outside any transaction.

    Raises RenderingFailed.
    """
    square = qr.as_svg(sheet.link, sheet.link)
    # The printer knows no current colour.
    mark = rosette(8, 8, 72).replace("currentColor", OLIVE)
    html = render_template("pdf/poster.html", sheet=sheet, square=square, mark=mark)
    css = (ROOT / "static" / "css" / "poster.css").read_text("utf-8")
    return workbook.printed(html, css, {})


def _facts(cohort: Cohort, hours: int) -> tuple[str, ...]:
    found = []
    if cohort.starts_on and cohort.ends_on:
        first, last = words.day(cohort.starts_on), words.day(cohort.ends_on)
        found.append(gettext("%(first)s to %(last)s", first=first, last=last))
    about = ngettext("about %(num)d hour", "about %(num)d hours", hours)
    found.append(gettext("Free, at your own pace, %(hours)s in all", hours=about))
    found.append(gettext("With a certificate that anyone can check"))
    return tuple(found)


def _steps(cohort: Cohort) -> tuple[str, str, str]:
    last = (
        gettext("Ask to join: the coordinator answers you.")
        if cohort.join_by == JoinBy.APPROVAL
        else gettext("Start with the first module, on your phone.")
    )
    return (
        gettext(
            "Point your phone’s camera at the square, or open %(address)s",
            address=isolated(_unbroken(_desk())),
        ),
        gettext("Type the join code when you are asked for it."),
        last,
    )


def _unbroken(address: str) -> str:
    """Keep an address on one line: broken, its second half runs the wrong way in Arabic."""
    return re.sub(r"[/.:-]", "\\g<0>\N{WORD JOINER}", address)


def _desk() -> str:
    """Return where a code is typed, as people write addresses."""
    return urlsplit(address_of("pages.landing")).netloc + url_for("learning.join_by_code")
