"""What a person hands over: one file, a folder or a .zip, read with limits."""

import os
from pathlib import Path

from learnpeace.exchange.bringing import CannotBring
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.unpacking import MAX_UNPACKED, unpack, without_outer_folder

MAX_FILES = 2_000
MAX_DEPTH = 12
_SKIPPED = frozenset({"node_modules", "__pycache__", "_build", "site", "renv", "__MACOSX"})


def read_file(path: Path) -> bytes:
    """Return the content of a file, or raise CannotBring."""
    try:
        if path.stat().st_size > MAX_UNPACKED:
            limit = MAX_UNPACKED // 1_000_000
            raise CannotBring(f"{path} is larger than {limit} MB. Bring it in in parts.")
        if not path.is_file():
            raise CannotBring(f"{path} is no file. Name a file, a folder or a .zip.")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise CannotBring(f"{path} cannot be read ({reason}). Check its name.") from error


def read_files(path: Path, notes: Notes) -> dict[str, bytes]:
    """Return the files of a folder, of a .zip (or a lone text) by their path in it."""
    if path.is_dir():
        return _of_folder(path, notes)
    content = read_file(path)
    if content[:2] == b"PK":
        return without_outer_folder(unpack(content))
    return {path.name: content}


def _of_folder(root: Path, notes: Notes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for folder, folders, names in os.walk(root, followlinks=False):
        place = Path(folder)
        depth = len(place.relative_to(root).parts)
        folders[:] = sorted(
            name for name in folders
            if name[0] != "." and name not in _SKIPPED and depth < MAX_DEPTH
        )  # fmt: skip
        for name in sorted(names):
            path = place / name
            relative = path.relative_to(root).as_posix()
            if name.startswith("."):
                continue
            if path.is_symlink() or not path.is_file():
                notes.of(relative).add(1, "A symbolic link or device is not followed. Left out.")
                continue
            found[relative] = read_file(path)
            left -= len(found[relative])
            if left < 0 or len(found) > MAX_FILES:
                message = f"{root} holds more than {MAX_FILES} files or "
                limit = f"{MAX_UNPACKED // 1_000_000} MB."
                raise CannotBring(f"{message}{limit} Take out what the course does not need.")
    return found
