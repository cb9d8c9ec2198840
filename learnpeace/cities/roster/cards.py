"""Sign-in cards on paper: eight on a page, each in its learner's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app
from flask_babel import force_locale, gettext

from learnpeace.cities.roster.queries import CardHolder
from learnpeace.exchange import out_pages, workbook
from learnpeace.lib.languages import language
from learnpeace.lib.words import isolated
from learnpeace.people.models import City
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.settings import ROOT, Settings

A_PAGE = 8
LONGEST = 90  # letters of a contact on a card


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card: whose it is, and its words in their language."""

    language: str
    direction: str
    city: str
    course: str
    name: str
    sign_in_name: str
    pin: str
    address: str
    labels: tuple[str, str]
    picture: str
    steps: tuple[str, ...]


def html(
    holders: Sequence[CardHolder],
    pins: dict[int, str],
    city: City,
    release: FrozenRelease,
    *,
    spoken: str,
) -> str:
    """Return the pages as HTML; `pins` are the digits of each person, `spoken` the default.

    Give it to `printed`, outside any transaction.
    """
    cards = [
        _card(holder, pins[holder.user_id], city, release, holder.language or spoken)
        for holder in holders
    ]
    pages = [cards[first : first + A_PAGE] for first in range(0, len(cards), A_PAGE)]
    return out_pages.page("pdf/cards.html", spoken, pages=pages, title=city.name)


def printed(html: str) -> bytes:
    """Return those pages as PDF; raise RenderingFailed."""
    css = (ROOT / "static" / "css" / "cards.css").read_text("utf-8")
    return workbook.printed(html, css, {})


def sign_in_address(sign_in_name: str = "") -> str:
    """Return the whole address of the sign-in page, with the name filled in."""
    settings: Settings = current_app.config["SETTINGS"]
    query = f"?{urlencode({'who': sign_in_name})}" if sign_in_name else ""
    return f"{settings.base_url}/sign-in{query}"


def _card(holder: CardHolder, pin: str, city: City, release: FrozenRelease, code: str) -> Card:
    address = sign_in_address().partition("://")[2]
    with force_locale(code):
        return Card(
            language=code,
            direction=language(code).direction,
            city=city.name,
            course=release.course.told(code).title,
            name=holder.name,
            sign_in_name=holder.sign_in_name,
            pin=f"{pin[:3]} {pin[3:]}",
            address=sign_in_address(holder.sign_in_name),
            labels=(gettext("Sign-in name"), gettext("PIN")),
            picture=gettext("A code for phone cameras that opens the sign-in page"),
            steps=(
                gettext("Point a phone’s camera at the square, or open %(address)s",
                        address=f"\u2066{address}\u2069"),
                gettext("Write your sign-in name and your PIN."),
                gettext("Read the first module. If you are stuck, ask your city: %(contact)s",
                        contact=isolated(_short(city.contact))),
            ),
        )  # fmt: skip


def _short(text: str) -> str:
    """Return a text that fits on a card, cut between words."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"
