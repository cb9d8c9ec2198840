"""`learnpeace certificates`: what whoever runs the platform does with them from a terminal.

Exit status: 0 done, or the certificate is valid; 1 refused, or something is wrong with it;
2 what was typed names nothing. Names are told only where they are asked for.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask

from learnpeace.certificates import serials
from learnpeace.certificates.credentials.keys import KeyUnreadable
from learnpeace.certificates.keeping import composing
from learnpeace.certificates.keeping import queries as page_queries
from learnpeace.certificates.keeping.composing import MissingSheet
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.nightly import actions as nightly
from learnpeace.certificates.nightly import jobs as nightly_jobs
from learnpeace.certificates.nightly.findings import Found, fault_lines, mended_lines
from learnpeace.certificates.operating import actions, pages, queries
from learnpeace.certificates.operating.pages import Kept
from learnpeace.certificates.operating.queries import Line, Wanted
from learnpeace.certificates.printing import print_sheet
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.certificates.states import Again, Reason, State
from learnpeace.certificates.verifying import queries as verify_queries
from learnpeace.lib import clock
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import speaking

REFUSED, CANNOT_RUN = 1, 2
LARGEST = 2**31 - 1  # number that a table can hold
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
_NAMES = click.option("--names", is_flag=True, help="Tell the printed names as well.")

Application = Callable[[], Flask]


@click.group("certificates")
def certificates() -> None:
    """List, issue, correct, withdraw and check certificates."""


@certificates.command("list")
@click.option("--city", default="", help="Of the city with this short name in addresses.")
@click.option("--cohort", type=click.IntRange(1, LARGEST), help="Of the cohort of this number.")
@click.option("--state", type=click.Choice([str(one) for one in State]), help="As it stands today.")
@_NAMES
@_AS_JSON
@click.pass_obj
def show(
    application: Application, city: str, cohort: int | None, state: str | None, names: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """List certificates, the first issued first."""
    with _reading(application):
        wanted = _wanted(city, cohort, state)
        count = 0
        for line in queries.lines(wanted, clock.now()):
            count += 1
            _echo_line(line, is_first=count == 1, names=names, as_json=as_json)
        if as_json:
            click.echo("\n]" if count else "[]")
        else:
            click.echo(f"{count} certificates." if count != 1 else "1 certificate.", err=True)


@certificates.command("issue")
@click.argument("who")
@click.argument("course_id")
@click.option("--name", default="", help="What to print, where they have not confirmed it.")
@click.pass_obj
def issue(application: Application, who: str, course_id: str, name: str) -> None:
    """Issue the certificate of a course that somebody (WHO signs in) has completed."""
    with _changing(application):
        user = queries.person(who)
        if user is None:
            _stop(f"Nobody signs in as {who}.")
        row, is_new = actions.issue(user, course_id, name=name, at=clock.now())
        number = serials.shown(row.serial)
        db.session.commit()
    click.echo(number)
    click.echo("Issued; a worker prints it." if is_new else "It was issued before.", err=True)


@certificates.command("withdraw")
@click.argument("serial")
@click.option("--reason", required=True, type=click.Choice([str(one) for one in Reason]),
              help="What whoever checks it reads, in words of ours.")  # fmt: skip
@click.option("--words", default="", help="What its holder reads besides.")
@click.pass_obj
def withdraw(application: Application, serial: str, reason: str, words: str) -> None:
    """Withdraw a certificate at once, and tell its holder."""
    with _changing(application):
        row = _certificate(serial)
        is_new = actions.withdraw(row, reason=Reason(reason), words=words, at=clock.now())
        db.session.commit()
    click.echo("It is withdrawn, and its holder is told." if is_new else "It was withdrawn before.")


@certificates.command("reissue")
@click.argument("serial")
@click.option("--name", required=True, help="What to print instead.")
@click.option("--reason", type=click.Choice([str(Again.NAME)]), default=str(Again.NAME),
              expose_value=False, help="Why: the printed name was wrong.")  # fmt: skip
@click.option("--words", default="", help="What its holder reads besides.")
@click.pass_obj
def reissue(application: Application, serial: str, name: str, words: str) -> None:
    """Put a new edition with another name in a certificate's place, and tell its holder."""
    with _changing(application):
        row = _certificate(serial)
        new, is_new = actions.correct_name(row, name=name, words=words, at=clock.now())
        number = serials.shown(new.serial)
        db.session.commit()
    click.echo(number)
    click.echo(
        f"It replaces {serials.shown(serial)}; a worker prints it."
        if is_new
        else "It was issued before.",
        err=True,
    )


@certificates.command("verify")
@click.argument("serial")
@_NAMES
@_AS_JSON
@click.pass_obj
def verify(application: Application, serial: str, names: bool, as_json: bool) -> None:
    """Say how a certificate stands and what it says; status 0 only where it is valid and whole."""
    number = _number(serial)
    with _reading(application):
        found, own = verify_queries.checked(number, clock.now()), pages.kept(number)
        if found is None or own is None:
            _stop(f"No certificate has the number {serials.shown(number)}.", REFUSED)
        told = pages.verified(found, own, names=names)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for key, value in told.items():
            if value not in ("", None):
                click.echo(f"{key.replace('_', ' ')}: {value}")
    if found.state is not State.VALID or pages.FAULT in (told["page"], told["credential"]):
        sys.exit(REFUSED)


@certificates.command("render")
@click.argument("serial")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="A new file.")  # fmt: skip
@click.option("--again", is_flag=True, help="Render the record anew, and compare.")
@click.pass_obj
def render(application: Application, serial: str, output: Path, again: bool) -> None:
    """Write the page that was handed out; with --again, the same made anew."""
    number = _number(serial)
    with _reading(application):
        record, own = page_queries.record(number), pages.kept(number)
        if record is None or own is None:
            _stop(f"No certificate has the number {serials.shown(number)}.", REFUSED)
        if again and not own.printed_name:
            raise Refusal("Its holder had the name taken off, so there is no page.")
        content = composing.printed_now(record) if again else _handed_out(own)
    _write(output, content)
    if not again or hashlib.sha256(content).hexdigest() == own.pdf_sha256:
        click.echo("These are the bytes that were handed out first.")
        return
    if not own.pdf_sha256:
        click.echo("No page was handed out before.")
        return
    click.echo(f"Other bytes than were handed out: {own.renderer} made those.", err=True)
    click.echo(f"Made now by {print_sheet.RENDERER}.", err=True)
    sys.exit(REFUSED)


@certificates.command("check")
@_AS_JSON
@click.pass_obj
def check(application: Application, as_json: bool) -> None:
    """Make the nightly check now: look at every certificate, offer and print what is missing."""
    with _changing(application):
        at = clock.now()
        found = nightly.check(at, lambda _done, _total: db.session.commit())
        nightly_jobs.keep(found, at=at)
        db.session.commit()
        _tell(found, as_json=as_json)
    if not found.is_sound:
        sys.exit(REFUSED)


def _tell(found: Found, *, as_json: bool) -> None:
    if as_json:
        mended, faults = asdict(found.mended), found.faults.listed()
        told = {"looked_at": found.looked_at, "mended": mended, "faults": faults}
        click.echo(json.dumps(told))
        return
    for words in mended_lines(found):
        click.echo(words)
    for words, numbers in fault_lines(found):
        click.echo(words)
        for number in numbers:
            click.echo(f"  {serials.shown(number)}")


def _handed_out(own: Kept) -> bytes:
    content = page_queries.whole_page(own.pdf, own.pdf_sha256)
    if content is None:
        advice = "With --again it is made from the record." if own.printed_name else ""
        raise Refusal("Its page is not made yet, or was lost.", advice=advice)
    return content


def _echo_line(line: Line, *, is_first: bool, names: bool, as_json: bool) -> None:
    if as_json:
        told = pages.as_json(line, names=names)
        click.echo(("[\n" if is_first else ",\n") + json.dumps(told, ensure_ascii=False), nl=False)
        return
    parts = [line.serial, f"{line.state:<9}", f"{line.kind:<10}", f"{line.issued_at:%Y-%m-%d}",
             line.city or "-", line.title]  # fmt: skip
    click.echo("  ".join([*parts, line.name] if names else parts))


def _wanted(city: str, cohort: int | None, state: str | None) -> Wanted:
    city_id = queries.city_id(city) if city else None
    if city and city_id is None:
        _stop(f"There is no city {city}.")
    if cohort is not None and not queries.has_cohort(cohort):
        _stop(f"There is no cohort {cohort}.")
    return Wanted(city_id=city_id, cohort_id=cohort, state=State(state) if state else None)


def _certificate(serial: str) -> Certificate:
    row = queries.certificate(_number(serial))
    if row is None:
        _stop(f"No certificate has the number {serials.shown(serial)}.", REFUSED)
    return row


def _number(serial: str) -> str:
    number = serials.read(serial)
    if number is None:
        _stop(f"“{serial}” is no certificate's number: that has 20 letters and digits.")
    return number


def _write(output: Path, content: bytes) -> None:
    """Write a file; one that is there stays, unless it is the same."""
    try:
        if output.exists():
            if output.read_bytes() != content:
                _stop(f"{output} is there already, with something else in it.")
            return
        output.write_bytes(content)
    except OSError as error:
        _stop(f"{output} cannot be written: {error.strerror}.")
    click.echo(f"Wrote {output} ({len(content)} bytes).")


@contextmanager
def _changing(application: Application) -> Iterator[None]:
    """Do what may change something; a refusal changes nothing and is a sentence."""
    with application().app_context():
        try:
            with speaking("en"):
                yield
        except Refusal as refusal:
            db.session.rollback()
            _stop(f"{refusal.message} {refusal.advice}".strip(), REFUSED)
        except (RenderingFailed, MissingSheet) as error:
            _stop(f"The page could not be made: {error}", REFUSED)
        except KeyUnreadable as error:
            db.session.rollback()
            _stop(f"{error} Run: learnpeace doctor", REFUSED)


@contextmanager
def _reading(application: Application) -> Iterator[None]:
    """Do what only reads, without holding anybody up."""
    with _changing(application), reading():
        yield


def _stop(words: str, status: int = CANNOT_RUN) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(status)
