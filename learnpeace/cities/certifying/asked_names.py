"""Names that holders say are wrong: which requests wait, and keeping a name as it is.

A request stands in the holder's own log (`certificates.holder_actions.ask_for_correction`),
under a key with the certificate's number. It is answered by a new edition, or by a notice
that tells the holder why the name stays.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import notice_actions
from learnpeace.accounts.letters import path_of
from learnpeace.certificates import record_queries, serials
from learnpeace.certificates.models import Certificate
from learnpeace.lib.db import db
from learnpeace.lib.languages import speaking
from learnpeace.people.models import AuditEntry, Notice, User

LONGEST_ANSWER = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that waits: the name its holder wants, and since when."""

    id: int
    wanted: str
    at: datetime


def _kept_key(certificate: object, request: object) -> sa.ColumnElement[str]:
    key = sa.literal("certificate-name-kept-").concat(sa.cast(certificate, sa.String))
    return key.concat("-").concat(sa.cast(request, sa.String))


_begins = sa.literal("certificate-name-").concat(sa.cast(Certificate.id, sa.String)).concat("-%")
_answered = (
    sa.select(Notice.id)
    .where(Notice.user_id == AuditEntry.about_id)
    .where(Notice.key == _kept_key(Certificate.id, AuditEntry.id))
    .correlate(AuditEntry, Certificate)
    .exists()
)
_waits = (
    (AuditEntry.about_id == Certificate.user_id)
    & AuditEntry.key.like(_begins)
    & (AuditEntry.detail != Certificate.printed_name)
    & Certificate.withdrawn_at.is_(None)
    & ~_answered
)
IS_ASKED = sa.select(AuditEntry.id).where(_waits).correlate(Certificate).exists()
WANTED = (
    sa.select(AuditEntry.detail)
    .where(_waits)
    .order_by(AuditEntry.id.desc())
    .limit(1)
    .correlate(Certificate)
    .scalar_subquery()
)


def waiting(row: Certificate) -> list[Asked]:
    """Return the requests for another name that nobody has answered, the last first (1 query)."""
    if record_queries.successor(row.id) is not None:
        return []
    found = db.session.execute(
        sa.select(AuditEntry.id, AuditEntry.detail, AuditEntry.at)
        .join(Certificate, _waits)
        .where(Certificate.id == row.id)
        .order_by(AuditEntry.id.desc())
    )
    return [Asked(id=one.id, wanted=one.detail, at=one.at) for one in found]


def keep_name(row: Certificate, words: str, *, at: datetime) -> int:
    """Tell a holder why their name stays as it is printed; return how many requests that was.

    (3 queries, 1 more for each request.) The same again finds none.
    """
    holder, asked = db.session.get_one(User, row.user_id), waiting(row)
    with speaking(holder.language):
        title = gettext("The name on your certificate stays as it is")
        text = gettext(
            "You asked for “%(name)s” on “%(title)s”. The coordinator wrote: “%(words)s”",
            name=asked[0].wanted if asked else "", title=row.course_title,
            words=words[:LONGEST_ANSWER],
        )  # fmt: skip
    link = path_of("certificates.certificate", serial=serials.shown(row.serial))
    for one in asked:
        key = f"certificate-name-kept-{row.id}-{one.id}"
        notice_actions.tell(holder.id, key=key, title=title, text=text, link=link, at=at)
    return len(asked)
