"""How people come in: asked for, invited, on a list, waiting; and what they say of themselves."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle

import sqlalchemy as sa

from learnpeace.accounts.passwords import hashed
from learnpeace.cities.inviting.tokens import hash_of, token_of
from learnpeace.cities.models import SectorChoice
from learnpeace.cities.roster.actions import keep_list
from learnpeace.cities.roster.reading import Person
from learnpeace.demo import people, places
from learnpeace.demo.learning import learn, reach
from learnpeace.demo.places import Scene
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.learning.joining.rules import HOLD
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, JoinBy, User
from learnpeace.people.sectors import Sector, Side

WITHOUT_EMAIL = 8
SECTORS = {
    Sector.ACADEMIC: 15, Sector.SERVICE: 13, Sector.COMMERCE: 12, Sector.FAITH_BASED: 12,
    Sector.CIVIC: 11, Sector.WELLNESS: 5, Sector.SECURITY: 4, Sector.ARTS: 3,
}  # fmt: skip
"""How many of a hundred chose which; two are missing, so that there is somebody to invite."""
MESSAGES = (
    "I teach at the school by the railway. Two of my pupils fight for their streets.",
    "The ward elder told me of this. I have Tuesdays and Thursdays.",
    "",
)
LIST = (
    ("Wambui Gathoni", "wambui.gathoni@example.org", "academic"),
    ("Peter Oloo", "peter.oloo@example.org", "commerce"),
    ("Peter Oloo", "peter.oloo@example.org", "commerce"),
    ("Mama Night", "", "service"),
    ("Hussein Barre", "hussein barre@example.org", "faith"),
    ("", "somebody@example.org", ""),
    ("Otieno Ouma", "learner2@example.org", "civic"),
    ("Linet Moraa", "linet.moraa@example.org", "gardening"),
    ("Elijah Kosgei", "", ""),
)


def fill(scene: Scene) -> None:
    """Add the other ways in, and the sectors of those who learn."""
    _without_email(scene)
    _invite(scene, scene.groups[0])
    _approve(scene)
    _fill_up(scene)
    _draft(scene)
    _paste(scene)
    _choose_sectors(scene)


def _without_email(scene: Scene) -> None:
    """Let some of the first cohort sign in by name and PIN: they came from a list."""
    rows = list(
        db.session.execute(
            sa.select(Enrolment, User)
            .join(User, User.id == Enrolment.user_id)
            .where(Enrolment.cohort_id == scene.groups[0].id, User.id != scene.amina.id)
            .order_by(User.id)
        )
    )
    secret = hashed(secrets.token_urlsafe())
    people.sign_in_without_email([row.User for row in rows[:WITHOUT_EMAIL]], secret)
    for number, (enrolment, user) in enumerate(rows):
        is_listed = number < WITHOUT_EMAIL + 4
        enrolment.came_by = "list" if is_listed else ("link", "code")[number % 2]
        if is_listed:
            came = enrolment.joined_at
            db.session.add(
                Invitation(
                    cohort_id=enrolment.cohort_id, user_id=user.id, email=user.email,
                    name=user.name, language="en", made_at=came - timedelta(days=3),
                    sent_at=came - timedelta(days=3) if user.email else None,
                    opened_at=came if user.email else None, joined_at=came,
                )
            )  # fmt: skip


def _invite(scene: Scene, cohort: Cohort) -> None:
    """Add invitations that wait: four sent, three of them opened, and two that came back."""
    cohort.link_opened = 83
    sent = scene.at - timedelta(days=9)
    waiting = [
        Invitation(
            cohort_id=cohort.id, email=people.address(f"invited{number + 1}"),
            name=people.name_at(200 + number), language="en", made_at=sent, sent_at=sent,
            opened_at=sent + timedelta(hours=5 * number) if 4 <= number < 7 else None,
            bounced_at=sent + timedelta(minutes=2) if number >= 7 else None,
        )
        for number in range(9)
    ]  # fmt: skip
    db.session.add_all(waiting)
    db.session.flush()
    for one in waiting:
        one.token_hash = hash_of(token_of(one.id, one.made_at))


def _approve(scene: Scene) -> None:
    """Add a cohort that is joined by asking: six were let in, three ask, one was declined."""
    begins = (scene.at + timedelta(days=12)).date()
    cohort = places.add_cohort(
        scene.city, scene.found[0], name="Teachers who mediate", code="TEACHR", seats=30,
        join_by=JoinBy.APPROVAL.value, starts_on=begins, ends_on=begins + timedelta(days=110),
        created_at=scene.at - timedelta(days=15), link_opened=22,
        welcome="For teachers of the city’s schools. Say in a line where you teach.",
    )  # fmt: skip
    db.session.flush()
    asking = people.crowd(10, "teacher", scene.at - timedelta(days=14), first_name=240)
    for number, user in enumerate(asking):
        asked = scene.at - timedelta(days=1 + number)
        let_in, declined = number > 3, number == 3
        one = JoinRequest(
            cohort_id=cohort.id, user_id=user.id, kind=Ask.REQUEST.value, made_at=asked,
            message=MESSAGES[number % len(MESSAGES)],
        )  # fmt: skip
        if let_in or declined:
            one.answer, one.answered_by = "yes" if let_in else "no", scene.coordinator.id
            one.answered_at = asked + timedelta(hours=20)
        if declined:
            one.reason = "This one is for teachers. The lakeside wards’ cohort has a place for you."
        db.session.add(one)
        if let_in:
            db.session.add(
                Enrolment(
                    user_id=user.id, course_id=cohort.course_id, cohort_id=cohort.id,
                    joined_at=one.answered_at, last_active_at=one.answered_at, came_by="request",
                )
            )  # fmt: skip


def _fill_up(scene: Scene) -> None:
    """Add a cohort without a free place: one is held for somebody, two wait behind them."""
    begins = (scene.at - timedelta(days=21)).date()
    cohort = places.add_cohort(
        scene.city, scene.found[-1], name="Market traders’ morning group", code="MRKETS",
        seats=12, starts_on=begins, ends_on=begins + timedelta(days=90),
        created_at=scene.at - timedelta(days=30), link_opened=64,
        welcome="We meet before the market opens. There is tea.",
    )  # fmt: skip
    db.session.flush()
    crowd = people.crowd(14, "trader", scene.at - timedelta(days=28), first_name=280)
    for user in crowd[:11]:
        learn(user, cohort, scene.found[-1], reach(scene.found[-1], scene.lot), scene.lot, scene.at)
    offered = scene.at - timedelta(hours=18)
    for number, user in enumerate(crowd[11:]):
        is_held = number == 0
        db.session.add(
            JoinRequest(
                cohort_id=cohort.id, user_id=user.id, kind=Ask.WAITING.value,
                made_at=scene.at - timedelta(days=6 - number),
                offered_at=offered if is_held else None,
                held_until=offered + HOLD if is_held else None,
            )
        )  # fmt: skip


def _draft(scene: Scene) -> None:
    """Add a cohort that is only planned."""
    begins = (scene.at + timedelta(days=45)).date()
    places.add_cohort(
        scene.city, scene.found[0], name="Youth of the estates", code="YTHSTT", seats=40,
        is_draft=True, is_open=False, starts_on=begins, ends_on=begins + timedelta(days=120),
        created_at=scene.at - timedelta(days=2), welcome="",
    )  # fmt: skip


def _paste(scene: Scene) -> None:
    """Keep a list that was pasted and not imported yet, with what lists have."""
    rows = [
        Person(number=number, name=name, email=email, sector=sector)
        for number, (name, email, sector) in enumerate(LIST, start=2)
    ]
    db.session.flush()
    keep_list(
        scene.groups[0], rows, key=secrets.token_urlsafe(16), file_name="ward volunteers.xlsx",
        by_id=scene.coordinator.id, at=scene.at - timedelta(hours=2),
    )  # fmt: skip


def _choose_sectors(scene: Scene) -> None:
    """Let about two of three choose their sector."""
    ids = db.session.scalars(
        sa.select(Enrolment.user_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.city_id == scene.city.id, Enrolment.user_id != scene.amina.id)
        .distinct()
        .order_by(Enrolment.user_id)
    ).all()
    chosen = [sector for sector, count in SECTORS.items() for _ in range(count)]
    scene.lot.shuffle(chosen)
    sides: Sequence[Side] = (Side.COMMUNITY, Side.GOVERNMENT, Side.COMMUNITY, Side.BUSINESS)
    db.session.add_all(
        SectorChoice(
            user_id=user_id, city_id=scene.city.id, sector=sector.value, side=side.value,
            at=scene.at - timedelta(days=12),
        )
        for user_id, sector, side in zip(
            (id for number, id in enumerate(ids) if number % 3), cycle(chosen), cycle(sides),
            strict=False,
        )
    )  # fmt: skip
