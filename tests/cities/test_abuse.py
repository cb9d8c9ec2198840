"""What somebody might try against a city's pages, and what comes of it."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.accounts.models import ServerSession
from learnpeace.accounts.own_data import sections
from learnpeace.cities import seeing
from learnpeace.cities.closing.actions import let_names_go
from learnpeace.cities.inviting import tokens
from learnpeace.cities.models import RosterImport, RosterRow, SectorChoice
from learnpeace.cities.roster import headings, letters, reading
from learnpeace.cities.running import invited_actions
from learnpeace.learning.joining import letters as joining_letters
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import ModuleProgress
from learnpeace.lib import errands, jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.lib.mail import Letter
from learnpeace.meetings import matching
from learnpeace.meetings.call_list import Caller
from learnpeace.people.models import AuditEntry, Cohort, Notice, RoleKind, User
from tests.conftest import NOON

PATHS = ["/../../gone", "../../../gone", "..", "a/b", "\x00", "%2e%2e", "k" * 33, "é"]


@pytest.fixture
def amina(make, city):
    return make.coordinator(city, "Amina")


@pytest.fixture
def hidden(make, at):
    """Make a city that the public may not know by name."""
    at(NOON)
    return make.city(
        "Zorbagrad", shows_city=False, shows_names=False, contact="desk@zorbagrad.example"
    )


def invitation(make, app, cohort, **values):
    """Make an invitation by letter; return it and its link."""
    given = {"email": "ana@example.org", "name": "Ana", "made_at": NOON}
    found = make._save(Invitation(cohort_id=cohort.id, **{**given, **values}))
    with app.app_context():
        token = tokens.token_of(found.id, found.made_at)
        db.session.get_one(Invitation, found.id).token_hash = tokens.hash_of(token)
        db.session.commit()
    return found, f"/invited/{token}"


def texts(app, table):
    """Return everything that a table says, in one text."""
    with app.app_context():
        return " ".join(str(row) for row in db.session.execute(sa.select(table.__table__)))


# Files


@pytest.mark.parametrize("key", PATHS)
def test_a_form_cannot_choose_the_folder_of_its_file(app, browse, amina, cohort, make, key):
    make.enrolment(make.user("Grace", sign_in_name="grace"), cohort)

    answer = browse(amina).post(
        f"/cities/kisumu/cohorts/{cohort.id}/cards", {"who": "new", "key": key}
    )

    assert answer.status_code == 303
    with app.app_context():
        made = db.session.scalars(sa.select(Job)).one().key
    assert set(made) <= set("-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@pytest.mark.parametrize("key", [*PATHS[:4], "k" * 65])
def test_a_job_is_not_asked_for_under_a_path(app, key):
    with app.app_context(), pytest.raises(ValueError, match="job's key"):
        jobs.ask("sign-in cards", scope="city-1", by=1, language="en", at=NOON, key=key)


# Time and memory


@pytest.mark.once
@pytest.mark.parametrize("cell", ["(" + "@" * 4900, "(a@" * 1600, "a@" + " " * 4900 + "b"])
def test_a_long_cell_takes_no_longer_than_its_length(cell):
    began = time.perf_counter()
    for _ in range(2000):
        headings.apart(cell)
    assert time.perf_counter() - began < 10


@pytest.mark.once
def test_ten_megabytes_of_brackets_are_read_in_seconds():
    began = time.perf_counter()
    rows = "\n".join(f'"({"@" * 4900}",x{number}' for number in range(2000))
    assert len(reading.read_text(f"Name,E-mail\n{rows}")) == 2000
    assert time.perf_counter() - began < 20


@pytest.mark.once
def test_hundreds_of_names_spelt_alike_are_compared_in_seconds():
    def name(number):
        return " ".join(f"{number * 7919 % 10**6:06}"[::-1].translate(LETTERS) * 2 for _ in "abc")

    members = [matching.Member(enrolment_id=n, name=name(n)) for n in range(3000)]
    callers = [Caller(name=name(n) + "x") for n in range(5000, 5500)]
    began = time.perf_counter()
    assert len(matching.match(callers, members)) == 500
    assert time.perf_counter() - began < 60


LETTERS = str.maketrans("0123456789", "aeinorstul")


# Somebody else's account


@pytest.fixture
def facilitator(make, city, cohort):
    """Make a learner of Kisumu with a PIN who facilitates a cohort of another city."""
    grace = make.user("Grace", sign_in_name="grace", password_hash="her own")
    make.enrolment(grace, cohort)
    other = make.city("Ashland", country="US")
    make.role(grace, RoleKind.FACILITATOR, cohort_id=make.cohort(other, code="OTHERS").id)
    return grace


def test_a_coordinator_gets_no_pin_of_who_facilitates_in_another_city(
    app, browse, amina, cohort, facilitator
):
    desk, here = browse(amina), f"/cities/kisumu/cohorts/{cohort.id}"

    card = desk.post(f"{here}/cards", {"person": str(facilitator.id), "key": "k"})
    with app.app_context():
        enrolment = db.session.scalar(sa.text("SELECT id FROM enrolment"))
    pin = desk.post(f"{here}/people/{enrolment}/pin")

    assert "Grace" not in desk.get(f"{here}/cards").text
    assert (card.status_code, pin.status_code) == (409, 409)
    with app.app_context():
        assert db.session.get_one(User, facilitator.id).password_hash == "her own"


def test_a_facilitator_of_the_citys_own_cohort_can_have_a_new_pin(app, browse, amina, cohort, make):
    grace = make.user("Grace", sign_in_name="grace")
    enrolment = make.enrolment(grace, cohort)
    make.role(grace, RoleKind.FACILITATOR, cohort_id=cohort.id)

    pin = browse(amina).post(f"/cities/kisumu/cohorts/{cohort.id}/people/{enrolment.id}/pin")

    assert pin.status_code == 200
    assert "Grace" in browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}/cards").text


def test_a_printed_card_signs_out_who_has_the_lost_phone(app, browse, amina, cohort, make):
    grace = make.user("Grace", sign_in_name="grace")
    make.enrolment(grace, cohort)
    phone = browse(grace)
    assert phone.get("/home").status_code == 200

    browse(amina).post(
        f"/cities/kisumu/cohorts/{cohort.id}/cards", {"person": str(grace.id), "key": "k"}
    )
    with app.app_context():
        jobs.run_due()

    assert phone.get("/home").status_code == 302
    with app.app_context():  # that she was here once is still known: she is no newcomer
        assert db.session.query(ServerSession).filter_by(user_id=grace.id).count() == 1


def test_signing_up_with_anothers_address_shows_nothing_of_theirs(app, browse, amina, cohort, make):
    invited, _ = invitation(make, app, cohort, name="Ana Real Name", sector="arts")
    roster = make._save(
        RosterImport(key="r" * 20, cohort_id=cohort.id, by_id=amina.id, state="imported",
                     counts={}, made_at=NOON)
    )  # fmt: skip
    make._save(
        RosterRow(import_id=roster.id, number=2, name="Ana Real Name", email="ana@example.org",
                  age="under 16", invitation_id=invited.id)
    )  # fmt: skip
    with app.app_context():
        found = db.session.get_one(RosterImport, roster.id)
        found.imported_at = NOON
        letters.write_some(found, at=NOON)
        db.session.commit()
    thief = make.user("Thief", email="ana@example.org")

    page = browse(thief).get("/account/data").text

    assert "Ana Real Name" not in page
    assert "under 16" not in page
    assert "Kisumu" not in page
    assert "Spring 2027" not in page


def test_who_used_the_link_sees_their_invitation_and_their_line(app, browse, amina, cohort, make):
    ana = make.user("Ana", email="ana@example.org")
    invited, link = invitation(make, app, cohort, name="Ana On The List")
    roster = make._save(
        RosterImport(key="r" * 20, cohort_id=cohort.id, by_id=amina.id, state="imported",
                     counts={}, made_at=NOON)
    )  # fmt: skip
    make._save(
        RosterRow(import_id=roster.id, number=2, name="Ana On The List", invitation_id=invited.id)
    )
    browse(ana).post(link)

    page = browse(ana).get("/account/data").text

    assert "Ana On The List" in page
    assert "Invitations to you, and your requests to join (1)" in page


@pytest.fixture
def kid(make, browse, city, app):
    """Make a cohort that asks for a guardian, and somebody of 16 who waits for theirs in it."""
    strict = make.city("Ashland", country="US", asks_age=True, guardian_under=18)
    make.cohort(strict, code="STRICT")
    browser = browse(make.user("Kid", email="kid@example.org"))
    browser.post("/join/STRICT")
    browser.post("/your-age", {"age": "16-17"})
    return browser


def is_waiting(browser):
    answer = browser.get("/home")
    return answer.status_code == 303 and answer.location == "/waiting"


def test_who_waits_for_a_guardian_cannot_go_round_by_an_invitation(app, kid, make, city):
    easy = make.cohort(city, code="EASYYY", release_id=1, course_id="small")
    _, link = invitation(make, app, easy, email="kid@example.org")
    assert is_waiting(kid)

    assert kid.post(link).location == "/waiting"
    kid.post("/your-age", {"age": "18-up"})

    assert is_waiting(kid)
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT cohort_id FROM enrolment")) != easy.id


def test_who_left_without_a_guardians_yes_waits_again_on_coming_back(app, kid, make):
    with app.app_context():  # their coordinator took them out
        open_one = Cohort(course_id="small", release_id=1, name="Open", code="OPENED",
                          created_at=NOON)  # fmt: skip
        db.session.add(open_one)
        db.session.flush()
        db.session.execute(sa.text("UPDATE enrolment SET cohort_id = :id"), {"id": open_one.id})
        db.session.commit()
    kid.post("/your-age", {"age": "18-up"})
    assert not is_waiting(kid)

    kid.post("/join/STRICT")

    assert is_waiting(kid)


def test_naming_somebody_does_not_tell_their_name(browse, amina, make):
    make.user("Secret Real Name", email="victim@example.org")

    page = browse(amina).follow(
        "/cities/kisumu/coordinators", {"name": "Anybody", "email": "victim@example.org"}
    )

    assert "victim@example.org" in page.text
    assert "Secret Real Name" not in page.text
    assert "Secret Real Name" not in browse(amina).get("/cities/kisumu/hand-over").text


# A city that hides its name


def test_letters_to_who_is_only_invited_do_not_name_a_hidden_city(app, hidden, make):
    cohort = make.cohort(hidden)
    roster = make._save(
        RosterImport(key="r" * 20, cohort_id=cohort.id, by_id=make.coordinator(hidden).id,
                     state="imported", counts={}, made_at=NOON, imported_at=NOON)
    )  # fmt: skip
    invited, _ = invitation(make, app, cohort)
    make._save(RosterRow(import_id=roster.id, number=2, fate="invite", invitation_id=invited.id))
    with app.app_context():
        assert letters.write_some(db.session.get_one(RosterImport, roster.id), at=NOON) == 1
        again = NOON + timedelta(days=4)
        assert invited_actions.send_again(
            db.session.get_one(Cohort, cohort.id), invited.id, at=again
        )
        db.session.commit()
        told = db.session.execute(sa.select(Letter.subject, Letter.body)).all()

    assert len(told) == 2
    assert all("Kenya invites you to a course" in subject for subject, _ in told)
    assert all("zorbagrad" not in f"{subject} {body}".lower() for subject, body in told)
    assert all("Questions:" not in body for _, body in told)


def test_who_is_declined_does_not_learn_a_hidden_citys_name(app, browse, hidden, make):
    cohort = make.cohort(hidden, join_by="approval", code="HIDDEN")
    ana = make.user("Ana")
    asked = make._save(
        JoinRequest(cohort_id=cohort.id, user_id=ana.id, kind="request", made_at=NOON, answer="no",
                    reason="Too far away", answered_at=NOON)
    )  # fmt: skip
    with app.app_context():
        joining_letters.tell_declined(db.session.get_one(JoinRequest, asked.id), at=NOON)
        db.session.commit()

    pages = [browse(ana).get(address).text for address in ("/home", "/join/HIDDEN")]
    pages.append(browse(ana).follow("/join/HIDDEN/ask", {"message": "Please"}).text)

    said = " ".join([*pages, texts(app, Letter), texts(app, Notice)]).lower()
    assert "too far away" in said
    assert "zorbagrad" not in said


def test_no_public_page_names_a_hidden_city(app, browse, hidden, make):
    cohort = make.cohort(hidden, code="HIDDEN")
    _, link = invitation(make, app, cohort)
    browser = browse()

    for address in (
        "/join/HIDDEN", "/join/HIDDEN/sign-up", "/join/HIDDEM", link, f"{link}/sign-up",
        "/cities/join?name=Zorbagra&country=KE", "/cities/zorbagrad", "/courses/small", "/courses",
    ):  # fmt: skip
        page = browser.get(address, follow_redirects=True).text.lower()
        typed = page.replace("/cities/zorbagrad", "").replace("%2fcities%2fzorbagrad", "")
        assert "zorbagrad" not in typed, address


def test_a_posters_file_of_a_hidden_city_has_no_name_of_it(browse, hidden, make):
    cohort = make.cohort(hidden)
    poster = browse(make.coordinator(hidden)).get(f"/cities/zorbagrad/cohorts/{cohort.id}/poster")

    assert (
        poster.headers["Content-Disposition"] == f'attachment; filename="poster-{cohort.id}-en.pdf"'
    )


# Names that are gone


@pytest.fixture
def erased(app, make, city, cohort, amina):
    """Make a cohort with a meeting and a sector, whose names have gone."""
    ana = make.user("Ana Canary")
    make.enrolment(ana, cohort)
    meeting = make.meeting(cohort, amina, starts_at=NOON - timedelta(days=2))
    with app.app_context():
        found = db.session.get_one(Cohort, cohort.id)
        found.closed_at, found.names_until = NOON, NOON.date()
        db.session.commit()
        assert let_names_go(NOON) == 1
        db.session.commit()
    return ana, meeting


@pytest.mark.parametrize("rest", ["", "/{key}", "/{key}/attendance", "/{key}/answers",
                                  "/{key}/attendance/file"])  # fmt: skip
def test_the_meetings_of_a_cohort_whose_names_are_gone_are_closed(
    browse, amina, cohort, erased, rest, make
):
    _, meeting = erased
    boss = make.user("Boss")
    make.role(boss, RoleKind.ADMINISTRATOR)
    address = f"/cities/kisumu/cohorts/{cohort.id}/meetings{rest.format(key=meeting.key)}"

    for person in (amina, boss):
        assert browse(person).get(address).status_code == 404
    assert browse(amina).get(f"/meetings/{meeting.key}").status_code == 404


def test_a_sector_chosen_after_the_names_went_names_nobody(browse, amina, erased, make, city):
    ana, _ = erased
    make._save(SectorChoice(user_id=ana.id, city_id=city.id, sector="arts", side="", at=NOON))

    assert "Ana Canary" not in browse(amina).get("/cities/kisumu/team").text


def test_what_a_coordinator_did_is_not_laid_at_the_platforms_door(app, browse, amina, city, make):
    ana = make.user("Ana")
    with app.app_context():
        audit.note(ana.id, What.RESET_PIN, by_id=amina.id, at=NOON, city_id=city.id)
        sections.forget(amina.id, NOON)
        db.session.commit()

    page = browse(ana).get("/account/data").text

    assert "somebody whose account is gone" in page
    assert "the platform itself" not in page


# The log of who saw and changed what


def test_two_deeds_in_one_minute_are_two_lines(app, amina, city, make):
    ana, other = make.user("Ana"), make.city("Ashland", country="US")
    with app.app_context():
        for city_id, detail in ((city.id, "One"), (city.id, "Two"), (other.id, "One")) * 2:
            audit.note(ana.id, What.CHANGED_ROLE, by_id=amina.id, at=NOON, city_id=city_id,
                       detail=detail)  # fmt: skip
        db.session.commit()
        assert db.session.query(AuditEntry).filter_by(about_id=ana.id).count() == 3


def test_naming_and_dismissing_at_once_are_two_lines(app, browse, amina, city, make):
    boss, ben = make.user("Boss"), make.user("Ben", email="ben@example.org", password_hash="x")
    make.role(boss, RoleKind.ADMINISTRATOR)

    browse(boss).post("/all-cities/kisumu/coordinators", {"name": "B", "email": ben.email})
    browse(boss).post(f"/all-cities/kisumu/coordinators/{ben.id}/dismiss")

    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(about_id=ben.id).count() == 2


def test_taking_the_call_list_is_noted(app, browse, amina, cohort, make):
    grace = make.user("Grace", sign_in_name="grace")
    make.enrolment(grace, cohort)

    assert "Grace" in browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}/call-list").text
    with app.app_context():
        errands.run_sent()
        db.session.commit()
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.about_id == grace.id))
        assert [(one.what, one.by_id) for one in entry] == [(What.TOOK_LIST, amina.id)]
    assert seeing.SAW == "note who saw progress"


def test_reasons_and_successors_keep_no_name_of_who_is_gone(app, browse, amina, cohort, make, at):
    zebulon = make.user("Zebulon", email="zebulon@example.org")
    enrolment = make.enrolment(zebulon, cohort)
    desk = browse(amina)
    desk.post(
        f"/cities/kisumu/cohorts/{cohort.id}/people/{enrolment.id}/elsewhere/listening",
        {"reason": "Zebulon taught it himself"},
    )
    desk.post("/cities/kisumu/hand-over", {
        "successor": "new", "name": "Zebulon", "email": zebulon.email, "stops": "signed-in",
        "key": "a" * 32,
    })  # fmt: skip
    with app.app_context():
        db.session.get_one(User, zebulon.id).password_hash = "chosen by the link"
        db.session.commit()
        at(NOON + timedelta(hours=2))
        jobs.run_due()
        sections.forget(zebulon.id, NOON)
        db.session.commit()

    everything = " ".join(texts(app, table) for table in (Notice, ModuleProgress, User, Letter))
    assert "Whoever follows you has signed in" in everything
    assert "Zebulon" not in everything
