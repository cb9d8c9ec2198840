"""The letters of a list: an invitation to each new address. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app

from learnpeace.accounts import letters as accounts
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post
from learnpeace.cities.inviting import limits, tokens
from learnpeace.cities.models import RosterImport, RosterRow, RosterState
from learnpeace.cities.roster import fates
from learnpeace.cities.roster.fates import Fate
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib import mail
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.lib.mail_message import Draft
from learnpeace.people.models import Cohort, User
from learnpeace.people.naming import public_city_name, public_contact
from learnpeace.releases import queries as releases
from learnpeace.settings import Settings

CHUNK = 200  # letters in one unit of work


def write_some(found: RosterImport, *, at: datetime) -> int:
    """Write up to `CHUNK` of a list's invitations that are not written; return how many.

    About 12 queries. The letter's key makes each be written once; none is written while the
    city has sent as many as it may in a day. What goes to an address that was invited often
    lately waits some days or is only noted, as is what goes to one that came back.
    """
    cohort = db.session.get_one(Cohort, found.cohort_id)
    assert cohort.city_id is not None, "lists belong to a city's cohort"
    waiting = _waiting(found, min(CHUNK, limits.room(cohort.city_id, at=at)))
    if not waiting:
        return 0
    back = limits.bounced({invitation.email for invitation in waiting}, at=at)
    able = [invitation for invitation in waiting if invitation.email not in back]
    addresses = {invitation.email for invitation in able}
    reached = limits.reachable(addresses, at=at)
    for emails, leaves_at in ((reached, at), limits.reachable_later(addresses - reached, at=at)):
        drafts = [_draft(one, found, cohort) for one in able if one.email in emails]
        mail.write_many(drafts, at=leaves_at)
    _note([invitation.id for invitation in able], sent_at=at)
    _note([one.id for one in waiting if one.email in back], sent_at=at, bounced_at=at)
    return len(waiting)


def write_to_added(found: RosterImport, *, at: datetime) -> None:
    """Write to those who were here already and are in the cohort now (about 5 queries)."""
    cohort = db.session.get_one(Cohort, found.cohort_id)
    query = (
        sa.select(User)
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(RosterRow, RosterRow.enrolment_id == Enrolment.id)
        .where(RosterRow.import_id == found.id, RosterRow.fate == Fate.ADD.value)
        .where(User.email.is_not(None))
    )
    link = accounts.address_of("learning.course", course_id=cohort.course_id)
    posts = [
        Post(
            user=user,
            key=f"added-{cohort.id}-{user.id}",
            values=_facts(cohort, user.language or "en")
            | {"contact": cohort.city.contact if cohort.city else "", "link": link},
        )
        for user in db.session.scalars(query)
    ]
    accounts.post_many(posts, "emails/roster_added.txt", at=at, kind=Kind.COORDINATOR)


def to_write(found: RosterImport) -> int:
    """Return how many letters of a list are not written (1 query); none once it is undone."""
    if found.state != RosterState.IMPORTED:
        return 0
    return db.session.scalar(_unwritten(found, sa.func.count())) or 0


def key_of(import_id: int, invitation_id: int) -> str:
    """Return the key of an invitation's letter."""
    return f"invited-{import_id}-{invitation_id}"


def link_of(invitation_id: int, made_at: datetime) -> str:
    """Return the personal address in a letter."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.base_url}/invited/{tokens.token_of(invitation_id, made_at)}"


def _note(ids: Sequence[int], **moments: datetime) -> None:
    if ids:
        sent = sa.update(Invitation).where(Invitation.id.in_(ids)).values(**moments)
        db.session.execute(sent.execution_options(synchronize_session=False))


def _waiting(found: RosterImport, most: int) -> Sequence[Any]:
    own = (Invitation.id, Invitation.email, Invitation.language, Invitation.made_at)
    return db.session.execute(_unwritten(found, *own).order_by(Invitation.id).limit(most)).all()


def _unwritten(found: RosterImport, *columns: Any) -> sa.Select[Any]:
    """Select the open invitations of a list that had no letter in the last three days."""
    assert found.imported_at is not None, "letters follow the import"
    early = found.imported_at - fates.BETWEEN_LETTERS
    return (
        sa.select(*columns)
        .select_from(RosterRow)
        .join(Invitation, Invitation.id == RosterRow.invitation_id)
        .where(RosterRow.import_id == found.id)
        .where(RosterRow.fate.in_([fate.value for fate in fates.LETTERS]))
        .where(Invitation.email.is_not(None), Invitation.ended_at.is_(None))
        .where(Invitation.joined_at.is_(None))
        .where(Invitation.sent_at.is_(None) | (Invitation.sent_at <= early))
    )


def _draft(invitation: Any, found: RosterImport, cohort: Cohort) -> Draft:
    language = invitation.language or "en"
    link = link_of(invitation.id, invitation.made_at)
    with speaking(language):
        template = current_app.jinja_env.get_template("emails/roster_invitation.txt")
        text = template.render(**_facts(cohort, language), link=link)
    subject, _, body = text.strip().partition("\n")
    return Draft(
        key=key_of(found.id, invitation.id), to=invitation.email, subject=subject,
        text=body.strip() + "\n", language=language,
    )  # fmt: skip


def _facts(cohort: Cohort, language: str) -> dict[str, object]:
    city = cohort.city
    assert city is not None, "lists belong to a city's cohort"
    return {
        "city": public_city_name(city, language),
        "course": releases.release(cohort.release_id).course.told(language).title,
        "starts_on": cohort.starts_on,
        "contact": public_contact(city),
    }
