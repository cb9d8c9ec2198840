"""A letter as mail servers take it: plain text, and the same as HTML made from it.

A letter's own headers stand before its text in the table, as they do in any e-mail: which
language it is in, and the address that turns letters of its kind off with one press (RFC 8058).
The HTML holds nothing that the text does not: no pictures, no styles, nothing to count who
reads.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import HeaderRegistry, MessageIDHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from html import escape
from urllib.parse import urlsplit

from learnpeace.lib.languages import Language
from learnpeace.settings import Settings

LANGUAGE, UNSUBSCRIBE = "Content-Language", "List-Unsubscribe"
ONE_CLICK = "List-Unsubscribe=One-Click"
_ADDRESS = re.compile(r"https?://[^\s<>“”\"]+")
_CLOSING = ".,;:!?)]’'،؛؟"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter that is not in the outbox yet; `unsubscribe` turns its kind off."""

    key: str
    to: str
    subject: str
    text: str
    language: str = "en"
    kind: str = ""
    user_id: int | None = None
    unsubscribe: str = ""

    def __post_init__(self) -> None:
        """Refuse an address or subject that would begin another header."""
        if any(character in self.to + self.subject for character in "\r\n"):
            raise ValueError("A letter's address and subject are one line each.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A letter on its way; `body` with the headers before its text."""

    key: str
    to: str
    subject: str
    body: str
    written_at: datetime


class _Whole:
    """A header that no mail program may find folded or encoded: its words are addresses."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


class _WholeText(_Whole, UnstructuredHeader):
    pass


class _WholeNumber(_Whole, MessageIDHeader):
    pass


class _Subject(UnstructuredHeader):
    """A subject in lines: the newer way of Python 3.11 loses the space where one is broken."""

    def fold(self, *, policy: Policy) -> str:
        text = str(self)
        charset = "us-ascii" if text.isascii() else "utf-8"
        folded = Header(text, charset, header_name="Subject").encode(linesep=policy.linesep)
        return f"Subject: {folded}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("Subject", _Subject)  # type: ignore[arg-type]
_headers.map_to_type(UNSUBSCRIBE, _WholeText)  # type: ignore[arg-type]
_headers.map_to_type("Message-ID", _WholeNumber)  # type: ignore[arg-type]
POLICY = SMTP.clone(header_factory=_headers, cte_type="7bit")  # any server takes it


def headed(text: str, *, language: str, unsubscribe: str = "") -> str:
    """Return a text with its own headers before it; `unsubscribe` is a whole address."""
    lines = [f"{LANGUAGE}: {language}"]
    if unsubscribe:
        lines.append(f"{UNSUBSCRIBE}: <{unsubscribe}>")
    return "\n".join(lines) + f"\n\n{text}"


def parted(body: str) -> tuple[dict[str, str], str]:
    """Return a letter's own headers and its text; older letters have no headers."""
    if not body.startswith(f"{LANGUAGE}: "):
        return {}, body
    head, _, text = body.partition("\n\n")
    headers = {}
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        headers[name] = value
    return headers, text


def compose(letter: Outgoing, settings: Settings) -> EmailMessage:
    """Return the message; the same letter has the same Message-ID whenever it is sent."""
    headers, text = parted(letter.body)
    message = EmailMessage(policy=POLICY)
    message["From"] = settings.mail_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = letter.written_at
    message["Message-ID"] = f"<{letter.key}@{host(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    page = html_of(text, title=letter.subject, language=headers.get(LANGUAGE, "en"))
    message.add_alternative(page, subtype="html")
    for name, value in headers.items():  # now: what was there of the content is replaced above
        message[name] = value
    if UNSUBSCRIBE in headers:
        message[f"{UNSUBSCRIBE}-Post"] = ONE_CLICK
    return message


def key_of(message_id: str, settings: Settings) -> str:
    """Return the key of the letter that has this Message-ID; empty when it is not ours."""
    key, _, place = message_id.strip().removeprefix("<").removesuffix(">").rpartition("@")
    return key if place == host(settings) else ""


def host(settings: Settings) -> str:
    """Return what stands behind the @ of our Message-IDs."""
    return urlsplit(settings.base_url).hostname or "localhost"


def html_of(text: str, *, title: str, language: str) -> str:
    """Return a page that says what the text says: a paragraph where it leaves a line empty."""
    direction = Language(code=language, name="").direction
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    told = "\n".join(f'<p dir="auto">{_paragraph(part)}</p>' for part in paragraphs if part)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction}">\n'
        f'<head><meta charset="utf-8"><title>{escape(title)}</title></head>\n'
        f"<body>\n{told}\n</body>\n</html>\n"
    )


def _paragraph(text: str) -> str:
    return "<br>\n".join(_line(line) for line in text.splitlines())


def _line(line: str) -> str:
    done, place = "", 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(_CLOSING)
        shown = escape(address)
        done += escape(line[place : found.start()]) + f'<a href="{shown}" dir="ltr">{shown}</a>'
        place = found.start() + len(address)
    return done + escape(line[place:])
