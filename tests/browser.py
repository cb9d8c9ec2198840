"""A browser without a screen that refuses pages a person could not use."""

import re
import secrets
from collections import Counter
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from learnpeace.accounts.models import ServerSession
from learnpeace.accounts.sessions import hash_token
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import User

HTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = ("input", "select", "textarea")


class Browser:
    """Opens pages as one person; every HTML page it meets is checked."""

    def __init__(self, app: Flask, person: User | None) -> None:
        self.app = app
        self.client = app.test_client()
        if person is not None:
            self._sign_in(person)

    def get(self, address: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self._checked(self.client.get(address, **options))

    def post(self, address: str, data: Any = None, **options: Any) -> TestResponse:
        """Send a form."""
        return self._checked(self.client.post(address, data=data, **options))

    def follow(self, address: str, data: Any = None, **options: Any) -> TestResponse:
        """Send a form and go where it leads."""
        return self.post(address, data, follow_redirects=True, **options)

    def _sign_in(self, person: User) -> None:
        token = secrets.token_urlsafe(16)
        with self.app.app_context():
            db.session.add(
                ServerSession(
                    user_id=person.id,
                    token_hash=hash_token(token),
                    device="Test",
                    created_at=clock.now(),
                    ends_at=clock.now() + timedelta(days=3650),
                )
            )
            db.session.commit()
        with self.client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True

    def _checked(self, response: TestResponse) -> TestResponse:
        assert "Content-Security-Policy" in response.headers
        is_page = response.mimetype == "text/html" and not response.is_streamed
        if is_page and response.data and response.status_code not in (301, 302, 303):
            check_page(response.text)
        return response


def bare(page: TestResponse) -> str:
    """Return a page without its forms' tokens, which tell the second it was made in."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "TOKEN", page.text)


def check_page(text: str) -> None:
    """Fail on what a validator or a screen reader would stumble over."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    root = parser.parse(text)
    assert parser.errors == [], [
        (place, code, text.splitlines()[place[0] - 1][:120]) for place, code, _ in parser.errors[:5]
    ]
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    assert len(list(root.iter(f"{HTML}h1"))) == 1, "a page has one h1"
    _check_scripts(root)
    _check_labels(root, set(ids))
    for image in root.iter(f"{HTML}img"):
        assert image.get("alt") is not None, image.get("src")


def _check_scripts(root: Element) -> None:
    for script in root.iter(f"{HTML}script"):
        assert script.get("src"), "an inline script"
    for element in root.iter():
        assert element.get("style") is None, "an inline style"
        assert not [name for name in element.attrib if name.startswith("on")]


def _check_labels(root: Element, ids: set[str | None]) -> None:
    labels = {label.get("for") for label in root.iter(f"{HTML}label")}
    inside = {
        control
        for label in root.iter(f"{HTML}label")
        for control in label.iter()
        if control is not label
    }
    for name in LABELLED:
        for control in root.iter(f"{HTML}{name}"):
            if control.get("type") in ("hidden", "submit"):
                continue
            named = control.get("aria-label") or control.get("aria-labelledby")
            assert named or control.get("id") in labels or control in inside, control.attrib
    for element in root.iter():
        for name in (element.get("aria-describedby") or "").split():
            assert name in ids, f"aria-describedby names no element: {name}"
