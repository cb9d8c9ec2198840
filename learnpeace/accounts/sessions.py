"""Sessions kept at the server, known to Flask-Login by their token."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, login_user, logout_user

from learnpeace.access import Grant, SignedInPerson
from learnpeace.accounts import rules
from learnpeace.accounts.models import ServerSession
from learnpeace.lib import clock, languages
from learnpeace.lib.db import SAFE_METHODS, db, fetch, reading
from learnpeace.people.models import UNPROVED, City, Cohort, Role, RoleKind, User

STAFF = (RoleKind.COORDINATOR, RoleKind.TRAINER, RoleKind.ADMINISTRATOR)
PROVED = (*STAFF, RoleKind.FACILITATOR)  # open only to who came by a letter's link
STAY = timedelta(days=30)
PASSING = timedelta(hours=12)

_session, _user, _role = ServerSession.__table__.c, User.__table__.c, Role.__table__.c
# A table of a room above this one, by its name: each page needs to know, and a query more on
# each page would cost more than this line.
_enrolment = sa.table("enrolment", sa.column("user_id"), sa.column("cohort_id"))
_LEAVES_QUICKLY = (
    sa.select(sa.literal(1))
    .select_from(_enrolment)
    .join(Cohort.__table__, Cohort.__table__.c.id == _enrolment.c.cohort_id)
    .join(City.__table__, City.__table__.c.id == Cohort.__table__.c.city_id)
    .where(_enrolment.c.user_id == _user.id, City.__table__.c.has_quick_exit)
    .correlate(User.__table__)
    .exists()
)
_PERSON = (
    sa.select(
        _session.id.label("session_id"),
        _session.ends_at,
        _user.id,
        _user.name,
        _user.email,
        _user.sign_in_name,
        _user.language,
        _user.time_zone,
        _user.waits_since,
        _user.password_hash.startswith(UNPROVED).label("is_unproved"),
        _LEAVES_QUICKLY.label("leaves_quickly"),
        _role.kind,
        _role.city_id,
        _role.cohort_id,
        _role.course_id,
    )
    .join_from(ServerSession.__table__, User.__table__, _user.id == _session.user_id)
    .outerjoin(Role.__table__, _role.user_id == _user.id)
    .where(_session.token_hash == sa.bindparam("token_hash"))
    .where(_session.ends_at > sa.bindparam("at"))
    .where(_user.disabled_at.is_(None))
)


def init_app(app: Flask) -> None:
    """Teach Flask-Login our sessions."""
    manager = LoginManager(app)
    manager.session_protection = None  # phones change address; the row is the protection
    manager.user_loader(person_of)
    manager.unauthorized_handler(ask_to_sign_in)


def person_of(token: str) -> SignedInPerson | None:
    """Return the person whose session this is, while it lasts (1 query, its own reading unit)."""
    asked = {"token_hash": hash_token(token), "at": clock.now()}
    if request.method in SAFE_METHODS:
        found = fetch(_PERSON, asked)
    else:
        with reading(), db.engine.connect() as connection:
            found = connection.execute(_PERSON, asked).all()
    if not found:
        return None
    first = found[0]
    return SignedInPerson(
        id=first.id,
        session_id=first.session_id,
        token=token,
        name=first.name,
        email=first.email,
        sign_in_name=first.sign_in_name,
        language=first.language,
        time_zone=first.time_zone,
        ends_at=first.ends_at,
        leaves_quickly=first.leaves_quickly,
        waits=first.waits_since is not None,
        grants=tuple(
            Grant(
                kind=RoleKind(row.kind),
                city_id=row.city_id,
                cohort_id=row.cohort_id,
                course_id=row.course_id,
            )
            for row in found
            if row.kind and not (row.is_unproved and row.kind in PROVED)
        ),
    )


def start(user: User, *, stay: bool, at: datetime) -> None:
    """Begin a session for this person on this device; the caller commits (4 SQL queries).

    The old cookie's content is thrown away, so a planted one is worth nothing, and the
    session it named ends: one device holds one. This person's sessions that are over go too.
    """
    token = secrets.token_urlsafe(32)
    former = hash_token(str(session.get("_user_id", "")))
    is_former = ServerSession.token_hash == former
    db.session.execute(sa.update(ServerSession).where(is_former).values(ends_at=at))
    is_over = sa.and_(ServerSession.user_id == user.id, ServerSession.ends_at <= at)
    db.session.execute(sa.delete(ServerSession).where(is_over))
    _forget_cookie()
    session.permanent = stay
    db.session.add(
        ServerSession(
            user_id=user.id,
            token_hash=hash_token(token),
            device=device_name(request.headers.get("User-Agent", "")),
            created_at=at,
            ends_at=at + (STAY if stay else PASSING),
            is_kept=stay,
        )
    )
    login_user(_Newcomer(token))


def end(person: SignedInPerson) -> None:
    """End this session at the server and on the device; the caller commits (1 query).

    The row stays for a month: that somebody once signed in is what their city may know.
    """
    own = sa.update(ServerSession).where(ServerSession.id == person.session_id)
    db.session.execute(own.values(ends_at=clock.now()))
    logout_user()
    _forget_cookie()


def settle() -> None:
    """After the commit, for an answer that is a page: know the newcomer as a person."""
    g.pop("_login_user", None)


def end_all(user_id: int, *, but: int | None = None) -> None:
    """End every session of a person, except session `but`; the caller commits (1 query)."""
    query = sa.delete(ServerSession).where(ServerSession.user_id == user_id)
    db.session.execute(query if but is None else query.where(ServerSession.id != but))


def ask_to_sign_in() -> ResponseReturnValue:
    """Send a visitor to the sign-in page, and back here afterwards.

    A form that was sent gets its words back: they are nowhere else.
    """
    if request.method in SAFE_METHODS:
        here = request.full_path.rstrip("?")
        return redirect(url_for("accounts.sign_in", next=here))
    message = gettext("You have been signed out, so this was not saved. Sign in to go on.")
    if request.headers.get("X-Requested-With") == "fetch":
        return {"message": message}, 401
    texts = rules.typed_texts(list(request.form.items(multi=True)))
    return render_template("accounts/signed_out.html", texts=texts, onward=_page_before()), 401


def _page_before() -> str | None:
    """Return the path of the page the form stood on, when it is one of ours."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return None
    path = f"{page.path}?{page.query}" if page.query else page.path
    return rules.safe_next(path) if page.netloc == request.host else None


def _forget_cookie() -> None:
    """Empty this device's cookie but for the language, and the form token made from it."""
    language = session.get(languages.COOKIE)
    session.clear()
    g.pop("csrf_token", None)
    if language:
        session[languages.COOKIE] = language


def hash_token(token: str) -> str:
    """Return what is stored of a secret token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_name(agent: str) -> str:
    """Return a short name such as `Chrome, Android`, for the list of sessions."""
    browsers = ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")
    browser = next((name for name in browsers if name in agent), "")
    system = next((name for name in systems if name in agent), "")
    names = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet"}
    return ", ".join(part for part in (names.get(browser, browser), system) if part)


class _Newcomer:
    """What Flask-Login needs to write the cookie of a session that just began."""

    is_active = is_authenticated = True
    is_anonymous = False

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        return self.token

    def __getattr__(self, name: str) -> Any:
        # Until the redirect's next request nobody is known by more than the token.
        if name.startswith("__"):
            raise AttributeError(name)
        return None
