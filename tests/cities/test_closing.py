"""Closing a cohort: what ends, what stays, what goes and when; and it does."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.accounts.notice_actions import tell
from learnpeace.cities.closing.actions import let_names_go
from learnpeace.cities.closing.rules import months_after
from learnpeace.cities.models import CohortLetter, RosterImport, RosterRow, SectorChoice
from learnpeace.learning.joining.models import Invitation, JoinRequest
from learnpeace.learning.models import Enrolment, ModuleProgress, Note, NoteReply
from learnpeace.lib import mail
from learnpeace.lib.db import Model, db
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Attendance, Meeting
from learnpeace.people.models import AuditEntry, Cohort, GuardianConsent, Notice, User
from tests.conftest import NOON


@pytest.fixture
def city(make, at):
    at(NOON)
    return make.city(names_for_months=6)


@pytest.fixture
def cohort(make, city):
    return make.cohort(city, name="Spring")


@pytest.fixture
def coordinator(make, city, browse):
    return browse(make.coordinator(city))


@pytest.fixture
def people(make, cohort):
    """Make a learner with e-mail and one without."""
    ana, ben = make.user("Ana"), make.user("Ben", sign_in_name="ben.otieno")
    for person in (ana, ben):
        make.enrolment(person, cohort, done=("listening",))
    return ana, ben


def close(coordinator, cohort):
    return coordinator.post(f"/cities/kisumu/cohorts/{cohort.id}/close")


def test_the_page_says_what_ends_what_stays_and_what_goes_when(coordinator, cohort, people):
    page = coordinator.get(f"/cities/kisumu/cohorts/{cohort.id}/close").text

    assert "2 learners can go on learning" in page
    assert "On 2 September 2027 the names go" in page


def test_closing_tells_the_learners_once_and_takes_nothing(
    coordinator, cohort, people, app, browse
):
    close(coordinator, cohort)
    close(coordinator, cohort)

    with app.app_context():
        kept = db.session.get(Cohort, cohort.id)
        assert (kept.is_open, kept.names_until) == (False, date(2027, 9, 2))
        assert db.session.query(Notice).filter(Notice.key.like("closed-%")).count() == 2
        assert db.session.query(Letter).filter(Letter.key.like("closed-%")).count() == 1
    assert browse(people[0]).get("/courses/small/listening").status_code == 200


def test_open_invitations_and_requests_end(coordinator, cohort, make, app):
    zoe = make.user("Zoe")
    with app.app_context():
        db.session.add_all([
            Invitation(cohort_id=cohort.id, email="x@example.org", made_at=NOON),
            JoinRequest(cohort_id=cohort.id, user_id=zoe.id, kind="request", made_at=NOON),
        ])  # fmt: skip
        db.session.commit()

    close(coordinator, cohort)

    with app.app_context():
        assert db.session.query(Invitation).one().ended_at == NOON
        assert db.session.query(JoinRequest).one().answer == "late"


def test_a_closed_cohort_can_be_opened_again(coordinator, cohort, app):
    close(coordinator, cohort)
    coordinator.post(f"/cities/kisumu/cohorts/{cohort.id}/open-again")
    coordinator.post(f"/cities/kisumu/cohorts/{cohort.id}/open-again")

    with app.app_context():
        kept = db.session.get(Cohort, cohort.id)
        assert (kept.closed_at, kept.names_until, kept.is_open) == (None, None, False)


def test_names_go_when_their_time_is_over(coordinator, cohort, people, app, city):
    ana, ben = people
    with app.app_context():
        roster = RosterImport(key="r", cohort_id=cohort.id, by_id=ana.id, state="imported",
                              made_at=NOON)  # fmt: skip
        db.session.add(roster)
        db.session.flush()
        db.session.add_all([
            RosterRow(import_id=roster.id, number=2, name="Ben"),
            Invitation(cohort_id=cohort.id, user_id=ben.id, name="Ben", made_at=NOON),
            SectorChoice(user_id=ana.id, city_id=city.id, sector="arts", at=NOON),
        ])  # fmt: skip
        db.session.commit()
    close(coordinator, cohort)

    with app.app_context():
        assert let_names_go(NOON + timedelta(days=180)) == 0
        assert let_names_go(NOON + timedelta(days=190)) == 1
        db.session.commit()
        assert let_names_go(NOON + timedelta(days=191)) == 0
        assert db.session.query(RosterRow).count() == 0
        assert db.session.query(Invitation).count() == 0
        assert db.session.query(SectorChoice).count() == 0
        assert db.session.query(Enrolment).count() == 2  # the numbers stay
        assert db.session.get(User, ana.id).name == "Ana"  # an account of her own
        assert db.session.get(User, ben.id).name == ""  # learnt nowhere else
        told = db.session.query(AuditEntry).filter_by(about_id=ana.id).one()
        assert (told.what, told.by_id) == ("erased the name", None)
    assert coordinator.get(f"/cities/kisumu/cohorts/{cohort.id}").status_code == 404
    assert coordinator.get(f"/cities/kisumu/cohorts/{cohort.id}.csv").status_code == 404
    assert "Ended; names are gone" in coordinator.get("/cities").text


CANARY = "Zebulon"


def keep_names(app, cohort, city, person, other, desk_id):
    """Write a name into every place where the city, or a learner for it, may write one."""
    with app.app_context():
        roster = RosterImport(key="r", cohort_id=cohort.id, by_id=desk_id, state="imported",
                              file_name=f"{CANARY}.csv", made_at=NOON)  # fmt: skip
        letter = CohortLetter(key="l", cohort_id=cohort.id, by_id=desk_id, template="own",
                              subject=CANARY, text=CANARY, people=2, made_at=NOON)  # fmt: skip
        meeting = Meeting(key="m", cohort_id=cohort.id, title="Evening", about=CANARY,
                          starts_at=NOON, minutes=60, code="ABC", questions=[], made_by=desk_id,
                          made_at=NOON,
                          changed_at=NOON, summary=CANARY, recording=f"https://x.org/{CANARY}",
                          )  # fmt: skip
        invited = Invitation(cohort_id=cohort.id, name=CANARY, email="zebulon@example.org",
                             made_at=NOON)  # fmt: skip
        db.session.add_all([roster, letter, meeting, invited])
        db.session.flush()
        own, others = (
            db.session.scalars(sa.select(Enrolment.id).filter_by(user_id=user.id)).one()
            for user in (person, other)
        )
        db.session.add_all([
            RosterRow(import_id=roster.id, number=2, name=CANARY, email="zebulon@example.org"),
            Invitation(cohort_id=cohort.id, user_id=person.id, name=CANARY, made_at=NOON),
            JoinRequest(cohort_id=cohort.id, user_id=other.id, kind="request", message=CANARY,
                        reason=CANARY, made_at=NOON),
            Note(enrolment_id=own, block_id="b", module_id="listening", text=CANARY,
                 with_whom=CANARY, changed=CANARY, saved_at=NOON, shared_at=NOON),
            NoteReply(enrolment_id=own, block_id="b", by_id=desk_id, key="k", text=CANARY, at=NOON),
            Attendance(meeting_id=meeting.id, enrolment_id=own, how="questions",
                       answers=[CANARY], dispute=CANARY, at=NOON),
            Attendance(meeting_id=meeting.id, enrolment_id=others, how="absent",
                       answers=[], dispute=f"{CANARY} saw me", at=NOON),
            GuardianConsent(user_id=person.id, email="zebulon@example.org", name=CANARY,
                            asked_at=NOON),
        ])  # fmt: skip
        elsewhere = sa.update(ModuleProgress).values(elsewhere=f"{CANARY} taught it")
        db.session.execute(elsewhere)
        for key in (f"invited-{roster.id}-{invited.id}", f"invited-again-{invited.id}-20270302"):
            mail.write("zebulon@example.org", "Come", "Hello", key=key, at=NOON)
        for user in (person, other):
            key = f"cohort-letter-{letter.id}-{user.id}"
            tell(user.id, key=key, title=CANARY, text=CANARY, at=NOON)
            mail.write("ana@example.org", CANARY, CANARY, key=key, at=NOON)
            audit.note(user.id, What.WROTE, by_id=desk_id, city_id=city.id, detail=CANARY,
                       key=f"wrote-{letter.id}", at=NOON)  # fmt: skip
        db.session.get_one(Cohort, cohort.id).welcome = f"Ask {CANARY}"
        db.session.get_one(User, person.id).name = CANARY
        db.session.commit()


def places_of(text):
    """Return the columns of the whole database in which a text stands."""
    return {
        f"{table.name}.{name}"
        for table in Model.metadata.sorted_tables
        for row in db.session.execute(sa.select(table)).mappings()
        for name, value in row.items()
        if text.lower() in str(value).lower()
    }


def test_when_names_go_they_stand_nowhere_in_the_database(
    coordinator, cohort, people, app, city, make
):
    ana, ben = people
    keep_names(app, cohort, city, ben, ana, make.user("Desk").id)
    with app.app_context():
        before = places_of(CANARY)
        assert len({place.split(".")[0] for place in before}) >= 15, before
    close(coordinator, cohort)
    with app.app_context():
        for day in (190, 191):
            let_names_go(NOON + timedelta(days=day))
            db.session.commit()
        assert places_of(CANARY) == set()
        assert db.session.query(CohortLetter).one().people == 2  # the numbers stay
        assert db.session.query(RosterImport).one().state == "imported"
        kept = db.session.query(ModuleProgress.elsewhere).distinct().all()
        assert [row.elsewhere for row in kept] == ["…"]


def test_letters_of_another_citys_invitation_to_the_same_address_stay(
    coordinator, cohort, app, make
):
    other = make.cohort(make.city("Nairobi"), name="Other", code="OTHER1",
                        release_id=cohort.release_id, course_id=cohort.course_id)  # fmt: skip
    with app.app_context():
        for place in (cohort, other):
            db.session.add(Invitation(cohort_id=place.id, email="z@example.org", made_at=NOON))
            db.session.flush()
        mine, theirs = db.session.scalars(sa.select(Invitation.id).order_by(Invitation.id))
        for number in (mine, theirs):
            key = f"invited-again-{number}-2027"
            mail.write("z@example.org", "Come", "Hello", key=key, at=NOON)
        db.session.commit()
    close(coordinator, cohort)
    with app.app_context():
        let_names_go(NOON + timedelta(days=190))
        db.session.commit()
        assert db.session.query(Letter.key).one().key == f"invited-again-{theirs}-2027"


def test_whoever_learns_elsewhere_without_e_mail_keeps_the_account(
    coordinator, cohort, people, app, make, city
):
    _, ben = people
    with app.app_context():
        other = Enrolment(user_id=ben.id, course_id="other", joined_at=NOON, last_active_at=NOON,
                          cohort_id=make.cohort(None, name="Open").id)  # fmt: skip
        db.session.add(other)
        db.session.commit()
    close(coordinator, cohort)

    with app.app_context():
        let_names_go(NOON + timedelta(days=190))
        db.session.commit()
        assert db.session.get(User, ben.id).name == "Ben"


def test_the_coordinator_is_warned_once_thirty_days_before(coordinator, cohort, people, app):
    close(coordinator, cohort)

    with app.app_context():
        for day in (100, 160, 161):
            let_names_go(NOON + timedelta(days=day))
            db.session.commit()
        told = db.session.query(Notice).filter(Notice.key.like("names-go-%")).all()
        assert len(told) == 1


def test_a_cohort_that_nobody_closes_lets_its_names_go_by_its_last_day(make, city, app):
    over = make.cohort(city, name="Old", ends_on=date(2027, 1, 31))

    with app.app_context():
        let_names_go(NOON)
        db.session.commit()
        assert db.session.get(Cohort, over.id).names_until == date(2027, 7, 31)


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 3, 2), 6, date(2027, 9, 2)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 12, 31), 24, date(2029, 12, 31)),
        (date(2027, 1, 15), 0, date(2027, 1, 15)),
    ],
)
def test_months_are_calendar_months(day, months, later):
    assert months_after(day, months) == later
