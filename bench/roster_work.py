"""One step of a list's way in, in a process of its own: `-m bench.roster_work STEP ROWS REPORT`.

`look` uploads a list and opens the page of what would happen; `import` imports it and writes
its letters, as the worker does. The report has the seconds and the number of queries.
"""

import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from bench.counting import listening
from bench.signing import Signer
from learnpeace.app import create_app
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.settings import Settings

TOKEN, SLUG, COHORT = "bench-roster", "bench-roster", 1000
WITHOUT_EMAIL = 3  # every third person has none


def main() -> None:
    """Take the step and write the report."""
    step, rows, report = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    app = create_app(Settings.from_env())
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        engine = db.engine
    with listening(engine) as heard:
        begun = time.perf_counter()
        look(app, rows) if step == "look" else take_in(app)
        seconds = time.perf_counter() - begun
    report.write_text(json.dumps({"seconds": seconds, "queries": len(heard)}), "ascii")


def table(rows: int) -> bytes:
    """Return a list of so many people as a spreadsheet writes it."""
    return ("Name;E-mail;Language;Sector;Age band\r\n" + "".join(_lines(rows))).encode("utf-16")


def look(app: Flask, rows: int) -> None:
    """Upload the list and open the page that tells each row's fate."""
    client = app.test_client(use_cookies=False)
    cookie = {"Cookie": Signer(str(app.secret_key)).cookie(TOKEN)}
    here = f"/cities/{SLUG}/cohorts/{COHORT}/people/add"
    upload = {"file": (io.BytesIO(table(rows)), "volunteers.csv")}
    answer = client.post(here, data=upload, headers=cookie)
    _expect(answer.status_code, 303, answer.text)
    page = client.get(answer.location, headers=cookie)
    _expect(page.status_code, 200, page.text)
    (Path(app.config["SETTINGS"].data_dir) / "list.txt").write_text(answer.location)


def take_in(app: Flask) -> None:
    """Press “Import” and do the work."""
    client = app.test_client(use_cookies=False)
    cookie = {"Cookie": Signer(str(app.secret_key)).cookie(TOKEN)}
    page = (Path(app.config["SETTINGS"].data_dir) / "list.txt").read_text()
    answer = client.post(page, data={"do": "import"}, headers=cookie)
    _expect(answer.status_code, 303, answer.text)
    with app.app_context():
        _expect(jobs.run_due(), 1, "no import ran")
    done = client.get(answer.location, headers=cookie)
    _expect("The list is in." in done.text, True, done.text)


def _lines(rows: int) -> Iterator[str]:
    for number in range(rows):
        email = "" if number % WITHOUT_EMAIL == 0 else f"person-{number}@example.org"
        yield f"Amina Otieno {number};{email};English;arts;18+\r\n"


def _expect(found: object, wanted: object, words: str) -> None:
    if found != wanted:
        raise RuntimeError(f"{found} instead of {wanted}: {words[-2000:]}")


if __name__ == "__main__":
    main()
