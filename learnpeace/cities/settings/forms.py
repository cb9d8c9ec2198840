"""The shape of what a coordinator says of their city and its protections."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from learnpeace.accounts.fields import readable
from learnpeace.cities.forms import (
    SIZES,
    TOO_LONG,
    contact_field,
    languages_field,
    track_field,
    zone_choices,
)
from learnpeace.cities.settings.protections import Protections
from learnpeace.lib import languages
from learnpeace.lib.typed import several_lines
from learnpeace.people.models import City

MONTHS = _l("Write a number of months from 1 to 60.")
AGES = (
    ("no", _l("Ask nobody’s age")),
    ("ask", _l("Ask for the age band; nobody needs a guardian’s consent")),
    ("16", _l("Under 16, a parent or guardian must agree")),
    ("18", _l("Under 18, a parent or guardian must agree")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """What a coordinator says of their city."""

    size: str
    track: str
    time_zone: str
    languages: str
    contact: str
    about: str
    hopes: str


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """A city's facts but for its name and country, and its protections."""

    size = SelectField(
        _l("Kind of community"),
        choices=[("", _l("Choose")), *SIZES],
        validators=[DataRequired(_l("Choose the kind of community."))],
    )
    track = track_field()
    time_zone = SelectField(
        _l("Time zone"), validators=[DataRequired(_l("Choose the city’s time zone."))]
    )
    languages = languages_field()
    contact = contact_field()
    about = TextAreaField(
        _l("What your community is like"),
        filters=[several_lines],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )
    hopes = TextAreaField(
        _l("What you hope for"),
        filters=[several_lines],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )
    hides_names = BooleanField(_l("Show no names on public pages"))
    hides_city = BooleanField(_l("Show only the country, not the city"))
    has_quick_exit = BooleanField(_l("A button on every page to leave at once"))
    notes_first = BooleanField(_l("Content notes before anything else"))
    help_lines = TextAreaField(
        _l("Local help lines"),
        filters=[several_lines],
        validators=[Optional(), Length(max=1000, message=TOO_LONG)],
    )
    names_for_months = IntegerField(
        _l("Names go so many months after a cohort’s end"),
        validators=[readable(MONTHS), InputRequired(MONTHS), NumberRange(1, 60, MONTHS)],
    )
    age = RadioField(_l("Young people"), choices=AGES, validators=[DataRequired()])

    def offer_zones(self, country: str) -> None:
        """Let the coordinator choose a time zone, the country's own first."""
        self.time_zone.choices = zone_choices(country)

    def facts(self) -> OwnFacts:
        """Return what was typed of the city."""
        return OwnFacts(
            size=str(self.size.data),
            track=str(self.track.data),
            time_zone=str(self.time_zone.data),
            languages=",".join(c for c in languages.NAMES if c in (self.languages.data or ())),
            contact=str(self.contact.data),
            about=str(self.about.data or ""),
            hopes=str(self.hopes.data or ""),
        )

    def protections(self) -> Protections:
        """Return the protections as chosen."""
        age = str(self.age.data)
        return Protections(
            shows_names=not self.hides_names.data,
            shows_city=not self.hides_city.data,
            has_quick_exit=bool(self.has_quick_exit.data),
            notes_first=bool(self.notes_first.data),
            help_lines=str(self.help_lines.data or ""),
            names_for_months=int(self.names_for_months.data or 0),
            asks_age=age != "no",
            guardian_under=int(age) if age.isdigit() else 0,
        )


def settings_form_of(city: City) -> SettingsForm:
    """Return the form filled with a city as it is, or with what was sent."""
    form = SettingsForm(data=_shown(city))
    form.offer_zones(city.country)
    return form


def _shown(city: City) -> dict[str, Any]:
    """Return the city as the form says it, some of it in other words than the table."""
    names = (*OwnFacts.__slots__, *Protections.__slots__)
    age = str(city.guardian_under) if city.guardian_under else ("ask" if city.asks_age else "no")
    return {
        **{name: getattr(city, name) for name in names},
        "languages": city.languages.split(","),
        "hides_names": not city.shows_names,
        "hides_city": not city.shows_city,
        "age": age,
    }
