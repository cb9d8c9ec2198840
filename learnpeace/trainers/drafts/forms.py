"""The shape of what trainers and reviewers send about drafts."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from learnpeace.accounts.rules import clean_identifier
from learnpeace.catalog.fields import id_from, is_id
from learnpeace.catalog.problems import shown
from learnpeace.exchange.unpacking import MAX_FILES, MAX_UNPACKED, ArchiveProblem, Reason
from learnpeace.trainers.drafts.archives import NoCourse

LONGEST_COMMENT = 2000  # characters
MEGABYTES = MAX_UNPACKED // 1_000_000

_WHY: Mapping[Reason, object] = {
    Reason.NO_ARCHIVE: _l(
        "This file cannot be read as a .zip. Pack the course’s folder again and send that."
    ),
    Reason.TOO_MANY_FILES: _l(
        "This .zip holds more than %(files)d files. Take out what the course does not need, "
        "such as a hidden .git folder.",
        files=MAX_FILES,
    ),
    Reason.TOO_LARGE: _l(
        "This .zip is larger than %(size)d MB unpacked. Take out large files, such as videos.",
        size=MEGABYTES,
    ),
    Reason.PACKED_TOO_TIGHT: _l(
        "This .zip unpacks to more than a hundred times its size, which courses never do. Pack "
        "only the course’s own files."
    ),
    Reason.LEADS_OUTSIDE: _l(
        "This .zip holds a file that leads outside its folder. Pack the folder again and send that."
    ),
    Reason.BAD_NAME: _l(
        "This .zip holds a file whose name cannot be used. Rename it and pack the folder again."
    ),
    Reason.LINK: _l(
        "This .zip holds a symbolic link or a device. Put the file itself in the folder and pack "
        "it again."
    ),
    Reason.PASSWORD: _l("This .zip is locked with a password. Pack the folder again without one."),
    Reason.TWICE: _l("This .zip holds two files of one name. Keep one and pack the folder again."),
    Reason.UNKNOWN_PACKING: _l(
        "This .zip is packed in an unusual way. Pack the folder again as a plain .zip."
    ),
}


class UploadForm(FlaskForm):  # type: ignore[misc]
    """A course folder as a .zip, and the course's id where the folder's name is another."""

    file = FileField(_l("The course folder as a .zip"), [FileRequired(_l("Choose a .zip file."))])
    course = StringField(
        _l("The course’s id"), [Optional()], filters=[lambda text: (text or "").strip()]
    )

    def validate_course(self, field: StringField) -> None:
        """Refuse what cannot be an id, with the nearest that can."""
        if not is_id(field.data or ""):
            raise ValidationError(no_id(field.data or ""))


class ReviewerForm(FlaskForm):  # type: ignore[misc]
    """Who is asked to read a draft."""

    who = StringField(
        _l("E-mail or sign-in name"),
        [InputRequired(_l("Write an e-mail address or a sign-in name."))],
    )

    @property
    def identifier(self) -> str:
        """Return what was typed as accounts are known by; empty when it can be nobody's."""
        return clean_identifier(self.who.data)


class CommentForm(FlaskForm):  # type: ignore[misc]
    """A remark on one place of a draft; `key` makes the same form the same comment."""

    text = TextAreaField(
        _l("Your comment"),
        [
            DataRequired(_l("Write your comment.")),
            Length(max=LONGEST_COMMENT, message=_l("Shorten this to %(max)d characters.")),
        ],
        filters=[
            lambda text: (text or "").replace("\r\n", "\n").replace("\x00", "").strip(),
        ],
    )
    place = HiddenField()
    key = HiddenField()


def why(problem: ArchiveProblem) -> str:
    """Return why an archive was refused, and which of its files it is about."""
    sentence = str(_WHY[problem.reason])
    if not problem.name:
        return sentence
    return sentence + " " + gettext("It is about “%(name)s”.", name=problem.name)


def why_no_course(problem: NoCourse) -> str:
    """Return where a course.yaml was looked for, and where one was found."""
    if problem.near:
        return gettext(
            "There is no course.yaml at the top of this .zip. One is in “%(folder)s”: pack that "
            "folder by itself.",
            folder=shown(problem.near),
        )
    return gettext(
        "There is no course.yaml in this .zip. Pack the course’s whole folder, which holds one."
    )


def no_id(text: str) -> str:
    """Return why a text cannot be a course's id, with the nearest that can."""
    return gettext(
        "“%(id)s” cannot be a course’s id, which is of small letters a–z, digits and hyphens. "
        "Write for example “%(near)s”.",
        id=shown(text),
        near=id_from(text) or "culture-of-peace",
    )
