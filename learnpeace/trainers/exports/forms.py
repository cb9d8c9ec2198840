"""The choice of a file that a course can be taken away as."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField

from learnpeace.catalog.model import Course
from learnpeace.exchange.out_files import Export, Format
from learnpeace.exchange.workbook import Paper
from learnpeace.lib.words import language_name


class ExportForm(FlaskForm):  # type: ignore[misc]
    """What to make, in which language, on which paper. Build it with `of`."""

    format = RadioField(
        _l("What to download"),
        choices=[
            (Format.WORKBOOK.value, _l("Workbook (PDF)")),
            (Format.ANSWERS.value, _l("Answers to the workbook (PDF)")),
            (Format.SCORM.value, _l("SCORM 1.2 package (.zip)")),
            (Format.MOODLE_XML.value, _l("Questions as Moodle XML")),
            (Format.GIFT.value, _l("Questions as GIFT")),
        ],
        default=Format.WORKBOOK.value,
    )
    language = SelectField(_l("Language"))
    paper = RadioField(
        _l("Paper"),
        choices=[(Paper.A4.value, "A4"), (Paper.LETTER.value, _l("Letter"))],
        default=Paper.A4.value,
    )

    class Meta:
        """It changes nothing and comes with the address, so it carries no token."""

        csrf = False

    @classmethod
    def of(cls, course: Course, **given: object) -> "ExportForm":
        """Return the form for a course, filled with what the address says."""
        form: ExportForm = cls(language=course.language, **given)
        form.language.choices = [(code, language_name(code)) for code in course.languages]
        return form

    def wish(self) -> Export:
        """Return what was chosen."""
        return Export(
            format=Format(self.format.data),
            language=str(self.language.data),
            paper=Paper(self.paper.data),
        )
