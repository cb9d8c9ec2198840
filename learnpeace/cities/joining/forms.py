"""The shape of what somebody writes who brings their city."""

import secrets
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from learnpeace.accounts.fields import check_address, check_name
from learnpeace.accounts.rules import clean_email, clean_name
from learnpeace.cities import places
from learnpeace.cities.forms import TOO_LONG, CityForm
from learnpeace.cities.settings import protections
from learnpeace.lib import languages
from learnpeace.lib.typed import one_line, several_lines

PROTECTIVE = (
    ("usual", _l("As is usual: on after a conflict, off elsewhere")),
    ("on", _l("On")),
    ("off", _l("Off")),
)


class SearchForm(FlaskForm):  # type: ignore[misc]
    """A city to look for: its name in any script, and its country."""

    class Meta:
        """A search changes nothing and carries no token."""

        csrf = False

    name = StringField(
        _l("Name of your city, in any script"),
        filters=[one_line],
        validators=[DataRequired(_l("Write the city’s name.")), Length(max=120, message=TOO_LONG)],
    )
    country = SelectField(_l("Country"), validators=[DataRequired(_l("Choose the country."))])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.country.choices = [
            ("", gettext("Choose")), *places.countries(languages.current())
        ]  # fmt: skip


class BringForm(CityForm):
    """A city that asks to join, and who asks. `key` makes sending it twice ask once."""

    key = HiddenField(default=lambda: secrets.token_hex(16))
    about = TextAreaField(
        _l("What is your community like?"),
        filters=[several_lines],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )
    hopes = TextAreaField(
        _l("What do you hope for?"),
        filters=[several_lines],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )
    protective = RadioField(
        _l("Protective settings"), choices=PROTECTIVE, default="usual", validators=[DataRequired()]
    )
    person = StringField(
        _l("Your name"), filters=[clean_name], validators=[DataRequired(_l("Write your name."))]
    )
    email = EmailField(
        _l("Your e-mail"),
        filters=[clean_email],
        validators=[DataRequired(_l("Write your e-mail address; we answer there."))],
    )

    def validate_size(self, field: SelectField) -> None:
        """Say how large a community it is."""
        if not field.data:
            raise ValidationError(gettext("Choose the kind of community."))

    def validate_key(self, field: HiddenField) -> None:
        """A key is ours: 32 hexadecimal digits; anything else gets a new one."""
        typed = str(field.data or "")
        if len(typed) != 32 or not set(typed) <= set("0123456789abcdef"):
            field.data = secrets.token_hex(16)

    def validate_person(self, field: StringField) -> None:
        """A name is letters, up to 100 of them."""
        check_name(field)

    def validate_email(self, field: EmailField) -> None:
        """An address has the shape of one."""
        check_address(field)

    @property
    def is_protective(self) -> bool:
        """Say whether the city begins with its protections on."""
        if self.protective.data == "usual":
            return protections.is_usual(str(self.track.data))
        return bool(self.protective.data == "on")


class DeclineForm(FlaskForm):  # type: ignore[misc]
    """Why a city is not taken."""

    reason = TextAreaField(
        _l("Reason, as the person will read it"),
        filters=[several_lines],
        validators=[
            DataRequired(_l("Write the reason; the person reads it in a letter.")),
            Length(max=1000, message=TOO_LONG),
        ],
    )
