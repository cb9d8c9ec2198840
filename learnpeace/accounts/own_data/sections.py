"""What rooms keep about a person, and how they let go of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable

from learnpeace.lib.db import db

Cell = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of thing kept about a person, as a table.

    `file` names it in the download; `title` and `columns` are in the reader's language. The
    last `codes` columns are for programs: they stand in the download and not on the page.
    """

    file: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    codes: int = 0

    @property
    def width(self) -> int:
        """Return how many columns the page shows."""
        return len(self.columns) - self.codes


def table_of(query: Executable, *, file: str, title: str, columns: tuple[str, ...]) -> Section:
    """Return a section whose rows are what a query finds, column by column (1 query)."""
    rows = [tuple(row) for row in db.session.execute(query)]
    return Section(file=file, title=title, columns=columns, rows=rows)


Giver = Callable[[int], Section]
Forgetter = Callable[[int, datetime], None]
_givers: list[Giver] = []
_forgetters: list[Forgetter] = []


def gives(giver: Giver) -> Giver:
    """Mark a function of a person's number that returns one section (each says its queries)."""
    _givers.append(giver)
    return giver


def forgets(forgetter: Forgetter) -> Forgetter:
    """Mark a function that takes a room's personal words and ways in away, safe to repeat."""
    _forgetters.append(forgetter)
    return forgetter


def sections_of(user_id: int) -> list[Section]:
    """Return everything kept about a person."""
    return [giver(user_id) for giver in _givers]


def forget(user_id: int, at: datetime) -> None:
    """Let every room go of a person; the rooms above first, as their rows point down."""
    for forgetter in reversed(_forgetters):
        forgetter(user_id, at)
