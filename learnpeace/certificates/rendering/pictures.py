"""Emblems and signatures that people upload: looked at, cleaned, and kept by their content.

Nothing that was uploaded is opened in this process. A child with little time and memory
makes a PNG of it that holds nothing but pixels (`picture_worker`).
"""

import hashlib
import struct
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from threading import BoundedSemaphore

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.certificates.models import CertificatePicture
from learnpeace.lib import children
from learnpeace.lib.db import db

LARGEST = 2_000_000  # bytes
SECONDS = 30.0
COMMAND = (sys.executable, "-P", "-m", "learnpeace.certificates.rendering.picture_worker")
INK = "ink"
PNG = "image/png"
_one_at_a_time = BoundedSemaphore()  # each may take a gigabyte


class Trouble(StrEnum):
    """Why a picture is not taken."""

    HEAVY = "heavy"
    TYPE = "type"
    ACTIVE = "active"
    PIXELS = "pixels"
    MOVING = "moving"
    BROKEN = "broken"
    BLANK = "blank"
    BUSY = "busy"


class NoPicture(Exception):
    """A file that is not taken as a picture."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble

    @property
    def words(self) -> str:
        """Return why, and what to do."""
        return _words()[self.trouble]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A clean PNG; `sha256` is of its content, `width` and `height` are pixels."""

    sha256: str
    content: bytes
    width: int
    height: int


def checked(content: bytes, *, is_ink: bool = False) -> Picture:
    """Return what was uploaded as a clean picture, of a signature its ink; raise NoPicture.

    Takes 0.3 s, 2 s for a drawing. Call it outside any transaction.
    """
    if len(content) > LARGEST:
        raise NoPicture(Trouble.HEAVY)
    if not content:
        raise NoPicture(Trouble.TYPE)
    made = _cleaned(content, (*COMMAND, INK) if is_ink else COMMAND)
    width, height = struct.unpack(">II", made[16:24])
    sha256 = hashlib.sha256(made).hexdigest()
    return Picture(sha256=sha256, content=made, width=width, height=height)


def keep(picture: Picture) -> None:
    """Keep a picture unless it is kept already (1 or 2 queries). The caller commits."""
    if db.session.get(CertificatePicture, picture.sha256) is not None:
        return
    row = CertificatePicture(
        sha256=picture.sha256,
        media_type=PNG,
        content=picture.content,
        width=picture.width,
        height=picture.height,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except sa.exc.IntegrityError:  # somebody else has kept the same one at this moment
        return


def _cleaned(content: bytes, command: tuple[str, ...]) -> bytes:
    if not _one_at_a_time.acquire(timeout=SECONDS):
        raise NoPicture(Trouble.BUSY)
    try:
        answer = _asked(content, command)
    finally:
        _one_at_a_time.release()
    if answer.startswith(b"P\x89PNG"):
        return answer[1:]
    try:
        raise NoPicture(Trouble(answer[1:].decode("ascii", "replace")))
    except ValueError as error:  # it ended without a word: out of time or memory
        raise NoPicture(Trouble.BROKEN) from error


def _asked(content: bytes, command: tuple[str, ...]) -> bytes:
    try:
        return children.run(command, content, seconds=SECONDS).stdout
    except subprocess.TimeoutExpired:
        return b""


def _words() -> dict[Trouble, str]:
    return {
        Trouble.HEAVY: gettext("This file is larger than 2 MB. Save it smaller, then send it."),
        Trouble.TYPE: gettext("This file is no picture we can print. Send a PNG or a JPEG."),
        Trouble.ACTIVE: gettext(
            "This drawing holds more than lines and shapes, such as a script or a link to "
            "elsewhere. Save it as a PNG and send that."
        ),
        Trouble.PIXELS: gettext(
            "This picture unpacks to more than 16 million pixels. Make it smaller: 1,200 pixels "
            "on the longer side are enough."
        ),
        Trouble.MOVING: gettext("This picture moves. Send one that stands still."),
        Trouble.BROKEN: gettext(
            "This picture cannot be read: it may have been cut off on its way. Open it, save it "
            "again as PNG, and send that."
        ),
        Trouble.BLANK: gettext("This picture is empty: nothing of it would be seen on paper."),
        Trouble.BUSY: gettext("Another picture is being looked at. Send yours again in a minute."),
    }
