"""Printing sign-in cards, in the background: new PINs, then the pages that tell them."""

from collections.abc import Sequence
from functools import partial
from typing import cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext, ngettext

from learnpeace.accounts import audit, passwords
from learnpeace.accounts.audit import What
from learnpeace.accounts.models import ServerSession
from learnpeace.cities.roster import cards, queries
from learnpeace.cities.roster.queries import CardHolder
from learnpeace.lib import clock, jobs
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.jobs import Running
from learnpeace.people.models import Cohort, User
from learnpeace.releases import queries as releases

CARDS = "sign-in cards"
MOST = 400  # cards in one file: more would take minutes
CHUNK = 20  # PINs in one unit of work: half a second of hashing
FILE = "sign-in-cards.pdf"


@jobs.does(CARDS)
def print_cards(running: Running) -> None:
    """Give each of them a new PIN and print it; broken off, it goes on with the same PINs."""
    cohort = db.session.get_one(Cohort, int(running.arguments["cohort"]))
    wanted = {int(number) for number in running.arguments["people"]}
    holders = [h for h in queries.card_holders(cohort) if h.user_id in wanted]
    if not holders:
        raise Refusal(
            gettext("Nobody of those chosen signs in with a PIN in this cohort any more."),
            advice=gettext("Look at the list of cards again."),
        )
    total = len(holders) * 2
    pins: dict[int, str] = {}
    for first in range(0, len(holders), CHUNK):
        running.step(first, total)
        pins |= _give_pins(holders[first : first + CHUNK], cohort, running)
    running.step(len(holders), total)
    _print(_pages(holders, pins, cohort), running, total)
    running.words = ngettext(
        "%(num)d sign-in card is ready to print.",
        "%(num)d sign-in cards are ready to print.",
        len(holders),
    )


def _give_pins(holders: Sequence[CardHolder], cohort: Cohort, running: Running) -> dict[int, str]:
    """Give some people the PINs that this job has for them; nothing is held while hashing.

    Where they were signed in they are so no longer: who asks for a card may have lost a phone.
    """
    ids, city_id, name = [h.user_id for h in holders], cohort.city_id, cohort.name
    db.session.rollback()
    key = str(current_app.secret_key).encode()
    pins = {id: passwords.pin_from(key, f"card:{running.key}:{id}") for id in ids}
    table = cast("sa.Table", User.__table__)
    given = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("own"))
        .values(password_hash=sa.bindparam("hash"))
    )
    values = [{"own": id, "hash": pin.hash} for id, pin in pins.items()]
    at = clock.now()
    db.session.connection().execute(given, values)
    is_open = (ServerSession.user_id.in_(ids), ServerSession.ends_at > at)
    ended = sa.update(ServerSession).where(*is_open).values(ends_at=at)
    db.session.execute(ended.execution_options(synchronize_session=False))
    audit.notes(
        ids, What.PRINTED_CARD, by_id=running.by, at=at, city_id=city_id, detail=name,
        key=f"card-{running.key}",
    )  # fmt: skip
    return {id: pin.digits for id, pin in pins.items()}


def _pages(holders: Sequence[CardHolder], pins: dict[int, str], cohort: Cohort) -> str:
    city = cohort.city
    assert city is not None, "cards are printed for a city's cohort"
    spoken = (cohort.languages or city.languages).split(",")[0]
    release = releases.release(cohort.release_id)
    return cards.html(holders, pins, city, release, spoken=spoken)


def _print(html: str, running: Running, total: int) -> None:
    running.keep(FILE, running.during(partial(cards.printed, html), total // 2, total))
