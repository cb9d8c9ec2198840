"""The shape of what learners send."""

import re
import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from learnpeace.learning.actions import LONGEST_NOTE
from learnpeace.learning.report_actions import LONGEST_REPORT

_KEY = re.compile(r"[A-Za-z0-9_-]{8,32}")
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


def tidy(text: str | None) -> str:
    """Return what was typed, as long as its writer counts it, without what no one can see."""
    return (text or "").replace("\r\n", "\n").replace("\x00", "").strip()


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong in one place of a course. `key` makes sending it twice send it once."""

    key = HiddenField()
    text = TextAreaField(
        _l("What is wrong?"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write in a few words what is wrong.")),
            Length(max=LONGEST_REPORT, message=_l("Shorten this to %(max)d characters.")),
        ],
    )

    @property
    def token(self) -> str:
        """Return the key the page was made with; a new one where it came without."""
        key = str(self.key.data or "")
        return key if _KEY.fullmatch(key) else secrets.token_urlsafe(12)
