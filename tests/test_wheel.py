"""The wheel holds the whole product and serves it from an empty folder, without the checkout."""

import http.client
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import psutil
import pytest

from tests.serving import ROOT, free_port, start, stop, tail, wait_until_ready

pytestmark = pytest.mark.once

TRAVELS_ALONG = ("templates", "static", "migrations", "courses")
FOR_AUTHORS = ("learnpeace/authors/guide/", "learnpeace/authors/starter/")  # dot files as well
NOT_SHIPPED = {"__pycache__"}
PRINTS_A_PAGE = """
from datetime import UTC, date, datetime
from learnpeace.app import create_app
from learnpeace.certificates.printing import pages
from learnpeace.certificates.facts import Facts
from learnpeace.settings import Settings

moment = datetime(2027, 3, 5, tzinfo=UTC)
facts = Facts(printed_name="Amina", course_title="A Course", course_version="1.0.0", minutes=240,
              city_name="Kisumu", cohort_name="March", language="en", completed_on=moment.date(),
              issued_at=moment, serial="8FQ2K7MD1234ABCD5678")
with create_app(Settings.from_env()).test_request_context():
    print(pages.make_pdf(facts)[:5].decode())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Build the wheel from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory) -> Path:
    """Install the wheel into an environment of its own, which borrows our libraries."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    programs = folder / "bin"
    own = Path(run(programs / "python", "-c",
                   "import sysconfig; print(sysconfig.get_path('purelib'))").strip())  # fmt: skip
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    run(sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet",
        "--no-deps", "--no-index", "--disable-pip-version-check", wheel)  # fmt: skip
    return programs


def run(*words: object, cwd: Path | None = None, **settings: str) -> str:
    """Run a command that must end well; return what it printed."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LEARNPEACE_", "PYTHON"))}
    answer = subprocess.run(
        [str(word) for word in words], cwd=cwd, env={**clean, **settings},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-2000:]
    return answer.stdout


def shipped(folder: str) -> set[str]:
    """Return the files of a folder of the checkout that people need."""
    return {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and not NOT_SHIPPED & set(file.parts)
    }


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_the_wheel_holds_every_file_the_product_reads(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())

    for folder in TRAVELS_ALONG:
        expected = {f"learnpeace/_files/{name}" for name in shipped(folder)}
        assert expected
        assert expected <= names, sorted(expected - names)[:5]
    for file in shipped("learnpeace"):
        if Path(file).suffix in (".py", ".mo", ".txt") or file.startswith(FOR_AUTHORS):
            assert file in names
    ours = shipped("learnpeace")
    if any(file.endswith(".mo") for file in ours):  # bin/test and bin/run compile them
        catalogues = {re.sub(r"\.po$", ".mo", file) for file in ours if file.endswith(".po")}
        assert catalogues <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/", ".ci"))]


def test_it_serves_the_courses_from_an_empty_folder(programs, tmp_path):
    empty, data = tmp_path / "empty", tmp_path / "data"
    empty.mkdir()
    data.mkdir()
    port, log = free_port(), tmp_path / "server.log"
    process = start(data, port, log, command=(str(programs / "learnpeace"),), cwd=empty)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process, log)
        status, landing = get(port, "/")
        style = re.search(r'href="(/static/[^"]+\.css)"', landing)
        course_status, course = get(port, "/courses/protecting-cities")
        commands = psutil.Process(process.pid).cmdline()
    finally:
        stop(process)
    assert process.returncode == 0, tail(log)
    assert status == course_status == 200
    assert "Protecting Towns and Cities from Explosive Weapons" in landing
    assert "City" in course
    assert style
    assert str(programs) in " ".join(commands)
    assert list(empty.iterdir()) == []


def test_what_runs_is_the_wheel_and_it_can_print_a_certificate(programs, tmp_path):
    python = programs / "python"
    place = run(python, "-c", "import learnpeace; print(learnpeace.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(programs.parent)

    page = run(python, "-c", PRINTS_A_PAGE, cwd=tmp_path, LEARNPEACE_DATA_DIR=str(tmp_path / "d"))
    assert page.strip() == "%PDF-"


def test_a_trainer_can_check_a_course_folder_with_it(programs, tmp_path):
    run(programs / "learnpeace", "course", "check", ROOT / "courses" / "protecting-cities",
        cwd=tmp_path, LEARNPEACE_DATA_DIR=str(tmp_path / "d"))  # fmt: skip


def test_a_trainer_can_begin_a_course_with_it(programs, tmp_path):
    run(programs / "learnpeace", "course", "new", "our-street", cwd=tmp_path)
    said = run(programs / "learnpeace", "course", "check", "our-street", cwd=tmp_path)

    assert said == ""  # what there is to say about problems comes on this side
    assert (tmp_path / "our-street" / ".github" / "workflows" / "check-course.yml").is_file()
