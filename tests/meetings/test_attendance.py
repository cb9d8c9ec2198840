"""Noting who was there: the list to tick, the video tool's list, answers and counts."""

import io
from datetime import timedelta

import pytest

from learnpeace.meetings import queries
from learnpeace.meetings.models import Attendance
from learnpeace.people.models import AuditEntry, RoleKind
from tests.conftest import NOON


@pytest.fixture
def over(world, meet):
    """A meeting that ended an hour ago."""
    meeting = meet(starts_at=NOON - timedelta(hours=2))
    meeting.page = f"{world.page}/{meeting.key}"
    return meeting


def ticks(world, *, was=("", ""), here=(), excused=()):
    people = (world.ana_in.id, world.ben_in.id)
    return {
        **{f"was-{id}": state for id, state in zip(people, was, strict=True)},
        **{f"here-{id}": "1" for id in here},
        **{f"excused-{id}": "1" for id in excused},
    }


def test_ticks_are_noted_once_and_who_did_it_is_on_record(world, browse, over, noted, rows):
    facilitator = browse(world.facilitator)
    data = ticks(world, here=[world.ana_in.id], excused=[world.ben_in.id])

    page = facilitator.follow(f"{over.page}/attendance", data)
    facilitator.post(f"{over.page}/attendance", data)

    assert "Noted of 2 learners." in page.text
    assert noted(over) == {world.ana_in.id: ("list", None), world.ben_in.id: ("excused", None)}
    entries = rows(AuditEntry, what="noted attendance")
    assert {(entry.about_id, entry.by_id) for entry in entries} == {
        (world.ana.id, world.facilitator.id), (world.ben.id, world.facilitator.id),
    }  # fmt: skip


def test_a_tick_is_taken_back(world, browse, over, noted):
    facilitator = browse(world.facilitator)
    facilitator.post(f"{over.page}/attendance", ticks(world, here=[world.ana_in.id]))

    facilitator.post(f"{over.page}/attendance", ticks(world, was=("list", "")))

    assert noted(over) == {}


def test_who_checks_in_while_the_list_is_open_stays_there(world, browse, over, noted, at):
    at(over.hours.ends_at)
    browse(world.ana).post(f"/meetings/{over.key}/here", {"code": "123456"})

    browse(world.facilitator).post(f"{over.page}/attendance", ticks(world))

    assert noted(over) == {world.ana_in.id: ("code", None)}


def test_taking_a_tick_back_keeps_what_a_learner_wrote(world, browse, make, over, noted):
    make._save(
        Attendance(meeting_id=over.id, enrolment_id=world.ana_in.id, how="file", minutes=3,
                   answers=["a", "b", "c"], at=NOON)
    )  # fmt: skip

    browse(world.facilitator).post(f"{over.page}/attendance", ticks(world, was=("list", "")))

    assert noted(over) == {world.ana_in.id: ("questions", None)}


def test_numbers_of_strangers_in_the_form_note_nobody(world, browse, make, over, noted):
    stranger = make.enrolment(
        make.user("Stranger"), make.cohort(make.city("Nairobi"), code="OTHER1")
    )
    data = {f"was-{stranger.id}": "", f"here-{stranger.id}": "1"}

    browse(world.facilitator).post(f"{over.page}/attendance", data)
    browse(world.facilitator).post(
        f"{over.page}/attendance/people", {"who-0": stranger.id, "minutes-0": "5"}
    )

    assert noted(over) == {}


def test_nothing_is_noted_before_a_meeting_opens(world, browse, meet, noted):
    meeting = meet()
    answer = browse(world.facilitator).post(
        f"{world.page}/{meeting.key}/attendance", ticks(world, here=[world.ana_in.id])
    )

    assert answer.status_code == 409
    assert "There is no attendance yet" in answer.text
    assert noted(meeting) == {}


def upload(text, name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": (io.BytesIO(content), name)}


ZOOM = """\
Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
ana otieno,,2027-03-02 10:00,2027-03-02 10:20,20,Yes
Ana Otieno,,2027-03-02 10:25,2027-03-02 10:47,22,Yes
Benn Ouma,,2027-03-02 10:00,2027-03-02 10:50,50,Yes
iPhone,,2027-03-02 10:00,2027-03-02 10:50,50,Yes
"""


def test_the_video_tools_list_is_shown_first_and_then_noted(world, browse, over, noted):
    facilitator = browse(world.facilitator)

    page = facilitator.post(f"{over.page}/attendance/file", upload(ZOOM))

    assert "1 person was recognised." in page.text
    assert "2 were not, or not surely." in page.text
    assert f'<option value="{world.ben_in.id}" selected>' in page.text
    assert noted(over) == {}
    data = {"who-0": world.ana_in.id, "minutes-0": "42", "who-1": world.ben_in.id,
            "minutes-1": "50", "who-2": "", "minutes-2": "50"}  # fmt: skip
    told = facilitator.follow(f"{over.page}/attendance/people", data)
    facilitator.post(f"{over.page}/attendance/people", data)

    assert "Noted of 2 learners." in told.text
    assert "Present, 42 min" in told.text
    assert noted(over) == {world.ana_in.id: ("file", 42), world.ben_in.id: ("file", 50)}


def test_two_names_of_one_person_are_added_up(world, browse, over, noted):
    browse(world.facilitator).post(
        f"{over.page}/attendance/people",
        {"who-0": world.ben_in.id, "minutes-0": "50", "who-1": world.ben_in.id, "minutes-1": "7"},
    )

    assert noted(over) == {world.ben_in.id: ("file", 57)}


def test_minutes_nobody_can_have_are_cut(world, browse, over, noted):
    browse(world.facilitator).post(
        f"{over.page}/attendance/people", {"who-0": world.ben_in.id, "minutes-0": "99999999"}
    )

    assert noted(over) == {world.ben_in.id: ("file", 24 * 60)}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose the file."),
        (b"PK\x03\x04rest of a spreadsheet", "This is a spreadsheet or a document."),
        (b"1,2,3\n4,5,6\n", "No names were found in this file."),
        ("\n".join(f"Name {n}" for n in range(501)).encode(), "More than 500 people"),
    ],
)
def test_a_file_that_is_no_list_gets_its_sentence(world, browse, over, noted, content, words):
    answer = browse(world.facilitator).post(f"{over.page}/attendance/file", upload(content))

    assert answer.status_code == 422
    assert words in answer.text
    assert noted(over) == {}


def test_a_large_cohort_and_a_large_list_stay_a_page(world, browse, make, over):
    for number in range(60):
        make.enrolment(make.user(f"Learner {number}"), world.cohort)
    strangers = "Name,Duration\n" + "\n".join(f"Guest-{n},5" for n in range(200))

    page = browse(world.facilitator).post(f"{over.page}/attendance/file", upload(strangers))

    assert page.status_code == 200
    assert page.text.count("<option") < 2200
    assert "more names are not shown here" in page.text


def test_those_who_run_it_read_the_answers(world, browse, make, over):
    make._save(
        Attendance(meeting_id=over.id, enrolment_id=world.ben_in.id, how="questions",
                   answers=["Much was new.", "b", "c"], at=NOON)
    )  # fmt: skip
    facilitator = browse(world.facilitator)

    assert "Read the answers" in facilitator.get(over.page).text
    page = facilitator.get(f"{over.page}/answers").text
    assert "Much was new." in page
    assert "Ben Ouma" in page


def test_who_coordinates_or_administers_sees_who_answered_and_not_what(world, browse, make, over):
    make._save(
        Attendance(meeting_id=over.id, enrolment_id=world.ben_in.id, how="questions",
                   answers=["Much was new.", "b", "c"], at=NOON)
    )  # fmt: skip
    boss = make.user("Boss")
    make.role(boss, RoleKind.ADMINISTRATOR)
    both = make.coordinator(world.city, "Both")
    make.role(both, RoleKind.FACILITATOR, cohort_id=over.cohort_id)

    for person in (make.coordinator(world.city, "Desk"), boss):
        assert "See who answered the questions" in browse(person).get(over.page).text
        page = browse(person).get(f"{over.page}/answers").text
        assert "Ben Ouma" in page
        assert "Much was new." not in page
        everywhere = ("", "/attendance", "/afterwards")
        pages = [browse(person).get(over.page + end).text for end in everywhere]
        assert not any("Much was new." in text for text in pages)
    assert "Much was new." in browse(both).get(f"{over.page}/answers").text


def test_nobody_answered_yet(world, browse, over):
    assert "No answers yet" in browse(world.facilitator).get(f"{over.page}/answers").text


def test_meetings_of_cohorts_are_counted_for_reports(world, make, app, meet, over):
    meet(number=2, starts_at=NOON - timedelta(days=1), cancelled_at=NOON)
    meet(number=3)  # to come
    for person, how, minutes in ((world.ana_in, "file", 42), (world.ben_in, "code", None)):
        make._save(Attendance(meeting_id=over.id, enrolment_id=person.id, how=how,
                              minutes=minutes, answers=[], at=NOON))  # fmt: skip
    second = meet(number=4, starts_at=NOON - timedelta(days=2))
    for person, how in ((world.ana_in, "questions"), (world.ben_in, "excused")):
        make._save(Attendance(meeting_id=second.id, enrolment_id=person.id, how=how,
                              answers=[], at=NOON))  # fmt: skip

    with app.app_context():
        found = queries.attendance_of([world.cohort.id, 999], NOON)

    assert found[999] == queries.AttendanceCount()
    assert found[world.cohort.id] == queries.AttendanceCount(
        meetings=2, times=3, people=2, minutes=102, through_questions=1
    )
