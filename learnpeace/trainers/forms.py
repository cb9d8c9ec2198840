"""The shape of what trainers type."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from learnpeace.learning.forms import tidy
from learnpeace.trainers.publishing.queries import CohortLine, Plan
from learnpeace.trainers.reports import actions as report_actions

LONGEST_NOTE = 2000  # characters
RAISE, LEAVE = "raise", "leave"


class PublishForm(FlaskForm):  # type: ignore[misc]
    """What a trainer decides about a publication. Build it with `of`."""

    based_on = HiddenField()
    move = SelectMultipleField(
        _l("Running cohorts that read it at once"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    rescore = RadioField(
        _l("Tries that are handed in"),
        choices=[
            (RAISE, _l("Raise what is worth more now, and tell those learners (recommended)")),
            (LEAVE, _l("Leave every result as it is")),
        ],
        default=RAISE,
    )
    note = TextAreaField(
        _l("What to tell the coordinators"),
        [
            Optional(),
            Length(max=LONGEST_NOTE, message=_l("Shorten this to %(max)d characters.")),
        ],
        filters=[tidy],
    )
    version = StringField(_l("Version, to confirm"))

    @classmethod
    def of(cls, plan: Plan) -> "PublishForm":
        """Return the form for a plan, filled with what it does by default."""
        form: PublishForm = cls(data={"move": sorted(plan.moved_by_default)})
        form.move.choices = [(line.id, _named(line)) for line in plan.choosable]
        form.plan = plan
        if not form.is_submitted():
            form.based_on.data = str(plan.last.release.id if plan.last else "")
        return form

    def validate_version(self, field: StringField) -> None:
        """Refuse another version than the one on the page."""
        plan: Plan = self.plan
        is_same = plan.last is not None and plan.last.release.version == plan.course.version
        if plan.last is None or is_same:
            return
        if (field.data or "").strip() != plan.course.version:
            raise ValidationError(
                gettext(
                    "This is not the version on this page. Type %(version)s to publish it.",
                    version=plan.course.version,
                )
            )

    @property
    def is_overtaken(self) -> bool:
        """Say whether another release became current since the page was shown."""
        plan: Plan = self.plan
        return self.based_on.data != str(plan.last.release.id if plan.last else "")


def _named(line: CohortLine) -> str:
    return gettext(
        "%(city)s, %(cohort)s (reads %(version)s)",
        city=line.city or gettext("the open cohort"),
        cohort=line.name,
        version=line.version,
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """The answer to a report of a mistake: a sentence to choose, words of one's own, or both."""

    kind = RadioField(
        _l("Your answer"),
        choices=[
            (report_actions.CORRECTED, _l("Corrected in the next version.")),
            (report_actions.RIGHT, _l("This is right as it stands.")),
            (report_actions.OWN_WORDS, _l("Only what I write below")),
        ],
        default=report_actions.OWN_WORDS,
    )
    text = TextAreaField(
        _l("In your words"),
        filters=[tidy],
        validators=[Length(max=LONGEST_NOTE, message=_l("Shorten this to %(max)d characters."))],
    )

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse an answer that says nothing, or that something is right and not why."""
        if not field.data and self.kind.data == report_actions.RIGHT:
            raise ValidationError(gettext("Say in a sentence why it is right."))
        if not field.data and self.kind.data != report_actions.CORRECTED:
            raise ValidationError(gettext("Write the answer, or choose a sentence above."))
