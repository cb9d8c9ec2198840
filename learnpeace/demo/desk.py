"""What waits on the administrator's desk: a city that asks to join. It is made up."""

import secrets
from datetime import timedelta

from learnpeace.cities.models import CityRequest
from learnpeace.demo import people
from learnpeace.demo.places import Scene
from learnpeace.lib.db import db
from learnpeace.people.models import Size, Track


def fill(scene: Scene) -> None:
    """Add the request."""
    db.session.add(
        CityRequest(
            key=secrets.token_urlsafe(16),
            name="Villa Serena del Valle",
            country="CO",
            size=Size.TOWN.value,
            track=Track.RURAL,
            time_zone="America/Bogota",
            languages="es,en",
            about="Nine hamlets, one road, a school that everybody walks to.",
            hopes="To settle the quarrel about the spring before the dry months, and to teach "
            "those who come after us how.",
            contact="Casa de la palabra, frente a la escuela",
            person="Lucía Ferrer",
            email=people.address("lucia.ferrer"),
            language="es",
            made_at=scene.at - timedelta(days=3),
        )
    )
