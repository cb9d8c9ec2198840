"""Pages for anybody who checks a certificate: signed out, on any phone, without cookies."""

from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from learnpeace.access import public
from learnpeace.accounts import guards
from learnpeace.certificates import addresses, serials, words
from learnpeace.certificates.routes import bp
from learnpeace.certificates.verifying import matching, pieces, queries
from learnpeace.certificates.verifying.forms import FileForm, NameForm
from learnpeace.certificates.verifying.queries import Checked
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db, reading
from learnpeace.lib.languages import NAMES

MINUTE = timedelta(minutes=1)
CHECKS = 30  # unknown numbers a minute and address; nobody mistypes faster
NAMES_A_CLIENT = 10  # compared in five minutes; right ones count too
NAMES_A_NUMBER = 60  # compared in an hour, by whomever
FOR_ANYBODY = ("/verify/", "/shared/")


@bp.get("/verify/")
@public
def check() -> ResponseReturnValue:
    """Ask for a certificate's number or its file, and lead to its page."""
    typed = request.args.get("serial", "").strip()
    if typed:
        number = serials.shown(typed) or "-"
        return redirect(url_for(".verify", serial=number, **language_kept()), 303)
    return page("certificates/check.html", file_form=FileForm())


@bp.get("/verify/<serial>")
@public
def verify(serial: str) -> ResponseReturnValue:
    """Say how a certificate stands, with the facts to compare (2 queries)."""
    at = clock.now()
    refuse_guessing(at)
    found = queries.checked(serials.read(serial), at)
    return answer(found, serial, at)


@bp.post("/verify/<serial>")
@public
def compare_name(serial: str) -> ResponseReturnValue:
    """Say whether the name on the paper is the certificate's: yes or no, and no more.

    No form token: that would take a cookie, and this changes nothing for anybody.
    """
    at = clock.now()
    refuse_guessing(at)
    with reading():
        found = queries.checked(serials.read(serial), at)
        db.session.rollback()
    form = NameForm()
    if found is None or not found.asks_name or not form.validate():
        return answer(found, serial, at, form=form)
    for what, who, limit, per in (
        ("name-client", guards.client(request.remote_addr), NAMES_A_CLIENT, 5 * MINUTE),
        ("name-number", found.facts.serial, NAMES_A_NUMBER, 60 * MINUTE),
    ):
        throttle.count_try(what, who, limit=limit, per=per, at=at)
    is_same = matching.is_same_name(form.name.data or "", found.facts.printed_name)
    return answer(found, serial, at, form=form, is_same=is_same)


def answer(found: Checked | None, serial: str, at: datetime, **values: object) -> tuple[str, int]:
    """Return the page of a certificate; of an unknown one, which counts against guessing."""
    number = serials.shown(serial)
    if found is None:
        count_guess(at)
        return page("certificates/unknown.html", number=number), 404
    here = url_for(".verify", serial=number)
    form = values.pop("form", None) or NameForm(formdata=None)
    told = page("certificates/checked.html", here=here, found=found, form=form, **values)
    return told, 200


def page(template: str, here: str = "", **values: object) -> str:
    """Return one of these pages; `here` is where its language links lead after a form."""
    if here and request.method == "POST":
        values["language_links"] = lambda: f"{here}?"
    return render_template(
        template, host=addresses.host(), keep=language_kept(), words=words, shown=serials.shown,
        pieces=pieces,
        **values,
    )  # fmt: skip


def language_kept() -> dict[str, Any]:
    """Return the language that was chosen, for the addresses of these pages: no cookie has it."""
    code = request.args.get("lang", "")
    return {"lang": code} if code in NAMES else {}


def refuse_guessing(at: datetime) -> None:
    """Refuse whoever asked for too many unknown numbers (1 query)."""
    client = guards.client(request.remote_addr)
    throttle.refuse_after("verify", client, limit=CHECKS, per=MINUTE, at=at)


def count_guess(at: datetime) -> None:
    """Count an unknown number (1 query)."""
    db.session.rollback()
    client = guards.client(request.remote_addr)
    throttle.count_try("verify", client, limit=CHECKS, per=MINUTE, at=at)


@bp.after_request
def keep_to_ourselves(response: Response) -> Response:
    """Keep these pages out of search engines, and a visitor who had no cookie without one."""
    if not request.path.startswith(FOR_ANYBODY):
        return response
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        session.modified = False
    return response
