"""Tables as CSV that a spreadsheet opens well and cannot be made to run."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # without it, one spreadsheet takes UTF-8 for something else
RISKY = ("=", "+", "-", "@", "\t", "\r", "\x00")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as RFC 4180 text; a text that looks like a formula gets a leading '."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return BOM + out.getvalue()


def harmless(cell: str) -> str:
    """Return the cell's text so that no spreadsheet reads it as a formula."""
    return "'" + cell if cell.startswith(RISKY) else cell


def _cell(cell: object) -> str:
    """Return a cell's text. A number is one: −0.2 is no formula."""
    return str(cell) if isinstance(cell, int | float) else harmless(str(cell))
