"""course.es.yaml: a course's title and summary in another language."""

import pytest

from tests.catalog.good_course import edited, reading

pytestmark = pytest.mark.once
FILE = "course.es.yaml"


def test_title_and_summary_are_told_in_the_reader_s_language(tmp_path):
    course = reading(tmp_path).course

    assert course.told("es").title == "Una cultura de paz"
    assert course.told("ar").title == course.title
    assert (course.language_of("es"), course.language_of("ar")) == ("es", "en")


@pytest.mark.parametrize(
    ("changes", "code", "file"),
    [
        ({FILE: None}, "T202", "course.yaml"),
        (edited("course.yaml", "title: Building", "title: Making"), "T201", FILE),
        ({FILE: "title: Una cultura\n"}, "T203", FILE),
        ({FILE: "of: da42815d\nhours: 3\n"}, "T001", FILE),
        ({FILE: "of: da42815d\ntitel: Una\n"}, "T001", FILE),
        ({FILE: "of: nothing\n"}, "T111", FILE),
    ],
)
def test_what_is_wrong_with_it_is_told(tmp_path, changes, code, file):
    told = [(p.code, p.file) for p in reading(tmp_path, changes).problems]
    assert (code, file) in told
