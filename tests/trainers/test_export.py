"""Taking a course away from the desk: who may, what comes, and that it is made once."""

import io
import threading
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from learnpeace.exchange import workbook as printing
from learnpeace.people.models import RoleKind
from learnpeace.settings import ROOT
from learnpeace.trainers.exports import kept_files
from learnpeace.trainers.exports.kept_files import Busy, kept
from tests.courses import small_course

PAGE = "/trainer/courses/small/export"
FILE = f"{PAGE}/file?language=en&paper=a4&format="


@pytest.fixture
def trainer(make):
    make.release(small_course())
    person = make.user("Tove")
    make.role(person, RoleKind.TRAINER)
    return person


def test_a_trainer_chooses_what_to_take_and_is_told_where_answers_go(browse, trainer):
    page = browse(trainer).get(PAGE)
    for words in ("Take the course away", "version 1.0.0", "Workbook (PDF)", "SCORM 1.2 package",
                  "whoever looks for them can find them"):  # fmt: skip
        assert words in page.text
    assert PAGE in browse(trainer).get("/trainer/courses/small").text


@pytest.mark.parametrize(
    ("format", "name", "begins"),
    [
        ("workbook", "small-1.0.0-en-workbook.pdf", b"%PDF-"),
        ("answers", "small-1.0.0-en-answers.pdf", b"%PDF-"),
        ("scorm", "small-1.0.0-en-scorm.zip", b"PK"),
        ("moodle-xml", "small-1.0.0-moodle-xml.xml", b"<?xml"),
        ("gift", "small-1.0.0-gift.gift", b"$CATEGORY"),
    ],
)
def test_each_file_comes_under_its_name(browse, trainer, format, name, begins):
    answer = browse(trainer).get(FILE + format)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.data.lstrip(b"\xef\xbb\xbf").startswith(begins)


def test_pictures_of_the_release_are_in_the_files(browse, make):
    from learnpeace.catalog.reader import read_course

    course = read_course(ROOT / "courses" / "protecting-cities").course
    assert course
    make.release(course)
    admin = make.user("Ada")
    make.role(admin, RoleKind.ADMINISTRATOR)
    address = "/trainer/courses/protecting-cities/export/file?language=en&paper=letter&format="
    packed = zipfile.ZipFile(io.BytesIO(browse(admin).get(address + "scorm").data))
    pictures = [name for name in packed.namelist() if name.endswith(".svg")]
    assert len(pictures) == 4
    assert {packed.read(name) for name in pictures} == {a.content for a in course.assets.values()}
    book = PdfReader(io.BytesIO(browse(admin).get(address + "workbook").data))
    assert round(book.pages[0].mediabox.width) == 612


@pytest.mark.parametrize(
    "query", ["format=exe&language=en&paper=a4", "format=scorm&language=xx&paper=a4",
              "format=workbook&language=en&paper=../../etc"]
)  # fmt: skip
def test_a_wrong_choice_shows_the_page_again(browse, trainer, query):
    answer = browse(trainer).get(f"{PAGE}/file?{query}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_who_does_not_look_after_the_course_finds_nothing(browse, make, trainer):
    other = make.user("Olga")
    make.role(other, RoleKind.TRAINER, course_id="another")
    for person in (other, make.user("Lea")):
        for address in (PAGE, FILE + "gift"):
            assert browse(person).get(address).status_code == 404
    assert browse(trainer).get("/trainer/courses/nowhere/export").status_code == 404


def test_the_same_file_is_made_once(browse, trainer, monkeypatch):
    first = browse(trainer).get(FILE + "workbook").data
    monkeypatch.setattr(printing, "COMMAND", ("/bin/false",))
    assert browse(trainer).get(FILE + "workbook").data == first
    assert browse(trainer).get(FILE + "answers").status_code == 503


def test_pages_that_cannot_be_made_are_told_and_nothing_is_kept(
    browse, trainer, monkeypatch, settings
):
    monkeypatch.setattr(printing, "COMMAND", ("/bin/false",))
    answer = browse(trainer).get(FILE + "workbook")
    assert answer.status_code == 503
    assert "Wait half a minute" in answer.text
    assert [file.name for file in (settings.data_dir / "exports").iterdir()] == ["lock"]


def test_a_second_press_does_not_wait_for_the_first(tmp_path: Path):
    inside, leave = threading.Event(), threading.Event()

    def slow() -> bytes:
        inside.set()
        assert leave.wait(10)
        return b"made"

    first = threading.Thread(target=kept, args=(tmp_path, "a.pdf", slow))
    first.start()
    assert inside.wait(10)
    with pytest.raises(Busy):
        kept(tmp_path, "a.pdf", lambda: b"again")
    leave.set()
    first.join()
    assert kept(tmp_path, "a.pdf", lambda: b"again") == b"made"


def test_only_the_files_asked_for_last_are_kept(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(kept_files, "MOST", 3)
    for n in range(5):
        kept(tmp_path, f"{n}.pdf", lambda n=n: str(n).encode())
    names = sorted(path.name[13:] for path in tmp_path.iterdir() if path.name != "lock")
    assert len(names) == 3
    assert "4.pdf" in names
