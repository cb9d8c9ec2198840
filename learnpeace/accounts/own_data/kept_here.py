"""What this room keeps about a person: who they are, switches, devices, notices, who saw what."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import choices
from learnpeace.accounts.models import OneTimeLink, ServerSession
from learnpeace.accounts.own_data.sections import Section, forgets, gives, table_of
from learnpeace.accounts.own_data.words import audit_words
from learnpeace.lib.db import db
from learnpeace.lib.languages import NAMES
from learnpeace.lib.mail import Letter
from learnpeace.people.models import (
    AuditEntry,
    Choice,
    City,
    GuardianConsent,
    Notice,
    Role,
    User,
)

NEWEST = 500  # lines of who saw or changed what


@gives
def account(user_id: int) -> Section:
    """Return who the person is here (1 query)."""
    user = db.session.get_one(User, user_id)
    facts = (
        (gettext("Name"), user.name),
        (gettext("E-mail"), user.email),
        (gettext("Sign-in name"), user.sign_in_name),
        (gettext("Language"), NAMES.get(user.language or "", user.language)),
        (gettext("Time zone"), user.time_zone),
        (gettext("Age band"), _age_words().get(user.age_band, user.age_band)),
        (gettext("Account since"), user.created_at),
    )
    return Section(
        file="account",
        title=gettext("Your account"),
        columns=(gettext("What"), gettext("Value")),
        rows=[(what, value) for what, value in facts if value],
    )


@gives
def switches(user_id: int) -> Section:
    """Return the person's switches (1 query)."""
    words = choices.words()
    return Section(
        file="switches",
        title=gettext("Letters and consents"),
        columns=(gettext("Switch"), gettext("State")),
        rows=[(words[kind], is_on) for kind, is_on in choices.all_of(user_id).items()],
    )


@gives
def devices(user_id: int) -> Section:
    """Return where the person is signed in (1 query)."""
    query = (
        sa.select(ServerSession.device, ServerSession.created_at, ServerSession.ends_at)
        .where(ServerSession.user_id == user_id)
        .order_by(ServerSession.id)
    )
    return table_of(
        query,
        file="devices",
        title=gettext("Devices you are signed in on"),
        columns=(gettext("Device"), gettext("Since"), gettext("Until")),
    )


@gives
def letters(user_id: int) -> Section:
    """Return the letters written to the person's account (1 query).

    What was written to their address before is left out: nobody proves an address to sign up.
    """
    query = (
        sa.select(Letter.subject, Letter.written_at, Letter.sent_at)
        .where(Letter.user_id == user_id)
        .order_by(Letter.id)
    )
    return table_of(
        query,
        file="letters",
        title=gettext("Letters to you"),
        columns=(gettext("Subject"), gettext("Written"), gettext("Sent")),
    )


@gives
def notices(user_id: int) -> Section:
    """Return what the person was told on their first page (1 query)."""
    query = (
        sa.select(Notice.title, Notice.text, Notice.made_at)
        .where(Notice.user_id == user_id)
        .order_by(Notice.id)
    )
    return table_of(
        query,
        file="notices",
        title=gettext("What you were told on your first page"),
        columns=(gettext("Title"), gettext("Text"), gettext("When")),
    )


@gives
def guardian(user_id: int) -> Section:
    """Return what a guardian was asked and answered (1 query)."""
    consent = db.session.get(GuardianConsent, user_id)
    rows = (
        []
        if consent is None
        else [(consent.email, consent.name, consent.asked_at, consent.given_at)]
    )
    return Section(
        file="guardian",
        title=gettext("Your guardian’s consent"),
        columns=(gettext("E-mail"), gettext("Name"), gettext("Asked"), gettext("Given")),
        rows=rows,
    )


@gives
def seen_by(user_id: int) -> Section:
    """Return who saw or changed what about the person, newest first (1 query)."""
    who = sa.orm.aliased(User)
    rows = db.session.execute(
        sa.select(AuditEntry.at, AuditEntry.by_id, who.name, City.name.label("city"),
                  AuditEntry.what, AuditEntry.detail)
        .outerjoin(who, who.id == AuditEntry.by_id)
        .outerjoin(City, City.id == AuditEntry.city_id)
        .where(AuditEntry.about_id == user_id)
        .order_by(AuditEntry.id.desc())
        .limit(NEWEST)
    )  # fmt: skip
    words = audit_words()
    return Section(
        file="who-saw-or-changed-what",
        title=gettext("Who saw or changed something about you"),
        columns=(gettext("When"), gettext("Who"), gettext("City"), gettext("What"),
                 gettext("More")),
        rows=[
            (row.at, row.name or _nameless(row.by_id), row.city,
             words.get(row.what, row.what), row.detail)
            for row in rows
        ],
    )  # fmt: skip


def _age_words() -> dict[str, str]:
    return {
        "under-16": gettext("under 16"),
        "16-17": gettext("16 or 17"),
        "18-up": gettext("18 or older"),
    }


def _nameless(by_id: int | None) -> str:
    """Say who did it who has no name: nobody's deed is laid at the platform's door."""
    if by_id is None:
        return gettext("the platform itself")
    return gettext("somebody whose account is gone")


@forgets
def forget_account(user_id: int, at: datetime) -> None:
    """Take the name and every way in away (8 queries)."""
    user = db.session.get_one(User, user_id)
    address = user.email
    for table in (ServerSession, OneTimeLink, Notice, Choice, GuardianConsent, Role):
        db.session.execute(sa.delete(table).where(table.user_id == user_id))
    theirs = Letter.user_id == user_id
    if address is not None:
        theirs = theirs | (Letter.to == address)
    db.session.execute(sa.delete(Letter).where(theirs))
    user.name = ""
    user.email, user.sign_in_name = None, f"erased-{secrets.token_hex(8)}"
    user.password_hash, user.age_band = "", ""
    user.language = user.time_zone = user.deletes_at = user.waits_since = None
    user.disabled_at, user.erased_at = user.disabled_at or at, at
