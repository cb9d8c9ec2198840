"""Counts SQL queries per request, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from bench.scenarios import Scenario
from learnpeace.lib.db import db

WARM = 3  # requests before the one that counts
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def listening(engine: Engine) -> Iterator[list[str]]:
    """Yield a list that grows by every query sent; transactions and settings are none."""
    heard: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            heard.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def queries_of(app: Flask, scenario: Scenario) -> list[str]:
    """Return the queries of one request of a scenario, after some to warm up."""
    scenario.prepare()
    client = app.test_client(use_cookies=False)
    asks = scenario.asks()
    for _ in range(WARM):
        next(asks).through(client)
    with app.app_context():
        engine = db.engine
    with listening(engine) as heard:
        answer = next(asks).through(client)
    if answer.status_code != scenario.status:
        raise RuntimeError(f"{scenario.name} answered {answer.status_code}: {answer.text[:2000]}")
    return heard
