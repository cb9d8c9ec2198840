"""Requests, as they travel and as the product reads them."""

import pytest
from flask import Flask, request

from bench.asks import Ask, addresses

pytestmark = pytest.mark.once


@pytest.fixture
def echo() -> Flask:
    app = Flask("echo")

    @app.route("/", methods=["GET", "POST"])
    def show() -> dict[str, object]:
        return {
            "form": request.form.to_dict(flat=False),
            "cookie": request.cookies.get("learnpeace"),
            "background": request.headers.get("X-Requested-With"),
        }

    return app


def test_a_page_is_asked_for_by_get():
    wire = Ask(path="/courses", cookie="learnpeace=abc").wire().decode()

    assert wire.startswith("GET /courses HTTP/1.1\r\nHost: ")
    assert "\r\nCookie: learnpeace=abc\r\n" in wire
    assert wire.endswith("\r\n\r\n")


def test_a_form_says_how_long_it_is():
    head, _, body = Ask(path="/", fields=(("a", "é"),)).wire().partition(b"\r\n\r\n")

    assert body == b"a=%C3%A9"
    assert b"Content-Length: 8" in head


@pytest.mark.parametrize("in_background", [False, True])
def test_the_product_reads_the_fields_either_way(echo, in_background):
    fields = (("a", "1"), ("a", "2"), ("text", "peace – ኣ"))
    ask = Ask(path="/", cookie="learnpeace=abc", fields=fields, in_background=in_background)

    answer = ask.through(echo.test_client(use_cookies=False)).json

    assert answer == {
        "form": {"a": ["1", "2"], "text": ["peace – ኣ"]},
        "cookie": "abc",
        "background": "fetch" if in_background else None,
    }


def test_every_person_has_an_address_of_their_own():
    found = addresses()

    assert len({next(found) for _ in range(70_000)}) == 70_000
