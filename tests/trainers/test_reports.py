"""The trainers' inbox: what learners reported, and the answer on its way back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning.models import MistakeReport
from learnpeace.lib import fragments
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Notice, RoleKind
from learnpeace.trainers.preview import server as preview_server
from learnpeace.trainers.reports import queries as report_queries
from tests.catalog.good_course import write
from tests.conftest import NOON
from tests.courses import small_course

MODULE = "/courses/small/listening"
OWN = {"kind": "own", "text": "Thank you, it was <two>."}


@pytest.fixture
def ana(make):
    ana = make.user("Ana Reporter")
    make.enrolment(ana, make.cohort(make.city()))
    return ana


@pytest.fixture
def tomas(make):
    tomas = make.user("Tomas")
    make.role(tomas, RoleKind.TRAINER)
    return tomas


@pytest.fixture
def reported(app, browse, ana, at):
    """The address of a report of Ana's, three days old."""
    at(NOON - timedelta(days=3))
    browse(ana).post(f"{MODULE}/report?at=heard", {"text": "A word is\nmissing."})
    at(NOON)
    return f"/trainer/reports/{newest(app).id}"


def newest(app):
    with app.app_context():
        return db.session.scalar(sa.select(MistakeReport).order_by(MistakeReport.id.desc()))


def every(app, table):
    with app.app_context():
        return list(db.session.scalars(sa.select(table).order_by(table.id)))


def told(app):
    """Return the notices and the letters that answers brought."""
    letters = [letter for letter in every(app, Letter) if letter.key.startswith("report-")]
    return every(app, Notice), letters


def test_an_empty_inbox_says_what_will_come(browse, tomas):
    assert "No report waits for an answer" in browse(tomas).get("/trainer/reports").text


def test_a_report_shows_its_place_and_never_who_sent_it(browse, tomas, ana, reported):
    inbox, page = browse(tomas).get("/trainer/reports").text, browse(tomas).get(reported).text

    for text in (inbox, page):
        assert "small/listening/module.md:20" in text
        assert "What did you hear?" in text
        assert "A word is\nmissing." in text
        assert "3 days ago" in text
        assert "Ana Reporter" not in text
        assert "example.org" not in text
    assert "1 waits for an answer" in inbox
    assert "1 waits for an answer" in browse(tomas).get("/trainer").text


def test_an_answer_goes_to_the_first_page_and_by_letter(app, browse, tomas, ana, reported):
    page = browse(tomas).follow(reported, OWN)

    assert "The answer is on its way" in page.text
    assert "No report waits for an answer" in page.text
    (notice,), (letter,) = told(app)
    assert letter.to == "ana.reporter@example.org"
    assert "Thank you, it was <two>." in letter.body
    assert "Tomas" not in letter.body
    home = browse(ana).get("/home").text
    assert "Thank you, it was &lt;two&gt;." in home
    assert notice.link in home
    own = browse(ana).get("/my/reports").text
    assert "Thank you, it was &lt;two&gt;." in own
    assert "Tomas" not in own
    assert f'id="{notice.link.partition("#")[2]}"' in own


def test_who_has_no_email_is_told_on_the_first_page_alone(app, browse, make, tomas, at):
    bo = make.user("Bo", sign_in_name="bo.kisumu")
    make.enrolment(bo, make.cohort(make.city()))
    browse(bo).post(f"{MODULE}/report?at=1", {"text": "A word is missing."})
    browse(tomas).post(f"/trainer/reports/{newest(app).id}", OWN)

    notices, letters = told(app)
    assert len(notices) == 1
    assert letters == []


def test_a_chosen_sentence_is_sent_with_the_words(app, browse, tomas, reported):
    browse(tomas).post(reported, {"kind": "right", "text": "The source says so."})

    assert newest(app).answer == "This is right as it stands.\nThe source says so."


def test_a_chosen_sentence_may_stand_alone(app, browse, tomas, reported):
    browse(tomas).post(reported, {"kind": "corrected", "text": ""})

    assert newest(app).answer == "Corrected in the next version."


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "own", "text": " "}, "Write the answer, or choose a sentence above."),
        ({"kind": "right", "text": ""}, "Say in a sentence why it is right."),
        ({"kind": "own", "text": "a" * 2001}, "Shorten this to 2000 characters."),
        ({"kind": "none", "text": "Words that stay"}, "Words that stay"),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused(
    app, browse, tomas, reported, form, words
):
    page = browse(tomas).post(reported, form)

    assert page.status_code == 422
    assert words in page.text
    assert form["text"].strip() in page.text
    assert newest(app).answered_at is None
    assert told(app) == ([], [])


def test_the_same_answer_twice_is_one_answer(app, browse, tomas, reported):
    answers = [browse(tomas).post(reported, OWN).status_code for _ in range(2)]

    assert answers == [303, 303]
    notices, letters = told(app)
    assert len(notices) == len(letters) == 1


def test_a_second_answer_is_refused_and_shows_the_first(app, browse, make, tomas, reported):
    other = make.user("Rosa")
    make.role(other, RoleKind.TRAINER, course_id="small")
    browse(tomas).post(reported, OWN)
    page = browse(other).post(reported, {"kind": "own", "text": "Another answer."})

    assert page.status_code == 409
    assert "This report was answered before you" in page.text
    assert "Thank you, it was &lt;two&gt;." in page.text
    assert "Another answer." in page.text
    assert newest(app).answer == OWN["text"]
    assert len(told(app)[0]) == 1


def test_somebody_who_looks_after_another_course_sees_nothing(app, browse, make, reported):
    other = make.user("Rosa")
    make.role(other, RoleKind.TRAINER, course_id="another")
    rosa = browse(other)

    assert "A word is" not in rosa.get("/trainer/reports").text
    assert rosa.get("/trainer/reports?course=small").status_code == 404
    assert rosa.get(reported).status_code == 404
    assert rosa.post(reported, OWN).status_code == 404
    assert newest(app).answered_at is None


def test_a_learner_cannot_open_the_inbox(browse, ana, reported):
    assert browse(ana).get("/trainer/reports").status_code == 404
    assert browse(ana).get(reported).status_code == 404


def test_the_inbox_shows_one_course_when_asked(app, browse, make, tomas, ana, reported):
    release = make.release(small_course(id="second"))
    cohort = make.cohort(release_id=release.id, course_id="second")
    make.enrolment(ana, cohort)
    browse(ana).post("/courses/second/listening/report?at=1", {"text": "Another place."})
    trainer = browse(tomas)

    assert "2 wait for an answer" in trainer.get("/trainer/reports").text
    page = trainer.get("/trainer/reports?course=second").text
    assert "Another place." in page
    assert "A word is" not in page
    with app.app_context():
        counts = report_queries.report_counts(["small", "second", "none"])
        assert counts == {"small": 1, "second": 1}
        assert report_queries.report_counts([]) == {}


def test_open_reports_come_first_and_who_waits_longest_before_others(
    app, browse, tomas, ana, reported
):
    for text in ("Second report", "Third report"):
        browse(ana).post(f"{MODULE}/report?at=1", {"text": text})
    browse(tomas).post(reported, OWN)
    page = browse(tomas).get("/trainer/reports").text

    places = [page.index(text) for text in ("Second report", "Third report", "Answered last")]
    assert places == sorted(places)
    assert page.index("A word is") > places[-1]


def test_a_full_inbox_stays_a_light_page(app, browse, tomas, ana, reported):
    first = newest(app)
    with app.app_context():
        for number in range(60):
            db.session.add(
                MistakeReport(
                    user_id=ana.id, key=f"key-{number}", course_id="small",
                    release_id=first.release_id, module_id="listening", place="1",
                    language="en", file="listening/module.md", line=3, excerpt="e" * 300,
                    text="t" * 2000, made_at=NOON,
                )
            )  # fmt: skip
        db.session.commit()
    page = browse(tomas).get("/trainer/reports")

    assert "61 wait for an answer" in page.text
    assert "These have waited longest" in page.text
    assert len(page.data) < 50_000


def test_the_answer_is_told_in_the_readers_language(app, browse, make, tomas, at):
    ines = make.user("Ines", language="ar")
    make.enrolment(ines, make.cohort(make.city()))
    browse(ines).post(f"{MODULE}/report?at=1", {"text": "A word is missing."})
    browse(tomas).post(f"/trainer/reports/{newest(app).id}", OWN)

    _, (letter,) = told(app)
    assert "Thank you, it was <two>." in letter.body
    assert "Hello," not in letter.body


def test_a_preview_has_no_link_to_report(tmp_path):
    fragments.forget()
    reader = preview_server.create_preview(write(tmp_path, None)).test_client()
    pages = [
        reader.get(f"/{place}")
        for place in (
            "courses/culture-of-peace/listening", "attempts/listening/1", "attempts/listening"
        )
    ]  # fmt: skip
    fragments.forget()

    for page in pages:
        assert page.status_code == 200
        assert "/report" not in page.text
