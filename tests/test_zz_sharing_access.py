import tests.test_access as t
from tests.test_access import world
import pytest
FILTER=("cities.shared_notes","cities.shared_note","cities.take_out")
def mine(app): return [d for d in t.doors(app,"cities.") if d.endpoint in FILTER]
@pytest.fixture(autouse=True)
def only(monkeypatch): monkeypatch.setattr(t,"in_a_city",mine)
test_open=t.test_a_city_opens_to_those_who_look_after_it_and_to_nobody_else
@pytest.mark.parametrize("actor",["coordinator_own","facilitator_own"])
def test_other(app,browse,world,actor): t.test_another_citys_things_look_like_missing_ones(app,browse,world,actor)
def test_strange(app,browse,world):
    browser = browse(world.facilitator_own)
    for door in mine(app):
        if "enrolment_id" not in door.arguments: continue
        for v in ({**world.own,"enrolment_id":world.other["enrolment_id"]},{**world.own,"enrolment_id":99999}):
            r,_=t.open_door(app,browser,door,v); assert r.status_code==404
