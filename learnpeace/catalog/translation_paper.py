"""A course in two columns, source and translation, to read, to print and to write on.

One file without anything from elsewhere; a browser prints it and a word processor opens it. It
is not imported again: see `translation_csv`.
"""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from learnpeace.catalog.translation_exchange import Sheet
from learnpeace.catalog.translation_rows import Row, State

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})
_STYLE = """\
body { font: 11pt/1.5 serif; margin: 2em; color: #1e2a2b; background: #fff }
table { border-collapse: collapse; width: 100%; table-layout: fixed; margin-bottom: 2em }
th, td { border: 1px solid #8a857a; padding: .5em; vertical-align: top; text-align: start }
td { white-space: pre-wrap; overflow-wrap: anywhere; height: 2.5em }
small { display: block; color: #56605d; font-family: sans-serif; font-size: 8pt }
tr { break-inside: avoid } thead { display: table-header-group }
@media print { body { margin: 0 } h2 { break-before: page } }"""
_STATES = {State.DONE: "", State.STALE: "look again: the source has changed", State.MISSING: ""}


def paper(sheet: Sheet) -> str:
    """Return the two columns as a page of HTML."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    title = f"{sheet.title} ({sheet.language})"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>"
    yield f"<h1>{escape(title)}</h1>"
    yield (
        f"<p>Version {escape(sheet.version)}. Write the translation on the right. Markdown signs "
        "(**, [words](address), #, -) stay as they are. What is written here is typed into the "
        "CSV or the PO file under the same key.</p>"
    )
    if sheet.terms:
        yield "<h2>Words of this course</h2>"
        yield from _table(sheet, ((term.term, term.translation, "") for term in sheet.terms))
    for file, rows in groupby(sheet.rows, key=lambda row: row.file):
        yield f"<h2>{escape(file)}</h2>"
        yield from _table(sheet, ((row.source, row.translation, _note(row)) for row in rows))
    yield "</body>\n</html>"


def _table(sheet: Sheet, rows: Iterator[tuple[str, str, str]]) -> Iterator[str]:
    here, there = sheet.source_language, sheet.language
    yield "<table>\n<thead><tr>"
    yield f'<th scope="col">Source ({escape(here)})</th>'
    yield f'<th scope="col">Translation ({escape(there)})</th></tr></thead>\n<tbody>'
    for source, translation, note in rows:
        small = f'<small lang="en" dir="ltr">{escape(note)}</small>' if note else ""
        yield f"<tr><td {_of(here)}>{small}{escape(source)}</td>"
        yield f"<td {_of(there)}>{escape(translation)}</td></tr>"
    yield "</tbody>\n</table>"


def _note(row: Row) -> str:
    state = _STATES[row.state]
    return f"{row.key} · {state}" if state else row.key


def _of(language: str) -> str:
    base = language.split("-", maxsplit=1)[0]
    direction = "rtl" if base in _RIGHT_TO_LEFT else "ltr"
    return f'lang="{escape(language)}" dir="{direction}"'
