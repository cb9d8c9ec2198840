"""Everything kept about a person as one .zip of JSON and CSV files."""

import io
import json
import zipfile
from datetime import datetime

from learnpeace.accounts.own_data.sections import Cell, Section
from learnpeace.lib.sheets import csv_text


def archive(sections: list[Section]) -> bytes:
    """Return the .zip: one CSV for each section, and all of them in one JSON file.

    CSV for people, JSON for programs; moments are in UTC, as ISO 8601 says them.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("everything.json", _json(sections))
        for section in sections:
            table = [section.columns, *([_plain(cell) for cell in row] for row in section.rows)]
            folder.writestr(f"{section.file}.csv", csv_text(table).encode())
    return out.getvalue()


def _json(sections: list[Section]) -> str:
    content = {
        section.file: [
            dict(zip(section.columns, map(_value, row), strict=True)) for row in section.rows
        ]
        for section in sections
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _value(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _plain(cell: Cell) -> Cell:
    return "" if cell is None else _value(cell)
