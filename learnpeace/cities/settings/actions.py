"""Changing what is said of a city and how it protects its learners. The caller commits."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import path_of
from learnpeace.cities.settings import protections
from learnpeace.cities.settings.forms import OwnFacts
from learnpeace.cities.settings.protections import Protections
from learnpeace.lib.languages import speaking
from learnpeace.people.models import City, User


def change(city: City, facts: OwnFacts, new: Protections, others: Sequence[User],
           *, at: datetime) -> None:  # fmt: skip
    """Say other things of a city and protect it so; the same again changes nothing.

    The `others` who coordinate it are told when a protection goes (1 query for each of them).
    """
    gone = protections.loosened(protections.of_city(city), new)
    for name, value in asdict(facts).items():
        setattr(city, name, value)
    new.give_to(city)
    for person in others if gone else ():
        with speaking(person.language):
            notice_actions.tell(
                person.id,
                key=f"settings-{city.id}-{at:%Y%m%dT%H%M}",
                title=gettext("A protection of %(city)s was taken off", city=city.name),
                text=gettext("Another coordinator changed it. Look at what is on now."),
                link=path_of("cities.settings", slug=city.slug),
                at=at,
            )
