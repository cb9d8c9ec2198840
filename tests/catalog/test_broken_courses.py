"""Whatever is wrong with a course is named with its file, line and remedy, and nothing else is."""

import os
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.catalog.good_course import COURSE, FILES, PNG, edited, reading, write

pytestmark = pytest.mark.once


def cases():
    text = Path(__file__).with_name("broken_courses.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n")[1:]:
        name, change, *expected = block.strip().split("\n")
        file, old, new = (
            part.removeprefix(" ").replace("\\n", "\n") for part in f"{change} ".split("//", 2)
        ) if change.count("//") == 2 else split(change)
        yield pytest.param(
            edited(file.strip(), old[:-1], new[:-1]),
            [line.removeprefix("> ") for line in expected],
            id=name.replace(" ", "-"),
        )


def split(change):
    """Split where // stands between spaces, so that addresses may hold it."""
    file, old, new = f"{change} ".split(" // ", 2)
    return f"{file} ", f"{old} ".replace("\\n", "\n"), new.replace("\\n", "\n")


@pytest.mark.parametrize(("change", "expected"), cases())
def test_a_broken_course_says_what_to_do(tmp_path, change, expected):
    found = reading(tmp_path, change)
    told = [str(problem) for problem in found.problems]
    assert len(told) == len(expected), "\n".join(told)
    for line in expected:
        pattern = line.replace("[", "[[]")
        if not line.endswith("*"):
            assert line in told, "\n".join(told)
        else:
            assert any(fnmatchcase(other, pattern) for other in told), "\n".join(told)
    assert (found.course is None) == any(": error " in line for line in told)
