"""Reads for those who check a certificate: what anybody may know of it, and no more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Again, Kind, Reason, State, state_of
from learnpeace.lib import clock
from learnpeace.lib.db import fetch
from learnpeace.people.models import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One certificate of a series; `reason` is why it replaced the one before it."""

    serial: str
    edition: int
    issued_at: datetime
    state: State
    reason: Again | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A certificate as the public may read it.

    `facts.printed_name` is empty where its holder asked for privacy. `shows_name` says whether
    it may be shown, to compare it is always allowed; a name that was corrected since is not
    shown, it may be one that its holder wants forgotten. `earlier` and `later` are the
    editions before and after this one, in order.
    """

    facts: Facts
    state: State
    edition: int
    pdf_sha256: str
    shows_name: bool
    shows_city: bool
    country: str
    withdrawn_at: datetime | None
    withdrawn_for: Reason | None
    shared_at: datetime | None
    reason: Again | None
    earlier: tuple[Edition, ...]
    later: tuple[Edition, ...]

    @property
    def name(self) -> str:
        """Return the city's name as it stands on the certificate."""
        return self.facts.city_name

    @property
    def asks_name(self) -> bool:
        """Say whether the name is there to be compared, but not shown."""
        return bool(self.facts.printed_name) and not self.shows_name

    @property
    def is_shared(self) -> bool:
        """Say whether its holder shares it with whoever has the address."""
        return self.shared_at is not None


_this = sa.alias(Certificate.__table__, "this")
_every = sa.alias(Certificate.__table__, "every")
_city = City.__table__
_FACTS = tuple(field.name for field in fields(Facts))
_READ = (
    sa.select(
        *(_every.c[name] for name in _FACTS),
        *(_every.c[name] for name in (
            "id", "edition", "replaces_id", "reason", "pdf_sha256", "shows_name",
            "withdrawn_at", "withdrawn_for", "shared_at",
        )),
        (_every.c.id == _this.c.id).label("is_this"),
        sa.func.coalesce(_city.c.shows_names, sa.true()).label("shows_names"),
        sa.func.coalesce(_city.c.shows_city, sa.true()).label("shows_city"),
        sa.func.coalesce(_city.c.country, "").label("country"),
        sa.func.coalesce(_city.c.time_zone, "UTC").label("time_zone"),
    )
    .select_from(_this)
    .join(_every, sa.and_(
        _every.c.user_id == _this.c.user_id,
        _every.c.kind == _this.c.kind,
        _every.c.about == _this.c.about,
    ))
    .outerjoin(_city, _city.c.id == _every.c.city_id)
    .order_by(_every.c.edition)
)  # fmt: skip
_BY_SERIAL = _READ.where(_this.c.serial == sa.bindparam("value"))
_BY_FILE = _READ.where(_this.c.pdf_sha256 == sa.bindparam("value"))


def checked(serial: str | None, at: datetime) -> Checked | None:
    """Return a certificate with the editions before and after it (1 query).

    A text that cannot be a number is looked for like any other, so that nobody can tell by
    the time an answer takes.
    """
    return _checked(fetch(_BY_SERIAL, {"value": serial or ""}), at)


def checked_file(sha256: str, at: datetime) -> Checked | None:
    """Return the certificate whose page is the file with this hash (1 query)."""
    return _checked(fetch(_BY_FILE, {"value": sha256}), at)


def _checked(rows: Sequence[Any], at: datetime) -> Checked | None:
    this = next((row for row in rows if row.is_this), None)
    if this is None:
        return None
    by_id = {row.id: row for row in rows}
    after = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    today = at.astimezone(clock.zone(this.time_zone)).date()
    earlier = _following(this, lambda row: by_id.get(row.replaces_id))
    later = _following(this, lambda row: after.get(row.id))
    was_corrected = any(row.reason == Again.NAME for row in later)
    return Checked(
        facts=_facts(this),
        state=_state(this, after, today),
        edition=this.edition,
        pdf_sha256=this.pdf_sha256,
        shows_name=(
            bool(this.shows_names) and all(row.shows_name for row in rows) and not was_corrected
        ),
        shows_city=bool(this.shows_city),
        country=this.country,
        withdrawn_at=this.withdrawn_at,
        withdrawn_for=_reason(this.withdrawn_for),
        shared_at=this.shared_at,
        reason=_again(this.reason),
        earlier=tuple(_edition(row, after, today) for row in reversed(earlier)),
        later=tuple(_edition(row, after, today) for row in later),
    )


def _following(row: Any, step: Callable[[Any], Any]) -> list[Any]:
    """Return the rows that follow one, in steps; a row never comes twice."""
    found: list[Any] = []
    while (row := step(row)) is not None and row not in found:
        found.append(row)
    return found


def _edition(row: Any, after: Mapping[int, Any], today: date) -> Edition:
    return Edition(
        serial=row.serial,
        edition=row.edition,
        issued_at=row.issued_at,
        state=_state(row, after, today),
        reason=_again(row.reason),
    )


def _state(row: Any, after: Mapping[int, Any], today: date) -> State:
    return state_of(
        withdrawn_at=row.withdrawn_at,
        is_replaced=row.id in after,
        expires_on=row.expires_on,
        today=today,
    )


def _facts(row: Any) -> Facts:
    told = {name: getattr(row, name) for name in _FACTS}
    return Facts(**told | {"kind": Kind(row.kind), "paper": Paper(row.paper)})


def _again(reason: str) -> Again | None:
    return Again(reason) if reason in set(Again) else None


def _reason(reason: str) -> Reason | None:
    return Reason(reason) if reason in set(Reason) else None
