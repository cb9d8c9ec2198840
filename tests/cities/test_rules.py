"""Who is stuck, which names are alike, what an address becomes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from learnpeace.catalog.model import Module, Quiz
from learnpeace.cities import places, rules, sheets
from learnpeace.cities.rules import Why
from learnpeace.learning.rules import Progress
from learnpeace.lib.sheets import csv_text

NOW = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ONE = Module(id="one", title="One", minutes=5, quiz=Quiz())
TWO = Module(id="two", title="Two", minutes=5, quiz=Quiz(tries=3))
THREE = Module(id="three", title="Three", minutes=5)
DONE = Progress(read_at=NOW, passed_at=NOW, tries=1, done_at=NOW)
READ = Progress(read_at=NOW)


def stuck(progress, *, joined=0, active=0, starts_at=None, finished=False, has_time=False):
    found = rules.stuck_at(
        (ONE, TWO, THREE),
        progress,
        joined_at=NOW - joined * DAY,
        last_active_at=NOW - active * DAY,
        starts_at=starts_at,
        is_finished=finished,
        at=NOW,
        has_time=has_time,
    )
    return None if found is None else (found.module.id, found.why)


@pytest.mark.parametrize(
    ("progress", "values", "expected"),
    [
        ({}, {"joined": 6}, None),
        ({}, {"joined": 7}, ("one", Why.NOT_STARTED)),
        ({}, {"joined": 30, "starts_at": NOW - 3 * DAY}, None),
        ({}, {"joined": 30, "starts_at": NOW + 3 * DAY}, None),
        ({}, {"joined": 30, "starts_at": NOW - 7 * DAY}, ("one", Why.NOT_STARTED)),
        ({"one": DONE}, {"joined": 30, "active": 9}, None),
        ({"one": DONE}, {"joined": 30, "active": 10}, ("two", Why.QUIET)),
        ({"one": READ}, {"active": 12}, ("one", Why.QUIET)),
        ({"one": READ}, {"active": 12, "starts_at": NOW - 2 * DAY}, None),
        ({"one": Progress(tries=1)}, {}, None),
        ({"one": Progress(tries=2)}, {}, ("one", Why.FAILED)),
        ({"one": DONE, "two": Progress(tries=2)}, {}, ("two", Why.FAILED)),
        ({"one": DONE, "two": Progress(tries=3)}, {}, ("two", Why.NO_TRIES)),
        ({"one": DONE, "two": Progress(tries=3, extra_tries=1)}, {}, ("two", Why.FAILED)),
        ({"two": Progress(tries=2)}, {"active": 40}, ("two", Why.FAILED)),
        ({"two": Progress(tries=2, passed_at=NOW)}, {}, None),
        ({"one": DONE, "two": DONE, "three": DONE}, {"active": 90}, None),
        ({"one": READ}, {"active": 90, "finished": True}, None),
        ({}, {"joined": 90, "has_time": True}, None),
        ({"one": READ}, {"active": 90, "has_time": True}, None),
        ({"one": Progress(tries=2)}, {"has_time": True}, ("one", Why.FAILED)),
    ],
)
def test_stuck_is_told_by_quizzes_first_and_then_by_silence(progress, values, expected):
    assert stuck(progress, **values) == expected


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        ({}, False),
        ({"two": Progress(tries=2)}, False),
        ({"two": Progress(tries=3)}, True),
        ({"two": Progress(tries=3, extra_tries=1)}, False),
        ({"two": Progress(tries=3, passed_at=NOW)}, False),
        ({"two": Progress(tries=3, done_at=NOW, elsewhere="a course")}, False),
        ({"one": Progress(tries=90)}, False),
    ],
)
def test_out_of_tries_is_whoever_can_take_a_quiz_no_more(progress, expected):
    assert rules.is_out_of_tries((ONE, TWO, THREE), progress) is expected


def test_a_last_day_counts_as_time():
    today = NOW.date()

    assert rules.still_has_time(today, today)
    assert rules.still_has_time(today + DAY, today)
    assert not rules.still_has_time(today - DAY, today)
    assert not rules.still_has_time(None, today)


def test_a_module_in_the_picture_is_done_stuck_begun_or_not_begun():
    at_two = rules.Stuck(module=TWO, why=Why.FAILED)

    assert rules.state_of(ONE, DONE, at_two) == "done"
    assert rules.state_of(TWO, Progress(tries=2), at_two) == "stuck"
    assert rules.state_of(ONE, READ, None) == "reading"
    assert rules.state_of(ONE, Progress(), None) == "todo"


def test_a_day_begins_at_midnight_in_the_citys_zone():
    start = rules.start_of(date(2027, 3, 2), ZoneInfo("Africa/Nairobi"))

    assert start == datetime(2027, 3, 1, 21, 0, tzinfo=UTC)
    assert rules.start_of(None, ZoneInfo("UTC")) is None


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Kisumu", "kisumu"),
        ("São Paulo", "sao-paulo"),
        ("Łódź", "lodz"),
        ("Trois-Rivières (Québec)", "trois-rivieres-quebec"),
        ("Nuku’alofa", "nukualofa"),
        ("القدس", ""),
        ("Київ", ""),
        ("Haifa حيفا", ""),
        ("東京", ""),
        ("…", ""),
        ("9 de Julio", "9-de-julio"),
        ("a" * 90, "a" * 60),
    ],
)
def test_an_address_is_made_of_latin_letters(name, slug):
    assert rules.slug_of(name) == slug


def test_an_address_that_is_taken_gets_the_country_and_then_a_number():
    assert rules.free_slug("kisumu", "KE", frozenset()) == "kisumu"
    assert rules.free_slug("kisumu", "KE", frozenset({"kisumu"})) == "kisumu-ke"
    assert rules.free_slug("kisumu", "KE", frozenset({"kisumu", "kisumu-ke"})) == "kisumu-ke-2"
    assert rules.free_slug("new", "US", frozenset()) == "new-us"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Kisumu", "kisumu", True),
        ("Kisumu", "Kisumo", True),
        ("Kisumu", "Kisumu City", True),
        ("New York", "New York City", True),
        ("São Paulo", "Sao Paulo", True),
        ("بيروت", "بيروت", True),
        ("Kisumu", "Nairobi", False),
        ("Kisumu", "", False),
        ("", "", False),
    ],
)
def test_names_are_alike_when_they_may_mean_one_place(one, other, expected):
    assert rules.are_alike(one, other) is expected


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(start):
    assert csv_text([[f"{start}1+1"]]).removeprefix("\ufeff").lstrip('"').startswith("'")


def test_a_table_is_quoted_as_rfc_4180_says_and_begins_with_a_mark_for_utf_8():
    text = csv_text([["Name", "Why"], ['Ana "A", B', "two\nlines"], ["ز", 3]])

    assert text == '\ufeffName,Why\r\n"Ana ""A"", B","two\nlines"\r\nز,3\r\n'


def test_a_download_has_a_plain_name_and_its_own():
    assert sheets.attachment("Kisumu Spring", "x") == (
        "attachment; filename=\"kisumu-spring.csv\"; filename*=UTF-8''Kisumu%20Spring.csv"
    )
    assert sheets.attachment('ربيع "1"\r\n', "beirut-7") == (
        'attachment; filename="beirut-7.csv"; '
        "filename*=UTF-8''%D8%B1%D8%A8%D9%8A%D8%B9%20%221%22%0D%0A.csv"
    )


def test_countries_are_named_in_the_readers_language():
    assert ("KE", "Kenya") in places.countries("en")
    assert dict(places.countries("ar"))["KE"] == "كينيا"
    assert places.zones_of("KE") == ("Africa/Nairobi",)
    assert len(places.zones_of("BR")) > 5
    assert "Asia/Kolkata" in places.zones()
