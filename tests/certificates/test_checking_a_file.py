"""Checking a certificate's file: the very one, a changed one, somebody else's, anything at all."""

import hashlib
import io
import os
import re
import subprocess
import sys
import threading
import zipfile

import pypdf
import pytest
from pypdf.annotations import Link

from learnpeace.certificates import serials
from learnpeace.certificates.verifying import file_numbers, file_reader
from learnpeace.certificates.verifying.file_numbers import Fate
from tests.conftest import NOON

SERIAL = "8FQ2K7MD1234ABCD5678"
SHOWN = serials.shown(SERIAL)


def pdf_with(*, words: str = "", **extra) -> bytes:
    """Return a small PDF whose page says these words; `link`, `note`, `attached` or `locked`."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    if words:
        font = pypdf.generic.DictionaryObject()
        for name, value in (("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica")):
            font[pypdf.generic.NameObject(f"/{name}")] = pypdf.generic.NameObject(f"/{value}")
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): fonts}
        )
        stream = pypdf.generic.DecodedStreamObject()
        stream.set_data(f"BT /F1 8 Tf 10 100 Td ({words}) Tj ET".encode())
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    if link := extra.get("link"):
        mark = Link(rect=(0, 0, 9, 9), url=link)
        writer.add_annotation(0, mark)
    if note := extra.get("note"):
        writer.add_metadata({"/Subject": note})
    if attached := extra.get("attached"):
        writer.add_attachment("credential.json", attached.encode())
    if locked := extra.get("locked"):
        writer.encrypt(locked, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.fixture
def issued(make, at):
    """Return a function that keeps a file as a certificate's page."""
    at(NOON)
    enrolment = make.enrolment(make.user("Amina"), make.cohort(make.city("Kisumu")))

    def keep(content: bytes, **values):
        told = {"pdf": content, "pdf_sha256": hashlib.sha256(content).hexdigest()}
        return make.certificate(enrolment, serial=SERIAL, **{**told, **values})

    return keep


def send(browser, content: bytes, name: str = "certificate.pdf", **options):
    data = {"file": (io.BytesIO(content), name)}
    return browser.post("/verify/file", data, content_type="multipart/form-data", **options)


def test_the_file_that_was_issued_is_recognised(browse, issued):
    content = pdf_with(words=f"Number {SHOWN}")
    issued(content)

    page = send(browse(), content)

    assert page.status_code == 200
    assert "This is the very file that was issued." in page.text
    assert re.search(r"verdict--valid.*?Valid\s*</h1>", page.text, re.DOTALL)
    assert "Amina Otieno" in page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_file_of_a_withdrawn_certificate_is_ours_and_withdrawn(browse, issued):
    content = pdf_with(words=SHOWN)
    issued(content, withdrawn_at=NOON, withdrawn_for="mistake")

    page = send(browse(), content)

    assert "This is the very file that was issued." in page.text
    assert re.search(r"verdict--withdrawn.*?Withdrawn\s*</h1>", page.text, re.DOTALL)
    assert "It was issued by mistake." in page.text


@pytest.mark.parametrize(
    "forged",
    [
        {"words": f"Completed: level C1. Number {SHOWN}"},
        {"words": f"Number {SHOWN.replace('-', ' - ').lower()}"},
        {"link": f"https://learn.example.org/verify/{SHOWN}"},
        {"note": f"Number {SHOWN}"},
        {"attached": f'{{"id": "https://learn.example.org/credentials/{SERIAL}"}}'},
    ],
)
def test_a_file_with_our_number_that_is_not_ours_is_said_to_be_changed(browse, issued, forged):
    issued(pdf_with(words="the one that was issued"))

    page = send(browse(), pdf_with(**forged))

    assert page.status_code == 200
    assert "was changed after it was issued" in page.text
    assert "What our records say" in page.text
    assert "Amina Otieno" in page.text
    assert "very file" not in page.text


def test_one_changed_byte_is_enough(browse, issued):
    content = pdf_with(words=SHOWN)
    issued(content)

    assert "was changed after it was issued" in send(browse(), content + b"\n").text


def test_a_changed_file_does_not_tell_a_name_that_is_hidden(browse, issued):
    issued(pdf_with(words="issued"), shows_name=False)

    page = send(browse(), pdf_with(words=SHOWN))

    assert "was changed" in page.text
    assert "Amina" not in page.text
    assert f'action="/verify/{SHOWN}#compare"' in page.text


def test_a_certificate_whose_page_is_not_made_yet_cannot_be_compared(browse, issued):
    issued(b"", pdf=None, pdf_sha256="")

    page = send(browse(), pdf_with(words=SHOWN))

    assert "nothing to compare it with" in page.text
    assert "was changed" not in page.text


def test_a_file_of_somebody_else_is_not_ours(browse, issued):
    issued(pdf_with(words="issued"))

    assert "none of our numbers" in send(browse(), pdf_with(words="An invoice")).text
    page = send(browse(), pdf_with(words="Number 00000-11111-22222-33333"))
    assert "we have no such certificate" in page.text


ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr("certificate.pdf", "x")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not empty"),
        (b"hello", "not a PDF file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PDF file"),
        (ZIP.getvalue(), "not a PDF file"),
        (b"%PDF-1.7\n" + os.urandom(3000), "damaged"),
        (pdf_with(words=SHOWN)[:400], "damaged"),
        (pdf_with(words=SHOWN, locked="secret"), "locked with a password"),
        (b"x" * (file_reader.LARGEST + 1), "larger than 5 MB"),
    ],
)
def test_what_cannot_be_looked_into_is_refused_with_a_sentence(browse, issued, content, says):
    issued(pdf_with(words="issued"))
    page = send(browse(), content)

    assert page.status_code == 422
    assert says in page.text
    assert 'class="error-summary"' in page.text
    assert 'type="file"' in page.text


def test_a_form_without_a_file_says_what_is_missing(browse):
    assert "Choose a PDF file" in browse().post("/verify/file", {}).text


def test_a_file_that_is_both_a_pdf_and_an_archive_is_read_as_a_pdf(browse, issued):
    issued(pdf_with(words="issued"))
    both = pdf_with(words=SHOWN) + ZIP.getvalue()

    assert "was changed after it was issued" in send(browse(), both).text


def test_a_name_of_a_file_is_not_repeated(browse):
    page = send(browse(), b"hello", name="<script>alert(1)</script>.pdf")
    assert "alert(1)" not in page.text


def test_checking_files_is_slowed(browse):
    browser = browse()
    codes = [send(browser, b"hello").status_code for _ in range(21)]
    assert codes == [422] * 20 + [429]


def test_numbers_in_files_are_no_way_to_guess(browse, issued):
    issued(pdf_with(words="issued"))
    for number in range(30):
        browse().get(f"/verify/{number}")

    assert send(browse(), pdf_with(words=SHOWN)).status_code == 429


def test_checking_needs_no_token_and_keeps_the_language(app, browse):
    app.config["WTF_CSRF_ENABLED"] = True
    data = {"file": (io.BytesIO(b"hello"), "x.pdf")}
    page = browse().post("/verify/file?lang=ar", data, content_type="multipart/form-data")

    assert page.status_code == 422
    assert '<html lang="ar"' in page.text
    assert 'href="/verify/file?lang=en"' in page.text
    assert "Set-Cookie" not in page.headers


def test_a_large_file_is_thrown_away_piece_by_piece(app):
    class Long(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def read(self, size=-1):
            assert 0 < size <= 100_000, "more than a piece was asked for"
            self.given += size
            return b"x" * size

    body = Long()
    with app.test_client() as client:
        response = client.open(
            "/verify/file", method="POST", content_type="multipart/form-data; boundary=x",
            environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "50000000"},
        )  # fmt: skip

    assert response.status_code == 413
    assert "larger than 5 MB" in response.text
    assert body.given == 50_000_000, "a browser sees an answer when all is sent"


def test_a_large_file_without_a_length_is_not_read_to_its_end(app):
    class Endless(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            size = len(buffer)
            buffer[:size] = b"x" * size
            self.given += size
            assert self.given < 20_000_000, "read on and on"
            return size

    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = Endless()
    stream = io.BufferedReader(_Joined(head, body))
    with app.test_client() as client:
        response = client.open(
            "/verify/file", method="POST", content_type="multipart/form-data; boundary=x",
            environ_overrides={"wsgi.input": stream, "wsgi.input_terminated": True},
        )  # fmt: skip

    assert response.status_code == 413
    assert body.given < 8_000_000


class _Joined(io.RawIOBase):
    """First some bytes, then another stream."""

    def __init__(self, head: bytes, rest: io.RawIOBase) -> None:
        self.head, self.rest = io.BytesIO(head), rest

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.head.readinto(buffer) or self.rest.readinto(buffer)


@pytest.mark.once
@pytest.mark.parametrize(
    "made",
    [{"link": f"https://learn.example.org/verify/{SHOWN}"}, {"words": SHOWN}, {"note": SHOWN},
     {"attached": f'"https://learn.example.org/credentials/{SERIAL}"'}],
)  # fmt: skip
def test_every_place_in_a_file_is_looked_into(made):
    assert file_reader.read(pdf_with(**made)) == ("read", [SERIAL])


@pytest.mark.once
def test_what_only_looks_like_a_number_is_none():
    for text in ("123E4567-E89B-12D3-A456-426614174000", "8FQ2K-7MD12-34ABC", "A" * 40,
                 f"X{SHOWN}", f"{SHOWN}9", "8FQ2K-7MD12-34ABC-D567U"):  # fmt: skip
        assert file_reader.numbers_in(text) == []


@pytest.mark.once
@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7" + b"/verify/" * 600_000,
        b"%PDF-1.7\n" + b"1 0 obj\n" * 600_000 + b"startxref\n0\n%%EOF",
        b"%PDF-1.7\n" + b"[<<" * 1_600_000 + b"startxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"8FQ2K-" * 800_000,
        b"%PDF-1.7\nxref\n0 99999999\n"
        + b"0" * 1000
        + b"trailer<</Size 9/Root 1 0 R>>\nstartxref\n9\n",
    ],
)
def test_a_hostile_file_takes_neither_long_nor_the_process_with_it(content):
    looked = file_numbers.look(content)

    assert looked.fate in (Fate.BROKEN, Fate.READ)
    assert looked.numbers == ()


@pytest.mark.once
def test_the_child_has_little_memory_little_time_and_writes_no_file(tmp_path):
    code = f"""
import resource
from learnpeace.certificates.verifying import file_reader
file_reader.limit_resources()
for limit in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE"):
    print(resource.getrlimit(getattr(resource, limit))[1])
try:
    open({str(tmp_path / "x")!r}, "w").write("x" * 10000)
except OSError:
    print("refused")
"""
    import signal

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )  # fmt: skip
    assert done.stdout.split() == [
        str(file_reader.MEMORY),
        str(file_reader.CPU_SECONDS),
        "0",
        "refused",
    ]


@pytest.mark.once
def test_a_bomb_in_an_attachment_ends_only_the_child():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(9, 9)
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(b"\0" * 300_000_000)
    packed = stream.flate_encode()
    writer._root_object[pypdf.generic.NameObject("/Metadata")] = writer._add_object(packed)
    made = io.BytesIO()
    writer.write(made)
    assert len(made.getvalue()) < 1_000_000

    assert file_numbers.look(made.getvalue()).numbers == ()


@pytest.mark.once
def test_a_child_that_hangs_is_ended(monkeypatch):
    hanging = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(file_numbers, "COMMAND", hanging)
    monkeypatch.setattr(file_numbers, "SECONDS", 0.5)

    assert file_numbers.look(pdf_with(words=SHOWN)).fate == Fate.BROKEN


def test_too_many_files_at_once_are_asked_to_come_again(browse, monkeypatch):
    none_free = threading.BoundedSemaphore(1)
    none_free.acquire()
    monkeypatch.setattr(file_numbers, "_turns", none_free)
    monkeypatch.setattr(file_numbers, "WAITING", 0.1)

    page = send(browse(), pdf_with(words="An invoice"))

    assert page.status_code == 503
    assert "Wait a minute" in page.text


def test_both_pages_have_the_form_and_its_words_about_dropping(browse):
    for where in ("/verify/", "/verify/file"):
        page = browse().get(where).text
        assert 'enctype="multipart/form-data"' in page
        assert "data-drop" in page
        assert "js/drop.js" in page
