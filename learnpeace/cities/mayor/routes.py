"""The mayor's page: on the screen, as one A4 page, and as a table for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.certificates.refusals import printing
from learnpeace.cities.mayor import desk_table, pages, paper, queries, quoting, words
from learnpeace.cities.mayor.pages import Page
from learnpeace.cities.mayor.queries import CityTally, CohortTally
from learnpeace.cities.mayor.quoting import Quote
from learnpeace.cities.mayor.rules import WHOLE
from learnpeace.cities.routes import bp
from learnpeace.cities.rules import slug_of
from learnpeace.learning.sharing import figures as sharing
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.small_groups import FEWEST
from learnpeace.people.models import City
from learnpeace.people.sectors import sector_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: a city, a place of it, and the quotes that may stand on the page.

    `page` is None where too few people are to tell anything of.
    """

    city: City
    at: datetime
    tally: CityTally
    place: str
    cohorts: Sequence[CohortTally]
    offered: list[Quote]
    page: Page | None


@bp.get("/cities/<slug>/report")
@requires(Permission.RUN_CITY)
def report(slug: str) -> ResponseReturnValue:
    """Show the mayor's page of a period, with `?period=` and `?quote=` (8 queries)."""
    asked = _asked(slug)
    return render_template(
        "cities/mayor.html",
        city=asked.city,
        page=asked.page,
        choices=pages.choices(asked.tally),
        place=asked.place,
        offered=asked.offered,
        kept=_kept(),
        today=_today(asked),
        words=words,
        fewest=FEWEST,
        most_quotes=quoting.MOST,
        sector_words=sector_words(),
    )


@bp.get("/cities/<slug>/report.pdf")
@requires(Permission.RUN_CITY)
def report_pdf(slug: str) -> ResponseReturnValue:
    """Send the page as PDF; where there is nothing to tell yet, the screen says so."""
    asked = _asked(slug)
    if asked.page is None:
        return redirect(url_for(".report", slug=slug, period=asked.place))
    sheets, name = paper.pages_of(asked.page, _today(asked)), _name(asked, "pdf")
    db.session.rollback()  # nothing stays open while it is printed
    return _sent(_printed(sheets), "application/pdf", name)


@bp.get("/cities/<slug>/report.xlsx")
@requires(Permission.RUN_CITY)
def report_xlsx(slug: str) -> ResponseReturnValue:
    """Send the figures as a workbook; where there are none yet, the screen says so."""
    asked = _asked(slug)
    if asked.page is None:
        return redirect(url_for(".report", slug=slug, period=asked.place))
    exact = desk_table.Exact(
        tally=asked.tally,
        place=asked.place,
        done=queries.done_modules(asked.city),
        meetings=queries.held_meetings([cohort.id for cohort in asked.cohorts], asked.at),
    )
    return _sent(desk_table.workbook(asked.page, exact), XLSX, _name(asked, "xlsx"))


def _asked(slug: str) -> Asked:
    """Return what the address asks for; a period that is not the city's is no page."""
    city, at = city_of(current_user, slug), clock.now()
    tally, place = queries.tally_of(city, at), request.args.get("period", WHOLE)
    cohorts = pages.cohorts_in(tally, place)
    if not cohorts and place != WHOLE:
        raise nothing_here()
    offered = quoting.offered(sharing.quotes_of([cohort.id for cohort in cohorts]))
    return Asked(
        city=city, at=at, tally=tally, place=place, cohorts=cohorts, offered=offered,
        page=_page(city, tally, place, quoting.shown(offered, _chosen())) if cohorts else None,
    )  # fmt: skip


def _page(city: City, tally: CityTally, place: str, quotes: list[Quote]) -> Page | None:
    page = pages.page_of(city, tally, place, quotes)
    return page if page.told.joined.number else None


def _chosen() -> list[str] | None:
    """Return the quotes that were ticked; None before anybody chose."""
    return request.args.getlist("quote") if "chosen" in request.args else None


def _kept() -> dict[str, object]:
    """Return what the address says, for the links to the paper and the table."""
    kept: dict[str, object] = {"period": request.args.get("period", WHOLE)}
    if (chosen := _chosen()) is not None:
        kept |= {"chosen": "1", "quote": chosen[: quoting.MOST]}
    return kept


def _today(asked: Asked) -> date:
    return asked.at.astimezone(clock.zone(asked.city.time_zone)).date()


def _name(asked: Asked, kind: str) -> str:
    return f"{asked.city.name} {asked.place} {_today(asked).isoformat()}.{kind}"


def _printed(sheets: Sequence[str]) -> bytes:
    with printing("A mayor's page"):
        return paper.printed(sheets)


def _sent(content: bytes, kind: str, name: str) -> Response:
    stem, _, ending = name.rpartition(".")
    plain = f"{slug_of(stem) or 'report'}.{ending}"
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response
