"""Sharing one's own words with one's cohort, and taking them back."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning import actions as learning
from learnpeace.learning.models import Enrolment, Note, NoteReply
from learnpeace.learning.sharing import actions, figures
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Cohort, Notice, RoleKind, User
from tests.conftest import NOON

MODULE = "/courses/small/listening"
SHARE, SHARED = "/courses/small/listening/share/heard", "/courses/small/shared"
CANARY = "the seventh lamp"


@pytest.fixture(autouse=True)
def noon(at):
    at(NOON)


@pytest.fixture
def kisumu(make):
    return make.city("Kisumu")


@pytest.fixture
def cohort(make, kisumu):
    return make.cohort(kisumu, name="Spring")


@pytest.fixture
def ana(make, cohort):
    return learner(make, "Ana", cohort)


@pytest.fixture
def ben(make, cohort):
    return learner(make, "Ben", cohort)


def learner(make, name, cohort, **values):
    person = make.user(name, **values)
    person.enrolment = make.enrolment(person, cohort)
    return person


def write(page, text=CANARY):
    return page.post(f"{MODULE}/reflection/heard", {"text": text})


def share(page, text=CANARY, do="share", **values):
    given = {"text": text} if text is not None else {}
    return page.follow(SHARE, {"do": do, **given, **values})


def note_of(app, person, block_id="heard"):
    with app.app_context():
        query = sa.select(Note).where(Note.enrolment_id == person.enrolment.id)
        return db.session.scalar(query.where(Note.block_id == block_id))


def notices_of(app, person):
    with app.app_context():
        return db.session.scalars(
            sa.select(Notice).where(Notice.user_id == person.id).order_by(Notice.id)
        ).all()


def test_what_is_saved_is_private_and_offers_to_be_shared(app, browse, ana, ben):
    page = browse(ana)
    assert "Share with my cohort" not in page.get(MODULE).text

    write(page)

    text = page.get(MODULE).text
    assert "Only you can read this." in text
    assert text.count("Share with my cohort") == 1
    assert note_of(app, ana).shared_at is None


def test_pressing_share_saves_what_was_typed_and_shows_it_to_the_cohort(app, browse, ana, ben):
    page = browse(ana)
    write(page, "Before")

    after = share(page, "Just typed")

    assert "Shared with your cohort. You can take it back at any time." in after.text
    assert "What you change here changes there too." in after.text
    seen = browse(ben).get(SHARED).text
    assert "Just typed" in seen
    assert "Before" not in seen
    assert "<bdi>Ana</bdi>" in seen


def test_sharing_twice_is_sharing_once(app, browse, ana, ben, at):
    page = browse(ana)
    share(page)
    at(NOON + timedelta(minutes=5))

    share(page)

    assert note_of(app, ana).shared_at == NOON


def test_a_change_shows_at_once_where_it_is_shared(browse, ana, ben):
    page = browse(ana)
    share(page)

    write(page, "Another thought")

    seen = browse(ben).get(SHARED).text
    assert "Another thought" in seen
    assert CANARY not in seen


def test_keeping_it_private_again_saves_the_box_and_ends_the_leave_to_quote(app, browse, ana, ben):
    page = browse(ana)
    share(page)
    share(page, do="quote", quote="named")
    assert note_of(app, ana).quote == "named"

    share(page, "Changed my mind", do="keep")

    note = note_of(app, ana)
    assert (note.text, note.shared_at, note.quote) == ("Changed my mind", None, "")
    assert "Changed my mind" not in browse(ben).get(SHARED).text


def test_it_is_taken_back_from_the_page_of_the_cohort_too(app, browse, ana, ben):
    page = browse(ana)
    share(page)
    assert "Keep private" in page.get(SHARED).text

    for _ in range(2):
        answer = share(page, None, do="keep")
        assert "It is private again." in answer.text

    note = note_of(app, ana)
    assert (note.text, note.shared_at) == (CANARY, None)


def test_a_text_whose_box_has_left_the_course_can_still_be_taken_back(app, browse, make, ana, ben):
    make.note(ana.enrolment, "gone", module_id="long-ago", text=CANARY, shared_at=NOON)
    page = browse(ana)
    assert "An earlier module" in page.get(SHARED).text

    page.follow("/courses/small/long-ago/share/gone", {"do": "keep"})

    assert note_of(app, ana, "gone").shared_at is None


@pytest.mark.parametrize(
    ("address", "given"),
    [
        (SHARE, {"do": "publish"}),
        (SHARE, {}),
        ("/courses/small/listening/share/nothing", {"do": "share"}),
        ("/courses/small/nothing/share/heard", {"do": "share"}),
        ("/courses/other/listening/share/heard", {"do": "share"}),
    ],
)
def test_what_is_not_there_cannot_be_shared(browse, ana, ben, address, given):
    assert browse(ana).post(address, given).status_code == 404


def test_an_empty_box_is_not_shared(app, browse, ana, ben):
    answer = share(browse(ana), "  ")

    assert "There is nothing to share yet." in answer.text
    assert note_of(app, ana).shared_at is None


def test_a_text_that_is_too_long_is_neither_saved_nor_shared_nor_lost(app, browse, ana, ben):
    answer = browse(ana).post(SHARE, {"do": "share", "text": "long " * 5000})

    assert answer.status_code == 422
    assert "Please keep this under 20,000 characters." in answer.text
    assert "long long long" in answer.text
    assert note_of(app, ana) is None


def test_whoever_is_alone_in_a_cohort_has_nobody_to_share_with(app, browse, ana):
    page = browse(ana)
    write(page)
    assert "Share with my cohort" not in page.get(MODULE).text

    answer = share(page, "And more")

    assert "there is nobody to share with in your cohort now" in answer.text
    note = note_of(app, ana)
    assert (note.text, note.shared_at) == ("And more", None)


def test_the_open_cohort_shares_nothing(app, browse, make):
    cohort = make.cohort(None)
    ana, _ben = learner(make, "Ana", cohort), learner(make, "Ben", cohort)
    page = browse(ana)
    write(page)

    assert "Share with my cohort" not in page.get(MODULE).text
    assert "Shared in my cohort" not in page.get(MODULE).text
    assert "Shared in my cohort" not in page.get("/courses/small").text
    assert page.get(SHARED).status_code == 404
    share(page)
    assert note_of(app, ana).shared_at is None


def test_a_city_that_hides_names_hides_them_here(app, browse, make):
    cohort = make.cohort(make.city("Goma", shows_names=False))
    ana, ben = learner(make, "Ana", cohort), learner(make, "Ben", cohort)
    page = browse(ana)
    share(page)

    seen = browse(ben).get(SHARED).text

    assert "A learner" in seen
    assert "Ana" not in seen
    assert "With my name" not in page.get(MODULE).text


def test_others_cannot_be_seen_from_another_cohort(browse, make, kisumu, ana, ben):
    share(browse(ana))
    release = {"release_id": ana.enrolment and cohort_of(make, ana).release_id}
    autumn = make.cohort(kisumu, name="Autumn", course_id="small", **release)
    cora = learner(make, "Cora", autumn)

    assert CANARY not in browse(cora).get(SHARED).text
    stranger = browse(make.user("Dina"))
    assert stranger.get(SHARED).status_code == 404
    address = f"{SHARED}/{ana.enrolment.id}/heard/report"
    assert browse(cora).post(address).status_code == 404
    assert stranger.post(address).status_code == 404


def cohort_of(make, person):
    with make.app.app_context():
        return db.session.get(Cohort, person.enrolment.cohort_id)


def test_moving_to_another_cohort_makes_it_private_and_says_so(app, browse, make, kisumu, ana, ben):
    page = browse(ana)
    share(page)
    autumn = make.cohort(
        kisumu, name="Autumn", course_id="small", release_id=cohort_of(make, ana).release_id
    )
    cora = learner(make, "Cora", autumn)

    for _ in range(2):
        with app.app_context():
            learning.join(ana.id, db.session.get(Cohort, autumn.id), at=NOON)
            db.session.commit()

    assert note_of(app, ana).shared_at is None
    assert note_of(app, ana).text == CANARY
    for person in (ben, cora):
        assert CANARY not in browse(person).get(SHARED).text
    assert [n.title for n in notices_of(app, ana)] == ["What you shared is private again"]
    assert "Share with my cohort" in page.get(MODULE).text


def test_moving_with_nothing_shared_tells_nothing(app, make, ana, ben):
    make.note(ana.enrolment, "heard", text=CANARY)
    with app.app_context():
        actions.end_sharing(ana.enrolment.id, at=NOON)
        db.session.commit()

    assert notices_of(app, ana) == []


def test_a_report_calls_the_facilitators_once_and_hides_nothing(
    app, browse, make, cohort, ana, ben
):
    fatma = make.user("Fatma")
    make.role(fatma, RoleKind.FACILITATOR, cohort_id=cohort.id)
    share(browse(ana))
    address = f"{SHARED}/{ana.enrolment.id}/heard/report"

    for _ in range(2):
        answer = browse(ben).follow(address)
        assert "Those who look after your cohort are told." in answer.text

    (notice,) = notices_of(app, fatma)
    assert notice.title == "Something shared in “Spring” was reported"
    assert CANARY not in notice.text
    assert "Ben" not in notice.text
    assert "Answer <bdi>Ana</bdi>" in browse(fatma).get(notice.link).text
    assert CANARY in browse(ben).get(SHARED).text
    with app.app_context():
        (letter,) = db.session.scalars(sa.select(Letter).where(Letter.kind == "city-news")).all()
        assert CANARY not in letter.body


def test_where_nobody_facilitates_a_report_asks_the_coordinator_for_somebody(
    app, browse, make, kisumu, ana, ben
):
    coordinator = make.coordinator(kisumu)
    share(browse(ana))

    browse(ben).post(f"{SHARED}/{ana.enrolment.id}/heard/report")

    (notice,) = notices_of(app, coordinator)
    assert "Nobody facilitates this cohort" in notice.text
    page = browse(coordinator).get(notice.link)
    assert page.status_code == 200
    assert CANARY not in page.text


def test_nobody_reports_what_is_private_or_their_own(browse, make, ana, ben):
    make.note(ana.enrolment, "heard", text=CANARY)
    address = f"{SHARED}/{ana.enrolment.id}/heard/report"
    assert browse(ben).post(address).status_code == 404
    share(browse(ana))
    assert browse(ana).post(address).status_code == 404


def test_sharing_too_often_keeps_the_words_and_says_when(app, browse, ana, ben):
    page = browse(ana)
    for _ in range(actions.MOST_SHARED):
        page.post(SHARE, {"do": "share", "text": "Once more"})
    share(page, do="keep")

    answer = share(page, "The last one")

    assert "you shared very often in a short time" in answer.text
    note = note_of(app, ana)
    assert (note.text, note.shared_at) == ("The last one", None)


def test_what_is_shared_is_plain_text_with_its_lines_and_directions(browse, ana, ben):
    text = "<script>alert(1)</script>\n\u05e9\u05dc\u05d5\u05dd \u202eevil & more"
    share(browse(ana), text)

    seen = browse(ben).get(SHARED).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n" in seen.replace("\r\n", "\n")
    assert '<p class="typed" dir="auto">&lt;script' in seen
    assert "evil &amp; more" in seen


def test_long_texts_show_their_beginning_and_the_page_stays_light(browse, make, cohort, ben):
    for number in range(12):
        person = learner(make, f"Writer {number}", cohort)
        make.note(person.enrolment, "heard", text="كلمة طويلة " * 900, shared_at=NOON)

    first, second = (browse(ben).get(SHARED, query_string={"page": n}) for n in (1, 2))

    assert len(first.data) < 50_000
    assert "…" in first.text
    assert len(re.findall('class="shared"', first.text)) == 8
    assert len(re.findall('class="shared"', second.text)) == 4
    long = browse(make_person(make, "Writer 0")).get(MODULE).text
    assert "others are shown only its beginning" in long


def make_person(make, name):
    with make.app.app_context():
        person = db.session.scalar(sa.select(User).where(User.name == name))
        db.session.expunge(person)
        return person


def test_a_card_on_the_first_page_leads_to_what_is_new(browse, make, ana, ben, at):
    assert "texts by other" not in browse(ben).get("/home").text
    share(browse(ana))

    assert "1 text by other learners, in the last 7 days." in browse(ben).get("/home").text
    assert "by other learners" not in browse(ana).get("/home").text
    at(NOON + timedelta(days=8))
    assert "by other learners" not in browse(ben).get("/home").text


def test_the_module_page_keeps_its_three_reads(app, browse, ana, ben):
    page = browse(ana)
    share(page)
    page.get(MODULE)
    page.get(MODULE)
    with app.app_context():
        engine = db.engine
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    page.get(MODULE)
    sa.event.remove(engine, "before_cursor_execute", note)

    assert len([text for text in seen if text.startswith("SELECT")]) == 3


@pytest.fixture
def twelve(make, cohort):
    return [learner(make, f"Learner {number}", cohort) for number in range(12)]


def test_quotes_are_given_as_their_writers_allow(app, make, cohort, twelve):
    given = {"text": CANARY, "with_whom": "Amina", "changed": "We talk."}
    for person, values in zip(
        twelve,
        [
            {"shared_at": NOON, "quote": "named"},
            {"shared_at": NOON - timedelta(days=1), "quote": "unnamed"},
            {"shared_at": NOON},
            {"quote": "named"},
        ],
        strict=False,
    ):
        make.note(person.enrolment, "pair", **given, **values)

    with app.app_context():
        quotes = figures.quotes_of([cohort.id])

    assert [quote.name for quote in quotes] == ["Learner 0", ""]
    assert {(q.course_id, q.module_id, q.text, q.changed) for q in quotes} == {
        ("small", "listening", CANARY, "We talk.")
    }


def test_nine_learners_are_too_few_to_quote(app, make, cohort):
    people = [learner(make, f"Learner {number}", cohort) for number in range(9)]
    make.note(people[0].enrolment, "heard", shared_at=NOON, quote="unnamed")
    with app.app_context():
        assert figures.quotes_of([cohort.id]) == []
    learner(make, "The tenth", cohort)
    with app.app_context():
        assert len(figures.quotes_of([cohort.id])) == 1


def test_a_city_that_hides_names_quotes_without_them(app, make):
    cohort = make.cohort(make.city("Goma", shows_names=False))
    people = [learner(make, f"Learner {number}", cohort) for number in range(10)]
    make.note(people[0].enrolment, "heard", shared_at=NOON, quote="named")

    with app.app_context():
        (quote,) = figures.quotes_of([cohort.id])

    assert quote.name == ""


def test_actions_are_counted_by_learner_and_never_read(app, make, kisumu, cohort, twelve):
    for person in twelve[:3]:
        make.note(person.enrolment, "pair", text="I did it.")
        make.note(person.enrolment, "heard", text="A reflection.")
    make.note(twelve[3].enrolment, "pair", text=" ")

    with app.app_context():
        (found,) = figures.actions_taken([cohort.id])
        nothing = figures.actions_taken([])

    assert (found.course_id, found.module_id, found.learners) == ("small", "listening", 3)
    assert nothing == []


def test_answers_to_what_was_taken_back_do_not_come_with_what_is_shared_next(
    app, browse, make, cohort, ana, ben, at
):
    fatma = make.user("Fatma")
    make.role(fatma, RoleKind.FACILITATOR, cohort_id=cohort.id)
    share(browse(ana))
    with app.app_context():
        db.session.add(
            NoteReply(
                enrolment_id=ana.enrolment.id, block_id="heard", by_id=fatma.id, key="one",
                text="Well seen", at=NOON,
            )
        )  # fmt: skip
        db.session.commit()
        assert db.session.get(Enrolment, ana.enrolment.id)
    assert "Well seen" in browse(ben).get(SHARED).text

    share(browse(ana), do="keep")
    at(NOON + timedelta(hours=1))
    share(browse(ana), "Something else")

    seen = browse(ben).get(SHARED).text
    assert "Something else" in seen
    assert "Well seen" not in seen
