"""Tables as CSV that a spreadsheet opens well and cannot be made to run."""

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from learnpeace.cities.rules import slug_of

BOM = "\ufeff"  # without it, one spreadsheet takes UTF-8 for something else
RISKY = ("=", "+", "-", "@", "\t", "\r", "\x00")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as RFC 4180 text; a cell that looks like a formula gets a leading '."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(str(cell)) for cell in row])
    return BOM + out.getvalue()


def harmless(cell: str) -> str:
    """Return the cell's text so that no spreadsheet reads it as a formula."""
    return "'" + cell if cell.startswith(RISKY) else cell


def attachment(name: str, fallback: str) -> str:
    """Return the Content-Disposition of a download (RFC 6266): any name, and a plain one."""
    plain = slug_of(name) or slug_of(fallback) or "table"
    return f"attachment; filename=\"{plain}.csv\"; filename*=UTF-8''{quote(name, safe='')}.csv"
