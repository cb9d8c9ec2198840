"""The shape of handing a city over."""

import secrets
from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, StopValidation

from learnpeace.accounts.rules import is_email, is_name
from learnpeace.cities.coordinating import queries
from learnpeace.cities.forms import CoordinatorForm
from learnpeace.people.models import User

NEW = "new"
STOPS = (
    ("signed-in", _l("As soon as they have signed in")),
    ("later", _l("Not yet: I stay beside them, and stop by myself on this page")),
)


class HandOverForm(CoordinatorForm):
    """To whom a city goes, and when the person who hands it over stops."""

    key = HiddenField()
    successor = RadioField(
        _l("Who follows you?"), validators=[DataRequired(_l("Choose who follows you."))]
    )
    stops = RadioField(
        _l("When do you stop?"),
        choices=STOPS,
        validators=[DataRequired(_l("Choose when you stop."))],
    )

    def offer(self, others: Sequence[User]) -> None:
        """Let the coordinator choose among the others, or name somebody new."""
        own = [(str(person.id), queries.shown_name(person)) for person in others]
        self.successor.choices = [*own, (NEW, gettext("Somebody new, named below"))]
        if not own and not self.successor.data:
            self.successor.data = NEW
        if len(str(self.key.data or "")) != 32:
            self.key.data = secrets.token_hex(16)
        if not self.is_new:
            for field in (self.name, self.email):
                field.validators = []  # of this form alone: nothing is asked of them

    @property
    def is_new(self) -> bool:
        """Say whether the successor is named below."""
        return bool(self.successor.data == NEW)

    def validate_name(self, field: StringField) -> None:
        """A name is asked of somebody new only."""
        if self.is_new and not is_name(str(field.data)):
            raise StopValidation(gettext("Write a name of up to 100 letters, without symbols."))

    def validate_email(self, field: EmailField) -> None:
        """An address is asked of somebody new only."""
        if self.is_new and not is_email(str(field.data)):
            raise StopValidation(gettext("Write a whole e-mail address, such as ana@example.org."))
