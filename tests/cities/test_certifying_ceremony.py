"""For a ceremony: a .zip of all pages, one PDF of them in order, a list with room to sign."""

import io
import unicodedata
import zipfile
from datetime import timedelta

import pypdf
import pytest
import sqlalchemy as sa

from learnpeace.certificates.models import Certificate
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.certificates.states import Kind
from learnpeace.cities.certifying import ceremony, merging, pages
from learnpeace.lib.db import db
from learnpeace.lib.jobs import State
from tests.cities.certifying import finished, rows, run
from tests.conftest import NOON

NAMES = ("Ana María", "Bô Nguyễn", "ليلى حسن", "欧阳慧敏")


@pytest.fixture
def page(cohort):
    return f"/cities/kisumu/cohorts/{cohort.id}/certificates/ceremony"


@pytest.fixture
def given(make, cohort):
    def give(*names, **values):
        return [
            make.certificate(finished(make, cohort, f"L{number} {name}", email=f"{number}@x.org"),
                             printed_name=name, **values)
            for number, name in enumerate(names)
        ]  # fmt: skip

    return give


def made(app, desk, page, what, **more):
    answer = desk.post(page, {"made": what, **more})
    job = run(app)
    assert job.state == State.DONE, job.words
    file = desk.get(f"{answer.location}/file")
    assert file.status_code == 200
    return file.data


def text_of(pdf):
    return [
        unicodedata.normalize("NFKC", sheet.extract_text())
        for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages
    ]


def test_a_zip_holds_every_page_under_its_place_and_name(app, desk, page, given):
    given(*NAMES, "Ana María")

    archive = zipfile.ZipFile(io.BytesIO(made(app, desk, page, "zip")))

    names = archive.namelist()
    assert len(names) == len(set(names)) == 5
    assert names[:2] == ["1 Ana María.pdf", "2 Ana María.pdf"]
    assert any("ليلى حسن.pdf" in name for name in names)
    own = {row.pdf for row in rows(app)}
    assert {archive.read(name) for name in names} == own


def test_one_pdf_has_all_pages_in_the_order_of_the_list(app, desk, page, given):
    given("Cem", "Ana", "Bo")

    sheets = text_of(made(app, desk, page, "pdf"))
    (listed,) = text_of(made(app, desk, page, "list"))

    assert len(sheets) == 3
    for sheet, name in zip(sheets, ("Ana", "Bo", "Cem"), strict=True):
        assert name in sheet
    assert listed.index("Ana") < listed.index("Bo") < listed.index("Cem")


def test_the_list_has_every_name_and_number(app, desk, page, given):
    certificates = given(*NAMES)
    text = "".join(text_of(made(app, desk, page, "list")))
    assert "Signature" in text
    for row in certificates:
        groups = [row.serial[n : n + 5] for n in (0, 5, 10, 15)]
        assert "-".join(groups) in text
    assert "Bô Nguyễn" in text
    assert "欧阳慧敏" in text


def test_a_long_list_goes_on_over_pages(app, desk, page, given):
    given(*(f"Learner {number:03d}" for number in range(40)))
    sheets = text_of(made(app, desk, page, "list"))
    assert len(sheets) == 3
    assert "Learner 039" in sheets[-1]


def test_what_is_withdrawn_replaced_or_expired_stays_at_home(app, make, cohort, desk, page, given):
    (old,) = given("Old Name")
    (gone,) = [make.certificate(finished(make, cohort, "Gone"), printed_name="Gone",
                                withdrawn_at=NOON)]  # fmt: skip
    make.certificate(finished(make, cohort, "Late"), printed_name="Late",
                     expires_on=(NOON - timedelta(days=1)).date())  # fmt: skip
    with app.app_context():
        values = {column.name: getattr(old, column.name) for column in Certificate.__table__.columns
                  if column.name not in {"id", "serial", "html", "pdf", "credential"}}  # fmt: skip
    make._save(Certificate(**{**values, "serial": "0" * 20, "edition": 2, "replaces_id": old.id,
                              "printed_name": "New Name"}))  # fmt: skip
    archive = zipfile.ZipFile(io.BytesIO(made(app, desk, page, "zip")))
    assert archive.namelist() == ["1 New Name.pdf"]
    assert gone


def test_one_kind_can_be_taken_alone(app, make, cohort, desk, page, given):
    given("Ana")
    make.certificate(make.enrolment(make.user("Bo"), cohort), kind=Kind.ATTENDANCE,
                     about=f"cohort:{cohort.id}", printed_name="Bo")  # fmt: skip
    text = desk.get(page).text
    assert "2 valid certificates" in text
    assert "Certificate of attendance (1)" in text
    archive = zipfile.ZipFile(io.BytesIO(made(app, desk, page, "zip", kind="attendance")))
    assert archive.namelist() == ["1 Bo.pdf"]


def test_a_damaged_page_is_made_again_for_the_file(app, desk, page, given):
    given("Ana")
    whole = made(app, desk, page, "zip")
    with app.app_context():
        db.session.execute(sa.update(Certificate).values(pdf=b"%PDF-1.7 damaged"))
        db.session.commit()
    again = made(app, desk, page, "zip", key="another-key-of-a-form")
    first, second = (zipfile.ZipFile(io.BytesIO(content)) for content in (whole, again))
    assert first.read("1 Ana.pdf") == second.read("1 Ana.pdf")


def test_nothing_to_take_is_said(app, desk, page):
    assert "No certificate is issued yet" in desk.get(page).text
    desk.post(page, {"made": "zip"})
    job = run(app)
    assert job.state == State.FAILED
    assert "Issue the certificates first." in job.words


@pytest.mark.parametrize("wrong", [{}, {"made": "exe"}, {"made": "zip", "kind": "gold"}])
def test_what_nobody_makes_is_refused(app, desk, page, given, wrong):
    given("Ana")
    assert desk.post(page, wrong).status_code == 409


def test_pressed_twice_it_is_made_once(desk, page, given):
    given("Ana")
    said = {"made": "zip", "key": "the-same-key-of-a-form"}
    assert desk.post(page, said).location == desk.post(page, said).location


def test_a_job_that_is_killed_half_way_makes_the_whole_file(
    app, desk, page, given, at, monkeypatch
):
    given("Ana", "Bo", "Cem")
    read = pages.read

    def killed(ids):
        yield next(read(ids[:1]))
        raise SystemExit

    monkeypatch.setattr(pages, "read", killed)
    answer = desk.post(page, {"made": "zip"})
    with pytest.raises(SystemExit):
        run(app)
    assert desk.get(f"{answer.location}/file").status_code == 404

    monkeypatch.setattr(pages, "read", read)
    at(NOON + timedelta(minutes=2))
    assert run(app).state == State.DONE
    archive = zipfile.ZipFile(io.BytesIO(desk.get(f"{answer.location}/file").data))
    assert len(archive.namelist()) == 3


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Ana", "07 Ana.pdf"),
        ("../../etc/passwd", "07 etc passwd.pdf"),
        ('A/B\\C:D*E?"<>|', "07 A B C D E.pdf"),
        ("CON", "07 CON.pdf"),
        ("Jose\u0301", "07 José.pdf"),
        ("ليلى\u202e حسن", "07 ليلى حسن.pdf"),
        ("...", "07 certificate.pdf"),
        ("语" * 100, f"07 {'语' * 60}.pdf"),
    ],
)
def test_a_files_name_is_safe_and_keeps_its_script(name, file):
    assert ceremony.file_name(7, 12, name) == file
    assert len(file.encode()) < 255


@pytest.mark.once
def test_what_is_no_pdf_is_not_put_together(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "1.pdf").write_bytes(b"not a page")
    with pytest.raises(RenderingFailed):
        merging.merge(folder, tmp_path / "all.pdf")
