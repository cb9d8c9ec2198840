"""How a table is named that is downloaded as CSV (see `lib/sheets.py`)."""

from urllib.parse import quote

from learnpeace.cities.rules import slug_of


def attachment(name: str, fallback: str) -> str:
    """Return the Content-Disposition of a download (RFC 6266): any name, and a plain one."""
    plain = slug_of(name) or slug_of(fallback) or "table"
    return f"attachment; filename=\"{plain}.csv\"; filename*=UTF-8''{quote(name, safe='')}.csv"
