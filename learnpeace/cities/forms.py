"""The shape of what coordinators and administrators type."""

from collections.abc import Sequence
from typing import Any, Protocol

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from learnpeace.accounts.fields import check_address, check_name
from learnpeace.accounts.rules import clean_email, clean_name
from learnpeace.cities import places
from learnpeace.cities.actions import CityFacts
from learnpeace.cities.rules import slug_of
from learnpeace.lib import languages
from learnpeace.lib.errors import Misfit
from learnpeace.lib.typed import one_line
from learnpeace.people.models import City, Size, Track

TRACKS = (
    (Track.URBAN.value, _l("Examples for urban neighbourhoods")),
    (Track.RURAL.value, _l("Examples for rural towns")),
    (Track.POST_CONFLICT.value, _l("Examples for post-conflict regions")),
    (Track.ESTABLISHED.value, _l("Examples for established peaceful communities")),
)
SIZES = (
    (Size.NEIGHBOURHOOD.value, _l("A neighbourhood")),
    (Size.VILLAGE.value, _l("A village")),
    (Size.TOWN.value, _l("A town")),
    (Size.CITY.value, _l("A city")),
    (Size.METROPOLIS.value, _l("A metropolis")),
    (Size.DISTRICT.value, _l("A district or county")),
    (Size.REGION.value, _l("A region")),
)

SEATS = _l("Write a number from 1 to 5,000, or leave it empty.")
TOO_LONG = _l("Shorten this to %(max)d characters.")


class Alike(Protocol):
    """A place that may be the same as the one typed."""

    @property
    def slug(self) -> str:
        """Return what it is ticked by."""

    @property
    def name(self) -> str:
        """Return its name."""


def track_field() -> RadioField:
    """Return the question which examples come first."""
    return RadioField(
        _l("Which examples come first"),
        choices=TRACKS,
        validators=[DataRequired(_l("Choose which examples come first."))],
    )


def languages_field() -> SelectMultipleField:
    """Return the question in which languages a city learns."""
    return SelectMultipleField(
        _l("Languages of the city’s learners"),
        choices=list(languages.NAMES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("Choose at least one language."))],
    )


def contact_field() -> StringField:
    """Return the question whom learners may ask."""
    return StringField(
        _l("Contact for learners"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write whom learners may ask: an office, a phone or an e-mail.")),
            Length(max=300, message=TOO_LONG),
        ],
    )


class CityForm(FlaskForm):  # type: ignore[misc]
    """A city: its name, its place in the world, and how to reach it."""

    name = StringField(
        _l("Name of the city, in its own script"),
        filters=[one_line],
        validators=[DataRequired(_l("Write the city’s name.")), Length(max=120, message=TOO_LONG)],
    )
    latin = StringField(
        _l("Name in Latin letters"),
        filters=[one_line],
        validators=[Length(max=80, message=TOO_LONG)],
    )
    country = SelectField(_l("Country"), validators=[DataRequired(_l("Choose the country."))])
    size = SelectField(_l("Kind of community"), choices=[("", _l("Choose")), *SIZES], default="")
    time_zone = SelectField(_l("Time zone"))
    track = track_field()
    languages = languages_field()
    contact = contact_field()
    different = SelectMultipleField(
        _l("Is it one of these? Tick each that is a different place."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
        choices=[],
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        reader = languages.current()
        self.country.choices = [("", gettext("Choose")), *places.countries(reader)]
        country = str(self.country.data or "")
        self.time_zone.choices = {**_no_zone(country), **zone_choices(country)}

    def validate_name(self, field: StringField) -> None:
        """A name has letters."""
        if not any(character.isalpha() for character in str(field.data)):
            raise ValidationError(gettext("Write the city’s name."))

    def validate_latin(self, _field: StringField) -> None:
        """Ask for Latin letters where the name has none."""
        if self.name.data and not self.address():
            raise ValidationError(
                gettext("Write the name with the letters a to z; it stands in the address.")
            )

    def validate_time_zone(self, field: SelectField) -> None:
        """Take the country's zone when it has one only and none was chosen."""
        zones = places.zones_of(str(self.country.data))
        if not field.data and len(zones) == 1:
            field.data = zones[0]
        if not field.data and self.country.data:
            raise ValidationError(
                gettext("This country has several time zones. Choose the city’s.")
            )

    def is_another_than(self, alike: Sequence[Alike]) -> bool:
        """Say whether each city that looks alike was ticked as a different place.

        Offers those cities to be ticked. Naming them, rather than one “yes”, makes a second
        click meet the city that the first one made.
        """
        ticked = set(self.different.data or [])
        self.different.choices = [(c.slug, c.name) for c in alike]
        unsure = [c.name for c in alike if c.slug not in ticked]
        if unsure:
            self.different.errors = [
                gettext("%(city)s may be the same place. If it is not, tick it below.",
                        city=unsure[0])
            ]  # fmt: skip
        return not unsure

    def facts(self) -> CityFacts:
        """Return what was typed."""
        return CityFacts(
            name=str(self.name.data),
            country=str(self.country.data),
            time_zone=str(self.time_zone.data),
            track=str(self.track.data),
            languages=",".join(c for c in languages.NAMES if c in (self.languages.data or ())),
            contact=str(self.contact.data),
            latin=str(self.latin.data or ""),
            size=str(self.size.data or ""),
        )

    def address(self) -> str:
        """Return how the city would stand in addresses; empty when nothing is Latin."""
        return slug_of(str(self.latin.data or self.name.data or ""))


class CoordinatorForm(FlaskForm):  # type: ignore[misc]
    """Who shall coordinate a city, or facilitate a cohort."""

    name = StringField(
        _l("Name"), filters=[clean_name], validators=[DataRequired(_l("Write the person’s name."))]
    )
    email = EmailField(
        _l("E-mail"),
        filters=[clean_email],
        validators=[DataRequired(_l("Write the person’s e-mail address."))],
    )

    def refuse(self, error: Misfit) -> None:
        """Show what does not fit beside its field."""
        self[error.field].errors = [error.message]

    def validate_name(self, field: StringField) -> None:
        """A name is letters, up to 100 of them."""
        check_name(field)

    def validate_email(self, field: EmailField) -> None:
        """An address has the shape of one; the invitation proves the rest."""
        check_address(field)


def city_form_of(city: City) -> CityForm:
    """Return the form filled with a city as it is, or with what was sent."""
    latin = city.latin or ("" if slug_of(city.name) else city.slug.replace("-", " ").title())
    # Not obj=: its attributes would win over what the form says in other words.
    own = {name: getattr(city, name) for name in CityFacts.__slots__}
    return CityForm(data={**own, "latin": latin, "languages": city.languages.split(",")})


def zone_choices(country: str) -> dict[str, list[tuple[str, str]]]:
    """Return every time zone in groups, those of the country first."""
    near = places.zones_of(country)
    groups: dict[str, list[tuple[str, str]]] = {}
    if near:
        groups[gettext("In this country")] = [(z, z.replace("_", " ")) for z in near]
    for zone in places.zones():
        if zone not in near:
            groups.setdefault(zone.split("/")[0], []).append((zone, zone.replace("_", " ")))
    return groups


def _no_zone(country: str) -> dict[str, list[tuple[str, str]]]:
    """Return what stands first while nobody has chosen: only a country of one zone decides."""
    if len(places.zones_of(country)) == 1:
        return {gettext("The country decides"): [("", gettext("The country’s only time zone"))]}
    return {gettext("Not chosen yet"): [("", gettext("Choose"))]}
