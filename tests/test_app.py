"""The application as a whole: errors in words, headers, health, static files."""

import gzip

import brotli
import pytest

from tests.browser import check_page

FETCH = {"X-Requested-With": "fetch"}


@pytest.mark.parametrize("address", ["/nowhere", "/courses/nowhere", "/verify/NOWHERE"])
def test_a_missing_page_says_so_in_our_words(browse, address):
    page = browse(None).get(address)

    assert page.status_code == 404
    assert "Traceback" not in page.text


def test_a_form_address_opened_as_a_page_says_so(browse):
    page = browse(None).get("/sign-out")

    assert page.status_code == 405
    assert "takes forms only" in page.text


def test_too_much_text_is_refused_in_words(browse, make):
    page = browse(make.user("Ana")).post("/account", {"name": "x" * 1_100_000})

    assert page.status_code == 413
    assert "That is too large" in page.text


def test_every_answer_carries_the_headers(browse):
    visitor = browse(None)
    for address in ("/", "/nowhere", "/healthz"):
        headers = visitor.get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_changes_nothing_and_says_why(app, browse, make):
    app.config["WTF_CSRF_ENABLED"] = True
    page = browse(make.user("Ana")).post("/account", {"name": "Bo"})

    assert page.status_code == 400
    assert "This page was open too long" in page.text


def test_a_form_sent_after_signing_out_gives_the_words_back(app, browse, make):
    app.config["WTF_CSRF_ENABLED"] = True
    visitor = browse(None)
    page = visitor.post("/courses/small/listening/reflection/heard", {"text": "The well at noon"})

    assert page.status_code == 401
    assert "The well at noon" in page.text
    answer = visitor.post("/account", {"name": "x"}, headers=FETCH)
    assert answer.status_code == 401
    assert "signed out" in answer.json["message"]


def test_an_accident_is_ours_and_tells_nothing(app, browse, monkeypatch):
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "pages.about", _fail)
    page = browse(None).get("/about")

    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert "a secret" not in page.text


def test_health_and_readiness(browse, make):
    visitor = browse(None)

    assert visitor.get("/healthz").text == "ok\n"
    assert visitor.get("/readyz").status_code == 503
    make.release()
    assert visitor.get("/readyz").status_code == 200


def test_the_style_sheet_comes_compressed_and_is_kept_for_a_year(app, browse):
    address = app.jinja_env.globals["static"]("css/app.css")
    visitor = browse(None)
    plain = visitor.get(address)
    small = visitor.get(address, headers={"Accept-Encoding": "br, gzip"})
    zipped = visitor.get(address, headers={"Accept-Encoding": "gzip"})

    assert "immutable" in plain.headers["Cache-Control"]
    assert brotli.decompress(small.data) == plain.data
    assert gzip.decompress(zipped.data) == plain.data
    assert visitor.get("/static/0/css/none.css").status_code == 404
    assert visitor.get(address.replace("/static/", "/static/x")).headers["Cache-Control"] == (
        "no-cache"
    )


def test_a_page_comes_compressed_when_the_browser_takes_it(app, browse):
    page = browse(None).client.get("/about", headers={"Accept-Encoding": "gzip"})

    assert page.headers["Content-Encoding"] == "gzip"
    check_page(gzip.decompress(page.data).decode())


@pytest.mark.parametrize("address", ["/", "/about", "/privacy", "/courses", "/styleguide"])
def test_public_pages_are_whole(browse, address):
    assert browse(None).get(address).status_code == 200


def test_the_language_follows_the_choice_on_this_device(browse):
    visitor = browse(None)

    assert 'dir="rtl"' in visitor.get("/about?lang=ar").text
    assert 'dir="rtl"' in visitor.get("/about").text


def _fail():
    raise RuntimeError("a secret")


_fail.access = "public"
