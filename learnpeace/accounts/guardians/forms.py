"""What a young person and a guardian type."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired

from learnpeace.accounts.fields import check_address, check_name
from learnpeace.accounts.guardians.rules import GROWN, TO_17, UNDER_16
from learnpeace.accounts.rules import clean_email, clean_name

AGES = (
    (UNDER_16, _l("Under 16")),
    (TO_17, _l("16 or 17")),
    (GROWN, _l("18 or older")),
)


class AgeForm(FlaskForm):  # type: ignore[misc]
    """An age band, for cities that ask for one."""

    age = RadioField(
        _l("How old are you?"), choices=AGES, validators=[InputRequired(_l("Choose one."))]
    )


class AskGuardianForm(FlaskForm):  # type: ignore[misc]
    """Where the guardian gets a letter."""

    email = EmailField(
        _l("E-mail address of your parent or guardian"),
        filters=[clean_email],
        validators=[DataRequired(_l("Write an e-mail address."))],
    )

    def validate_email(self, field: EmailField) -> None:
        """An address has the shape of one."""
        check_address(field)


class AgreeForm(FlaskForm):  # type: ignore[misc]
    """A guardian's yes, with their name."""

    name = StringField(
        _l("Your name"),
        filters=[clean_name],
        validators=[DataRequired(_l("Write your name: it stands for your signature."))],
    )

    def validate_name(self, field: StringField) -> None:
        """A name is letters, up to 100 of them."""
        check_name(field)
