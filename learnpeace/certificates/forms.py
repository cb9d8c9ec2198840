"""The shape of what a learner sends to claim a certificate."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import ValidationError

from learnpeace.certificates import rules
from learnpeace.certificates.printing import faces
from learnpeace.certificates.rules import NameProblem
from learnpeace.lib.languages import NAMES


def printable(_form: FlaskForm, field: Field) -> None:
    """Refuse a name that cannot be printed, and say why."""
    problem = rules.name_problem(field.data)
    if problem is not None:
        raise ValidationError(_explained(problem))
    if letters := faces.missing_letters(field.data):
        raise ValidationError(
            gettext(
                "We have no typeface with “%(letters)s”, so it would be printed as an empty box. "
                "Write the name without it, or ask your coordinator.",
                letters=" ".join(letters),
            )
        )


class CertificateForm(FlaskForm):  # type: ignore[misc]
    """The name as it will be printed, and the certificate's language."""

    printed_name = StringField(
        _l("Name on the certificate"), filters=[rules.tidy_name], validators=[printable]
    )
    language = SelectField(_l("Language of the certificate"))

    def offer(self, languages: Sequence[str]) -> None:
        """Set the languages to choose from, the default first."""
        self.language.choices = [(code, NAMES.get(code, code)) for code in languages]


def _explained(problem: NameProblem) -> str:
    sentences: dict[NameProblem, str] = {
        NameProblem.EMPTY: gettext("Write the name that is to be printed."),
        NameProblem.TOO_LONG: gettext(
            "The name is longer than %(number)s characters, more than fits on the page. "
            "Shorten it.",
            number=rules.LONGEST_NAME,
        ),
        NameProblem.NO_LETTER: gettext("The name needs at least one letter."),
        NameProblem.INVISIBLE: gettext(
            "The name holds an invisible character that cannot be printed, perhaps from "
            "copying. Clear the field and type the name."
        ),
        NameProblem.PICTURE: gettext(
            "The name holds a picture or symbol that cannot be printed. Leave it out."
        ),
        NameProblem.MARKS: gettext(
            "The name puts too many marks on one letter to be printed. Leave some out."
        ),
    }
    return sentences[problem]
