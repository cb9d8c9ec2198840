"""What fields must hold, said alike in every room."""

from collections.abc import Callable

from flask_babel import gettext
from wtforms import Field, Form, ValidationError
from wtforms.validators import StopValidation

from learnpeace.accounts.rules import is_email, is_name


def check_name(field: Field) -> None:
    """Raise ValidationError for what is no name: letters, up to 100 of them."""
    if not is_name(str(field.data)):
        raise ValidationError(gettext("Write a name of up to 100 letters, without symbols."))


def check_address(field: Field) -> None:
    """Raise ValidationError for what has not the shape of an address; a letter proves the rest."""
    if not is_email(str(field.data)):
        raise ValidationError(gettext("Write a whole e-mail address, such as ana@example.org."))


def readable(message: str) -> Callable[[Form, Field], None]:
    """Return a validator that says in our words what could not be read at all."""

    def check(_form: Form, field: Field) -> None:
        if field.process_errors:
            field.errors = []
            raise StopValidation(str(message))

    return check
