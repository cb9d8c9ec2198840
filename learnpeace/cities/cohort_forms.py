"""The shape of a cohort: what they take, when, how many, and how people come in."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from learnpeace.accounts.fields import readable
from learnpeace.cities.actions import CohortFacts
from learnpeace.cities.forms import SEATS, TOO_LONG
from learnpeace.cities.inviting.queries import Choosable
from learnpeace.lib import languages
from learnpeace.lib.errors import Misfit
from learnpeace.lib.typed import one_line, several_lines
from learnpeace.people.models import Cohort, JoinBy, User

WAYS = (
    (JoinBy.LINK.value, _l("By link or code: whoever has one of them joins at once")),
    (JoinBy.CODE.value, _l("By code: the link opens a page on which the code must be typed")),
    (JoinBy.APPROVAL.value, _l("By asking: you approve or decline each request")),
    (JoinBy.LIST.value, _l("From your list: only people you have invited")),
)


class CohortForm(FlaskForm):  # type: ignore[misc]
    """A cohort: what they take, when, how many, how they join, and a word of welcome."""

    course = SelectField(_l("Course and version"))
    name = StringField(
        _l("Name of the cohort"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Write a name, such as “Spring 2027”.")),
            Length(max=120, message=TOO_LONG),
        ],
    )
    languages = SelectMultipleField(
        _l("Languages of the cohort"),
        choices=list(languages.NAMES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    starts_on = DateField(_l("First day"), validators=[DataRequired(_l("Choose the first day."))])
    ends_on = DateField(_l("Last day"), validators=[DataRequired(_l("Choose the last day."))])
    join_until = DateField(
        _l("Last day to join"),
        validators=[Optional(), readable(_l("Choose a day, or leave it empty."))],
    )
    seats = IntegerField(
        _l("Seats"),
        validators=[Optional(), readable(SEATS), NumberRange(1, 5000, SEATS)],
    )
    join_by = RadioField(_l("How people join"), choices=WAYS, default=JoinBy.LINK.value)
    facilitators = SelectMultipleField(
        _l("Facilitators, as in the last cohort"),
        coerce=int,
        choices=[],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    welcome = TextAreaField(
        _l("Welcome"),
        filters=[several_lines],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )

    def offer(self, published: Sequence[Choosable]) -> None:
        """Let the coordinator choose among these releases, the newest of each course first."""
        self.course.choices = [(release.value, _words_for(release)) for release in published]

    def offer_facilitators(self, people: Sequence[User]) -> None:
        """Let the coordinator keep those who facilitated the last cohort."""
        self.facilitators.choices = [(person.id, person.name) for person in people]

    def refuse(self, error: Misfit) -> None:
        """Show what does not fit beside its field."""
        self[error.field].errors = [error.message]

    def validate_ends_on(self, field: DateField) -> None:
        """A cohort ends after it starts."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(gettext("Choose a last day after the first day."))

    def validate_join_until(self, field: DateField) -> None:
        """Nobody joins what is over."""
        if field.data and self.ends_on.data and field.data > self.ends_on.data:
            raise ValidationError(gettext("Choose a day before the cohort’s last day."))

    def facts(self) -> CohortFacts:
        """Return what was typed."""
        return CohortFacts(
            name=str(self.name.data or ""),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            join_until=self.join_until.data,
            seats=self.seats.data,
            welcome=str(self.welcome.data or ""),
            join_by=str(self.join_by.data),
            languages=",".join(c for c in languages.NAMES if c in (self.languages.data or ())),
        )


def cohort_form_of(cohort: Cohort) -> CohortForm:
    """Return the form filled with a cohort as it is, or with what was sent."""
    names = CohortFacts.__slots__
    values = {name: getattr(cohort, name) for name in names}
    return CohortForm(data={**values, "languages": _codes(cohort)})


def copied_cohort_form(cohort: Cohort | None, facilitators: Sequence[User]) -> CohortForm:
    """Return a form for a new cohort, with what can be taken over from an earlier one."""
    if cohort is None:
        form = CohortForm()
        del form.facilitators
        return form
    form = CohortForm(
        data={
            "course": cohort.course_id,
            "seats": cohort.seats,
            "welcome": cohort.welcome,
            "join_by": cohort.join_by,
            "languages": _codes(cohort),
            "facilitators": [person.id for person in facilitators],
        }
    )
    form.offer_facilitators(facilitators)
    if not facilitators:
        del form.facilitators
    return form


def _codes(cohort: Cohort) -> list[str]:
    return [code for code in cohort.languages.split(",") if code]


def _words_for(release: Choosable) -> str:
    values = {"course": release.title, "version": release.version}
    if release.is_current:
        return gettext("%(course)s (version %(version)s)", **values)
    return gettext("%(course)s (older version %(version)s)", **values)
