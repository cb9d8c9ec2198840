"""Closing a cohort, and taking names out of a city's sight. The caller commits."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, path_of, post_many
from learnpeace.accounts.notice_actions import tell
from learnpeace.accounts.own_data import sections
from learnpeace.cities import queries as cities
from learnpeace.cities.closing import queries, text_actions
from learnpeace.cities.closing.rules import WARNED_BEFORE, months_after
from learnpeace.cities.models import RosterImport, RosterRow, SectorChoice
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib import words
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import City, Cohort


def close(city: City, cohort: Cohort, *, today: date, at: datetime) -> bool:
    """End a cohort and tell its learners; a second time changes nothing.

    `today` is the day in the city's zone. 4 queries and a few for all learners together.
    """
    if cohort.closed_at is not None:
        return False
    cohort.closed_at, cohort.is_open = at, False
    cohort.names_until = months_after(today, city.names_for_months)
    _end_invitations(cohort, at)
    _tell_learners(city, cohort, at)
    return True


def open_again(cohort: Cohort) -> bool:
    """Take closing back, while the names are there; a second time changes nothing."""
    was_closed = cohort.closed_at is not None and cohort.erased_at is None
    if was_closed:
        cohort.closed_at = cohort.names_until = None
    return was_closed


def let_names_go(at: datetime) -> int:
    """Set days for cohorts that are over, warn, and erase what is due; return how many."""
    today = at.date()
    for cohort, months in queries.ended_without_day(today):
        assert cohort.ends_on is not None, "the query asks for it"
        cohort.names_until = months_after(cohort.ends_on, months)
    for cohort in queries.names_going_by(today + WARNED_BEFORE):
        _warn(cohort, at)
    due = queries.names_due(today)
    for cohort in due:
        _erase(cohort, at)
    return len(due)


def _erase(cohort: Cohort, at: datetime) -> None:
    """Take a cohort's names out of the city's sight; numbers stay."""
    imports = sa.select(RosterImport.id).where(RosterImport.cohort_id == cohort.id)
    learners = sa.select(Enrolment.user_id).where(Enrolment.cohort_id == cohort.id)
    for user_id in queries.nowhere_else(cohort):
        sections.forget(user_id, at)
    text_actions.empty_texts(cohort)
    for statement in (
        sa.delete(RosterRow).where(RosterRow.import_id.in_(imports)),
        sa.delete(JoinRequest).where(JoinRequest.cohort_id == cohort.id),
        sa.delete(Invitation).where(Invitation.cohort_id == cohort.id),
        sa.delete(SectorChoice).where(
            SectorChoice.city_id == cohort.city_id,
            SectorChoice.user_id.in_(learners),
            SectorChoice.user_id.not_in(_learning_on_in(cohort)),
        ),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    audit.notes(
        list(db.session.scalars(learners)), What.ERASED_NAME, by_id=None, at=at,
        city_id=cohort.city_id, detail=cohort.name, key=f"erased-{cohort.id}",
    )  # fmt: skip
    cohort.erased_at, cohort.is_open = at, False
    cohort.closed_at = cohort.closed_at or at


def _learning_on_in(cohort: Cohort) -> sa.Select[int]:
    """Return who learns in another cohort of the same city whose names are not gone."""
    return (
        sa.select(Enrolment.user_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == cohort.city_id, Cohort.id != cohort.id, Cohort.erased_at.is_(None))
    )


def _end_invitations(cohort: Cohort, at: datetime) -> None:
    open_ones = sa.update(Invitation).where(
        Invitation.cohort_id == cohort.id,
        Invitation.joined_at.is_(None),
        Invitation.ended_at.is_(None),
    )
    db.session.execute(open_ones.values(ended_at=at).execution_options(synchronize_session=False))
    waiting = sa.update(JoinRequest).where(
        JoinRequest.cohort_id == cohort.id, JoinRequest.answer == ""
    )
    late = {"answer": "late", "answered_at": at}
    db.session.execute(waiting.values(**late).execution_options(synchronize_session=False))


def _tell_learners(city: City, cohort: Cohort, at: datetime) -> None:
    people = queries.learners_of(cohort)
    assert cohort.names_until is not None, "closing has set it"
    key, values = f"closed-{cohort.id}", {"cohort": cohort.name, "city": city.name,
                                          "until": cohort.names_until}  # fmt: skip
    for person in people:
        with speaking(person.language):
            tell(
                person.id,
                key=key,
                title=gettext("Your cohort “%(cohort)s” has ended", cohort=cohort.name),
                text=gettext(
                    "You can go on learning, and everything you did stays. Your city sees your "
                    "name in this cohort until %(day)s and not after that.",
                    day=words.day(cohort.names_until),
                ),
                link="/home",
                at=at,
            )
    posts = [Post(user=p, key=f"{key}-{p.id}", values=values) for p in people]
    post_many(posts, "emails/cohort_closed.txt", at=at, kind=Kind.COORDINATOR)


def _warn(cohort: Cohort, at: datetime) -> None:
    """Tell the coordinators once that names go within 30 days."""
    city = db.session.get_one(City, cohort.city_id)
    assert cohort.names_until is not None, "the query asks for it"
    for person in cities.coordinators_of(city):
        if person.is_unproved:  # whoever reads the notices may not be who was named
            continue
        with speaking(person.language):
            tell(
                person.id,
                key=f"names-go-{cohort.id}-{cohort.names_until}",
                title=gettext("The names in “%(cohort)s” go soon", cohort=cohort.name),
                text=gettext(
                    "On %(day)s the names go from this cohort’s pages. Numbers stay. Take the "
                    "city’s report before, if you need it.",
                    day=words.day(cohort.names_until),
                ),
                link=path_of("cities.city", slug=city.slug),
                at=at,
            )
