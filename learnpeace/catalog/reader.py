"""Reading a course folder whole: every file, every problem, one frozen course."""

import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from learnpeace.catalog.assets import Assets
from learnpeace.catalog.certificate_page import read_certificate_page
from learnpeace.catalog.course_file import CourseFile, read_course_file, unknown_course_file
from learnpeace.catalog.course_texts import course_texts
from learnpeace.catalog.fields import is_id, propose_id
from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.ids import Ids
from learnpeace.catalog.model import Course, Meeting, Module
from learnpeace.catalog.module_reader import ModuleReader
from learnpeace.catalog.page import page_of
from learnpeace.catalog.problems import Findings, Problem, did_you_mean, shown
from learnpeace.catalog.question_files import QuestionFiles

RESERVED = frozenset({"banks", "surveys", "certificate", "shared"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseReading:
    """What a folder holds: a course, or None when a problem is an error.

    `partial` is what could be read, errors or not, to be shown and never published: a listed
    module whose text cannot be read stands in it without title and blocks. `texts` are the
    lines of each text file that was read, by its name in the folder.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    partial: Course | None = None
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)


def read_course(folder: Path) -> CourseReading:
    """Read a course folder. Never raises: whatever is in it becomes problems."""
    findings = Findings()
    course = None
    texts: dict[str, tuple[str, ...]] = {}
    try:
        course = _read(folder, findings, texts)
    except Exception as error:  # noqa: BLE001 - the edge: one folder must not stop the others
        message = f"The checker itself failed here ({type(error).__name__}). Please report this."
        findings.error("course.yaml", 1, "F999", message)
    return CourseReading(
        course=None if findings.has_errors else course,
        problems=findings.sorted(),
        partial=course,
        texts=texts,
    )


def read_catalog(courses_dir: Path) -> dict[str, CourseReading]:
    """Read every course folder of a folder, by course id."""
    try:
        folders = sorted(path for path in courses_dir.iterdir() if path.is_dir())
    except OSError:
        return {}
    return {path.name: read_course(path) for path in folders if not path.name.startswith(".")}


def _read(root: Path, findings: Findings, texts: dict[str, tuple[str, ...]]) -> Course | None:
    if not _is_folder(root):
        findings.error("course.yaml", 1, "F101", "There is no course folder here. Check its name.")
        return None
    name = root.resolve().name if root.name in ("", ".", "..") else root.name
    if not is_id(name):
        message = f"The folder “{shown(name)}” cannot name a course: small letters a–z, digits "
        findings.error("course.yaml", 1, "C117", f"{message}and hyphens.{propose_id(name)}")
    folder = CourseFolder(root, findings)
    if "course.yaml" not in folder.files:
        if "course.yaml" not in folder.links and not folder.is_full:
            near = did_you_mean("course.yaml", folder.files - _translations(folder))
            message = f"There is no course.yaml in this folder.{near} Write one."
            findings.error("course.yaml", 1, "F101", message)
        settings = None
    else:
        page = folder.page("course.yaml")
        settings = read_course_file(page) if page else None
    course = _course(name, folder, settings) if settings else _without_settings(name, folder)
    texts.update(folder.texts())
    return course


def _without_settings(id: str, folder: CourseFolder) -> Course:
    """Find what is wrong in the other files too: a colon too many must not hide it.

    Translations are left out, since nobody knows which languages the course has.
    """
    modules = sorted(filter(is_id, _present(folder)))
    page = page_of("", "course.yaml", folder.findings)
    settings = unknown_course_file(page, modules)
    ids = Ids()
    assets = Assets(folder, modules)
    questions = QuestionFiles(folder, ids, assets, (), "")
    reader = ModuleReader(folder, settings, ids, assets, questions)
    read = tuple(reader.read(entry) for entry in settings.modules)
    questions.read_surveys()
    questions.warn_unused()
    ids.check_former()
    return Course(
        id=id, version="", title="", summary="", language="", languages=(), licence="",
        authors=(), hours=0, tracks=(), modules=read, assets=assets.found,
    )  # fmt: skip


def _translations(folder: CourseFolder) -> set[str]:
    """Return the files that are course.yaml in another language."""
    return {name for name in folder.files if re.fullmatch(r"course\.[^./]+\.yaml", name)}


def _is_folder(root: Path) -> bool:
    try:
        return stat.S_ISDIR(root.stat().st_mode)
    except (OSError, ValueError):
        return False


def _course(id: str, folder: CourseFolder, settings: CourseFile) -> Course:
    ids = Ids()
    listed = [entry.id for entry in settings.modules]
    assets = Assets(folder, listed)
    questions = QuestionFiles(folder, ids, assets, settings.languages, settings.language)
    reader = ModuleReader(folder, settings, ids, assets, questions)
    _check_listed(folder, settings)
    modules = tuple(reader.read(entry) for entry in settings.modules)
    survey = questions.survey(settings.fields, settings.survey)
    questions.warn_unused()
    reader.warn_unused()
    ids.check_former()
    own_page = read_certificate_page(folder, assets, valid=settings.certificate.valid)
    if not reader.unread:
        _check_meetings(settings, modules)
    return Course(
        id=id, version=settings.version, title=settings.title, summary=settings.summary,
        language=settings.language, languages=settings.languages, licence=settings.licence,
        authors=settings.authors, hours=settings.hours, tracks=settings.tracks, modules=modules,
        order=settings.order, complete=settings.complete, survey=survey,
        certificate=settings.certificate, certificate_page=own_page,
        changelog=_changelog(folder), assets=assets.found,
        translations=course_texts(folder, settings),
    )  # fmt: skip


def _check_listed(folder: CourseFolder, settings: CourseFile) -> None:
    page = settings.fields.page
    listed = [entry.id for entry in settings.modules]
    present = _present(folder)
    for entry in settings.modules:
        if entry.id in RESERVED:
            message = f"“{entry.id}” is kept for other files. Give this folder another name."
            page.error(entry.line, "C106", message)
        elif f"{entry.id}/module.md" not in folder.files | folder.links:
            near = _nearly_module(folder, entry.id) or page.near(entry.id, present - set(listed))
            remedy = near or " Write it, or take the name out."
            page.error(entry.line, "C108", f"There is no {entry.id}/module.md.{remedy}")
    for name in sorted(present - set(listed)):
        message = f"The module in the folder “{shown(name)}” is not listed. Add - {shown(name)} or "
        page.error(settings.fields.line("modules"), "C109", f"{message}move the folder away.")


def _nearly_module(folder: CourseFolder, id: str) -> str:
    """Say which file of a module's folder seems to be its text, or nothing."""
    nearly = rf"{re.escape(id)}/module\.(md|md\.txt|txt|docx?|odt|rtf)"
    found = re.compile(nearly, re.IGNORECASE)
    names = sorted(file for file in folder.files if found.fullmatch(file))
    if not names:
        return ""
    return f" Save {shown(names[0])} as plain text under that name."


def _present(folder: CourseFolder) -> set[str]:
    """Return the names of the folders that hold a module."""
    return {file.split("/")[0] for file in folder.files if _is_module_text(file)} - RESERVED


def _is_module_text(file: str) -> bool:
    return file.count("/") == 1 and file.endswith(("/module.md", "/quiz.md"))


def _check_meetings(settings: CourseFile, modules: Iterable[Module]) -> None:
    meetings = sum(isinstance(block, Meeting) for module in modules for block in module.blocks)
    if settings.complete.meetings > meetings:
        message = f"“meetings” asks for {settings.complete.meetings} and the course has {meetings}."
        message += " Add ::: meeting boxes or lower the number."
        line = settings.fields.inner("complete", ("surveys", "meetings")).line("meetings")
        settings.fields.page.error(line, "C115", message)


def _changelog(folder: CourseFolder) -> str:
    if "CHANGELOG.md" not in folder.files:
        return ""
    page = folder.page("CHANGELOG.md")
    return "\n".join(page.lines).strip() if page else ""
