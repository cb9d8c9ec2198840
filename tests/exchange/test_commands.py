"""`course import` and `course export`, as a trainer runs them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from learnpeace.catalog.problems import Severity
from learnpeace.catalog.reader import read_course
from learnpeace.cli import cli
from tests.catalog import good_course
from tests.exchange.samples import AIKEN, CARPENTRIES, GIFT, MDBOOK, MOODLE_XML

pytestmark = pytest.mark.once
CLEAN = "::One::What is peace? {=just ~quiet}\n"


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["course", *map(str, words)])


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def errors(folder: Path) -> list[str]:
    return [str(one) for one in read_course(folder).problems if one.severity is Severity.ERROR]


def put(root: Path, files: Mapping[str, bytes]) -> Path:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return root


@pytest.fixture
def course(tmp_path):
    return good_course.write(tmp_path)


def test_questions_become_a_bank_of_a_course_and_nothing_else_changes(course, tmp_path):
    before = files_in(course)
    (tmp_path / "talks.gift").write_text(CLEAN)
    answer = run("import", tmp_path / "talks.gift", "--into", course)
    assert answer.exit_code == 0, answer.output
    assert files_in(course) - before == {"banks/talks.md"}
    assert (course / "banks/talks.md").read_text() == (
        "## What is peace? {#one}\n- (x) just\n- ( ) quiet\n"
    )
    assert errors(course) == []


def test_each_category_becomes_a_bank_and_ids_in_use_are_left_alone(course, tmp_path):
    (tmp_path / "q.gift").write_text(
        "$CATEGORY: top/Peace talks\n\n::dialogue::A? {=a ~b}\n\n$CATEGORY: top/War\n\nB? {T}\n"
    )
    answer = run("import", tmp_path / "q.gift", "--into", course)
    assert answer.exit_code == 0, answer.output
    assert "{#dialogue-2}" in (course / "banks/peace-talks.md").read_text()
    assert "{#b}" in (course / "banks/war.md").read_text()
    assert errors(course) == []


def test_the_same_import_twice_overwrites_nothing(course, tmp_path):
    (tmp_path / "talks.gift").write_text(CLEAN)
    run("import", tmp_path / "talks.gift", "--into", course)
    first = (course / "banks/talks.md").read_bytes()
    again = run("import", tmp_path / "talks.gift", "--into", course)
    assert (again.exit_code, "--bank" in again.output) == (2, True)
    assert (course / "banks/talks.md").read_bytes() == first
    named = run("import", tmp_path / "talks.gift", "--into", course, "--bank", "more-talks")
    assert named.exit_code == 0, named.output
    assert "{#one-2}" in (course / "banks/more-talks.md").read_text()
    assert errors(course) == []


def test_a_module_gets_a_quiz_once(course, tmp_path):
    (tmp_path / "q.xml").write_bytes(MOODLE_XML)
    answer = run("import", tmp_path / "q.xml", "--into", course, "--module", "our-city-plan")
    assert answer.exit_code == 1  # what could not be carried is listed
    assert "“cloze” cannot be carried" in answer.output
    assert (course / "our-city-plan/two-men.png").exists()
    assert errors(course) == []
    again = run("import", tmp_path / "q.xml", "--into", course, "--module", "our-city-plan")
    assert again.exit_code == 2
    assert "nothing is overwritten" in again.output


def test_a_module_that_is_not_there_is_refused(course, tmp_path):
    (tmp_path / "q.gift").write_text(CLEAN)
    answer = run("import", tmp_path / "q.gift", "--into", course, "--module", "nowhere")
    assert answer.exit_code == 2
    assert "There is no module “nowhere”" in answer.output


@pytest.mark.parametrize(
    ("name", "content"), [("q.gift", GIFT.encode()), ("q.txt", AIKEN.encode()),
                          ("q.xml", MOODLE_XML)]
)  # fmt: skip
def test_questions_alone_become_a_course_that_passes_the_check(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    answer = run(
        "import", tmp_path / name, "--into", tmp_path / "new-course", "--language", "es",
        "--licence", "CC0", "--author", "Ana", "--author", "Ben",
    )  # fmt: skip
    assert answer.exit_code == 1, answer.output  # minutes were reckoned
    assert errors(tmp_path / "new-course") == []
    made = read_course(tmp_path / "new-course").course
    assert (made.language, made.licence, made.authors) == ("es", "CC0", ("Ana", "Ben"))
    assert made.modules[0].quiz.questions


def test_a_folder_of_lessons_becomes_a_course(tmp_path):
    source = put(tmp_path / "book", MDBOOK)
    answer = run("import", source, "--into", tmp_path / "new-course")
    assert answer.exit_code == 1
    assert "“Draft” is a draft" in answer.output
    assert errors(tmp_path / "new-course") == []
    again = run("import", source, "--into", tmp_path / "new-course")
    assert again.exit_code == 2
    assert "There is a course in" in again.output


def test_a_zip_of_lessons_becomes_a_course_and_its_gaps_are_listed(tmp_path):
    with zipfile.ZipFile(tmp_path / "lesson.zip", "w") as archive:
        for path, content in CARPENTRIES.items():
            archive.writestr(f"lesson-main/{path}", content)
    answer = run("import", tmp_path / "lesson.zip", "--into", tmp_path / "new-course")
    assert answer.exit_code == 1
    assert "error A101" in answer.output
    assert len(errors(tmp_path / "new-course")) == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.zip", b"PK\x03\x04 no", "cannot be read as a .zip"),
        ("a.xml", b"<quiz><!ENTITY", "a.xml:1: This is not well-formed XML"),
        ("a.gift", b"", "There are no questions"),
        ("a.md", b"# Words\n", "looks like none of"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_written(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    answer = run("import", tmp_path / name, "--into", tmp_path / "new-course")
    assert answer.exit_code == 2
    assert words in answer.output
    assert not (tmp_path / "new-course").exists()


def test_a_source_that_is_absent_and_a_name_that_is_none_are_refused(tmp_path):
    absent = run("import", tmp_path / "absent.gift", "--into", tmp_path / "new-course")
    assert (absent.exit_code, "cannot be read" in absent.output) == (2, True)
    (tmp_path / "q.gift").write_text(CLEAN)
    named = run("import", tmp_path / "q.gift", "--into", tmp_path / "New Course")
    assert (named.exit_code, "cannot name a course" in named.output) == (2, True)
    assert not (tmp_path / "New Course").exists()


def test_a_link_in_the_place_of_a_file_is_never_written_through(course, tmp_path):
    (tmp_path / "talks.gift").write_text(CLEAN)
    (course / "banks/talks.md").symlink_to(tmp_path / "elsewhere.md")
    run("import", tmp_path / "talks.gift", "--into", course)
    assert not (tmp_path / "elsewhere.md").exists()


def test_a_course_goes_out_as_gift_and_what_changes_is_listed(course, tmp_path):
    answer = run("export", course, "--format", "gift", "-o", tmp_path / "out.gift")
    assert answer.exit_code == 1
    for part in (
        "listening/quiz.md:31: “steps” puts steps in order",
        "listening/module.md:54: “sure-now” is a scale",
        "listening/quiz.md:23: “signs” is all or nothing",
        "The pictures of “paraphrase” are not in the file.",
        "The survey is not in the file",
    ):
        assert part in answer.output, answer.output
    text = (tmp_path / "out.gift").read_text()
    assert "$CATEGORY: $course$/top/culture-of-peace/listening\n" in text
    assert "::structural::[markdown]In one word" in text
    again = run("export", course, "--format", "gift", "-o", tmp_path / "out.gift")
    assert (again.exit_code, "there already" in again.output) == (2, True)


def test_a_course_goes_out_as_moodle_xml_with_its_pictures_and_comes_back(course, tmp_path):
    out = tmp_path / "out.xml"
    assert run("export", course, "--format", "moodle-xml", "-o", out).exit_code == 1
    assert out.read_text().count("<file ") == 2
    back = run("import", out, "--into", tmp_path / "back")
    assert back.exit_code == 1, back.output
    assert errors(tmp_path / "back") == []
    ours = {q.id: q for q in read_course(course).course.modules[1].quiz.questions}
    theirs = {q.id: q for q in read_course(tmp_path / "back").course.modules[0].quiz.questions}
    assert ours.keys() - theirs.keys() == set()
    assert theirs["kinds"].pairs == ours["kinds"].pairs
    assert theirs["signs"].choices == ours["signs"].choices
    assert theirs["signs"].all_or_nothing
    assert theirs["steps"].choices == ours["steps"].choices
    assert theirs["paraphrase"].body == ours["paraphrase"].body


def test_one_module_can_go_out_alone(course):
    answer = run("export", course, "--format", "gift", "--module", "what-is-peace")
    assert (answer.exit_code, "0 questions." in answer.output) == (0, True)
    wrong = run("export", course, "--format", "gift", "--module", "nowhere")
    assert (wrong.exit_code, "There are: what-is-peace" in wrong.output) == (2, True)


def test_a_broken_course_does_not_go_out(tmp_path):
    folder = good_course.write(tmp_path, {"listening/module.md": "no settings"})
    answer = run("export", folder, "--format", "gift")
    assert answer.exit_code == 2
    assert "Mend them first" in answer.output
