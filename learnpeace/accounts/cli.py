"""Commands about accounts and letters: the first administrator, letters that came back."""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import BinaryIO

import click
import sqlalchemy as sa
from flask import Flask

from learnpeace.accounts import actions, rules
from learnpeace.accounts.models import LinkPurpose
from learnpeace.lib import clock, mail_bounces
from learnpeace.lib.db import db
from learnpeace.people.models import Role, RoleKind, User
from learnpeace.settings import Settings

LASTS = timedelta(days=1)


@click.command("init")
@click.option("--name", prompt="Name", help="How the first administrator is called.")
@click.option("--email", prompt="E-mail address", help="How they sign in.")
@click.pass_obj
def init(application: Callable[[], Flask], name: str, email: str) -> None:
    """Name the first administrator and print a link with which they set a password."""
    name, email = rules.clean_name(name), email.strip().lower()
    if not rules.is_name(name) or not rules.is_email(email):
        click.echo("Give a name with letters, and an e-mail address such as a@b.org.", err=True)
        sys.exit(1)
    app = application()
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        if db.session.scalar(
            sa.select(Role.id)
            .join(User)
            .where(Role.kind == RoleKind.ADMINISTRATOR, User.is_demo.is_(False))
        ):
            click.echo("There is an administrator already; they can name others.", err=True)
            sys.exit(1)
        at = clock.now()
        user = User(name=name, email=email, created_at=at)
        db.session.add(user)
        db.session.flush()
        db.session.add(Role(user_id=user.id, kind=RoleKind.ADMINISTRATOR, given_at=at))
        token = actions.make_link(user.id, LinkPurpose.INVITATION, at=at, lasts=LASTS)
        db.session.commit()
    click.echo("Open this link within a day to set the password:")
    click.echo(f"{settings.base_url}/enter/{token}")


@click.group()
def bounces() -> None:
    """Note letters that came back."""


@bounces.command("import")
@click.argument("report", type=click.File("rb"))
@click.pass_obj
def bring_bounce(application: Callable[[], Flask], report: BinaryIO) -> None:
    """Read a mail server's report (RFC 3464) from a file, or from - , and mark the address."""
    found = mail_bounces.read_report(report.read())
    if found is None:
        raise click.ClickException("This is no report on a delivery. Nothing was changed.")
    app = application()
    with app.app_context():
        marked = mail_bounces.note(found, app.config["SETTINGS"], at=clock.now())
        db.session.commit()
    if not marked:
        click.echo("It names no letter of ours that is lost for good. Nothing was changed.")
    for address in marked:
        click.echo(f"{address} takes no letters.")
