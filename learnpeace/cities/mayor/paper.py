"""The mayor's page on paper: one A4 page, in the reader's language."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask_babel import gettext

from learnpeace.cities.mayor import words
from learnpeace.cities.mayor.pages import ActedLine, Bar, Page
from learnpeace.cities.mayor.quoting import Quote
from learnpeace.exchange import workbook
from learnpeace.lib import languages
from learnpeace.lib.rosette import petal
from learnpeace.people.sectors import sector_words
from learnpeace.settings import ROOT

# Cohorts, actions and quotes on the page: it gets fewer until all stands on one.
ROOM = ((6, 6, 3), (5, 5, 3), (4, 5, 3), (4, 3, 3), (3, 3, 2), (2, 2, 1), (2, 1, 0))
OBJECTS = re.compile(rb"/Type /ObjStm.*?stream\r?\n(.*?)endstream", re.DOTALL)
A_PAGE = re.compile(rb"/Type\s*/Page\b")
PETALS = 8
LONG, VERY_LONG = 26, 60  # letters of a city's name, beyond which it is set smaller
LONGEST = 60  # letters of a line beside a drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the paper has of the page: how large the name is, and what there is room for."""

    size: str
    bars: tuple[Bar, ...]
    acted: tuple[ActedLine, ...]
    more: int
    quotes: tuple[Quote, ...]


def pages_of(page: Page, today: date) -> list[str]:
    """Return the page as HTML, the fullest first; give them to `printed`."""
    return [_html(page, today, _sheet(page, *room)) for room in ROOM]


def printed(pages: Sequence[str]) -> bytes:
    """Return the fullest that stands on one page as PDF, made by the child process.

    Call it outside any transaction. Raises RenderingFailed.
    """
    css = (ROOT / "static" / "css" / "mayor.css").read_text("utf-8")
    for html in pages:
        pdf = workbook.printed(html, css, {})
        if _pages_in(pdf) == 1:
            break
    return pdf


def _pages_in(pdf: bytes) -> int:
    """Return how many pages there are: the printer packs their descriptions together."""
    packed = (zlib.decompressobj().decompress(found) for found in OBJECTS.findall(pdf))
    return sum(len(A_PAGE.findall(text)) for text in (pdf, *packed))


def _sheet(page: Page, bars: int, actions: int, quotes: int) -> Sheet:
    letters = len(page.city_name)
    told = [line for line in page.acted if line.people.count.number or line.people.at_least]
    return Sheet(
        size="very-long" if letters > VERY_LONG else "long" if letters > LONG else "",
        bars=page.bars[:bars],
        acted=tuple(told[:actions]),
        more=len(page.acted) - len(told[:actions]),
        quotes=page.quotes[:quotes],
    )


def _html(page: Page, today: date, sheet: Sheet) -> str:
    return render_template(
        "pdf/mayor.html", page=page, sheet=sheet, today=today, words=words, short=_short,
        l=languages.language(languages.current()), sector_words=sector_words(),
        petals=[petal(number, PETALS) for number in range(PETALS)],
        title=gettext("Peace learning in %(city)s", city=page.city_name),
    )  # fmt: skip


def _short(text: str) -> str:
    """Return a name that leaves room for the others."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
