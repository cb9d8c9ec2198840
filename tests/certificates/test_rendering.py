"""The child process: that it cannot fetch, and that trouble with it stays its own."""

import contextlib
import io
import os
import signal
import sys
import threading
import time

import psutil
import pytest
from pypdf import PdfReader

from learnpeace.certificates import render_worker
from learnpeace.certificates.rendering import MOST_JOBS, Job, Renderer, RenderingFailed

JOB = Job(html="<!doctype html><title>x</title><p>Hello", css="p { color: red }", qr="", key="k")


@pytest.fixture(scope="module")
def renderer():
    made = Renderer()
    yield made
    made.close()


def test_a_job_becomes_a_page(renderer: Renderer):
    assert renderer.render(JOB).startswith(b"%PDF-")


def test_the_child_is_kept_for_the_next_job(renderer: Renderer):
    renderer.render(JOB)
    first = renderer.child
    renderer.render(JOB)

    assert renderer.child is first


def test_a_child_that_was_killed_is_replaced_without_a_word(renderer: Renderer):
    renderer.render(JOB)
    assert renderer.child
    os.kill(renderer.child.pid, signal.SIGKILL)

    assert renderer.render(JOB).startswith(b"%PDF-")


def test_a_child_is_replaced_after_many_jobs(renderer: Renderer):
    renderer.render(JOB)
    first, renderer.jobs = renderer.child, MOST_JOBS
    renderer.render(JOB)

    assert renderer.child is not first


def test_a_child_that_hangs_is_ended_and_the_job_fails_in_time():
    hanging = Renderer((sys.executable, "-c", "import time; time.sleep(60)"), seconds=0.3)
    start = time.monotonic()

    with pytest.raises(RenderingFailed):
        hanging.render(JOB)
    assert time.monotonic() - start < 5
    assert hanging.child is None


@pytest.mark.parametrize("code", ["", "import os; os.write(1, b'P' + b'\\xff' * 9)"])
def test_a_child_that_ends_or_talks_nonsense_fails_the_job(code: str):
    with pytest.raises(RenderingFailed):
        Renderer((sys.executable, "-c", code), seconds=5).render(JOB)


def test_the_child_ends_with_its_parent(renderer: Renderer):
    renderer.render(JOB)
    child = renderer.child
    assert child
    assert child.stdin
    child.stdin.close()

    assert child.wait(timeout=5) == 0
    renderer.close()


def test_jobs_from_many_threads_get_their_own_pages(renderer: Renderer):
    pages: dict[int, bytes] = {}

    def ask(number: int) -> None:
        job = Job(html=f"<title>page {number}</title>", css="", qr="", key=str(number))
        pages[number] = renderer.render(job)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    titles = {n: PdfReader(io.BytesIO(page)).metadata.title for n, page in pages.items()}
    assert titles == {n: f"page {n}" for n in range(6)}


def test_the_child_sees_no_secret_and_is_limited(renderer: Renderer, monkeypatch):
    monkeypatch.setenv("LEARNPEACE_SECRET_KEY", "canary")
    renderer.close()
    renderer.render(JOB)
    assert renderer.child
    child = psutil.Process(renderer.child.pid)

    assert "LEARNPEACE_SECRET_KEY" not in child.environ()
    assert child.rlimit(psutil.RLIMIT_AS)[0] == 1024**3
    assert child.rlimit(psutil.RLIMIT_FSIZE)[0] == 20_000_000
    assert 0 < child.rlimit(psutil.RLIMIT_CPU)[0] < 60
    assert child.memory_info().rss < 250 * 1024**2


@pytest.mark.parametrize(
    "trick",
    [
        '<link rel=attachment href="file:///etc/passwd">',
        '<link rel=stylesheet href="file:///etc/passwd">',
        "<img src='file:///etc/passwd'>",
        "<img src='FILE:///etc/passwd'>",
        "<img src='data:image/svg+xml,<svg/>'>",
        "<object data='http://127.0.0.1:9/'></object>",
        (
            "<style>@import 'http://127.0.0.1:9/'; @font-face { font-family: x; src: url(file:///x)}"
            " body { background: url(ftp://127.0.0.1/); font-family: x }</style>"
        ),
    ],
)
def test_nothing_is_fetched_even_if_a_template_were_tricked(renderer: Renderer, trick: str):
    pdf = renderer.render(Job(html=f"<title>x</title>{trick}<p>Hello", css="", qr="", key="k"))

    assert b"EmbeddedFile" not in pdf
    assert b"root:" not in pdf


def test_the_fetcher_gives_named_assets_only(monkeypatch):
    monkeypatch.setitem(render_worker.ASSETS, "asset:logo", (b"x", "image/png"))
    fetcher = render_worker.NamedAssets()

    assert fetcher.fetch("asset:logo").read() == b"x"
    with pytest.raises(ValueError, match="fetches nothing"):
        fetcher.fetch("asset:other")


def test_a_job_that_cannot_be_laid_out_is_an_error_not_the_end(renderer: Renderer):
    broken = Job(html="<p>x", css="p { font-size: 1e9px }", qr="", key="k")
    nested = Job(html="<div>" * 900, css="", qr="", key="k")

    for job in (broken, nested):
        with contextlib.suppress(RenderingFailed):
            renderer.render(job)
    assert renderer.render(JOB).startswith(b"%PDF-")
