"""`course translate-export` and `course translate-import`: a file for a translator, and back."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from learnpeace.catalog.sources import folder_files
from learnpeace.catalog.translation_exchange import Unreadable, sheet_name
from learnpeace.catalog.translation_rows import Earlier, State
from learnpeace.catalog.translation_state import languages_of, words_in
from learnpeace.lib import clock
from learnpeace.trainers.material import Material, from_folder
from learnpeace.trainers.translations import material as translated

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
LANGUAGE = click.option("--language", required=True, help="Code of the translation, such as es.")
EARLIER = click.option(
    "--earlier",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="The folder as it was when it was translated: says which sentences changed since.",
)


@click.command("translate-export")
@FOLDER
@LANGUAGE
@click.option(
    "--format", "form", type=click.Choice(translated.FORMATS), default=translated.PO,
    show_default=True,
    help="po for translators' tools, csv for a spreadsheet, html to print (not imported again).",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@EARLIER
def translate_export(
    folder: Path, language: str, form: str, out: Path | None, earlier: tuple[Path, ...]
) -> None:
    """Write one file with every text of a course for a translator."""
    material = _material(folder, language)
    sheet = translated.sheet_of(material, language, _earlier(earlier))
    if not sheet.rows:
        _stop("There is no text in this folder that could be read. Run: learnpeace course check")
    target = out or Path(sheet_name(sheet, form))
    target.write_bytes(translated.exported(sheet, form, at=clock.now()))
    waiting = [row for row in sheet.rows if row.state is not State.DONE]
    words = sum(words_in(row.source) for row in waiting)
    click.echo(f"{target}: {len(sheet.rows)} texts, {len(waiting)} of them to do ({words} words).")


@click.command("translate-import")
@FOLDER
@LANGUAGE
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@EARLIER
def translate_import(folder: Path, language: str, file: Path, earlier: tuple[Path, ...]) -> None:
    """Take a translator's file into a course folder; exit 1 and write nothing if it cannot be."""
    material = _material(folder, language)
    try:
        entries = translated.entries_of(file.read_bytes(), language, material.course_id)
    except Unreadable as error:
        _stop(str(error), status=1)
    taken = translated.take(material, language, entries, _earlier(earlier))
    for remark in taken.made.remarks:
        click.echo(str(remark), err=True)
    for problem in (*taken.made.problems, *taken.problems):
        click.echo(f"problem: {problem}", err=True)
    if taken.is_refused:
        _stop("Nothing was written. Mend these in the translator's file and try again.", status=1)
    for name, content in sorted(taken.made.files.items()):
        (folder / name).write_bytes(content)
        click.echo(f"{folder / name}")
    if not taken.made.files:
        click.echo("Nothing has changed.")
        return
    click.echo(f"{taken.made.texts} texts taken over; {taken.made.parts} more parts are done.")
    click.echo("Raise the version in course.yaml to publish them.")


def _material(folder: Path, language: str) -> Material:
    if not (folder / "course.yaml").is_file():
        _stop(f"There is no course.yaml in {folder}.")
    material = from_folder(folder.resolve())
    known = languages_of(material.reading)
    if language not in known:
        message = f"“{language}” is not a language that this course is translated into. "
        _stop(f"{message}In course.yaml: {', '.join(known) or 'none'}. Add it to “languages”.")
    return material


def _earlier(folders: Sequence[Path]) -> Earlier:
    return Earlier([translated.texts_of(folder_files(folder)) for folder in folders])


def _stop(message: str, *, status: int = 2) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status)
