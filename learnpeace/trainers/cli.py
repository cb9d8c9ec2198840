"""Commands for people who write courses: `learnpeace course check`, `course publish`."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from flask import Flask

from learnpeace.catalog.problems import Problem, Severity
from learnpeace.catalog.reader import read_course
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.trainers import actions

FOLDERS = click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False)
)


@click.group()
def course() -> None:
    """Check and publish courses."""


@course.command("check")
@FOLDERS
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--github", is_flag=True, help="Print the problems as GitHub annotations.")
def check(folders: tuple[Path, ...], as_json: bool, github: bool) -> None:
    """Say every problem in the course folders; exit 1 when there is an error, 2 when none reads."""
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        click.echo(f"There is no folder {missing[0]}.", err=True)
        sys.exit(2)
    found = [(folder, problem) for folder in folders for problem in read_course(folder).problems]
    if as_json:
        click.echo(json.dumps([_as_json(folder, problem) for folder, problem in found], indent=2))
    else:
        for folder, problem in found:
            click.echo(_as_github(folder, problem) if github else _as_line(folder, problem))
        click.echo(_summary([problem for _, problem in found]), err=True)
    if any(problem.severity == Severity.ERROR for _, problem in found):
        sys.exit(1)


@course.command("publish")
@FOLDERS
@click.pass_obj
def publish(application: Callable[[], Flask], folders: tuple[Path, ...]) -> None:
    """Publish the course folders: each becomes a release, or none of it does."""
    with application().app_context():
        published = [publish_folder(folder) for folder in folders]
        if not all(published):
            sys.exit(1)


def publish_all(courses_dir: Path) -> None:
    """Publish every folder of `courses_dir`; what has a problem stays as it was published."""
    folders = sorted(path.parent for path in courses_dir.glob("*/course.yaml"))
    for folder in folders:
        publish_folder(folder)


def publish_folder(folder: Path) -> bool:
    """Publish one folder and commit; say what became of it; return whether it is published."""
    reading = read_course(folder)
    if reading.course is None:
        for problem in reading.problems:
            click.echo(_as_line(folder, problem), err=True)
        click.echo(f"{folder.name} was not published. {_summary(reading.problems)}", err=True)
        return False
    try:
        release, is_new = actions.publish_course(reading.course, at=clock.now())
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        click.echo(f"{folder.name} was not published. {refusal.message}", err=True)
        return False
    if is_new:
        click.echo(f"Published {release.course_id} {release.version}.")
    return True


def _as_line(folder: Path, problem: Problem) -> str:
    return f"{folder / problem.file}:{problem.line}: {problem.severity} {problem.code}: " + (
        problem.message
    )


def _as_github(folder: Path, problem: Problem) -> str:
    place = f"file={folder / problem.file},line={problem.line},title={problem.code}"
    message = problem.message.replace("%", "%25").replace("\n", "%0A")
    return f"::{problem.severity} {place}::{message}"


def _as_json(folder: Path, problem: Problem) -> dict[str, str | int]:
    return {
        "course": folder.name,
        "file": problem.file,
        "line": problem.line,
        "severity": str(problem.severity),
        "code": problem.code,
        "message": problem.message,
    }


def _summary(problems: Sequence[Problem]) -> str:
    errors = sum(1 for problem in problems if problem.severity == Severity.ERROR)
    warnings = len(problems) - errors
    if not problems:
        return "No problems."
    return f"{errors} errors, {warnings} warnings."
