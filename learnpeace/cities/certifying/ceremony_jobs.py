"""What a ceremony needs as a file, made in the background: a .zip, a PDF to print, a list."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from flask_babel import gettext, ngettext

from learnpeace.certificates.states import Kind
from learnpeace.cities.certifying import ceremony, ceremony_list, merging, pages, queries
from learnpeace.cities.certifying.ceremony import Made
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Running
from learnpeace.people.models import Cohort

MAKE = "for the ceremony"

Order = Sequence[tuple[int, str]]


@jobs.does(MAKE)
def make(running: Running) -> None:
    """Make the file; broken off, it is made anew from the pages that are kept by then."""
    cohort = db.session.get_one(Cohort, int(running.arguments["cohort"]))
    zone = clock.zone(cohort.city.time_zone if cohort.city else None)
    today = clock.now().astimezone(zone).date()
    kind = running.arguments["only"]
    order = queries.standing_for(cohort, today, Kind(kind) if kind else None)
    if not order:
        raise Refusal(
            gettext("No certificate of this kind is valid in this cohort now."),
            advice=gettext("Issue the certificates first."),
        )
    made, name = Made(running.arguments["made"]), ceremony.plain(cohort.name) or "cohort"
    if made == Made.LIST:
        _list(running, order, ceremony_list.html(cohort, [id for id, _ in order], today), name)
    else:
        _pages(running, order, made, name)


def _list(running: Running, order: Order, html: str, name: str) -> None:
    running.step(0, 1)
    name = f"{name} – {gettext('list')}.pdf"
    running.keep(name, running.during(partial(ceremony_list.printed, html), 0, 1))
    running.words = ngettext(
        "%(num)d name is on the list.", "%(num)d names are on the list.", len(order)
    )


def _pages(running: Running, order: Order, made: Made, name: str) -> None:
    """Make the pages that are missing, then the file of all."""
    missing = pages.without_page([id for id, _ in order])
    pages.print_missing(running, missing, before=0, after=len(order))
    write = _zip if made == Made.ZIP else _one_file
    write(running, order, len(missing), running.place(f"{name}.{made}"))
    running.words = ngettext(
        "%(num)d certificate is in the file.", "%(num)d certificates are in the file.", len(order)
    )


def _zip(running: Running, order: Order, before: int, target: Path) -> None:
    """Write each page as a file of a .zip; what is packed once is not packed again."""
    names, moment = dict(order), clock.now().timetuple()[:6]
    done = 0
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for some in pages.read([number for number, _ in order]):
            for number, page in some:
                done += 1
                name = ceremony.file_name(done, len(order), names[number])
                entry = ZipInfo(name, (*moment,))
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, page)
            running.step(before + done, before + len(order))


def _one_file(running: Running, order: Order, before: int, target: Path) -> None:
    """Write all pages into one PDF: first into a folder, then together."""
    done, total = 0, before + len(order)
    with tempfile.TemporaryDirectory(dir=target.parent) as place:
        for some in pages.read([number for number, _ in order]):
            for _, page in some:
                done += 1
                (Path(place) / f"{done:06d}.pdf").write_bytes(page)
            running.step(before + done - 1, total)
        running.during(partial(merging.merge, Path(place), target), total - 1, total)
