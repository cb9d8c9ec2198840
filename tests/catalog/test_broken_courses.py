"""Whatever is wrong with a course is named with its file, line and remedy, and nothing else is."""

import os
from pathlib import Path

import pytest

from learnpeace.catalog.reader import read_course
from tests.catalog.good_course import COURSE, FILES, PNG, edited, plain, reading, write

pytestmark = pytest.mark.once


def cases():
    text = Path(__file__).with_name("broken_courses.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n")[1:]:
        name, change, *expected = block.strip().split("\n")
        file, old, new = f"{change} ".replace("\\n", "\n").split(" // ", 2)
        told = [line.removeprefix("> ") for line in expected]
        yield pytest.param(edited(file, old, new[:-1]), told, id=name.replace(" ", "-"))


def told(found):
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize(("change", "expected"), cases())
def test_a_broken_course_says_what_to_do(tmp_path, change, expected):
    found = reading(tmp_path, change)
    lines = told(found)
    assert len(lines) == len(expected), "\n".join(lines)
    for line in expected:
        if line.endswith("*"):
            assert any(other.startswith(line[:-1]) for other in lines), "\n".join(lines)
        else:
            assert line in lines
    assert (found.course is None) == any(": error " in line for line in lines)


def test_problems_come_all_at_once_by_file_and_line(tmp_path):
    changes = {
        **edited("course.yaml", "hours: 12", "hours: x"),
        **edited("listening/quiz.md", "pass: 70 ", "pass: 700 "),
        **edited("what-is-peace/module.es.md", "title: Título", "tittle: Título"),
    }
    assert [(p.file, p.line, p.code) for p in reading(tmp_path, changes).problems] == [
        ("course.yaml", 9, "C004"),
        ("listening/quiz.md", 2, "Q131"),
        ("what-is-peace/module.es.md", 3, "T001"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"course.yaml": None},
         "course.yaml:1: error F101: There is no course.yaml in this folder. Write one."),
        ({"course.yaml": None, "course.yml": COURSE},
         "course.yaml:1: error F101: There is no course.yaml in this folder. Did you mean "
         "“course.yml”? Write one."),
        ({"course.yaml": ""},
         "course.yaml:1: error C002: “title” is missing. Write title: and the course's name."),
        ({"course.yaml": COURSE.encode("utf-16")},
         "course.yaml:1: error F105: This file is not UTF-8 text (UTF-16, or no text at all). "
         "Save it as UTF-8."),
        ({"listening/module.md": b"---\ntitle: a\n---\n\xe9t\xe9\n"},
         "listening/module.md:4: error F105: A letter on this line is not UTF-8. Save the file as "
         "UTF-8 in your editor."),
        ({"listening/module.md": "---\ntitle: a\nminutes: 1\n---\nA\u2028b.\n"},
         "listening/module.md:5: error F106: Character 2 of this line is invisible (U+2028). "
         "Delete it and type a space if one is needed."),
        ({"listening/module.md": "a" * 256_001},
         "listening/module.md:1: error F104: This file is larger than 256 kB. Split it into "
         "several."),
        ({"listening/module.md": "---\ntitle: " + "a" * 64_000 + "\n---\n"},
         "listening/module.md:1: error F309: The settings are larger than 64 kB. Shorten them."),
        ({"listening/module.md": ""},
         "listening/module.md:1: error M002: A module begins with its settings: ---, title: …, "
         "minutes: …, ---."),
        ({"listening/module.md": "---\ntitle: a\nminutes: 1\n---\n"},
         "listening/module.md:5: error M116: This module has no text. Write it below the "
         "settings."),
        ({"listening/two-neighbours.svg": b"<svg>" + b" " * 2_000_000},
         "listening/two-neighbours.svg:1: error A106: This file is larger than 2 MB. Make it "
         "smaller."),
        ({"what-is-peace/well.png": PNG + b"\0" * 400_000},
         "what-is-peace/well.png:1: warning A201: This file is 400 KB, and many learners are on "
         "phones. Run learnpeace course shrink on the course's folder, to stay below 150 KB."),
        ({"what-is-peace/well.png": b"GIF89a"},
         "what-is-peace/well.png:1: error A108: The content of this file is not what .png says. "
         "Save it again in that format."),
        ({"listening/quiz.md.txt": "Words."},
         "listening/quiz.md.txt:1: warning F201: Nothing uses this file. Did you mean “quiz.md”? "
         "Name it in a text, or delete it."),
        ({"course.yaml": COURSE.replace("\nmodules:\n", "\nmodules:\n  - speaking\n"),
          "speaking/module.md.txt": "Words."},
         "course.yaml:12: error C108: There is no speaking/module.md. Save speaking/module.md.txt "
         "as plain text under that name."),
        ({"course.yaml": COURSE.replace("\nmodules:\n", "\nmodules:\n\t- listening\n")},
         "course.yaml:12: error F301: This line begins with a tab. Put spaces in its place."),
        ({"listening/modul.md": "Words."},
         "listening/modul.md:1: warning F201: Nothing uses this file. Did you mean “module.md”? "
         "Name it in a text, or delete it."),
        ({"listening/module.fr.md": "---\n---\n"},
         "listening/module.fr.md:1: error T106: “fr” is not among the languages in course.yaml. "
         "Add it there, or rename this."),
        ({"listening/module.en.md": "---\n---\n"},
         "listening/module.en.md:1: error T106: “en” is the course's own language. That text is "
         "in module.md."),
        ({"our-city-plan/quiz.es.md": "---\n---\n"},
         "our-city-plan/quiz.es.md:1: error T107: There is no quiz.md that this could translate. "
         "Write it, or delete this."),
        ({"banks/spare.md": "## Words? {#spare}\n= yes\n", "banks/spare.es.md": "---\n---\n"},
         "banks/spare.md:1: warning Q301: No quiz uses this bank. Name it under “banks” in one, "
         "or delete it."),
        ({"banks/spare.md": "## Words? {#signs}\n= yes\n"},
         "banks/spare.md:1: error Q102: The id “signs” is already used in listening/quiz.md, "
         "line 23. Choose another here."),
    ],
)  # fmt: skip
def test_a_strange_file_says_what_to_do(tmp_path, changes, expected):
    assert expected in told(reading(tmp_path, changes))


def test_a_folder_that_is_not_there_is_a_problem(tmp_path):
    assert told(read_course(tmp_path / "nowhere")) == [
        "course.yaml:1: error F101: There is no course folder here. Check its name."
    ]


def test_a_folders_name_must_be_an_id(tmp_path):
    folder = write(tmp_path).rename(tmp_path / "My Course")
    assert told(read_course(folder)) == [
        (
            "course.yaml:1: error C117: The folder “My Course” cannot name a course: small "
            "letters a–z, digits and hyphens. Write “my-course”."
        )
    ]


def test_a_symbolic_link_is_refused_even_to_a_picture(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg/>")
    folder = write(tmp_path, {"listening/two-neighbours.svg": None})
    (folder / "listening/two-neighbours.svg").symlink_to(secret)
    lines = told(read_course(folder))
    assert (
        "listening/two-neighbours.svg:1: error F103: This is a symbolic link. Put the file itself "
        "here: a course travels whole."
    ) in lines
    assert any("listening/module.md:19: error A104" in line for line in lines)


def test_a_linked_folder_is_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.svg").write_text("<svg/>")
    changes = edited("listening/module.md", "(two-neighbours.svg", "(there/a.svg")
    folder = write(tmp_path, changes)
    (folder / "listening/there").symlink_to(outside)
    assert any("listening/module.md:19: error A104" in line for line in told(read_course(folder)))


def test_a_pipe_keeps_nobody_waiting(tmp_path):
    folder = write(tmp_path, {"listening/quiz.md": None})
    os.mkfifo(folder / "listening/quiz.md")
    assert any("listening/quiz.md:1: error F102" in line for line in told(read_course(folder)))


def test_a_folder_in_a_files_place_is_a_problem(tmp_path):
    folder = write(tmp_path, {"course.yaml": None})
    (folder / "course.yaml").mkdir()
    assert any("course.yaml:1: error F101" in line for line in told(read_course(folder)))


def test_too_many_files_are_a_problem(tmp_path):
    found = reading(tmp_path, {f"certificate/{n}.txt": "a" for n in range(500)})
    assert any("error F107: The folder holds more than 500" in line for line in told(found))


def test_folders_that_go_too_deep_are_a_problem(tmp_path):
    found = reading(tmp_path, {"/".join("abcdefghijk") + "/a.txt": "a"})
    assert any("error F108" in line for line in told(found))


def test_a_half_written_file_never_hides_the_others_problems(tmp_path):
    text = FILES["listening/module.md"]
    for cut in range(0, len(text), 37):
        changes = {
            "listening/module.md": text[:cut],
            **edited("course.yaml", "hours: 12", "hours: x"),
        }
        found = reading(tmp_path / str(cut), changes)
        assert any("course.yaml:9: error C004" in line for line in told(found))
        assert not any("F999" in line for line in told(found))


def test_a_module_may_stand_alone(tmp_path):
    course = COURSE[: COURSE.index("modules:")] + "modules: [one]\n"
    (tmp_path / "small/one").mkdir(parents=True)
    (tmp_path / "small/course.yaml").write_text(course.replace("[en, es]", "[en]"))
    (tmp_path / "small/one/module.md").write_text(plain("One"))
    assert told(read_course(tmp_path / "small")) == []
