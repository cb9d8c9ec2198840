"""A course folder to begin with: real files in `starter/`, with id, title and date filled in."""

import json
import re
from datetime import date
from pathlib import Path

from flask_babel import gettext

from learnpeace.catalog.fields import id_from, is_id
from learnpeace.catalog.fingerprints import block_fingerprint
from learnpeace.catalog.problems import shown
from learnpeace.catalog.sources import zipped
from learnpeace.lib import clock
from learnpeace.lib.errors import Refusal

FOLDER = Path(__file__).with_name("starter")
LONGEST_TITLE = 150
_SIGN = re.compile(r"@(id|title|quoted-title|course-of|date)@")


def starter_files(course_id: str, title: str, *, on: date | None = None) -> dict[str, bytes]:
    """Return the files of a new course by their path in its folder, in order.

    `on` is the day the changelog names, today when it is left out. Raises Refusal for an id
    or a title that cannot be.
    """
    words = " ".join(title.split())
    if not is_id(course_id):
        near = id_from(course_id) or "culture-of-peace"
        raise Refusal(
            gettext(
                "“%(id)s” cannot be a course’s id, which is of small letters a–z, digits and "
                "hyphens. Write for example “%(near)s”.",
                id=shown(course_id),
                near=near,
            )
        )
    if not words or len(words) > LONGEST_TITLE or not words.isprintable():
        raise Refusal(
            gettext(
                "A course’s title is one line of 1 to %(most)s letters. Write another.",
                most=LONGEST_TITLE,
            )
        )
    values = {
        "id": course_id,
        "title": words,
        "quoted-title": json.dumps(words, ensure_ascii=False),  # YAML reads it as JSON does
        "course-of": block_fingerprint(f"{words}\n{_summary()}"),
        "date": (on or clock.now().date()).isoformat(),
    }
    paths = sorted(path for path in FOLDER.rglob("*") if path.is_file())
    return {
        path.relative_to(FOLDER).as_posix(): _filled(path.read_bytes(), values) for path in paths
    }


def as_zip(files: dict[str, bytes], folder: str = "") -> bytes:
    """Return files as a .zip, the same bytes for the same files; `folder` holds them in it."""
    return zipped(files, folder=folder)


def title_from(course_id: str) -> str:
    """Return a title to begin with: culture-of-peace → Culture of peace."""
    return course_id.replace("-", " ").capitalize()


def _filled(content: bytes, values: dict[str, str]) -> bytes:
    return _SIGN.sub(lambda match: values[match[1]], content.decode()).encode()


def _summary() -> str:
    """Return the summary that the starter's course.yaml gives."""
    lines = (FOLDER / "course.yaml").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("summary: ")).removeprefix("summary: ")
