"""The course in which the guide's examples stand: as small as one can be, without a problem."""

import re
from collections.abc import Mapping
from pathlib import Path

from learnpeace.catalog.fingerprints import block_fingerprint
from learnpeace.catalog.reader import CourseReading, read_course

COURSE = """\
format: 1
version: 1.0.0
title: A small course
summary: Learn to hear what is not said.
language: en
licence: CC-BY-4.0
authors: [The authors]
hours: 1
tracks: [urban, rural]
modules: [listening]
"""
HEAD = "---\ntitle: Listening\nminutes: 20\n---\n\n"
TEXT = "Two neighbours share a wall.\n"
SPANISH = "---\nof: 49c46058 2bb8a822\ntitle: Escuchar\n---\n\nDos vecinos comparten una pared.\n"
TOLD = "of: {of}\ntitle: Un curso pequeño\nsummary: Aprende a oír lo que no se dice.\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/></svg>\n'


def course_of(example: Mapping[str, str]) -> dict[str, str]:
    """Return a whole course with the example's files in their places.

    Lines of course.yaml replace those of the same name; a module's text without a head gets one.
    A translation makes its language one of the course's.
    """
    files = {"course.yaml": COURSE, "listening/module.md": HEAD + TEXT,
             "listening/two-neighbours.svg": SVG}  # fmt: skip
    if any(".es." in file for file in example):
        files["course.yaml"] += "languages: [en, es]\n"
        files["listening/module.es.md"] = SPANISH
    for file, text in example.items():
        if file == "course.yaml":
            files[file] = _with_lines(files[file], text)
        elif file.endswith("/module.md") and not text.startswith("---\n"):
            files[file] = HEAD + text
        else:
            files[file] = text
    of = block_fingerprint("A small course\nLearn to hear what is not said.")
    named = re.search(r"^languages: (.*)", files["course.yaml"], flags=re.MULTILINE)
    for language in re.findall(r"[a-z]+", named[1]) if named else ():
        if language != "en":
            files.setdefault(f"course.{language}.yaml", TOLD.format(of=of))
    return files


def read(root: Path, example: Mapping[str, str]) -> CourseReading:
    """Write the course of an example into a folder and read it."""
    folder = root / "small-course"
    for file, text in course_of(example).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return read_course(folder)


def _with_lines(course: str, lines: str) -> str:
    if lines.startswith("format:") and "\ntitle:" in lines:
        return lines
    named = set(re.findall(r"^([a-z]+):", lines, flags=re.MULTILINE))
    kept = [line for line in course.splitlines() if line.partition(":")[0] not in named]
    return "\n".join([*kept, lines])
