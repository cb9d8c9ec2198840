"""Readers at an even pace."""

import time
from itertools import islice

import pytest

from bench.client import Round
from bench.courses import Until, _memory_results, _reading_results
from bench.enrolling import Reader
from bench.processes import Held
from bench.readers import asks, paced, together

pytestmark = pytest.mark.once
READERS = (
    Reader(cookie="a", pages=("/1",)),
    Reader(cookie="b", pages=("/1", "/2", "/3")),
)


def rounds(*milliseconds: float, status: int = 200) -> Round:
    found = Round(seconds=1, times=[one / 1000 for one in milliseconds])
    found.statuses[status] += len(milliseconds)
    return found


def test_learners_open_only_pages_of_their_own():
    found = list(islice(asks(READERS, 1), 200))

    assert {(ask.cookie, ask.path) for ask in found} == {
        ("a", "/1"), ("b", "/1"), ("b", "/2"), ("b", "/3"),
    }  # fmt: skip


def test_the_same_lot_reads_the_same_pages():
    first = [ask.path for ask in islice(asks(READERS, 7), 50)]

    assert first == [ask.path for ask in islice(asks(READERS, 7), 50)]
    assert first != [ask.path for ask in islice(asks(READERS, 8), 50)]


def test_requests_wait_for_their_time_and_overdue_ones_go_at_once():
    begun = time.perf_counter()
    wires = paced(iter([b"1", b"2", b"3"]), begun - 0.15, 0.1, lambda: True)

    moments = [(next(wires), time.perf_counter() - begun) for _ in range(3)]

    assert [wire for wire, _ in moments] == [b"1", b"2", b"3"]
    assert moments[2][1] >= 0.05


def test_requests_end_when_there_is_nothing_to_wait_for():
    assert list(paced(iter([b"1"]), 0, 0, lambda: False)) == []


def test_lines_side_by_side_are_one_round():
    whole = together([rounds(10, 20), rounds(30, status=500)])

    assert (whole.requests, whole.errors(200), whole.percentile(100)) == (3, 1, 30)


def test_the_slowest_page_of_the_middle_publication_is_held_against_the_median_before():
    before = rounds(9, 10, 11)
    found = {
        result.name.rpartition(": ")[2]: result
        for result in _reading_results(
            [(before, rounds(21)), (before, rounds(90)), (before, rounds(12, status=500))]
        )
    }

    assert found["p50 before"].value == 10
    assert (found["slowest"].ratio, found["slowest"].met) == (2.1, False)
    assert found["slowest of all publications"].value == 90
    assert (found["errors"].value, found["errors"].met) == (1, False)


def test_reading_goes_on_a_little_after_a_command_has_ended():
    class Ended:
        is_running = True

    command = Ended()
    until = Until(command, 0.05)

    assert until.goes_on()
    command.is_running = False
    assert until.goes_on()
    time.sleep(0.06)
    assert not until.goes_on()


def test_memory_is_what_the_fuller_worker_holds_more():
    class Server:
        def workers(self) -> dict[int, Held]:
            return {1: Held(resident=130, own=90), 2: Held(resident=150, own=80)}

    bare = Held(resident=105, own=30)
    resident, own = _memory_results("a page", Server(), bare, most=50)

    assert (resident.value, resident.met) == (45, True)
    assert own.value == 60


def test_a_worker_that_is_missing_gives_no_figure():
    class Server:
        def workers(self) -> dict[int, Held]:
            return {1: Held(resident=1, own=1)}

    with pytest.raises(RuntimeError, match="missing"):
        list(_memory_results("a page", Server(), Held(resident=0, own=0)))
