"""A certificate as a record: issued once, replaced with a reason, and what its holder chooses."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from learnpeace.catalog.model import CertificateRules
from learnpeace.certificates import actions, queries, record_queries, serials
from learnpeace.certificates.actions import Recipient
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.models import Certificate, CertificateLook, NameForPrint
from learnpeace.certificates.states import Again, Kind, State, last_day, state_of
from learnpeace.learning import queries as learning
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.people.models import Cohort
from tests.certificates.records import (
    CLAIM,
    DONE,
    ISSUE,
    do,
    issued,
    letters,
    noted,
    notices,
    row_of,
    rows,
)
from tests.conftest import NOON
from tests.courses import small_course

LATER = NOON + timedelta(days=40)


def page_of(row):
    return f"/certificates/{serials.shown(row.serial)}"


def correct(app, number, *, name="Ana Maria", by=None, at=LATER, **values):
    def work():
        given = {"reason": Again.NAME, "words": "A letter was wrong.", "name": name, **values}
        row, is_new = actions.reissue(row_of(number), by=by, at=at, **given)
        return row.id, is_new

    return do(app, work)


def test_a_certificate_is_issued_from_completion_only(app, make, ana, city):
    enrolment = make.enrolment(ana, make.cohort(city), done=("listening",))

    with app.app_context():
        standing = learning.standing_in(enrolment.id)
        with pytest.raises(ValueError, match="completed course only"):
            actions.facts_for(standing, name="Ana", language="en", at=NOON)

    assert rows(app) == []


def test_a_certificate_names_its_issuer_and_has_a_credential(app, finished):
    issued(app, finished, at=NOON)

    (row,) = rows(app)
    assert (row.issuer, row.kind, row.about) == ("Kisumu", "completion", "course:small")
    assert (row.edition, row.replaces_id, row.expires_on) == (1, None, None)
    assert row.status_index is not None
    assert "Ana María" in row.credential


def test_without_a_city_the_platform_issues_it(app, make, ana):
    enrolment = make.enrolment(ana, make.cohort(), done=DONE)
    make.complete(enrolment)

    issued(app, enrolment, at=NOON)

    assert rows(app)[0].issuer == "learnpeace"


def test_it_expires_as_its_course_says_and_takes_its_city_s_paper(app, make, ana, city):
    course = replace(small_course(), certificate=CertificateRules(valid="3 years"))
    release = make.release(course)
    enrolment = make.enrolment(
        ana, make.cohort(city, release_id=release.id, course_id="small"), done=DONE
    )
    make.complete(enrolment)
    look = CertificateLook(city_id=city.id, paper="letter-portrait", changed_at=NOON)
    do(app, lambda: db.session.add(look))

    issued(app, enrolment, at=NOON)

    (row,) = rows(app)
    assert row.expires_on == date(2030, 3, 2)
    assert row.paper == "letter-portrait"


@pytest.mark.once
@pytest.mark.parametrize(
    ("valid", "day", "last"),
    [
        ("forever", date(2028, 2, 29), None),
        ("1 year", date(2028, 2, 29), date(2029, 2, 28)),
        ("4 years", date(2028, 2, 29), date(2032, 2, 29)),
        ("10 years", date(2027, 3, 2), date(2037, 3, 2)),
    ],
)
def test_the_last_day_is_years_after_completion(valid, day, last):
    assert last_day(day, valid) == last


@pytest.mark.once
def test_a_certificate_holds_on_its_last_day_and_not_after():
    told = {"withdrawn_at": None, "is_replaced": False, "expires_on": date(2030, 3, 2)}

    assert state_of(today=date(2030, 3, 2), **told) == State.VALID
    assert state_of(today=date(2030, 3, 3), **told) == State.EXPIRED


def test_a_correction_puts_a_new_edition_in_its_place(app, browse, ana, grace, finished):
    first = issued(app, finished, at=NOON)
    _, is_new = correct(app, first, by=grace.id)

    old, new = rows(app)
    assert is_new
    assert (new.printed_name, new.edition, new.replaces_id) == ("Ana Maria", 2, first)
    assert (new.reason, new.reason_words, new.issued_by) == (
        "name", "A letter was wrong.", grace.id,
    )  # fmt: skip
    assert (new.completed_on, new.course_title) == (old.completed_on, old.course_title)
    assert new.issued_at == LATER
    assert old.printed_name == "Ana María"
    assert new.serial != old.serial
    assert new.status_index != old.status_index
    assert "Ana Maria" in new.credential


def test_the_holder_is_told_of_a_correction_and_sees_the_chain(
    app, browse, ana, grace, finished, at
):
    correct(app, issued(app, finished, at=NOON), by=grace.id)
    old, new = rows(app)

    assert notices(app, ana) == ["Your certificate was replaced by a new one"]
    assert [one.subject for one in letters(app, ana)] == notices(app, ana)
    assert page_of(new) in letters(app, ana)[0].body
    assert noted(app, ana) == ["issued a certificate again"]
    before = browse(ana).get(page_of(old)).text
    assert "A newer edition has taken its place" in before
    assert page_of(new) in before
    after = browse(ana).get(page_of(new)).text
    assert "Edition 2: this one" in after
    assert "A letter was wrong." in after
    assert page_of(old) in after


def test_the_same_correction_twice_makes_one_edition(app, ana, grace, finished):
    first = issued(app, finished, at=NOON)

    made = correct(app, first, by=grace.id)
    again = correct(app, first, by=grace.id, at=LATER + timedelta(minutes=5))

    assert again == (made[0], False)
    assert len(rows(app)) == 2
    assert len(notices(app, ana)) == 1


def test_another_correction_of_a_replaced_one_is_refused(app, finished):
    first = issued(app, finished, at=NOON)
    correct(app, first)

    with pytest.raises(Refusal, match="Another edition"):
        correct(app, first, name="Anna")

    assert len(rows(app)) == 2


def test_a_correction_that_changes_nothing_is_refused(app, finished):
    first = issued(app, finished, at=NOON)

    with pytest.raises(Refusal, match="says already"):
        correct(app, first, name=" Ana  María ")


@pytest.mark.parametrize("name", ["", "123", "x" * 101, "Ana\u202e"])
def test_a_correction_to_a_name_that_cannot_be_printed_is_refused(app, finished, name):
    first = issued(app, finished, at=NOON)

    with pytest.raises(Refusal, match="no printer knows"):
        correct(app, first, name=name)

    assert len(rows(app)) == 1


def test_other_facts_can_be_corrected_as_well(app, finished):
    first = issued(app, finished, at=NOON)
    with app.app_context():
        told = replace(queries.facts_of(row_of(first)), minutes=1230, cohort_name="Autumn")

    correct(app, first, name=None, facts=told, reason=Again.FACTS)

    new = rows(app)[1]
    assert (new.minutes, new.cohort_name, new.printed_name) == (1230, "Autumn", "Ana María")
    assert new.reason == "facts"


def test_the_third_edition_follows_the_second(app, finished):
    number, _ = correct(app, issued(app, finished, at=NOON))
    correct(app, number, name="Ana M.")

    with app.app_context():
        lines = record_queries.lines_of(rows(app)[0].user_id, NOON.date())

    assert [(line.edition, line.state) for line in lines] == [
        (3, State.VALID), (2, State.REPLACED), (1, State.REPLACED),
    ]  # fmt: skip


def test_two_corrections_at_once_make_one_edition(app, finished):
    first = issued(app, finished, at=NOON)
    made, gate = [], threading.Barrier(4)

    def click() -> None:
        gate.wait()
        made.append(correct(app, first))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({number for number, _ in made}) == 1
    assert sorted(is_new for _, is_new in made) == [False, False, False, True]
    assert len(rows(app)) == 2


def recipient(user, about, city) -> Recipient:
    return Recipient(user_id=user.id, about=about, city_id=city.id)


def attended(**values) -> Facts:
    told = {
        "printed_name": "Ana", "course_title": "Evenings of listening", "course_version": "",
        "minutes": 360, "city_name": "Kisumu", "issuer": "Kisumu", "cohort_name": "Spring 2027",
        "language": "en", "completed_on": NOON.date(), "issued_at": NOON,
    }  # fmt: skip
    return Facts(**{**told, **values})


def test_attendance_and_thanks_are_certificates_of_their_own(app, browse, ana, city, grace):
    def work():
        given = {"by": grace.id, "at": NOON}
        actions.issue_attendance(attended(), recipient(ana, "cohort:1", city), **given)
        thanks = attended(course_title="Setting up chairs")
        actions.issue_thanks(thanks, recipient(ana, "thanks:a", city), **given)

    do(app, work)

    assert [row.kind for row in rows(app)] == [Kind.ATTENDANCE, Kind.THANKS]
    assert notices(app, ana) == ["You have a certificate", "You have a certificate"]
    assert noted(app, ana) == ["issued a certificate", "issued a certificate"]
    page = browse(ana).get("/certificates").text
    assert "Certificate of attendance" in page
    assert "Certificate of thanks" in page
    for row, words in zip(rows(app), ("Time at meetings", "Time given"), strict=True):
        assert words in browse(ana).get(page_of(row)).text


def test_attendance_given_twice_is_one_certificate(app, ana, city, grace):
    def work():
        who = recipient(ana, "cohort:1", city)
        row, is_new = actions.issue_attendance(attended(), who, by=grace.id, at=NOON)
        return row.id, is_new

    assert do(app, work)[1] is True
    assert do(app, work)[1] is False
    assert len(rows(app)) == 1
    assert len(notices(app, ana)) == 1


def test_one_that_a_coordinator_issues_is_told_and_noted(app, ana, grace, finished):
    def work():
        standing = learning.standing_in(finished.id)
        facts = actions.facts_for(standing, name="Ana", language="en", at=NOON)
        actions.issue(standing, facts, by=grace.id)

    do(app, work)
    do(app, work)

    assert notices(app, ana) == ["You have a certificate"]
    assert noted(app, ana) == ["issued a certificate"]


def test_the_list_shows_every_certificate_and_how_it_stands(app, browse, ana, finished):
    correct(app, issued(app, finished, at=NOON))

    page = browse(ana).get("/certificates").text

    assert page.count("A Small Course") == 2
    assert "Certificates that were replaced" in page
    assert "Valid" in page


def test_an_empty_list_says_what_to_do(browse, ana):
    page = browse(ana).get("/certificates").text

    assert "You have no certificate yet" in page
    assert 'href="/home"' in page


def test_home_and_account_lead_to_the_list(browse, ana, finished):
    for address in ("/home", "/account"):
        assert 'href="/certificates"' in browse(ana).get(address).text


@pytest.mark.parametrize(
    "path", ["", "/name-shown", "/name-hidden", "/share", "/share-no-longer", "/wrong-name",
             "/object"],
)  # fmt: skip
def test_somebody_else_s_certificate_is_like_none(app, make, browse, finished, path):
    issued(app, finished, at=NOON)
    bo, address = browse(make.user("Bo")), page_of(rows(app)[0])
    ask = bo.post if path else bo.get

    assert ask(address + path).status_code == 404
    assert ask(f"/certificates/8FQ2K-7MD12-34ABC-D5678{path}").status_code == 404


def test_a_holder_hides_and_shows_their_name(app, browse, ana, finished):
    issued(app, finished, at=NOON)
    address = page_of(rows(app)[0])
    public = address.replace("/certificates/", "/verify/")

    for _twice in range(2):
        browse(ana).post(f"{address}/name-hidden")
        assert "Show my name on the public page" in browse(ana).get(address).text
        assert "Ana María" not in browse().get(public).text
    for _twice in range(2):
        browse(ana).post(f"{address}/name-shown")
        assert "Hide my name on the public page" in browse(ana).get(address).text
        assert "Ana María" in browse().get(public).text


def test_a_hidden_name_stays_hidden_in_the_next_edition(app, browse, ana, finished):
    first = issued(app, finished, at=NOON)
    browse(ana).post(f"{page_of(rows(app)[0])}/name-hidden")

    correct(app, first)

    assert rows(app)[1].shows_name is False


def test_sharing_is_off_until_the_holder_shares(app, browse, ana, finished, at):
    issued(app, finished, at=NOON)
    address = page_of(rows(app)[0])
    assert "Share it no longer" not in browse(ana).get(address).text

    for day in (0, 3):
        at(NOON + timedelta(days=day))
        browse(ana).post(f"{address}/share")
    assert rows(app)[0].shared_at == NOON
    assert "Share it no longer" in browse(ana).get(address).text

    for _twice in range(2):
        browse(ana).post(f"{address}/share-no-longer")
    assert rows(app)[0].shared_at is None


def test_a_wrong_name_is_asked_of_the_city_once(app, browse, ana, grace, finished):
    issued(app, finished, at=NOON)
    address = page_of(rows(app)[0])
    form = {"wanted_name": "Ana Maria", "why": "No accent."}

    for _twice in range(2):
        assert browse(ana).post(f"{address}/wrong-name", form).status_code == 303

    assert notices(app, grace) == ["A name on a certificate is wrong, says its holder"]
    assert len(letters(app, grace)) == 1
    assert "No accent" not in letters(app, grace)[0].body
    desk = page_of(rows(app)[0])
    assert f"/cities/kisumu/cohorts/{finished.cohort_id}{desk}" in letters(app, grace)[0].body
    assert noted(app, ana) == ["asked to correct a printed name"]
    page = browse(ana).get(address).text
    assert "you asked for:" in page
    assert "<bdi>Ana Maria</bdi>" in page


def test_a_wrong_name_that_cannot_be_printed_is_explained_and_kept(
    app, browse, ana, grace, finished
):
    issued(app, finished, at=NOON)
    address = page_of(rows(app)[0])

    page = browse(ana).post(f"{address}/wrong-name", {"wanted_name": "12", "why": "Look: <b>"})

    assert page.status_code == 422
    assert "The name needs at least one letter." in page.text
    assert "Look: &lt;b&gt;" in page.text
    assert notices(app, grace) == []


def test_nobody_floods_the_coordinators_with_names(app, browse, ana, grace, finished):
    issued(app, finished, at=NOON)
    address = page_of(rows(app)[0])

    codes = [
        browse(ana).post(f"{address}/wrong-name", {"wanted_name": f"Ana {letter}"}).status_code
        for letter in "abcdefghijkl"
    ]

    assert codes == [303] * 10 + [429] * 2
    assert len(letters(app, grace)) == 10


def test_where_the_city_issues_the_learner_confirms_and_waits(app, make, browse, ana, city):
    cohort = make.cohort(city, city_issues=True)
    enrolment = make.enrolment(ana, cohort, done=DONE)
    make.complete(enrolment)

    assert "Your city issues the certificates together" in browse(ana).get(CLAIM).text
    for name in ("Ana Maria", "Ana María"):
        page = browse(ana).follow(CLAIM, {**ISSUE, "printed_name": name})
        assert "Your name is kept" in page.text
        assert name in page.text
    assert rows(app) == []
    with app.app_context():
        (kept,) = db.session.scalars(sa.select(NameForPrint))
        assert (kept.printed_name, kept.language, kept.confirmed_by) == ("Ana María", "en", ana.id)


def test_after_the_city_has_issued_a_name_is_confirmed_no_more(app, make, browse, ana, city):
    enrolment = make.enrolment(ana, make.cohort(city, city_issues=True), done=DONE)
    make.complete(enrolment)
    issued(app, enrolment, at=NOON)

    assert browse(ana).post(CLAIM, ISSUE).location == page_of(rows(app)[0])

    def work():
        standing = learning.standing_in(enrolment.id)
        actions.confirm_name(standing, name="Bo", language="en", by=ana.id, at=NOON)

    with pytest.raises(Refusal, match="was printed"):
        do(app, work)


def test_a_name_that_somebody_else_confirms_is_noted(app, ana, grace, finished):
    def work():
        standing = learning.standing_in(finished.id)
        actions.confirm_name(standing, name="Ana", language="en", by=grace.id, at=NOON)

    do(app, work)
    do(app, work)

    assert noted(app, ana) == ["confirmed a name for print"]


def test_two_editions_are_one_line_and_one_certificate_for_the_city(
    app, make, browse, city, grace, finished
):
    correct(app, issued(app, finished, at=NOON))
    desk = browse(grace)

    with app.app_context():
        cohort = db.session.scalars(sa.select(Cohort)).one()
        number = cohort.id
        current = sa.select(sa.func.count(Certificate.id))
        assert db.session.scalar(current.where(record_queries.is_current())) == 1
    page = desk.get(f"/cities/kisumu/cohorts/{number}/people/{finished.id}")
    assert page.status_code == 200
    table = desk.get(f"/cities/kisumu/cohorts/{number}").text
    assert table.count(f'/people/{finished.id}"') == 1


def test_forgetting_takes_the_name_out_of_everything_kept(app, browse, ana, grace, finished):
    issued(app, finished, name="Zebulon Q", at=NOON)
    address = page_of(rows(app)[0])
    browse(ana).post(f"{address}/wrong-name", {"wanted_name": "Zebulon Quirk", "why": "Quirk"})
    browse(ana).post("/account/delete", {"name_off": "yes"})

    with app.app_context():
        from learnpeace.accounts.own_data import actions as own_data

        own_data.forget_due(NOON + timedelta(days=10_000))
        db.session.commit()

    (row,) = rows(app)
    assert (row.printed_name, row.html, row.credential, row.pdf) == ("", "", "", None)
    assert notices(app, grace) == []
    with app.app_context():
        from learnpeace.people.models import AuditEntry

        details = db.session.scalars(sa.select(AuditEntry.detail)).all()
        assert not [detail for detail in details if "Quirk" in detail]
    public = browse().get(address.replace("/certificates/", "/verify/")).text
    assert "Its holder asked for privacy." in public


def test_own_data_tells_kind_and_state(app, browse, ana, finished):
    correct(app, issued(app, finished, at=NOON))

    page = browse(ana).get("/account/data").text

    assert "Certificate of completion" in page
    assert "Replaced" in page
    assert "Valid" in page
