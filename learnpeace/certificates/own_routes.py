"""A holder's own certificates: the list, and what they choose, ask and object to."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import nothing_here, signed_in
from learnpeace.certificates import (
    addresses,
    holder_actions,
    queries,
    record_queries,
    serials,
    withdrawal_actions,
    words,
)
from learnpeace.certificates.art import qr
from learnpeace.certificates.keeping import waiting
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.record_forms import ObjectionForm, WrongNameForm
from learnpeace.certificates.routes import bp
from learnpeace.certificates.states import Kind, State
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal

CORRECTIONS = 10  # sent in a day by one person, slips too: each is a letter to coordinators


@bp.get("/certificates")
@signed_in
def own() -> ResponseReturnValue:
    """List the person's certificates, those that hold first."""
    lines = record_queries.lines_of(current_user.id, clock.now().date())
    return render_template(
        "certificates/own.html",
        holding=[line for line in lines if line.state != State.REPLACED],
        replaced=[line for line in lines if line.state == State.REPLACED],
        words=words,
        shown=serials.shown,
    )


@bp.get("/certificates/<serial>")
@signed_in
def certificate(serial: str) -> ResponseReturnValue:
    """Show a person's own certificate: how it stands, download, public page, what to ask."""
    return _page(_own(serial), WrongNameForm(formdata=None), ObjectionForm(formdata=None))


@bp.post("/certificates/<serial>/name-shown")
@signed_in
def show_name(serial: str) -> ResponseReturnValue:
    """Show the holder's name on the public page."""
    return _choose(serial, shows=True)


@bp.post("/certificates/<serial>/name-hidden")
@signed_in
def hide_name(serial: str) -> ResponseReturnValue:
    """Hide the holder's name on the public page; whoever checks it types the name."""
    return _choose(serial, shows=False)


@bp.post("/certificates/<serial>/share")
@signed_in
def share(serial: str) -> ResponseReturnValue:
    """Let the certificate be shown as a picture and a card."""
    row = _own(serial)
    if row.withdrawn_at is not None:
        raise Refusal(
            gettext("A withdrawn certificate is not shared."),
            title=gettext("This certificate was withdrawn"),
        )
    holder_actions.share(row, at=clock.now())
    db.session.commit()
    return _back(row, "sharing")


@bp.post("/certificates/<serial>/share-no-longer")
@signed_in
def stop_sharing(serial: str) -> ResponseReturnValue:
    """Share the certificate no longer."""
    row = _own(serial)
    holder_actions.stop_sharing(row)
    db.session.commit()
    return _back(row, "sharing")


@bp.post("/certificates/<serial>/wrong-name")
@signed_in
def wrong_name(serial: str) -> ResponseReturnValue:
    """Ask the city to print another name; the same again asks once."""
    _count_correction()  # first: the counter writes on its own
    row, form = _own(serial), WrongNameForm()
    if not _may_ask(row):
        raise nothing_here()
    if not form.validate():
        return _page(row, form, ObjectionForm(formdata=None)), 422
    holder_actions.ask_for_correction(
        row, name=form.wanted_name.data or "", words=form.why.data or "", at=clock.now()
    )
    db.session.commit()
    flash(gettext("Your city has been asked. You are told when a new one is issued."), "done")
    return _back(row)


@bp.post("/certificates/<serial>/object")
@signed_in
def object_to(serial: str) -> ResponseReturnValue:
    """Object to a withdrawal, until it is decided."""
    row, form = _own(serial), ObjectionForm()
    asked = record_queries.last_withdrawal(row.id)
    if asked is None:
        raise nothing_here()
    if not form.validate():
        return _page(row, WrongNameForm(formdata=None), form), 422
    withdrawal_actions.object_to(asked, form.objection.data or "", at=clock.now())
    db.session.commit()
    flash(gettext("Your objection is kept. A coordinator reads it and decides."), "done")
    return _back(row)


def _own(serial: str) -> Certificate:
    row = record_queries.own(current_user.id, serials.read(serial) or "")
    if row is None:
        raise nothing_here()
    return row


def _page(row: Certificate, wrong: WrongNameForm, objection: ObjectionForm) -> str:
    """Return the page of one's own certificate (5 queries)."""
    facts = queries.facts_of(row)
    address = addresses.public_address(row.serial)
    lines = record_queries.editions(row, clock.now().date())
    return render_template(
        "certificates/certificate.html",
        row=row,
        making=waiting.making_of(
            pdf_sha256=row.pdf_sha256, issued_at=row.issued_at, at=clock.now()
        ),
        facts=facts,
        this=next(line for line in lines if line.serial == row.serial),
        editions=lines,
        asked=record_queries.last_withdrawal(row.id),
        requests=record_queries.corrections_asked(row),
        city_shows_names=record_queries.city_shows_names(row.city_id),
        may_ask=_may_ask(row),
        form=wrong if wrong.errors else objection if objection.errors else None,
        wrong=wrong,
        objection=objection,
        number=serials.shown(row.serial),
        shown=serials.shown,
        words=words,
        Kind=Kind,
        State=State,
        address=address,
        code=qr.as_svg(address, gettext("Square code that opens the public page")),
    )


def _may_ask(row: Certificate) -> bool:
    """Say whether there is somebody to correct a certificate, and one to correct (1 query)."""
    is_whole = row.city_id is not None and row.withdrawn_at is None
    return is_whole and record_queries.successor(row.id) is None


def _choose(serial: str, *, shows: bool) -> ResponseReturnValue:
    row = _own(serial)
    holder_actions.show_name(row, shows=shows)
    db.session.commit()
    return _back(row, "public-page")


def _back(row: Certificate, to: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".certificate", serial=serials.shown(row.serial), _anchor=to), 303)


def _count_correction() -> None:
    throttle.count_try(
        "certificate name", str(current_user.id), limit=CORRECTIONS, per=timedelta(days=1),
        at=clock.now(),
    )  # fmt: skip
