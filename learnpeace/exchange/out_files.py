"""Every file that a whole course can become, with its name and type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from learnpeace.catalog.model import Course
from learnpeace.exchange.gift_writing import gift_text
from learnpeace.exchange.moodle_xml_writing import moodle_xml_text
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.scorm import scorm_zip
from learnpeace.exchange.taking_out import taken_out
from learnpeace.exchange.workbook import Book, Paper, workbook


class Format(StrEnum):
    """What a course becomes."""

    WORKBOOK = "workbook"
    ANSWERS = "answers"
    SCORM = "scorm"
    GIFT = "gift"
    MOODLE_XML = "moodle-xml"

    @property
    def speaks(self) -> bool:
        """Say whether it can be had in each of a course's languages."""
        return self not in (Format.GIFT, Format.MOODLE_XML)

    @property
    def is_printed(self) -> bool:
        """Say whether it depends on the size of paper."""
        return self in (Format.WORKBOOK, Format.ANSWERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is asked for; `language` and `paper` count where the format has them."""

    format: Format
    language: str
    paper: Paper = Paper.A4

    def name(self, course: Course) -> str:
        """Return the file's name."""
        parts = [course.id, course.version]
        parts += [self.language] if self.format.speaks else []
        parts += [str(self.format)]
        parts += [str(self.paper)] if self.format.is_printed and self.paper != Paper.A4 else []
        return "-".join(parts) + _ENDINGS[self.format]

    @property
    def media_type(self) -> str:
        """Return what kind of file it is."""
        return _TYPES[_ENDINGS[self.format]]

    def make(self, course: Course) -> bytes:
        """Return the file. `course.assets` have their content. Raises RenderingFailed.

        A workbook takes seconds: call it outside any transaction.
        """
        return _MAKERS[self.format](course, self)


def _workbook(course: Course, export: Export) -> bytes:
    answers = export.format is Format.ANSWERS
    return workbook(course, Book(language=export.language, answers=answers, paper=export.paper))


def _scorm(course: Course, export: Export) -> bytes:
    return scorm_zip(course, export.language)


def _gift(course: Course, _export: Export) -> bytes:
    return gift_text(taken_out(course), Notes(course.id)).encode()


def _moodle_xml(course: Course, _export: Export) -> bytes:
    return moodle_xml_text(taken_out(course), course.assets, Notes(course.id)).encode()


_MAKERS: Mapping[Format, Callable[[Course, Export], bytes]] = {
    Format.WORKBOOK: _workbook,
    Format.ANSWERS: _workbook,
    Format.SCORM: _scorm,
    Format.GIFT: _gift,
    Format.MOODLE_XML: _moodle_xml,
}
_ENDINGS = {
    Format.WORKBOOK: ".pdf", Format.ANSWERS: ".pdf", Format.SCORM: ".zip",
    Format.GIFT: ".gift", Format.MOODLE_XML: ".xml",
}  # fmt: skip
_TYPES = {
    ".pdf": "application/pdf", ".zip": "application/zip",
    ".gift": "text/plain; charset=utf-8", ".xml": "application/xml",
}  # fmt: skip
