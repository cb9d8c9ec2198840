"""Writing the weekly letter to coordinators. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext, ngettext

from learnpeace.accounts import letters
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, address_of
from learnpeace.cities.digest import queries, rules
from learnpeace.cities.digest.rules import Next, Week
from learnpeace.lib import clock, words
from learnpeace.lib.languages import speaking
from learnpeace.people.models import City, Cohort, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a letter says of one cohort: lines of counts, and what to do next with its link."""

    name: str
    lines: tuple[str, ...]
    suggestion: str
    address: str


def write_due(at: datetime) -> int:
    """Write this week's letters where it is Monday morning; return how many (2 queries).

    3 more where there is one to write, 1 for each cohort in it, and 2 for the letters.
    """
    cohorts = queries.running_cohorts(at)
    mondays = {city: rules.week_of(at, clock.zone(city.time_zone)) for city in cohorts}
    cities = [(city, monday) for city, monday in mondays.items() if monday is not None]
    if not cities:
        return 0
    people = queries.coordinators([city.id for city, _ in cities])
    asked = [
        (queries.monday_key(city, user, monday), city, user)
        for city, monday in cities
        for user in people.get(city.id, ())
    ]
    done = queries.written([key for key, _, _ in asked])
    left = [one for one in asked if one[0] not in done]
    if not left:
        return 0
    posts = _posts(left, {city: cohorts[city] for _, city, _ in left}, at)
    return letters.post_many(posts, "emails/digest.txt", at=at, kind=Kind.DIGEST)


def _posts(
    left: Sequence[tuple[str, City, User]], cohorts: dict[City, list[Cohort]], at: datetime
) -> list[Post]:
    weeks = queries.weeks([cohort for own in cohorts.values() for cohort in own], at)
    posts = []
    for key, city, user in left:
        with speaking(user.language):
            told = [
                _told(cohort, city, weeks[cohort.id], at)
                for cohort in cohorts[city]
                if rules.says_something(weeks[cohort.id])
            ]
        if told:
            address = address_of("cities.city", slug=city.slug)
            values = {"city": city.name, "cohorts": told, "address": address}
            posts.append(Post(user=user, key=key, values=values))
    return posts


def _told(cohort: Cohort, city: City, week: Week, at: datetime) -> Told:
    today = at.astimezone(clock.zone(city.time_zone)).date()
    step = rules.next_step(week, begins=cohort.starts_on, today=today)
    return Told(
        name=cohort.name,
        lines=tuple(_lines(week, city, cohort, today)),
        suggestion=_suggestion(step, week) if step else "",
        address=_address(step, city, cohort),
    )


def _lines(week: Week, city: City, cohort: Cohort, today: date) -> list[str]:
    lines = [
        gettext("joined this week: %(count)s of %(all)s",
                count=words.number(week.joined), all=words.number(week.learners)),
        gettext("active this week: %(count)s", count=words.number(week.active)),
        gettext("stuck: %(count)s", count=words.number(week.stuck)),
        gettext("finished this week: %(count)s; in all: %(all)s",
                count=words.number(week.finished_now), all=words.number(week.finished)),
        gettext("requests that wait: %(count)s", count=words.number(week.requests)),
    ]  # fmt: skip
    if week.meeting_at is not None:
        when = words.moment(week.meeting_at, city.time_zone)
        lines.append(gettext("next meeting: %(when)s", when=when))
    else:
        lines.append(gettext("next meeting: none is planned"))
    if cohort.starts_on is not None and cohort.starts_on > today:
        lines.append(gettext("begins on %(day)s", day=words.day(cohort.starts_on)))
    elif cohort.ends_on is not None and cohort.ends_on - today <= rules.SOON:
        lines.append(gettext("ends on %(day)s", day=words.day(cohort.ends_on)))
    return lines


def _suggestion(step: Next, week: Week) -> str:
    if step == Next.REQUESTS:
        return ngettext(
            "One person asks to join and waits for your answer:",
            "%(num)d people ask to join and wait for your answer:",
            week.requests,
        )
    if step == Next.BOUNCED:
        return gettext("Some invitations came back. Check the addresses:")
    if step == Next.STUCK:
        return ngettext(
            "One person is stuck. A short word from you helps most:",
            "%(num)d people are stuck. A short word from you helps most:",
            week.stuck,
        )
    return {
        Next.INVITE: gettext("Nobody has joined yet. Share the link or put up the poster:"),
        Next.NOT_BEGUN: gettext("Some have joined and not begun. Write to them:"),
        Next.MEETING: gettext("No meeting is planned. People who meet finish more often:"),
    }[step]


def _address(step: Next | None, city: City, cohort: Cohort) -> str:
    place = {"slug": city.slug, "cohort_id": str(cohort.id)}
    shown = {Next.STUCK: "stuck", Next.NOT_BEGUN: "not-started", Next.BOUNCED: "invited"}
    if step == Next.REQUESTS:
        return address_of("cities.requests", **place)
    if step == Next.INVITE:
        return address_of("cities.invite", **place)
    if step == Next.MEETING:
        return address_of("meetings.new", **place)
    if step in shown:
        return address_of("cities.cohort", **place, show=shown[step])
    return address_of("cities.cohort", **place)
