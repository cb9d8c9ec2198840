"""Pages from child processes: at most two at a time in each process, and a queue with an end.

Whoever asks waits for their turn behind twenty others at most; beyond that, and after half
a minute, the answer is “busy”. The child that was used last is used first, so that a second
one is started only when two pages are wanted at once; who has nothing to do ends by itself.
"""

import json
import os
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from learnpeace.certificates.rendering.child import COMMAND, SECONDS, Renderer, RenderingFailed

CHILDREN = 2
MOST_WAITING = 20
PDF, PNG = b"%PDF-", b"\x89PNG\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A picture that a page shows."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file inside the PDF.

    What it is stands in the page (`<meta name="attachment">`), in the page's language and kept
    with it.
    """

    name: str
    media_type: str
    content: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A page to make: its HTML, its style sheet, and all it needs besides.

    `key` makes the file's own number; `assets` are its pictures by their address in the HTML,
    "asset:<SHA-256>". Which border and seal it has (`<meta name="art">`), and which address
    is in the square code (`<meta name="qr">`, drawn at the anchor "qr"), the HTML says.
    """

    html: str
    css: str
    key: str
    assets: Mapping[str, Asset] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


class Pool:
    """Two children, and a queue of those who wait for one."""

    def __init__(
        self,
        command: tuple[str, ...] = COMMAND,
        *,
        seconds: float = SECONDS,
        children: int = CHILDREN,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.command, self.seconds = command, seconds
        self.children, self.most_waiting = children, most_waiting
        self.forget()

    def forget(self) -> None:
        """Start anew in a process of one's own, without touching the children."""
        self.renderers = [Renderer(self.command, self.seconds) for _ in range(self.children)]
        self.free = list(self.renderers)
        self.waiting = 0
        self.turn = threading.Condition()

    def render(self, job: Job) -> bytes:
        """Return the page as PDF; raise RenderingFailed."""
        with self._renderer() as renderer:
            return renderer.ask(page_message(job), PDF)

    def picture(self, pdf: bytes, width: int) -> bytes:
        """Return the first page of a PDF as PNG, so many pixels wide; raise RenderingFailed."""
        message = {"make": "picture", "pdf": b64encode(pdf).decode(), "width": width}
        with self._renderer() as renderer:
            return renderer.ask(json.dumps(message).encode(), PNG)

    def warm_up(self) -> None:
        """Start a child now and do not wait."""
        with self.turn:
            free = self.free[-1] if self.free else None
        if free:
            free.warm_up()

    def close(self) -> None:
        """End the children."""
        for renderer in self.renderers:
            renderer.close()

    @contextmanager
    def _renderer(self) -> Iterator[Renderer]:
        renderer = self._take()
        try:
            yield renderer
        finally:
            with self.turn:
                self.free.append(renderer)
                self.turn.notify()

    def _take(self) -> Renderer:
        with self.turn:
            if not self.free and self.waiting >= self.most_waiting:
                raise RenderingFailed("Too many pages are asked for at once.")
            self.waiting += 1
            try:
                if not self.turn.wait_for(lambda: bool(self.free), self.seconds):
                    raise RenderingFailed("The renderers are busy.")
                return self.free.pop()
            finally:
                self.waiting -= 1


def render(job: Job) -> bytes:
    """Return the page as PDF; raise RenderingFailed."""
    return _pool.render(job)


def picture(pdf: bytes, width: int) -> bytes:
    """Return the first page of a PDF as PNG, so many pixels wide; raise RenderingFailed."""
    return _pool.picture(pdf, width)


def warm_up() -> None:
    """Start a child now and do not wait: the next page is then made at once."""
    _pool.warm_up()


def page_message(job: Job) -> bytes:
    """Return a job as the child reads it."""
    return json.dumps(
        {
            "make": "page",
            "html": job.html,
            "css": job.css,
            "key": job.key,
            "assets": {
                address: (b64encode(asset.content).decode(), asset.media_type)
                for address, asset in job.assets.items()
            },
            "attachments": [_attached(attachment) for attachment in job.attachments],
        }
    ).encode()


def _attached(attachment: Attachment) -> dict[str, str]:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "content": b64encode(attachment.content).decode(),
        "made_at": attachment.made_at.strftime("D:%Y%m%d%H%M%SZ"),
    }


_pool = Pool()
# After a fork the children belong to the parent, whose pipes those are.
os.register_at_fork(after_in_child=_pool.forget)
