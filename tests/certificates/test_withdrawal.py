"""Taking a certificate back: a reason, seven days to object, a decision in words."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace import server
from learnpeace.certificates import actions, record_queries, serials, withdrawal_actions
from learnpeace.certificates.models import Withdrawal
from learnpeace.certificates.states import Again, Reason
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from tests.certificates.records import (
    DONE,
    do,
    issued,
    letters,
    noted,
    notices,
    row_of,
    rows,
)
from tests.conftest import NOON

DUE = NOON + timedelta(days=7)


@pytest.fixture
def number(app, make, ana, city):
    """Ana's certificate, by its number in the table."""
    enrolment = make.enrolment(ana, make.cohort(city), done=DONE)
    make.complete(enrolment)
    return issued(app, enrolment, at=NOON)


def ask(app, number, by, *, reason=Reason.NOT_OWN, words="The answers are Bo’s.", at=NOON):
    given = {"reason": reason, "words": words, "by": by.id, "at": at}
    return do(app, lambda: withdrawal_actions.ask_withdrawal(row_of(number), **given).id)


def decide(app, asked, by, *, withdraws, answer="I spoke with Bo.", at=NOON):
    def work():
        found = db.session.get_one(Withdrawal, asked)
        withdrawal_actions.decide_withdrawal(
            found, withdraws=withdraws, answer=answer, by=by.id, at=at
        )

    do(app, work)


def round_at(app, moment):
    return do(app, lambda: withdrawal_actions.carry_out_due(moment))


def asked_of(app):
    with app.app_context():
        found = list(db.session.scalars(sa.select(Withdrawal).order_by(Withdrawal.id)))
        db.session.expunge_all()
        return found


def page_of(app):
    return f"/certificates/{serials.shown(rows(app)[0].serial)}"


def test_the_holder_is_told_why_and_until_when(app, browse, ana, grace, number):
    ask(app, number, grace)

    (asked,) = asked_of(app)
    assert (asked.reason, asked.outcome, asked.due_at) == ("not-own", "", DUE)
    assert rows(app)[0].withdrawn_at is None
    assert notices(app, ana) == ["Your certificate is about to be withdrawn"]
    assert [one.subject for one in letters(app, ana)] == notices(app, ana)
    assert "The answers are Bo’s." in letters(app, ana)[0].body
    assert noted(app, ana) == ["asked to withdraw a certificate"]
    page = browse(ana).get(page_of(app)).text
    assert "It is about to be withdrawn" in page
    assert "The work was not the holder’s own." in page
    assert "The answers are Bo’s." in page
    assert "9 March 2027" in page
    assert "a withdrawal is asked for" in browse(ana).get("/certificates").text


def test_asking_twice_asks_once(app, ana, grace, number):
    first = ask(app, number, grace)

    assert ask(app, number, grace, at=NOON + timedelta(days=2)) == first
    assert asked_of(app)[0].due_at == DUE
    assert len(notices(app, ana)) == 1


def test_asking_at_once_asks_once(app, grace, number):
    made, gate = [], threading.Barrier(4)

    def click() -> None:
        gate.wait()
        made.append(ask(app, number, grace))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 1
    assert len(made) == 4
    assert len(asked_of(app)) == 1


def test_without_an_objection_it_is_withdrawn_after_seven_days(app, browse, ana, grace, number):
    ask(app, number, grace)

    assert round_at(app, DUE - timedelta(seconds=1)) == 0
    assert rows(app)[0].withdrawn_at is None
    assert round_at(app, DUE) == 1
    assert round_at(app, DUE + timedelta(hours=1)) == 0

    (row,) = rows(app)
    assert (row.withdrawn_at, row.withdrawn_for) == (DUE, "not-own")
    (asked,) = asked_of(app)
    assert (asked.outcome, asked.decided_at, asked.decided_by) == ("withdrawn", DUE, None)
    assert notices(app, ana)[-1] == "Your certificate was withdrawn"
    page = browse(ana).get(page_of(app)).text
    assert "It was withdrawn on 9 March 2027" in page
    assert "Withdrawn" in browse(ana).get("/certificates").text
    public = browse().get(page_of(app).replace("/certificates/", "/verify/")).text
    assert "Withdrawn" in public
    assert "Bo’s" not in public


def test_the_hourly_round_carries_it_out(app, grace, number):
    ask(app, number, grace)

    do(app, lambda: server.tidy(DUE))

    assert rows(app)[0].withdrawn_at == DUE


def test_an_objection_stops_the_clock_and_is_told_to_the_coordinators(
    app, browse, ana, grace, number, at
):
    ask(app, number, grace)
    at(NOON + timedelta(days=3))
    address = page_of(app)

    assert browse(ana).post(f"{address}/object", {"objection": "I did it all."}).status_code == 303
    browse(ana).post(f"{address}/object", {"objection": "I did it all, ask Grace."})

    assert round_at(app, DUE + timedelta(days=30)) == 0
    (asked,) = asked_of(app)
    assert asked.objection == "I did it all, ask Grace."
    assert asked.objected_at == NOON + timedelta(days=3)
    assert notices(app, grace) == ["An objection to withdrawing a certificate"]
    assert len(letters(app, grace)) == 1
    page = browse(ana).get(address).text
    assert "You objected on 5 March 2027" in page
    assert "I did it all, ask Grace." in page


def test_an_empty_objection_is_explained(app, browse, ana, grace, number):
    ask(app, number, grace)

    page = browse(ana).post(f"{page_of(app)}/object", {"objection": "  "})

    assert page.status_code == 422
    assert "Write what is wrong, in your own words." in page.text
    assert asked_of(app)[0].objected_at is None


def test_an_objection_that_is_too_long_is_kept_on_the_page(app, browse, ana, grace, number):
    ask(app, number, grace)

    page = browse(ana).post(f"{page_of(app)}/object", {"objection": "word " * 500})

    assert page.status_code == 422
    assert "Write at most 2,000 characters." in page.text
    assert "word word" in page.text


def test_nothing_is_objected_to_where_nothing_is_asked(app, browse, ana, number):
    assert browse(ana).post(f"{page_of(app)}/object", {"objection": "x"}).status_code == 404


def test_a_coordinator_keeps_it_in_words(app, browse, ana, grace, number):
    asked = ask(app, number, grace)

    for _twice in range(2):
        decide(app, asked, grace, withdraws=False)

    assert rows(app)[0].withdrawn_at is None
    assert round_at(app, DUE) == 0
    assert notices(app, ana)[-1] == "Your certificate stays valid"
    assert len(notices(app, ana)) == 2
    assert noted(app, ana)[-1] == "decided about a withdrawal"
    page = browse(ana).get(page_of(app)).text
    assert "It stays valid" in page
    assert "I spoke with Bo." in page


def test_a_coordinator_withdraws_in_spite_of_an_objection(app, browse, ana, grace, number, at):
    asked = ask(app, number, grace)
    at(NOON + timedelta(days=1))
    browse(ana).post(f"{page_of(app)}/object", {"objection": "No."})

    decide(app, asked, grace, withdraws=True, at=NOON + timedelta(days=2))

    assert rows(app)[0].withdrawn_at == NOON + timedelta(days=2)
    assert "I spoke with Bo." in browse(ana).get(page_of(app)).text
    late = browse(ana).post(f"{page_of(app)}/object", {"objection": "Once more."})
    assert late.status_code == 409


def test_nobody_withdraws_before_the_seven_days_are_over(app, grace, number):
    asked = ask(app, number, grace)

    with pytest.raises(Refusal, match="seven days to object"):
        decide(app, asked, grace, withdraws=True, at=DUE - timedelta(seconds=1))

    assert rows(app)[0].withdrawn_at is None


def test_a_decision_needs_words_and_is_made_once(app, grace, number):
    asked = ask(app, number, grace)

    with pytest.raises(Refusal, match="reads why"):
        decide(app, asked, grace, withdraws=False, answer=" ")
    decide(app, asked, grace, withdraws=False)
    with pytest.raises(Refusal, match="otherwise already"):
        decide(app, asked, grace, withdraws=True, at=DUE)


def test_one_that_was_kept_can_be_asked_for_again(app, ana, grace, number):
    first = ask(app, number, grace)
    decide(app, first, grace, withdraws=False)

    second = ask(app, number, grace, reason=Reason.MISTAKE, at=DUE)

    assert second != first
    assert asked_of(app)[1].due_at == DUE + timedelta(days=7)
    assert notices(app, ana).count("Your certificate is about to be withdrawn") == 2


def test_what_is_withdrawn_or_replaced_is_not_asked_for_again(app, grace, number):
    def correct():
        actions.reissue(
            row_of(number), reason=Again.NAME, words="", name="Bo", by=grace.id, at=NOON
        )

    ask(app, number, grace)
    with pytest.raises(Refusal, match="about to be withdrawn"):
        do(app, correct)
    round_at(app, DUE)
    with pytest.raises(Refusal, match="withdrawn certificate is not replaced"):
        do(app, correct)
    with pytest.raises(Refusal, match="Nothing more"):
        ask(app, number, grace)


def test_only_the_last_edition_is_withdrawn(app, grace, number):
    do(app, lambda: actions.reissue(
        row_of(number), reason=Again.NAME, words="", name="Bo", by=grace.id, at=NOON
    )[1])  # fmt: skip

    with pytest.raises(Refusal, match="only the last one"):
        ask(app, number, grace)


def test_a_withdrawn_certificate_counts_for_nobody(app, grace, number):
    ask(app, number, grace)
    round_at(app, DUE)

    with app.app_context():
        current = sa.select(record_queries.Certificate.id).where(record_queries.is_current())
        assert db.session.scalars(current).all() == []


def test_a_withdrawn_certificate_is_not_shared(app, browse, ana, grace, number):
    ask(app, number, grace)
    round_at(app, DUE)

    assert browse(ana).post(f"{page_of(app)}/share").status_code == 409
    assert "Share it" not in browse(ana).get(page_of(app)).text


def test_without_a_city_the_administrators_read_an_objection(app, make, browse, ana, at):
    from learnpeace.people.models import RoleKind

    root = make.user("Root")
    make.role(root, RoleKind.ADMINISTRATOR)
    enrolment = make.enrolment(ana, make.cohort(), done=DONE)
    make.complete(enrolment)
    ask(app, issued(app, enrolment, at=NOON), root)
    at(NOON)

    browse(ana).post(f"{page_of(app)}/object", {"objection": "No."})

    assert notices(app, root) == ["An objection to withdrawing a certificate"]


def test_somebody_whose_account_is_gone_is_told_nothing(app, make, grace, number, ana):
    def erase():
        from learnpeace.people.models import User

        person = db.session.get_one(User, ana.id)
        person.erased_at = NOON

    do(app, erase)
    ask(app, number, grace)
    round_at(app, DUE)

    assert notices(app, ana) == []
    assert rows(app)[0].withdrawn_at == DUE
