"""The mayor's page on paper: one A4 page, in the reader's language."""

from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask_babel import gettext

from learnpeace.cities.mayor import words
from learnpeace.cities.mayor.pages import ActedLine, Bar, Page
from learnpeace.exchange import workbook
from learnpeace.lib import languages
from learnpeace.people.sectors import sector_words
from learnpeace.settings import ROOT

MOST_BARS, MOST_ACTIONS = 4, 4
LONG, VERY_LONG = 26, 60  # letters of a city's name, beyond which it is set smaller
LONGEST = 90  # letters of a line beside a drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the paper has besides the page: how large the name is, and what is left out."""

    size: str
    bars: tuple[Bar, ...]
    acted: tuple[ActedLine, ...]
    more: int


def html_of(page: Page, today: date) -> str:
    """Return the page as HTML; give it to `printed`, outside any transaction."""
    letters = len(page.city_name)
    told = [line for line in page.acted if line.people.count.number or line.people.at_least]
    sheet = Sheet(
        size="very-long" if letters > VERY_LONG else "long" if letters > LONG else "",
        bars=page.bars[:MOST_BARS],
        acted=tuple(told[:MOST_ACTIONS]),
        more=len(page.acted) - len(told[:MOST_ACTIONS]),
    )
    return render_template(
        "pdf/mayor.html", page=page, sheet=sheet, today=today, words=words, short=_short,
        l=languages.language(languages.current()), sector_words=sector_words(),
        title=gettext("Peace learning in %(city)s", city=page.city_name),
    )  # fmt: skip


def printed(html: str) -> bytes:
    """Return the page as PDF, made by the child process; raise RenderingFailed."""
    css = (ROOT / "static" / "css" / "mayor.css").read_text("utf-8")
    return workbook.printed(html, css, {})


def _short(text: str) -> str:
    """Return a name that leaves room for the others."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
