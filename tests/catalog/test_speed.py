"""Checking is quick enough to run at every save."""

import time

import pytest

from learnpeace.catalog.reader import read_course
from tests.catalog.good_course import COURSE, FILES, plain

pytestmark = pytest.mark.once


def large_course(root, modules):
    names = [f"module-{n}" for n in range(modules)]
    head = COURSE[: COURSE.index("modules:")].replace("[en, es]", "[en]")
    folder = root / "large"
    folder.mkdir()
    listed = "".join(f"  - {name}\n" for name in names)
    (folder / "course.yaml").write_text(f"{head}modules:\n{listed}")
    body = "\n\n".join(f"## Part {n}\n\n" + "Some plain words. " * 30 for n in range(12))
    for name in names:
        (folder / name).mkdir()
        text = f"{plain(name)}\n{body}\n\n::: reflection {name}\nThink.\n:::\n"
        (folder / name / "module.md").write_text(text)
        quiz = FILES["listening/quiz.md"].replace("{#", f"{{#{name}-").replace("was=", "was=old-")
        quiz = quiz.replace("banks: [banks/dialogue.md]\n", "")
        quiz = quiz.replace("![Two neighbours at a gate](two-neighbours.svg)", "They wait.")
        (folder / name / "quiz.md").write_text(quiz)
    return folder


@pytest.mark.parametrize(("modules", "seconds"), [(16, 1), (200, 5)])
def test_a_large_course_is_read_within_seconds(tmp_path, modules, seconds):
    folder = large_course(tmp_path, modules)
    start = time.process_time()
    found = read_course(folder)
    taken = time.process_time() - start
    assert found.problems == ()
    assert len(found.course.modules) == modules
    assert taken < seconds
