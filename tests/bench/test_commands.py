"""Commands in fresh processes: what they took, and what is said when they fail."""

import sys

import pytest

from bench.commands import Command, Run, in_turns, middle, read_report, text_floor

pytestmark = pytest.mark.once
LARGE = "held = bytearray(120_000_000); held[::4096] = held[::4096].replace(b'\\0', b'1')"


def run(wall: float, cpu: float = 1, peak: float = 1) -> Run:
    return Run(wall_ms=wall, cpu_ms=cpu, peak_mb=peak)


def python(text: str) -> Command:
    return Command(("-c", text), {})


def test_the_report_is_in_milliseconds_and_megabytes():
    assert read_report("[1.5, 0.25, 1000]") == run(1500, 250, 1.024)


def test_the_middle_is_taken_of_each_figure_by_itself():
    assert middle((run(1, 30, 5), run(3, 10, 6), run(2, 20, 7))) == run(2, 20, 6)


def test_floor_and_command_take_turns():
    begun: list[str] = []

    class Ended:
        def __init__(self, name: str) -> None:
            begun.append(name)

        def end(self) -> Run:
            return run(2 if begun[-1] == "command" else 1)

    found, floor = in_turns(lambda: Ended("command"), lambda: Ended("floor"), rounds=2)

    assert begun == ["floor", "command", "floor", "command"]
    assert (found.wall_ms, floor.wall_ms) == (2, 1)


def test_peak_memory_is_the_commands_own_and_not_the_starters():
    mine = bytearray(b"1") * 200_000_000
    small, large = python("pass").end(), python(LARGE).end()

    assert len(mine) == 200_000_000
    assert small.peak_mb < 60
    assert large.peak_mb - small.peak_mb == pytest.approx(120, abs=20)


def test_sleeping_is_time_and_no_work():
    found = python("import time; time.sleep(0.5)").end()

    assert found.wall_ms > 500
    assert found.cpu_ms < found.wall_ms - 300


def test_a_command_that_fails_is_told_with_its_own_words():
    with pytest.raises(RuntimeError, match="ended with 3:\nNo such course"):
        python("import sys; print('No such course'); sys.exit(3)").end()


def test_a_command_is_watched_while_it_runs():
    command = python("import time; time.sleep(0.3)")

    assert command.is_running
    command.end()
    assert not command.is_running


@pytest.mark.parametrize("work", ["parse", "render"])
def test_the_floor_reads_a_course(tmp_path, work):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "module.md").write_text("## Peace\n\nIt begins *here*.\n")
    (tmp_path / "one" / "picture.png").write_bytes(b"\x89PNG\xff")

    assert text_floor(work, tmp_path).end().wall_ms > 0


def test_the_floor_makes_tokens_and_html_of_every_text(tmp_path):
    from bench import text_floor as floor

    (tmp_path / "a.md").write_text("One.\n")
    once = floor.parse([tmp_path]), floor.render([tmp_path])
    (tmp_path / "b.md").write_text("One.\n")

    assert (floor.parse([tmp_path]), floor.render([tmp_path])) == (2 * once[0], 2 * once[1])
    assert once == (3, len("<p>One.</p>\n"))


def test_this_python_runs_the_commands():
    found = Command(("-c", f"import sys; assert sys.executable == {sys.executable!r}"), {})

    assert found.end().peak_mb > 1
