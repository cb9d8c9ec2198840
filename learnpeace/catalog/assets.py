"""Files that travel with a course, and where links and pictures in its texts lead."""

import hashlib
import posixpath
import re
from collections.abc import Iterable
from urllib.parse import unquote

from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.markdown_rules import Reference, targets
from learnpeace.catalog.model import Asset
from learnpeace.catalog.problems import Findings, shown
from learnpeace.catalog.svg import svg_problems

PICTURES = {
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "webp": "image/webp",
}  # fmt: skip
MEDIA_TYPES = {
    **PICTURES, "pdf": "application/pdf", "mp3": "audio/mpeg", "vtt": "text/vtt",
}  # fmt: skip
MAX_ASSET = 2_000_000  # bytes
LARGE_ASSET = 300_000
LARGE_PICTURE = 150_000  # a second on a slow phone line
LARGE_DRAWING = 60_000
MAX_ALL_ASSETS = 100_000_000

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_SCHEMES = ("http", "https", "mailto")
BEGINNINGS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",), "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",), "application/pdf": (b"%PDF-",),
    "audio/mpeg": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"),
    "text/vtt": (b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
}  # fmt: skip


def asset_references(markdown: str, module_id: str) -> list[tuple[str, str]]:
    """Return each file a text refers to: as a Markdown parser gives it, and its path.

    `module_id` is the folder that the text's links start from. Targets that lead outside
    the course, or to no file of a known type, are left out.
    """
    found = []
    for target in targets(markdown):
        path = None if is_outside(target) else path_of(target, module_id)
        if path and media_type(path):
            found.append((target, path))
    return list(dict.fromkeys(found))


def is_outside(target: str) -> bool:
    """Say whether a target has a scheme, such as https:, or names a host."""
    return target.startswith("//") or _SCHEME.match(_bare(target)) is not None


def path_of(target: str, folder: str) -> str | None:
    """Return the path in the course folder a target leads to; None when it leaves it."""
    written = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
    if not written or written.startswith("/") or "\\" in written or "\0" in written:
        return None
    path = posixpath.normpath(posixpath.join(folder, written))
    return None if path.startswith("..") else path


def media_type(path: str) -> str:
    """Return the type of a file that may travel with a course, or nothing."""
    return MEDIA_TYPES.get(posixpath.splitext(path)[1][1:].lower(), "")


class Assets:
    """The files that a course's texts refer to, each read and checked once."""

    def __init__(self, folder: CourseFolder, modules: Iterable[str]) -> None:
        self.folder = folder
        self.modules = frozenset(modules)
        self.found: dict[str, Asset] = {}
        self._checked: set[str] = set()
        self._bytes_left = MAX_ALL_ASSETS

    def add(self, references: Iterable[Reference]) -> None:
        """Follow links and pictures, noting those that lead nowhere or may not be followed."""
        for reference in references:
            if is_outside(reference.target):
                _check_outside(reference)
            elif reference.target.startswith("#") and not reference.is_picture:
                message = "Headings have no address, so this link leads nowhere. Name the heading "
                _error(reference, "206", f"{message}in words, or link to another page.")
            else:
                self._follow(reference)

    def keep(self, path: str) -> None:
        """Take a file of the course along that no text refers to."""
        if path not in self._checked:
            self._checked.add(path)
            self._read(path, media_type(path))

    def _follow(self, reference: Reference) -> None:
        target, page = reference.target, reference.page
        path = path_of(target, page.folder)
        if path is None:
            message = f"“{shown(target)}” is not in the course's folder. Put the file beside this "
            _error_in_area(reference, "A103", "205", f"{message}text and write its name alone.")
        elif reference.is_picture or media_type(path):
            self._asset(reference, path)
        elif not self._is_module(path):
            message = f"This link leads nowhere: “{shown(target)}”."
            near = _near(reference, path.removesuffix("/module.md"), self.modules)
            _error(reference, "205", message + (near or " Write ../module/ or a file's name."))

    def _is_module(self, path: str) -> bool:
        folder, _, file = path.partition("/")
        is_page = file in ("", "module.md") or (file == "quiz.md" and path in self.folder.files)
        return folder in self.modules and is_page

    def _asset(self, reference: Reference, path: str) -> None:
        kind = media_type(path)
        if reference.is_picture and not kind.startswith("image/"):
            message = f"“{shown(path)}” cannot be shown as a picture. Use svg, png, jpg or webp."
            _error(reference, "A105", message)
        elif path in self.folder.links or self._is_under_link(path):
            message = f"“{shown(path)}” is a symbolic link. Put the file itself in the course."
            _error(reference, "A104", message)
        elif path not in self.folder.files:
            near = _near(reference, path, filter(media_type, self.folder.files))
            remedy = near or " Put the file there or correct its name."
            _error(reference, "A102", f"There is no file “{shown(path)}”.{remedy}")
        elif path not in self._checked:
            self._checked.add(path)
            self._read(path, kind)

    def _read(self, path: str, kind: str) -> None:
        content = self.folder.content(path, MAX_ASSET)
        if content is None:
            return
        findings = self.folder.findings
        self._bytes_left -= len(content)
        if len(content) > MAX_ASSET:
            message = f"This file is larger than {MAX_ASSET // 1_000_000} MB. Make it smaller."
            findings.error(path, 1, "A106", message)
        elif self._bytes_left < 0:
            message = "All files of this course are larger than 100 MB together. Take some out."
            findings.error("course.yaml", 1, "A106", message)
        elif _is_sound(findings, path, kind, content):
            if advice := _weight_advice(kind, len(content)):
                message = f"This file is {len(content) // 1000} KB, and many learners are on "
                findings.warning(path, 1, "A201", f"{message}phones. {advice}")
            digest = hashlib.sha256(content).hexdigest()
            self.found[path] = Asset(path=path, media_type=kind, content=content, sha256=digest)

    def _is_under_link(self, path: str) -> bool:
        return any(path.startswith(f"{link}/") for link in self.folder.links)


def _near(reference: Reference, path: str, known: Iterable[str]) -> str:
    """Return the nearest of some paths as the author would write it."""
    start = reference.page.folder or "."
    return reference.page.near(
        posixpath.relpath(path, start), [posixpath.relpath(other, start) for other in known]
    )


def _weight_advice(kind: str, size: int) -> str:
    """Return how to make a file lighter, or nothing when it is light enough."""
    if kind == "image/svg+xml":
        limit, remedy = LARGE_DRAWING, "Save it as plain or optimised SVG, with fewer points,"
    elif kind.startswith("image/"):
        limit, remedy = LARGE_PICTURE, "Run learnpeace course shrink on the course's folder,"
    else:
        limit, remedy = LARGE_ASSET, "Make it smaller,"
    return f"{remedy} to stay below {limit // 1000} KB." if size > limit else ""


def _is_sound(findings: Findings, path: str, kind: str, content: bytes) -> bool:
    if kind == "image/svg+xml":
        found = svg_problems(content)
        for line, message in found:
            findings.error(path, line, "A107", message)
        return not found
    if content.startswith(BEGINNINGS[kind]):
        return True
    name = posixpath.splitext(path)[1]
    message = f"The content of this file is not what {name} says. Save it again in that format."
    findings.error(path, 1, "A108", message)
    return False


def _check_outside(reference: Reference) -> None:
    target = shown(reference.target)
    if reference.is_picture:
        message = f"The picture “{target}” is not in the course's folder. Put it there: pictures "
        _error(reference, "A103", f"{message}travel with the course.")
        return
    match = _SCHEME.match(_bare(reference.target))
    if match is None or match[1].lower() not in _SCHEMES:
        message = f"The link “{target}” cannot be followed safely. Begin it with https:, http: or "
        _error(reference, "204", f"{message}mailto:, or name a file of the course.")


def _bare(target: str) -> str:
    """Return a target as a browser understands it: without blanks and invisible signs."""
    return "".join(c for c in unquote(target) if c.isprintable() and not c.isspace())


def _error_in_area(reference: Reference, picture: str, link: str, message: str) -> None:
    _error(reference, picture if reference.is_picture else link, message)


def _error(reference: Reference, code: str, message: str) -> None:
    page = reference.page
    page.error(reference.line, code if code[0] == "A" else page.area + code, message)
