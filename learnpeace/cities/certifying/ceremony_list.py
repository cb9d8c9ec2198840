"""The list for a ceremony on paper: each name as it is printed, its number, room to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import render_template
from flask_babel import gettext

from learnpeace.certificates import serials
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.printing import scripts
from learnpeace.exchange import workbook
from learnpeace.lib import languages
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from learnpeace.settings import ROOT

ROWS = 16  # on a page; a table of its own each, which is set ten times as fast as one long one


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list."""

    position: int
    name: str
    language: str
    direction: str
    number: str


def html(cohort: Cohort, ids: Sequence[int], today: date) -> str:
    """Return the list as HTML in the reader's language, in this order (1 query)."""
    assert cohort.city is not None, "a ceremony is a city's"
    query = sa.select(Certificate.id, Certificate.printed_name, Certificate.serial)
    found = {row.id: row for row in db.session.execute(query.where(Certificate.id.in_(ids)))}
    page = languages.language(languages.current())
    rows = [
        _row(position, found[number].printed_name, found[number].serial, page.code,
             cohort.city.country)
        for position, number in enumerate(ids, start=1)
    ]  # fmt: skip
    return render_template(
        "pdf/ceremony.html",
        l=page,
        title=gettext("Certificates of “%(cohort)s”", cohort=cohort.name),
        city=cohort.city.name,
        cohort=cohort.name,
        today=today,
        total=len(rows),
        sheets=[rows[first : first + ROWS] for first in range(0, len(rows), ROWS)],
    )


def printed(html: str) -> bytes:
    """Return that list as PDF; call it outside any transaction. Raises RenderingFailed."""
    css = (ROOT / "static" / "css" / "ceremony.css").read_text("utf-8")
    return workbook.printed(html, css, {})


def _row(position: int, name: str, serial: str, page: str, country: str) -> Row:
    return Row(
        position=position,
        name=name,
        language=scripts.language_of(name, page=page, country=country),
        direction=scripts.direction_of(name),
        number=serials.shown(serial),
    )
