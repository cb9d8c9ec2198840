"""Cards on the learner's first page that other rooms bring: a meeting, a place, an answer.

Rooms above this one add a maker with `brings_cards`; imports point down only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card: a template that is included with `card`, and what it needs.

    One that `is_urgent` stands above the course's next step: what it tells of does not wait.
    One that `has_main` brings the page's one main button; the page's own is quiet then.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    is_urgent: bool = False
    has_main: bool = False


Maker = Callable[[int, datetime], list[Card]]
_makers: list[Maker] = []


def brings_cards(maker: Maker) -> Maker:
    """Mark a function of a person's number and the moment that returns their cards."""
    _makers.append(maker)
    return maker


def cards_of(user_id: int, at: datetime) -> list[Card]:
    """Return a person's cards, in the order the rooms were loaded (each says its queries)."""
    return [card for maker in _makers for card in maker(user_id, at)]
