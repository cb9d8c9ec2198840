"""The shape of what people type about meetings."""

import secrets
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from learnpeace.accounts.fields import readable
from learnpeace.lib.errors import Misfit
from learnpeace.lib.typed import one_line, several_lines
from learnpeace.meetings import rules
from learnpeace.meetings.actions import Plan
from learnpeace.meetings.attendance_actions import LONGEST_ANSWER, LONGEST_DISPUTE

TOO_LONG = _l("Shorten this to %(max)d characters.")
HTTPS = _l("Paste the whole link. It begins with https://, so that nobody on the way can read it.")
QUESTIONS = 3
ONE, FOLLOWING = "one", "following"
WHICH = [(ONE, _l("Only this meeting")), (FOLLOWING, _l("This one and all that follow"))]
MINUTES = _l("Write a number of minutes from 5 to 480.")
WEEKS = _l("Write a number of weeks from 1 to 52.")
DAY, TIME = _l("Choose the day."), _l("Write the time, such as 18:30.")


def _is_link(_form: Form, field: Field) -> None:
    if field.data and not rules.is_web_address(field.data):
        raise ValidationError(HTTPS)


def _question(number: int) -> StringField:
    return StringField(
        _l("Question %(number)s", number=number),
        filters=[one_line],
        validators=[Length(max=300, message=TOO_LONG)],
    )


def _check_answer(_form: Form, field: Field) -> None:
    if not field.data:
        raise ValidationError(_l("Write a sentence or two."))


def _answer() -> TextAreaField:
    too_long = Length(max=LONGEST_ANSWER, message=TOO_LONG)
    return TextAreaField(filters=[several_lines], validators=[_check_answer, too_long])


class _Refusing(FlaskForm):  # type: ignore[misc]
    def refuse(self, error: Misfit) -> None:
        """Show what does not fit beside its field."""
        self[error.field].errors = [error.message]


class MeetingForm(_Refusing):
    """A meeting: what, when, where, and what who cannot come is asked."""

    title = StringField(
        _l("Title"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write what the meeting is called.")),
            Length(max=120, message=TOO_LONG),
        ],
    )
    about = TextAreaField(
        _l("What it is about"),
        filters=[several_lines],
        validators=[Length(max=4000, message=TOO_LONG)],
    )
    day = DateField(_l("Day"), validators=[readable(DAY), InputRequired(DAY)])
    time = TimeField(_l("Begins at"), validators=[readable(TIME), InputRequired(TIME)])
    minutes = IntegerField(
        _l("Minutes"),
        default=60,
        validators=[
            readable(MINUTES),
            InputRequired(MINUTES),
            NumberRange(rules.SHORTEST, rules.LONGEST, MINUTES),
        ],
    )
    link = StringField(
        _l("Link to join"),
        filters=[one_line],
        validators=[Length(max=500, message=TOO_LONG), _is_link],
    )
    dial_in = StringField(
        _l("Number to dial in"),
        filters=[one_line],
        validators=[Length(max=200, message=TOO_LONG)],
    )
    question_1, question_2, question_3 = _question(1), _question(2), _question(3)

    def validate_question_1(self, field: StringField) -> None:
        """Three questions count as being there; fewer would be another promise."""
        if 0 < len(self._questions()) < QUESTIONS:
            raise ValidationError(_l("Write three questions, or leave all three empty."))

    def wanted(self) -> Plan:
        """Return what was typed, once it is valid."""
        assert self.day.data is not None
        assert self.time.data is not None
        return Plan(
            title=str(self.title.data), about=str(self.about.data or ""),
            local=datetime.combine(self.day.data, self.time.data.replace(second=0)),
            minutes=int(self.minutes.data or 0), link=str(self.link.data or ""),
            dial_in=str(self.dial_in.data or ""), questions=tuple(self._questions()),
        )  # fmt: skip

    def _questions(self) -> list[str]:
        typed = (self.question_1.data, self.question_2.data, self.question_3.data)
        return [text for text in typed if text]


class NewMeetingForm(MeetingForm):
    """A new meeting, or one a week. `key` makes the same form the same meetings."""

    key = HiddenField(default=lambda: secrets.token_urlsafe(12))
    weeks = IntegerField(
        _l("How many weeks"),
        default=1,
        validators=[readable(WEEKS), InputRequired(WEEKS), NumberRange(1, rules.MOST_WEEKS, WEEKS)],
    )


class ChangeMeetingForm(MeetingForm):
    """A meeting as it shall be from now on. `sequence` is what it was when the form opened."""

    sequence = HiddenField()
    which = RadioField(_l("What to change"), choices=WHICH, default=ONE)

    @property
    def known(self) -> int:
        """Return the meeting's sequence when the form was opened; −1 when that is not a number."""
        text = str(self.sequence.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Why a meeting is cancelled."""

    word = StringField(
        _l("A word to those who would have come"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write in a few words why; people are told.")),
            Length(max=300, message=TOO_LONG),
        ],
    )
    which = RadioField(_l("What to cancel"), choices=WHICH, default=ONE)


class AfterwardsForm(FlaskForm):  # type: ignore[misc]
    """What stays of a meeting."""

    summary = TextAreaField(
        _l("Summary"),
        filters=[several_lines],
        validators=[Length(max=10_000, message=TOO_LONG)],
    )
    recording = StringField(
        _l("Link to the recording"),
        filters=[one_line],
        validators=[Length(max=500, message=TOO_LONG), _is_link],
    )


class CodeForm(_Refusing):
    """The code that is said or shown in a meeting."""

    code = StringField(
        _l("Code"), filters=[one_line], validators=[DataRequired(_l("Type the code."))]
    )


class DisputeForm(FlaskForm):  # type: ignore[misc]
    """What is wrong about somebody's attendance."""

    text = StringField(
        _l("What is wrong?"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write in a few words what is wrong.")),
            Length(max=LONGEST_DISPUTE, message=TOO_LONG),
        ],
    )


class AnswersForm(_Refusing):
    """The answers of who could not come, to the three questions."""

    answer_1 = _answer()
    answer_2 = _answer()
    answer_3 = _answer()

    def ask(self, questions: list[str]) -> None:
        """Label the boxes with the meeting's questions."""
        for field, question in zip(self.boxes, questions, strict=False):
            field.label.text = question

    @property
    def boxes(self) -> list[TextAreaField]:
        """Return the three boxes."""
        return [self.answer_1, self.answer_2, self.answer_3]

    def answers(self) -> list[str]:
        """Return what was written."""
        return [str(box.data or "") for box in self.boxes]

    def refuse(self, error: Misfit) -> None:
        """Show what does not fit beside the first box."""
        self.answer_1.errors = [error.message]


class CallListForm(FlaskForm):  # type: ignore[misc]
    """The list that the video tool saved."""

    file = FileField(_l("The list, as .csv or .txt"))
