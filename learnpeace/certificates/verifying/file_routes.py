"""Checking a certificate's file: the very one that was issued, a changed one, or none of ours."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from learnpeace.access import public
from learnpeace.accounts import guards
from learnpeace.certificates.routes import bp
from learnpeace.certificates.verifying import file_numbers, queries
from learnpeace.certificates.verifying.file_numbers import Fate, Looked
from learnpeace.certificates.verifying.file_reader import LARGEST
from learnpeace.certificates.verifying.forms import FileForm, NameForm, too_large
from learnpeace.certificates.verifying.queries import Checked
from learnpeace.certificates.verifying.routes import count_guess, page, refuse_guessing
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal

FORM_ROOM = 20_000  # bytes of a form beside its file
FILES = 20  # in ten minutes and address: looking into one is work
TEN_MINUTES = timedelta(minutes=10)


@bp.url_value_preprocessor
def let_a_file_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take more here than other forms may send, before anybody reads the form."""
    if endpoint != "certificates.check_file":
        return
    request.max_content_length = LARGEST + FORM_ROOM
    if (request.content_length or 0) > LARGEST + FORM_ROOM:
        raise Refusal(
            too_large(),
            title=gettext("This file is too large"),
            links=((url_for("certificates.check"), gettext("Check the number")),),
            status=413,
        )


@bp.get("/verify/file")
@public
def file() -> str:
    """Ask for a file."""
    return page("certificates/file.html", form=FileForm(formdata=None))


@bp.post("/verify/file")
@public
def check_file() -> ResponseReturnValue:
    """Say whether a file is the one that was issued; it is neither kept nor noted.

    No form token: that would take a cookie, and this changes nothing for anybody.
    """
    at, client = clock.now(), guards.client(request.remote_addr)
    throttle.count_try("check-file", client, limit=FILES, per=TEN_MINUTES, at=at)
    refuse_guessing(at)
    form = FileForm()
    content = form.content()
    if content is None:
        return _asked(form), 422
    found = _issued(content, at)
    if found is not None:
        return _told("certificates/file_same.html", found)
    looked = file_numbers.look(content)
    if looked.fate != Fate.READ:
        form.refuse(looked.fate)
        return _asked(form), 503 if looked.fate == Fate.BUSY else 422
    found = _named(looked, at)
    if found is not None:
        return _told("certificates/file_changed.html", found)
    if looked.numbers:
        count_guess(at)
    here = url_for(".file")
    return page("certificates/file_not_ours.html", here, form=form, looked=looked)


def _issued(content: bytes, at: datetime) -> Checked | None:
    """Return the certificate of which this is the file; ends its transaction."""
    with reading():
        found = queries.checked_file(hashlib.sha256(content).hexdigest(), at)
        db.session.rollback()
    return found


def _named(looked: Looked, at: datetime) -> Checked | None:
    """Return the first certificate whose number a file holds (1 query each, at most 5)."""
    with reading():
        every = (queries.checked(number, at) for number in looked.numbers)
        found = next((one for one in every if one is not None), None)
        db.session.rollback()
    return found


def _asked(form: FileForm) -> str:
    return page("certificates/file.html", url_for(".file"), form=form)


def _told(template: str, found: Checked) -> str:
    return page(template, url_for(".file"), found=found, form=NameForm(formdata=None))
