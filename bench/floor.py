"""The floor: the least that a page for a signed-in person can cost.

One bare Flask application with one route. For each request it

1. reads a token from a plain cookie and hashes it,
2. asks for the session's person (one query, SQLAlchemy Core, session joined to user),
3. asks for the progress of one enrolment (one query, SQLAlchemy Core),
4. fills a Jinja page of 6 KB with autoescaping.

Database file, driver, SQLite settings and server (gunicorn, 2 processes of 4 threads) are
the product's. What the product has besides and the floor has not: compression, forms and
their tokens, signed cookies, languages, roles, headers of safety, errors in words.
"""

import hashlib
import os
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask, Response, abort, render_template, request

from learnpeace.lib.db import engine_options, prepare_engine, reading

ADDRESS = "BENCH_DATABASE_URL"
TITLE = "Listening before speaking"
SENTENCE = "A person speaks for three minutes while the other listens and says nothing yet. "
SECTIONS, SENTENCES = 6, 10

session = sa.table(
    "session", sa.column("id"), sa.column("user_id"), sa.column("token_hash"), sa.column("ends_at")
)
user = sa.table("user", sa.column("id"), sa.column("name"))
module_progress = sa.table(
    "module_progress",
    *(sa.column(name) for name in ("enrolment_id", "module_id", "read_at", "done_at")),
)
PERSON = (
    sa.select(session.c.id, user.c.id.label("user_id"), user.c.name)
    .join(user, user.c.id == session.c.user_id)
    .where(session.c.token_hash == sa.bindparam("token_hash"))
)
PROGRESS = sa.select(
    module_progress.c.module_id, module_progress.c.read_at, module_progress.c.done_at
).where(module_progress.c.enrolment_id == sa.bindparam("enrolment_id"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One section of the page."""

    title: str
    text: str


PARAGRAPHS = tuple(Paragraph(TITLE, SENTENCE * SENTENCES) for _ in range(SECTIONS))


def create_floor(database_url: str = "") -> Flask:
    """Make the floor's application, on the database named in the environment."""
    app = Flask(__name__, static_folder=None)
    url = database_url or os.environ[ADDRESS]
    engine = sa.create_engine(url, **engine_options(url))
    prepare_engine(engine)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok\n"

    @app.get("/page/<int:enrolment_id>")
    def page(enrolment_id: int) -> str | Response:
        token = request.cookies.get("token", "")
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        with reading(), engine.connect() as connection:
            person = connection.execute(PERSON, {"token_hash": token_hash}).one_or_none()
            if person is None:
                abort(401)
            progress = connection.execute(PROGRESS, {"enrolment_id": enrolment_id}).all()
        return render_template(
            "floor.html", title=TITLE, person=person, paragraphs=PARAGRAPHS, progress=progress
        )

    return app
