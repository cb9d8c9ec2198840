"""The shape of what a holder asks about their own certificate."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from learnpeace.certificates import rules
from learnpeace.certificates.forms import printable
from learnpeace.certificates.withdrawal_actions import LONGEST_OBJECTION

LONGEST_WHY = 300  # characters


class WrongNameForm(FlaskForm):  # type: ignore[misc]
    """The name as it should be, and a word to whoever decides."""

    wanted_name = StringField(
        _l("The name as it should be printed"), filters=[rules.tidy_name], validators=[printable]
    )
    why = TextAreaField(
        _l("What is wrong with it"),
        filters=[lambda text: (text or "").replace("\x00", "").strip()],
        validators=[
            Optional(),
            Length(max=LONGEST_WHY, message=_l("Write at most 300 characters.")),
        ],
    )


class ObjectionForm(FlaskForm):  # type: ignore[misc]
    """Why a certificate should not be withdrawn."""

    objection = TextAreaField(
        _l("Why it should stay valid"),
        filters=[lambda text: (text or "").replace("\x00", "").strip()],
        validators=[
            DataRequired(_l("Write what is wrong, in your own words.")),
            Length(max=LONGEST_OBJECTION, message=_l("Write at most 2,000 characters.")),
        ],
    )
