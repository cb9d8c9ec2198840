"""A course folder's translations: out to a translator, back in, and read as a whole.

No web and no database: the commands and the screens call the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from learnpeace.catalog import glossary, translation_csv, translation_paper, translation_po
from learnpeace.catalog.changes import changes, step_needed
from learnpeace.catalog.model import Course
from learnpeace.catalog.passage_files import Texts
from learnpeace.catalog.problems import Problem
from learnpeace.catalog.translated_passages import COURSE_FILE
from learnpeace.catalog.translation_exchange import Entry, Sheet
from learnpeace.catalog.translation_import import Imported, take_in
from learnpeace.catalog.translation_rows import Earlier
from learnpeace.catalog.translation_state import rows
from learnpeace.catalog.version_step import next_version, step_taken
from learnpeace.trainers.material import Material, from_files

PO, CSV, PAPER = "po", "csv", "html"
FORMATS = (PO, CSV, PAPER)
_VERSION = re.compile(rb"(?m)^(version:[ \t]*)([0-9]+\.[0-9]+\.[0-9]+)(?=[ \t]*(#.*)?\r?$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A folder with a translator's file in it, read again.

    `problems` are errors that the folder had not before; with them, or with what `made` tells,
    nothing is written anywhere.
    """

    made: Imported
    material: Material
    problems: tuple[Problem, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Say whether something stands in the way."""
        return bool(self.made.problems or self.problems)


def sheet_of(material: Material, language: str, earlier: Earlier | None = None) -> Sheet:
    """Return what goes to a translator into one language of the course."""
    course = material.reading.partial
    words = material.files.get(glossary.FILE, b"").decode("utf-8", errors="replace")
    return Sheet(
        course_id=material.course_id,
        title=course.title if course else material.course_id,
        version=course.version if course else "",
        source_language=course.language if course else "",
        language=language,
        rows=rows(material.reading, language, earlier),
        terms=glossary.glossary(words, language),
    )


def exported(sheet: Sheet, form: str, *, at: datetime) -> bytes:
    """Return a sheet as one of `FORMATS`."""
    if form == PO:
        return translation_po.po(sheet, at=at)
    return translation_csv.table(sheet) if form == CSV else translation_paper.paper(sheet).encode()


def entries_of(content: bytes, language: str, course_id: str) -> tuple[Entry, ...]:
    """Return what a translator's file holds, PO or CSV, or raise `Unreadable`."""
    if re.search(rb"(?m)^\s*msgid\s", content):
        return translation_po.read(content, language, course_id)
    return translation_csv.read(content, language)


def take(
    before: Material, language: str, entries: Sequence[Entry], earlier: Earlier | None = None
) -> Taken:
    """Put a translator's entries into a folder's files and read the folder again."""
    made = take_in(before.reading, language, entries, earlier)
    if made.problems or not made.files:
        return Taken(made=made, material=before)
    after = from_files(before.course_id, {**before.files, **made.files})
    known = {(problem.file, problem.code, problem.message) for problem in before.errors}
    new = [p for p in after.errors if (p.file, p.code, p.message) not in known]
    return Taken(made=made, material=after, problems=tuple(new))


def raised(material: Material, published: Course) -> Material:
    """Return the folder with a version that may follow the published one, raised if need be."""
    course = material.reading.course
    if course is None:
        return material
    needed = step_needed(changes(published, course))
    taken = step_taken(published.version, course.version)
    if taken is not None and taken >= needed:
        return material
    version = next_version(published.version, needed).encode()
    text, found = _VERSION.subn(rb"\g<1>" + version, material.files["course.yaml"], count=1)
    if not found:
        return material
    return from_files(material.course_id, {**material.files, "course.yaml": text})


def texts_of(files: Mapping[str, bytes]) -> Texts:
    """Return the lines of a folder's texts, for finding what a translation was made from."""
    return {
        name: content.decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n")
        for name, content in files.items()
        if name.endswith(".md") or name == COURSE_FILE
    }
