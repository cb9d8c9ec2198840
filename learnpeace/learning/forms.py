"""The shape of what learners send."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from learnpeace.learning.actions import LONGEST_NOTE

_TOO_LONG = _l("Please keep this under 20,000 characters.")


class ReflectionForm(FlaskForm):  # type: ignore[misc]
    """A learner's private reflection."""

    text = TextAreaField(
        _l("Your reflection"), validators=[Length(max=LONGEST_NOTE, message=_TOO_LONG)]
    )


class ActionForm(FlaskForm):  # type: ignore[misc]
    """What a learner did in their community: what, with whom, what changed."""

    text = TextAreaField(
        _l("What did you do?"), validators=[Length(max=LONGEST_NOTE, message=_TOO_LONG)]
    )
    with_whom = TextAreaField(
        _l("With whom?"), validators=[Length(max=LONGEST_NOTE, message=_TOO_LONG)]
    )
    changed = TextAreaField(
        _l("What changed?"), validators=[Length(max=LONGEST_NOTE, message=_TOO_LONG)]
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A join code, as it stands on a poster."""

    class Meta:
        """Its settings."""

        csrf = False  # it only opens a page

    code = StringField(
        _l("Join code"), validators=[DataRequired(_l("Type the code from your invitation."))]
    )
