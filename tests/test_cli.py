"""The commands: init, doctor, demo, course check and publish, and a missing secret."""

import json
import re
import shutil

import click
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from learnpeace import demo
from learnpeace.accounts.models import OneTimeLink
from learnpeace.cli import cli
from learnpeace.learning.models import Attempt, Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, Role, RoleKind, User
from learnpeace.releases.models import Release
from learnpeace.releases.queries import current_release
from learnpeace.settings import ROOT, MissingSetting, Settings
from learnpeace.trainers.cli import Choice, publish_all, publish_folder
from tests.conftest import NOON

COURSES = ROOT / "courses"


@pytest.fixture
def run(app, monkeypatch):
    """Return a function that runs a command on this test's database."""
    monkeypatch.setattr("learnpeace.cli.application", lambda settings=None: app)

    def command(*words, **options):
        return CliRunner().invoke(cli, words, obj=lambda: app, **options)

    return command


def count(app, table):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def test_the_first_administrator_gets_a_link_and_there_is_only_one_first(app, run):
    first = run("init", "--name", "Ines Duarte", "--email", "Ines@Example.org")
    again = run("init", "--name", "Bo", "--email", "bo@example.org")

    assert re.search(r"http://127\.0\.0\.1:8000/enter/\S{20,}", first.output)
    assert again.exit_code == 1
    assert "an administrator already" in again.output
    with app.app_context():
        assert db.session.scalar(sa.select(User.email)) == "ines@example.org"
        assert db.session.scalar(sa.select(Role.kind)) == RoleKind.ADMINISTRATOR


@pytest.mark.parametrize(("name", "email"), [("", "a@b.org"), ("Ines", "nope")])
def test_an_administrator_without_name_or_address_is_refused(app, run, name, email):
    assert run("init", "--name", name, "--email", email).exit_code == 1
    assert count(app, User) == 0


def test_our_courses_have_no_errors(run):
    answer = run("course", "check", str(COURSES / "culture-of-peace"),
                 str(COURSES / "protecting-cities"))  # fmt: skip

    told = [line for line in answer.output.splitlines() if ": error " in line]
    assert answer.exit_code == 0
    assert told == []
    assert "0 errors" in answer.output


def test_a_broken_course_is_told_with_file_and_line_and_publishes_nothing(app, run, tmp_path):
    folder = broken_course(tmp_path)
    check = run("course", "check", str(folder))
    publish = run("course", "publish", str(folder))

    assert check.exit_code == publish.exit_code == 1
    assert re.search(r"listening/quiz\.md:\d+: error Q104: “", check.output)
    assert "was not published" in publish.output
    assert count(app, Release) == 0


def test_problems_come_as_json_and_as_annotations(run, tmp_path):
    folder = broken_course(tmp_path)
    found = json.loads(run("course", "check", "--json", str(folder)).stdout)
    noted = run("course", "check", "--github", str(folder)).output

    assert {"file", "line", "code", "message", "severity"} <= set(found[0])
    assert "::error file=" in noted


def test_a_folder_that_is_not_there_cannot_be_checked(run):
    assert run("course", "check", "courses/none").exit_code == 2


def test_a_broken_folder_never_replaces_a_good_release(app, run, tmp_path, browse):
    folder = tmp_path / "culture-of-peace"
    shutil.copytree(COURSES / "culture-of-peace", folder)
    assert run("course", "publish", str(folder)).exit_code == 0
    shutil.rmtree(folder / "listening")
    assert run("course", "publish", str(folder)).exit_code == 1
    shutil.rmtree(folder)

    assert "Listening" in browse(None).get("/courses/culture-of-peace").text
    assert count(app, Release) == 1


def test_publishing_twice_changes_nothing_and_other_texts_need_a_higher_version(app, run, tmp_path):
    folder = tmp_path / "protecting-cities"
    shutil.copytree(COURSES / "protecting-cities", folder)
    run("course", "publish", str(folder))
    run("course", "publish", str(folder))
    assert count(app, Release) == count(app, Cohort) == 1

    settings = folder / "course.yaml"
    settings.write_text(settings.read_text().replace("hours: 4", "hours: 5"))
    refused = run("course", "publish", str(folder))
    assert "Write version: 1.1.0" in refused.output
    settings.write_text(settings.read_text().replace("version: 1.0.0", "version: 1.1.0"))
    assert run("course", "publish", str(folder)).exit_code == 0
    with app.app_context():
        newest = db.session.scalar(sa.select(sa.func.max(Release.id)))
        assert db.session.scalar(sa.select(Cohort.release_id)) == newest


def test_the_demonstration_is_whole_and_its_links_end_with_the_first_real_person(app, make):
    with app.app_context():
        publish_all(COURSES)
        assert demo.is_empty()
        demo.fill(at=NOON)
        db.session.commit()
        links = demo.sign_in_links(at=NOON, lasts=NOON - NOON.replace(day=1))
        assert [line.partition(": ")[0] for line in links] == [
            "learner", "coordinator", "trainer", "administrator",
        ]  # fmt: skip
        db.session.commit()
    assert count(app, Enrolment) == 40
    assert count(app, Attempt) > 80
    assert count(app, OneTimeLink) == 4
    make.user("Somebody real")
    with app.app_context():
        assert demo.sign_in_links(at=NOON, lasts=NOON - NOON.replace(day=1)) == []


def test_the_doctor_finds_a_course_missing_and_then_is_content(app, run):
    assert "Published courses: none" in run("doctor").output
    with app.app_context():
        publish_all(COURSES)
    answer = run("doctor")
    assert answer.exit_code == 0, answer.output
    assert "MEND" not in answer.output


def test_a_missing_secret_stops_the_start_with_its_name(monkeypatch, tmp_path):
    monkeypatch.delenv("LEARNPEACE_SECRET_KEY", raising=False)
    monkeypatch.setenv("LEARNPEACE_BASE_URL", "https://learn.example.org")
    monkeypatch.setenv("LEARNPEACE_DATA_DIR", str(tmp_path))
    with pytest.raises(MissingSetting, match="LEARNPEACE_SECRET_KEY"):
        Settings.from_env()


def test_on_this_machine_the_secret_is_made_once_and_kept(monkeypatch, tmp_path):
    monkeypatch.delenv("LEARNPEACE_SECRET_KEY", raising=False)
    monkeypatch.delenv("LEARNPEACE_BASE_URL", raising=False)
    monkeypatch.setenv("LEARNPEACE_DATA_DIR", str(tmp_path))
    first = Settings.from_env()

    assert len(first.secret_key) > 40
    assert Settings.from_env() == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def broken_course(tmp_path):
    folder = tmp_path / "culture-of-peace"
    shutil.copytree(COURSES / "culture-of-peace", folder)
    quiz = folder / "listening" / "quiz.md"
    quiz.write_text(quiz.read_text().replace("- (x)", "- ( )").replace("- [x]", "- [ ]"))
    return folder


def edited_copy(tmp_path, *edits):
    """Return a copy of a course of ours with some passages replaced."""
    folder = tmp_path / "edited" / "protecting-cities"
    shutil.copytree(COURSES / "protecting-cities", folder)
    for file, old, new in edits:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))
    return folder


def test_the_check_says_whether_the_version_goes_far_enough(run, tmp_path):
    edit = ("city-diplomacy/quiz.md", "- (x)", "- (y)")
    folder = edited_copy(tmp_path, edit, ("city-diplomacy/quiz.md", "- ( )", "- (x)"),
                         ("city-diplomacy/quiz.md", "- (y)", "- ( )"))  # fmt: skip
    since = ["--since", str(COURSES / "protecting-cities")]
    refused = run("course", "check", str(folder), *since)

    assert refused.exit_code == 1
    assert "course.yaml:2: error V301" in refused.output
    (folder / "course.yaml").write_text(
        (folder / "course.yaml").read_text().replace("version: 1.0.0", "version: 1.1.0")
    )
    assert run("course", "check", str(folder), *since).exit_code == 0


def test_publishing_says_what_changes_and_whom_it_touches(app, run, tmp_path):
    assert (
        "nothing can break" in run("course", "publish", str(COURSES / "protecting-cities")).output
    )
    folder = edited_copy(tmp_path, ("course.yaml", "version: 1.0.0", "version: 1.0.1"),
                         ("course.yaml", "title: Protecting", "title: Guarding"))  # fmt: skip
    answer = run("course", "publish", str(folder), "--note", "A better title")

    assert "protecting-cities 1.0.0 → 1.0.1" in answer.output
    assert "[-Protecting-]{+Guarding+}" in answer.output
    assert "reads it at once" in answer.output
    assert "Published protecting-cities 1.0.1." in answer.output
    assert count(app, Release) == 2


@pytest.mark.parametrize(("typed", "releases"), [("1.0.1", 2), ("yes", 1)])
def test_where_somebody_can_answer_it_takes_only_the_version(app, tmp_path, typed, releases):
    folder = edited_copy(tmp_path, ("course.yaml", "version: 1.0.0", "version: 1.0.1"))
    with app.app_context():
        publish_folder(COURSES / "protecting-cities")

    @click.command()
    def ask():
        with app.app_context():
            publish_folder(folder, Choice(asks=True), tells=True)

    answer = CliRunner().invoke(ask, input=f"{typed}\n")
    assert "Type the version to publish it" in answer.output
    assert count(app, Release) == releases


def test_an_earlier_version_is_current_again_at_a_command(app, run, tmp_path):
    run("course", "publish", str(COURSES / "protecting-cities"))
    folder = edited_copy(tmp_path, ("course.yaml", "version: 1.0.0", "version: 1.0.1"))
    run("course", "publish", str(folder))
    for _ in range(2):
        answer = run("course", "back", "protecting-cities", "1.0.0")
        assert answer.exit_code == 0

    with app.app_context():
        assert current_release("protecting-cities").version == "1.0.0"
    unknown = run("course", "back", "protecting-cities", "9.0.0")
    assert unknown.exit_code == 2
    assert "Published: 1.0.1, 1.0.0." in unknown.output
