"""Facilitators who are named by their address, and how that ends."""

import pytest
import sqlalchemy as sa

from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Role, RoleKind, User

NIA = {"name": "Nia Were", "email": "nia@example.org"}


@pytest.fixture
def cohort(make, kisumu):
    return make.cohort(kisumu)


@pytest.fixture
def desk(browse, make, kisumu):
    return browse(make.coordinator(kisumu))


@pytest.fixture
def address(kisumu, cohort):
    return f"/cities/{kisumu.slug}/cohorts/{cohort.id}/facilitators"


def guides(app):
    with app.app_context():
        kind = Role.kind == RoleKind.FACILITATOR
        query = sa.select(User.email).join(Role, Role.user_id == User.id).where(kind)
        return list(db.session.scalars(query.order_by(User.email)))


def letters_to(app, email):
    with app.app_context():
        return list(db.session.scalars(sa.select(Letter.subject).where(Letter.to == email)))


def test_an_empty_list_says_how_somebody_becomes_a_facilitator(desk, address):
    page = desk.get(address)

    assert "Nobody facilitates this cohort yet" in page.text
    assert address in desk.get(address.removesuffix("/facilitators")).text


def test_somebody_without_an_account_is_named_and_gets_a_link(app, desk, address):
    desk.post(address, NIA)

    assert guides(app) == ["nia@example.org"]
    assert letters_to(app, "nia@example.org") == ["You are invited to learnpeace"]
    assert "nia@example.org" in desk.get(address).text
    assert "Nia Were" not in desk.get(address).text


def test_naming_twice_names_once(app, desk, address):
    desk.post(address, NIA)
    desk.post(address, NIA)

    assert guides(app) == ["nia@example.org"]
    assert len(letters_to(app, "nia@example.org")) == 1


def test_a_known_person_facilitates_only_after_the_link_of_the_letter(
    app, make, browse, desk, address
):
    nia = make.user("Nia Were", email="nia@example.org", password_hash="x")
    desk.post(address, NIA)

    assert letters_to(app, "nia@example.org") == ["You are invited to learnpeace"]
    cohort = address.removesuffix("/facilitators")
    assert browse(nia).get(cohort).status_code == 404
    with app.app_context():
        db.session.execute(sa.update(User).where(User.id == nia.id).values(password_hash="x"))
        db.session.commit()
    assert browse(nia).get(cohort).status_code == 200


def test_who_facilitates_elsewhere_is_told_and_begins_at_once(app, make, browse, desk, address):
    nia = make.user("Nia Were", email="nia@example.org", password_hash="x")
    other = make.cohort(make.city("Nakuru"), code="NAKURU")
    make.role(nia, RoleKind.FACILITATOR, cohort_id=other.id)
    desk.post(address, NIA)

    assert letters_to(app, "nia@example.org") == ["You now facilitate “Spring 2027”"]
    assert browse(nia).get(address.removesuffix("/facilitators")).status_code == 200


def test_an_address_that_is_none_and_a_closed_account_get_a_sentence(app, make, desk, address):
    make.user("Gone", email="gone@example.org", disabled_at=make.at)

    assert desk.post(address, {"name": "Nia", "email": "nia"}).status_code == 422
    page = desk.post(address, {"name": "Gone", "email": "gone@example.org"})
    assert page.status_code == 422
    assert "This person cannot facilitate." in page.text
    assert 'value="gone@example.org"' in page.text
    assert guides(app) == []


def test_ending_ends_it_and_a_second_time_changes_nothing(app, desk, address):
    desk.post(address, NIA)
    with app.app_context():
        number = db.session.scalar(sa.select(Role.user_id).where(Role.kind == "facilitator"))

    desk.post(f"{address}/{number}/end")
    assert guides(app) == []
    assert desk.post(f"{address}/{number}/end").status_code == 303
    assert "Nobody facilitates this cohort yet" in desk.get(address).text


def test_another_citys_coordinator_finds_no_such_page(browse, make, address):
    stranger = browse(make.coordinator(make.city("Nakuru"), "Stranger"))

    assert stranger.get(address).status_code == 404
    assert stranger.post(address, NIA).status_code == 404
