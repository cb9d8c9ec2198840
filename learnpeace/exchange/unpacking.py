"""A .zip from somebody else's computer, unpacked in memory or refused whole.

Everything that the archive says of itself is judged before one byte is unpacked, and
unpacking stops at what was said, so that a lie costs no more than the truth.
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO

MAX_FILES = 200
MAX_UNPACKED = 50_000_000  # bytes
MAX_PACKED = 50_000_000
MAX_RATIO = 100
MAX_NAME = 240  # characters of a path
MAX_DEPTH = 12
SMALL_FILE = 100_000  # bytes; below this a ratio says nothing: a blank page packs very well

_MAX_ENTRIES = 5 * MAX_FILES  # files, folders, and what computers add by themselves
_ENTRY = b"PK\x01\x02"
_BY_ITSELF = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, ValueError, LookupError,
    OSError, EOFError, OverflowError,
)  # fmt: skip


class Reason(StrEnum):
    """Why an archive is refused, so that callers can say it in another language."""

    NO_ARCHIVE = "no-archive"
    TOO_MANY_FILES = "too-many-files"
    TOO_LARGE = "too-large"
    PACKED_TOO_TIGHT = "packed-too-tight"
    LEADS_OUTSIDE = "leads-outside"
    BAD_NAME = "bad-name"
    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - a reason, not a secret
    TWICE = "twice"
    UNKNOWN_PACKING = "unknown-packing"


_SENTENCES: Mapping[Reason, str] = {
    Reason.NO_ARCHIVE: "This file cannot be read as a .zip. Pack the folder again and send that.",
    Reason.TOO_MANY_FILES: f"This .zip holds more than {MAX_FILES} files. Take out what the course "
    "does not need.",
    Reason.TOO_LARGE: f"This .zip is larger than {MAX_UNPACKED // 1_000_000} MB unpacked. Take out "
    "large files, such as videos.",
    Reason.PACKED_TOO_TIGHT: "This .zip unpacks to more than a hundred times its size, which "
    "courses never do. Pack only the course's own files.",
    Reason.LEADS_OUTSIDE: "This .zip holds a file that leads outside its folder. Pack the folder "
    "again and send that.",
    Reason.BAD_NAME: "This .zip holds a file whose name cannot be used. Rename it and pack again.",
    Reason.LINK: "This .zip holds a symbolic link or a device. Put the file itself in the folder "
    "and pack again.",
    Reason.PASSWORD: "This .zip is locked with a password. Pack it again without one.",
    Reason.TWICE: "This .zip holds two files of one name. Keep one of them and pack again.",
    Reason.UNKNOWN_PACKING: "This .zip is packed in an unusual way. Pack it again as a plain .zip.",
}


class ArchiveProblem(Exception):
    """An archive is refused: `reason`, the entry's `name` ("" for the whole), a sentence."""

    def __init__(self, reason: Reason, name: str = "") -> None:
        self.reason = reason
        self.name = "".join(c if c.isprintable() else "�" for c in name[:80])
        self.message = _SENTENCES[reason] + (f" It is about “{self.name}”." if name else "")
        super().__init__(self.message)


def unpack(zip_bytes: bytes) -> dict[str, bytes]:
    """Return the files of an archive by their path, or raise ArchiveProblem.

    Paths have forward slashes, never lead outside and never meet each other. Folders, and
    what computers add by themselves (__MACOSX, .DS_Store), are left out.
    """
    if len(zip_bytes) > MAX_PACKED:
        raise ArchiveProblem(Reason.TOO_LARGE)
    if zip_bytes.count(_ENTRY) > _MAX_ENTRIES:  # the list itself may be what is too large
        raise ArchiveProblem(Reason.TOO_MANY_FILES)
    try:
        with zipfile.ZipFile(BytesIO(zip_bytes)) as archive:
            entries = _entries(archive)
            _check_sizes(list(entries.values()), len(zip_bytes))
            return {path: _content(archive, entry) for path, entry in entries.items()}
    except _BROKEN as error:
        raise ArchiveProblem(Reason.NO_ARCHIVE) from error


def without_outer_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files without the one folder that holds them all, if there is one."""
    outer = {path.partition("/")[0] for path in files}
    if len(outer) != 1 or not all("/" in path for path in files):
        return dict(files)
    return {path.partition("/")[2]: content for path, content in files.items()}


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    folders: set[str] = set()
    for entry in archive.infolist():
        path = _path(entry)
        _check_kind(entry)
        parts = path.split("/")
        if entry.is_dir() or parts[0] == "__MACOSX" or parts[-1] in _BY_ITSELF:
            continue
        if path in found:
            raise ArchiveProblem(Reason.TWICE, path)
        found[path] = entry
        folders.update("/".join(parts[:depth]) for depth in range(1, len(parts)))
    if meeting := sorted(folders & found.keys()):
        raise ArchiveProblem(Reason.TWICE, meeting[0])
    if len(found) > MAX_FILES:
        raise ArchiveProblem(Reason.TOO_MANY_FILES)
    return found


def _path(entry: zipfile.ZipInfo) -> str:
    # zipfile cuts a name at a zero byte; the name as packed tells.
    name = entry.orig_filename
    if not name.isprintable() or len(name) > MAX_NAME:
        raise ArchiveProblem(Reason.BAD_NAME, name)
    if name.startswith("/") or "\\" in name or name[1:2] == ":":
        raise ArchiveProblem(Reason.LEADS_OUTSIDE, name)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ArchiveProblem(Reason.LEADS_OUTSIDE, name)
    if len(parts) > MAX_DEPTH or (not parts and not entry.is_dir()):
        raise ArchiveProblem(Reason.BAD_NAME, name)
    return "/".join(parts)


def _check_kind(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveProblem(Reason.LINK, entry.filename)
    if entry.flag_bits & 0x1:
        raise ArchiveProblem(Reason.PASSWORD, entry.filename)
    if entry.compress_type not in _METHODS:
        raise ArchiveProblem(Reason.UNKNOWN_PACKING, entry.filename)


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED:
        raise ArchiveProblem(Reason.TOO_LARGE)
    if total > SMALL_FILE and total > MAX_RATIO * packed:
        raise ArchiveProblem(Reason.PACKED_TOO_TIGHT)
    for entry in entries:
        is_tight = entry.file_size > MAX_RATIO * entry.compress_size
        if entry.file_size > SMALL_FILE and is_tight:
            raise ArchiveProblem(Reason.PACKED_TOO_TIGHT, entry.filename)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise ArchiveProblem(Reason.NO_ARCHIVE)
    return content
