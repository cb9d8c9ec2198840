"""Commands that bring questions and lessons in, and take questions and whole courses out.

Exit status: 0 clean, 1 something could not be carried (it is listed), 2 cannot run.
"""

import sys
from pathlib import Path
from typing import NoReturn

import click

from learnpeace.catalog.model import Course
from learnpeace.catalog.problems import Problem, Severity
from learnpeace.catalog.reader import read_course
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.exchange.bringing import CannotBring, Platform
from learnpeace.exchange.gift_writing import gift_text
from learnpeace.exchange.import_files import Wish, imported, write_files
from learnpeace.exchange.moodle_xml_writing import moodle_xml_text
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.out_files import Export, Format
from learnpeace.exchange.taking_out import taken_out
from learnpeace.exchange.unpacking import ArchiveProblem
from learnpeace.exchange.workbook import Paper
from learnpeace.exchange.xml_tree import BadXml

NOT_ALL = 1
CANNOT_RUN = 2
_OUT = ("gift", "moodle-xml", "workbook", "scorm")


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--into", "folder", required=True, type=click.Path(path_type=Path, file_okay=False),
              help="A course folder, or a new one.")  # fmt: skip
@click.option("--format", "platform", type=click.Choice([str(one) for one in Platform]),
              help="What the source is; told from its content when left out.")  # fmt: skip
@click.option("--module", default="", help="Write questions to this module's quiz.md.")
@click.option("--bank", default="", help="Write all questions to the bank of this name.")
@click.option("--language", default="", help="The course's language, such as en or es.")
@click.option("--licence", default="", help="The course's licence, such as CC-BY-4.0.")
@click.option("--author", "authors", multiple=True, help="Who wrote it; may be given again.")
def bring(
    source: Path, folder: Path, platform: str | None, module: str, bank: str, language: str,
    licence: str, authors: tuple[str, ...],
) -> None:  # fmt: skip
    """Bring questions (GIFT, Moodle XML, Aiken) or lessons in; list what could not be carried.

    Lessons are a folder or a .zip of the Carpentries Workbench, LiaScript, Jupyter Book or
    mdBook. Existing files are never overwritten.
    """
    notes = Notes(source.name or str(source))
    wish = Wish(
        source=source, folder=folder, platform=Platform(platform) if platform else None,
        module=module, bank=bank, language=language, licence=licence, authors=authors,
    )  # fmt: skip
    try:
        files = imported(wish, notes)
        write_files(folder, files)
    except BadXml as problem:
        _stop(f"{source}:{problem.line}: {problem.message}", notes)
    except (ArchiveProblem, CannotBring) as problem:
        _stop(problem.message, notes)
    for path in sorted(files):
        click.echo(f"Wrote {folder / path}")
    problems = _problems(folder, files)
    _tell(notes, problems, folder)
    if notes.found or problems or not files:
        sys.exit(NOT_ALL)


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "platform", required=True, type=click.Choice(_OUT),
              help="GIFT and Moodle XML: the questions, for Moodle; Moodle XML says more. "
              "Workbook: a PDF to print and write in. SCORM: a SCORM 1.2 package.")  # fmt: skip
@click.option("--module", default="", help="Only this module's questions (GIFT, Moodle XML).")
@click.option("--language", default="", help="Workbook, SCORM: one of the course's languages.")
@click.option("--answers", is_flag=True, help="Workbook: the answers and reasons instead.")
@click.option("--paper", default="a4", type=click.Choice([str(one) for one in Paper]),
              show_default=True, help="Workbook: the size of paper.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
              help="A new file; when left out, questions are printed, and a whole course "
              "becomes a file here.")  # fmt: skip
def take(
    folder: Path, platform: str, module: str, language: str, answers: bool, paper: str,
    output: Path | None,
) -> None:  # fmt: skip
    """Write a course's questions, or all of it, for paper or another platform."""
    course = _course(folder)
    if platform in ("workbook", "scorm"):
        form = Format.ANSWERS if answers and platform == "workbook" else Format(platform)
        wish = Export(format=form, language=language or course.language, paper=Paper(paper))
        return _write_whole(course, wish, output)
    known = [one.id for one in course.modules]
    if module and module not in known:
        _stop(f"There is no module “{module}”. There are: {', '.join(known)}.")
    notes = Notes(folder.name)
    taken = taken_out(course, module)
    if platform == "gift":
        text = gift_text(taken, notes)
    else:
        text = moodle_xml_text(taken, course.assets, notes)
    if course.survey and not module:
        message = "The survey is not in the file: its questions have no right answers."
        notes.of("course.yaml").add(1, message)
    _write(text, output)
    for line in notes.lines():
        click.echo(line, err=True)
    click.echo(f"{len(taken)} questions.", err=True)
    if notes.found:
        sys.exit(NOT_ALL)
    return None


def _write_whole(course: Course, wish: Export, output: Path | None) -> None:
    if wish.language not in course.languages:
        known = ", ".join(course.languages)
        _stop(f"The course is not in “{wish.language}”. It is in: {known}.")
    output = output or Path(wish.name(course))
    try:
        content = wish.make(course)
    except RenderingFailed as problem:
        _stop(f"The pages could not be made: {problem}")
    _write_new(content, output)
    click.echo(f"Wrote {output} ({len(content) // 1000:,} KB).", err=True)
    if wish.format is Format.SCORM:
        click.echo(
            "The answers are in the package: SCORM marks in the learner's browser, and whoever "
            "looks for them there can find them.",
            err=True,
        )


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    _write_new(text.encode(), output)


def _write_new(content: bytes, output: Path) -> None:
    try:
        with output.open("xb") as file:
            file.write(content)
    except FileExistsError:
        _stop(f"{output} is there already, and nothing is overwritten. Choose another name.")
    except OSError as error:
        _stop(f"{output} cannot be written ({error.strerror}). Look at its rights.")


def _course(folder: Path) -> Course:
    reading = read_course(folder)
    if reading.course is None:
        errors = [str(one) for one in reading.problems if one.severity is Severity.ERROR]
        first = "\n".join(errors[:5])
        _stop(f"{first}\n{folder} has {len(errors)} errors. Mend them first: learnpeace course "
              f"check {folder}")  # fmt: skip
    return reading.course


def _problems(folder: Path, files: dict[str, bytes]) -> list[Problem]:
    """Return what the checker finds wrong with the files that were written."""
    found = read_course(folder).problems
    return [one for one in found if one.severity is Severity.ERROR and one.file in files]


def _tell(notes: Notes, problems: list[Problem], folder: Path) -> None:
    for line in notes.lines():
        click.echo(line, err=True)
    for problem in problems:
        click.echo(f"{folder}/{problem}", err=True)
    count = sum(1 for _ in notes.lines())
    click.echo(f"{count} notes, {len(problems)} problems for you to mend.", err=True)


def _stop(message: str, notes: Notes | None = None) -> NoReturn:
    for line in notes.lines() if notes else ():
        click.echo(line, err=True)
    click.echo(message, err=True)
    sys.exit(CANNOT_RUN)
