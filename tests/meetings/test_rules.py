"""When a meeting opens and ends, and which times exist."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from learnpeace.meetings import rules
from learnpeace.meetings.rules import Hours, NoSuchTime, Stage

pytestmark = pytest.mark.once
START = datetime(2027, 3, 2, 14, 0, tzinfo=UTC)
HOURS = Hours(starts_at=START, minutes=60)
BERLIN, NAIROBI = ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    ("minutes", "stage", "takes_code"),
    [
        (-16, Stage.BEFORE, False), (-15, Stage.LIVE, True), (0, Stage.LIVE, True),
        (59, Stage.LIVE, True), (60, Stage.AFTER, True), (89, Stage.AFTER, True),
        (90, Stage.AFTER, False),
    ],
)  # fmt: skip
def test_a_meeting_opens_a_quarter_of_an_hour_before_and_ends_on_time(minutes, stage, takes_code):
    at = START + timedelta(minutes=minutes)

    assert HOURS.stage(at) is stage
    assert HOURS.takes_code(at) is takes_code


def test_a_cancelled_meeting_never_opens():
    cancelled = Hours(starts_at=START, minutes=60, is_cancelled=True)

    assert cancelled.stage(START) is Stage.CANCELLED
    assert not cancelled.takes_code(START)


def test_a_series_stays_at_the_same_time_on_the_wall_when_clocks_change():
    moments = rules.weekly(datetime(2027, 3, 21, 18, 0), BERLIN, 2)

    assert moments == [
        datetime(2027, 3, 21, 17, 0, tzinfo=UTC), datetime(2027, 3, 28, 16, 0, tzinfo=UTC),
    ]  # fmt: skip


def test_a_time_that_clocks_go_past_is_named():
    with pytest.raises(NoSuchTime) as caught:
        rules.weekly(datetime(2027, 3, 21, 2, 30), BERLIN, 3)
    assert caught.value.local == datetime(2027, 3, 28, 2, 30)


def test_of_an_hour_that_comes_twice_it_is_the_first():
    assert rules.moment_of(datetime(2027, 10, 31, 2, 30), BERLIN) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


def test_moving_one_moves_the_others_by_as_many_days_and_to_the_same_hour():
    before, after = datetime(2027, 3, 2, 18, 0), datetime(2027, 3, 4, 19, 30)
    later = datetime(2027, 3, 9, 15, 0, tzinfo=UTC)  # 18:00 in Nairobi

    moved = rules.shifted(later, NAIROBI, before, after)

    assert rules.wall(moved, NAIROBI) == datetime(2027, 3, 11, 19, 30)


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123-456 ", "١٢٣٤٥٦", "１２３４５６"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert rules.plain_code(typed) == "123456"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://video.example.org/j/1?pwd=x%20y#a", True), ("http://video.example.org", False),
        ("javascript:alert(1)", False), ("https://", False), ("https://user@evil.example", False),
        ("https://a b.example", False), ('https://a.example/"x', False), ("HTTPS", False),
        ("https://room", False), ("https://video.example.org\\@evil.example", False),
    ],
)  # fmt: skip
def test_only_whole_https_addresses_are_links(text, is_one):
    assert rules.is_web_address(text) is is_one
