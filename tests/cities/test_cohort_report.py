"""The cohort's report, its table for a spreadsheet, and one learner."""

import csv
import io
import random
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from learnpeace.accounts.models import ServerSession
from learnpeace.catalog.model import Quiz
from learnpeace.certificates.models import Certificate
from learnpeace.cities import cohort_filters, cohort_queries, rules
from learnpeace.cities.cohort_filters import Show
from learnpeace.cities.cohort_queries import Sort
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Answer, Attempt, Enrolment, ModuleProgress, Note
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Cohort, User
from tests.courses import ALL_KINDS, small_course

DAY = timedelta(days=1)


@pytest.fixture
def kisumu(make):
    make.release(small_course(quiz=Quiz(questions=ALL_KINDS, tries=3)))
    return make.city("Kisumu")


@pytest.fixture
def spring(app, make, kisumu):
    with app.app_context():
        cohort = db.session.scalars(sa.select(Cohort)).first()
        assert cohort is None
        number = db.session.execute(sa.text("SELECT id FROM release")).scalar_one()
    return make.cohort(kisumu, release_id=number, course_id="small", name="Spring")


@pytest.fixture
def keep(app):
    """Save rows as they are."""

    def save(*rows):
        with app.app_context():
            db.session.add_all(rows)
            db.session.commit()

    return save


def address(cohort, rest=""):
    return f"/cities/kisumu/cohorts/{cohort.id}{rest}"


def progress(enrolment, module_id="listening", **values):
    return ModuleProgress(
        enrolment_id=enrolment.id, module_id=module_id, **{"tries": 0, "extra_tries": 0, **values}
    )


def certificate(enrolment, cohort, at):
    return Certificate(
        serial="0" * 20, user_id=enrolment.user_id, enrolment_id=enrolment.id,
        release_id=cohort.release_id, city_id=cohort.city_id, cohort_id=cohort.id,
        course_id="small", about="course:small", printed_name="Cora", course_title="Small",
        course_version="1", minutes=120, city_name="Kisumu", cohort_name="Spring", language="en",
        completed_on=at.date(), issued_at=at,
    )  # fmt: skip


def shows_day(text, number):
    """Say whether a day of March 2027 is shown, in either order that English knows."""
    return f"{number} March 2027" in text or f"March {number}, 2027" in text


def table(response):
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


def test_the_report_says_who_is_where_and_why(browse, make, amina, spring, keep, at):
    ben = make.enrolment(make.user("Ben"), spring)
    cora = make.enrolment(make.user("Cora"), spring, done=("listening", "speaking"))
    make.complete(cora)
    dina = make.enrolment(make.user("Dina"), spring, done=("listening",))
    keep(progress(dina, "speaking", tries=2, last_try_at=make.at))
    keep(certificate(cora, spring, make.at))
    at(make.at + 8 * DAY)

    text = browse(amina).get(address(spring)).text

    assert "3 learners" in text
    assert "1 finished" in text
    assert "1 not started" in text
    assert "2 stuck" in text
    assert "<bdi>Listening before speaking</bdi>: not started for 7 days" in text
    assert "<bdi>Speaking</bdi>: did not pass the quiz twice" in text
    assert "2 of 2" in text
    assert shows_day(text, 2)
    assert f"/people/{ben.id}" in text


def test_of_a_cohort_without_learners_nobody_is_counted(browse, amina, spring):
    text = browse(amina).get(address(spring)).text

    assert "0 learners" in text
    assert "0 not started" not in text


def test_the_report_lists_the_stuck_the_finished_and_those_who_have_not_started(
    browse, make, amina, spring, at
):
    make.enrolment(make.user("Ben"), spring)
    make.complete(make.enrolment(make.user("Cora"), spring, done=("listening", "speaking")))
    make.enrolment(make.user("Dina"), spring, done=("listening",))
    at(make.at + 8 * DAY)

    def names(show):
        text = browse(amina).get(address(spring, f"?show={show}")).text
        return {name for name in ("Ben", "Cora", "Dina") if f"<bdi>{name}</bdi>" in text}

    assert names("stuck") == {"Ben"}
    assert names("finished") == {"Cora"}
    assert names("not-started") == {"Ben"}
    assert names("all") == names("nonsense") == {"Ben", "Cora", "Dina"}


def test_the_report_is_ordered_by_name_by_last_activity_or_by_modules_done(
    app, browse, make, amina, spring
):
    first = make.enrolment(make.user("Ben"), spring)
    make.enrolment(make.user("adam"), spring, done=("listening",))
    with app.app_context():
        db.session.get_one(Enrolment, first.id).last_active_at = make.at + DAY
        db.session.commit()

    def order(sort):
        text = browse(amina).get(address(spring, f"?sort={sort}")).text
        return text.index("<bdi>adam") < text.index("<bdi>Ben")

    assert order("name")
    assert order("done")
    assert order("name;drop table user")
    assert not order("active")


def test_a_list_without_anybody_says_so(browse, make, amina, spring):
    empty = browse(amina).get(address(spring)).text
    make.enrolment(make.user("Cora"), spring, done=("listening",))

    assert "Nobody has joined yet" in empty
    assert "Nobody is stuck" in browse(amina).get(address(spring, "?show=stuck")).text
    assert "Nobody has finished" in browse(amina).get(address(spring, "?show=finished")).text
    assert "Everybody has started" in browse(amina).get(address(spring, "?show=not-started")).text


def test_the_report_has_pages_and_a_page_too_far_is_the_last(browse, make, amina, spring):
    for number in range(53):
        make.enrolment(make.user(f"Learner {number:02}"), spring)

    first = browse(amina).get(address(spring)).text
    second = browse(amina).get(address(spring, "?page=2")).text
    far = browse(amina).get(address(spring, "?page=99")).text

    assert "Learner 49" in first
    assert "Learner 50" not in first
    assert "Learner 52" in second
    assert "Learner 49" not in second
    assert "Learner 52" in far
    assert browse(amina).get(address(spring, "?page=-1")).status_code == 200


def test_the_table_for_a_spreadsheet_holds_what_is_shown(browse, make, amina, spring, keep, at):
    cora = make.enrolment(make.user("=Cora(1)", email="c@example.org"), spring,
                          done=("listening", "speaking"))  # fmt: skip
    make.complete(cora)
    keep(certificate(cora, spring, make.at))
    for number in range(60):
        make.enrolment(make.user(f"Learner {number:02}"), spring)
    at(make.at + 8 * DAY)

    response = browse(amina).get(address(spring, ".csv"))
    stuck = browse(amina).get(address(spring, ".csv?show=stuck"))

    assert response.content_type == "text/csv; charset=utf-8"
    assert 'filename="kisumu-spring-all.csv"' in response.headers["Content-Disposition"]
    rows = table(response)
    assert len(rows) == 62
    assert rows[0][-2:] == ["Listening before speaking", "Speaking"]
    assert rows[1] == ["'=Cora(1)", "2", "2", "2027-03-02", "", "", "2027-03-02", "Done", "Done"]
    assert rows[2][4:6] == ["Listening before speaking", "not started for 7 days"]
    assert len(table(stuck)) == 61


def test_nothing_of_answers_or_reflections_is_ever_read(app, browse, make, amina, spring, keep):
    cora = make.enrolment(make.user("Cora"), spring, done=("listening",))
    keep(
        Note(
            enrolment_id=cora.id, block_id="heard", module_id="listening", text="A secret",
            saved_at=make.at,
        )
    )  # fmt: skip
    private = {Note.__tablename__, Answer.__tablename__, Attempt.__tablename__}
    for rest in ("", ".csv", f"/people/{cora.id}"):
        with statements(app) as seen:
            response = browse(amina).get(address(spring, rest))
        assert response.status_code == 200
        assert b"A secret" not in response.data
        assert not [text for text in seen if any(f" {name}" in text for name in private)]


class statements:
    """Collects every SQL statement sent inside the block."""

    def __init__(self, app):
        self.app, self.seen = app, []

    def __enter__(self):
        with self.app.app_context():
            self.engine = db.engine
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        return self.seen

    def __exit__(self, *_error):
        sa.event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest):
        self.seen.append(statement)


@pytest.mark.parametrize("rest", ["", "?show=stuck&sort=done", ".csv"])
def test_a_larger_cohort_takes_no_more_queries(app, browse, make, amina, spring, rest):
    for number in range(3):
        make.enrolment(make.user(f"Few {number}"), spring, done=("listening",))
    browser = browse(amina)
    browser.get(address(spring, rest))
    with statements(app) as few:
        browser.get(address(spring, rest))
    for number in range(117):
        make.enrolment(make.user(f"Many {number}"), spring, done=("listening",))
    with statements(app) as many:
        browser.get(address(spring, rest))

    assert len(few) == len(many) <= 8


def test_the_filters_agree_with_the_rules(app, make, spring, keep):
    chance = random.Random(7)
    now = make.at + 30 * DAY
    for number in range(60):
        enrolment = make.enrolment(make.user(f"Learner {number}"), spring)
        with app.app_context():
            row = db.session.get_one(Enrolment, enrolment.id)
            row.joined_at = now - chance.randint(0, 12) * DAY
            row.last_active_at = now - chance.randint(0, 14) * DAY
            row.completed_at = now if chance.random() < 0.1 else None
            row.until = (now + chance.choice((-1, 0, 1)) * DAY).date()
            row.until = row.until if chance.random() < 0.4 else None
            db.session.commit()
        for module_id in ("listening", "speaking", "a removed module"):
            if chance.random() < 0.5:
                done = now if chance.random() < 0.4 else None
                passed = now if chance.random() < 0.3 else done
                keep(
                    progress(
                        enrolment, module_id, read_at=now, passed_at=passed, done_at=done,
                        tries=chance.randint(0, 4), extra_tries=chance.randint(0, 1),
                    )
                )  # fmt: skip
    for starts_on in (None, (now - 11 * DAY).date(), (now - 8 * DAY).date(), now.date()):
        with app.app_context():
            cohort = db.session.get_one(Cohort, spring.id)
            cohort.starts_on = starts_on
            agree(cohort_filters.scope_of(cohort, now))


def agree(scope):
    """Hold each filter and each count against the rule, learner by learner."""
    everybody = cohort_queries.learners(scope, Show.ALL, Sort.NAME, page=None)
    counts = cohort_queries.counts(scope)
    told = {
        Show.STUCK: [one for one in everybody if one.stuck],
        Show.QUIET: [one for one in everybody if is_quiet(one, scope)],
        Show.NO_TRIES: [one for one in everybody if one.is_out_of_tries and not one.completed_at],
        Show.NOT_STARTED: [one for one in everybody if not one.has_begun],
        Show.FINISHED: [one for one in everybody if one.completed_at],
    }
    for show, meant in told.items():
        listed = cohort_queries.learners(scope, show, Sort.NAME, page=None)
        assert [one.enrolment_id for one in listed] == [one.enrolment_id for one in meant], show
        assert counts.of(show) == len(meant), show
    assert len(told[Show.STUCK]) > 3
    assert len(told[Show.NO_TRIES]) > 2
    assert told[Show.QUIET] or scope.starts_at


def is_quiet(one, scope):
    until = db.session.get_one(Enrolment, one.enrolment_id).until
    return (
        one.has_begun
        and one.completed_at is None
        and one.module is not None
        and not rules.still_has_time(until, scope.today)
        and rules.has_been_quiet(one.last_active_at, starts_at=scope.starts_at, at=scope.at)
    )


def test_names_are_searched_in_capitals_or_not_in_any_script(browse, make, amina, spring):
    for name in ("Élodie Achieng", "Ben_50%", "زينب", "Cora"):
        make.enrolment(make.user(name, email=f"p{len(name)}-{ord(name[0])}@example.org"), spring)

    def names(search, rest=""):
        text = browse(amina).get(address(spring, f"{rest}?q={search}")).text.split("<main")[-1]
        found = ("Élodie", "Ben_50%", "زينب", "Cora")
        return {name for name in found if f"<bdi>{name}" in text}

    assert names("élodie") == {"Élodie"}
    assert names("ACHIENG") == {"Élodie"}
    assert names("_50%25") == {"Ben_50%"}
    assert names("زين") == {"زينب"}
    assert names("nobody") == set()
    assert names("") == {"Élodie", "Ben_50%", "زينب", "Cora"}
    assert len(table(browse(amina).get(address(spring, ".csv?q=cora")))) == 2
    assert "such a name" in browse(amina).get(address(spring, "?q=nobody")).text


def test_people_invited_by_letter_stand_in_a_list_of_their_own(
    app, browse, make, amina, spring, keep, at
):
    make.enrolment(make.user("Cora"), spring)
    for number, (email, values) in enumerate(
        [
            ("late@example.org", {"sent_at": make.at}),
            ("gone@example.org", {"sent_at": make.at, "bounced_at": make.at + DAY}),
            ("come@example.org", {"sent_at": make.at, "joined_at": make.at + DAY}),
            ("over@example.org", {"sent_at": make.at, "ended_at": make.at + DAY}),
            (None, {"user_id": amina.id}),
        ]
    ):
        keep(
            Invitation(
                cohort_id=spring.id, email=email, name=f"Guest {number}", made_at=make.at,
                token_hash=f"h{number}", **values,
            )
        )  # fmt: skip
    at(make.at + 2 * DAY)
    early = browse(amina).get(address(spring, "?show=invited")).text
    at(make.at + 4 * DAY)
    text = browse(amina).get(address(spring, "?show=invited")).text
    found = browse(amina).get(address(spring, "?show=invited&q=LATE@")).text

    assert "Invited (2)" in text
    assert "1 invitation bounced" in text
    assert text.index("gone@example.org") < text.index("late@example.org")
    assert "come@example.org" not in text
    assert "over@example.org" not in text
    assert "sent lately" in early
    assert "Send the invitation to Guest 0 again" in text
    assert "gone@example.org" not in found
    assert "late@example.org" in found


def test_an_invitation_goes_again_once_in_three_days(app, browse, make, amina, spring, keep, at):
    keep(
        Invitation(
            cohort_id=spring.id, email="late@example.org", name="Guest", made_at=make.at,
            token_hash="h", sent_at=make.at, bounced_at=make.at,
        )
    )  # fmt: skip
    to = address(spring, "/invitations/again")

    at(make.at + 2 * DAY)
    early = browse(amina).follow(to, {"invitation": "1"}).text
    at(make.at + 4 * DAY)
    late = browse(amina).follow(to, {"invitation": "1"}).text
    twice = browse(amina).follow(to, {"invitation": "1"}).text
    none = browse(amina).follow(to, {"invitation": "77777777777"}).text

    assert "was sent in the last 3 days" in early
    assert "on its way again" in late
    assert "was sent in the last 3 days" in twice
    assert "was sent in the last 3 days" in none
    with app.app_context():
        letters = db.session.scalars(sa.select(Letter).filter_by(to="late@example.org")).all()
        invitation = db.session.scalars(sa.select(Invitation)).one()
        assert len(letters) == 1
        assert "/invited/" in letters[0].body
        assert invitation.bounced_at is None


def test_the_people_of_a_list_can_be_ticked_by_coordinators_only(browse, make, amina, spring):
    make.enrolment(make.user("Cora"), spring)
    helper = make.user("Helper")
    make.role(helper, "facilitator", cohort_id=spring.id)

    assert "Write to this 1 person" in browse(amina).get(address(spring)).text
    seen = browse(helper).get(address(spring, "?show=invited")).text
    assert "Cora" in seen
    assert "Write to" not in seen
    assert 'type="checkbox"' not in seen
    assert "Invited" not in seen


def test_a_learner_is_shown_with_what_they_read_tried_and_passed(browse, make, amina, spring, keep):
    dina = make.enrolment(make.user("Dina"), spring, done=("listening",))
    keep(progress(dina, "speaking", tries=2, best_percent=37))

    text = browse(amina).get(address(spring, f"/people/{dina.id}")).text

    assert "1 of 3" in text
    assert shows_day(text, 2)
    assert "(Kenya Time)" in text
    assert "37" not in text.split("<main")[1].split("</main")[0]
    assert "PIN" not in text


def test_one_more_try_is_given_once_to_those_who_have_none_left(
    app, browse, make, amina, spring, keep
):
    dina = make.enrolment(make.user("Dina"), spring)
    keep(progress(dina, tries=3))
    page = browse(amina).get(address(spring, f"/people/{dina.id}")).text
    to = address(spring, f"/people/{dina.id}/tries/listening")

    for _ in range(2):
        assert browse(amina).post(to, {"extra": "0"}).status_code == 303
    browse(amina).post(to, {"extra": "nonsense"})

    assert "Give one more try" in page
    assert to in page
    assert "Give one more try" not in browse(amina).get(address(spring, f"/people/{dina.id}")).text
    with app.app_context():
        assert db.session.get_one(ModuleProgress, (dina.id, "listening")).extra_tries == 1
    assert browse(amina).post(f"{to}-unknown").status_code == 404


def test_a_learner_with_tries_left_gets_none_extra(app, browse, make, amina, spring, keep):
    dina = make.enrolment(make.user("Dina"), spring)
    keep(progress(dina, tries=2))

    browse(amina).post(address(spring, f"/people/{dina.id}/tries/listening"), {"extra": "0"})

    with app.app_context():
        assert db.session.get_one(ModuleProgress, (dina.id, "listening")).extra_tries == 0


def test_a_new_pin_is_shown_once_and_ends_the_learners_sessions(app, browse, make, amina, spring):
    dina = make.user("Dina", sign_in_name="dina.k", password_hash="old")
    enrolment = make.enrolment(dina, spring)
    hers = browse(dina)
    page = browse(amina).get(address(spring, f"/people/{enrolment.id}")).text

    response = browse(amina).post(address(spring, f"/people/{enrolment.id}/pin"))

    assert "Make a new PIN" in page
    assert response.status_code == 200
    assert "dina.k" in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert hers.get("/home").status_code == 302
    with app.app_context():
        assert db.session.get_one(User, dina.id).password_hash != "old"


def test_a_person_with_an_e_mail_or_with_a_role_gets_no_new_pin(app, browse, make, amina, spring):
    by_mail = make.enrolment(make.user("Ben", password_hash="old"), spring)
    boss = make.user("Boss", sign_in_name="boss", password_hash="old")
    make.role(boss, "administrator")
    staff = make.enrolment(boss, spring)

    for enrolment in (by_mail, staff):
        response = browse(amina).post(address(spring, f"/people/{enrolment.id}/pin"))
        assert response.status_code == 409
    with app.app_context():
        hashes = set(db.session.scalars(sa.select(User.password_hash)))
        sessions = db.session.scalar(sa.select(sa.func.count(ServerSession.id)))
    assert hashes == {"", "old"}
    assert sessions == 2


def test_days_are_days_in_the_citys_zone(app, browse, make, amina, spring):
    enrolment = make.enrolment(make.user("Ben"), spring)
    with app.app_context():
        row = db.session.get_one(Enrolment, enrolment.id)
        row.last_active_at = datetime.fromisoformat("2027-03-04T22:30:00+00:00")
        db.session.get_one(Cohort, spring.id).starts_on = date(2027, 3, 2)
        db.session.commit()

    assert shows_day(browse(amina).get(address(spring)).text, 5)
    assert table(browse(amina).get(address(spring, ".csv")))[1][3] == "2027-03-05"


def test_a_coordinator_makes_a_learner_a_facilitator_and_ends_it(browse, make):
    city = make.city("Kisumu")
    cohort = make.cohort(city)
    ana, bo = make.user("Ana"), make.user("Bo")
    enrolment = make.enrolment(ana, cohort)
    coordinator = browse(make.coordinator(city))
    report = f"/cities/kisumu/cohorts/{cohort.id}"
    page = f"{report}/people/{enrolment.id}"

    assert browse(ana).get(report).status_code == 404
    for _ in range(2):
        assert (
            "facilitate this cohort now"
            in coordinator.follow(f"{page}/facilitator", {"do": "give"}).text
        )
    assert browse(ana).get(report).status_code == 200
    assert browse(ana).post(f"{page}/facilitator", {"do": "give"}).status_code == 404
    assert browse(bo).post(f"{page}/facilitator", {"do": "give"}).status_code == 404
    for _ in range(2):
        coordinator.follow(f"{page}/facilitator", {"do": "take"})
    assert browse(ana).get(report).status_code == 404


def test_another_citys_coordinator_makes_nobody_a_facilitator(browse, make):
    cohort = make.cohort(make.city("Kisumu"))
    enrolment = make.enrolment(make.user("Ana"), cohort)
    stranger = browse(make.coordinator(make.city("Ashland"), name="Stranger"))
    page = f"/cities/kisumu/cohorts/{cohort.id}/people/{enrolment.id}/facilitator"

    assert stranger.post(page, {"do": "give"}).status_code == 404
