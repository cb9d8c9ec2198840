"""Who may open what: every route of the app, and every thing of a city.

The routes come from the app's own map, so a new one is tested the day it is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from werkzeug.routing import IntegerConverter

from learnpeace.access import PUBLIC, SIGNED_IN, Permission, mark_of
from learnpeace.certificates.models import Certificate  # noqa: F401  (its table is read)
from learnpeace.people.models import RoleKind
from tests.browser import bare

METHODS = ("GET", "POST")
LET_IN = {200, 302, 303, 409, 422}


@dataclass(frozen=True)
class Door:
    """One route with one method."""

    endpoint: str
    method: str
    arguments: frozenset[str]


@pytest.fixture
def world(make, at):
    """Make two cities, each with a cohort, a learner and everybody who works there.

    `<key>` in an address means another thing in each room: `open_door` takes its room's.
    """

    class World:
        pass

    at(make.at)
    found = World()
    for name, city in (("own", make.city("Kisumu")), ("other", make.city("Nairobi"))):
        cohort = make.cohort(city, name=f"Cohort of {city.name}")
        learner = make.user(f"Learner of {city.name}", sign_in_name=f"learner.{city.slug}")
        enrolment = make.enrolment(learner, cohort)
        coordinator = make.coordinator(city)
        facilitator = make.user(f"Facilitator of {city.name}")
        make.role(facilitator, RoleKind.FACILITATOR, cohort_id=cohort.id)
        make.note(enrolment, "heard", shared_at=make.at)
        holder = make.enrolment(make.user(f"Graduate of {city.name}"), cohort)
        ids = {
            "slug": city.slug, "cohort_id": cohort.id, "enrolment_id": enrolment.id,
            "module_id": "listening", "user_id": coordinator.id, "kind": "trainer",
            "block_id": "heard",
            "list_key": make.roster(cohort, coordinator).key,
            "cities.serial": make.certificate(holder).serial,
            "cities.key": make.job(city).key,
            "meetings.key": make.meeting(
                cohort, coordinator, starts_at=make.at - timedelta(days=1),
                questions=["What did you hear?", "What will you do?", "With whom?"],
            ).key,
        }  # fmt: skip
        setattr(found, name, ids)
        setattr(found, f"coordinator_{name}", coordinator)
        setattr(found, f"facilitator_{name}", facilitator)
        setattr(found, f"learner_{name}", learner)
    found.trainer, found.administrator = make.user("Trainer"), make.user("Administrator")
    make.role(found.trainer, RoleKind.TRAINER)
    make.role(found.administrator, RoleKind.ADMINISTRATOR)
    return found


def doors(app, endpoints: str = "") -> Iterator[Door]:
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            if method in (rule.methods or ()) and rule.endpoint.startswith(endpoints):
                yield Door(rule.endpoint, method, frozenset(rule.arguments))


def open_door(app, browser, door, values):
    room = door.endpoint.split(".")[0]
    own = {name: values.get(f"{room}.{name}", values.get(name)) for name in door.arguments}
    with app.test_request_context():
        address = app.url_for(door.endpoint, **own)
    response = browser.get(address) if door.method == "GET" else browser.post(address)
    return response, address


def body(response, address):
    """Return a page without what belongs to the request: the token and its own address."""
    return bare(response).replace(address, "ADDRESS")


def anything(app, door):
    """Return a value for every part of a route's address, for things that do not exist."""
    values = {}
    for rule in app.url_map.iter_rules(door.endpoint):
        for name, converter in rule._converters.items():
            values[name] = 99999 if isinstance(converter, IntegerConverter) else "none"
    return values


def test_every_route_has_exactly_one_mark(app):
    allowed = {PUBLIC, SIGNED_IN, *map(str, Permission)}

    unmarked = [name for name in app.view_functions if mark_of(app, name) not in allowed]

    assert unmarked == []


def test_whoever_is_not_signed_in_is_asked_to_sign_in(app, browse):
    for door in doors(app):
        if mark_of(app, door.endpoint) == PUBLIC:
            continue
        response, _ = open_door(app, browse(), door, anything(app, door))
        if door.method == "GET":
            assert response.status_code == 302, door
            assert response.location.startswith("/sign-in"), door
        else:  # the page keeps what was typed
            assert response.status_code == 401, door


def test_a_learner_meets_the_same_nothing_behind_every_role(app, browse, make):
    ana = browse(make.user("Ana"))
    nothing = ana.get("/no-such-address")
    for door in doors(app):
        if mark_of(app, door.endpoint) in (PUBLIC, SIGNED_IN):
            continue
        response, address = open_door(app, ana, door, anything(app, door))
        assert response.status_code == 404, door
        assert main(body(response, address)) == main(nothing.text), door


def main(text):
    return text.split("<main")[1].split("</main>")[0]


ROLES = {
    Permission.RUN_CITY: {"coordinator_own", "administrator"},
    Permission.SEE_COHORT: {"coordinator_own", "facilitator_own", "administrator"},
    Permission.FACILITATE: {"facilitator_own"},
    Permission.ADMINISTER: {"administrator"},
}
ACTORS = (
    "learner_own", "learner_other", "trainer", "facilitator_own", "facilitator_other",
    "coordinator_own", "coordinator_other", "administrator",
)  # fmt: skip


@pytest.mark.parametrize("actor", ACTORS)
def test_a_city_opens_to_those_who_look_after_it_and_to_nobody_else(app, browse, world, actor):
    browser = browse(getattr(world, actor))
    for door in in_a_city(app):
        if (door.endpoint, door.method) in PARTING:
            continue
        response, _ = open_door(app, browser, door, world.own)
        permission = Permission(mark_of(app, door.endpoint))
        may = actor in ROLES[permission]
        assert (response.status_code in LET_IN) is may, (actor, door, response.status_code)
        assert may or response.status_code == 404, (actor, door, response.status_code)


@pytest.mark.parametrize("actor", ["coordinator_own", "facilitator_own"])
def test_another_citys_things_look_like_missing_ones(app, browse, world, actor):
    browser = browse(getattr(world, actor))
    browser.get("/cities")  # the first answer sets the cookie
    missing = {name: 99999 if isinstance(v, int) else v for name, v in world.own.items()}
    strangers = (
        world.other,
        {**world.own, "cohort_id": world.other["cohort_id"]},
        {**world.own, "cohort_id": world.other["cohort_id"],
         "enrolment_id": world.other["enrolment_id"]},
        {**world.own, "slug": "nowhere"},
    )  # fmt: skip
    for door in in_a_city(app):
        if "cohort_id" not in door.arguments:
            continue
        nothing, address = open_door(app, browser, door, missing)
        assert nothing.status_code == 404, door
        for values in strangers:
            response, there = open_door(app, browser, door, values)
            assert response.status_code == 404, (door, values)
            assert body(response, there) == body(nothing, address), (door, values)
            assert dict(plain_headers(response)) == dict(plain_headers(nothing)), door


def test_a_learner_of_another_cohort_looks_like_a_missing_one(app, browse, world):
    browser = browse(world.coordinator_own)
    for door in in_a_city(app):
        if "enrolment_id" not in door.arguments:
            continue
        strange = {**world.own, "enrolment_id": world.other["enrolment_id"]}
        response, there = open_door(app, browser, door, strange)
        missing, address = open_door(app, browser, door, {**world.own, "enrolment_id": 99999})
        assert response.status_code == missing.status_code == 404, door
        assert body(response, there) == body(missing, address), door


def test_a_coordinator_who_is_dismissed_is_out_at_the_next_click(app, browse, world):
    coordinator = browse(world.coordinator_own)
    before = coordinator.get("/cities/kisumu").status_code
    door = Door("cities.dismiss", "POST", frozenset({"slug", "user_id"}))

    open_door(app, browse(world.administrator), door, world.own)

    assert before == 200
    assert coordinator.get("/cities/kisumu").status_code == 404


def in_a_city(app):
    """Return every door of a city's things that takes a role; `my_sector` is a learner's own."""
    return [
        door
        for room in ("cities.", "meetings.")
        for door in doors(app, room)
        if "slug" in door.arguments and mark_of(app, door.endpoint) != SIGNED_IN
    ]


KEYS = ("list_key", "cities.key", "meetings.key")


def test_another_citys_list_job_and_meeting_look_like_missing_ones(app, browse, world):
    browser = browse(world.coordinator_own)
    browser.get("/cities")
    for door in in_a_city(app):
        if not door.arguments & {"key", "list_key"}:
            continue
        strange = {**world.own, **{key: world.other[key] for key in KEYS}}
        missing = {**world.own, **dict.fromkeys(KEYS, "no-such-key")}
        answer, there = open_door(app, browser, door, strange)
        nothing, address = open_door(app, browser, door, missing)
        assert answer.status_code == nothing.status_code == 404, door
        assert body(answer, there) == body(nothing, address), door


def test_another_citys_certificate_looks_like_a_missing_one(app, browse, world):
    browser = browse(world.coordinator_own)
    browser.get("/cities")
    for door in in_a_city(app):
        if "serial" not in door.arguments:
            continue
        strange = {**world.own, "cities.serial": world.other["cities.serial"]}
        missing = {**world.own, "cities.serial": "0" * 20}
        answer, there = open_door(app, browser, door, strange)
        nothing, address = open_door(app, browser, door, missing)
        assert answer.status_code == nothing.status_code == 404, door
        assert body(answer, there) == body(nothing, address), door


def test_a_meeting_opens_to_its_own_cohort_and_looks_missing_to_others(app, browse, world):
    for door in doors(app, "meetings."):
        if mark_of(app, door.endpoint) != SIGNED_IN or "key" not in door.arguments:
            continue
        own, _ = open_door(app, browse(world.learner_own), door, world.own)
        other, there = open_door(app, browse(world.learner_other), door, world.own)
        missing = {**world.own, "meetings.key": "no-such-key"}
        nothing, address = open_door(app, browse(world.learner_other), door, missing)
        assert own.status_code in LET_IN, (door, own.status_code)
        assert other.status_code == nothing.status_code == 404, door
        assert body(other, there) == body(nothing, address), door


def test_a_city_asks_only_its_own_learners_for_their_sector(app, browse, world):
    for door in doors(app, "cities.my_sector"):
        own, _ = open_door(app, browse(world.learner_own), door, world.own)
        other, _ = open_door(app, browse(world.learner_other), door, world.own)
        assert own.status_code in LET_IN, door
        assert other.status_code == 404, door


# These would take a role, a learner or a note away on the way through all doors.
PARTING = {("cities.dismiss", "POST"), ("cities.remove", "POST"), ("cities.take_out", "POST")}


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("endpoint", sorted(endpoint for endpoint, _ in PARTING))
def test_a_door_that_takes_something_away_opens_to_the_same_people(
    app, browse, world, actor, endpoint
):
    door = next(d for d in in_a_city(app) if (d.endpoint, d.method) == (endpoint, "POST"))
    response, _ = open_door(app, browse(getattr(world, actor)), door, world.own)
    may = actor in ROLES[Permission(mark_of(app, endpoint))]

    assert (response.status_code in LET_IN) is may, response.status_code
    assert may or response.status_code == 404


def plain_headers(response):
    return [(name, value) for name, value in response.headers if name != "Content-Length"]
