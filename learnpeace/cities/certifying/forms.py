"""The shape of what coordinators type about certificates."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from learnpeace.accounts.fields import readable
from learnpeace.certificates import rules, words
from learnpeace.certificates.actions import LONGEST_WORDS
from learnpeace.certificates.forms import CertificateForm, printable
from learnpeace.certificates.states import Reason
from learnpeace.cities.certifying.asked_names import LONGEST_ANSWER
from learnpeace.cities.forms import TOO_LONG
from learnpeace.lib.languages import NAMES
from learnpeace.lib.typed import one_line, several_lines

MOST_HOURS = 10_000
HOURS = _l("Write whole hours, from 1 to 10,000.")
_LANGUAGES = tuple(NAMES.items())


class NameForm(CertificateForm):
    """The name as a learner wants it printed, and the certificate's language."""


class AgainForm(FlaskForm):  # type: ignore[misc]
    """What is printed otherwise in a new edition, and why."""

    printed_name = StringField(
        _l("Name on the certificate"), filters=[rules.tidy_name], validators=[printable]
    )
    language = SelectField(_l("Language of the certificate"))
    paper = SelectField(_l("Paper"))
    words = TextAreaField(
        _l("What was wrong"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write what was wrong; the holder reads it.")),
            Length(max=LONGEST_WORDS, message=TOO_LONG),
        ],
    )

    def offer(self, languages: Sequence[str]) -> None:
        """Let the coordinator choose among these languages, and every paper."""
        self.language.choices = [(code, NAMES.get(code, code)) for code in languages]
        self.paper.choices = [(paper.value, text) for paper, text in words.PAPERS]


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why a certificate is to be taken back."""

    reason = RadioField(_l("Why"), validators=[InputRequired(_l("Choose why."))])
    words = TextAreaField(
        _l("In your words, to the holder"),
        filters=[several_lines],
        validators=[
            DataRequired(_l("Write what happened; the holder reads it.")),
            Length(max=1000, message=TOO_LONG),
        ],
    )

    def offer(self) -> None:
        """Let the coordinator choose among the reasons, in words."""
        self.reason.choices = [(reason.value, words.reason_words(reason)) for reason in Reason]


class DecideForm(FlaskForm):  # type: ignore[misc]
    """What becomes of a withdrawal, in words to the holder."""

    answer = TextAreaField(
        _l("Your answer, to the holder"),
        filters=[several_lines],
        validators=[
            DataRequired(_l("Write a sentence or two: the holder reads why you decided so.")),
            Length(max=1000, message=TOO_LONG),
        ],
    )


class KeepNameForm(FlaskForm):  # type: ignore[misc]
    """Why a name stays as it is printed."""

    why = TextAreaField(
        _l("Why the name stays as it is, to the holder"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write a sentence: the holder reads why the name stays.")),
            Length(max=LONGEST_ANSWER, message=TOO_LONG),
        ],
    )


class AttendanceForm(FlaskForm):  # type: ignore[misc]
    """Which meetings count, how many of them, and the certificate's language."""

    about = SelectField(_l("For"))
    least = IntegerField(
        _l("At how many meetings somebody was, at least"),
        validators=[
            readable(_l("Write a whole number.")),
            NumberRange(1, 1000, _l("Write a number from 1.")),
        ],
    )
    language = SelectField(_l("Language of the certificate"), choices=_LANGUAGES)


class ThanksForm(FlaskForm):  # type: ignore[misc]
    """What somebody is thanked for, the hours they gave, and the certificate's language."""

    title = StringField(
        _l("For what, in one line"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write what they did, such as “Leading the Saturday meetings”.")),
            Length(max=120, message=TOO_LONG),
        ],
    )
    hours = IntegerField(
        _l("Hours given, by each"),
        validators=[InputRequired(HOURS), readable(HOURS), NumberRange(1, MOST_HOURS, HOURS)],
    )
    language = SelectField(_l("Language of the certificate"), choices=_LANGUAGES)
