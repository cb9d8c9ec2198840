"""`learnpeace doctor`: says what this installation can do and what is missing."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

import click
import sqlalchemy as sa
from flask import Flask

from learnpeace.lib import migrations
from learnpeace.lib.db import db, reading
from learnpeace.releases import queries as releases
from learnpeace.settings import Settings

FIXED_IN = (3, 51, 3)  # earlier SQLite can corrupt a WAL database under concurrent writers
FREE_SPACE = 500_000_000  # bytes
Finding = tuple[bool, str]


@click.command("doctor")
@click.pass_obj
def doctor(application: Callable[[], Flask]) -> None:
    """Check the database, the courses, the certificate fonts, the disk and the mail."""
    app = application()
    settings: Settings = app.config["SETTINGS"]
    with app.app_context(), reading():
        findings = [*_database(), *_courses(), *_certificates(), *_operation(settings)]
    for is_well, words in findings:
        click.echo(f"{'ok  ' if is_well else 'MEND'} {words}")
    if not all(is_well for is_well, _ in findings):
        sys.exit(1)


def _database() -> Iterator[Finding]:
    name = db.engine.dialect.name
    if name == "sqlite":
        version = str(db.session.scalar(sa.text("SELECT sqlite_version()")))
        is_safe = tuple(int(part) for part in version.split(".")) >= FIXED_IN
        yield is_safe, f"SQLite {version}" + ("" if is_safe else ": install the pysqlite3 wheel")
        check = db.session.scalar(sa.text("PRAGMA quick_check"))
        yield check == "ok", f"The database file is whole: {check}"
    else:
        yield True, f"PostgreSQL {db.session.scalar(sa.text('SHOW server_version'))}"
    yield migrations.is_current(db.engine), "The tables are at this version's level"


def _courses() -> Iterator[Finding]:
    found = releases.current_releases()
    names = ", ".join(f"{release.course.id} {release.version}" for release in found)
    yield bool(found), f"Published courses: {names or 'none; run learnpeace course publish'}"


def _certificates() -> Iterator[Finding]:
    try:
        import weasyprint

        yield True, f"WeasyPrint {weasyprint.__version__}"
    except OSError as error:
        yield False, f"WeasyPrint lacks a library: {error}"
    fonts = _font_families()
    for family in ("Noto Serif", "Noto Naskh Arabic", "Noto Serif Devanagari", "Noto Serif CJK"):
        has = any(line.startswith(family) for line in fonts)
        package = "fonts-noto-cjk" if "CJK" in family else "fonts-noto-core"
        yield has, f"Font {family}" + ("" if has else f": apt install {package}")


def _font_families() -> list[str]:
    if shutil.which("fc-list") is None:
        return []
    answer = subprocess.run(
        ["/usr/bin/env", "fc-list", ":", "family"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return [name.strip() for line in answer.stdout.splitlines() for name in line.split(",")]


def _operation(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data_dir).free
    yield free > FREE_SPACE, f"{free / 1e9:.1f} GB free in {settings.data_dir}"
    mail = "by SMTP" if settings.smtp_url else f"as files in {settings.data_dir / 'letters'}"
    yield True, f"Letters are sent {mail}"
    yield settings.is_local or settings.is_https, f"People reach the product at {settings.base_url}"
