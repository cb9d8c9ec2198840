"""What a field must hold, said alike wherever somebody writes another person's name or address."""

from flask_babel import gettext
from wtforms import Field, ValidationError

from learnpeace.accounts.rules import is_email, is_name


def check_name(field: Field) -> None:
    """Raise ValidationError for what is no name: letters, up to 100 of them."""
    if not is_name(str(field.data)):
        raise ValidationError(gettext("Write a name of up to 100 letters, without symbols."))


def check_address(field: Field) -> None:
    """Raise ValidationError for what has not the shape of an address; a letter proves the rest."""
    if not is_email(str(field.data)):
        raise ValidationError(gettext("Write a whole e-mail address, such as ana@example.org."))
