"""The command that begins a course: `learnpeace course new`."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from learnpeace.authors import starter
from learnpeace.lib.errors import Refusal

CANNOT_RUN = 2


@click.command()
@click.argument("course_id")
@click.option(
    "--into", default=".", show_default=True, help="Folder in which to put the course's folder.",
    type=click.Path(path_type=Path, file_okay=False),
)  # fmt: skip
@click.option("--title", default="", help="The course's name; made from the id when left out.")
def new(course_id: str, into: Path, title: str) -> None:
    """Make a folder for a new course, which passes the check, and say what to do next."""
    folder = into / course_id
    try:
        files = starter.starter_files(course_id, title or starter.title_from(course_id))
    except Refusal as refusal:
        _cannot(refusal.message)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            _cannot(f"{folder} is there already and not empty. Choose another id or --into.")
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    except OSError as error:
        _cannot(f"{folder} cannot be written ({error.strerror}). Choose another --into.")
    click.echo(f"Made {folder} with {len(files)} files. Read its README.md first, then try:")
    click.echo(f"  learnpeace course check {folder}")
    click.echo(f"  learnpeace course preview {folder}")


def _cannot(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(CANNOT_RUN)
