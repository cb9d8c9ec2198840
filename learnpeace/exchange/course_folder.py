"""A course folder made from lessons: course.yaml, a folder for each module, its pictures."""

import json
import re
from dataclasses import replace

from learnpeace.catalog.languages import is_language
from learnpeace.catalog.reader import RESERVED
from learnpeace.exchange.lessons import Lessons
from learnpeace.exchange.links import Links
from learnpeace.exchange.markdown_text import Names, cut, one_line, without_gaps
from learnpeace.exchange.module_text import first_paragraph, module_text, repaired
from learnpeace.exchange.notes import Notes

NOT_STATED = "not stated"
MAX_MODULE = 250_000  # bytes
_PLAIN = re.compile(r"[A-Za-z][\w ’“”–/().?!'-]*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off"})
_VERSION = re.compile(r"v?(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?")


def course_files(lessons: Lessons, notes: Notes) -> dict[str, bytes]:
    """Return the files of a course made from lessons; what is not as it was is noted."""
    modules = Names(RESERVED)
    places = {
        chapter.path: modules.make(_stem(chapter.path, chapter.title), chapter.title,
                                   otherwise="module")
        for chapter in lessons.chapters
    }  # fmt: skip
    links = Links(files=lessons.files, modules=places, notes=notes)
    ids = Names(set(places.values()))
    files: dict[str, bytes] = {}
    kept: list[str] = []
    minutes = 0
    for chapter in lessons.chapters:
        written = module_text(chapter, links, ids, notes)
        id = places[chapter.path]
        head = _head(chapter.title, written.minutes, chapter.objectives)
        body = repaired(head, written.text, notes.of(f"{id}/module.md"))
        if not body.strip():
            notes.of(chapter.file).add(1, "There is no text here, so it became no module.")
            continue
        text = f"{head}\n{without_gaps(body)}\n"
        if len(text.encode()) > MAX_MODULE:
            notes.of(chapter.file).add(1, "This module is too large for one file. Split it.")
        files[f"{id}/module.md"] = text.encode()
        kept.append(id)
        minutes += written.minutes
    files |= {path: c for path, c in links.copied.items() if path.partition("/")[0] in kept}
    if any(chapter.minutes == 0 for chapter in lessons.chapters):
        notes.of("course.yaml").add(1, "Minutes were reckoned from the length of the texts.")
    files["course.yaml"] = _course_yaml(lessons, kept, minutes, notes.of("course.yaml")).encode()
    return files


def quoted(text: str) -> str:
    """Return a text as one YAML value."""
    plain = one_line(text)
    if _PLAIN.fullmatch(plain) and plain.lower() not in _WORDS:
        return plain
    return json.dumps(plain, ensure_ascii=False)


def _head(title: str, minutes: int, objectives: list[str]) -> str:
    lines = ["---", f"title: {quoted(cut(title, 200) or 'Untitled')}", f"minutes: {minutes}"]
    if objectives:
        lines += ["objectives:", *(f"  - {quoted(text)}" for text in objectives)]
    return "\n".join([*lines, "---", ""])


def _course_yaml(lessons: Lessons, modules: list[str], minutes: int, notes: Notes) -> str:
    known = _known(lessons, notes)
    lines = [
        "format: 1",
        f"version: {known.version}",
        f"title: {quoted(known.title)}",
        f"summary: {quoted(known.summary)}",
        f"language: {known.language}",
        f"licence: {quoted(known.licence)}",
        "authors:",
        *(f"  - {quoted(author)}" for author in known.authors),
        f"hours: {min(max(-(-minutes // 60), 1), 1000)}",
        "modules:",
        *(f"  - {module}" for module in modules),
    ]
    return "\n".join(lines) + "\n"


def _known(lessons: Lessons, notes: Notes) -> Lessons:
    """Return what course.yaml needs; what the source does not say is noted."""
    title = cut(lessons.title, 200)
    if not title:
        title = lessons.chapters[0].title if lessons.chapters else "Untitled"
        notes.add(1, f"The source has no title; it is “{title}” now. Write your own.")
    summary = cut(lessons.summary, 200)
    if not summary:
        pieces = [piece for chapter in lessons.chapters for piece in chapter.pieces]
        summary = first_paragraph(pieces) or title
        notes.add(1, "The source has no summary; its first words were taken. Write your own.")
    language = lessons.language.replace("_", "-")
    if not is_language(language):
        notes.add(1, "The source does not say its language; “en” was written. Correct it.")
        language = "en"
    if not lessons.licence:
        notes.add(1, f"The source states no licence; “{NOT_STATED}” was written. Ask its authors.")
    if not lessons.authors:
        notes.add(1, f"The source names no authors; “{NOT_STATED}” was written. Name them.")
    return replace(
        lessons, title=title, summary=summary, language=language,
        licence=lessons.licence or NOT_STATED, authors=lessons.authors or [NOT_STATED],
        version=_version(lessons.version),
    )  # fmt: skip


def _version(text: str) -> str:
    match = _VERSION.fullmatch(text.strip())
    return f"{int(match[1])}.{int(match[2])}.{int(match[3] or 0)}" if match else "1.0.0"


def _stem(path: str, title: str) -> str:
    """Return a file's name without number and ending; a title for names that say nothing."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if "#" in path or stem.casefold() in ("readme", "index", "intro", "_index"):
        return title
    return re.sub(r"^\d{1,4}[-_. ]+", "", stem) or title
