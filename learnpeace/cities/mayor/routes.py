"""The mayor's page on the screen, and asking for it on paper or as a table."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.cities.mayor import pages, paper_jobs, quoting, words
from learnpeace.cities.mayor.asked import Asked, asked_of
from learnpeace.cities.mayor.pages import Page
from learnpeace.cities.mayor.paper_jobs import Form
from learnpeace.cities.mayor.rules import WHOLE
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.small_groups import FEWEST
from learnpeace.people.sectors import sector_words

Sent = MultiDict[str, str]


@bp.get("/cities/<slug>/report")
@requires(Permission.RUN_CITY)
def report(slug: str) -> ResponseReturnValue:
    """Show the mayor's page of a period, with `?period=` and `?quote=` (8 queries)."""
    asked = _asked(slug, request.args)
    return render_template(
        "cities/mayor.html",
        city=asked.city,
        page=asked.page,
        choices=pages.choices(asked.tally),
        place=asked.place,
        offered=asked.offered,
        has_chosen=_chosen(request.args) is not None,
        today=asked.today,
        words=words,
        fewest=FEWEST,
        most_quotes=quoting.MOST,
        sector_words=sector_words(),
    )


@bp.post("/cities/<slug>/report")
@requires(Permission.RUN_CITY)
def make_report(slug: str) -> ResponseReturnValue:
    """Have the page made as PDF or table; with nothing to tell yet, the screen says so."""
    asked = _asked(slug, request.form)
    if asked.page is None:
        return redirect(url_for(".report", slug=slug, period=asked.place), 303)
    here, chosen = _back(asked.page, slug, asked.place), _chosen(request.form) is not None
    job = paper_jobs.ask(
        asked, _form(here), chosen=chosen,
        by=current_user.id, language=languages.current(), back=here,
    )  # fmt: skip
    key = job.key
    db.session.commit()
    return redirect(url_for(".job", slug=slug, key=key), 303)


def _asked(slug: str, sent: Sent) -> Asked:
    """Return what is asked for; a period that is not the city's is no page."""
    city = city_of(current_user, slug)
    asked = asked_of(city, sent.get("period", WHOLE), _chosen(sent), clock.now())
    if asked is None:
        raise nothing_here()
    return asked


def _chosen(sent: Sent) -> list[str] | None:
    """Return the quotes that were ticked; None before anybody chose."""
    return sent.getlist("quote") if "chosen" in sent else None


def _back(page: Page, slug: str, place: str) -> str:
    """Return the address of the page with the same quotes."""
    if _chosen(request.form) is None:
        return url_for(".report", slug=slug, period=place)
    keys = [quote.key for quote in page.quotes]
    return url_for(".report", slug=slug, period=place, chosen=1, quote=keys)


def _form(here: str) -> Form:
    try:
        return Form(request.form.get("form", ""))
    except ValueError:
        raise Refusal(
            gettext("The form did not say whether to make the page or the table."),
            advice=gettext("Go back to the mayor’s page and press one of its two buttons."),
            links=((here, gettext("Back to the mayor’s page")),),
        ) from None
