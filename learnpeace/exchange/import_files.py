"""What an import writes: which files come of a source, and putting them in a folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from learnpeace.catalog.fields import is_id, propose_id
from learnpeace.catalog.problems import shown
from learnpeace.exchange.bringing import (
    QUESTIONS,
    CannotBring,
    Platform,
    ids_in_use,
    question_files,
    questions_platform,
    quiz_file,
    read_questions_file,
)
from learnpeace.exchange.brought import BroughtFile
from learnpeace.exchange.carpentries import is_carpentries, read_carpentries
from learnpeace.exchange.course_folder import course_files
from learnpeace.exchange.jupyter_book import is_jupyter_book, read_jupyter_book
from learnpeace.exchange.lessons import Chapter, Lessons, Prose
from learnpeace.exchange.liascript import is_liascript, read_liascript
from learnpeace.exchange.markdown_text import Names
from learnpeace.exchange.mdbook import is_mdbook, read_mdbook
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.sources import read_file, read_files

_Files = Mapping[str, bytes]
_READERS: dict[Platform, tuple[Callable[[_Files], bool], Callable[[_Files, Notes], Lessons]]] = {
    Platform.CARPENTRIES: (is_carpentries, read_carpentries),
    Platform.JUPYTER_BOOK: (is_jupyter_book, read_jupyter_book),
    Platform.MDBOOK: (is_mdbook, read_mdbook),
    Platform.LIASCRIPT: (is_liascript, read_liascript),
}
_LESSON_SUFFIXES = (".md", ".zip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an import is asked for; empty texts are left to the source to say."""

    source: Path
    folder: Path
    platform: Platform | None = None
    module: str = ""
    bank: str = ""
    language: str = ""
    licence: str = ""
    authors: tuple[str, ...] = field(default=())


def imported(wish: Wish, notes: Notes) -> dict[str, bytes]:
    """Return the files that an import writes, by path in the course folder.

    Raises CannotBring, ArchiveProblem or BadXml when nothing can be read.
    """
    is_lessons = wish.source.is_dir() or wish.source.suffix.lower() in _LESSON_SUFFIXES
    if wish.platform in QUESTIONS or (wish.platform is None and not is_lessons):
        return _questions(wish, notes)
    if wish.module:
        message = "--module is for questions. Lessons become a course of their own: leave it out."
        raise CannotBring(message)
    files = read_files(wish.source, notes)
    if (wish.folder / "course.yaml").exists():
        message = f"There is a course in {wish.folder} already, and nothing is overwritten. "
        raise CannotBring(f"{message}Name a new folder.")
    return _course(wish, read_lessons(files, wish.platform, notes), notes)


def read_lessons(files: _Files, platform: Platform | None, notes: Notes) -> Lessons:
    """Return the lessons in some files, read as what they look like or as `platform`."""
    for kind, (looks_like, read) in _READERS.items():
        if kind is platform or (platform is None and looks_like(files)):
            lessons = read(files, notes)
            if not lessons.chapters:
                raise CannotBring(f"There are no texts to bring in, read as {kind}.")
            return lessons
    known = ", ".join(_READERS)
    raise CannotBring(f"This looks like none of {known}. Say which it is with --format.")


def write_files(folder: Path, files: _Files) -> None:
    """Write new files into a folder; raises CannotBring, writing none, when one is there."""
    for path in files:
        target = folder / path
        if target.exists() or target.is_symlink():
            message = f"{target} is there already, and nothing is overwritten."
            raise CannotBring(f"{message} Move it away or choose another name.")
    try:
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(content)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise CannotBring(f"{folder} cannot be written ({reason}). Look at its rights.") from error


def _questions(wish: Wish, notes: Notes) -> dict[str, bytes]:
    content = read_file(wish.source)
    platform = wish.platform or questions_platform(content)
    note = notes.of(wish.source.name)
    brought = read_questions_file(content, platform, note)
    if not brought.questions:
        raise CannotBring(f"There are no questions in {wish.source}, read as {platform}.")
    if not (wish.folder / "course.yaml").exists():
        return _course_around(wish, brought, notes)
    names = Names(ids_in_use(wish.folder))
    present = frozenset(
        path.relative_to(wish.folder).as_posix() for path in wish.folder.glob("*/*")
    )
    if not wish.module:
        files = question_files(
            brought, wish.bank or wish.source.stem, names, note, present=present,
            is_one=bool(wish.bank),
        )  # fmt: skip
        return _free(files, present)
    if f"{wish.module}/module.md" not in present:
        message = f"There is no module “{shown(wish.module)}” in {wish.folder}. Name one of its "
        raise CannotBring(f"{message}folders, or leave --module out for a question bank.")
    if f"{wish.module}/quiz.md" in present:
        message = f"{wish.folder / wish.module}/quiz.md is there already, and nothing is "
        message += "overwritten. Leave --module out: the questions become a bank, which the quiz "
        raise CannotBring(f"{message}may name under “banks”.")
    return quiz_file(brought, wish.module, names, note, present=present)


def _free(files: dict[str, bytes], present: frozenset[str]) -> dict[str, bytes]:
    """Return new files, or raise CannotBring when one has the name of an old one."""
    if taken := sorted(files.keys() & present):
        message = f"There is a {taken[0]} already, and nothing is overwritten. "
        raise CannotBring(f"{message}Give the new questions a name: --bank NAME.")
    return files


def _course_around(wish: Wish, brought: BroughtFile, notes: Notes) -> dict[str, bytes]:
    """Return a course of one module whose quiz holds the questions."""
    if wish.module and not is_id(wish.module):
        message = f"“{shown(wish.module)}” cannot name a module: small letters a–z, digits and "
        raise CannotBring(f"{message}hyphens.{propose_id(wish.module)}")
    title = " ".join(wish.source.stem.replace("_", " ").replace("-", " ").split()).capitalize()
    text = f"The questions of this module were brought in from “{wish.source.name}”."
    chapter = Chapter(
        path=f"{wish.module or wish.source.stem}.md", title=title or "Questions",
        pieces=[Prose(markdown=text, line=1)],
    )  # fmt: skip
    files = _course(wish, Lessons(title=chapter.title, summary=text, chapters=[chapter]), notes)
    module = next(path for path in files if path.endswith("/module.md")).partition("/")[0]
    note = notes.of(wish.source.name)
    return files | quiz_file(brought, module, Names({module}), note, present=frozenset())


def _course(wish: Wish, lessons: Lessons, notes: Notes) -> dict[str, bytes]:
    name = wish.folder.resolve().name
    if not is_id(name):
        message = f"“{shown(name)}” cannot name a course: small letters a–z, digits and hyphens."
        raise CannotBring(f"{message}{propose_id(name)}")
    known = replace(
        lessons,
        language=wish.language or lessons.language,
        licence=wish.licence or lessons.licence,
        authors=list(wish.authors) or lessons.authors,
    )
    return course_files(known, notes)
