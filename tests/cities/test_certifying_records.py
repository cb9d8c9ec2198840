"""One issued certificate on the coordinator's desk: re-issued, withdrawn, objections decided."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.certificates import actions, holder_actions, serials, withdrawal_actions
from learnpeace.certificates.models import Certificate, Withdrawal
from learnpeace.certificates.states import Reason
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry, Notice
from tests.certificates.test_pages import text_of
from tests.cities.certifying import Statements, finished, rows
from tests.conftest import NOON

NEW = {"printed_name": "Amina Oteno", "language": "en", "paper": "a4-landscape",
       "words": "A letter too many."}  # fmt: skip


@pytest.fixture
def row(make, cohort):
    return make.certificate(finished(make, cohort, "Ana"))


@pytest.fixture
def page(cohort):
    return f"/cities/kisumu/cohorts/{cohort.id}/certificates"


@pytest.fixture
def here(page, row):
    return f"{page}/{serials.shown(row.serial)}"


def told(app, user_id):
    with app.app_context():
        query = sa.select(Notice).where(Notice.user_id == user_id).order_by(Notice.id)
        found = list(db.session.scalars(query))
        db.session.expunge_all()
        return found


def noted(app, user_id):
    with app.app_context():
        query = sa.select(AuditEntry.what).where(AuditEntry.about_id == user_id)
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


def ask_for(app, row, name):
    with app.app_context():
        own = db.session.get_one(Certificate, row.id)
        holder_actions.ask_for_correction(own, name=name, words="", at=NOON)
        db.session.commit()


def withdrawals(app):
    with app.app_context():
        found = list(db.session.scalars(sa.select(Withdrawal)))
        db.session.expunge_all()
        return found


def object_to(app, words="I did it all myself."):
    with app.app_context():
        asked = db.session.scalars(sa.select(Withdrawal)).one()
        withdrawal_actions.object_to(asked, words, at=NOON)
        db.session.commit()


def test_a_certificate_tells_how_it_stands_and_can_be_downloaded(desk, here, row):
    text = desk.get(here).text
    assert "Certificate of completion · Valid" in text
    assert serials.shown(row.serial) in text
    file = desk.get(f"{here}.pdf")
    assert file.mimetype == "application/pdf"
    assert file.headers["Cache-Control"] == "no-store"
    assert "Amina Otieno" in text_of(file.data)


def test_a_wrong_name_is_put_right_by_a_new_edition(app, desk, here, row, page):
    assert "Amina Otieno" in desk.get(f"{here}/again").text
    shown = desk.post(f"{here}/again", {**NEW, "step": "show"})
    assert "The printed name was corrected." in shown.text
    assert "Amina Oteno" in shown.text
    assert len(rows(app)) == 1

    answer = desk.post(f"{here}/again", {**NEW, "step": "issue"})
    again = desk.post(f"{here}/again", {**NEW, "step": "issue"})
    with app.app_context():
        jobs.run_due()

    old, new = rows(app)
    assert answer.status_code == again.status_code == 303
    assert answer.location == again.location
    assert (new.replaces_id, new.edition, new.reason) == (old.id, 2, "name")
    assert new.reason_words == "A letter too many."
    assert "Amina Oteno" in text_of(new.pdf)
    assert "Replaced" in desk.get(here).text
    assert "Your certificate was replaced by a new one" in [n.title for n in told(app, row.user_id)]
    assert "issued a certificate again" in noted(app, row.user_id)
    listed = desk.get(f"{page}?show=issued").text
    assert "Already issued (1)" in listed
    assert serials.shown(old.serial) not in listed


def test_another_paper_is_a_corrected_fact(app, desk, here):
    desk.post(
        f"{here}/again",
        {**NEW, "printed_name": "Amina Otieno", "paper": "letter-portrait", "step": "issue"},
    )
    assert (rows(app)[1].reason, rows(app)[1].paper) == ("facts", "letter-portrait")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"printed_name": ""}, "Write the name that is to be printed."),
        ({"words": " "}, "Write what was wrong"),
        ({"paper": "a0"}, "Not a valid choice"),
        ({"language": "xx"}, "Not a valid choice"),
        ({"printed_name": "A\u202eB"}, "invisible character"),
    ],
)
def test_what_cannot_be_printed_again_comes_back_with_what_was_typed(app, desk, here, wrong, why):
    answer = desk.post(f"{here}/again", {**NEW, **wrong, "step": "issue"})
    assert answer.status_code == 422
    assert why in answer.text
    assert len(rows(app)) == 1


def test_the_same_again_and_an_old_edition_are_refused(desk, here):
    same = {**NEW, "printed_name": "Amina Otieno", "step": "issue"}
    assert desk.post(f"{here}/again", same).status_code == 409
    desk.post(f"{here}/again", {**NEW, "step": "issue"})
    other = {**NEW, "printed_name": "Somebody Else", "step": "issue"}
    assert desk.post(f"{here}/again", other).status_code == 409


def test_a_learner_who_says_the_name_is_wrong_stands_first_until_it_is_right(
    app, make, desk, cohort, page, row, here
):
    make.certificate(finished(make, cohort, "Bo"), printed_name="Aaron Bo")
    ask_for(app, row, "Amina Oteno")

    listed = desk.get(page).text
    assert "1 learner says that the printed name is wrong." in listed
    assert listed.index("Amina Otieno") < listed.index("Aaron Bo")
    assert 'value="Amina Oteno"' in desk.get(f"{here}/again").text

    desk.post(f"{here}/again", {**NEW, "step": "issue"})
    assert "name is wrong" not in desk.get(f"{page}?show=issued").text


def test_a_name_that_stays_is_answered_in_words_to_its_holder(app, desk, page, row, here):
    ask_for(app, row, "Queen of Kisumu")
    assert desk.post(f"{here}/keep-name", {"why": " "}).status_code == 422
    desk.post(f"{here}/keep-name", {"why": "This is the name in your papers."})
    desk.post(f"{here}/keep-name", {"why": "This is the name in your papers."})

    (notice,) = told(app, row.user_id)
    assert "This is the name in your papers." in notice.text
    assert "Queen of Kisumu" in notice.text
    assert "name is wrong" not in desk.get(f"{page}?show=issued").text
    assert "name is wrong" not in desk.get(here).text


def test_a_withdrawal_says_what_happens_and_waits_seven_days(app, desk, here, row, page):
    assert "seven days to object" in desk.get(f"{here}/withdraw").text
    said = {"reason": "mistake", "words": "Issued to the wrong Amina."}
    desk.post(f"{here}/withdraw", said)
    desk.post(f"{here}/withdraw", said)

    (asked,) = withdrawals(app)
    assert (asked.reason, asked.words) == ("mistake", "Issued to the wrong Amina.")
    assert asked.due_at == NOON + timedelta(days=7)
    assert "It is to be withdrawn" in desk.get(here).text
    assert "to be withdrawn" in desk.get(f"{page}?show=issued").text
    assert [n.title for n in told(app, row.user_id)] == [
        "Your certificate is about to be withdrawn"
    ]
    assert "asked to withdraw a certificate" in noted(app, row.user_id)
    early = desk.post(f"{here}/decide", {"decision": "withdraw", "answer": "Now."})
    assert early.status_code == 409


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "spite"}, {"words": ""}])
def test_a_withdrawal_needs_a_reason_and_words(app, desk, here, wrong):
    answer = desk.post(f"{here}/withdraw", {"reason": "mistake", "words": "Why.", **wrong})
    assert answer.status_code == 422
    assert withdrawals(app) == []


@pytest.mark.parametrize(("decision", "outcome"), [("keep", "kept"), ("withdraw", "withdrawn")])
def test_an_objection_is_read_and_decided_in_words(app, desk, page, here, row, decision, outcome):
    desk.post(f"{here}/withdraw", {"reason": "not-own", "words": "Two tries alike."})
    object_to(app)
    assert "1 learner objects to a withdrawal." in desk.get(page).text
    assert "I did it all myself." in desk.get(here).text

    assert desk.post(f"{here}/decide", {"decision": decision}).status_code == 422
    answer = desk.post(f"{here}/decide", {"decision": decision, "answer": "We talked."})
    again = desk.post(f"{here}/decide", {"decision": decision, "answer": "We talked."})

    assert answer.status_code == again.status_code == 303
    (asked,) = withdrawals(app)
    assert (asked.outcome, asked.answer) == (outcome, "We talked.")
    (now,) = rows(app)
    assert (now.withdrawn_at is not None) is (outcome == "withdrawn")
    assert "objects" not in desk.get(f"{page}?show=issued").text
    assert "We talked." in told(app, row.user_id)[-1].text


def test_there_is_nothing_to_decide_before_anybody_asked(desk, here):
    assert desk.post(f"{here}/decide", {"answer": "No."}).status_code == 409


def test_another_citys_number_is_the_same_nothing_as_a_missing_one(make, desk, page, row):
    other = make.cohort(make.city("Nairobi"), name="Cohort of Nairobi")
    stranger = make.certificate(finished(make, other, "Zoe"))
    missing = desk.get(f"{page}/{serials.shown(serials.new())}")
    for end in ("", ".pdf", "/again", "/withdraw"):
        assert desk.get(f"{page}/{serials.shown(stranger.serial)}{end}").status_code == 404
        assert desk.get(f"{page}/not-a-number{end}").status_code == 404
    for end in ("again", "withdraw", "decide", "keep-name"):
        assert desk.post(f"{page}/{serials.shown(stranger.serial)}/{end}").status_code == 404
    assert missing.status_code == 404


def test_the_citys_first_page_tells_what_waits(app, make, desk, cohort, page, row, here):
    finished(make, cohort, "Bo", "Bo")
    ask_for(app, row, "Amina Oteno")
    other = make.certificate(finished(make, cohort, "Cem"))
    with app.app_context():
        asked = withdrawal_actions.ask_withdrawal(
            db.session.get_one(Certificate, other.id), reason=Reason.MISTAKE, words="", by=None,
            at=NOON,
        )  # fmt: skip
        withdrawal_actions.object_to(asked, "No.", at=NOON)
        db.session.commit()

    home = desk.get("/cities/kisumu").text

    assert "1 certificate is ready to issue" in home
    assert "1 learner objects to a withdrawal" in home
    assert "1 learner says that the name on a certificate is wrong" in home
    assert f"{page}?show=issued" in home
    with Statements(app) as few:
        desk.get("/cities/kisumu")
    for number in range(4):
        finished(make, cohort, f"Bo {number}", "Bo")
    with Statements(app) as many:
        desk.get("/cities/kisumu")
    assert few.count == many.count


def test_a_retaken_course_is_not_counted_as_ready_again(app, make, desk, cohort, page):
    one = finished(make, cohort, "Ana", "Ana")
    with app.app_context():
        from learnpeace.learning import queries as learning

        standing = learning.standing_in(one.id)
        facts = actions.facts_for(standing, name="Ana", language="en", at=NOON)
        actions.issue(standing, facts)
        db.session.commit()
    assert "Ready (0)" in desk.get(page).text
