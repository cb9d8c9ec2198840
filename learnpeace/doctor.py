"""`learnpeace doctor`: says what this installation can do and what is missing."""

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import click
import sqlalchemy as sa
from flask import Flask

from learnpeace.certificates.credentials import checks as key_checks
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.nightly import jobs as nightly
from learnpeace.certificates.printing import faces, pages
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.lib import clock, migrations
from learnpeace.lib.db import db, reading
from learnpeace.releases import queries as releases
from learnpeace.settings import Settings

FIXED_IN = (3, 51, 3)  # earlier SQLite can corrupt a WAL database under concurrent writers
FREE_SPACE = 500_000_000  # bytes
FRESH = timedelta(days=2)  # a night may be missed; not two
Finding = tuple[bool, str]


@click.command("doctor")
@click.option("--render", "renders", is_flag=True, help="Start the renderer and make a page.")
@click.pass_obj
def doctor(application: Callable[[], Flask], renders: bool) -> None:
    """Check the database, the courses, certificate fonts and keys, the disk and the mail."""
    app = application()
    settings: Settings = app.config["SETTINGS"]
    with app.app_context(), reading():
        findings = [
            *_database(),
            *_courses(),
            *_certificates(),
            *(_renderer() if renders else ()),
            *key_checks.findings(settings),
            *_nightly_check(clock.now()),
            *_operation(settings),
        ]
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
    if shutil.which("fc-list") is None:
        yield False, "Nothing here lists fonts: apt install fontconfig"
        return
    missing = faces.missing_faces()
    if not missing:
        yield True, f"All {len(faces.NAMED)} font families that certificates name"
    for family in missing:
        package = "fonts-noto-cjk" if "CJK" in family else "fonts-noto-core"
        yield False, f"Font {family}: apt install {package}"


def _renderer() -> Iterator[Finding]:
    at = clock.now()
    sample = Facts(
        printed_name="Amina Otieno", course_title="A page of learnpeace doctor",
        course_version="1.0.0", minutes=60, city_name="", cohort_name="", language="en",
        completed_on=at.date(), issued_at=at,
    )  # fmt: skip
    try:
        pdf = pages.make_pdf(sample)
    except RenderingFailed as error:
        yield False, f"The renderer made no page: {error}"
        return
    yield True, f"The renderer made a page of {len(pdf) / 1000:.0f} kB"


def _nightly_check(at: datetime) -> Iterator[Finding]:
    last = nightly.last()
    if last is None:
        yield True, "All certificates are looked at every night; no night has come yet"
        return
    is_fresh = at - last.at < FRESH
    words = f"Certificates were looked at on {last.at:%Y-%m-%d %H:%M} UTC: {last.words}"
    more = "" if last.is_sound else " Run: learnpeace certificates check"
    yield last.is_sound, words + more
    if not is_fresh:
        yield False, "No night has looked at the certificates since: is a worker running?"


def _operation(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data_dir).free
    yield free > FREE_SPACE, f"{free / 1e9:.1f} GB free in {settings.data_dir}"
    mail = "by SMTP" if settings.smtp_url else f"as files in {settings.data_dir / 'letters'}"
    yield True, f"Letters are sent {mail}"
    yield settings.is_local or settings.is_https, f"People reach the product at {settings.base_url}"
