"""The courses that come with the project have no problems."""

from pathlib import Path

import pytest

from learnpeace.catalog.reader import read_catalog

pytestmark = pytest.mark.once
COURSES = Path(__file__).resolve().parents[2] / "courses"


@pytest.mark.parametrize("name", sorted(path.name for path in COURSES.iterdir() if path.is_dir()))
def test_a_course_of_ours_has_no_problems(name):
    assert [str(problem) for problem in read_catalog(COURSES)[name].problems] == []
