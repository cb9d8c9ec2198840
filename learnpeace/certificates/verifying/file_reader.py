"""The child process that looks for our numbers in a stranger's PDF, one file and no more.

`python -m learnpeace.certificates.verifying.file_reader` reads a file from standard input and
writes one line of JSON: what became of it, and the numbers found in what it says of itself, its
attachments, its links and the text of its first pages. It may use little memory and two
seconds of processor time and write no file; whatever goes wrong in here ends only this process.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING

from learnpeace.lib.limits import set_limits

if TYPE_CHECKING:  # loaded only once the limits are set
    from pypdf import PdfReader

LARGEST = 5 * 1000**2  # bytes of a file
MEMORY = 512 * 1024**2
CPU_SECONDS = 2
MOST_PAGES, MOST_ATTACHMENTS, MOST_LINKS, MOST_NUMBERS = 3, 4, 100, 5
LONGEST_TEXT = 200_000  # characters looked at in one place

_GROUP, _PARTED = "[0-9A-HJKMNP-TV-Z]{5}", r"\s?[-\u00ad\u2010-\u2015]\s?"
_NUMBER = re.compile(
    rf"(?:/{_GROUP}(?:-?{_GROUP}){{3}}|(?<![0-9A-Z-]){_GROUP}(?:{_PARTED}{_GROUP}){{3}})(?![0-9A-Z-])"
)


def main() -> None:
    """Read one file, say what is in it."""
    limit_resources()
    logging.disable(logging.CRITICAL)
    answer, sys.stdout = sys.stdout, sys.stderr  # a library's words must not get into ours
    fate, numbers = read(sys.stdin.buffer.read(LARGEST + 1))
    answer.write(json.dumps({"fate": fate, "numbers": numbers}))
    answer.flush()


def limit_resources() -> None:
    """Cap memory and time, let no file be written, and let pages go first."""
    os.nice(10)
    set_limits(memory=MEMORY, seconds=CPU_SECONDS, file_size=0)


def read(content: bytes) -> tuple[str, list[str]]:
    """Return "read", "locked" or "broken", and the numbers found, without separators."""
    from pypdf import PdfReader

    try:
        file = PdfReader(BytesIO(content))
        if file.is_encrypted:
            return "locked", []
        if len(file.pages) == 0:
            return "broken", []
    except Exception:  # noqa: BLE001 (an edge: any bytes may come)
        return "broken", []
    for place in (descriptions, attachments, links, texts):
        if found := _numbers_at(place(file)):
            return "read", found
    return "read", []


def numbers_in(text: str) -> list[str]:
    """Return what looks like our numbers in a text, without separators."""
    found = islice(_NUMBER.finditer(text[:LONGEST_TEXT].upper()), MOST_NUMBERS)
    return [re.sub(r"[^0-9A-Z]", "", one.group()) for one in found]


def descriptions(file: "PdfReader") -> Iterator[str]:
    """Yield what the file says about itself: its metadata, then its properties."""
    metadata = file.root_object.get("/Metadata")
    if metadata is not None:
        yield metadata.get_object().get_data()[:LONGEST_TEXT].decode("utf-8", "replace")
    for value in islice((file.metadata or {}).values(), MOST_LINKS):
        yield str(value)


def attachments(file: "PdfReader") -> Iterator[str]:
    """Yield the beginnings of the files inside the file."""
    for one in islice(file.attachment_list, MOST_ATTACHMENTS):
        yield one.content[:LONGEST_TEXT].decode("utf-8", "replace")


def links(file: "PdfReader") -> Iterator[str]:
    """Yield the addresses that the first pages link to."""
    for page in file.pages[:MOST_PAGES]:
        for mark in islice(page.get("/Annots") or (), MOST_LINKS):
            yield str((mark.get_object().get("/A") or {}).get("/URI", ""))


def texts(file: "PdfReader") -> Iterator[str]:
    """Yield the words of the first pages."""
    for page in file.pages[:MOST_PAGES]:
        yield page.extract_text()


def _numbers_at(place: Iterator[str]) -> list[str]:
    """Return the numbers in one place; what is broken there ends the search in it."""
    found: dict[str, None] = {}
    try:
        for text in place:
            found.update(dict.fromkeys(numbers_in(text)))
    except Exception:  # noqa: BLE001, S110 (what was whole before it counts)
        pass
    return list(found)[:MOST_NUMBERS]


if __name__ == "__main__":
    main()
