"""A release that is published while learners read: unpacked first, and nobody waits for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import request_started

from learnpeace.catalog.model import Text
from learnpeace.learning import reading_ahead
from learnpeace.learning.models import Attempt, CohortMove
from learnpeace.lib.db import db, reading
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases
from learnpeace.releases.models import CoursePointer, Release
from tests.conftest import NOON
from tests.courses import small_course
from tests.learning.test_quiz import answer_all, hand_in, start
from tests.trainers.test_releases import QUIZ, Play, course, turned, with_module

MODULE = "/courses/small/listening"
OLD, NEW = "A first sentence.", "A mended sentence."


def reads(version, text, quiz=QUIZ):
    """Return the small course with this text at the head of its first module."""
    found = course(version, quiz)
    blocks = (Text(markdown=text, line=3), *small_course().modules[0].blocks[1:])
    return with_module(found, blocks=blocks)


@pytest.fixture
def look(app):
    """Return what a server's thread does once a second."""

    def look_once():
        with app.app_context(), reading():
            reading_ahead.look(rest=lambda: None)

    reading_ahead.forget()
    yield look_once
    reading_ahead.forget()


@pytest.fixture
def play(app, make, browse, at):
    at(NOON)
    return Play(app, make, browse, reads("1.0.0", OLD))


def publish_elsewhere(play, found):
    """Publish as another process does: nothing of it is in this one's memory."""
    play.everywhere(found)
    with play.app.app_context():
        before = db.session.scalar(
            sa.select(CohortMove.from_id).where(CohortMove.cohort_id == play.cohort.id)
            .order_by(CohortMove.id.desc()).limit(1)
        )  # fmt: skip
        releases.forget()
        releases.release(before)


def test_learners_read_what_they_read_before_until_the_new_release_is_unpacked(play, look):
    look()
    publish_elsewhere(play, reads("1.0.1", NEW))

    assert OLD in play.noor.get(MODULE).text
    assert play.noor.get("/home").status_code == 200

    look()
    assert NEW in play.noor.get(MODULE).text


def test_where_nobody_unpacks_ahead_learners_read_the_new_release_at_once(play):
    reading_ahead.forget()
    publish_elsewhere(play, reads("1.0.1", NEW))

    assert NEW in play.noor.get(MODULE).text


def test_what_is_handed_in_meanwhile_is_marked_by_the_new_release(play, look):
    look()
    right = replace(QUIZ, questions=tuple(turned(question) for question in QUIZ.questions))
    try_of_noor = start(play.noor)
    answer_all(play.noor, try_of_noor, {"first": "2", "second": "2"})  # wrong by 1.0.0
    publish_elsewhere(play, reads("1.1.0", NEW, right))
    assert OLD in play.bea.get(MODULE).text

    hand_in(play.noor, try_of_noor)

    with play.app.app_context():
        key = try_of_noor.rsplit("/", 1)[-1]
        assert db.session.scalar(sa.select(Attempt.percent).where(Attempt.key == key)) == 100


def test_a_module_that_only_the_new_release_has_opens_meanwhile(play, look):
    look()
    found = reads("2.0.0", NEW)
    added = replace(found.modules[1], id="walking", title="Walking", blocks=(), quiz=None)
    publish_elsewhere(play, replace(found, modules=(added, *found.modules)))

    assert play.noor.get("/courses/small/walking").status_code == 200


def test_a_release_that_was_here_and_was_put_away_is_unpacked_by_who_reads_it(play, look):
    publish_elsewhere(play, reads("1.0.1", NEW))
    look()
    with play.app.app_context():
        before = db.session.scalar(sa.select(CohortMove.from_id))
        releases.forget()
        releases.release(before)

    assert NEW in play.noor.get(MODULE).text


def test_nobody_reads_an_old_release_long_after_a_publication(play, look, at):
    look()
    publish_elsewhere(play, reads("1.0.1", NEW))
    at(NOON + reading_ahead.LATEST + timedelta(minutes=1))

    assert NEW in play.noor.get(MODULE).text


def test_a_release_that_cannot_be_unpacked_stops_neither_the_others_nor_the_readers(
    play, look, make
):
    look()
    sound = make.release(replace(reads("1.0.0", NEW), id="sound")).id
    with play.app.app_context():
        broken = Release(
            course_id="broken", version="1.0.0", title="Broken", fingerprint="0" * 64,
            content=b"not a release", published_at=NOON,
        )  # fmt: skip
        db.session.add(broken)
        db.session.flush()
        db.session.add(
            Cohort(city_id=play.city.id, course_id="broken", release_id=broken.id, name="Broken",
                   code="BROKEN", created_at=NOON)
        )  # fmt: skip
        db.session.commit()
    releases.forget()

    with pytest.raises(Exception, match="header"):
        look()
    look()

    assert releases.is_in_memory(sound)
    assert OLD in play.noor.get(MODULE).text


def test_what_only_cohorts_that_are_over_read_is_not_brought(play, look, make):
    gone = make.release(replace(reads("0.9.0", OLD), id="gone")).id
    make.cohort(play.city, release_id=gone, course_id="gone", code="GONEBY",
                ends_on=NOON.date() - timedelta(days=1))  # fmt: skip
    with play.app.app_context():
        db.session.execute(sa.delete(CoursePointer).where(CoursePointer.course_id == "gone"))
        db.session.commit()
    releases.forget()
    look()

    assert releases.is_in_memory(play.cohort.release_id)
    assert not releases.is_in_memory(gone)


def test_unpacking_stands_back_while_a_page_is_made_but_not_for_ever(app):
    rests = []
    reading_ahead.watch(app)

    with app.test_request_context():
        request_started.send(app)
        reading_ahead.rest(lambda: rests.append("while a page is made"))
    reading_ahead.rest(lambda: rests.append("afterwards"))

    assert rests.count("while a page is made") == reading_ahead.MOST_RESTS
    assert rests.count("afterwards") == 1
