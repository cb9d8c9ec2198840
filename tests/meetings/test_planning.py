"""Coordinators and facilitators plan, move and cancel meetings; people are told."""

from datetime import UTC, datetime, timedelta

import pytest

from learnpeace.lib.jobs import Job
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import Notice
from tests.conftest import NOON
from tests.meetings.conftest import form_of


@pytest.mark.parametrize("who", ["coordinator", "facilitator"])
def test_who_runs_a_cohort_plans_a_meeting_and_everybody_is_told(
    world, browse, rows, run_jobs, who
):
    response = browse(getattr(world, who)).follow(f"{world.page}/new", form_of())
    run_jobs()

    assert "The meeting is planned. People are being told." in response.text
    (meeting,) = rows(Meeting)
    assert meeting.starts_at == datetime(2027, 3, 9, 15, 30, tzinfo=UTC)  # 18:30 in Nairobi
    notices = {notice.user_id: notice for notice in rows(Notice)}
    assert set(notices) == {world.ana.id, world.ben.id}
    assert notices[world.ben.id].title == "New meeting: Listening together"
    (letter,) = rows(Letter)
    assert letter.to == "ana.otieno@example.org"
    assert "Tuesday, 9 March 2027, 18:30 (Kenya Time)" in letter.body
    assert "video.example.org" not in letter.body


def test_people_are_told_in_their_own_time(world, browse, make, rows, run_jobs):
    zoe = make.user("Zoe", time_zone="America/New_York")
    make.enrolment(zoe, world.cohort)

    browse(world.coordinator).post(f"{world.page}/new", form_of())
    run_jobs()

    (notice,) = rows(Notice, user_id=zoe.id)
    assert "10:30 (Eastern Time)" in notice.text
    assert "for your cohort it is Tuesday, 9 March 2027, 18:30 (Kenya Time)" in notice.text


def test_the_same_form_twice_plans_once_and_tells_once(world, browse, rows, run_jobs):
    coordinator = browse(world.coordinator)

    first = coordinator.post(f"{world.page}/new", form_of(weeks="3"))
    second = coordinator.post(f"{world.page}/new", form_of(weeks="3"))
    run_jobs()
    run_jobs()

    assert first.location == second.location
    assert len(rows(Meeting)) == 3
    assert len({meeting.series for meeting in rows(Meeting)}) == 1
    assert len(rows(Letter)) == 1
    assert len(rows(Job)) == 1


def test_a_job_that_runs_again_tells_nobody_twice(world, browse, rows, run_jobs, app):
    from learnpeace.lib.db import db

    browse(world.coordinator).post(f"{world.page}/new", form_of())
    run_jobs()
    with app.app_context():
        db.session.query(Job).update({"state": "waiting"})
        db.session.commit()
    assert run_jobs() == 1

    assert len(rows(Letter)) == 1
    assert len(rows(Notice)) == 2


def test_a_series_keeps_its_hour_when_clocks_change(make, browse, at, rows):
    at(NOON)
    city = make.city("Berlin", time_zone="Europe/Berlin", country="DE")
    cohort = make.cohort(city)
    page = f"/cities/berlin/cohorts/{cohort.id}/meetings/new"

    browse(make.coordinator(city)).post(page, form_of(day="2027-03-23", time="18:00", weeks="2"))

    assert sorted(meeting.starts_at.hour for meeting in rows(Meeting)) == [16, 17]


def test_a_time_that_does_not_exist_is_said(make, browse, at, rows):
    at(NOON)
    city = make.city("Berlin", time_zone="Europe/Berlin", country="DE")
    cohort = make.cohort(city)
    page = f"/cities/berlin/cohorts/{cohort.id}/meetings/new"

    answer = browse(make.coordinator(city)).post(
        page, form_of(day="2027-03-21", time="02:30", weeks="2", title="Kept title")
    )

    assert answer.status_code == 422
    assert "On 28 March 2027 the clocks of Central European Time go forward past 02:30" in (
        answer.text
    )
    assert 'value="Kept title"' in answer.text
    assert rows(Meeting) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": " "}, "Write what the meeting is called."),
        ({"day": "2027-03-02", "time": "14:59"}, "This is over already"),
        ({"day": "9999-12-31"}, "Choose a day within the next two years."),
        ({"day": "0001-01-01"}, "Choose a day within the next two years."),
        ({"day": "someday"}, "Choose the day."),
        ({"time": "25:00"}, "Write the time, such as 18:30."),
        ({"minutes": "0"}, "Write a number of minutes from 5 to 480."),
        ({"minutes": "600"}, "Write a number of minutes from 5 to 480."),
        ({"minutes": "an hour"}, "Write a number of minutes from 5 to 480."),
        ({"weeks": "0"}, "Write a number of weeks from 1 to 52."),
        ({"weeks": "53"}, "Write a number of weeks from 1 to 52."),
        ({"link": "http://video.example.org"}, "It begins with https://"),
        ({"link": "javascript:alert(1)"}, "It begins with https://"),
        ({"question_3": ""}, "Write three questions, or leave all three empty."),
        ({"title": "x" * 121}, "Shorten this to 120 characters."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(world, browse, rows, values, words):
    answer = browse(world.coordinator).post(f"{world.page}/new", form_of(**values))

    assert answer.status_code == 422
    assert words in answer.text
    assert rows(Meeting) == []


def test_two_meetings_of_a_cohort_are_not_at_the_same_time(world, browse, rows, meet):
    meet(starts_at=datetime(2027, 3, 16, 16, 0, tzinfo=UTC), title="Already there")

    answer = browse(world.coordinator).post(f"{world.page}/new", form_of(weeks="2"))

    assert answer.status_code == 422
    assert "The cohort meets then already: “Already there”" in answer.text
    assert len(rows(Meeting)) == 1


def test_the_page_suggests_questions(world, browse):
    assert 'value="What was new to you?"' in browse(world.facilitator).get(f"{world.page}/new").text


def test_no_meetings_yet_says_what_to_do(world, browse):
    page = browse(world.facilitator).get(world.page)

    assert "No meetings yet" in page.text
    assert f'href="{world.page}/new"' in page.text


def test_the_list_tells_the_meetings_of_the_cohort(world, browse, meet):
    meet()
    meet(number=2, starts_at=NOON - timedelta(days=1), title="Yesterday")

    text = browse(world.coordinator).get(world.page).text

    assert "Listening together" in text.split("Over</caption>")[0]
    assert "Yesterday" in text.split("Over</caption>")[1]


def series(world, browse, rows):
    coordinator = browse(world.coordinator)
    coordinator.post(f"{world.page}/new", form_of(weeks="3"))
    return coordinator, sorted(rows(Meeting), key=lambda meeting: meeting.starts_at)


def test_one_of_a_series_moves_alone(world, browse, rows, run_jobs):
    coordinator, (first, second, third) = series(world, browse, rows)
    run_jobs()

    coordinator.post(
        f"{world.page}/{second.key}/change",
        form_of(day="2027-03-17", time="19:00", sequence="0", which="one"),
    )
    run_jobs()

    one, two, three = sorted(rows(Meeting), key=lambda meeting: meeting.starts_at)
    assert two.starts_at == datetime(2027, 3, 17, 16, 0, tzinfo=UTC)
    assert (one.starts_at, three.starts_at) == (first.starts_at, third.starts_at)
    assert [m.sequence for m in (one, two, three)] == [0, 1, 0]
    told = [letter for letter in rows(Letter) if letter.subject.startswith("Changed")]
    assert len(told) == 1
    assert "Wednesday, 17 March 2027, 19:00" in told[0].body


def test_all_that_follow_move_too_and_keep_what_is_their_own(world, browse, rows):
    coordinator, (first, second, third) = series(world, browse, rows)
    coordinator.post(
        f"{world.page}/{third.key}/change",
        form_of(day="2027-03-23", sequence="0", which="one", about="The last one"),
    )

    coordinator.post(
        f"{world.page}/{second.key}/change",
        form_of(day="2027-03-17", time="19:00", sequence="0", which="following"),
    )

    one, two, three = sorted(rows(Meeting), key=lambda meeting: meeting.starts_at)
    assert one.starts_at == first.starts_at
    assert two.starts_at == datetime(2027, 3, 17, 16, 0, tzinfo=UTC)
    assert three.starts_at == datetime(2027, 3, 24, 16, 0, tzinfo=UTC)
    assert three.about == "The last one"


def test_the_same_change_twice_changes_once(world, browse, rows, run_jobs):
    coordinator, (first, *_) = series(world, browse, rows)
    change = form_of(time="19:00", sequence="0", which="one")
    page = f"{world.page}/{first.key}/change"

    coordinator.post(page, change)
    again = coordinator.follow(page, change)
    run_jobs()

    assert "Nothing was different." in again.text
    (changed,) = rows(Meeting, key=first.key)
    assert changed.sequence == 1
    assert len([x for x in rows(Letter) if x.subject.startswith("Changed")]) == 1


def test_a_change_on_an_old_page_is_not_saved_and_not_lost(world, browse, rows):
    coordinator, (first, *_) = series(world, browse, rows)
    page = f"{world.page}/{first.key}/change"
    coordinator.post(page, form_of(time="19:00", sequence="0"))

    answer = coordinator.post(page, form_of(title="My own title", sequence="0"))

    assert answer.status_code == 409
    assert "Somebody else changed this meeting since you opened this page." in answer.text
    assert 'value="My own title"' in answer.text
    assert rows(Meeting, key=first.key)[0].title == "Listening together"


def test_what_is_to_be_read_before_changes_without_a_letter(world, browse, rows, run_jobs):
    coordinator, (first, *_) = series(world, browse, rows)
    run_jobs()
    letters = len(rows(Letter))

    coordinator.post(
        f"{world.page}/{first.key}/change", form_of(about="Bring two questions.", sequence="0")
    )
    run_jobs()

    assert rows(Meeting, key=first.key)[0].about == "Bring two questions."
    assert len(rows(Letter)) == letters


@pytest.mark.parametrize("values", [{"time": "25:61"}, {"minutes": "0"}, {"day": "2027-03-01"}])
def test_a_change_that_does_not_fit_is_refused(world, browse, rows, values):
    coordinator, (first, *_) = series(world, browse, rows)

    answer = coordinator.post(f"{world.page}/{first.key}/change", form_of(sequence="0", **values))

    assert answer.status_code == 422
    assert rows(Meeting, key=first.key)[0].sequence == 0


def test_what_is_over_is_not_changed_any_more(world, browse, rows, meet):
    meeting = meet(starts_at=NOON - timedelta(hours=3))
    coordinator = browse(world.coordinator)

    assert "This meeting is over" in coordinator.get(f"{world.page}/{meeting.key}/change").text
    for what, data in (("change", form_of(sequence="0")), ("cancel", {"word": "x"})):
        assert coordinator.post(f"{world.page}/{meeting.key}/{what}", data).status_code == 409
    assert rows(Meeting)[0].sequence == 0


def test_a_meeting_is_cancelled_with_a_word_and_people_are_told(world, browse, rows, run_jobs):
    coordinator, (first, second, third) = series(world, browse, rows)
    run_jobs()
    page = f"{world.page}/{second.key}/cancel"
    data = {"word": "The road is closed. We meet next week.", "which": "following"}

    assert "Cancel the meeting" in coordinator.get(page).text
    coordinator.post(page, data)
    coordinator.post(page, data)  # twice
    run_jobs()

    states = {m.key: (m.cancelled_at is not None, m.sequence) for m in rows(Meeting)}
    assert states == {first.key: (False, 0), second.key: (True, 1), third.key: (True, 1)}
    told = [letter for letter in rows(Letter) if letter.subject.startswith("Cancelled")]
    assert len(told) == 1
    assert "The road is closed." in told[0].body
    assert "The road is closed." in browse(world.ana).get(f"/meetings/{second.key}").text


def test_cancelling_asks_for_a_word(world, browse, rows, meet):
    meeting = meet()

    answer = browse(world.coordinator).post(f"{world.page}/{meeting.key}/cancel", {"word": " "})

    assert answer.status_code == 422
    assert "Write in a few words why; people are told." in answer.text
    assert rows(Meeting)[0].cancelled_at is None


def test_nobody_is_told_of_a_meeting_that_was_cancelled_before_the_letters_went(
    world, browse, rows, run_jobs
):
    coordinator = browse(world.coordinator)
    coordinator.post(f"{world.page}/new", form_of())
    (meeting,) = rows(Meeting)
    coordinator.post(f"{world.page}/{meeting.key}/cancel", {"word": "A mistake.", "which": "one"})
    run_jobs()

    assert {letter.subject for letter in rows(Letter)} == {"Cancelled: Listening together"}


def test_the_summary_is_kept_and_told_once(world, browse, rows, meet, run_jobs):
    meeting = meet(starts_at=NOON - timedelta(hours=3))
    facilitator, page = browse(world.facilitator), f"{world.page}/{meeting.key}/afterwards"
    data = {"summary": "We agreed on a street.\n\nNext: Otieno.", "recording": ""}

    facilitator.post(page, data)
    facilitator.post(page, data)
    facilitator.post(page, {**data, "recording": "https://video.example.org/rec"})
    run_jobs()

    ana = browse(world.ana).get(f"/meetings/{meeting.key}").text
    assert "We agreed on a street." in ana
    assert 'href="https://video.example.org/rec"' in ana
    assert [letter.subject for letter in rows(Letter)] == ["To read afterwards: Listening together"]


def test_a_recording_that_is_no_https_link_is_refused(world, browse, rows, meet):
    meeting = meet(starts_at=NOON - timedelta(hours=3))

    answer = browse(world.coordinator).post(
        f"{world.page}/{meeting.key}/afterwards",
        {"summary": "Kept words", "recording": "http://plain.example.org"},
    )

    assert answer.status_code == 422
    assert "Kept words" in answer.text
    assert rows(Meeting)[0].summary == ""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-60, "Change the meeting"), (10, "123456"), (90, "Summary and recording")],
)
def test_who_runs_it_sees_what_to_do_at_each_stage(world, browse, meet, at, minutes, words):
    meeting = meet()
    at(meeting.starts_at + timedelta(minutes=minutes))

    assert words in browse(world.facilitator).get(f"{world.page}/{meeting.key}").text


def test_the_code_is_shown_large(world, browse, meet):
    meeting = meet()

    assert "123 456" in browse(world.facilitator).get(f"{world.page}/{meeting.key}/code").text
