"""Tries counted in the database, so that every worker counts the same ones.

A fixed window per key; keys are hashed, so the table names nobody. Never a lasting lock:
the sentence says when to come back, and nobody can lock somebody else out for long.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext, ngettext
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from learnpeace.lib.db import Model, db, fetch
from learnpeace.lib.errors import TooMany


class ThrottleCount(Model):
    """How often a key was used in one window of time."""

    __tablename__ = "throttle_count"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


_table = cast("sa.Table", ThrottleCount.__table__)
_COUNTED = sa.select(_table.c.count).where(_table.c.key == sa.bindparam("k"))
DAY = timedelta(days=1)
CHUNK = 200  # keys in one statement


def count_try(what: str, who: str, *, limit: int, per: timedelta, at: datetime) -> None:
    """Count one try; raise TooMany with the minutes to wait above `limit` in a window.

    Commits on a connection of its own: a refused sign-in must count although its own unit
    of work is thrown away. Call it before the request's first write (1 SQL query).
    """
    key, ends = _window(what, who, per, at)
    with db.engine.begin() as connection:
        row = {"key": key, "ends_at": ends, "count": 1}
        used = connection.scalar(_counting(row, connection.dialect.name))
    if used > limit:
        raise _too_many(ends - at)


def refuse_after(what: str, who: str, *, limit: int, per: timedelta, at: datetime) -> None:
    """Raise TooMany once `limit` tries were counted in this window; count nothing (1 query).

    For addresses that many right people share, only wrong tries are counted. Ask this first,
    or a guesser would still learn which guess was right.
    """
    key, ends = _window(what, who, per, at)
    rows = fetch(_COUNTED, {"k": key})
    if rows and rows[0].count >= limit:
        raise _too_many(ends - at)


def count_free(
    what: str, whos: Collection[str], *, limit: int, days: int, at: datetime
) -> set[str]:
    """Count one for each of many who are below `limit` in `days`; return them.

    Within the caller's unit of work, since it belongs to what is done for them. No span of so
    many days holds more than `limit`, wherever it begins. Those above are not counted: nobody
    can keep somebody out by asking again (2 or 3 SQL queries for each 200).
    """
    free: set[str] = set()
    wanted = sorted(set(whos))  # in one order, so that two at once wait and never lock
    for start in range(0, len(wanted), CHUNK):
        free |= _free(what, wanted[start : start + CHUNK], limit, days, at)
    return free


def forget_old(at: datetime) -> None:
    """Drop the windows that are over (1 SQL query); the caller commits."""
    db.session.execute(sa.delete(ThrottleCount).where(ThrottleCount.ends_at < at))


def _window(what: str, who: str, per: timedelta, at: datetime) -> tuple[str, datetime]:
    """Return the key of the window this moment is in, and when the window ends."""
    seconds = int(per.total_seconds())
    start = int(at.timestamp()) // seconds * seconds
    key = hashlib.sha256(f"{what}:{who}:{start}".encode()).hexdigest()
    return key, datetime.fromtimestamp(start + seconds, tz=at.tzinfo)


def _free(what: str, whos: Sequence[str], limit: int, days: int, at: datetime) -> set[str]:
    connection = db.session.connection()
    today = {_window(what, who, DAY, at)[0]: who for who in whos}
    ends = _window(what, "", DAY, at)[1] + days * DAY
    rows = [{"key": key, "ends_at": ends, "count": 1} for key in sorted(today)]
    counted = connection.execute(_counting(rows, connection.dialect.name)).all()
    used: dict[str, int] = {today[row.key]: row[0] for row in counted}
    earlier = {
        _window(what, who, DAY, at - back * DAY)[0]: who
        for who in whos
        for back in range(1, days + 1)
    }
    before = sa.select(_table.c.key, _table.c.count).where(_table.c.key.in_(earlier))
    for row in connection.execute(before):
        used[earlier[row[0]]] += cast("int", row[1])
    over = [key for key, who in today.items() if used[who] > limit]
    if over:
        back_again = sa.update(_table).where(_table.c.key.in_(over))
        connection.execute(back_again.values(count=_table.c.count - 1))
    return {who for who in whos if used[who] <= limit}


def _counting(rows: Any, dialect: str) -> Any:
    """Return the insert that counts one for a row, or for each of several: counts and keys."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    once_more = insert(_table).values(rows)
    return once_more.on_conflict_do_update(
        index_elements=[_table.c.key], set_={"count": _table.c.count + 1}
    ).returning(_table.c.count, _table.c.key)


def _too_many(left: timedelta) -> TooMany:
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return TooMany(
        gettext("That was tried too often in a short time."),
        title=gettext("Please wait a little"),
        advice=ngettext(
            "This keeps people safe from guessing. Try again in %(num)d minute.",
            "This keeps people safe from guessing. Try again in %(num)d minutes.",
            minutes,
        ),
    )
