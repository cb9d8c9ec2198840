"""The `learnpeace` command, for the people who operate it and for trainers.

What a command needs is loaded when it runs: checking a course takes no web server and no
database, and would take three times as long with them.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from learnpeace import __version__
from learnpeace.lib.errors import Refusal
from learnpeace.settings import LOOPBACK, MissingSetting, Settings

if TYPE_CHECKING:
    from flask import Flask

COURSE: Mapping[str, str] = {
    "back": "learnpeace.trainers.cli:back",
    "check": "learnpeace.catalog.cli:check",
    "export": "learnpeace.exchange.cli:take",
    "import": "learnpeace.exchange.cli:bring",
    "new": "learnpeace.authors.cli:new",
    "preview": "learnpeace.trainers.cli:preview",
    "publish": "learnpeace.trainers.cli:publish",
    "shrink": "learnpeace.catalog.cli:shrink",
    "translate-export": "learnpeace.trainers.translations.cli:translate_export",
    "translate-import": "learnpeace.trainers.translations.cli:translate_import",
}
CANNOT_RUN = 2


class Commands(click.Group):
    """A group some of whose commands are loaded when they are asked for."""

    def __init__(self, *args: Any, later: Mapping[str, str] | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.later = later or {}

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(context), *self.later})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, loading it if need be."""
        if name not in self.later:
            return super().get_command(context, name)
        module, _, command = self.later[name].partition(":")
        found: click.Command = getattr(import_module(module), command)
        return found


@click.group(
    cls=Commands,
    later={
        "bounces": "learnpeace.accounts.cli:bounces",
        "certificates": "learnpeace.certificates.cli:certificates",
        "init": "learnpeace.accounts.cli:init",
        "doctor": "learnpeace.doctor:doctor",
        "keys": "learnpeace.certificates.credentials.cli:keys",
    },
)
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context) -> None:
    """Run learnpeace, and write its courses."""
    context.obj = application


def main() -> None:
    """Run a command; say in one sentence what is wrong when it cannot."""
    try:
        cli(standalone_mode=True)
    except MissingSetting as error:
        click.echo(str(error), err=True)
        sys.exit(CANNOT_RUN)
    except Refusal as error:
        click.echo(f"{error.message} {error.advice}".strip(), err=True)
        sys.exit(1)


def application(settings: Settings | None = None) -> "Flask":
    """Return the application, its database brought up to date."""
    from learnpeace.app import create_app
    from learnpeace.lib import migrations
    from learnpeace.lib.db import db

    settings = settings or Settings.from_env()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = create_app(settings)
    with app.app_context():
        migrations.upgrade(db.engine)
    return app


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, envvar="PORT", show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    show_default=True,
    help="Start a worker beside the server, for letters and jobs.",
)
@click.option(
    "--demo/--no-demo",
    "with_demo",
    default=True,
    show_default=True,
    help="Fill an empty database with a demonstration city (on this machine only).",
)
def serve(
    host: str, port: int, workers: int, threads: int, with_worker: bool, with_demo: bool
) -> None:
    """Serve the product; publish the courses first."""
    from learnpeace.lib.db import db
    from learnpeace.server import Server
    from learnpeace.trainers.cli import publish_all
    from learnpeace.worker import Companion

    settings = Settings.from_env()
    if settings.is_local:
        settings = replace(settings, base_url=f"http://127.0.0.1:{port}")
    app = application(settings)
    with app.app_context():
        publish_all(settings.courses_dir)
        links = []
        if with_demo and settings.is_local and host in LOOPBACK:
            links = _demonstration()
        db.session.remove()
        db.engine.dispose()

    companion = Companion(settings.base_url)

    def welcome() -> None:
        if with_worker:
            companion.start()
        click.echo(f"learnpeace is at {settings.base_url} (Ctrl-C stops it)")
        click.echo(f"Its data are in {settings.data_dir}")
        if not settings.smtp_url:
            click.echo(f"Letters are written to {settings.data_dir / 'letters'}")
        for line in links:
            click.echo(line)
        sys.stdout.flush()

    Server(settings, host=host, port=port, workers=workers, threads=threads,
           when_ready=welcome, on_exit=companion.stop).run()  # fmt: skip


@cli.command()
@click.option("--parent", type=int, help="Stop when this process is gone.")
def work(parent: int | None) -> None:
    """Send letters and run jobs; `serve` starts one by itself unless told not to."""
    from learnpeace.server import tidy
    from learnpeace.worker import work as work_on

    work_on(Settings.from_env(), tidy, parent=parent)


@cli.command("demo")
def fill_demo() -> None:
    """Fill an empty database with a demonstration city and print sign-in links."""
    from learnpeace.trainers.cli import publish_all

    settings = Settings.from_env()
    if not settings.is_local:
        raise click.ClickException("The demonstration is for this machine only.")
    with application(settings).app_context():
        publish_all(settings.courses_dir)
        for line in _demonstration():
            click.echo(line)


def _demonstration() -> list[str]:
    """Fill an empty database; return the sign-in links, if nobody real is in it."""
    from learnpeace import demo
    from learnpeace.lib import clock
    from learnpeace.lib.db import db

    at = clock.now()
    if demo.is_empty():
        demo.fill(at=at, elsewhere=demo.ELSEWHERE, is_whole=True)
        db.session.commit()
    if not demo.is_demonstration():
        return []
    links = demo.sign_in_links(at=at, lasts=timedelta(days=1))
    db.session.commit()
    return links


@cli.group(cls=Commands, later=COURSE)
def course() -> None:
    """Write courses: check them, look at them, publish them, carry them in and out."""
