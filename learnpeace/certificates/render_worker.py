"""The child process that makes PDF pages: `python -m learnpeace.certificates.render_worker`.

It reads jobs from standard input and writes answers to standard output: four bytes of
length, then JSON; one byte (P for a page, E for an error), four bytes of length, then the
page or the error's name. It ends when its input closes or nothing comes for two minutes.

WeasyPrint is imported once. Nothing outside may be fetched: every address is refused but
the named assets, of which a certificate has none.
"""

import hashlib
import json
import os
import resource
import select
import struct
from functools import cache
from typing import Any, BinaryIO

import pydyf
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from learnpeace.certificates import ornament, qr

IDLE_SECONDS = 120
CPU_SECONDS = 20
MEMORY = 1024**3
LARGEST_FILE = 20 * 1000**2
POINTS_PER_MM = 72 / 25.4
POINTS_PER_PIXEL = 0.75
ASSETS: dict[str, tuple[bytes, str]] = {}  # address: content and media type


class NamedAssets(URLFetcher):  # type: ignore[misc]
    """Gives out the named assets and refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return a named asset; raise ValueError for any other address."""
        if url not in ASSETS:
            raise ValueError("A certificate fetches nothing.")
        content, media_type = ASSETS[url]
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


def main() -> None:
    """Answer jobs until the input closes."""
    limit_resources()
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library may print must not get between the answers
    while select.select([source], [], [], IDLE_SECONDS)[0]:
        job = read_job(source)
        if job is None:
            return
        allow_more_time()
        kind, body = answer(job)
        answers.write(kind + struct.pack(">I", len(body)) + body)
        answers.flush()


def limit_resources() -> None:
    """Cap memory and the size of files; time is capped before each job."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_more_time() -> None:
    """Let the next job use 20 seconds of processor time; beyond that the kernel ends us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def read_job(source: BinaryIO) -> dict[str, str] | None:
    """Return the next job, or None when the input closed."""
    head = _read(source, 4)
    if head is None:
        return None
    body = _read(source, struct.unpack(">I", head)[0])
    if body is None:
        return None
    job: dict[str, str] = json.loads(body)
    return job


def answer(job: dict[str, str]) -> tuple[bytes, bytes]:
    """Return a page, or the name of what went wrong."""
    try:
        return b"P", make_page(**job)
    # FatalURLFetchingError is not an Exception: unnamed it would end the process.
    except (Exception, FatalURLFetchingError) as error:  # noqa: BLE001 (an edge)
        return b"E", type(error).__name__.encode()


def make_page(*, html: str, css: str, qr: str, key: str) -> bytes:
    """Return the PDF. `qr` is the address in the square code; `key` makes the file's /ID."""
    fonts = _fonts()
    fetcher = NamedAssets()
    page = HTML(string=html, base_url=None, url_fetcher=fetcher)
    document = page.render(font_config=fonts, stylesheets=[_sheet(css)], presentational_hints=False)
    pdf: bytes = document.write_pdf(
        finisher=lambda made, file: draw_art(made, file, qr),
        pdf_variant="pdf/a-3a",
        pdf_identifier=hashlib.sha256(f"{key}\n{html}".encode()).digest()[:16],
    )
    return pdf


def draw_art(document: Document, file: pydyf.PDF, code: str) -> None:
    """Put border, seal and square code behind the page's text, as decoration.

    WeasyPrint's own content leaves the page's matrix turned over, so ours comes first.
    """
    page = document.pages[0]
    height = page.height * POINTS_PER_PIXEL
    scale = f"{POINTS_PER_MM:.5f}"
    art = [b"/Artifact BMC q", f"{scale} 0 0 -{scale} 0 {height:.3f} cm".encode()]
    art.append(ornament.as_pdf())
    if code and "qr" in page.anchors:
        left, top, right, _ = (n * 25.4 / 96 for n in page.anchors["qr"])
        art.append(qr.as_pdf(code, left, top, right - left))
    art.append(b"Q EMC")
    stream = pydyf.Stream(art, compress=True)
    file.add_object(stream)
    sheet = next(item for item in file.objects if _is_page(item))
    sheet["Contents"] = pydyf.Array([stream.reference, sheet["Contents"]])


def _is_page(item: object) -> bool:
    return isinstance(item, dict) and item.get("Type") == "/Page"


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _sheet(css: str) -> CSS:
    return CSS(string=css, base_url=None, url_fetcher=NamedAssets(), font_config=_fonts())


def _read(source: BinaryIO, size: int) -> bytes | None:
    body = b""
    while len(body) < size:
        piece = source.read(size - len(body))
        if not piece:
            return None
        body += piece
    return body


if __name__ == "__main__":
    main()
