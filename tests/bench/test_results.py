"""Figures: ratio, target, and the tables they become."""

import json

import pytest

from bench.results import Result, brief, insert, tables, write

pytestmark = pytest.mark.once
FAST = Result(name="module page, server CPU", value=1.5, unit="ms", floor=1.0, most_floors=2)
SLOW = Result(name="module page, server CPU", value=2.5, unit="ms", floor=1.0, most_floors=2)


def test_a_multiple_of_the_floor_is_met_or_missed():
    assert (FAST.ratio, FAST.target, FAST.met) == (1.5, "≤ 2 × floor", True)
    assert SLOW.met is False


def test_a_number_is_met_when_it_is_not_above():
    def weight(value: float) -> Result:
        return Result(name="page weight: landing", value=value, unit="KB", most=50)

    assert weight(50).met is True
    assert weight(50.1).met is False
    assert weight(1).target == "≤ 50 KB"


def test_a_figure_without_a_target_is_neither_met_nor_missed():
    figure = Result(name="peak memory: server", value=200, unit="MB")

    assert (figure.target, figure.met, figure.ratio) == (None, None, None)


def test_the_file_holds_a_list_of_objects(tmp_path):
    file = tmp_path / "results.json"

    write([FAST], file, commit="abc", date="2027-03-02")

    assert json.loads(file.read_text()) == [
        {
            "name": "module page, server CPU", "value": 1.5, "unit": "ms", "floor": 1.0,
            "ratio": 1.5, "target": "≤ 2 × floor", "met": True, "commit": "abc",
            "date": "2027-03-02",
        }
    ]  # fmt: skip


def test_the_tables_say_what_is_missed():
    weight = Result(name="page weight: landing", value=60, unit="KB", most=50)
    queries = Result(name="module page, queries", value=3, unit="queries", most=3)

    text = tables([SLOW, queries, weight], commit="abc", date="2027-03-02T12", machine="a phone")

    assert "| module page | 2.5 | 2.5 (2, MISSED) | 3 (3, met) |" in text.replace("≤ ", "")
    assert "| page weight: landing | 60 KB | ≤ 50, MISSED |" in text
    assert "2027-03-02 at `abc` on a phone" in text


def test_a_command_is_told_with_its_ratio_to_the_floor():
    check = Result(name="courses: check", value=900, unit="ms", floor=300, most=1000)

    text = tables([check], commit="abc", date="2027-03-02", machine="a phone")

    assert "| courses: check | 900 ms (3.0 × floor) | ≤ 1000, met |" in text


def test_the_page_keeps_everything_around_the_table():
    page = "# Speed\n<!-- bench -->\nold\n<!-- /bench -->\nend\n"

    assert insert(page, "new") == "# Speed\n<!-- bench -->\nnew\n<!-- /bench -->\nend\n"


def test_the_readme_gets_the_tables_without_the_long_one():
    assert brief("words\n\n| pages |\n| 1 |\n\n| rest |\n| 2 |") == "words\n\n| pages |\n| 1 |"


def test_a_page_without_both_markers_stays_as_it_is():
    for page in ("# Speed\n", "<!-- bench -->\n", "<!-- /bench -->\n"):
        assert insert(page, "new") == page
