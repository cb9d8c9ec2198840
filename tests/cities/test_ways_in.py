"""How people come into a cohort: by link, by code, by asking, from a list."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort
from tests.conftest import NOON

SIGN_UP = {"name": "Bo", "email": "bo@example.org", "password": "quiet river stones", "stay": "no"}


def enrolled(app):
    with app.app_context():
        return list(db.session.execute(sa.select(Enrolment.user_id, Enrolment.came_by)))


def asks(app):
    with app.app_context():
        columns = (JoinRequest.kind, JoinRequest.answer, JoinRequest.message)
        return [tuple(row) for row in db.session.execute(sa.select(*columns))]


def test_by_link_whoever_has_it_joins(app, browse, make, kisumu):
    make.cohort(kisumu, code="LINKXX")
    bo = make.user("Bo")

    browse(bo).post("/join/LINKXX")

    assert enrolled(app) == [(bo.id, "link")]


def test_by_code_the_link_alone_lets_nobody_in(app, browse, make, kisumu):
    make.cohort(kisumu, code="CODEXX", join_by="code")
    bo = browse(make.user("Bo"))
    visitor = browse(None)

    page = bo.get("/join/CODEXX")
    posted = bo.post("/join/CODEXX")
    sign_up = visitor.post("/join/CODEXX/sign-up", SIGN_UP)

    assert page.location.startswith("/join/at/")
    assert "CODEXX" not in page.location
    assert posted.location == sign_up.location == page.location
    assert "Join code" in bo.get(page.location).text
    assert "CODEXX" not in bo.get(page.location).text
    assert enrolled(app) == []


def test_by_code_whoever_types_it_joins(app, browse, make, kisumu):
    make.cohort(kisumu, code="CODEXX", join_by="code")
    person = make.user("Bo")
    bo = browse(person)
    address = bo.get("/join/CODEXX").location

    wrong = bo.post(address, {"code": "CODEXY"})
    empty = bo.post(address, {"code": ""})
    right = bo.post(address, {"code": "cod exx"})
    bo.post("/join/CODEXX")

    assert wrong.status_code == empty.status_code == 422
    assert "not the code of this cohort" in wrong.text
    assert right.location == "/join/CODEXX"
    assert enrolled(app) == [(person.id, "code")]


def test_by_code_a_newcomer_types_it_and_signs_up(app, browse, make, kisumu):
    make.cohort(kisumu, code="CODEXX", join_by="code")
    visitor = browse(None)

    visitor.post("/join/", {"code": "codexx"})
    went_on = visitor.post("/join/CODEXX/on", {"to": "new"})
    visitor.post(went_on.location, SIGN_UP)

    assert went_on.location == "/join/CODEXX/sign-up"
    assert [way for _, way in enrolled(app)] == ["code"]


def test_many_wrong_codes_are_stopped_there_as_well(browse, make, kisumu):
    make.cohort(kisumu, code="CODEXX", join_by="code")
    visitor = browse(None)
    address = visitor.get("/join/CODEXX").location

    answers = [visitor.post(address, {"code": f"NO{n:04}"}).status_code for n in range(31)]

    assert answers == [422] * 30 + [429]
    assert visitor.post(address, {"code": "CODEXX"}).status_code == 429


def test_a_new_code_ends_the_old_link(app, browse, make, kisumu):
    cohort = make.cohort(kisumu, code="CODEXX", join_by="code")
    address = browse(None).get("/join/CODEXX").location

    amina = browse(make.coordinator(kisumu))
    amina.post(f"/cities/kisumu/cohorts/{cohort.id}/code", {"code": "CODEXX"})

    assert browse(None).get(address).status_code == 404


@pytest.mark.parametrize(
    "key", ["1-aaaaaaaaaaaaaaaa", "999999999999999-a", "x", "-", "0x1-a", "²-a"]
)
def test_a_link_to_no_cohort_says_so(browse, make, kisumu, key):
    make.cohort(kisumu, code="CODEXX", join_by="code")

    page = browse(None).get(f"/join/at/{key}")

    assert page.status_code == 404
    assert "leads to no cohort" in page.text


def test_by_asking_nobody_is_in_before_the_coordinator_says_so(app, browse, make, kisumu):
    make.cohort(kisumu, code="ASKXXX", join_by="approval")
    bo = browse(make.user("Bo"))

    page = bo.get("/join/ASKXXX")
    joined = bo.post("/join/ASKXXX")
    for message in ("From the market", "From the market hall"):
        bo.post("/join/ASKXXX/ask", {"message": message})

    assert "Ask to join" in page.text
    assert joined.status_code == 409
    assert enrolled(app) == []
    assert asks(app) == [("request", "", "From the market hall")]
    assert "You have asked to join" in bo.get("/join/ASKXXX").text
    assert "You asked to join" in bo.get("/home").text


def test_by_asking_a_newcomer_signs_up_and_asks_in_one_step(app, browse, make, kisumu):
    make.cohort(kisumu, code="ASKXXX", join_by="approval")

    answer = browse(None).post("/join/ASKXXX/sign-up", SIGN_UP)

    assert answer.location == "/join/ASKXXX"
    assert asks(app) == [("request", "", "")]
    assert enrolled(app) == []


def test_a_request_is_taken_back_by_its_owner_only(app, browse, make, kisumu):
    cohort = make.cohort(kisumu, code="ASKXXX", join_by="approval")
    bo = browse(make.user("Bo"))
    bo.post("/join/ASKXXX/ask")

    stranger = browse(make.user("Cy")).post("/asked/1/take-back")
    for _ in range(2):
        assert bo.post("/asked/1/take-back").status_code == 303

    assert stranger.status_code == 404
    assert asks(app) == [("request", "taken back", "")]
    bo.post("/join/ASKXXX/ask")
    assert asks(app) == [("request", "", "")]
    assert cohort.id


def test_from_a_list_others_read_whom_to_ask(app, browse, make, kisumu):
    make.cohort(kisumu, code="LISTXX", join_by="list")
    bo = browse(make.user("Bo"))

    page = bo.get("/join/LISTXX")
    refused = bo.post("/join/LISTXX")
    visitor = browse(None).post("/join/LISTXX/sign-up", SIGN_UP)

    for answer in (page, refused, visitor):
        assert "Only people on the coordinator’s list" in answer.text
        assert "City desk" in answer.text
    assert (page.status_code, refused.status_code, visitor.status_code) == (200, 409, 409)
    assert enrolled(app) == []


def test_from_a_list_the_listed_account_joins_and_a_typed_address_proves_nothing(
    app, browse, make, kisumu
):
    cohort = make.cohort(kisumu, code="LISTXX", join_by="list")
    bo, cy = make.user("Bo"), make.user("Cy")
    make._save(Invitation(cohort_id=cohort.id, user_id=bo.id, made_at=NOON))
    make._save(Invitation(cohort_id=cohort.id, email=cy.email, made_at=NOON))

    listed = browse(bo).post("/join/LISTXX")
    claimed = browse(cy).post("/join/LISTXX")

    assert (listed.status_code, claimed.status_code) == (303, 409)
    assert enrolled(app) == [(bo.id, "list")]


def test_a_draft_looks_like_no_cohort_at_all(app, browse, make, kisumu):
    cohort = make.cohort(kisumu, code="DRAFTX", is_draft=True, is_open=False)
    bo = browse(make.user("Bo"))

    draft = [bo.get("/join/DRAFTX"), bo.post("/join/DRAFTX"), bo.get("/join/DRAFTX/sign-up")]
    missing = bo.get("/join/QQQQQQ")

    assert {page.status_code for page in draft} == {404}
    assert "That code is not one of ours" in draft[0].text
    assert main(draft[0].text).replace("DRAFTX", "QQQQQQ") == main(missing.text)
    assert cohort.id
    assert enrolled(app) == []


def main(text):
    return text.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("values", "is_named"),
    [
        ({}, True),
        ({"join_by": "code"}, False),
        ({"join_by": "approval"}, False),
        ({"join_by": "list"}, False),
        ({"is_open": False}, False),
        ({"is_draft": True}, False),
        ({"closed_at": NOON}, False),
    ],
)
def test_a_code_that_is_one_letter_off_is_named_where_the_link_is_open(
    browse, make, kisumu, values, is_named
):
    make.cohort(kisumu, code="KISUMU", **values)

    near = browse(None).get("/join/KISUNU")
    far = browse(None).get("/join/KISUNA")

    assert near.status_code == far.status_code == 404
    assert ("Did you mean KISUMU?" in near.text) is is_named
    assert "KISUMU" not in far.text


def test_between_two_codes_that_are_near_none_is_named(browse, make, kisumu):
    make.cohort(kisumu, code="KISUMU")
    make.cohort(kisumu, code="KISUNA", name="Other")

    assert "Did you mean" not in browse(None).get("/join/KISUNU").text


def test_going_on_to_join_is_counted_once_for_a_visitor(app, browse, make, kisumu):
    make.cohort(kisumu, code="LINKXX")
    visitor = browse(None)

    visitor.get("/join/LINKXX")
    first = visitor.post("/join/LINKXX/on", {"to": "new"})
    known = visitor.post("/join/LINKXX/on", {"to": "known"})
    browse(None).post("/join/LINKXX/on", {"to": "new"})

    assert first.location == "/join/LINKXX/sign-up"
    assert known.location.startswith("/sign-in?next=")
    with app.app_context():
        assert db.session.scalar(sa.select(Cohort.link_opened)) == 2


def test_an_ended_cohort_says_until_when_people_could_join(browse, make, kisumu, at):
    at(NOON)
    make.cohort(kisumu, code="LATEXX", join_by="code", ends_on=date(2027, 3, 1))
    visitor = browse(None)

    visitor.post("/join/", {"code": "LATEXX"})
    page = visitor.get("/join/LATEXX")

    assert "could join until 1 March 2027" in page.text


def test_a_request_that_nobody_answers_ends_after_30_days(app, browse, make, kisumu, at):
    from learnpeace.learning.joining import actions
    from learnpeace.lib.mail import Letter

    at(NOON)
    make.cohort(kisumu, code="ASKXXX", join_by="approval")
    bo = browse(make.user("Bo"))
    bo.post("/join/ASKXXX/ask")

    for days in (29, 30, 31):
        with app.app_context():
            actions.tidy_places(NOON + timedelta(days=days))
            db.session.commit()
        late = asks(app)[0][1] == "late"
        assert late is (days >= 30)

    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 1
    assert "Nobody answered it in 30 days" in bo.get("/home").text
    bo.post("/join/ASKXXX/ask")
    assert asks(app)[0][1] == ""
