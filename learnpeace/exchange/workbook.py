"""A course as a workbook to print and write in, and its answers as a second document.

The pages are made from our own text, whose pictures come from the course alone, by a child
process with limits on time, memory and size (`workbook_worker.py`).
"""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from learnpeace.catalog.model import Asset, Course, Kind
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.exchange import out_pages
from learnpeace.exchange.course_text import CourseText
from learnpeace.lib import children
from learnpeace.lib.languages import Language
from learnpeace.releases.rendering import Addresses, picture_of
from learnpeace.settings import ROOT

SECONDS = 120.0  # for one document; a course of eight modules takes about ten
FILES = "https://course.invalid/files"  # asked of nobody: `.invalid` is no domain
ANCHORS = "#m"
COMMAND = (sys.executable, "-P", "-m", "learnpeace.exchange.workbook_worker")


class Paper(StrEnum):
    """The sheet it is printed on."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Which document of a course: the workbook itself, or the answers to it."""

    language: str
    answers: bool = False
    paper: Paper = Paper.A4


def workbook(course: Course, book: Book) -> bytes:
    """Return the PDF. `course.assets` have their content. Raises RenderingFailed.

    It takes seconds: call it outside any transaction.
    """
    css = (ROOT / "static" / "css" / "workbook.css").read_text("utf-8")
    files = {
        picture_of(asset, FILES).url: (b64encode(asset.content).decode(), asset.media_type)
        for asset in _pictures(course.assets.values())
    }
    return printed(workbook_html(course, book), css, files)


def workbook_html(course: Course, book: Book) -> str:
    """Return the pages as one HTML document."""
    text = CourseText(course, book.language, Addresses(files=FILES, modules=ANCHORS))
    return out_pages.page(
        "pdf/workbook_answers.html" if book.answers else "pdf/workbook.html",
        book.language,
        course=course,
        text=text,
        book=book,
        own=Language(code=course.language, name=course.language),
        untold=[module for module in text.modules if module.is_untold],
        Kind=Kind,
    )


def printed(html: str, css: str, files: Mapping[str, tuple[str, str]]) -> bytes:
    """Return the pages as PDF, made by the child process; raise RenderingFailed.

    `files` are what the pages show, by address: (base64, media type). Call it outside any
    transaction.
    """
    job = json.dumps({"html": html, "css": css, "files": files}).encode()
    try:
        answer = children.run(COMMAND, job, seconds=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise RenderingFailed("The workbook took too long.") from problem
    if not answer.stdout.startswith(b"%PDF-") or b"%%EOF" not in answer.stdout[-32:]:
        words = answer.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RenderingFailed(words[-1] if words else "The workbook could not be printed.")
    return answer.stdout


def _pictures(assets: Iterable[Asset]) -> Iterable[Asset]:
    return (asset for asset in assets if asset.media_type.startswith("image/"))
