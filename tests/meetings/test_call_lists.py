"""Lists of participants as video tools save them."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnpeace.meetings import call_list
from learnpeace.meetings.call_list import Caller, NotAList
from learnpeace.meetings.matching import Member, match, plain_name

pytestmark = pytest.mark.once

ZOOM = """\
Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
812 3456 7890,Listening,03/02/2027 05:00:12 PM,03/02/2027 06:02:11 PM,host@example.org,63,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent
Ana Otieno,ana@example.org,03/02/2027 05:00:12 PM,03/02/2027 05:20:11 PM,20,No,Y
"Ouma, Ben (Ben)",,03/02/2027 05:01:00 PM,03/02/2027 06:02:11 PM,61,Yes,Y
Ana Otieno,ana@example.org,03/02/2027 05:25:12 PM,03/02/2027 05:47:11 PM,22,No,Y
"""
MEET = """\
First name,Last name,Email,Duration,Time joined,Time exited
Ana,Otieno,ana@example.org,1 hr 2 min,5:00 PM,6:02 PM
Ben,,,42 min,5:10 PM,5:52 PM
"""
TEAMS = """\
1. Summary
Meeting title\tListening
Attended participants\t2
Meeting duration\t1h 2m 3s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Ana Otieno\t3/2/27, 5:00:12 PM\t3/2/27, 6:02:11 PM\t1h 2m 3s\tana@example.org\tana\tOrganizer
Ben Ouma (Guest)\t3/2/27, 5:10:00 PM\t3/2/27, 5:52:00 PM\t42m\t\t\tPresenter

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Ana Otieno\t3/2/27, 5:00:12 PM\t3/2/27, 6:02:11 PM\t1h 2m 3s\tana@example.org\tOrganizer
"""
BIGBLUEBUTTON = """\
"Name","Moderator","Activity Score","Talk time","Join","Left","Duration"
"Ana Otieno","true","7","00:10:00","2/3/2027 17:00:12","2/3/2027 18:02:11","01:02:03"
"Ben Ouma","false","2","-","2/3/2027 17:10:00","2/3/2027 17:52:00","00:42:00"
"""
SPANISH = """\
Nombre (nombre original);Correo electrónico;Duración total (minutos);Invitado
Ana Otieno;ana@example.org;62;No
José Núñez;;42;Sí
"""
ARABIC = """\
الاسم,البريد الإلكتروني,المدة (دقائق)
آنا أوتينو,ana@example.org,٦٢
يوسف,,٤٢
"""


def told(content):
    content = content.encode() if isinstance(content, str) else content
    return [(caller.name, caller.email, caller.minutes) for caller in call_list.read(content)]


ANA = ("Ana Otieno", "ana@example.org", 62)


def test_a_list_of_zoom_adds_up_the_joins_of_one_person():
    assert told(ZOOM) == [("Ana Otieno", "ana@example.org", 42), ("Ouma, Ben (Ben)", "", 61)]


def test_a_list_of_google_meet_has_its_names_in_two_columns():
    assert told(MEET) == [ANA, ("Ben", "", 42)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_list_of_teams_counts_each_person_once(encoding):
    assert told(TEAMS.encode(encoding)) == [ANA, ("Ben Ouma (Guest)", "", 42)]


def test_a_list_of_bigbluebutton_has_hours_minutes_and_seconds():
    assert told(BIGBLUEBUTTON) == [("Ana Otieno", "", 62), ("Ben Ouma", "", 42)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_headings_and_names_in_spanish_are_read_in_each_encoding(encoding):
    assert told(SPANISH.encode(encoding)) == [ANA, ("José Núñez", "", 42)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_headings_digits_and_names_in_arabic_are_read(encoding):
    text = ARABIC if encoding == "utf-8" else ARABIC.replace("٦٢", "62").replace("٤٢", "42")

    assert [minutes for *_, minutes in told(text.encode(encoding))] == [62, 42]
    assert told(text.encode(encoding))[1][0] == "يوسف"


def test_one_name_a_line_is_a_list():
    assert told("Ana Otieno\r\n\r\nBen Ouma\r\n") == [
        ("Ana Otieno", "", None), ("Ben Ouma", "", None),
    ]  # fmt: skip
    assert told("Ana Otieno,00:42:10\nBen Ouma,00:10:00") == [
        ("Ana Otieno", "", 42), ("Ben Ouma", "", 10),
    ]  # fmt: skip


def test_without_a_duration_the_times_tell():
    text = "Name,Join time,Leave time\nAna,2027-03-02 17:00:00,2027-03-02 17:42:00\nBen,x,y\n"

    assert told(text) == [("Ana", "", 42), ("Ben", "", None)]


def test_seconds_are_told_by_their_heading():
    assert told("Name,Duration (seconds)\nAna,2520\n") == [("Ana", "", 42)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("42", 2520), ("42.5", 2550), ("1 hr 5 min", 3900), ("1h 2m 3s", 3723), ("42 min", 2520),
        ("00:42:10", 2530), ("42:10", 2530), ("1:05", 3900), ("PT42M10S", 2530), ("٤٢", 2520),
        ("ساعة", None), ("1 ساعة 5 دقيقة", 3900), ("", None), ("-", None), ("soon", None),
    ],
)  # fmt: skip
def test_a_duration_is_read_however_it_is_written(text, seconds):
    assert call_list.seconds_of(text) == seconds


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"1,2\n3,4", b"PK\x03\x04x", b"%PDF-1.7", b"\xff\xfe"]
)
def test_what_is_no_list_is_refused(content):
    with pytest.raises(NotAList):
        call_list.read(content)


def test_names_are_cut_and_lose_what_nobody_sees():
    (caller,) = call_list.read(("Name,Email\n" + "x" * 5000 + "\u202e\x07,").encode())

    assert caller.name == "x" * 120


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content):
    with contextlib.suppress(NotAList):
        call_list.read(content)


def test_a_hostile_file_costs_no_more_than_a_moment():
    started = time.perf_counter()
    for content in (b'"' * 800_000, b"Name," * 150_000, b"Name,Email\n" + b"a,\n" * 200_000):
        with contextlib.suppress(NotAList):
            call_list.read(content)

    assert time.perf_counter() - started < 20


ANA_IN = Member(enrolment_id=1, name="Ana Otieno", email="Ana@Example.org")
BEN_IN = Member(enrolment_id=2, name="Ben Ouma")
JOSE_IN = Member(enrolment_id=3, name="José Núñez")
MEMBERS = [ANA_IN, BEN_IN, JOSE_IN]


@pytest.mark.parametrize(
    ("caller", "member", "is_sure"),
    [
        (Caller(name="somebody", email="ana@example.org"), ANA_IN, True),
        (Caller(name="ANA  OTIENO"), ANA_IN, True),
        (Caller(name="Otieno, Ana (she/her)"), ANA_IN, True),
        (Caller(name="Jose Nunez (Guest)"), JOSE_IN, True),
        (Caller(name="Benn Ouma"), BEN_IN, False),
        (Caller(name="Ben O."), BEN_IN, False),
        (Caller(name="Ben"), BEN_IN, False),
        (Caller(name="Ana Maria Otieno"), ANA_IN, False),
        (Caller(name="iPhone"), None, False),
        (Caller(name="O"), None, False),
        (Caller(name="(Guest)"), None, False),
    ],
)
def test_people_are_known_by_address_by_name_and_nearly(caller, member, is_sure):
    (found,) = match([caller], MEMBERS)

    assert (found.member, found.is_sure) == (member, is_sure)


def test_two_learners_of_one_name_are_not_guessed():
    twins = [ANA_IN, Member(enrolment_id=9, name="ana otieno")]

    (found,) = match([Caller(name="Ana Otieno")], twins)

    assert found.member is None
    assert not found.is_sure


def test_names_without_latin_letters_are_compared_too():
    yusuf = Member(enrolment_id=4, name="يوسف عبدي")

    (found,) = match([Caller(name="عبدي يوسف")], [yusuf])

    assert found.is_sure
    assert plain_name("عبدي") != plain_name("يوسف")


def test_a_cohort_of_300_and_a_list_of_500_are_matched_in_a_moment():
    members = [Member(enrolment_id=n, name=f"Learner Number {n:03}") for n in range(300)]
    callers = [Caller(name=f"Lerner Nummer {n:03}") for n in range(500)]
    started = time.perf_counter()

    match(callers, members)

    assert time.perf_counter() - started < 15
