"""The learner's next meeting on their first page, and the last one to read up on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from learnpeace.learning.cards import Card, brings_cards
from learnpeace.meetings import queries
from learnpeace.meetings.queries import OwnLine
from learnpeace.meetings.rules import Stage

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingsCard:
    """What the card shows; each may be None."""

    next: OwnLine | None
    is_live: bool
    missed: OwnLine | None


@brings_cards
def meeting_card(user_id: int, at: datetime) -> list[Card]:
    """Return a card when the person's cohorts meet or have met lately (1 query)."""
    lines = queries.own_meetings(user_id, at - queries.CARD_LOOKS_BACK)
    if not lines:
        return []
    upcoming = queries.next_of(lines, at)
    over = [line for line in lines if line.hours.stage(at) is Stage.AFTER]
    shown = MeetingsCard(
        next=upcoming,
        is_live=upcoming is not None and upcoming.hours.stage(at) is Stage.LIVE,
        missed=next((line for line in reversed(over) if line.is_missed), None),
    )
    is_soon = upcoming is not None and upcoming.hours.starts_at - at < SOON
    return [Card(template="meetings/_card.html", values={"shown": shown}, is_urgent=is_soon)]
