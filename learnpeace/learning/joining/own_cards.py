"""What a person waits for, on their first page."""

from datetime import datetime

from learnpeace.learning.cards import Card, brings_cards
from learnpeace.learning.joining import queries


@brings_cards
def cards(user_id: int, at: datetime) -> list[Card]:
    """Return a card for each request that is open and each place that is held (1 query)."""
    return [
        Card(
            template="learning/_ask_card.html",
            values={"ask": ask},
            is_urgent=ask.held_until is not None,
            has_main=ask.held_until is not None and place == 0,
        )
        for place, ask in enumerate(queries.asks_of(user_id, at))  # what is held comes first
    ]
