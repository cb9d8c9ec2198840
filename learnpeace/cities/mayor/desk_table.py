"""The same figures as a workbook for the desk: five sheets, numbers as numbers, nothing that runs.

Every text goes through `sheets.harmless` and is written as text whatever it looks like.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from flask_babel import gettext

from learnpeace.cities.mayor import figures, pages, rules, words
from learnpeace.cities.mayor.figures import CityFigures
from learnpeace.cities.mayor.pages import Page
from learnpeace.cities.mayor.queries import ByModule, CityTally, HeldMeeting
from learnpeace.cities.mayor.rules import Hours, Part, cohort_place
from learnpeace.lib import languages
from learnpeace.lib.sheets import harmless
from learnpeace.lib.small_groups import Figure
from learnpeace.lib.words import day
from learnpeace.people.sectors import sector_words
from learnpeace.releases import queries as releases

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NARROW, WIDE = 14, 46  # characters of a column
LONGEST_NAME, RESERVED = 31, "history"  # of a sheet; Excel keeps that name for itself
UNNAMEABLE = re.compile(r"[\[\]:*?/\\]")
Row = Sequence[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """What the table needs besides the page: exact counts that only this module rounds.

    `zone` is the city's: nobody's own zone is known where a table is made.
    """

    tally: CityTally
    place: str
    zone: str
    done: Mapping[str, ByModule]
    meetings: Sequence[HeldMeeting]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: its name, the heads of its columns and its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Row]


def workbook(page: Page, exact: Exact) -> bytes:
    """Return the .xlsx, in the reader's language and direction."""
    told = figures.told(exact.tally)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        sheets = _sheets(page, told, exact)
        for name, sheet in zip(_names([sheet.name for sheet in sheets]), sheets, strict=True):
            _write(book.add_worksheet(name), sheet, bold, plain)
    return out.getvalue()


def _write(worksheet: Any, sheet: Sheet, bold: Any, plain: Any) -> None:
    if languages.language(languages.current()).direction == "rtl":
        worksheet.right_to_left()
    worksheet.freeze_panes(1, 0)
    worksheet.set_column(0, 0, WIDE)
    worksheet.set_column(1, max(1, len(sheet.head) - 1), NARROW * 2)
    for number, row in enumerate([sheet.head, *sheet.rows]):
        for column, value in enumerate(row):
            style = bold if number == 0 else plain
            if isinstance(value, int | float):
                worksheet.write_number(number, column, value, style)
            else:
                worksheet.write_string(number, column, harmless(str(value)), style)


def _sheets(page: Page, told: CityFigures, exact: Exact) -> list[Sheet]:
    people = gettext("People")
    figure = (gettext("Figure"), gettext("Value"), gettext("Share"))
    cohorts = (
        gettext("Cohort"), gettext("First day"), gettext("People who joined"),
        gettext("People who finished"),
        gettext("Share that finished"), gettext("Certificates"), gettext("Hours"),
        gettext("Meetings"), gettext("People at meetings"),
    )  # fmt: skip
    modules = (
        gettext("Module"), gettext("Wrote down an action"), gettext("Share"),
        gettext("Whole city: have done the module"),
    )  # fmt: skip
    meetings = (
        gettext("Meeting"), gettext("Day"), gettext("Cohort"), gettext("Minutes"),
        gettext("Share of the cohort that was there"),
    )  # fmt: skip
    return [
        Sheet(name=gettext("Overview"), head=figure, rows=_overview(page)),
        Sheet(name=gettext("Cohorts"), head=cohorts, rows=_cohorts(told, exact)),
        Sheet(name=gettext("Modules"), head=modules, rows=_modules(told, exact)),
        Sheet(name=gettext("Sectors"), head=(gettext("Sector"), people), rows=_sectors(page)),
        Sheet(name=gettext("Meetings"), head=meetings, rows=_meetings(told, exact)),
    ]


def _overview(page: Page) -> list[Row]:
    told = page.told
    return [
        (gettext("City"), page.city_name),
        (gettext("Period"), page.period),
        (gettext("People who joined"), _people(told.joined)),
        (gettext("People who finished"), *_part(told.finished)),
        (gettext("Certificates (share of those who finished)"), *_part(told.certificates)),
        (gettext("Hours of learning"), _hours(told.hours)),
        (gettext("Meetings held"), told.meetings),
        (gettext("People at meetings"), *_part(told.attended)),
        *(
            (gettext("Quote: %(name)s", name=quote.name or gettext("a learner")), quote.text)
            for quote in page.quotes
        ),
        *((gettext("How these figures are counted"), text) for text in words.counted()),
    ]


def _cohorts(told: CityFigures, exact: Exact) -> list[Row]:
    rows: list[Row] = []
    for cohort in pages.cohorts_in(exact.tally, exact.place):
        own = told.places[cohort_place(cohort.id)]
        rows.append(
            (cohort.name, day(cohort.began_on), _people(own.joined), *_part(own.finished),
             _part(own.certificates)[0], _hours(own.hours), own.meetings, _part(own.attended)[0])
        )  # fmt: skip
    return rows


def _modules(told: CityFigures, exact: Exact) -> list[Row]:
    """Return every module of the courses of the place; what is done is told in quarters only."""
    cohorts = pages.cohorts_in(exact.tally, exact.place)
    acted = {(a.course_id, a.module_id): a.people for a in told.places[exact.place].acted}
    titles = pages.module_titles(exact.tally)
    rows: list[Row] = []
    for release in {c.course_id: c.release_id for c in cohorts}.values():
        course = releases.release(release).course
        people = sum(c.joined for c in exact.tally.cohorts if c.course_id == course.id)
        for module in course.modules:
            part = acted.get((course.id, module.id))
            done = exact.done.get(course.id, {}).get(module.id, 0)
            band = words.quarters(rules.quarters(done, people))
            rows.append(
                (titles[course.id, module.id], *(_part(part) if part else (0, "")), band)
            )  # fmt: skip
    return rows


def _sectors(page: Page) -> list[Row]:
    names = sector_words()
    return [(names[sector], _people(told)) for sector, told in page.sectors.items()]


def _meetings(told: CityFigures, exact: Exact) -> list[Row]:
    """Return the meetings; who was at one is told in quarters of a cohort that is told itself."""
    cohorts = {cohort.id: cohort for cohort in exact.tally.cohorts}
    rows: list[Row] = []
    for meeting in exact.meetings:
        cohort = cohorts[meeting.cohort_id]
        is_told = told.places[cohort_place(cohort.id)].joined.is_exact
        band = rules.quarters(meeting.people, cohort.joined) if is_told else None
        rows.append(
            (meeting.title, day(meeting.starts_at, exact.zone), cohort.name, meeting.minutes,
             words.quarters(band))
        )  # fmt: skip
    return rows


def _people(figure: Figure) -> object:
    return figure.number if figure.is_exact else words.people(figure)


def _part(part: Part) -> tuple[object, object]:
    """Return the count as a number where there is one, and the share in words."""
    value = part.count.number if part.count.is_exact else words.count(part)
    return value, words.share(part)


def _hours(told: Hours) -> object:
    is_number = told.number.is_exact and not told.at_least
    return told.number.number if is_number else words.hours(told)


def _names(words: Sequence[str]) -> list[str]:
    """Return names that sheets can have: 31 characters, without some signs, no two alike.

    Two words may be one in another language, or from their first letters on; capitals do
    not tell sheets apart.
    """
    found: dict[str, str] = {}
    for word in words:
        name = _nameable(word, LONGEST_NAME)
        for number in range(2, len(words) + 2):
            if name.casefold() not in found:
                break
            ending = f" {number}"
            name = _nameable(word, LONGEST_NAME - len(ending)) + ending
        found[name.casefold()] = name
    return list(found.values())


def _nameable(word: str, longest: int) -> str:
    name = UNNAMEABLE.sub(" ", word)[:longest].strip("' ")
    return name if name and name.casefold() != RESERVED else "1"
