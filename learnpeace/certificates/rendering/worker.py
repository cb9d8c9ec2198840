"""The child process that makes pages: `python -m learnpeace.certificates.rendering.worker`.

It reads jobs from standard input and writes answers to standard output: four bytes of
length, then JSON; one byte (P for a page, E for an error), four bytes of length, then the
page or the error's name. It ends when its input closes or nothing comes for two minutes.

It has no secret, and limits on memory, time, the size and the number of files. `typesetting`
makes the pages, `page_pictures` the pictures of them.
"""

import gc
import json
import os
import resource
import select
import struct
from base64 import b64decode
from typing import Any, BinaryIO

from weasyprint.urls import FatalURLFetchingError

from learnpeace.certificates.rendering.finishing import Attached
from learnpeace.certificates.rendering.typesetting import make_page
from learnpeace.lib.limits import set_limits

IDLE_SECONDS = 120
CPU_SECONDS = 20
MEMORY = 1024**3
LARGEST_FILE = 20 * 1000**2
TIDY_AFTER = 20  # jobs
MOST_FILES = 64  # open at once: fonts, and the two pipes


def main() -> None:
    """Answer jobs until the input closes."""
    set_limits(memory=MEMORY, file_size=LARGEST_FILE, files=MOST_FILES)
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library may print must not get between the answers
    gc.freeze()  # the libraries stay: they need not be looked through again and again
    gc.disable()
    jobs = 0
    while select.select([source], [], [], IDLE_SECONDS)[0]:
        job = read_job(source)
        if job is None:
            return
        allow_more_time()
        kind, body = answer(job)
        answers.write(kind + struct.pack(">I", len(body)) + body)
        answers.flush()
        jobs += 1
        if jobs % TIDY_AFTER == 0:  # now, while nobody waits
            gc.collect()


def allow_more_time() -> None:
    """Let the next job use 20 seconds of processor time; beyond that the kernel ends us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def read_job(source: BinaryIO) -> dict[str, Any] | None:
    """Return the next job, or None when the input closed."""
    head = _read(source, 4)
    if head is None:
        return None
    body = _read(source, struct.unpack(">I", head)[0])
    if body is None:
        return None
    job: dict[str, Any] = json.loads(body)
    return job


def answer(job: dict[str, Any]) -> tuple[bytes, bytes]:
    """Return a page or a picture of one, or the name of what went wrong."""
    try:
        make = _picture if job.pop("make") == "picture" else _page
        return b"P", make(job)
    # FatalURLFetchingError is not an Exception: unnamed it would end the process.
    except (Exception, FatalURLFetchingError) as error:  # noqa: BLE001 (an edge)
        return b"E", type(error).__name__.encode()


def _page(job: dict[str, Any]) -> bytes:
    assets = {
        address: (b64decode(content), media_type)
        for address, (content, media_type) in job.pop("assets").items()
    }
    attachments = [
        Attached(**{**one, "content": b64decode(one["content"])}) for one in job.pop("attachments")
    ]
    return make_page(**job, assets=assets, attachments=attachments)


def _picture(job: dict[str, Any]) -> bytes:
    # Most children draw none.
    from learnpeace.certificates.rendering.page_pictures import picture_of

    return picture_of(b64decode(job["pdf"]), job["width"])


def _read(source: BinaryIO, size: int) -> bytes | None:
    body = bytearray()
    while len(body) < size:
        piece = source.read(size - len(body))
        if not piece:
            return None
        body += piece
    return bytes(body)


if __name__ == "__main__":
    main()
