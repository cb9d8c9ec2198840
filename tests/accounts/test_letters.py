"""Which letters a person gets: switches, the address in a letter, one press."""

import re
from datetime import timedelta

import pytest

from learnpeace.accounts import choices, letter_tokens, letters
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post
from learnpeace.lib import mail, mail_message
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Choice, User
from tests.conftest import NOON

TEMPLATE = "emails/reset.txt"


@pytest.fixture
def ana(make):
    return make.user("Ana")


@pytest.fixture
def post(app):
    """Return a function that writes a person a letter and returns it, or None."""

    def write(person, kind=Kind.REMINDERS, key="one"):
        with app.app_context():
            letters.post(person, TEMPLATE, key=key, at=NOON, kind=kind, link="https://x.org")
            db.session.commit()
            return db.session.query(Letter).filter_by(key=key).one_or_none()

    return write


def is_on(app, person, kind=Kind.REMINDERS):
    with app.app_context():
        return choices.is_on(person.id, kind)


def off(app, person, kind=Kind.REMINDERS):
    with app.app_context():
        return f"/letters/off/{letter_tokens.token_of(person.id, kind)}"


def test_a_letter_of_a_kind_carries_its_switch(post, ana):
    letter = post(ana)

    headers, text = mail_message.parted(letter.body)
    assert (letter.kind, letter.user_id) == ("reminders", ana.id)
    address = headers["List-Unsubscribe"].strip("<>")
    assert address.startswith("http://127.0.0.1:8000/letters/off/")
    assert address in text
    assert "http://127.0.0.1:8000/account/letters" in text
    assert "A reminder after 7 and 14 quiet days" in text


def test_a_letter_that_answers_has_no_switch(post, ana):
    letter = post(ana, kind=None)

    assert "/letters/" not in letter.body
    assert letter.kind == ""


def test_a_kind_that_is_off_is_not_written_and_another_is(app, post, ana, browse):
    browse().post(off(app, ana))

    assert post(ana) is None
    assert post(ana, Kind.MEETINGS, "two") is not None


def test_a_letter_is_in_the_persons_language(make, post):
    letter = post(make.user("Amal", language="ar"))

    assert mail_message.parted(letter.body)[0]["Content-Language"] == "ar"


def test_a_thousand_letters_take_few_queries_and_each_is_written_once(app, make):
    with app.app_context():
        people = [
            User(name=f"L {n}", email=f"l{n}@example.org", created_at=NOON) for n in range(1000)
        ]
        db.session.add_all(people)
        db.session.flush()
        db.session.add(Choice(user_id=people[7].id, kind="drafts", is_on=False, at=NOON))
        db.session.commit()
        posts = [Post(user=p, key=f"k-{p.id}", values={"link": "x"}) for p in people]
        seen = []
        db.event.listen(db.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        sent = [letters.post_many(posts, TEMPLATE, at=NOON, kind=Kind.DRAFTS) for _ in range(2)]
        db.session.commit()

        assert sent == [999, 999]
        assert db.session.query(Letter).count() == 999
        assert len(seen) <= 14


def test_opening_the_address_changes_nothing(app, ana, browse):
    page = browse().get(off(app, ana))

    assert page.status_code == 200
    assert "A reminder after 7 and 14 quiet days" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert is_on(app, ana)


def test_one_press_without_sign_in_and_form_token_turns_it_off(app, ana, browse):
    app.config["WTF_CSRF_ENABLED"] = True
    for _ in range(2):  # a second press changes nothing and is no error
        page = browse().post(off(app, ana), {"List-Unsubscribe": "One-Click"})
        assert page.status_code == 200
        assert "These letters are off" in page.text
    assert not is_on(app, ana)
    assert is_on(app, ana, Kind.MEETINGS)
    assert "These letters are off" in browse().get(off(app, ana)).text


def test_every_other_address_still_asks_for_the_form_token(app, ana, browse):
    app.config["WTF_CSRF_ENABLED"] = True

    assert browse(ana).post("/account/letters", {"wanted": []}).status_code == 400


def test_a_token_that_is_not_ours_is_nothing_here(app, make, ana, browse):
    nothing = browse().get("/no-such-address").text
    token = off(app, ana)
    foreign = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace(f"/{ana.id}.", f"/{ana.id + 1}."),
        token.replace("reminders", "meetings"),
        f"/letters/off/{ana.id}.reminders",
        "/letters/off/x",
        "/letters/off/" + "9" * 4000,
        off(app, User(id=ana.id + 1000)),
    ]
    for address in foreign:
        for answer in (browse().get(address), browse().post(address)):
            assert answer.status_code == 404, address
            assert main(answer.text) == main(nothing)
    assert is_on(app, ana)


def main(text):
    return text.split("<main")[1].split("</main>")[0]


def test_a_learner_sees_their_switches_and_no_coordinators(browse, ana):
    page = browse(ana).get("/account/letters").text

    assert "Meetings: new, moved, tomorrow" in page
    assert "The weekly letter on my cohorts" not in page
    assert "Drafts I review" not in page


def test_a_coordinator_sees_the_weekly_letter_too(make, browse):
    page = browse(make.coordinator(make.city())).get("/account/letters").text

    assert "The weekly letter on my cohorts" in page
    assert "Requests and news of my city" in page


def test_who_got_a_letter_of_a_kind_sees_its_switch(post, ana, browse):
    post(ana, Kind.DRAFTS)

    assert "Drafts I review" in browse(ana).get("/account/letters").text


def test_switches_are_saved_off_and_on_again(app, ana, browse):
    browser = browse(ana)
    browser.post("/account/letters", {"wanted": ["meetings", "digest", "nonsense"]})
    assert [is_on(app, ana, kind) for kind in (Kind.MEETINGS, Kind.REMINDERS)] == [True, False]
    with app.app_context():
        assert db.session.query(Choice).filter_by(kind="digest").count() == 0
    ticked = re.findall(r"<input checked[^>]*>", browser.get("/account/letters").text)
    assert len(ticked) == 1

    browser.post("/account/letters", {"wanted": ["meetings", "reminders"]})

    assert is_on(app, ana)


def test_who_has_no_email_reads_where_the_news_stand_instead(make, browse):
    browser = browse(make.user("Bo", sign_in_name="bo"))

    assert "no e-mail address" in browser.get("/account/letters").text
    assert browser.post("/account/letters", {"wanted": []}).status_code == 200


def test_the_account_page_leads_there(browse, ana):
    assert "/account/letters" in browse(ana).get("/account").text


def test_who_cannot_be_reached_reads_that_letters_come_back(app, post, ana, browse):
    assert "came back" not in browse(ana).get("/account/letters").text
    post(ana)
    with app.app_context():
        mail.bounce(db.session.query(Letter).one(), words="550 5.1.1 nobody", at=NOON)
        db.session.commit()

    assert "came back" in browse(ana).get("/account/letters").text


def test_after_a_letter_came_back_only_what_one_asks_for_is_sent(app, make, post, ana, browse, at):
    at(NOON)
    bo = make.user("Bo")
    first = post(ana)
    come_back(app, first.key)
    assert post(ana, key="two") is None
    assert post(bo, key="three").kind == "reminders"
    assert post(ana, kind=None, key="four") is not None  # as a new password is
    desk = browse(ana)
    assert "Until a letter arrives" in desk.get("/account/letters").text
    assert desk.post("/account/letters/try").status_code == 303
    desk.post("/account/letters/try")  # the double click
    assert post(ana, key="five") is None
    with app.app_context():
        (trial,) = db.session.query(Letter).filter(Letter.key.startswith("trial-"))
        assert (trial.to, trial.kind) == (ana.email, "")
        trial.sent_at = NOON + timedelta(minutes=5)
        db.session.commit()
    assert post(ana, key="six") is not None
    assert "came back" not in desk.get("/account/letters").text


def test_a_changed_address_gets_letters_again(app, post, ana):
    come_back(app, post(ana).key)
    with app.app_context():
        person = db.session.get_one(User, ana.id)
        person.email = "ana.new@example.org"
        db.session.commit()
        letters.post(person, TEMPLATE, key="two", at=NOON, kind=Kind.REMINDERS, link="x")
        db.session.commit()
        assert db.session.query(Letter).filter_by(key="two").one().to == "ana.new@example.org"


def test_trying_an_address_is_for_people_with_one_and_has_a_limit(make, ana, browse, at):
    at(NOON)
    pin = browse(make.user("Grace", sign_in_name="grace"))
    assert pin.post("/account/letters/try").status_code == 404
    assert browse().post("/account/letters/try").status_code == 401
    answers = [browse(ana).post("/account/letters/try").status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def come_back(app, key):
    with app.app_context():
        letter = db.session.query(Letter).filter_by(key=key).one()
        mail.bounce(letter, words="550 nobody", at=NOON)
        db.session.commit()
