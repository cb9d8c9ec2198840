"""Letters that come back later: reports of mail servers (RFC 3464) are read and noted.

A report may be forged by anybody who knows our return address, so it counts only where it
names a letter of ours to that very address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message

import sqlalchemy as sa

from learnpeace.lib import mail, mail_line, mail_message
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.settings import Settings

FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """An address that a mail server could not reach for good, and its code with its words."""

    address: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a mail server reports: the Message-ID of the letter, and who did not get it."""

    message_id: str
    failed: tuple[Failed, ...]


def read_report(content: bytes) -> Report | None:
    """Return what a message reports; None when it is no report on a delivery."""
    message = message_from_bytes(content)
    parts = list(message.walk())
    blocks = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not blocks:
        return None
    failed = tuple(found for block in blocks for found in _failed(block))
    return Report(message_id=_message_id(parts), failed=failed)


def note(report: Report, settings: Settings, *, at: datetime) -> list[str]:
    """Mark the letters that came back; return the addresses (1 or 2 queries each).

    The caller commits. A second time marks nothing.
    """
    key = mail_message.key_of(report.message_id, settings)
    found = []
    for failed in report.failed:
        letter = db.session.scalar(
            sa.select(Letter).where(
                Letter.key == key, sa.func.lower(Letter.to) == failed.address.lower()
            )
        )
        if letter is not None and mail.bounce(letter, words=failed.words, at=at):
            found.append(letter.to)
    return found


def _failed(block: Message) -> Iterator[Failed]:
    """Yield the recipients of a delivery-status part that failed for good."""
    fields = block.get_payload()
    if not isinstance(fields, list):
        return
    for recipient in (field for field in fields if isinstance(field, Message)):
        code = str(recipient.get("Status", "")).strip()
        kind, _, address = str(recipient.get("Final-Recipient", "")).partition(";")
        action = str(recipient.get("Action", "")).strip().lower()
        is_address = kind.strip().lower() == "rfc822" and "@" in address
        if is_address and action == FAILED and mail_line.is_for_good(code):
            told = str(recipient.get("Diagnostic-Code", ""))
            yield Failed(address=address.strip(), words=f"{code} {' '.join(told.split())}".strip())


def _message_id(parts: list[Message]) -> str:
    """Return the Message-ID of the letter that a report holds or quotes the headers of."""
    place = next((n for n, p in enumerate(parts) if _is_original(p)), None)
    if place is None:
        return ""
    if parts[place].get_content_type() == "message/rfc822":
        return str(parts[place + 1].get("Message-ID", "")) if place + 1 < len(parts) else ""
    quoted = parts[place].get_payload(decode=True)
    headers = message_from_bytes(quoted if isinstance(quoted, bytes) else b"")
    return str(headers.get("Message-ID", ""))


def _is_original(part: Message) -> bool:
    return part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}
