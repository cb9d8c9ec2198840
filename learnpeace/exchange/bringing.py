"""Questions from another platform as question files of a course."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from learnpeace.catalog.model import Kind, Question
from learnpeace.exchange.aiken import looks_like_aiken, read_aiken
from learnpeace.exchange.brought import Brought, BroughtFile, settle
from learnpeace.exchange.gift import read_gift
from learnpeace.exchange.markdown_text import Names
from learnpeace.exchange.moodle_xml import read_moodle_xml
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.quiz_text import question_text, questions_text

MAX_BYTES = 200_000  # of one question file
MAX_SIGNS = 4_500
_TAKEN = re.compile(
    r"\{#([a-z0-9-]{1,64})|\bwas=([a-z0-9-]{1,64})|"
    r"^ {0,3}:{3,} *(?:reflection|action|meeting) +([a-z0-9-]{1,64})",
    re.MULTILINE,
)
_MOVED = re.compile(r"(!\[[^\[\]\n]{0,500}\]\()([a-z0-9.-]{1,90})(?=[\s)])")


class CannotBring(Exception):
    """Nothing was brought in; the sentence says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Platform(StrEnum):
    """Where questions and lessons come from."""

    GIFT = "gift"
    MOODLE_XML = "moodle-xml"
    AIKEN = "aiken"
    CARPENTRIES = "carpentries"
    LIASCRIPT = "liascript"
    JUPYTER_BOOK = "jupyter-book"
    MDBOOK = "mdbook"


QUESTIONS = frozenset({Platform.GIFT, Platform.MOODLE_XML, Platform.AIKEN})


def questions_platform(content: bytes) -> Platform:
    """Return which format of questions a file is written in."""
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<?xml", b"<quiz")):
        return Platform.MOODLE_XML
    text = content.decode("utf-8", errors="replace")
    return Platform.AIKEN if looks_like_aiken(text) else Platform.GIFT


def read_questions_file(content: bytes, platform: Platform, notes: Notes) -> BroughtFile:
    """Read a file of questions; raises BadXml when it should be XML and is none."""
    if platform is Platform.MOODLE_XML:
        return read_moodle_xml(content, notes)
    text = decoded(content, notes)
    return read_aiken(text, notes) if platform is Platform.AIKEN else read_gift(text, notes)


def decoded(content: bytes, notes: Notes) -> str:
    """Return the text of a file, noting when it is not UTF-8."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notes.add(line, "A letter here is not UTF-8. It was read as Windows letters: look at it.")
        return content.decode("cp1252", errors="replace")


def ids_in_use(folder: Path) -> set[str]:
    """Return every id that the text files of a course folder hold or held."""
    found: set[str] = set()
    for path in sorted(folder.glob("**/*.md"))[:1000]:
        if not path.is_symlink() and path.is_file():
            text = path.read_bytes()[:300_000].decode("utf-8", errors="replace")
            found.update(id for match in _TAKEN.finditer(text) for id in match.groups() if id)
    return found


def question_files(
    brought: BroughtFile, name: str, names: Names, notes: Notes, *,
    present: frozenset[str], is_one: bool = False,
) -> dict[str, bytes]:  # fmt: skip
    """Return question banks, one for each category (or one for all), with their pictures.

    `name` is that of the bank when there are no categories; `present` are the files that the
    course has already.
    """
    files: dict[str, bytes] = {}
    banks = Names()
    renamed = _renamed(brought.pictures, present, "banks")
    if is_one:
        _tell_categories(brought, notes)
    groups = {"": list(brought.questions)} if is_one else _by_category(brought.questions)
    for category, found in groups.items():
        settled = [q for one in found if (q := settle(_moved(one, renamed), names, notes))]
        last = category.strip("/").rpartition("/")[2]
        for part in _parts(settled):
            bank = banks.make(last, name, otherwise="questions")
            files[f"banks/{bank}.md"] = questions_text(part).encode()
    return _with_pictures(files, brought.pictures, renamed, "banks")


def quiz_file(
    brought: BroughtFile, module: str, names: Names, notes: Notes, *, present: frozenset[str]
) -> dict[str, bytes]:
    """Return a module's quiz.md with all questions of the source, and their pictures."""
    renamed = _renamed(brought.pictures, present, module)
    settled = [q for one in brought.questions if (q := settle(_moved(one, renamed), names, notes))]
    parts = list(_parts(settled))
    if len(parts) > 1:
        message = "These questions are too many for one quiz. Bring them in as a bank: leave "
        raise CannotBring(f"{message}--module out.")
    if not settled:
        return {}
    files = {f"{module}/quiz.md": quiz_text(settled, notes).encode()}
    return _with_pictures(files, brought.pictures, renamed, module)


def quiz_text(questions: list[Question], notes: Notes) -> str:
    """Return the text of a quiz.md with the usual rules."""
    pass_mark = 70
    if all(question.kind is Kind.OPEN for question in questions):
        pass_mark = 0
        notes.add(1, "No question here is marked by machine, so the quiz asks for no pass mark.")
    return f"---\npass: {pass_mark}\n---\n\n{questions_text(questions)}"


def _tell_categories(brought: BroughtFile, notes: Notes) -> None:
    if len({question.category for question in brought.questions}) > 1:
        notes.add(1, "The categories were left out: one file holds all questions.")


def _by_category(questions: tuple[Brought, ...]) -> dict[str, list[Brought]]:
    found: dict[str, list[Brought]] = {}
    for question in questions:
        found.setdefault(question.category, []).append(question)
    if len(found) == 1:
        return {"": list(questions)}  # then the file's own name says more
    return found


def _parts(questions: list[Question]) -> Iterator[list[Question]]:
    """Yield questions in files that are not too large to be read."""
    part: list[Question] = []
    size = signs = 0
    for question in questions:
        text = question_text(question)
        more, marks = len(text.encode()) + 2, sum(map(text.count, "[<!"))
        if part and (size + more > MAX_BYTES or signs + marks > MAX_SIGNS):
            yield part
            part, size, signs = [], 0, 0
        part.append(question)
        size, signs = size + more, signs + marks
    if part:
        yield part


def _renamed(pictures: Mapping[str, bytes], present: frozenset[str], folder: str) -> dict[str, str]:
    """Return a free name in a folder for each picture."""
    here = {path.rpartition("/")[2] for path in present if path.rpartition("/")[0] == folder}
    taken = Names({posixpath.splitext(name)[0] for name in here})
    return {
        name: taken.make(posixpath.splitext(name)[0], otherwise="picture")
        + posixpath.splitext(name)[1]
        for name in pictures
    }


def _moved(brought: Brought, renamed: Mapping[str, str]) -> Brought:
    def move(match: re.Match[str]) -> str:
        return match[1] + renamed.get(match[2], match[2])

    brought.stem = _MOVED.sub(move, brought.stem)
    brought.reason = _MOVED.sub(move, brought.reason)
    return brought


def _with_pictures(
    files: dict[str, bytes], pictures: Mapping[str, bytes], renamed: Mapping[str, str], folder: str
) -> dict[str, bytes]:
    """Add the pictures that the texts show."""
    texts = b"\n".join(files.values())
    used = {
        f"{folder}/{renamed[name]}": content
        for name, content in pictures.items()
        if f"({renamed[name]}".encode() in texts
    }
    return files | used
