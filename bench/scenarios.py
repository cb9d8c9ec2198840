"""What is asked of the product, in the order it is measured."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from flask import Flask

from bench import checking, rewinding
from bench.asks import Ask, addresses
from bench.filling import PASSWORD, World

MAYOR = "mayor's page"


def nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One kind of request. `count` is how many a round sends; the rest are targets.

    `prepare` runs before each round, outside what is measured.
    """

    name: str
    asks: Callable[[], Iterator[Ask]]
    status: int = 200
    count: int = 100
    prepare: Callable[[], None] = nothing
    most_floors: float | None = None
    most_queries: int | None = None
    most_ms: float | None = None
    most_kb: float | None = None


def scenarios(world: World, app: Flask) -> list[Scenario]:
    """Return everything that is measured."""
    return [*_reading(world), *_writing(world, app), *_city(world), *_certificates(world, app)]


def saves(world: World) -> Iterator[Ask]:
    """Yield answers to save, without end: every learner in turn, every question in turn."""
    for number in itertools.count():
        for one in world.tries:
            place = number % len(one.forms)
            yield Ask(
                path=f"/attempts/{one.key}/{place + 1}",
                cookie=one.cookie,
                fields=(("csrf_token", world.csrf), *one.forms[place]),
                in_background=True,
            )


def _reading(world: World) -> list[Scenario]:
    course = f"/courses/{world.course_id}"
    modules = world.modules[world.course_id]
    open_ones = modules[: len(modules) // 2 + 1]
    pages = [
        Ask(path=f"{course}/{module_id}", cookie=learner.cookie)
        for learner in world.halfway
        for module_id in open_ones
    ]
    homes = [Ask(path="/home", cookie=learner.cookie) for learner in world.halfway]
    courses = [Ask(path=course, cookie=learner.cookie) for learner in world.halfway]
    return [
        Scenario(name="landing", asks=lambda: itertools.repeat(Ask(path="/"))),
        Scenario(name="sign-in page", asks=lambda: itertools.repeat(Ask(path="/sign-in"))),
        Scenario(name="signing in", asks=lambda: _sign_ins(world), status=303, count=20),
        Scenario(name="home", asks=lambda: itertools.cycle(homes)),
        Scenario(name="course page", asks=lambda: itertools.cycle(courses)),
        Scenario(
            name="module page", asks=lambda: itertools.cycle(pages), most_floors=2, most_queries=3
        ),
    ]


def _writing(world: World, app: Flask) -> list[Scenario]:
    questions = [Ask(path=f"/attempts/{one.key}/1", cookie=one.cookie) for one in world.tries[:200]]
    return [
        Scenario(
            name="question page",
            asks=lambda: itertools.cycle(questions),
            prepare=lambda: rewinding.reopen_tries(app, world),
        ),
        Scenario(
            name="saving an answer",
            asks=lambda: saves(world),
            prepare=lambda: rewinding.reopen_tries(app, world),
            most_floors=3,
        ),
        Scenario(
            name="hand-in",
            asks=lambda: (_hand_in(world, number) for number in range(len(world.tries))),
            status=303,
            prepare=lambda: rewinding.reopen_tries(app, world),
            most_floors=4,
        ),
    ]


def _city(world: World) -> list[Scenario]:
    report = Ask(path=world.report, cookie=world.coordinator.cookie)
    return [
        Scenario(
            name="cohort report",
            asks=lambda: itertools.repeat(report),
            most_queries=12,
            most_ms=60,
            most_kb=150,
        ),
        _page("cohort page", world, world.pages.cohort),
        _page("city page", world, world.pages.city),
        Scenario(
            name=MAYOR,
            asks=lambda: itertools.repeat(mayors_page(world)),
            most_queries=12,
            most_ms=60,
            most_kb=50,
        ),
    ]


def mayors_page(world: World) -> Ask:
    """Return the request for the page of the city with everybody."""
    path = f"{world.report.partition('/cohorts/')[0]}/report"
    return Ask(path=path, cookie=world.coordinator.cookie)


def growing(world: World) -> list[tuple[Scenario, Scenario]]:
    """Return pages beside the same pages of a small cohort and a small city."""
    pages = world.pages
    pairs = (
        ("cohort page", pages.cohort, pages.small_cohort),
        ("city page", pages.city, pages.small_city),
    )
    return [(_page(name, world, large), _page(name, world, small)) for name, large, small in pairs]


def _page(name: str, world: World, path: str) -> Scenario:
    ask = Ask(path=path, cookie=world.pages.cookie)
    return Scenario(
        name=name,
        asks=lambda: itertools.repeat(ask),
        most_queries=12,
        most_ms=60,
        most_kb=150,
    )


def _certificates(world: World, app: Flask) -> list[Scenario]:
    return [
        Scenario(
            name="certificate PDF (issuing)",
            asks=lambda: (_issue(world, number) for number in range(len(world.finished))),
            status=303,
            count=10,
            prepare=lambda: rewinding.take_back_certificates(app, world),
        ),
        Scenario(
            name="certificate PDF (download)",
            asks=lambda: itertools.cycle(_downloads(world, app)),
            prepare=lambda: rewinding.print_certificates(app),
        ),
        *_checking(world, app),
    ]


def _checking(world: World, app: Flask) -> list[Scenario]:
    def prepare() -> None:
        checking.give_certificates(app, world)

    files = (
        ("upload check", checking.page_of, 100, 3),
        ("upload check: a changed file", checking.changed, 100, 4),
        ("upload check: a file that has to be opened", checking.printed_again, 10, 4),
    )
    return [
        Scenario(name="verify page", asks=lambda: checking.by_number(_addresses),
                 prepare=prepare, most_floors=3, most_queries=2),
        *(
            Scenario(name=name, asks=partial(checking.by_file, content_of, _addresses),
                     prepare=prepare, count=count, most_queries=queries)
            for name, content_of, count, queries in files
        ),
    ]  # fmt: skip


_addresses = addresses()


def _sign_ins(world: World) -> Iterator[Ask]:
    for learner in itertools.cycle(world.learners):
        yield Ask(
            path="/sign-in",
            cookie=world.anonymous,
            address=next(_addresses),
            fields=(
                ("csrf_token", world.csrf),
                ("who", learner.email),
                ("secret", PASSWORD),
                ("stay", "no"),
            ),
        )


def _hand_in(world: World, number: int) -> Ask:
    one = world.tries[number]
    fields = (("csrf_token", world.csrf),)
    return Ask(path=f"/attempts/{one.key}/hand-in", cookie=one.cookie, fields=fields)


def _issue(world: World, number: int) -> Ask:
    learner = world.finished[number]
    fields = (
        ("csrf_token", world.csrf),
        ("printed_name", f"Achieng Odhiambo {number + 1}"),
        ("language", "en"),
        ("step", "issue"),
    )
    path = f"/courses/{world.course_id}/certificate"
    return Ask(path=path, cookie=learner.cookie, fields=fields)


def _downloads(world: World, app: Flask) -> list[Ask]:
    cookies = {learner.user_id: learner.cookie for learner in world.finished}
    return [
        Ask(path=f"/certificates/{serial}.pdf", cookie=cookies[user_id])
        for serial, user_id in rewinding.certificates(app, world)
    ]
