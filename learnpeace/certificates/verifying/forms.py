"""The shape of what somebody sends who checks a certificate. Public, so without a token."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from learnpeace.certificates.verifying import matching
from learnpeace.certificates.verifying.file_numbers import Fate
from learnpeace.certificates.verifying.file_reader import LARGEST

MEGABYTES = LARGEST // 1000**2


class NameForm(FlaskForm):  # type: ignore[misc]
    """The name as it stands on the paper."""

    class Meta:
        """A token would take a cookie; nothing is changed."""

        csrf = False

    name = StringField(
        _l("Name on the paper"),
        [
            InputRequired(_l("Type the name as it stands on the paper.")),
            Length(max=matching.LONGEST_TYPED, message=_l("That is longer than any printed name.")),
        ],
    )


class FileForm(FlaskForm):  # type: ignore[misc]
    """The file to check."""

    class Meta:
        """A token would take a cookie; nothing is changed and nothing is kept."""

        csrf = False

    file = FileField(_l("The certificate as a PDF file"))

    def content(self) -> bytes | None:
        """Return the file's bytes, or None with the reason beside the field."""
        sent: FileStorage | None = self.file.data
        found = sent.stream.read(LARGEST + 1) if sent else b""
        if not found:
            self.file.errors = [gettext("Choose a PDF file that is not empty.")]
        elif len(found) > LARGEST:
            self.file.errors = [too_large()]
        return None if self.file.errors else found

    def refuse(self, fate: Fate) -> None:
        """Say beside the field why a file could not be looked into."""
        self.file.errors = [_why(fate)]


def too_large() -> str:
    """Return what is said of a file that is not read to its end."""
    return gettext(
        "The file is larger than %(number)d MB, which none of our certificates is. "
        "Check the number printed on it instead.",
        number=MEGABYTES,
    )


def _why(fate: Fate) -> str:
    return {
        Fate.NO_PDF: gettext(
            "This is not a PDF file. Our certificates are PDF files; of a photograph or a scan, "
            "check the number printed on it."
        ),
        Fate.LOCKED: gettext(
            "This file is locked with a password, so we cannot look into it. Our certificates "
            "never are. Check the number printed on it instead."
        ),
        Fate.BROKEN: gettext(
            "This file is damaged, so we cannot look into it. Ask its holder to send it again, "
            "or check the number printed on it."
        ),
        Fate.BUSY: gettext(
            "Many files are being checked at this moment. Wait a minute and send it again, "
            "or check the number printed on it."
        ),
    }[fate]
