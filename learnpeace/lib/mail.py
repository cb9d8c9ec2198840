"""Letters: written into a table with the work they belong to, sent after its commit.

Decisions:

* A letter that rolls back was never written; a mail server that is slow, refuses or dies
  delays letters and never a page, and loses none.
* The worker sends them when a commit wakes it, and looks now and then. It takes a few at a
  time by an update that one worker wins, for `LEASE`, and says of each what became of it
  before it goes on. A worker that is killed leaves them to the next: at most the one in
  flight goes twice, with the same Message-ID.
* Many letters go over one connection. A server that cannot be reached costs no letter a try;
  one that breaks off or refuses for now is asked again, later each time, for five days.
* An address that is refused for good is told to whoever asked for it (`on_bounce`).
* What answers a person at once, such as a reset, goes before what is written to many.
* Without `LEARNPEACE_SMTP_URL` each letter becomes an .eml file under ``letters/``.
"""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from learnpeace.lib import clock, errands
from learnpeace.lib.db import Model, db, reading
from learnpeace.lib.mail_line import Line, NobodyThere, Unreachable
from learnpeace.lib.mail_message import Draft, Outgoing, compose, headed
from learnpeace.settings import Settings

LEASE = timedelta(minutes=3)  # longer than one letter takes with a server that thinks
RENEW = timedelta(seconds=30)
PAUSE = timedelta(minutes=1)  # after the server could not be reached
BATCH = 20
MAX_TRIES = 20  # five days
FORGOTTEN_AFTER = timedelta(days=180)
CHUNK = 500  # rows in one statement
LONGEST_SUBJECT = 300  # characters, as the table holds
POST = "send letters"

log = logging.getLogger("learnpeace.mail")


class Letter(Model):
    """One letter to one person. `key` makes writing it twice write it once.

    `kind` is the switch it belongs to and `user_id` whose switch that is; a letter without
    them answers something the person just did and has no switch. `body` has the letter's own
    headers before its text. `bounced_at` is when a mail server said that nobody lives at the
    address.
    """

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
    kind: Mapped[str] = mapped_column(sa.String(30), default="")
    user_id: Mapped[int | None] = mapped_column(index=True)
    bounced_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    """A letter this worker holds; `tries` tells its claim from anybody else's."""

    number: int
    tries: int
    letter: Outgoing


class _Watch:
    """What time it is during a round that began at a given moment."""

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._began)


BounceHook = Callable[[Letter], None]
_hooks: list[BounceHook] = []


def on_bounce(function: BounceHook) -> BounceHook:
    """Mark a function that is told of each letter whose address is refused for good.

    It is called within the unit of work that notes it, which is committed afterwards.
    """
    _hooks.append(function)
    return function


def write(
    to: str, subject: str, body: str, *, key: str, at: datetime, language: str = "en"
) -> None:
    """Put a letter into the outbox; the caller's commit posts it (1 SQL query).

    Raises ValueError when an address or subject holds a line break.
    """
    write_many([Draft(to=to, subject=subject, text=body, key=key, language=language)], at=at)


def write_many(drafts: Sequence[Draft], *, at: datetime) -> None:
    """Put letters into the outbox, once for each key (1 SQL query for each 500)."""
    if not drafts:
        return
    connection = db.session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(drafts), CHUNK):
        rows = [_row(draft, at) for draft in drafts[start : start + CHUNK]]
        db.session.execute(
            insert(Letter).values(rows).on_conflict_do_nothing(index_elements=["key"])
        )
    errands.wake(POST)


def bounced(addresses: Collection[str]) -> set[str]:
    """Return which of these addresses take no letters, by the last one (1 query for each 500)."""
    wanted, found = list(addresses), set[str]()
    back, sent = sa.func.max(Letter.bounced_at), sa.func.max(Letter.sent_at)
    for start in range(0, len(wanted), CHUNK):
        query = (
            sa.select(Letter.to)
            .where(Letter.to.in_(wanted[start : start + CHUNK]))
            .group_by(Letter.to)
            .having(back.is_not(None) & (sent.is_(None) | (sent <= back)))
        )
        found.update(db.session.scalars(query))
    return found


def unreachable(people: Mapping[int, str]) -> set[int]:
    """Return which of these people's addresses take no letters, by the last one to each.

    By the letters to their own accounts alone, which an index finds (1 query for each 500).
    """
    numbers, found = sorted(people), set[int]()
    back, sent = sa.func.max(Letter.bounced_at), sa.func.max(Letter.sent_at)
    for start in range(0, len(numbers), CHUNK):
        query = (
            sa.select(Letter.user_id, Letter.to)
            .where(Letter.user_id.in_(numbers[start : start + CHUNK]))
            .group_by(Letter.user_id, Letter.to)
            .having(back.is_not(None) & (sent.is_(None) | (sent <= back)))
        )
        found |= {row.user_id for row in db.session.execute(query) if people[row.user_id] == row.to}
    return found


def bounce(letter: Letter, *, words: str, at: datetime) -> bool:
    """Note that a letter's address is refused for good; False when that was known already.

    The caller commits.
    """
    if letter.bounced_at is not None:
        return False
    letter.bounced_at, letter.next_try_at, letter.error = at, None, words[:300]
    for hook in _hooks:
        hook(letter)
    return True


def forget_old(at: datetime) -> None:
    """Throw away the oldest letters, some at a time, half a year after (1 or 2 queries)."""
    oldest = sa.select(Letter.id, Letter.written_at).order_by(Letter.id).limit(CHUNK)
    old = [row.id for row in db.session.execute(oldest) if row.written_at < at - FORGOTTEN_AFTER]
    if old:
        db.session.execute(sa.delete(Letter).where(Letter.id.in_(old)))


@errands.errand(POST)
def send_letters(_text: str) -> bool:
    """Send what is due; say whether anything was."""
    return deliver_due(current_app.config["SETTINGS"], at=clock.now()) > 0


def deliver_due(settings: Settings, *, at: datetime) -> int:
    """Send every letter that is due; return how many went. Commits letter by letter."""
    sent, watch = 0, _Watch(at)
    with Line(settings) as line:
        while not line.is_down and (batch := _claim(watch.now())):
            sent += _deliver(batch, line, settings, watch)
    return sent


def _deliver(batch: Sequence[_Claimed], line: Line, settings: Settings, watch: _Watch) -> int:
    """Send the letters of a claim; give back what is not tried because the line is down."""
    sent, renew_at = 0, watch.now() + RENEW
    left = list(batch)
    while left and not line.is_down:
        if watch.now() >= renew_at:
            left, renew_at = _renewed(left, watch.now()), watch.now() + RENEW
        if left:
            sent += _send(left.pop(0), line, settings, watch)
    if left:
        _give_back(left, watch.now() + PAUSE)
    return sent


def _send(claimed: _Claimed, line: Line, settings: Settings, watch: _Watch) -> int:
    try:
        line.send(compose(claimed.letter, settings), f"{claimed.number:06}")
    except Unreachable as error:
        log.warning("The mail server cannot be reached: %s", error)
        _give_back([claimed], watch.now() + PAUSE)
    except NobodyThere as error:
        log.warning("Letter %s came back.", claimed.number)
        bounce(db.session.get_one(Letter, claimed.number), words=str(error), at=watch.now())
        db.session.commit()
    except Exception as error:  # noqa: BLE001 (an edge: one bad address must not stop the post)
        log.warning("Letter %s was not sent: %s", claimed.number, type(error).__name__)
        _try_again(claimed, error, watch.now())
    else:
        _note(Letter.id == claimed.number, next_try_at=None, sent_at=watch.now(), error="")
        return 1
    return 0


def _try_again(claimed: _Claimed, error: Exception, at: datetime) -> None:
    tries = claimed.tries
    again = at + timedelta(minutes=2 ** min(tries, 9)) if tries < MAX_TRIES else None
    words = f"{type(error).__name__}: {error}"[:300]
    _note(_held([claimed]), next_try_at=again, error=words)


def _claim(at: datetime) -> list[_Claimed]:
    """Take the next due letters for this postman alone (1 SQL query when there are none)."""
    due = Letter.next_try_at <= at
    with reading():
        is_any = db.session.scalar(sa.select(Letter.id).where(due).limit(1))
        db.session.rollback()
    if is_any is None:
        return []
    order = (Letter.kind != "", Letter.next_try_at, Letter.id)
    first = sa.select(Letter.id).where(due).order_by(*order).limit(BATCH)
    numbers = db.session.scalars(first.with_for_update(skip_locked=True)).all()
    rows = db.session.execute(
        sa.update(Letter)
        .where(Letter.id.in_(numbers), due)
        .values(next_try_at=at + LEASE, tries=Letter.tries + 1)
        .returning(
            Letter.id, Letter.tries, Letter.key, Letter.to, Letter.subject, Letter.body,
            Letter.written_at,
        )
        .execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    db.session.commit()
    found = {
        row.id: _Claimed(
            number=row.id,
            tries=row.tries,
            letter=Outgoing(
                key=row.key, to=row.to, subject=row.subject, body=row.body,
                written_at=row.written_at,
            ),
        )
        for row in rows
    }  # fmt: skip
    return [found[number] for number in numbers if number in found]


def _renewed(batch: Sequence[_Claimed], at: datetime) -> list[_Claimed]:
    """Hold letters longer; return those that nobody took meanwhile."""
    kept = db.session.scalars(
        sa.update(Letter)
        .where(_held(batch))
        .values(next_try_at=at + LEASE)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    return [claimed for claimed in batch if claimed.number in set(kept)]


def _give_back(batch: Sequence[_Claimed], until: datetime) -> None:
    """Leave letters to a later round; they were not tried."""
    _note(_held(batch), next_try_at=until, tries=Letter.tries - 1)


def _held(batch: Sequence[_Claimed]) -> sa.ColumnElement[bool]:
    """Return what is true of letters that are still this worker's: nobody claimed them since."""
    own = [(Letter.id == claimed.number) & (Letter.tries == claimed.tries) for claimed in batch]
    return Letter.sent_at.is_(None) & Letter.next_try_at.is_not(None) & sa.or_(sa.false(), *own)


def _note(which: sa.ColumnElement[bool], **values: object) -> None:
    change = sa.update(Letter).where(which).values(**values)
    db.session.execute(change.execution_options(synchronize_session=False))
    db.session.commit()


def _row(draft: Draft, at: datetime) -> dict[str, object]:
    body = headed(draft.text, language=draft.language, unsubscribe=draft.unsubscribe)
    return {
        "key": draft.key, "to": draft.to, "subject": draft.subject[:LONGEST_SUBJECT], "body": body,
        "written_at": at, "next_try_at": at, "tries": 0, "error": "", "kind": draft.kind,
        "user_id": draft.user_id,
    }  # fmt: skip
