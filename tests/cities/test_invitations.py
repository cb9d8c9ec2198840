"""The link in an invitation's letter: one person, one cohort, one use."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from learnpeace.cities.inviting import actions, tokens
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import User
from tests.conftest import NOON

FORM = {"name": "Ana Otieno", "password": "quiet river stones", "stay": "no"}


@pytest.fixture
def cohort(make, at):
    at(NOON)
    return make.cohort(make.city("Kisumu"), code="LISTXX", join_by="list")


@pytest.fixture
def invite(app, make, cohort):
    """Return a function that invites an address and returns the link."""

    def invited(email="ana@example.org", **values):
        found = make._save(
            Invitation(cohort_id=cohort.id, email=email, name="Ana", made_at=NOON, sent_at=NOON,
                       **values)
        )  # fmt: skip
        with app.app_context():
            token = tokens.token_of(found.id, found.made_at)
            row = db.session.get_one(Invitation, found.id)
            row.token_hash = tokens.hash_of(token)
            db.session.commit()
        return f"/invited/{token}"

    return invited


def state(app):
    with app.app_context():
        found = db.session.scalars(sa.select(Invitation)).one()
        return found.opened_at, found.joined_at, found.user_id


def learners(app):
    with app.app_context():
        rows = db.session.execute(sa.select(Enrolment.user_id, Enrolment.came_by))
        return [tuple(row) for row in rows]


def test_the_same_invitation_has_the_same_link_and_others_have_others(app):
    with app.app_context():
        link = tokens.token_of(7, NOON)
        assert link == tokens.token_of(7, NOON)
        moved = NOON + timedelta(microseconds=1)
        assert len({link, tokens.token_of(8, NOON), tokens.token_of(7, moved)}) == 3
        assert len(link) == 43
        app.secret_key = "another key"
        assert link != tokens.token_of(7, NOON)


def test_a_letter_leads_to_an_account_and_into_the_cohort(app, browse, invite):
    link = invite()
    visitor = browse(None)

    page = visitor.get(link)
    unopened = state(app)
    onward = visitor.post(link).location
    form = visitor.get(onward)
    home = visitor.follow(onward, {**FORM, "email": "somebody.else@example.org"})

    assert "Kisumu invites you" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert unopened == (None, None, None)
    assert 'value="ana@example.org"' in form.text
    assert 'value="Ana"' in form.text
    assert "Welcome, Ana Otieno" in home.text
    opened, joined, user_id = state(app)
    assert (opened, joined) == (NOON, NOON)
    assert learners(app) == [(user_id, "list")]
    with app.app_context():
        assert db.session.scalar(sa.text('SELECT email FROM "user"')) == "ana@example.org"


def test_a_form_that_is_sent_twice_makes_one_account(app, browse, invite):
    link = invite()

    first, second = browse(None), browse(None)
    answers = [one.post(f"{link}/sign-up", FORM).status_code for one in (first, second)]

    assert answers == [303, 303]
    assert len(learners(app)) == 1


def test_a_wrong_password_is_told_and_nothing_is_used(app, browse, invite):
    page = browse(None).post(f"{invite()}/sign-up", {**FORM, "password": "short"})

    assert page.status_code == 422
    assert "Ana Otieno" in page.text
    assert state(app) == (None, None, None)


def test_who_has_an_account_signs_in_to_it_and_joins(app, browse, make, invite):
    ana = make.user("Ana")
    link = invite(ana.email)

    asked = browse(None).post(link)
    for _ in range(2):
        joined = browse(ana).post(link)

    assert asked.location == f"/sign-in?next={link}"
    assert joined.location == "/home"
    assert learners(app) == [(ana.id, "list")]
    assert browse(ana).get(link).location == "/home"


def test_another_account_is_told_whose_invitation_it_is(app, browse, make, invite):
    link = invite()
    bo = browse(make.user("Bo"))

    page = bo.get(link)
    bo.post(link)
    bo.post(f"{link}/sign-up", FORM)

    assert "You are signed in as Bo" in page.text
    assert learners(app) == []
    assert state(app)[1] is None


def test_a_used_link_a_withdrawn_one_and_a_wrong_one_say_so(app, browse, invite):
    used = invite("a@example.org", joined_at=NOON)
    withdrawn = invite("b@example.org", ended_at=NOON)

    answers = {
        "This invitation was used": browse(None).get(used),
        "does not work any more": browse(None).get(withdrawn),
        "leads nowhere": browse(None).get(used[:-1] + ("a" if used[-1] != "a" else "b")),
    }

    for words, answer in answers.items():
        assert answer.status_code in (404, 410)
        assert words in answer.text
    for link in (used, withdrawn):
        assert browse(None).post(f"{link}/sign-up", FORM).status_code == 410
    assert learners(app) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"is_open": False}, "closed enrolment"),
        ({"ends_on": date(2027, 3, 1)}, "could join until 1 March 2027"),
        ({"seats": 0}, "places are taken"),
        ({"is_draft": True}, "leads nowhere"),
    ],
)
def test_a_cohort_that_takes_nobody_says_why(app, browse, invite, values, words):
    from learnpeace.people.models import Cohort

    link = invite()
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(**values))
        db.session.commit()

    assert words in browse(None).get(link).text
    assert words in browse(None).post(f"{link}/sign-up", FORM).text
    assert learners(app) == []


def test_sent_opened_joined_and_bounced_are_counted(app, browse, make, invite, cohort):
    invite("a@example.org", opened_at=NOON, joined_at=NOON)
    invite("b@example.org", opened_at=NOON)
    invite("c@example.org", bounced_at=NOON)
    amina = make._save(make.user("Amina"))
    make.role(amina, "coordinator", city_id=cohort.city_id)

    page = browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}/invite").text

    numbers = [part.split("</td>")[0] for part in page.split('class="number">')[2:]]
    assert [number.split(">")[-1] for number in numbers] == ["0", "0", "3", "2", "1", "1"]


def test_whose_age_the_list_gave_is_not_asked_again(app, make, at):
    at(NOON)
    city = make.city("Mombasa", asks_age=True, guardian_under=16)
    cohort = make.cohort(city)
    grown, young = make.user("Grown"), make.user("Young")
    with app.app_context():
        for person, band in ((grown, "18-up"), (young, "under-16")):
            found = Invitation(cohort_id=cohort.id, email=person.email, age_band=band, made_at=NOON)
            db.session.add(found)
            db.session.flush()
            actions.use_invitation(found, person.id, at=NOON)
        db.session.commit()

        assert db.session.get(User, grown.id).waits_since is None
        assert db.session.get(User, young.id).waits_since == NOON
