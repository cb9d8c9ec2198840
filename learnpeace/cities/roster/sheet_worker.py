"""The child process that opens one spreadsheet: `python -m learnpeace.cities.roster.sheet_worker`.

It reads the file from standard input and writes its rows as JSON: [[number, [cells]], …], or
one word that says why not. Formulas count by the value that was last computed. A cell merged
over several rows counts for each of them.
"""

import io
import json
import os
import sys
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from learnpeace.lib.limits import set_limits

CPU_SECONDS = 30
MEMORY = 512 * 1024**2
MOST_ROWS = 10_100
MOST_COLUMNS = 100

Place = tuple[int, int]


def main() -> None:
    """Answer with the rows of the file."""
    set_limits(memory=MEMORY, seconds=CPU_SECONDS)
    data = sys.stdin.buffer.read()
    answer = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    with answer:
        json.dump(rows_of(data), answer)


def rows_of(data: bytes) -> list[tuple[int, list[str]]] | str:
    """Return the filled rows of the first sheet that has some, or why there are none."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheets_metadata:
            if sheet.visible != SheetVisibleEnum.Visible:
                continue
            found = _rows(book.get_sheet_by_name(sheet.name))
            if found:
                return found
    except CalamineError:
        return "broken"
    return "empty"


def text_of(value: object) -> str:
    """Return a cell as its spreadsheet shows it, more or less: 18, not 18.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _rows(sheet: CalamineSheet) -> list[tuple[int, list[str]]] | str:
    if sheet.start is None:
        return []
    first_column = sheet.start[1]  # rows begin at the first of the sheet, cells do not
    merged = _merged(sheet.merged_cell_ranges or [], first_column)
    found: list[tuple[int, list[str]]] = []
    for number, values in enumerate(sheet.iter_rows(), start=1):
        if any(text_of(value).strip() for value in values[MOST_COLUMNS:]):
            return "wide"
        cells = [text_of(value) for value in values[:MOST_COLUMNS]]
        if any(cell.strip() for cell in cells):
            found.append((number, _filled(cells, number - 1, merged)))
        if len(found) > MOST_ROWS:
            return "long"
    return found


def _merged(ranges: list[tuple[Place, Place]], first_column: int) -> dict[Place, list[str]]:
    """Return for each cell of a merged column where the text of its first cell will be."""
    cells: dict[Place, list[str]] = {}
    for (top, left), (bottom, right) in ranges[:MOST_ROWS]:
        if left == right and bottom - top < MOST_ROWS:
            shared: list[str] = []
            cells |= {(row, left - first_column): shared for row in range(top, bottom + 1)}
    return cells


def _filled(cells: list[str], row: int, merged: dict[Place, list[str]]) -> list[str]:
    for place, cell in enumerate(cells):
        shared = merged.get((row, place))
        if shared is None:
            continue
        if not shared:
            shared.append(cell)
        cells[place] = cell if cell.strip() else shared[0]
    return cells


if __name__ == "__main__":
    main()
