"""Translators' files as PO, for Poedit and every other tool of translators.

A text's key is its `msgctxt`, which no tool lets a translator change. A text that has grown old
is fuzzy and carries the source it was made from.
"""

import io
from collections.abc import Sequence
from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from learnpeace.catalog.translation_exchange import Entry, Fit, Sheet, Unreadable, terms_in
from learnpeace.catalog.translation_rows import Row, State

_HEADER = """\
Translation of the course “PROJECT”.
Write each translation under its source. Markdown signs (**, [words](address), #, -) stay as
they are, and so do addresses and the names of pictures. Texts marked as fuzzy were translated
before their source changed: mend them and take the mark away."""


def po(sheet: Sheet, *, at: datetime) -> bytes:
    """Return a PO file of every passage; the same course at the same moment gives the same."""
    catalog = Catalog(
        locale=_locale(sheet.language), project=sheet.course_id, version=sheet.version,
        charset="utf-8", fuzzy=False, creation_date=at, revision_date=at,
        header_comment="\n".join(f"# {line}" for line in _HEADER.split("\n")),
        msgid_bugs_address="", last_translator="", language_team="",
    )  # fmt: skip
    for row in sheet.rows:
        message = catalog.add(
            row.source, row.translation, locations=[(row.file, row.line)],
            flags={"fuzzy"} if row.state is State.STALE else (),
            auto_comments=_comments(row, sheet), context=row.key,
            previous_id=[row.previous] if row.previous else (),
        )  # fmt: skip
        message.flags -= {"python-format", "python-brace-format"}  # a percent sign is none here
    out = io.BytesIO()
    write_po(out, catalog, width=0, include_previous=True)
    return out.getvalue()


def read(content: bytes, language: str, course_id: str) -> tuple[Entry, ...]:
    """Return the entries of a PO file, or raise Unreadable."""
    catalog = _catalog(content)
    told = (catalog.locale_identifier or "").replace("_", "-")
    if told and told != language:
        raise Unreadable(
            f"This file is a translation into “{told}” and not into “{language}”. Choose the "
            "other file, or the other language."
        )
    project = str(catalog.project or "")
    if project not in (course_id, "PROJECT", ""):
        raise Unreadable(
            f"This file belongs to the course “{project[:60]}” and not to “{course_id}”."
        )
    return tuple(_entry(message) for message in catalog if message.id)


def _catalog(content: bytes) -> Catalog:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("This file is not UTF-8 text. Save it as UTF-8 in your tool.") from error
    try:
        catalog = read_po(io.StringIO(text), abort_invalid=True)
    except (PoFileError, ValueError, TypeError, IndexError, KeyError) as error:
        line = getattr(error, "lineno", None)
        where = f" on line {line}" if line else ""
        raise Unreadable(
            f"This file is no PO file that can be read{where}. Save it again in your tool."
        ) from error
    if not any(message.context for message in catalog):
        raise Unreadable(
            "There is no text with a “msgctxt” in this file, so nobody can tell where its texts "
            "belong. Send back the file that you got from here."
        )
    return catalog


def _entry(message: Message) -> Entry:
    return Entry(
        key=message.context or "",
        source=_first(message.id),
        translation=_first(message.string),
        fit=Fit.FUZZY if message.fuzzy else Fit.SURE,
    )


def _first(text: str | Sequence[str] | None) -> str:
    """Return a text, or the first of its plural forms: we ask for none."""
    return text if isinstance(text, str) else "".join((text or ())[:1])


def _comments(row: Row, sheet: Sheet) -> list[str]:
    found = terms_in(row.source, sheet.terms)
    return [f"Glossary: {term.term} = {term.translation}" for term in found]


def _locale(language: str) -> str:
    """Return a language as PO writes it; one without plural rules is written all the same."""
    try:
        return str(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return language.replace("-", "_")
