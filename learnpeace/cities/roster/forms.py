"""The shape of what a coordinator pastes, uploads and types into a list."""

import re
import secrets
from collections.abc import Sequence

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import HiddenField, TextAreaField

from learnpeace.cities.roster import reading, words
from learnpeace.cities.roster.actions import LENGTHS, Change
from learnpeace.cities.roster.reading import LARGEST, NotReadable, Person
from learnpeace.lib import words as plain

MOST_ROWS = 500  # on one page
_NUMBER = re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,32}")
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,32}")


class RosterForm(FlaskForm):  # type: ignore[misc]
    """A list of people: pasted, or as a file."""

    text = TextAreaField(_l("Paste your list"))
    file = FileField(_l("Or choose a file"))
    key = HiddenField()

    def people(self, spoken: Sequence[str]) -> list[Person]:
        """Return the people of what was sent, or none with the reason beside its field."""
        field = self.file if self.upload else self.text
        try:
            if self.upload:
                return reading.read_file(self._content(), spoken)
            if not str(self.text.data or "").strip():
                self.text.errors = [gettext("Paste the rows of your list, or choose a file.")]
                return []
            return reading.read_text(str(self.text.data))
        except NotReadable as trouble:
            field.errors = [words.not_readable(trouble.why)]
            return []

    @property
    def upload(self) -> FileStorage | None:
        """Return the file that was sent, if one was chosen."""
        sent = self.file.data
        return sent if isinstance(sent, FileStorage) and sent.filename else None

    @property
    def file_name(self) -> str:
        """Return what the file is called; empty for what was pasted."""
        name = (self.upload.filename or "") if self.upload else ""
        return "".join(c for c in name if c.isprintable())[-200:]

    @property
    def form_key(self) -> str:
        """Return this form's own key: sent twice, it is one list."""
        sent = str(self.key.data or "")
        return sent if _KEY.fullmatch(sent) else fresh_key()

    def _content(self) -> bytes:
        assert self.upload is not None, "asked only with a file"
        content = self.upload.stream.read(LARGEST + 1)
        self.upload.stream.seek(0)
        return content


def plain_key(sent: str) -> str:
    """Return the key a form was made with; a new one for what no form of ours has."""
    return sent if _PLAIN.fullmatch(sent) else fresh_key()


def fresh_key() -> str:
    """Return a key for a new form."""
    return secrets.token_urlsafe(15)


def too_large(size: int) -> str:
    """Return the sentence for a file that is too large."""
    return gettext(
        "This file has %(size)s; the most we read is %(most)s. A list of 10,000 people has less "
        "than 1 MB: copy only the rows with people into a new sheet and send that.",
        size=plain.weight(size),
        most=plain.weight(LARGEST),
    )


def changes() -> dict[int, Change]:
    """Return what was typed into the rows that the page showed."""
    sent: MultiDict[str, str] = request.form
    numbers = sent.get("rows", "").split(",")[:MOST_ROWS]
    return {int(n): _change(sent, int(n)) for n in numbers if _NUMBER.fullmatch(n)}


def _change(sent: MultiDict[str, str], number: int) -> Change:
    names = {name: f"{name}-{number}" for name in LENGTHS}
    if names["name"] not in sent:
        return Change(skipped=f"skip-{number}" in sent)
    cells = {name: " ".join(sent.get(key, "").replace("\x00", "").split())
             for name, key in names.items()}  # fmt: skip
    return Change(skipped=f"skip-{number}" in sent, cells=cells)
