"""Choosing a sector. The caller commits."""

from datetime import datetime

from learnpeace.cities.models import SectorChoice
from learnpeace.cities.team import queries
from learnpeace.lib.db import db
from learnpeace.people.models import City


def choose(user_id: int, city: City, sector: str, side: str, *, at: datetime) -> None:
    """Say which sector a person belongs to, or that they would rather not (1 query)."""
    choice = queries.choice_of(user_id, city)
    if choice is None:
        choice = SectorChoice(user_id=user_id, city_id=city.id)
        db.session.add(choice)
    choice.sector, choice.side, choice.at = sector, side if sector else "", at
