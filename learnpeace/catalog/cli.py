"""Commands on course folders alone: `learnpeace course check` and `course shrink`.

They load neither the web nor the database, so that the check answers at once.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from learnpeace.catalog.problems import Problem, Severity
from learnpeace.catalog.reader import read_course
from learnpeace.catalog.version_step import version_line, version_problems

if TYPE_CHECKING:
    from learnpeace.catalog.shrink import Shrunk

EXPLAINED = "What a code means, with examples: /authors/guide/problems#{code} on your site."
PRINTER = "learnpeace.trainers.preview.certificates"
PATIENCE = 60  # seconds
FOLDERS = click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False)
)


@click.command()
@FOLDERS
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.option("--github", is_flag=True, help="Print the problems as GitHub annotations.")
@click.option(
    "--since",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder as learners read it: says whether the version goes far enough from there.",
)
def check(folders: tuple[Path, ...], as_json: bool, github: bool, since: Path | None) -> None:
    """Say every problem in the course folders; exit 1 when there is an error, 2 when none reads."""
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        click.echo(f"There is no folder {missing[0]}.", err=True)
        sys.exit(2)
    found = [(folder, problem) for folder in folders for problem in _problems(folder, since)]
    if as_json:
        click.echo(json.dumps([_as_json(folder, problem) for folder, problem in found], indent=2))
    else:
        for folder, problem in found:
            click.echo(_as_github(folder, problem) if github else as_line(folder, problem))
        click.echo(summary([problem for _, problem in found]), err=True)
        if found:
            click.echo(EXPLAINED.format(code=found[0][1].code), err=True)
    if any(problem.severity == Severity.ERROR for _, problem in found):
        sys.exit(1)


def _problems(folder: Path, since: Path | None) -> list[Problem]:
    """Return a folder's problems; with `since`, those of its version too."""
    reading = read_course(folder)
    before = read_course(since).course if since else None
    found = list(reading.problems)
    if reading.course is not None and reading.course.certificate_page.html:
        found += _printed(folder)
    if reading.course is not None and before is not None:
        found += version_problems(before, reading.course, line=version_line(reading))
    return sorted(found)


def _printed(folder: Path) -> list[Problem]:
    """Have a course's own certificate printed in a process of its own, where a printer is at hand.

    The printer is a room above this one, so it is asked by name. Takes about four seconds.
    """
    if importlib.util.find_spec(PRINTER) is None:
        return []
    command = (sys.executable, "-m", PRINTER, str(folder.resolve()))
    try:
        made = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        return [Problem(**told) for told in json.loads(made.stdout)]
    except (subprocess.TimeoutExpired, ValueError):
        message = f"The certificate was not printed: no answer in {PATIENCE} seconds."
        click.echo(message, err=True)
        return []


@click.command()
@FOLDERS
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
def shrink(folders: tuple[Path, ...], dry_run: bool) -> None:
    """Make the pictures of course folders lighter, in their place; exit 1 when one cannot be read.

    The longest side becomes 1280 pixels at most, and metadata such as the place where a
    photograph was taken are removed. Doing it twice does nothing more.
    """
    for folder in folders:
        if not (folder / "course.yaml").is_file():
            message = f"There is no course.yaml in {folder}. Only pictures of courses are changed."
            click.echo(message, err=True)
            sys.exit(2)
    found = [made for folder in folders for made in _shrunk(folder, dry_run=dry_run)]
    lighter = [made for made in found if made.content is not None]
    saved = sum(made.before - made.after for made in lighter)
    would = "would be" if dry_run else "were"
    message = (
        f"{len(lighter)} of {len(found)} pictures {would} made lighter by {saved // 1000:,} KB."
    )
    click.echo(message + (" Raise the version in course.yaml to publish them." * bool(lighter)))
    if any(made.is_refused for made in found):
        sys.exit(1)


def _shrunk(folder: Path, *, dry_run: bool) -> "Iterator[Shrunk]":
    from learnpeace.catalog.shrink import shrink_course  # Pillow is slow to load

    for made in shrink_course(folder, dry_run=dry_run):
        click.echo(f"{folder / str(made)}")
        yield made


def as_line(folder: Path, problem: Problem) -> str:
    """Return a problem as editors and terminals expect it: file, line, what."""
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


def summary(problems: Sequence[Problem]) -> str:
    """Return how many errors and warnings there are."""
    errors = sum(1 for problem in problems if problem.severity == Severity.ERROR)
    warnings = len(problems) - errors
    if not problems:
        return "No problems."
    return f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
