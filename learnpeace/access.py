"""The door: who may do what.

Every route carries one mark (`@public`, `@signed_in`, `@requires(...)`); a route without one
answers nobody and fails a test. A mark says which kind of person may knock. Which city or
cohort they may see is decided by *finding* it through them (`city_of`, and the queries of
each room), so that somebody else's thing is the same 404 as a missing one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import UserMixin, current_user

from learnpeace.lib.db import db
from learnpeace.lib.errors import NotFound
from learnpeace.people.models import City, RoleKind

View = TypeVar("View", bound=Callable[..., object])
PUBLIC = "public"
SIGNED_IN = "signed in"
LONGEST_COURSE_ID = 80  # bytes, as the tables hold; a longer one is no folder's name either


class Permission(StrEnum):
    """What a role allows. Coordinators' and facilitators' reach ends at their city, cohort."""

    RUN_CITY = "run a city's cohorts"
    SEE_COHORT = "see a cohort's progress"
    FACILITATE = "read and answer what a cohort shares"
    PUBLISH = "see and publish courses"
    ADMINISTER = "make cities and name coordinators"


ALLOWED: dict[Permission, frozenset[RoleKind]] = {
    Permission.RUN_CITY: frozenset({RoleKind.COORDINATOR, RoleKind.ADMINISTRATOR}),
    Permission.SEE_COHORT: frozenset(
        {RoleKind.COORDINATOR, RoleKind.FACILITATOR, RoleKind.ADMINISTRATOR}
    ),
    Permission.FACILITATE: frozenset({RoleKind.FACILITATOR}),
    Permission.PUBLISH: frozenset({RoleKind.TRAINER, RoleKind.ADMINISTRATOR}),
    Permission.ADMINISTER: frozenset({RoleKind.ADMINISTRATOR}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role, with the city, cohort or course it reaches; a trainer's None is every course."""

    kind: RoleKind
    city_id: int | None = None
    cohort_id: int | None = None
    course_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignedInPerson(UserMixin):  # type: ignore[misc]
    """The signed-in person as every request needs them: a value, not a row.

    `session_id` is the number of the server's session row, `ends_at` when it ends.
    `leaves_quickly` says that a city of theirs wants a way out on each of their pages,
    `waits` that a guardian must agree before their account opens.
    """

    id: int
    session_id: int
    token: str
    name: str
    email: str | None
    sign_in_name: str | None
    language: str | None
    time_zone: str | None
    ends_at: datetime
    leaves_quickly: bool = False
    waits: bool = False
    grants: tuple[Grant, ...] = ()

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie: the session's token, not the person."""
        return self.token

    def may(self, permission: Permission) -> bool:
        """Say whether any of this person's roles allows it, somewhere."""
        return any(grant.kind in ALLOWED[permission] for grant in self.grants)

    @property
    def is_administrator(self) -> bool:
        """Say whether this person runs the platform."""
        return any(grant.kind == RoleKind.ADMINISTRATOR for grant in self.grants)

    @property
    def is_trainer(self) -> bool:
        """Say whether this person looks after courses."""
        return any(grant.kind == RoleKind.TRAINER for grant in self.grants)

    @property
    def coordinates(self) -> bool:
        """Say whether this person looks after a city or facilitates a cohort."""
        kinds = {RoleKind.COORDINATOR, RoleKind.FACILITATOR}
        return any(grant.kind in kinds for grant in self.grants)

    @property
    def city_ids(self) -> frozenset[int]:
        """Return the cities this person coordinates."""
        return frozenset(grant.city_id for grant in self.grants if grant.city_id is not None)

    @property
    def cohort_ids(self) -> frozenset[int]:
        """Return the cohorts this person facilitates."""
        return frozenset(grant.cohort_id for grant in self.grants if grant.cohort_id is not None)

    def looks_after(self, course_id: str) -> bool:
        """Say whether this person may see and publish this course."""
        return self.is_administrator or any(
            grant.kind == RoleKind.TRAINER and grant.course_id in (None, course_id)
            for grant in self.grants
        )


def public(view: View) -> View:
    """Mark a route as open to everybody."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a route as open to everybody who is signed in, for what is theirs."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def open_while_waiting(view: View) -> View:
    """Let people open a route whose account waits for a guardian; others are closed to them."""
    view.open_while_waiting = True  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a route as open to people whose role allows this."""

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def mark_of(app: Flask, endpoint: str) -> str | None:
    """Return a route's mark, or None when it has none."""
    mark = getattr(app.view_functions[endpoint], "access", None)
    return None if mark is None else str(mark)


def init_app(app: Flask) -> None:
    """Stand at the door of every request."""
    app.before_request(enforce)


def enforce() -> ResponseReturnValue | None:
    """Let the request in, ask for sign-in, or say that there is nothing here."""
    if request.endpoint is None:
        return None  # Flask answers 404 or 405 itself
    if "\x00" in request.path or b"%00" in request.query_string:
        raise nothing_here()  # PostgreSQL takes no such text to look for
    mark = getattr(current_app.view_functions[request.endpoint], "access", None)
    if mark == PUBLIC:
        return None
    if mark is None:
        abort(403)
    if not current_user.is_authenticated:
        answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    if isinstance(mark, Permission) and not current_user.may(mark):
        raise nothing_here()
    view = current_app.view_functions[request.endpoint]
    if current_user.waits and not getattr(view, "open_while_waiting", False):
        return redirect(url_for("accounts.waiting"), 303)
    return None


def city_of(person: SignedInPerson, slug: str) -> City:
    """Return the city if this person coordinates it or administers all; else NotFound (1 query)."""
    query = sa.select(City).where(City.slug == slug)
    if not person.is_administrator:
        query = query.where(City.id.in_(person.city_ids))
    city = db.session.scalar(query)
    if city is None:
        raise nothing_here()
    return city


def course_of(person: SignedInPerson, course_id: str) -> str:
    """Return the course's id if this person looks after it; else raise NotFound (0 queries)."""
    if len(course_id.encode()) > LONGEST_COURSE_ID or not person.looks_after(course_id):
        raise nothing_here()
    return course_id


def nothing_here() -> NotFound:
    """Return the one answer for what is missing and for what is somebody else's."""
    return NotFound(
        gettext("There is no page at this address, or it is not yours to see."),
        title=gettext("Nothing here"),
        advice=gettext("Check the address, or begin again from your first page."),
        links=(("/", gettext("Go to the first page")),),
    )
