"""A course's own certificate for its trainer: in the preview, the check, and publishing."""

import json

import pytest
from click.testing import CliRunner

from learnpeace.catalog.cli import check
from learnpeace.trainers.cli import publish_folder
from learnpeace.trainers.preview.server import create_preview
from tests.catalog.good_course import write
from tests.catalog.own_certificate import OWN

LARGE = {**OWN, "certificate/certificate.css": ".name { font-size: 4em; }"}


@pytest.mark.once
def test_the_preview_shows_ten_hard_examples(tmp_path):
    reader = create_preview(write(tmp_path, OWN)).test_client()
    page = reader.get("/preview/certificates", base_url="http://127.0.0.1")

    assert page.status_code == 200
    assert "Your certificate fits" in page.text
    assert page.text.count("example=") == 10
    pdf = reader.get("/preview/certificate.pdf?example=thai", base_url="http://127.0.0.1")
    assert pdf.data.startswith(b"%PDF-")
    assert (
        reader.get("/preview/certificate.pdf?example=x", base_url="http://127.0.0.1").status_code
        == 404
    )


@pytest.mark.once
def test_the_preview_says_where_it_does_not_fit(tmp_path):
    reader = create_preview(write(tmp_path, LARGE)).test_client()
    page = reader.get("/preview/certificates", base_url="http://127.0.0.1")

    assert "does not fit everywhere" in page.text
    assert "K301" in page.text


@pytest.mark.once
def test_a_course_without_one_is_told_how(tmp_path):
    reader = create_preview(write(tmp_path, {"certificate/logo.svg": None})).test_client()

    assert "our own page" in reader.get("/preview/certificates", base_url="http://127.0.0.1").text


@pytest.mark.once
def test_the_check_prints_it(tmp_path):
    told = CliRunner().invoke(check, ["--json", str(write(tmp_path, LARGE))])

    assert told.exit_code == 1
    assert {one["code"] for one in json.loads(told.stdout)} == {"K301"}
    assert CliRunner().invoke(check, [str(write(tmp_path / "whole", OWN))]).exit_code == 0


def test_one_that_does_not_fit_is_not_published(app, tmp_path, capsys):
    folder = write(tmp_path, LARGE)
    with app.app_context():
        assert publish_folder(folder) is False

    assert "K301" in capsys.readouterr().err
