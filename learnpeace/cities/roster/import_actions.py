"""Taking a list in: accounts, enrolments and invitations, all or nothing. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext, ngettext

from learnpeace.accounts import audit, notice_actions
from learnpeace.accounts.audit import What
from learnpeace.cities.inviting import tokens
from learnpeace.cities.models import RosterImport, RosterRow, RosterState
from learnpeace.cities.roster import fates, naming, queries
from learnpeace.cities.roster.fates import Decided, Fate
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib import words
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import speaking
from learnpeace.people.models import City, Cohort, GuardianConsent, User
from learnpeace.releases import queries as releases

CAME_BY = "list"


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of each row that was taken in, by its number."""

    users: dict[int, int] = field(default_factory=dict)
    enrolments: dict[int, int] = field(default_factory=dict)
    invitations: dict[int, int] = field(default_factory=dict)


def take_in(import_id: int, *, without: int, by_id: int | None, at: datetime) -> RosterImport:
    """Import a list, unless that was done; its number of queries does not grow by the row.

    Locks cohort and list, so that two at once come one after the other. Raises Refusal with
    nothing changed. A statement takes thousands of rows at a time.
    """
    found = _locked(import_id)
    if found.state == RosterState.IMPORTED:
        return found
    cohort = db.session.get_one(Cohort, found.cohort_id)
    city = cohort.city
    assert city is not None, "lists belong to a city's cohort"
    refuse_closed(cohort)
    decided = queries.decided(found, cohort, city, at=at)
    _refuse_problems(decided, without)
    refuse_too_many(decided, queries.free_seats(cohort, at))
    outcome = Outcome()
    chosen = [one for one in decided if one.fate in fates.IMPORTED]
    _make_accounts(chosen, city, outcome, at)
    _enrol(chosen, cohort, outcome, at)
    _invite(chosen, cohort, outcome, at)
    _write_down(found, decided, outcome, at)
    _tell(chosen, cohort, city, at)
    _note(chosen, found, cohort, outcome, by_id, at)
    return found


def refuse_closed(cohort: Cohort) -> None:
    """Refuse to bring people into a cohort that takes nobody at all."""
    if cohort.is_draft:
        raise Refusal(
            gettext("This cohort is a draft, so nobody can be in it yet."),
            advice=gettext("Open it on its page, then import the list."),
        )
    if cohort.closed_at is not None:
        raise Refusal(
            gettext("This cohort was closed on %(day)s.", day=words.day(cohort.closed_at)),
            advice=gettext("Start a new cohort for new people."),
        )


def refuse_too_many(decided: Sequence[Decided], free: int | None) -> None:
    """Refuse a list with more people than there are seats left."""
    wanted = sum(one.fate in fates.SEATED for one in decided)
    if free is None or wanted <= free:
        return
    raise Refusal(
        ngettext(
            "There is room for %(num)d more person, and this list brings %(wanted)s.",
            "There is room for %(num)d more people, and this list brings %(wanted)s.",
            free,
            wanted=words.number(wanted),
        ),
        advice=gettext("Give the cohort more seats on its page, or leave people out here."),
    )


def _locked(import_id: int) -> RosterImport:
    lists = sa.select(RosterImport).where(RosterImport.id == import_id)
    cohort_id = db.session.scalars(sa.select(RosterImport.cohort_id).filter_by(id=import_id)).one()
    db.session.scalar(sa.select(Cohort).where(Cohort.id == cohort_id).with_for_update())
    fresh = {"populate_existing": True}
    found = db.session.scalars(lists.with_for_update().execution_options(**fresh)).one()
    if found.state == RosterState.UNDONE:
        raise Refusal(gettext("This list was imported and undone."))
    return found


def _refuse_problems(decided: Sequence[Decided], without: int) -> None:
    problems = sum(one.fate is Fate.PROBLEM for one in decided)
    if problems > without:
        raise Refusal(
            ngettext(
                "%(num)d row needs you before this list can be imported.",
                "%(num)d rows need you before this list can be imported.",
                problems,
            ),
            advice=gettext("Go back to the list, mend them or leave them out."),
        )


def _make_accounts(chosen: Sequence[Decided], city: City, outcome: Outcome, at: datetime) -> None:
    """Make an account without a PIN for everybody who has no e-mail."""
    new = [one for one in chosen if one.fate is Fate.ACCOUNT]
    people = {one.entry.number: (one.name, one.sign_in_name) for one in new}
    names = naming.named(people, queries.taken_names)
    rows = [
        {
            "name": one.name, "sign_in_name": names[one.entry.number], "password_hash": "",
            "language": one.language, "time_zone": city.time_zone, "created_at": at,
            "age_band": one.age_band, "waits_since": at if one.needs_guardian else None,
        }
        for one in new
    ]  # fmt: skip
    made = dict(_inserted(User, rows, User.sign_in_name, User.id))
    outcome.users = {number: made[name] for number, name in names.items()}
    young = [outcome.users[one.entry.number] for one in new if one.needs_guardian]
    if young:
        asked = [{"user_id": user_id, "asked_at": at} for user_id in young]
        db.session.execute(sa.insert(GuardianConsent), asked)


def _enrol(chosen: Sequence[Decided], cohort: Cohort, outcome: Outcome, at: datetime) -> None:
    """Enrol those whose account was made, and those the city knows."""
    users = outcome.users | {one.entry.number: one.user_id for one in chosen if one.user_id}
    rows = [
        {
            "user_id": user_id, "cohort_id": cohort.id, "course_id": cohort.course_id,
            "joined_at": at, "last_active_at": at, "came_by": CAME_BY,
        }
        for user_id in users.values()
    ]  # fmt: skip
    made = dict(_inserted(Enrolment, rows, Enrolment.user_id, Enrolment.id))
    outcome.enrolments = {number: made[user_id] for number, user_id in users.items()}


def _invite(chosen: Sequence[Decided], cohort: Cohort, outcome: Outcome, at: datetime) -> None:
    """Write an invitation for each letter and each card; one that had ended opens again."""
    new = [
        one
        for one in chosen
        if one.fate is Fate.ACCOUNT or (one.fate is Fate.INVITE and one.invitation_id is None)
    ]
    rows = [
        {
            "cohort_id": cohort.id, "user_id": outcome.users.get(one.entry.number),
            "email": one.email or None, "name": one.name, "language": one.language,
            "sector": one.sector, "age_band": one.age_band, "made_at": at,
        }
        for one in new
    ]  # fmt: skip
    who = sa.func.coalesce(Invitation.email, sa.cast(Invitation.user_id, sa.String))
    made = dict(_inserted(Invitation, rows, who, Invitation.id))
    for one in new:
        key = one.email or str(outcome.users[one.entry.number])
        outcome.invitations[one.entry.number] = made[key]
    _give_links([outcome.invitations[one.entry.number] for one in new if one.email], at)
    _open_again(chosen, outcome, at)


def _give_links(ids: Sequence[int], at: datetime) -> None:
    table = cast("sa.Table", Invitation.__table__)
    if ids:
        hashes = [{"own": id, "hash": tokens.hash_of(tokens.token_of(id, at))} for id in ids]
        given = sa.update(table).where(table.c.id == sa.bindparam("own"))
        db.session.connection().execute(given.values(token_hash=sa.bindparam("hash")), hashes)


def _open_again(chosen: Sequence[Decided], outcome: Outcome, at: datetime) -> None:
    """Open ended invitations, renew what older ones say, close those of who is enrolled."""
    table = cast("sa.Table", Invitation.__table__)
    older = [one for one in chosen if one.invitation_id is not None]
    outcome.invitations |= {one.entry.number: one.invitation_id or 0 for one in older}
    changes = [
        {
            "own": one.invitation_id, "to_name": one.name, "to_language": one.language,
            "to_sector": one.sector, "to_age": one.age_band,
            "joined": at if one.fate is Fate.ADD else None,
        }
        for one in older
    ]  # fmt: skip
    if changes:
        renewed = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("own"))
            .values(
                name=sa.bindparam("to_name"),
                language=sa.bindparam("to_language"),
                sector=sa.bindparam("to_sector"),
                age_band=sa.bindparam("to_age"),
                joined_at=sa.bindparam("joined", type_=table.c.joined_at.type),
                ended_at=None,
            )
        )
        db.session.connection().execute(renewed, changes)


def _write_down(
    found: RosterImport, decided: Sequence[Decided], outcome: Outcome, at: datetime
) -> None:
    table = cast("sa.Table", RosterRow.__table__)
    written = sa.update(table).where(
        table.c.import_id == found.id, table.c.number == sa.bindparam("row")
    )
    rows = [
        {
            "row": (number := one.entry.number), "came_to": one.fate.value,
            "made": number in outcome.users, "enrolled": outcome.enrolments.get(number),
            "invited": outcome.invitations.get(number),
        }
        for one in decided
    ]  # fmt: skip
    values: dict[str, Any] = {
        "fate": sa.bindparam("came_to"), "made_user": sa.bindparam("made"),
        "enrolment_id": sa.bindparam("enrolled"), "invitation_id": sa.bindparam("invited"),
    }  # fmt: skip
    db.session.connection().execute(written.values(values), rows)
    found.state, found.imported_at = RosterState.IMPORTED.value, at
    found.counts = {fate.value: count for fate, count in fates.counted(decided).items()}


def _tell(chosen: Sequence[Decided], cohort: Cohort, city: City, at: datetime) -> None:
    """Tell those who were added, on their first page (1 query each)."""
    course = releases.release(cohort.release_id).course
    for one in chosen:
        if one.user_id is None:
            continue
        with speaking(one.language):
            title = gettext("You are in the cohort “%(cohort)s” now", cohort=cohort.name)
            text = gettext(
                "%(city)s has added you to its cohort on “%(course)s”.",
                city=city.name,
                course=course.told(one.language).title,
            )
        notice_actions.tell(
            one.user_id,
            key=f"added-{cohort.id}",
            title=title,
            text=text,
            link=f"/courses/{cohort.course_id}",
            at=at,
        )


def _note(
    chosen: Sequence[Decided],
    found: RosterImport,
    cohort: Cohort,
    outcome: Outcome,
    by_id: int | None,
    at: datetime,
) -> None:
    """Note for each person who has an account, here or elsewhere, what was done."""
    enrolled = [*outcome.users.values(), *(one.user_id for one in chosen if one.user_id)]
    invited: list[int] = []
    for some in queries.chunks(sorted(o.email for o in chosen if o.fate in fates.LETTERS)):
        invited += db.session.scalars(sa.select(User.id).where(User.email.in_(some)))
    for what, people in ((What.ENROLLED, enrolled), (What.INVITED, invited)):
        key = f"{what}-list-{found.id}"
        audit.notes(
            people, what, by_id=by_id, at=at, city_id=cohort.city_id, detail=cohort.name, key=key
        )


def _inserted(
    table: type[Any], rows: Sequence[dict[str, Any]], *returned: Any
) -> list[tuple[Any, int]]:
    """Insert the rows and return (what is unique, number) of each."""
    if not rows:
        return []
    # Without nulls, rows of different columns would be statements of their own.
    insert = sa.insert(table).returning(*returned).execution_options(render_nulls=True)
    answer = db.session.execute(insert, rows)
    return [(row[0], row[1]) for row in answer]
