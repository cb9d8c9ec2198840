"""The letters of this room, in the language of the person they are for.

A template's first line is the subject. Texts live in templates/emails; nothing in them is
glued together. Letters go to addresses nobody has proved yet, so they carry no text that a
stranger could have chosen, such as a name. A letter of a kind says at its end how to turn
that kind off, and tells mail programs the same in its headers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app

from learnpeace.accounts import choices
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letter_tokens import token_of
from learnpeace.accounts.sessions import hash_token
from learnpeace.lib import mail, words
from learnpeace.lib.languages import speaking
from learnpeace.lib.mail_message import Draft
from learnpeace.people.models import User
from learnpeace.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A letter to one of many: whom it is for, its key, and what its template takes."""

    user: User
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


def write_welcome(user: User, *, at: datetime) -> None:
    """Welcome a person who signed up by e-mail."""
    _write(user, "welcome", f"welcome-{user.id}", at, sign_in=address_of("accounts.sign_in"))


def write_reset(user: User, token: str, *, at: datetime) -> None:
    """Send the link to set a new password."""
    link = address_of("accounts.reset", token=token)
    _write(user, "reset", _key("reset", token), at, link=link)


def write_account_goes(user: User, goes_at: datetime, *, at: datetime) -> None:
    """Tell somebody that their account is about to be deleted, and how to keep it."""
    with speaking(user.language or "en"):
        day = words.day(goes_at, user.time_zone or None)
    key = f"account-goes-{user.id}-{goes_at:%Y%m%d%H%M%S}"
    _write(user, "account_goes", key, at, day=day, link=address_of("accounts.own_data"))


def write_trial(user: User, *, at: datetime) -> None:
    """Write to somebody whose letters came back and who says that the address is right."""
    link = address_of("accounts.letter_choices")
    _write(user, "trial", f"trial-{user.id}-{at:%Y%m%dT%H%M}", at, link=link)


def write_invitation(user: User, token: str, *, place: str, at: datetime) -> None:
    """Invite a person to look after a place (a city's name, from an administrator)."""
    link = address_of("accounts.enter", token=token)
    _write(user, "invitation", _key("invitation", token), at, link=link, place=place)


def address_of(endpoint: str, **values: object) -> str:
    """Return a page's whole address, from the settings and never from a request."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url + path_of(endpoint, **values)


def path_of(endpoint: str, **values: object) -> str:
    """Return a page's address on this site, wherever it is asked for."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def post(
    user: User,
    template: str,
    *,
    key: str,
    at: datetime,
    kind: Kind | None = None,
    **values: object,
) -> None:
    """Write a person a letter in their language, once for each key (1 or 3 SQL queries).

    Nothing without e-mail, and nothing of a kind that they turned off or that comes back.
    """
    post_many([Post(user=user, key=key, values=values)], template, at=at, kind=kind)


def post_many(
    posts: Sequence[Post], template: str, *, at: datetime, kind: Kind | None = None
) -> int:
    """Write many people a letter of one template (3 SQL queries for each 500); say how many.

    A letter of a kind does not go to an address whose last letter came back; one that answers
    its reader does, and when it arrives the others follow again.
    """
    reached = [post for post in posts if post.user.email is not None]
    if kind is not None and reached:
        addresses = {post.user.id: post.user.email or "" for post in reached}
        wanted = choices.who_wants(kind, addresses.keys()) - mail.unreachable(addresses)
        reached = [post for post in reached if post.user.id in wanted]
    drafts = [_draft(post, template, kind) for post in reached]
    mail.write_many(drafts, at=at)
    return len(drafts)


def post_to(
    email: str, language: str, template: str, *, key: str, at: datetime, **values: object
) -> None:
    """Write to an address that has no account yet, once for each key (1 SQL query).

    Such a letter has no switch: there is nobody whose it would be.
    """
    subject, text = _written(template, language, values)
    draft = Draft(key=key, to=email, subject=subject, text=text, language=language)
    mail.write_many([draft], at=at)


def _draft(post: Post, template: str, kind: Kind | None) -> Draft:
    user, language = post.user, post.user.language or "en"
    assert user.email is not None, "people without e-mail are left out before"
    subject, text = _written(template, language, post.values)
    off = "" if kind is None else address_of("accounts.letters_off", token=token_of(user.id, kind))
    if kind is not None:
        text = f"{text}\n{_end(kind, language, off)}"
    return Draft(
        key=post.key, to=user.email, subject=subject, text=text, language=language,
        kind=kind.value if kind else "", user_id=user.id, unsubscribe=off,
    )  # fmt: skip


def _written(template: str, language: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Return the subject, which is a template's first line, and the text."""
    with speaking(language):
        written = current_app.jinja_env.get_template(template).render(**values)
    subject, _, text = written.strip().partition("\n")
    return subject, text.strip() + "\n"


def _end(kind: Kind, language: str, off: str) -> str:
    """Return the lines that say which switch a letter belongs to and how to turn it off."""
    with speaking(language):
        return current_app.jinja_env.get_template("emails/_end.txt").render(
            what=choices.words()[kind], off=off, all=address_of("accounts.letter_choices")
        )


def _write(user: User, template: str, key: str, at: datetime, **values: str) -> None:
    post_many([Post(user=user, key=key, values=values)], f"emails/{template}.txt", at=at)


def _key(kind: str, token: str) -> str:
    return f"{kind}-{hash_token(token)[:24]}"
