"""The form of a person's letters."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from learnpeace.accounts import choices
from learnpeace.accounts.choices import Kind


class LettersForm(FlaskForm):  # type: ignore[misc]
    """One box for each kind of letter that can reach the person."""

    wanted = SelectMultipleField(
        _l("Write to me about"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    @classmethod
    def of(cls, kinds: Sequence[Kind], is_on: Mapping[Kind, bool]) -> "LettersForm":
        """Return the form with these boxes, ticked as the switches stand."""
        form = cls(wanted=[kind.value for kind in kinds if is_on[kind]])
        told = choices.words()
        form.wanted.choices = [(kind.value, told[kind]) for kind in kinds]
        return form

    def wants(self, kind: Kind) -> bool:
        """Say whether the box of a kind is ticked."""
        return kind.value in (self.wanted.data or ())
