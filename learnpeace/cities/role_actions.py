"""Who may do what: naming coordinators, trainers and administrators. The caller commits."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import actions as accounts
from learnpeace.accounts import audit
from learnpeace.accounts import letters as account_letters
from learnpeace.accounts.audit import What
from learnpeace.accounts.models import LinkPurpose, OneTimeLink
from learnpeace.cities import letters
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit, Refusal
from learnpeace.lib.languages import NAMES
from learnpeace.people.models import UNPROVED, City, Cohort, Role, RoleKind, User

STAFF = (RoleKind.TRAINER, RoleKind.ADMINISTRATOR)
TRUSTED = (RoleKind.COORDINATOR, *STAFF)
GUIDES = (RoleKind.FACILITATOR, *TRUSTED)
PLATFORM = "learnpeace"
ONE_LETTER_IN = timedelta(hours=1)


class Named(StrEnum):
    """What naming a coordinator did."""

    INVITED = "invited"
    TOLD = "told"
    ALREADY = "already"


def name_coordinator(
    city: City, name: str, email: str, *, by_id: int | None, at: datetime
) -> Named:
    """Make the person of this address a coordinator of the city and write to them.

    Without an account they get one, and a link to choose a password; so does somebody for
    whom this is the first role of staff (see `_ask_for_proof`), at most once an hour. Up to 9
    queries. Raises Misfit for a closed account and IntegrityError when the same address is
    added at the same moment.
    """
    user = _person(city, name, email, at=at)
    _ask_for_proof(user)
    is_new = _give(user, RoleKind.COORDINATOR, city.id, at=at)
    if is_new:
        _note(user.id, city, "give", by_id=by_id, at=at)
    if user.is_unproved or not user.password_hash:
        return _invite(user, city.name, at=at)
    if is_new:
        letters.write_named(user, city, at=at)
    return Named.TOLD if is_new else Named.ALREADY


def name_guide(
    city: City, cohort: Cohort, name: str, email: str, *, by_id: int | None, at: datetime
) -> Named:
    """Make the person of this address a facilitator of the cohort and write to them.

    As `name_coordinator` does, with the same proof, for they read names and shared texts.
    """
    user = _person(city, name, email, at=at)
    _ask_for_proof(user, unless=GUIDES)
    is_new = name_facilitator(cohort, user.id, at=at)
    if is_new:
        _note(user.id, city, f"guide-{cohort.id}", by_id=by_id, at=at)
    if user.is_unproved or not user.password_hash:
        return _invite(user, f"{city.name}: {cohort.name}", at=at)
    if is_new:
        letters.write_named_guide(user, city, cohort, at=at)
    return Named.TOLD if is_new else Named.ALREADY


def dismiss_coordinator(city: City, user_id: int, *, by_id: int | None, at: datetime) -> None:
    """Take the role away; a second time changes nothing (1 or 2 queries)."""
    gone = db.session.execute(
        sa.delete(Role).where(
            Role.user_id == user_id,
            Role.kind == RoleKind.COORDINATOR,
            Role.city_id == city.id,
        )
    )
    if gone.rowcount:  # type: ignore[attr-defined]
        _note(user_id, city, "take", by_id=by_id, at=at)


def name_facilitator(cohort: Cohort, user_id: int, *, at: datetime) -> bool:
    """Let a person see how a cohort does; return whether that is new (3 queries)."""
    db.session.execute(sa.select(User.id).where(User.id == user_id).with_for_update())
    held = sa.select(Role.id).where(Role.user_id == user_id, Role.cohort_id == cohort.id)
    if db.session.scalar(held) is not None:
        return False
    kind = RoleKind.FACILITATOR
    db.session.add(Role(user_id=user_id, kind=kind, cohort_id=cohort.id, given_at=at))
    return True


def dismiss_facilitator(cohort: Cohort, user_id: int) -> None:
    """End that; a second time changes nothing (1 query)."""
    theirs = sa.delete(Role).where(Role.user_id == user_id, Role.cohort_id == cohort.id)
    db.session.execute(theirs)


def give_role(user: User, kind: RoleKind, *, at: datetime, course_id: str | None = None) -> None:
    """Make a person a trainer or an administrator; a second time changes nothing (6 queries).

    `course_id` makes a trainer of that one course; without it they look after every course.
    For somebody new among the staff a letter with a link to choose a password goes out.
    Refused for people with a PIN: six digits protect too little.
    """
    if user.uses_pin or user.disabled_at is not None:
        raise Refusal(
            gettext("This person signs in with a PIN, or their account is closed."),
            title=gettext("They cannot have this role"),
            advice=gettext("Trainers and administrators sign in with an e-mail and a password."),
        )
    db.session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
    _ask_for_proof(user)
    _give(user, kind, None, at=at, course_id=course_id)
    if user.is_unproved or not user.password_hash:
        _invite(user, PLATFORM, at=at)


def take_role(user: User, kind: RoleKind) -> None:
    """Take the role of trainer or administrator away (2 queries).

    Refused for the last administrator: nobody could give the role back.
    """
    holders = db.session.scalars(
        sa.select(Role).where(Role.kind == kind).order_by(Role.id).with_for_update()
    ).all()
    theirs = [role for role in holders if role.user_id == user.id]
    if kind == RoleKind.ADMINISTRATOR and theirs and len(theirs) == len(holders):
        raise Refusal(
            gettext("This is the last administrator. Nobody could give the role back."),
            title=gettext("One administrator has to stay"),
            advice=gettext("Make somebody else an administrator first."),
        )
    for role in theirs:
        db.session.delete(role)


def _person(city: City, name: str, email: str, *, at: datetime) -> User:
    """Return who has this address, made now when nobody has; Misfit where it is closed."""
    user = db.session.scalar(sa.select(User).where(User.email == email).with_for_update())
    if user is None:
        user = User(name=name, email=email, language=_language_of(city), created_at=at)
        db.session.add(user)
        db.session.flush()
    if user.disabled_at is not None:
        raise Misfit("email", gettext("The account with this address is closed."))
    return user


def _give(
    user: User,
    kind: RoleKind,
    city_id: int | None,
    *,
    at: datetime,
    course_id: str | None = None,
) -> bool:
    query = sa.select(Role.id).where(Role.user_id == user.id, Role.kind == kind)
    reach = {"city_id": city_id, "course_id": course_id}
    if db.session.scalar(query.filter_by(**reach)) is not None:
        return False
    db.session.add(Role(user_id=user.id, kind=kind, given_at=at, **reach))
    return True


def _note(user_id: int, city: City, did: str, *, by_id: int | None, at: datetime) -> None:
    """Let the person read who made them a coordinator, or no longer one (1 query)."""
    audit.note(
        user_id, What.CHANGED_ROLE, by_id=by_id, at=at, city_id=city.id, detail=city.name,
        key=f"{What.CHANGED_ROLE}-{by_id}-{city.id}-{did}-{at:%Y%m%dT%H%M}",
    )  # fmt: skip


def _language_of(city: City) -> str | None:
    """Return the language to write in to somebody new: the city's first that we speak."""
    return next((code for code in city.languages.split(",") if code in NAMES), None)


def _ask_for_proof(user: User, unless: Collection[RoleKind] = TRUSTED) -> None:
    """Let a role open for somebody new among the staff only by a link in a letter (1 query).

    Anybody could have signed up with the mayor's address before the mayor; and a learner's
    password may be shorter than staff's. The link proves the address and asks for a long one.
    Until it is used the old password goes on opening what it opened: nobody loses a day of
    learning because a letter was late.
    """
    held = sa.select(Role.id).where(Role.user_id == user.id, Role.kind.in_(unless)).limit(1)
    if user.password_hash and not user.is_unproved and db.session.scalar(held) is None:
        user.password_hash = UNPROVED + user.password_hash


def _invite(user: User, place: str, *, at: datetime) -> Named:
    latest = sa.select(sa.func.max(OneTimeLink.ends_at)).where(
        OneTimeLink.user_id == user.id, OneTimeLink.purpose == LinkPurpose.INVITATION
    )
    ends_at = db.session.scalar(latest)
    if ends_at is None or ends_at - accounts.INVITATION_LASTS + ONE_LETTER_IN <= at:
        token = accounts.make_link(
            user.id, LinkPurpose.INVITATION, at=at, lasts=accounts.INVITATION_LASTS
        )
        account_letters.write_invitation(user, token, place=place, at=at)
    return Named.INVITED
