"""The form of the style guide: one field of each kind, with errors to be seen."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget


class SampleForm(FlaskForm):  # type: ignore[misc]
    """Shown on /styleguide only; nothing is ever sent with it."""

    name = StringField("Your name", validators=[InputRequired("Write your name.")])
    email = EmailField("E-mail", validators=[InputRequired("Write your e-mail address.")])
    pin = StringField("PIN")
    city = SelectField("City", choices=[("kisumu", "Kisumu"), ("ashland", "Ashland")])
    about = TextAreaField("What brings you here?", validators=[Optional()])
    roster = FileField("List of people")
    age = RadioField("Your age", choices=[("16", "16 or 17"), ("18", "18 or older")])
    consents = SelectMultipleField(
        "What may we do?",
        choices=[
            ("research", "Use my answers in research"),
            ("exchange", "Invite me to exchanges"),
        ],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    place = RadioField("How big is your place?", choices=[("town", "Town"), ("city", "City")])
    remember = BooleanField("Stay signed in on this phone")
