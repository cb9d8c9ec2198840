"""The shape of what coordinators type about people of a cohort."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from learnpeace.accounts.fields import readable
from learnpeace.cities.forms import TOO_LONG
from learnpeace.cities.running import wording
from learnpeace.cities.running.wording import Draft, Template
from learnpeace.lib.typed import one_line, several_lines
from learnpeace.people.models import Cohort

LONGEST_EXTENSION = timedelta(days=730)


class LetterForm(FlaskForm):  # type: ignore[misc]
    """A letter to chosen people; `key` makes sending it twice send it once."""

    key = HiddenField(validators=[Regexp(r"[A-Za-z0-9_-]{8,32}\Z")])
    template = HiddenField()
    subject = StringField(
        _l("Subject"),
        filters=[one_line],
        validators=[DataRequired(_l("Write a subject.")), Length(max=120, message=TOO_LONG)],
    )
    text = TextAreaField(
        _l("Text"),
        filters=[several_lines],
        validators=[DataRequired(_l("Write the letter.")), Length(max=3000, message=TOO_LONG)],
    )
    names: tuple[str, ...] = wording.NAMES

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(subject=str(self.subject.data), text=str(self.text.data))

    def chosen_template(self) -> Template:
        """Return the template whose words these still are; OWN when they were changed."""
        try:
            template = Template(str(self.template.data))
        except ValueError:
            return Template.OWN
        before = wording.draft(template)
        is_same = (one_line(before.subject), several_lines(before.text)) == (
            self.subject.data,
            self.text.data,
        )
        return template if is_same else Template.OWN

    def validate_subject(self, field: StringField) -> None:
        """A word in braces stands for something."""
        self._refuse_unknown(str(field.data))

    def validate_text(self, field: TextAreaField) -> None:
        """A word in braces stands for something."""
        self._refuse_unknown(str(field.data))

    def _refuse_unknown(self, text: str) -> None:
        unknown = wording.unknown_in(text, self.names)
        if unknown == ["{meeting}"]:
            raise ValidationError(
                gettext("There is no next meeting, so nothing can stand for {meeting}.")
            )
        if unknown:
            raise ValidationError(
                gettext(
                    "We do not know what “%(word)s” stands for. The list below says what you can "
                    "use.",
                    word=unknown[0],
                )
            )


class ExtendForm(FlaskForm):  # type: ignore[misc]
    """A later last day for one learner."""

    until = DateField(
        _l("Their last day"),
        validators=[
            readable(_l("Write the day as year-month-day, such as 2027-05-31.")),
            InputRequired(_l("Choose a day.")),
        ],
    )
    today: date
    cohort: Cohort

    def validate_until(self, field: DateField) -> None:
        """The day lies ahead, after the cohort's own and not years away."""
        day = cast("date", field.data)
        if day <= self.today:
            raise ValidationError(gettext("Choose a day after today."))
        if self.cohort.ends_on is not None and day <= self.cohort.ends_on:
            raise ValidationError(gettext("Choose a day after the cohort’s own last day."))
        if day > self.today + LONGEST_EXTENSION:
            raise ValidationError(gettext("Choose a day within two years."))


class ElsewhereForm(FlaskForm):  # type: ignore[misc]
    """Why a module counts as done."""

    reason = StringField(
        _l("Where or how they learned it"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write where or how they learned it. They will read it.")),
            Length(max=200, message=TOO_LONG),
        ],
    )


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Another cohort of the same course in the same city."""

    to = RadioField(
        _l("Which cohort"),
        coerce=int,
        validate_choice=True,
        validators=[InputRequired(_l("Choose a cohort."))],
    )

    def offer(self, cohorts: Sequence[Cohort]) -> None:
        """Offer these cohorts."""
        self.to.choices = [(cohort.id, cohort.name) for cohort in cohorts]
