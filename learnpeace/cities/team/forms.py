"""The shape of a learner's choice of sector."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from learnpeace.people.sectors import sector_words, side_words

NOBODY = "none"  # the value of “I would rather not say”


class TeamForm(FlaskForm):  # type: ignore[misc]
    """Which part of the city's life somebody stands for."""

    sector = RadioField(
        _l("Which part of your city’s life are you closest to?"),
        validators=[InputRequired(_l("Choose one, or choose not to say."))],
    )
    side = RadioField(_l("And from which side do you come?"), validate_choice=True)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.sector.choices = [
            *((sector.value, words) for sector, words in sector_words().items()),
            (NOBODY, gettext("I would rather not say")),
        ]
        self.side.choices = [
            *((s.value, words) for s, words in side_words().items()),
            ("", gettext("None of these, or I would rather not say")),
        ]
