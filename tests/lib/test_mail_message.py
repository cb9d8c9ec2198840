"""What a letter looks like when it leaves: two forms, its own headers, nothing that counts."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from learnpeace.lib.mail_message import Outgoing, compose, headed, html_of, key_of, parted
from learnpeace.settings import Settings

pytestmark = pytest.mark.once
AT = datetime(2027, 3, 2, 12, tzinfo=UTC)
HOST = "https://learn.a-rather-long-name-of-a-peaceful-place.example.org"
OFF = f"{HOST}/letters/off/12.reminders.{'x' * 43}"


def settings():
    return Settings(secret_key="x", database_url="", data_dir=Path(), base_url=HOST)


def sent(text, *, subject="Hello", language="en", unsubscribe="", key="one"):
    body = headed(text, language=language, unsubscribe=unsubscribe)
    letter = Outgoing(key=key, to="ana@example.org", subject=subject, body=body, written_at=AT)
    return compose(letter, settings()).as_bytes()


def read(content):
    return message_from_bytes(content, policy=default)


def text_of(part):
    return part.get_content().replace("\r\n", "\n")


def test_a_letter_has_a_plain_form_and_the_same_in_html():
    message = read(sent("Hello,\n\nGrüße aus Kisumu.\n"))

    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert text_of(plain) == "Hello,\n\nGrüße aus Kisumu.\n"
    assert html.get_content_type() == "text/html"
    assert '<p dir="auto">Grüße aus Kisumu.</p>' in html.get_content()


def test_html_holds_no_words_as_code_and_loads_nothing():
    page = html_of("<script>x</script> & <img src=y>", title="<b>", language="en")

    assert "<script" not in page
    assert "<img" not in page
    assert "<title>&lt;b&gt;</title>" in page
    assert "&lt;script&gt;x&lt;/script&gt; &amp; &lt;img src=y&gt;" in page


def test_addresses_in_html_lead_on_without_the_full_stop_behind_them():
    page = html_of('See https://x.org/a?b=1&c="2". Or\nhttps://y.org/b.', title="", language="en")

    assert '<a href="https://x.org/a?b=1&amp;c=" dir="ltr">' in page
    assert '<a href="https://y.org/b" dir="ltr">https://y.org/b</a>.' in page


def test_a_letter_says_its_language_and_direction():
    message = read(sent("مرحبا", language="ar"))

    assert message["Content-Language"] == "ar"
    html = list(message.iter_parts())[1].get_content()
    assert '<html lang="ar" dir="rtl">' in html


def test_an_address_to_turn_letters_off_stands_whole_in_the_headers():
    content = sent("Text.", unsubscribe=OFF, key="k" * 100)

    assert f"List-Unsubscribe: <{OFF}>\r\n".encode() in content
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    assert f"Message-ID: <{'k' * 100}@".encode() in content


def test_a_letter_without_a_switch_has_no_such_headers():
    assert b"List-Unsubscribe" not in sent("Text.")


@pytest.mark.parametrize("subject", ["رسالة من مدينتك " * 9, "Grüße", "=?x?", "plain"])
def test_any_subject_comes_through_in_lines_that_mail_programs_take(subject):
    content = sent("Text.", subject=subject)

    assert read(content)["Subject"].strip() == subject.strip()
    lines = content.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(len(line) for line in lines if not line.startswith(b"Message-ID")) <= 78
    assert content.isascii()


def test_a_very_long_line_of_text_comes_through():
    text = "é" * 5000 + "\n"
    content = sent(text)

    assert text_of(next(read(content).iter_parts())) == text
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_a_letter_written_before_headers_were_kept_is_all_text():
    assert parted("Hello,\n\nText.") == ({}, "Hello,\n\nText.")


def test_a_key_is_found_by_its_number_and_a_strangers_is_not():
    number = read(sent("Text.", key="raised-1-2"))["Message-ID"]

    assert key_of(number, settings()) == "raised-1-2"
    assert key_of("<raised-1-2@elsewhere.example>", settings()) == ""
