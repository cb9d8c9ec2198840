"""The child processes: that they cannot fetch, and that trouble with them stays their own."""

import contextlib
import io
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import replace

import psutil
import pytest
from pypdf import PdfReader

from learnpeace.certificates.rendering.child import MOST_JOBS, Renderer, RenderingFailed
from learnpeace.certificates.rendering.pool import PDF, Asset, Job, Pool, page_message
from learnpeace.certificates.rendering.typesetting import NamedAssets

pytestmark = pytest.mark.once

JOB = Job(html="<!doctype html><title>x</title><p>Hello", css="p { color: red }", key="k")
HANGS = (sys.executable, "-c", "import time; time.sleep(60)")
# Works for a second, then answers with a page: long enough for others to queue up behind it.
SLOW = (sys.executable, "-c", """
import sys, struct, time
while head := sys.stdin.buffer.read(4):
    sys.stdin.buffer.read(struct.unpack('>I', head)[0])
    time.sleep(1)
    page = b'%PDF-slow'
    sys.stdout.buffer.write(b'P' + struct.pack('>I', len(page)) + page)
    sys.stdout.flush()
""")  # fmt: skip


@pytest.fixture(scope="module")
def pool():
    made = Pool(children=1)
    yield made
    made.close()


@pytest.fixture
def renderer(pool: Pool) -> Renderer:
    return pool.renderers[0]


def test_a_job_becomes_a_page(pool: Pool):
    assert pool.render(JOB).startswith(b"%PDF-")


def test_the_child_is_kept_for_the_next_job(pool: Pool, renderer: Renderer):
    pool.render(JOB)
    first = renderer.child
    pool.render(JOB)

    assert renderer.child is first


def test_a_child_that_was_killed_is_replaced_without_a_word(pool: Pool, renderer: Renderer):
    pool.render(JOB)
    assert renderer.child
    os.kill(renderer.child.pid, signal.SIGKILL)

    assert pool.render(JOB).startswith(b"%PDF-")


def test_a_child_that_stopped_is_replaced_and_its_job_done():
    pool = Pool(children=1)
    pool.render(JOB)
    renderer = pool.renderers[0]
    renderer.seconds = 3.0  # a new child needs more than a second to begin
    assert renderer.child
    stopped = renderer.child.pid
    os.kill(stopped, signal.SIGSTOP)

    assert pool.render(JOB).startswith(b"%PDF-")
    assert not psutil.pid_exists(stopped)
    pool.close()


def test_a_long_job_for_a_child_that_reads_no_more_ends_in_time():
    pool = Pool(HANGS, seconds=0.3, children=1)
    start = time.monotonic()

    with pytest.raises(RenderingFailed):
        pool.render(replace(JOB, html="x" * 1_000_000))  # more than fits into the pipe
    assert time.monotonic() - start < 10


def test_a_child_is_replaced_after_many_jobs(pool: Pool, renderer: Renderer):
    pool.render(JOB)
    first, renderer.jobs = renderer.child, MOST_JOBS
    pool.render(JOB)

    assert renderer.child is not first


def test_a_child_that_hangs_is_ended_and_the_job_fails_in_time():
    hanging = Renderer(HANGS, seconds=0.3)
    start = time.monotonic()

    with pytest.raises(RenderingFailed):
        hanging.ask(page_message(JOB), PDF)
    assert time.monotonic() - start < 10
    assert hanging.child is None


@pytest.mark.parametrize("code", ["", "import os; os.write(1, b'P' + b'\\xff' * 9)"])
def test_a_child_that_ends_or_talks_nonsense_fails_the_job(code: str):
    with pytest.raises(RenderingFailed):
        Renderer((sys.executable, "-c", code), seconds=5).ask(page_message(JOB), PDF)


def test_a_page_that_is_none_is_not_taken_for_one(renderer: Renderer):
    with pytest.raises(RenderingFailed):
        renderer.ask(page_message(JOB), b"\x89PNG")


def test_the_child_ends_with_its_parent(pool: Pool, renderer: Renderer):
    pool.render(JOB)
    child = renderer.child
    assert child
    assert child.stdin
    child.stdin.close()

    assert child.wait(timeout=5) == 0
    renderer.close()


def test_two_pages_are_made_at_a_time_and_each_gets_its_own():
    pool, pages = Pool(), {}

    def ask(number: int) -> None:
        job = Job(html=f"<title>page {number}</title>", css="", key=str(number))
        pages[number] = pool.render(job)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    titles = {n: PdfReader(io.BytesIO(page)).metadata.title for n, page in pages.items()}
    assert titles == {n: f"page {n}" for n in range(6)}
    assert [renderer.child is not None for renderer in pool.renderers] == [True, True]
    pool.close()


def test_one_after_another_needs_one_child():
    pool = Pool()
    for _ in range(3):
        pool.render(JOB)

    assert sorted(renderer.child is not None for renderer in pool.renderers) == [False, True]
    pool.close()


def test_a_flood_is_answered_busy_and_those_who_wait_get_their_pages():
    pool, answers = Pool(SLOW, children=1, most_waiting=2), []

    def ask() -> None:
        try:
            answers.append(pool.render(JOB))
        except RenderingFailed:
            answers.append(b"busy")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert answers.count(b"%PDF-slow") == 3, "one at work, two who wait"
    assert pool.waiting == 0
    pool.close()


def test_the_child_sees_no_secret_and_is_limited(pool: Pool, renderer: Renderer, monkeypatch):
    monkeypatch.setenv("LEARNPEACE_SECRET_KEY", "canary")
    renderer.close()
    pool.render(JOB)
    assert renderer.child
    child = psutil.Process(renderer.child.pid)

    assert "LEARNPEACE_SECRET_KEY" not in child.environ()
    assert child.rlimit(psutil.RLIMIT_AS)[0] == 1024**3
    assert child.rlimit(psutil.RLIMIT_FSIZE)[0] == 20_000_000
    assert child.rlimit(psutil.RLIMIT_NOFILE)[0] == 64
    assert 0 < child.rlimit(psutil.RLIMIT_CPU)[0] < 60
    assert child.memory_info().rss < 250 * 1024**2


@pytest.mark.parametrize(
    "trick",
    [
        '<link rel=attachment href="file:///etc/passwd">',
        '<link rel=attachment href="asset:other">',
        '<a rel=attachment href="file:///etc/passwd">x</a>',
        '<link rel=stylesheet href="file:///etc/passwd">',
        "<img src='file:///etc/passwd'>",
        "<img src='FILE:///etc/passwd'>",
        "<img src='data:image/svg+xml,<svg/>'>",
        "<object data='http://127.0.0.1:{port}/'></object>",
        "<embed src='http://127.0.0.1:{port}/'>",
        "<svg><image href='http://127.0.0.1:{port}/'/><use href='file:///etc/passwd#x'/></svg>",
        "<p style='background: url(http://127.0.0.1:{port}/)'>x",
        (
            "<style>@import 'http://127.0.0.1:{port}/'; @font-face {{ font-family: x;"
            " src: url(file:///etc/passwd) }} body {{ background: url(ftp://127.0.0.1:{port}/);"
            " list-style: url(http://127.0.0.1:{port}/); font-family: x }}</style>"
        ),
    ],
)
def test_nothing_is_fetched_even_if_a_template_were_tricked(pool: Pool, knocks, trick: str):
    html = f"<title>x</title>{trick.replace('{port}', str(knocks.port))}<p>Hello"
    pdf = pool.render(Job(html=html, css="", key="k"))

    assert knocks.heard == []
    assert b"EmbeddedFile" not in pdf
    assert b"root:" not in pdf
    assert "root:" not in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


@pytest.fixture
def knocks():
    """A server on this machine that notes whoever calls."""
    server = Knocks()
    yield server
    server.socket.close()


class Knocks:
    def __init__(self) -> None:
        self.heard: list[object] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                called, address = self.socket.accept()
                self.heard.append(address)
                called.close()


def test_a_style_sheet_fetches_nothing_either(pool: Pool, knocks):
    css = f"@import 'http://127.0.0.1:{knocks.port}/'; p {{ background: url(file:///etc/passwd) }}"

    assert pool.render(replace(JOB, css=css)).startswith(b"%PDF-")
    assert knocks.heard == []


def test_the_fetcher_gives_named_assets_only():
    fetcher = NamedAssets({"asset:logo": (b"x", "image/png")})

    assert fetcher.fetch("asset:logo").read() == b"x"
    with pytest.raises(ValueError, match="fetches nothing"):
        fetcher.fetch("asset:other")


def test_a_picture_that_is_none_leaves_the_page_whole(pool: Pool):
    html = "<title>x</title><img src=asset:a alt=Emblem><p>Hello"
    broken = {"asset:a": Asset(content=b"no picture", media_type="image/png")}

    with contextlib.suppress(RenderingFailed):
        pool.render(Job(html=html, css="", key="k", assets=broken))
    assert pool.render(JOB).startswith(b"%PDF-")


def test_a_job_that_cannot_be_laid_out_is_an_error_not_the_end(pool: Pool):
    broken = Job(html="<p>x", css="p { font-size: 1e9px }", key="k")
    nested = Job(html="<div>" * 900, css="", key="k")

    for job in (broken, nested):
        with contextlib.suppress(RenderingFailed):
            pool.render(job)
    assert pool.render(JOB).startswith(b"%PDF-")
