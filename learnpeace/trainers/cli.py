"""Commands for people who write courses: `course preview`, `publish` and `back`."""

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
from flask import Flask

from learnpeace.catalog.cli import FOLDERS, as_line, summary
from learnpeace.catalog.problems import Problem
from learnpeace.catalog.reader import read_course
from learnpeace.catalog.sources import folder_files
from learnpeace.catalog.version_step import version_line
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.db import reading as reading_only
from learnpeace.lib.errors import Refusal
from learnpeace.releases import actions as releases
from learnpeace.releases import queries as release_queries
from learnpeace.releases.models import Release
from learnpeace.trainers import certificate_fits
from learnpeace.trainers.publishing import actions
from learnpeace.trainers.publishing import queries as plan_queries
from learnpeace.trainers.publishing import terminal as plan_text
from learnpeace.trainers.publishing.actions import Wish
from learnpeace.trainers.publishing.queries import Plan

Found = TypeVar("Found")
STEPS_BACK = 10  # of the 19 there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the options of `course publish` say; `move` is "all", "none" or nothing."""

    move: str | None = None
    rescore: bool = True
    note: str = ""
    asks: bool = False

    def wish(self, plan: Plan) -> Wish:
        """Return it for this plan."""
        cohorts = None if self.move is None else frozenset[int]()
        if self.move == "all":
            cohorts = frozenset(line.id for line in plan.choosable)
        return Wish(move=cohorts, rescore=self.rescore, note=self.note)


@click.command("publish")
@FOLDERS
@click.option("--yes", is_flag=True, help="Do not ask before publishing.")
@click.option(
    "--move",
    type=click.Choice(["all", "none"]),
    help="Which running cohorts that could stay read it at once; by default those that a "
    "corrected answer helps.",
)
@click.option("--keep-results", is_flag=True, help="Leave handed-in tries as they are.")
@click.option("--note", default="", help="What to tell the coordinators.")
@click.pass_obj
def publish(
    application: Callable[[], Flask],
    folders: tuple[Path, ...],
    yes: bool,
    move: str | None,
    keep_results: bool,
    note: str,
) -> None:
    """Show what each folder changes and whom it touches, ask, and publish it whole or not at all.

    Where nobody can answer (no terminal) it does not ask.
    """
    asks = not yes and sys.stdin.isatty()
    with application().app_context():
        wish = Choice(move=move, rescore=not keep_results, note=note.strip(), asks=asks)
        published = [publish_folder(folder, wish, tells=True) for folder in folders]
        if not all(published):
            sys.exit(1)


@click.command("preview")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--port", default=8240, show_default=True, help="Port to listen on.")
def preview(folder: Path, port: int) -> None:
    """Show a course folder as learners will see it, and again each time a file is saved.

    On this machine only; nothing is published or kept. Ctrl-C stops it.
    """
    from learnpeace.trainers.preview import (
        server as preview_server,  # half a second that other commands save
    )

    if not folder.is_dir():
        click.echo(f"There is no folder {folder}.", err=True)
        sys.exit(2)
    try:
        server = preview_server.server_of(folder.resolve(), port)
    except OSError:
        message = f"Port {port} is in use. Stop what uses it, or choose another: --port {port + 1}"
        click.echo(message, err=True)
        sys.exit(2)
    click.echo(f"{folder} is at http://{preview_server.HOST}:{server.port} (Ctrl-C stops it)")
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


@click.command("back")
@click.argument("course_id")
@click.argument("version")
@click.pass_obj
def back(application: Callable[[], Flask], course_id: str, version: str) -> None:
    """Make an earlier version of a course current again; nobody's work is lost."""
    with application().app_context():
        history = release_queries.history(course_id)
        found = next((line for line in history if line.version == version), None)
        now = next((line for line in history if line.is_current), None)
        if found is None or now is None:
            known = ", ".join(line.version for line in history) or "none"
            click.echo(f"{course_id} has no version {version}. Published: {known}.", err=True)
            sys.exit(2)
        release = db.session.get_one(Release, found.id)
        outcome = actions.publish_again(release, now.id, at=clock.now())
        db.session.commit()
    click.echo(
        f"Learners read {course_id} {version}. Cohorts that changed to it: {len(outcome.moves)}."
    )


def publish_all(courses_dir: Path) -> None:
    """Publish every folder of `courses_dir`; what has a problem stays as it was published."""
    folders = sorted(path.parent for path in courses_dir.glob("*/course.yaml"))
    for folder in folders:
        publish_folder(folder)


def publish_folder(folder: Path, choice: Choice = Choice(), *, tells: bool = False) -> bool:
    """Publish one folder and commit; say what became of it; return whether it is published.

    `tells` prints the plan first.
    """
    reading = _politely(lambda: read_course(folder))
    if (course := reading.course) is None:
        for problem in reading.problems:
            click.echo(as_line(folder, problem), err=True)
        click.echo(f"{folder.name} was not published. {summary(reading.problems)}", err=True)
        return False
    if problems := _politely(lambda: certificate_fits.problems_of(course)):
        return _refuse(folder, problems)
    try:
        prepared = _politely(lambda: releases.prepare(course, folder_files(folder)))
        at = clock.now()
        with reading_only():
            plan = _politely(lambda: plan_queries.plan(prepared, at, line=version_line(reading)))
        db.session.rollback()
        if plan.problems:
            return _refuse(folder, plan.problems)
        if tells and not _agreed(plan, choice):
            return False
        outcome = actions.publish(prepared, plan, choice.wish(plan), at=at)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        click.echo(f"{folder.name} was not published. {refusal.message}", err=True)
        return False
    if outcome.is_new or outcome.moves:
        click.echo(f"Published {outcome.release.course_id} {outcome.release.version}.")
    return True


def _politely(work: Callable[[], Found]) -> Found:
    """Do what is long and locks nothing so that the pages of a server beside it go first.

    Only a thread of its own steps back: what locks the database afterwards is quick as ever.
    """
    context = copy_context()
    with ThreadPoolExecutor(1, initializer=_step_back) as alone:
        return alone.submit(context.run, work).result()


def _step_back() -> None:
    if sys.platform == "linux":  # elsewhere the whole process would, and could not come back
        os.nice(STEPS_BACK)


def _refuse(folder: Path, problems: Sequence[Problem]) -> bool:
    for problem in problems:
        click.echo(as_line(folder, problem), err=True)
    click.echo(f"{folder.name} was not published. {summary(problems)}", err=True)
    return False


def _agreed(plan: Plan, choice: Choice) -> bool:
    """Print the plan; where somebody can answer, ask them to type the version."""
    is_same = plan.last is not None and plan.last.release.version == plan.course.version
    if is_same and not plan.changes:
        click.echo(f"{plan.course.id} {plan.course.version} is published already.")
        return True
    for line in plan_text.lines_of(plan):
        click.echo(line)
    if not choice.asks or plan.last is None:
        return True
    typed = click.prompt("Type the version to publish it", default="", show_default=False)
    if typed.strip() == plan.course.version:
        return True
    click.echo("Nothing was published.")
    return False
