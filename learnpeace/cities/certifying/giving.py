"""What is given to several people at once: what for, when and in which words; and to whom.

The page that previews it and the job that issues it make the same facts here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from learnpeace.certificates import record_queries
from learnpeace.certificates.actions import Recipient
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.states import Kind
from learnpeace.cities.certifying import giving_queries
from learnpeace.cities.certifying.giving_queries import Held, Helper
from learnpeace.people.models import City, Cohort

LONGEST_TITLE = 200  # characters, as the table holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What a certificate says besides whose it is.

    `meetings` are counted, of attendance; for thanks, `hours` are what each of them gave.
    """

    kind: Kind
    about: str
    title: str
    day: date
    language: str
    hours: int = 0
    meetings: tuple[Held, ...] = ()
    least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """One person it is given to, with the name and the time that are printed."""

    user_id: int
    enrolment_id: int | None
    name: str
    minutes: int


def of_meetings(
    meetings: tuple[Held, ...], *, about: str, title: str, least: int, language: str
) -> Gift:
    """Return what attendance of one meeting, or of a cohort's, is given for."""
    return Gift(
        kind=Kind.ATTENDANCE, about=about, title=title[:LONGEST_TITLE],
        day=max(meeting.day for meeting in meetings), language=language, meetings=meetings,
        least=least,
    )  # fmt: skip


def thanks_key(city: City, title: str, hours: int, language: str, day: date) -> str:
    """Return what thanks are about: the same words on the same day are the same thanks."""
    said = repr((city.id, title, hours, language, day.isoformat()))
    return f"thanks:{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def takers(gift: Gift, city: City, cohort: Cohort, wanted: set[int]) -> list[Taker]:
    """Return those of the wanted people who may have it and whose name prints (1 query)."""
    if gift.kind is Kind.ATTENDANCE:
        return [
            Taker(user_id=one.user_id, enrolment_id=one.enrolment_id, name=one.name,
                  minutes=one.minutes)
            for one in giving_queries.attended(gift.meetings, gift.least, gift.about)
            if one.user_id in wanted and one.can_print and not one.serial
        ]  # fmt: skip
    helpers = giving_queries.helpers_among(city, cohort, wanted)
    return [thanked(one, gift) for one in helpers if one.can_print]


def thanked(helper: Helper, gift: Gift) -> Taker:
    """Return somebody who is thanked: each for as many hours."""
    return Taker(
        user_id=helper.user_id, enrolment_id=None, name=helper.name, minutes=gift.hours * 60
    )


def facts_for(gift: Gift, taker: Taker, city: City, cohort: Cohort, at: datetime) -> Facts:
    """Return what this person's certificate says (1 query)."""
    return Facts(
        kind=gift.kind,
        printed_name=taker.name,
        course_title=gift.title,
        course_version="",
        minutes=taker.minutes,
        city_name=city.name,
        cohort_name=cohort.name,
        issuer=city.name,
        language=gift.language,
        completed_on=gift.day,
        paper=record_queries.place_of(cohort.id).paper,
        issued_at=at.replace(microsecond=0),
    )


def recipient(gift: Gift, taker: Taker, city: City, cohort: Cohort) -> Recipient:
    """Return whom it is given to, as it is recorded."""
    return Recipient(
        user_id=taker.user_id, about=gift.about, enrolment_id=taker.enrolment_id,
        cohort_id=cohort.id, city_id=city.id,
    )  # fmt: skip


def job_key(gift: Gift, cohort_id: int, wanted: set[int], at: datetime) -> str:
    """Return the key of the job that gives it to these people: asked twice in a minute, one job."""
    said = repr((told(gift), cohort_id, sorted(wanted), f"{at:%Y%m%dT%H%M}"))
    return f"give-{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def told(gift: Gift) -> dict[str, Any]:
    """Return it as a job's arguments hold it."""
    return {
        "kind": gift.kind.value, "about": gift.about, "title": gift.title,
        "day": gift.day.isoformat(), "language": gift.language, "hours": gift.hours,
        "least": gift.least, "meetings": [meeting.id for meeting in gift.meetings],
    }  # fmt: skip


def read(said: Mapping[str, Any], held: list[Held]) -> Gift:
    """Return what a job's arguments tell, with those of its meetings that are still held."""
    wanted = set(said["meetings"])
    return Gift(
        kind=Kind(said["kind"]), about=said["about"], title=said["title"],
        day=date.fromisoformat(said["day"]), language=said["language"], hours=said["hours"],
        least=said["least"], meetings=tuple(one for one in held if one.id in wanted),
    )  # fmt: skip
