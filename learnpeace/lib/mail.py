"""Letters: written into a table with the work they belong to, sent after its commit.

A letter that rolls back was never written; a mail server that is down delays letters and
never a page. Without `LEARNPEACE_SMTP_URL` each letter becomes an .eml file under the data
folder's ``letters/``. The postman is one thread in each worker; a letter is claimed by an
update that only one of them can win, so it is sent once.
"""

import logging
import smtplib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from learnpeace.lib import clock
from learnpeace.lib.db import Model, db
from learnpeace.settings import Settings

CLAIM = timedelta(minutes=5)  # longer than any sending takes
MAX_TRIES = 12
SMTP_SECONDS = 20
POLL_SECONDS = 20.0
TIDY_EVERY = timedelta(hours=1)

log = logging.getLogger("learnpeace.mail")
_queued = threading.Event()


class Letter(Model):
    """One letter to one person. `key` makes writing it twice write it once."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(100), unique=True)
    to: Mapped[str] = mapped_column(sa.String(320))
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(300), default="")


def write(to: str, subject: str, body: str, *, key: str, at: datetime) -> None:
    """Put a letter into the outbox; the caller's commit posts it (1 or 2 SQL queries).

    Raises ValueError when an address or subject holds a line break.
    """
    if any(character in to + subject for character in "\r\n"):
        raise ValueError("A letter's address and subject are one line each.")
    if db.session.scalar(sa.select(Letter.id).where(Letter.key == key)) is None:
        db.session.add(
            Letter(key=key, to=to, subject=subject, body=body, written_at=at, next_try_at=at)
        )
        _queued.set()


def deliver_due(settings: Settings, *, at: datetime) -> int:
    """Send every letter that is due; return how many went. Commits letter by letter."""
    sent = 0
    while letter := _claim(at):
        sent += _deliver(letter, settings, at)
    return sent


def start_postman(app: Flask, tidy: Callable[[datetime], None]) -> threading.Thread:
    """Start this process's postman: it looks when a letter was written, and now and then.

    Once an hour it also lets `tidy` throw away what is over, and commits.
    """
    settings: Settings = app.config["SETTINGS"]

    def rounds() -> None:
        tidied_at = datetime.min.replace(tzinfo=UTC)
        while True:
            _queued.wait(POLL_SECONDS)
            _queued.clear()
            try:
                with app.app_context():
                    at = clock.now()
                    deliver_due(settings, at=at)
                    if at - tidied_at >= TIDY_EVERY:
                        tidy(at)
                        db.session.commit()
                        tidied_at = at
            except sa.exc.SQLAlchemyError:
                log.exception("The postman could not reach the database; it will come again.")

    thread = threading.Thread(target=rounds, name="postman", daemon=True)
    thread.start()
    return thread


def _claim(at: datetime) -> Letter | None:
    """Take the oldest due letter for this postman alone (at most 3 SQL queries)."""
    due = Letter.next_try_at <= at
    letter = db.session.scalar(sa.select(Letter).where(due).order_by(Letter.id).limit(1))
    if letter is None:
        db.session.rollback()
        return None
    claimed = db.session.execute(
        sa.update(Letter)
        .where(Letter.id == letter.id, due)
        .values(next_try_at=at + CLAIM, tries=Letter.tries + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return letter if cast("sa.CursorResult[Any]", claimed).rowcount == 1 else _claim(at)


def _deliver(letter: Letter, settings: Settings, at: datetime) -> int:
    number, tries = letter.id, letter.tries
    try:
        message = _compose(letter, settings)
        db.session.rollback()  # nothing stays open while the mail server thinks
        _send(message, number, settings)
    except Exception as error:  # noqa: BLE001 (an edge: one bad address must not stop the post)
        again = at + timedelta(minutes=2 ** min(tries, 9)) if tries < MAX_TRIES else None
        _note(number, next_try_at=again, error=f"{type(error).__name__}: {error}"[:300])
        log.warning("Letter %s was not sent: %s", number, type(error).__name__)
        return 0
    _note(number, next_try_at=None, sent_at=at, error="")
    return 1


def _note(number: int, **values: object) -> None:
    db.session.execute(sa.update(Letter).where(Letter.id == number).values(**values))
    db.session.commit()


def _compose(letter: Letter, settings: Settings) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = letter.written_at
    message["Message-ID"] = f"<{letter.key}@{urlsplit(settings.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _send(message: EmailMessage, number: int, settings: Settings) -> None:
    if not settings.smtp_url:
        folder = settings.data_dir / "letters"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:06}.eml").write_bytes(message.as_bytes())
        return
    url = urlsplit(settings.smtp_url)
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with kind(url.hostname or "localhost", url.port or 0, timeout=SMTP_SECONDS) as server:
        if url.scheme == "smtp+starttls":
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
