"""What learners see of a meeting before, during and after it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.lib.db import db
from learnpeace.meetings.models import Attendance, Meeting
from tests.conftest import NOON

LINK = "https://video.example.org/room"


def test_both_times_are_shown_with_their_zones(world, browse, make, meet):
    meeting = meet()
    zoe = make.user("Zoe", time_zone="America/New_York")
    make.enrolment(zoe, world.cohort)

    text = browse(zoe).get(f"/meetings/{meeting.key}").text

    assert "Tuesday, 2 March 2027, 09:00 (Eastern Time)" in text
    assert "For your cohort: Tuesday, 2 March 2027, 17:00 (Kenya Time)" in text


def test_one_time_is_enough_where_both_are_the_same(world, browse, meet):
    text = browse(world.ana).get(f"/meetings/{meet().key}").text

    assert text.count("17:00 (Kenya Time)") == 1
    assert "For your cohort" not in text


@pytest.mark.parametrize(("minutes", "shows"), [(-16, False), (-15, True), (59, True), (60, False)])
def test_the_link_is_shown_from_a_quarter_of_an_hour_before_until_the_end(
    world, browse, meet, at, minutes, shows
):
    meeting = meet()
    at(meeting.starts_at + timedelta(minutes=minutes))

    text = browse(world.ana).get(f"/meetings/{meeting.key}").text

    assert (LINK in text) is shows
    if minutes == -16:
        assert "The link to join appears here at 2 March 2027, 16:45 (Kenya Time)" in text
        assert "Dial in:" in text
        assert "answer three questions" in text


def test_a_cancelled_meeting_shows_no_link_while_it_would_be_on(world, browse, meet, at):
    meeting = meet(cancelled_at=NOON, summary="The road is closed.")
    at(meeting.starts_at)

    text = browse(world.ana).get(f"/meetings/{meeting.key}").text

    assert "This meeting was cancelled" in text
    assert LINK not in text
    assert "I am here" not in text


def test_a_learner_checks_in_by_the_code_once(world, browse, meet, at, noted):
    meeting, ana = meet(), browse(world.ana)
    at(meeting.starts_at + timedelta(minutes=5))

    page = ana.follow(f"/meetings/{meeting.key}/here", {"code": "123 456"})
    ana.post(f"/meetings/{meeting.key}/here", {"code": "123456"})

    assert "You are noted as being there." in page.text
    assert "Present" in page.text
    assert noted(meeting) == {world.ana_in.id: ("code", None)}


@pytest.mark.parametrize(
    ("code", "words"), [("654321", "That is not this meeting’s code."), ("", "Type the code.")]
)
def test_another_code_is_refused_with_a_sentence(world, browse, meet, at, noted, code, words):
    meeting = meet()
    at(meeting.starts_at)

    answer = browse(world.ana).post(f"/meetings/{meeting.key}/here", {"code": code})

    assert answer.status_code == 422
    assert words in answer.text
    assert noted(meeting) == {}


@pytest.mark.parametrize("minutes", [-16, 91])
def test_the_code_is_not_taken_outside_its_hours(world, browse, meet, at, noted, minutes):
    meeting = meet()
    at(meeting.starts_at + timedelta(minutes=minutes))

    answer = browse(world.ana).post(f"/meetings/{meeting.key}/here", {"code": "123456"})

    assert answer.status_code == 422
    assert noted(meeting) == {}


def test_guessing_the_code_is_throttled(world, browse, meet, at, noted):
    meeting, ana = meet(), browse(world.ana)
    at(meeting.starts_at)
    for _ in range(10):
        ana.post(f"/meetings/{meeting.key}/here", {"code": "000000"})

    answer = ana.post(f"/meetings/{meeting.key}/here", {"code": "123456"})

    assert answer.status_code == 429
    assert "That was tried too often in a short time." in answer.text
    assert noted(meeting) == {}


def answers(*texts):
    return {f"answer_{number}": text for number, text in enumerate(texts, start=1)}


def test_three_answers_count_as_being_there(world, browse, meet, at, rows, noted):
    meeting, ben = meet(summary="We agreed on a street."), browse(world.ben)
    at(meeting.hours.ends_at + timedelta(hours=1))

    page = ben.get(f"/meetings/{meeting.key}").text
    assert "Your city’s coordinators see that you answered, not what." in page
    assert "What was new?" in page
    given = answers("Much.", "This.", "That.")
    ben.post(f"/meetings/{meeting.key}/answers", given)
    again = ben.follow(f"/meetings/{meeting.key}/answers", given)

    assert "Present through the questions" in again.text
    assert noted(meeting) == {world.ben_in.id: ("questions", None)}
    assert rows(Attendance)[0].answers == ["Much.", "This.", "That."]


def test_a_missing_answer_is_asked_for_and_the_others_stay(world, browse, meet, at, noted):
    meeting = meet()
    at(meeting.hours.ends_at)

    answer = browse(world.ben).post(
        f"/meetings/{meeting.key}/answers", answers("My long thought", "", "More")
    )

    assert answer.status_code == 422
    assert "Write a sentence or two." in answer.text
    assert "My long thought" in answer.text
    assert noted(meeting) == {}


def test_the_questions_open_when_the_meeting_is_over(world, browse, meet, at, noted):
    meeting = meet()
    at(meeting.starts_at)

    answer = browse(world.ben).post(
        f"/meetings/{meeting.key}/answers", answers("One", "Two", "Three")
    )

    assert answer.status_code == 422
    assert noted(meeting) == {}


def test_a_meeting_without_questions_takes_no_answers(world, browse, meet, at):
    meeting, ben = meet(questions=[]), browse(world.ben)
    at(meeting.hours.ends_at)

    assert "If you could not come" not in ben.get(f"/meetings/{meeting.key}").text
    assert ben.post(f"/meetings/{meeting.key}/answers", answers("1", "2", "3")).status_code == 404


def test_attendance_is_shown_with_its_minutes(world, browse, make, meet, at):
    meeting = meet()
    make._save(
        Attendance(meeting_id=meeting.id, enrolment_id=world.ana_in.id, how="file", minutes=42,
                   answers=[], at=NOON)
    )  # fmt: skip
    at(meeting.hours.ends_at)

    assert "Present, 42 min" in browse(world.ana).get(f"/meetings/{meeting.key}").text


def test_a_learner_says_what_is_wrong_and_hears_back(world, browse, meet, at, noted, rows):
    meeting, ana, facilitator = meet(), browse(world.ana), browse(world.facilitator)
    at(meeting.hours.ends_at)
    words = {"text": "I dialled in from Otieno’s phone."}

    ana.post(f"/meetings/{meeting.key}/wrong", words)
    page = ana.follow(f"/meetings/{meeting.key}/wrong", words)

    assert "I dialled in" in page.text
    assert noted(meeting) == {world.ana_in.id: ("absent", None)}
    desk = f"{world.page}/{meeting.key}"
    assert "1 learner says something is wrong" in facilitator.get(desk).text
    assert "I dialled in" in facilitator.get(f"{desk}/attendance").text

    facilitator.post(f"{desk}/attendance", {f"was-{world.ana_in.id}": "",
                                            f"here-{world.ana_in.id}": "1"})  # fmt: skip
    read = f"{desk}/attendance/{world.ana_in.id}/read"
    facilitator.post(read)
    facilitator.post(read)  # twice

    assert noted(meeting) == {world.ana_in.id: ("list", None)}
    assert "I dialled in" not in facilitator.get(f"{desk}/attendance").text
    home = ana.get("/home").text
    assert home.count("Your note about your attendance was read") == 1
    assert "It counts as attended now." in home


def test_a_note_that_was_not_right_leaves_nothing_behind(world, browse, meet, at, noted):
    meeting = meet()
    at(meeting.hours.ends_at)
    browse(world.ana).post(f"/meetings/{meeting.key}/wrong", {"text": "I was there."})

    browse(world.coordinator).post(f"{world.page}/{meeting.key}/attendance/{world.ana_in.id}/read")

    assert noted(meeting) == {}
    assert "It is not noted." in browse(world.ana).get("/home").text


@pytest.mark.parametrize(
    ("text", "words"), [("", "Write in a few words"), ("x" * 501, "Shorten this to 500")]
)
def test_a_note_has_words_and_an_end(world, browse, meet, at, noted, text, words):
    meeting = meet()
    at(meeting.hours.ends_at)

    answer = browse(world.ana).post(f"/meetings/{meeting.key}/wrong", {"text": text})

    assert answer.status_code == 422
    assert words in answer.text
    assert noted(meeting) == {}


def test_home_shows_the_next_meeting_in_the_readers_time(world, browse, make, meet, at):
    meet(number=2, starts_at=NOON + timedelta(days=7), title="Later")
    meeting = meet()
    zoe = make.user("Zoe", time_zone="America/New_York")
    make.enrolment(zoe, world.cohort)

    text = browse(zoe).get("/home").text

    assert "Your next meeting" in text
    assert "Tuesday, 2 March 2027, 09:00 (Eastern Time)" in text
    assert "Later" not in text
    at(meeting.starts_at)
    assert "Your meeting is open now" in browse(zoe).get("/home").text


def test_home_tells_of_a_meeting_one_could_not_come_to(world, browse, make, meet, at):
    meet(starts_at=NOON + timedelta(days=1), title="Tuesday circle", summary="We agreed.")
    at(NOON + timedelta(days=2))
    make.at = NOON + timedelta(days=2)
    late = make.user("Chebet")
    make.enrolment(late, world.cohort)

    text = browse(world.ana).get("/home").text

    assert "Could you not come to" in text
    assert "Tuesday circle" in text
    assert "Could you not come to" not in browse(late).get("/home").text


@pytest.mark.parametrize(("hours", "is_first"), [(2, True), (48, False)])
def test_only_a_meeting_within_a_day_stands_above_the_next_step(
    world, browse, meet, hours, is_first
):
    meet(starts_at=NOON + timedelta(hours=hours))

    text = browse(world.ana).get("/home").text

    assert (text.index("Your next meeting") < text.index("Start the first module")) is is_first


def test_who_lives_in_another_zone_of_the_same_hour_reads_one_zone_only(world, browse, make, meet):
    zoe = make.user("Zoe", time_zone="Africa/Kampala")
    make.enrolment(zoe, world.cohort)

    text = browse(zoe).get(f"/meetings/{meet().key}").text

    assert "Uganda Time" in text
    assert "Kenya Time" not in text


def test_home_is_silent_where_nobody_meets(world, browse):
    assert "meeting" not in browse(world.ana).get("/home").text.lower()


def test_ones_own_list_has_what_comes_and_what_was(world, browse, meet):
    meet()
    meet(number=2, starts_at=NOON - timedelta(days=1), title="Yesterday")

    text = browse(world.ana).get("/meetings").text

    assert text.index("Listening together") < text.index("Yesterday")
    assert "Not noted" in text


def test_ones_own_list_says_when_there_is_nothing(world, browse):
    assert "No meetings yet" in browse(world.ana).get("/meetings").text


def test_opening_pages_changes_nothing(world, browse, meet, at, app):
    meeting = meet()
    at(meeting.starts_at)
    coordinator, ana = browse(world.coordinator), browse(world.ana)

    def count():
        with app.app_context():
            return [
                db.session.scalar(sa.select(sa.func.count()).select_from(table))
                for table in (Meeting, Attendance, *db.metadata.tables.values())
            ]

    before = count()
    for page in ("", "/code", "/change", "/cancel", "/afterwards", "/attendance", "/answers",
                 "/attendance/file"):  # fmt: skip
        assert coordinator.get(f"{world.page}/{meeting.key}{page}").status_code == 200
    for page in ("/meetings", f"/meetings/{meeting.key}", f"/meetings/{meeting.key}.ics"):
        assert ana.get(page).status_code == 200
    assert count() == before
