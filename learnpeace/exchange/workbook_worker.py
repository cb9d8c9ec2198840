"""The child process that prints one workbook: `python -m learnpeace.exchange.workbook_worker`.

It reads one job as JSON from standard input, writes the PDF to standard output and ends.
Every address is refused but those of the course's own files, which come with the job.
"""

import hashlib
import json
import os
import sys
from base64 import b64decode
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from learnpeace.exchange.workbook_svg import set_words_whole, with_our_faces
from learnpeace.lib.limits import set_limits

CPU_SECONDS = 240
MEMORY = 3 * 512 * 1024**2
LARGEST_FILE = 50 * 1000**2


class CourseFiles(URLFetcher):  # type: ignore[misc]
    """Gives out the files of the job and refuses everything else."""

    def __init__(self, files: dict[str, tuple[str, str]]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return a file of the course; raise ValueError for any other address."""
        if url not in self.files:
            raise ValueError("A workbook fetches nothing from outside.")
        text, media_type = self.files[url]
        content = b64decode(text)
        if media_type == "image/svg+xml":
            content = with_our_faces(content)
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


def main() -> None:
    """Print the job's pages."""
    set_limits(memory=MEMORY, seconds=CPU_SECONDS, file_size=LARGEST_FILE)
    job = json.load(sys.stdin.buffer)
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library may print must not get into the pages
    with answer:
        answer.write(printed(job["html"], job["css"], job["files"]))


def printed(html: str, css: str, files: dict[str, tuple[str, str]]) -> bytes:
    """Return the PDF, tagged for screen readers; the same words give the same bytes."""
    set_words_whole()
    fonts, fetcher = FontConfiguration(), CourseFiles(files)
    page = HTML(string=html, base_url=None, url_fetcher=fetcher)
    sheet = CSS(string=css, base_url=None, url_fetcher=fetcher, font_config=fonts)
    pdf: bytes = page.write_pdf(
        font_config=fonts,
        stylesheets=[sheet],
        pdf_tags=True,
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
    )
    return pdf


if __name__ == "__main__":
    main()
