"""Handing a city over. The caller commits, or the job that looks again."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.cities import role_actions
from learnpeace.cities.coordinating import queries
from learnpeace.cities.coordinating.queries import KIND, is_in_use
from learnpeace.cities.job_routes import scope_of
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Running, State
from learnpeace.lib.languages import speaking
from learnpeace.people.models import City, Role, RoleKind, User

OFTEN, FIRST_DAY, SELDOM = timedelta(hours=1), 24, timedelta(hours=6)
MOST_LOOKS = FIRST_DAY + 4 * 29  # the first day every hour, then 29 days four times a day


def stop(city: City, user_id: int, *, at: datetime) -> None:
    """End a person's own role in a city (up to 5 queries); a second time changes nothing.

    Refused while nobody else who coordinates it has signed in. The city's row is held, so
    that two who stop at once do not both go.
    """
    db.session.execute(sa.select(City.id).where(City.id == city.id).with_for_update())
    if not any(is_in_use(person) for person in queries.others_of(city, user_id)):
        raise Refusal(
            gettext("Nobody else who coordinates the city has signed in yet."),
            title=gettext("The city would have nobody"),
            advice=gettext("Name somebody, and stop when they have signed in."),
        )
    role_actions.dismiss_coordinator(city, user_id, by_id=user_id, at=at)
    take_back(city, user_id, at=at)


def stop_when_signed_in(city: City, user_id: int, to_id: int, language: str,
                        *, key: str, at: datetime) -> bool:  # fmt: skip
    """End a person's role as soon as the successor has signed in; say whether it is over now.

    The same key again asks once; another form takes the place of the one before.
    """
    successor = db.session.get_one(User, to_id)
    if is_in_use(successor):
        stop(city, user_id, at=at)
        return True
    if any(j.arguments["form_key"] == key for j in queries.waiting_jobs(city, user_id)):
        return False
    take_back(city, user_id, at=at)
    _look_again(city.id, user_id, to_id, language, key=key, look=1, at=at)
    return False


def take_back(city: City, user_id: int, *, at: datetime) -> None:
    """Stop waiting for a successor; a second time changes nothing (1 query)."""
    for job in queries.waiting_jobs(city, user_id):
        if job.state == State.WAITING:
            job.state, job.ended_at, job.claimed_until = State.DONE.value, at, None


@jobs.does(KIND)
def look(running: Running) -> None:
    """See whether the successor has signed in; then end the role of who handed over."""
    given = running.arguments
    city = db.session.get_one(City, int(given["city_id"]))
    user_id, to_id, at = int(given["from_id"]), int(given["to_id"]), clock.now()
    successor = db.session.get_one(User, to_id)
    if not _coordinates(city, user_id) or not _coordinates(city, to_id):
        return  # an administrator has decided otherwise
    if is_in_use(successor):
        role_actions.dismiss_coordinator(city, user_id, by_id=user_id, at=at)
        _tell(city, user_id, at)
        return
    number = int(given["look"]) + 1
    if number <= MOST_LOOKS:
        key = str(given["form_key"])
        _look_again(city.id, user_id, to_id, running.language, key=key, look=number, at=at)


def _look_again(city_id: int, user_id: int, to_id: int, language: str,
                *, key: str, look: int, at: datetime) -> None:  # fmt: skip
    city = db.session.get_one(City, city_id)
    job = jobs.ask(
        KIND, scope=scope_of(city), by=user_id, language=language, at=at,
        key=f"hand-over-{key}-{look}",
        city_id=city_id, from_id=user_id, to_id=to_id, look=look, form_key=key,
    )  # fmt: skip
    if job.state == State.WAITING and job.claimed_until is None:
        job.claimed_until = at + (OFTEN if look <= FIRST_DAY else SELDOM)


def _coordinates(city: City, user_id: int) -> bool:
    query = sa.select(Role.id).where(
        Role.user_id == user_id, Role.city_id == city.id, Role.kind == RoleKind.COORDINATOR
    )
    return db.session.scalar(query) is not None


def _tell(city: City, user_id: int, at: datetime) -> None:
    person = db.session.get_one(User, user_id)
    with speaking(person.language):
        notice_actions.tell(
            user_id,
            key=f"handed-over-{city.id}-{at:%Y%m%dT%H%M}",
            title=gettext("You have handed %(city)s over", city=city.name),
            # Without a name: a notice would keep it when its bearer has gone.
            text=gettext("Whoever follows you has signed in and looks after it now."),
            at=at,
        )
