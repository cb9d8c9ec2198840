"""Guardians' forms on paper: who waits for one, and confirming several at once."""

import pytest
import sqlalchemy as sa

from learnpeace.accounts.audit import What
from learnpeace.accounts.guardians import actions
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry, GuardianConsent, RoleKind, User
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("noon")

FORMS = "/cities/kisumu/cohorts/1/guardians"


@pytest.fixture
def cohort(app, make, kisumu):
    """Return a cohort of Grown, who waits for nobody, and of Kim, Lea and Moe, who do."""
    cohort = make.cohort(kisumu)
    make.enrolment(make.user("Grown", age_band="18-up"), cohort)
    for name in ("Kim", "Lea", "Moe"):
        young = make.user(name, sign_in_name=f"{name.lower()}.kisumu", age_band="under-16")
        make.enrolment(young, cohort)
        with app.app_context():
            actions.hold(db.session.get_one(User, young.id), at=NOON)
            db.session.commit()
    return cohort


def waiting(app):
    with app.app_context():
        query = sa.select(User.name).where(User.waits_since.is_not(None)).order_by(User.name)
        return list(db.session.scalars(query))


def number_of(app, name):
    with app.app_context():
        query = sa.select(Enrolment.id).join(User, User.id == Enrolment.user_id)
        return str(db.session.scalar(query.where(User.name == name)))


def noted(app):
    with app.app_context():
        query = sa.select(User.name).join(AuditEntry, AuditEntry.about_id == User.id)
        found = query.where(AuditEntry.what == What.CONFIRMED_GUARDIAN)
        return sorted(db.session.scalars(found))


def test_the_citys_page_says_how_many_wait_and_leads_to_them(browse, amina, cohort):
    page = browse(amina).get("/cities/kisumu").text

    assert f'<a href="{FORMS}">3 guardians’ forms to confirm</a>' in page


def test_a_cohort_lists_whose_form_is_missing(browse, amina, cohort):
    desk = browse(amina)
    page = desk.get("/cities/kisumu/cohorts/1?show=guardian").text
    table = page.split("<table")[1].split("</table>")[0]

    assert "Guardian’s form missing (3)" in page
    assert FORMS in page
    assert "Kim" in table
    assert "Grown" not in table
    assert "Kim" in desk.get("/cities/kisumu/cohorts/1?show=guardian&q=ki").text
    assert desk.get("/cities/kisumu/cohorts/1.csv?show=guardian").text.count("\n") == 4


def test_a_cohort_without_anybody_who_waits_has_no_such_list(browse, make, amina, app):
    cohort = make.cohort(make.city("Nairobi"))
    make.enrolment(make.user("Grown"), cohort)
    admin = make.user("Admin")
    make.role(admin, RoleKind.ADMINISTRATOR)
    desk = browse(admin)

    assert "Guardian’s form missing" not in desk.get(f"/cities/nairobi/cohorts/{cohort.id}").text
    page = desk.get(f"/cities/nairobi/cohorts/{cohort.id}?show=guardian").text
    assert "No guardian’s form is missing" in page
    assert "No guardian’s form" in desk.get(f"/cities/nairobi/cohorts/{cohort.id}/guardians").text


def test_several_forms_are_confirmed_at_once_and_each_is_noted(app, browse, amina, cohort):
    desk = browse(amina)
    who = [number_of(app, "Kim"), number_of(app, "Lea")]
    page = desk.get(FORMS).text
    assert "Grown" not in page.split("<fieldset")[1]

    first = desk.follow(FORMS, {"who": who})
    second = desk.follow(FORMS, {"who": who})

    assert "2 accounts are open." in first.text
    assert "were confirmed already" in second.text
    assert waiting(app) == ["Moe"]
    assert noted(app) == ["Kim", "Lea"]
    with app.app_context():
        by = {row.confirmed_by for row in db.session.query(GuardianConsent) if row.given_at}
    assert by == {amina.id}


@pytest.mark.parametrize("who", [[], ["x", "0", "-1", "99999999999999"]])
def test_nobody_ticked_is_said(app, browse, amina, cohort, who):
    answer = browse(amina).post(FORMS, {"who": who})

    assert answer.status_code == 422
    assert "Tick at least one person." in answer.text


def test_one_who_is_not_in_the_cohort_stops_all_and_the_ticks_stay(
    app, browse, make, amina, cohort
):
    away = make.cohort(make.city("Nairobi"), code="OTHER")
    stranger = make.enrolment(make.user("Stranger", age_band="under-16"), away)
    kim = number_of(app, "Kim")

    answer = browse(amina).post(FORMS, {"who": [kim, str(stranger.id)]})

    assert answer.status_code == 422
    assert "nothing was confirmed" in answer.text
    assert f'id="who-{kim}" checked' in answer.text
    assert waiting(app) == ["Kim", "Lea", "Moe"]
    assert noted(app) == []


def test_who_facilitates_and_who_runs_another_city_cannot(app, browse, make, cohort):
    fatou = make.user("Fatou")
    make.role(fatou, RoleKind.FACILITATOR, cohort_id=cohort.id)
    other = make.coordinator(make.city("Nairobi"), "Other")
    kim = number_of(app, "Kim")

    for person in (fatou, other):
        assert browse(person).get(FORMS).status_code in (403, 404)
        assert browse(person).post(FORMS, {"who": [kim]}).status_code in (403, 404)
    seen = browse(fatou).get("/cities/kisumu/cohorts/1?show=guardian").text
    assert FORMS not in seen
    assert waiting(app) == ["Kim", "Lea", "Moe"]


def test_a_long_list_has_pages(app, browse, make, amina, cohort):
    for number in range(50):
        young = make.user(f"Young {number:02}", age_band="16-17")
        make.enrolment(young, cohort)
        with app.app_context():
            actions.hold(db.session.get_one(User, young.id), at=NOON)
            db.session.commit()

    desk = browse(amina)
    first, second = desk.get(FORMS), desk.get(f"{FORMS}?page=2")

    assert len(first.data) < 50_000
    assert first.text.count('name="who"') == 50
    assert second.text.count('name="who"') == 3
    assert f'action="{FORMS}?page=2"' in second.text
    assert desk.get(f"{FORMS}?page=9&page=x").status_code == 200
