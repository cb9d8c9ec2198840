"""`learnpeace keys`: the keys that sign certificates."""

import json
from collections.abc import Callable

import click
from flask import Flask

from learnpeace.certificates.credentials import keys as key_files
from learnpeace.certificates.credentials.keys import Key, KeyUnreadable
from learnpeace.lib import clock
from learnpeace.settings import Settings


@click.group("keys")
def keys() -> None:
    """Look after the keys that sign certificates."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def show(application: Callable[[], Flask], as_json: bool) -> None:
    """List the keys, oldest first; private halves are never shown."""
    found = _found(_settings(application))
    lines = [_line(key, is_newest=number == len(found)) for number, key in enumerate(found, 1)]
    if as_json:
        click.echo(json.dumps(lines))
        return
    for line in lines:
        click.echo(f"{line['name']}  made {line['made']}  {line['use']}")
    if not lines:
        click.echo("No keys yet: the first certificate makes one.")


@keys.command()
@click.option(
    "--forget-older",
    is_flag=True,
    help="Delete the private halves of all older keys. What they signed stays verifiable.",
)
@click.pass_obj
def rotate(application: Callable[[], Flask], forget_older: bool) -> None:
    """Make a new key, which signs from now on. Certificates issued before stay verifiable."""
    folder = _settings(application).keys_folder
    try:
        new = key_files.rotate(folder, at=clock.now())
        click.echo(f"{new.kid} signs from now on.")
        for key in key_files.existing(folder) if forget_older else ():
            if key.private is not None and key.kid != new.kid:
                key_files.retire(folder, key.kid)
                click.echo(f"The private half of {key.kid} is deleted; its public half stays.")
    except KeyUnreadable as error:
        raise click.ClickException(str(error)) from error


def _line(key: Key, *, is_newest: bool) -> dict[str, str]:
    can_sign = key.private is not None
    use = "signs" if is_newest and can_sign else "older" if can_sign else "retired, checks only"
    return {"name": key.kid, "made": key_files.made_at(key.kid), "use": use}


def _found(settings: Settings) -> tuple[Key, ...]:
    try:
        return key_files.existing(settings.keys_folder)
    except KeyUnreadable as error:
        raise click.ClickException(str(error)) from error


def _settings(application: Callable[[], Flask]) -> Settings:
    settings: Settings = application().config["SETTINGS"]
    return settings
