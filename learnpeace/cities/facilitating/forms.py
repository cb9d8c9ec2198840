"""The shape of what facilitators send."""

import re
import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from learnpeace.lib.typed import several_lines

LONGEST_ANSWER, LONGEST_REASON = 1000, 300  # characters
_KEY = re.compile(r"[A-Za-z0-9_-]{8,32}")
_SHORTER = _l("Shorten this to %(max)d characters.")


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer to a shared text. `key` makes sending it twice send it once."""

    key = HiddenField()
    text = TextAreaField(
        _l("Your answer"),
        filters=[several_lines],
        validators=[
            DataRequired(_l("Write your answer.")),
            Length(max=LONGEST_ANSWER, message=_SHORTER),
        ],
    )

    @property
    def token(self) -> str:
        """Return the key the page was made with; a new one where it came without."""
        key = str(self.key.data or "")
        return key if _KEY.fullmatch(key) else fresh_key()


class TakeOutForm(FlaskForm):  # type: ignore[misc]
    """Why a shared text should not stand there."""

    reason = TextAreaField(
        _l("The reason, for its writer"),
        filters=[several_lines],
        validators=[
            DataRequired(_l("Say why, so that its writer understands.")),
            Length(max=LONGEST_REASON, message=_SHORTER),
        ],
    )


def fresh_key() -> str:
    """Return a key for a form that is shown anew."""
    return secrets.token_urlsafe(12)
