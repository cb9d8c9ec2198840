"""“Report a mistake here”: the link, the box, what is kept, what is refused."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.catalog.model import ModuleTexts, Quiz, Reflection, Show, Text
from learnpeace.learning import report_actions
from learnpeace.learning.models import MistakeReport
from learnpeace.lib.db import db
from tests.conftest import NOON
from tests.courses import ONE, small_course
from tests.learning.test_quiz import answer_all, hand_in, start

MODULE = "/courses/small/listening"
BLOCK = f"{MODULE}/report?at=1"
WORDS = {"text": "It was three neighbours."}


@pytest.fixture
def ana(make):
    ana = make.user("Ana")
    make.enrolment(ana, make.cohort(make.city(), code="KISUMU"))
    return ana


@pytest.fixture
def learner(browse, ana):
    return browse(ana)


def kept(app):
    with app.app_context():
        return list(db.session.scalars(sa.select(MistakeReport).order_by(MistakeReport.id)))


def key_in(page):
    return re.search(r'name="key"[^>]*value="([^"]+)"', page.text)[1]


def with_spanish(course, **texts):
    """Return the course with its first module in Spanish."""
    module = course.modules[0]
    told = {"title": "Escuchar", "blocks": module.blocks, **texts}
    module = replace(module, translations={"es": ModuleTexts(**told)})
    return replace(course, languages=("en", "es"), modules=(module, *course.modules[1:]))


def reader_of(make, browse, course):
    release = make.release(course)
    person = make.user("Ines")
    make.enrolment(person, make.cohort(release_id=release.id, course_id=course.id))
    return browse(person)


def test_every_block_has_one_link_and_each_leads_to_its_box(learner):
    page = learner.get(MODULE).text
    links = re.findall(r'href="([^"]*/report\?at=[^"]+)"', page)

    places = [link.partition("at=")[2] for link in links]
    assert places == ["1", "2", "3", "quick", "heard", "pair"]
    for link in links:
        assert learner.get(link).status_code == 200


def test_the_link_stays_where_the_page_is_made_anew(learner):
    page = learner.get(f"{MODULE}?check=quick&a=b").text

    assert page.count("Report a mistake here") == 6


def test_the_page_shows_the_text_and_who_reads_the_report(learner):
    page = learner.get(BLOCK).text

    assert "A story Two neighbours sat down." in page
    assert "They are not shown your name" in page


def test_the_readers_own_track_is_what_they_report(make, browse, app):
    person = make.user("Bo")
    make.enrolment(person, make.cohort(make.city(track="rural")))
    page = browse(person).get(MODULE).text

    assert f"{MODULE}/report?at=3" in page
    assert "At a well." in browse(person).get(f"{MODULE}/report?at=3").text


def test_a_report_keeps_where_the_mistake_is_written(app, ana, learner, at):
    at(NOON)
    answer = learner.follow(f"{MODULE}/report?at=heard", WORDS)

    assert "Thank you." in answer.text
    assert "Not answered yet" in answer.text
    (found,) = kept(app)
    assert (found.user_id, found.course_id, found.module_id) == (ana.id, "small", "listening")
    assert (found.place, found.file, found.line) == ("heard", "listening/module.md", 20)
    assert (found.language, found.excerpt) == ("en", "What did you hear?")
    assert (found.text, found.made_at, found.answered_at) == (WORDS["text"], NOON, None)


def test_a_translated_block_is_reported_in_its_own_file(app, make, browse):
    course = small_course()
    blocks = list(course.modules[0].blocks)
    blocks[0] = Text(markdown="## Una historia\n\nDos vecinas.", line=5)
    reader = reader_of(make, browse, with_spanish(course, blocks=tuple(blocks)))
    reader.get(f"{BLOCK}&lang=es")
    reader.post(BLOCK, WORDS)

    (found,) = kept(app)
    assert (found.file, found.line) == ("listening/module.es.md", 5)
    assert (found.language, found.excerpt) == ("es", "Una historia Dos vecinas.")


def test_a_block_that_is_not_translated_is_reported_in_the_source(app, make, browse):
    course = small_course()
    blocks = list(course.modules[0].blocks)
    blocks[4] = Reflection(id="heard", markdown="", line=40)
    reader = reader_of(make, browse, with_spanish(course, blocks=tuple(blocks)))
    reader.get(f"{MODULE}?lang=es")
    reader.post(f"{MODULE}/report?at=heard", WORDS)

    (found,) = kept(app)
    assert (found.file, found.line, found.language) == ("listening/module.md", 20, "en")


def test_a_long_text_is_shown_by_its_beginning(make, browse):
    course = small_course()
    long = replace(course.modules[0], blocks=(Text(markdown="listening " * 60, line=3),))
    reader = reader_of(make, browse, replace(course, modules=(long, course.modules[1])))
    page = reader.get(BLOCK).text

    shown = re.search(r"<blockquote[^>]*><p>(.*?)</p>", page)[1]
    assert shown.endswith("listening…")
    assert len(shown) <= 300


def test_an_empty_report_is_refused(app, learner):
    page = learner.post(BLOCK, {"text": "  \n "})

    assert page.status_code == 422
    assert "Write in a few words what is wrong." in page.text
    assert kept(app) == []


def test_a_report_that_is_too_long_is_refused_and_stays_in_its_box(app, learner):
    page = learner.post(BLOCK, {"text": "a" * 2001})

    assert page.status_code == 422
    assert "Shorten this to 2000 characters." in page.text
    assert "a" * 2001 in page.text
    assert kept(app) == []


def test_a_line_break_counts_once_however_the_browser_sends_it(app, learner):
    learner.post(BLOCK, {"text": "a" * 999 + "\r\n" * 2 + "b" * 999 + "\x00"})

    assert len(kept(app)[0].text) == 2000


def test_the_same_form_sent_twice_is_one_report(app, learner):
    form = {**WORDS, "key": key_in(learner.get(BLOCK))}
    answers = [learner.post(BLOCK, form).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(kept(app)) == 1


def test_two_forms_are_two_reports(app, learner):
    for _ in range(2):
        learner.post(BLOCK, {**WORDS, "key": key_in(learner.get(BLOCK))})

    assert len(kept(app)) == 2


def test_a_key_nobody_made_is_replaced(app, learner):
    learner.post(BLOCK, {**WORDS, "key": "x" * 5000})

    assert len(kept(app)[0].key) <= 32


def test_above_the_days_measure_the_words_stay_in_the_box(app, learner, at, monkeypatch):
    monkeypatch.setattr(report_actions, "MOST_A_DAY", 2)
    at(NOON)
    for _ in range(2):
        learner.post(BLOCK, WORDS)
    page = learner.post(BLOCK, {"text": "A third one"})

    assert page.status_code == 429
    assert "You have sent 2 reports today" in page.text
    assert "A third one</textarea>" in page.text
    assert len(kept(app)) == 2
    at(NOON + timedelta(days=1))
    assert learner.post(BLOCK, WORDS).status_code == 303


@pytest.mark.parametrize("place", ["0", "7", "nothing", ""])
def test_a_place_that_is_not_there_is_nothing(app, learner, place):
    assert learner.get(f"{MODULE}/report?at={place}").status_code == 404
    assert learner.post(f"{MODULE}/report?at={place}", WORDS).status_code == 404
    assert kept(app) == []


def test_somebody_elses_course_and_a_module_not_open_yet_are_nothing(app, browse, make, learner):
    assert browse(make.user("Bo")).get(BLOCK).status_code == 404
    assert learner.get("/courses/small/none/report?at=1").status_code == 404
    assert learner.get("/courses/small/speaking/report?at=1").status_code == 404
    assert browse(None).get(BLOCK).status_code == 302


def test_a_question_of_a_result_is_reported_where_it_is_written(app, make, browse):
    question = replace(ONE, file="banks/shared.md")
    reader = reader_of(make, browse, small_course(quiz=Quiz(questions=(question,))))
    attempt = start(reader)
    answer_all(reader, attempt, {"first": "2"})
    hand_in(reader, attempt)
    link = re.search(r'href="([^"]*/1/report)"', reader.get(attempt).text)[1]

    assert "What do you say first?" in reader.get(link).text
    answer = reader.follow(link, WORDS)
    assert "Thank you." in answer.text
    assert "Your answers" in answer.text
    (found,) = kept(app)
    assert (found.module_id, found.place) == ("listening", "first")
    assert (found.file, found.line) == ("banks/shared.md", 9)


def test_a_question_can_be_reported_while_it_is_asked_and_tells_no_answer(make, browse):
    quiz = Quiz(questions=(ONE,), show=Show.NEVER)
    reader = reader_of(make, browse, small_course(quiz=quiz))
    attempt = start(reader)

    assert f"{attempt}/1/report" in reader.get(f"{attempt}/1").text
    page = reader.get(f"{attempt}/1/report").text
    assert "Naming opens talk" not in page
    assert "You feel we overlook you" not in page
    answer = reader.follow(f"{attempt}/1/report", WORDS)
    assert "Thank you." in answer.text
    assert "Save and check my answers" in answer.text


def test_a_question_that_is_gone_is_reported_as_it_was_asked(app, make, browse):
    reader = reader_of(make, browse, small_course(quiz=Quiz(questions=(ONE,))))
    attempt = start(reader)
    new = make.release(
        small_course(version="2.0.0", quiz=Quiz(questions=(replace(ONE, id="another"),)))
    )
    with app.app_context():
        db.session.execute(sa.text("UPDATE cohort SET release_id = :new"), {"new": new.id})
        db.session.commit()
    reader.post(f"{attempt}/1/report", WORDS)

    (found,) = kept(app)
    assert found.place == "first"
    assert found.release_id != new.id


def test_a_corrected_question_is_reported_as_it_stands_today(app, make, browse):
    reader = reader_of(make, browse, small_course(quiz=Quiz(questions=(ONE,))))
    attempt = start(reader)
    today = replace(ONE, id="renamed", was="first", line=77)
    new = make.release(small_course(version="1.0.1", quiz=Quiz(questions=(today,))))
    with app.app_context():
        db.session.execute(sa.text("UPDATE cohort SET release_id = :new"), {"new": new.id})
        db.session.commit()
    reader.post(f"{attempt}/1/report", WORDS)

    (found,) = kept(app)
    assert (found.place, found.line, found.release_id) == ("renamed", 77, new.id)


def test_somebody_elses_attempt_is_nothing(browse, make, learner):
    attempt = start(learner)
    bo = browse(make.user("Bo"))

    assert bo.get(f"{attempt}/1/report").status_code == 404
    assert learner.get(f"{attempt}/99/report").status_code == 404


def test_people_see_their_own_reports_and_nobody_elses(browse, make, learner):
    learner.post(BLOCK, {"text": "<i>Three</i> neighbours"})

    assert "&lt;i&gt;Three&lt;/i&gt; neighbours" in learner.get("/my/reports").text
    other = browse(make.user("Bo")).get("/my/reports").text
    assert "neighbours" not in other
    assert "You have reported nothing yet" in other
    assert "/my/reports" in learner.get("/account").text


def test_nothing_but_the_link_is_added_to_a_module_page(learner):
    assert len(learner.get(MODULE).data) < 50_000
