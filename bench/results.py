"""Figures with what they are held against, as JSON and as tables to read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure. `most` is the target as a number, `most_floors` as a multiple of the floor."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    most: float | None = None
    most_floors: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return how many floors this is, or None without a floor."""
        return round(self.value / self.floor, 2) if self.floor else None

    @property
    def target(self) -> str | None:
        """Return the target in words, or None."""
        if self.most_floors is not None:
            return f"≤ {self.most_floors:g} × floor"
        return None if self.most is None else f"≤ {self.most:g} {self.unit}"

    @property
    def met(self) -> bool | None:
        """Say whether the target is met; None without one."""
        if self.most_floors is not None:
            return self.ratio is not None and self.ratio <= self.most_floors
        return None if self.most is None else self.value <= self.most

    def as_json(self, commit: str, date: str) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name, "value": round(self.value, 2), "unit": self.unit,
            "floor": None if self.floor is None else round(self.floor, 2), "ratio": self.ratio,
            "target": self.target, "met": self.met, "commit": commit, "date": date,
        }  # fmt: skip


def write(results: Iterable[Result], file: Path, *, commit: str, date: str) -> None:
    """Write the figures as a list of objects."""
    lines = [result.as_json(commit, date) for result in results]
    file.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n", "utf-8")


def tables(results: list[Result], *, commit: str, date: str, machine: str) -> str:
    """Return the figures as Markdown."""
    speed = [result for result in results if ", " in result.name]
    rest = [result for result in results if ", " not in result.name]
    words = (
        f"Measured {date[:10]} at `{commit}` on {machine}, 2 processes of 4 threads, SQLite, "
        "2,000 learners; load client on the same machine."
    )
    return "\n\n".join((words, _speed_table(speed), _plain_table(rest)))


def brief(table: str) -> str:
    """Return the tables without the last one, which is long."""
    return table.rpartition("\n\n")[0]


def insert(page: str, table: str) -> str:
    """Return the page with the table between its markers; unchanged without them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        return page
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


_COLUMNS = (
    ("CPU ms", "server CPU"), ("× floor", "server CPU"), ("SQL queries", "queries"),
    ("p50 / p95 / p99 ms at 8", "at 8"), ("requests/s at 8", "per second at 8"),
    ("p50 / p95 / p99 ms at 32", "at 32"), ("requests/s at 32", "per second at 32"),
)  # fmt: skip


def _speed_table(results: list[Result]) -> str:
    found = {result.name: result for result in results}
    subjects = dict.fromkeys(name.partition(", ")[0] for name in found)
    rows = [("", *(title for title, _ in _COLUMNS)), ("---",) + ("---:",) * len(_COLUMNS)]
    for subject in subjects:
        cells = (_cell(found, subject, title, key) for title, key in _COLUMNS)
        rows.append((subject, *cells))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(found: dict[str, Result], subject: str, title: str, key: str) -> str:
    if title.startswith("p50"):
        times = [found.get(f"{subject}, {p} {key}") for p in ("p50", "p95", "p99")]
        return " / ".join("–" if time is None else _number(time.value) for time in times)
    result = found.get(f"{subject}, {key}")
    if result is None:
        return "–"
    if title == "× floor":
        mark = "" if result.met is None else f" ({_held(result)})"
        return "–" if result.ratio is None else f"{result.ratio:.1f}{mark}"
    mark = f" ({_held(result)})" if key == "queries" and result.met is not None else ""
    return _number(result.value) + mark


def _plain_table(results: list[Result]) -> str:
    rows = [("", "", "target"), ("---", "---:", "---")]
    rows += [
        (result.name, f"{_number(result.value)} {result.unit}{_times(result)}", _held(result))
        for result in results
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _times(result: Result) -> str:
    return "" if result.ratio is None else f" ({result.ratio:,.1f} × floor)"


def _held(result: Result) -> str:
    if result.target is None:
        return ""
    short = result.target.replace(" × floor", "").removesuffix(f" {result.unit}")
    return f"{short}, {'met' if result.met else 'MISSED'}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
