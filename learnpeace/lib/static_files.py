"""Style sheet, script and pictures: read once, compressed once, kept for a year.

An address carries the content's fingerprint, so a changed file has a new address and an
unchanged one is never asked for again.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request

COMPRESSED = (".css", ".js", ".svg", ".txt")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent: as it is, by gzip, by brotli (empty when not worth it)."""

    media_type: str
    fingerprint: str
    plain: bytes
    gzipped: bytes
    brotlied: bytes


def init_app(app: Flask, folder: Path) -> None:
    """Serve `folder` under /static/<fingerprint>/… and give templates `static(path)`."""
    files = {
        path.relative_to(folder).as_posix(): _read(path, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

    def static(path: str) -> str:
        return f"/static/{files[path].fingerprint}/{path}"

    def static_file(fingerprint: str, path: str) -> Response:
        """Send a file of the interface; an older fingerprint gets today's file, uncached."""
        if (file := files.get(path)) is None:
            abort(404)
        return _answer(file, is_current=fingerprint == file.fingerprint)

    app.jinja_env.globals["static"] = static
    app.add_url_rule("/static/<fingerprint>/<path:path>", "static_file", static_file)


@cache
def _read(path: Path, _changed_at: int) -> StaticFile:
    """Read and compress a file, once for each time it changed."""
    content = path.read_bytes()
    squeeze = path.suffix in COMPRESSED
    return StaticFile(
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        fingerprint=hashlib.sha256(content).hexdigest()[:12],
        plain=content,
        gzipped=gzip.compress(content, 9, mtime=0) if squeeze else b"",
        brotlied=brotli.compress(content, quality=11) if squeeze else b"",
    )


def _answer(file: StaticFile, *, is_current: bool) -> Response:
    body, encoding = file.plain, ""
    accepted = request.headers.get("Accept-Encoding", "")
    if file.brotlied and "br" in accepted:
        body, encoding = file.brotlied, "br"
    elif file.gzipped and "gzip" in accepted:
        body, encoding = file.gzipped, "gzip"
    response = Response(body, mimetype=file.media_type)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    age = "public, max-age=31536000, immutable" if is_current else "no-cache"
    response.headers["Cache-Control"] = age
    return response
