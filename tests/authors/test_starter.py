"""A course to begin with: it passes the check, can be published, and is made anywhere."""

import io
import zipfile
from datetime import date

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from learnpeace.authors.starter import as_zip, starter_files, title_from
from learnpeace.catalog.blocks import NAMES
from learnpeace.catalog.model import Kind, TrackExample
from learnpeace.catalog.reader import read_course
from learnpeace.cli import cli
from learnpeace.lib.errors import Refusal
from tests.conftest import NOON

DAY = date(2027, 3, 2)
QUIZ_KINDS = set(Kind) - {Kind.SCALE}


@pytest.fixture
def new(tmp_path, monkeypatch):
    """Return a function that runs `learnpeace course new` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(cli, ["course", "new", *words])

    return run


def written(root, files):
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


@pytest.mark.once
def test_a_new_course_passes_the_check_without_a_warning(new, tmp_path):
    made = new("peace-in-our-street")
    check = CliRunner().invoke(cli, ["course", "check", str(tmp_path / "peace-in-our-street")])

    assert made.exit_code == 0, made.output
    assert "README.md" in made.output
    assert check.exit_code == 0
    assert "No problems." in check.output


@pytest.mark.once
def test_it_shows_every_box_and_every_kind_of_question_with_a_translation(tmp_path):
    folder = written(tmp_path / "my-course", starter_files("my-course", "My course", on=DAY))
    course = read_course(folder).course

    (module,) = course.modules
    shown = {type(block).__name__.lower() for block in module.blocks}
    assert shown == {"text", "trackexample"} | (set(NAMES) - {"for"})
    assert {b.track for b in module.blocks if isinstance(b, TrackExample)} == set(course.tracks)
    assert {question.kind for question in module.quiz.questions} == QUIZ_KINDS
    spanish = module.translations["es"]
    assert not spanish.is_stale
    assert len(spanish.blocks) == len(module.blocks)
    assert set(spanish.questions) >= {question.id for question in module.quiz.questions}
    assert list(course.assets) == ["first-steps/two-chairs.svg"]
    assert course.title == "My course"
    assert "2027-03-02" in course.changelog


@pytest.mark.once
def test_its_id_title_and_date_stand_in_their_places():
    files = {path: content.decode() for path, content in
             starter_files("my-course", 'Peace: "a" beginning', on=DAY).items()}  # fmt: skip

    assert 'title: "Peace: \\"a\\" beginning"' in files["course.yaml"]
    assert files["README.md"].startswith('# Peace: "a" beginning\n')
    assert "2027-03-02" in files["CHANGELOG.md"]
    workflow = YAML(typ="safe").load(files[".github/workflows/check-course.yml"])
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[0]["with"]["path"] == steps[-1]["working-directory"] == "my-course"
    assert steps[-1]["run"] == "learnpeace course check . --github"
    pipeline = YAML(typ="safe").load(files[".gitlab-ci.yml"])
    assert "learnpeace course check ." in pipeline["check-course"]["script"]
    assert not [path for path, text in files.items() if "@" in text and "actions/" not in text]


@pytest.mark.once
@pytest.mark.parametrize("title", ["Yes", "1.0", "Peace: a beginning", "# Peace", "سلام", "It's"])
def test_any_title_reads_back_as_it_was_written(tmp_path, title):
    folder = written(tmp_path / "my-course", starter_files("my-course", title))

    found = read_course(folder)
    assert found.problems == ()
    assert found.course.title == title


@pytest.mark.once
def test_a_checkout_under_any_name_checks_as_its_workflow_does(new, tmp_path, monkeypatch):
    new("my-course")
    monkeypatch.chdir(tmp_path / "my-course")
    check = CliRunner().invoke(cli, ["course", "check", ".", "--github"])

    assert check.exit_code == 0
    assert "No problems." in check.output


@pytest.mark.once
@pytest.mark.parametrize("id", ["My Course", "peace_course", "", "-a", "../up", "a" * 65, "سلام"])
def test_an_id_that_cannot_be_is_refused_in_a_sentence(new, tmp_path, id):
    answer = new("--", id)

    assert answer.exit_code == 2
    assert "cannot be a course’s id" in answer.output
    assert len(answer.output.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.once
def test_a_title_that_cannot_be_is_refused():
    for title in ("", "   ", "a" * 151, "a\0b"):
        with pytest.raises(Refusal):
            starter_files("my-course", title)


@pytest.mark.once
def test_a_folder_with_something_in_it_is_left_alone(new, tmp_path):
    (tmp_path / "my-course").mkdir()
    (tmp_path / "my-course" / "diary.txt").write_text("mine")
    (tmp_path / "a-file").write_text("mine too")

    for id in ("my-course", "a-file"):
        answer = new(id)
        assert answer.exit_code == 2
        assert "is there already and not empty" in answer.output
    assert [path.name for path in (tmp_path / "my-course").iterdir()] == ["diary.txt"]
    assert (tmp_path / "a-file").read_text() == "mine too"


@pytest.mark.once
def test_twice_is_refused_and_an_empty_folder_is_filled(new, tmp_path):
    (tmp_path / "courses" / "my-course").mkdir(parents=True)
    first = new("my-course", "--into", "courses", "--title", "Ours")
    again = new("my-course", "--into", "courses")

    assert first.exit_code == 0, first.output
    assert again.exit_code == 2
    assert 'title: "Ours"' in (tmp_path / "courses/my-course/course.yaml").read_text()


@pytest.mark.once
def test_the_zip_holds_the_files_and_is_the_same_each_time():
    files = starter_files("my-course", "My course", on=DAY)
    packed = as_zip(files, "my-course")

    assert packed == as_zip(dict(reversed(files.items())), "my-course")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert {n: archive.read(n) for n in archive.namelist()} == {
            f"my-course/{path}": content for path, content in files.items()
        }
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}


@pytest.mark.once
def test_a_title_is_made_from_the_id():
    assert title_from("culture-of-peace") == "Culture of peace"


def test_it_can_be_published_and_read(app, make, browse, tmp_path):
    from learnpeace.trainers.cli import publish_folder

    folder = written(tmp_path / "my-course", starter_files("my-course", "Ours"))
    with app.app_context():
        assert publish_folder(folder)

    page = browse(None).get("/courses/my-course")
    assert page.status_code == 200
    assert "First steps" in page.text


def test_whoever_has_no_terminal_gets_the_same_folder_from_the_guide(browse, at):
    at(NOON)
    answer = browse(None).get("/authors/starter.zip?id=my-course&title=Ours")

    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.data == as_zip(starter_files("my-course", "Ours", on=NOON.date()), "my-course")
    assert 'action="/authors/starter.zip#begin"' in browse(None).get("/authors/guide").text


def test_a_wrong_id_is_said_beside_the_field_and_what_was_typed_stays(browse):
    answer = browse(None).get("/authors/starter.zip?id=My+Course&title=Peace+“here”")

    assert answer.status_code == 422
    assert "cannot be a course’s id" in answer.text
    assert "“my-course”" in answer.text
    assert 'value="My Course"' in answer.text
    assert 'value="Peace “here”"' in answer.text
    assert browse(None).get("/authors/starter.zip").status_code == 422
