"""The shape of what trainers send about translations."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, ValidationError

from learnpeace.lib.words import language_name

LARGEST = 2_000_000  # bytes of a translator's file; the largest course so far makes 0.4 MB
MEGABYTES = LARGEST // 1_000_000


class TranslatedForm(FlaskForm):  # type: ignore[misc]
    """A translator's file. Build it with `of`."""

    language = SelectField(_l("Language"))
    file = FileField(
        _l("The translator’s file"), [FileRequired(_l("Choose the .po or .csv file."))]
    )

    @classmethod
    def of(cls, languages: Sequence[str]) -> "TranslatedForm":
        """Return the form of a course with these languages."""
        form: TranslatedForm = cls()
        form.language.choices = [(code, language_name(code)) for code in languages]
        return form

    def content(self) -> bytes:
        """Return the file's bytes."""
        found: bytes = self.file.data.read(LARGEST + 1)
        self.file.data.seek(0)
        return found

    def validate_file(self, field: FileField) -> None:
        """Refuse what is empty or too large."""
        if not (content := self.content()):
            raise ValidationError(gettext("This file is empty. Choose the .po or .csv file."))
        if len(content) > LARGEST:
            raise ValidationError(
                gettext(
                    "This file is larger than %(size)d MB, which is the most we take. Send the "
                    "file that you got from here.",
                    size=MEGABYTES,
                )
            )
