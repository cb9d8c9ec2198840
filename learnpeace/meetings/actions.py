"""Planning, moving and cancelling meetings. The caller commits."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from flask_babel import gettext, ngettext

from learnpeace.lib import clock, words
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit, Refusal
from learnpeace.meetings import letters, queries, rules
from learnpeace.meetings.models import Meeting
from learnpeace.meetings.rules import Hours, NoSuchTime, Stage
from learnpeace.people.models import Cohort

TOLD_OF = frozenset({"title", "starts_at", "minutes", "dial_in"})  # changes people hear of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a meeting shall be; `local` is what a clock on the wall of the cohort's city shows."""

    title: str
    about: str
    local: datetime
    minutes: int
    link: str
    dial_in: str
    questions: tuple[str, ...]


class Stale(Refusal):
    """Somebody else changed the meeting since the form was opened."""


def plan(
    cohort: Cohort, wanted: Plan, *, weeks: int, token: str, by_id: int, at: datetime
) -> list[Meeting]:
    """Plan a meeting, or one a week for so many weeks, and have people told (at most 4 queries).

    The same form sent twice plans once: keys are made of its `token` and what it says. The
    cohort is locked. Raises Misfit for a time that does not exist, is over or is taken.
    """
    keys = _keys(cohort, wanted, weeks, token)
    if known := queries.with_keys(keys):
        return list(known)
    moments = _moments(cohort, wanted, weeks)
    _check_span(cohort, moments, at)
    _check_free(cohort, [Hours(starts_at=m, minutes=wanted.minutes) for m in moments], set())
    made = [
        _meeting(cohort, wanted, key, moment, by_id=by_id, at=at)
        for key, moment in zip(keys, moments, strict=True)
    ]
    for meeting in made:
        meeting.series = keys[0] if weeks > 1 else ""
    db.session.add_all(made)
    db.session.flush()
    letters.ask_to_tell(letters.News.NEW, made, by_id=by_id, at=at)
    return made


def plan_of(meeting: Meeting) -> Plan:
    """Return a meeting as a plan."""
    return Plan(
        title=meeting.title, about=meeting.about,
        local=rules.wall(meeting.starts_at, clock.zone(meeting.zone)),
        minutes=meeting.minutes, link=meeting.link, dial_in=meeting.dial_in,
        questions=tuple(meeting.questions),
    )  # fmt: skip


def change(
    meeting: Meeting,
    wanted: Plan,
    *,
    with_following: bool,
    sequence: int,
    by_id: int,
    at: datetime,
) -> list[Meeting]:
    """Change a meeting, or it and all that follow in its series; return those that changed.

    What was changed of this one is changed of each; people are told of what matters to them.
    `sequence` is the meeting's when the form was opened: raises Stale when somebody changed
    it since, Misfit as `plan` does. The same change again changes nothing.
    """
    before = plan_of(meeting)
    if wanted == before:
        return []
    if meeting.hours.stage(at) in (Stage.AFTER, Stage.CANCELLED):
        raise _is_over()
    if sequence != meeting.sequence:
        raise Stale(
            gettext("Somebody else changed this meeting since you opened this page."),
            advice=gettext("What it is now stands on its page. Yours was not saved."),
        )
    which = [meeting, *(queries.following(meeting) if with_following else ())]
    changes = [(one, _changed(one, before, wanted)) for one in which]
    _check_changes(meeting, changes, at)
    changed = [one for one, values in changes if _apply(one, values, at)]
    told = [one for one, values in changes if TOLD_OF & values.keys()]
    if told:
        db.session.flush()
        letters.ask_to_tell(letters.News.MOVED, told, by_id=by_id, at=at)
    return changed


def cancel(
    meeting: Meeting, word: str, *, with_following: bool, by_id: int, at: datetime
) -> list[Meeting]:
    """Cancel a meeting, or it and all that follow, and have people told why; return which.

    What is cancelled stays so: a second time changes nothing. Raises Refusal for one that is
    over.
    """
    if meeting.cancelled_at is not None:
        return []
    if meeting.hours.stage(at) is Stage.AFTER:
        raise _is_over()
    which = [meeting, *(queries.following(meeting) if with_following else ())]
    for one in which:
        one.cancelled_at, one.summary = at, word
        _note_change(one, at)
    letters.ask_to_tell(letters.News.CANCELLED, which, by_id=by_id, at=at)
    return which


def keep_afterwards(
    meeting: Meeting, *, summary: str, recording: str, by_id: int, at: datetime
) -> None:
    """Keep the summary and the recording; the first time, people are told."""
    if meeting.cancelled_at is not None:
        raise _is_over()
    was_empty = not (meeting.summary or meeting.recording)
    if (summary, recording) == (meeting.summary, meeting.recording):
        return
    meeting.summary, meeting.recording = summary, recording
    _note_change(meeting, at)
    if was_empty:
        letters.ask_to_tell(letters.News.AFTER, [meeting], by_id=by_id, at=at)


def _keys(cohort: Cohort, wanted: Plan, weeks: int, token: str) -> list[str]:
    said = repr((cohort.id, token, weeks, astuple(wanted)))
    return [hashlib.sha256(f"{said}{n}".encode()).hexdigest()[:24] for n in range(weeks)]


def _meeting(
    cohort: Cohort, wanted: Plan, key: str, starts_at: datetime, *, by_id: int, at: datetime
) -> Meeting:
    return Meeting(
        key=key, cohort=cohort, title=wanted.title, about=wanted.about, starts_at=starts_at,
        minutes=wanted.minutes, link=wanted.link, dial_in=wanted.dial_in,
        questions=list(wanted.questions), code=_fresh_code(), made_by=by_id, made_at=at,
        changed_at=at, sequence=0,
    )  # fmt: skip


def _fresh_code() -> str:
    return str(secrets.randbelow(10**rules.CODE_DIGITS)).zfill(rules.CODE_DIGITS)


def _moments(cohort: Cohort, wanted: Plan, weeks: int) -> list[datetime]:
    zone = zone_of(cohort)
    if not rules.is_near(wanted.local.date(), clock.now().astimezone(clock.zone(zone)).date()):
        raise Misfit("day", gettext("Choose a day within the next two years."))
    try:
        return rules.weekly(wanted.local, clock.zone(zone), weeks)
    except NoSuchTime as error:
        raise _no_such_time(error, zone) from error


def zone_of(cohort: Cohort) -> str:
    """Return the name of a cohort's time zone; its city is read."""
    return cohort.city.time_zone if cohort.city else "UTC"


def _check_span(cohort: Cohort, moments: Sequence[datetime], at: datetime) -> None:
    if moments[0] <= at:
        now = words.moment(at, zone_of(cohort))
        raise Misfit("time", gettext("This is over already: it is %(now)s now.", now=now))


def _check_free(cohort: Cohort, wanted: Sequence[Hours], own: set[str]) -> None:
    """Raise Misfit when the cohort meets already at one of these hours (1 query)."""
    first = min(hours.starts_at for hours in wanted)
    last = max(hours.ends_at for hours in wanted)
    for other in queries.around(cohort.id, first, last):
        if other.key not in own and any(other.hours.meets(hours) for hours in wanted):
            when = words.appointment(other.starts_at, zone_of(cohort))
            raise Misfit(
                "time",
                gettext("The cohort meets then already: “%(title)s”, %(when)s. "
                        "Choose another time, or change that meeting.",
                        title=other.title, when=when),
            )  # fmt: skip


Changes = dict[str, object]


def _changed(meeting: Meeting, before: Plan, wanted: Plan) -> Changes:
    """Return the new values of a meeting whose series is changed from one plan to another."""
    names = ("title", "about", "minutes", "link", "dial_in")
    changed: Changes = {
        name: getattr(wanted, name)
        for name in names
        if getattr(wanted, name) != getattr(before, name)
    }
    if wanted.questions != before.questions:
        changed["questions"] = list(wanted.questions)
    if wanted.local != before.local:
        zone = meeting.zone
        try:
            changed["starts_at"] = rules.shifted(
                meeting.starts_at, clock.zone(zone), before.local, wanted.local
            )
        except NoSuchTime as error:
            raise _no_such_time(error, zone) from error
    return {name: value for name, value in changed.items() if getattr(meeting, name) != value}


def _check_changes(
    meeting: Meeting, changes: Iterable[tuple[Meeting, Changes]], at: datetime
) -> None:
    moved = [(one, _new_hours(one, values)) for one, values in changes]
    changed = [hours for one, hours in moved if hours != one.hours]
    if not changed:
        return
    if moved[0][1].starts_at != meeting.starts_at:
        _check_span(meeting.cohort, [moved[0][1].starts_at], at)
    _check_free(meeting.cohort, changed, {one.key for one, _ in moved})


def _new_hours(meeting: Meeting, values: Changes) -> Hours:
    hours = meeting.hours
    starts_at, minutes = values.get("starts_at"), values.get("minutes")
    if isinstance(starts_at, datetime):
        hours = replace(hours, starts_at=starts_at)
    return replace(hours, minutes=minutes) if isinstance(minutes, int) else hours


def _apply(meeting: Meeting, values: Changes, at: datetime) -> bool:
    for name, value in values.items():
        setattr(meeting, name, value)
    if values:
        _note_change(meeting, at)
    return bool(values)


def _note_change(meeting: Meeting, at: datetime) -> None:
    meeting.sequence += 1
    meeting.changed_at = at


def _no_such_time(error: NoSuchTime, zone: str) -> Misfit:
    return Misfit(
        "time",
        gettext("On %(day)s the clocks of %(zone)s go forward past %(time)s: that time does not "
                "exist. Choose another.",
                day=words.day(error.local.date()), zone=words.zone_name(zone),
                time=f"{error.local:%H:%M}"),
    )  # fmt: skip


def _is_over() -> Refusal:
    return Refusal(
        gettext("This meeting is over or was cancelled, so it cannot be changed any more."),
        title=gettext("This meeting is over"),
        advice=gettext("Nothing was changed. You can plan a new one."),
    )


def weeks_words(count: int) -> str:
    """Return how many meetings were planned, in words."""
    return ngettext(
        "The meeting is planned. People are being told.",
        "%(num)d meetings are planned. People are being told.",
        count,
    )
