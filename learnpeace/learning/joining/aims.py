"""A join link that is aimed at one part of a city's life: its address says `?for=` a sector.

The aim goes along in every address on the way in: through languages, signing up, signing in.
It opens nothing and is nobody's choice; it only becomes what is suggested to them later.
"""

from dataclasses import dataclass

from flask import has_request_context, request

from learnpeace.learning.routes import bp
from learnpeace.people.sectors import Sector, sector_hints, sector_words

AIM = "for"
WAY_IN = frozenset(
    f"learning.{name}" for name in ("join", "join_at", "join_new", "go_on", "accept", "ask", "wait")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aimed:
    """The sector a link is aimed at, in words; `who` says which people are meant."""

    sector: str
    who: str


def aim() -> Sector | None:
    """Return the sector this address is aimed at; None for no aim or an unknown one."""
    asked = request.args.get(AIM, "") if has_request_context() else ""
    return Sector(asked) if asked in set(Sector) else None


def told() -> Aimed | None:
    """Return the aim of this address in the reader's words, or None."""
    sector = aim()
    if sector is None:
        return None
    return Aimed(sector=sector_words()[sector], who=sector_hints()[sector])


def carried(sector: Sector | None) -> dict[str, str]:
    """Return what an address needs to be aimed at a sector."""
    return {AIM: sector.value} if sector else {}


@bp.url_defaults
def _carry_on(endpoint: str, values: dict[str, object]) -> None:
    """Let every next address on the way in keep the aim of this one."""
    if endpoint in WAY_IN:
        for name, value in carried(aim()).items():
            values.setdefault(name, value)
