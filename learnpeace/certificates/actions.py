"""Issuing certificates and replacing them. The caller commits.

A certificate of completion is issued from the recorded fact of completion only. Everything
is safe to repeat: the unique constraints of the tables are the guard.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.certificates import letters, queries, record_queries, serials
from learnpeace.certificates.credentials import signing
from learnpeace.certificates.facts import PLATFORM_NAME, Facts
from learnpeace.certificates.models import Certificate, NameForPrint
from learnpeace.certificates.refusals import printable
from learnpeace.certificates.states import Again, Kind, last_day
from learnpeace.learning.queries import Standing
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal

TRIES = 5  # at a place in the status list, which somebody else may take at this moment
LONGEST_WORDS = 300  # characters of a reason, as the table holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a certificate is given, and for what: `about` as in `models.Certificate`."""

    user_id: int
    about: str
    enrolment_id: int | None = None
    release_id: int | None = None
    cohort_id: int | None = None
    city_id: int | None = None
    course_id: str = ""


def facts_for(standing: Standing, *, name: str, language: str, at: datetime) -> Facts:
    """Return what this learner's certificate says, not issued yet (1 query).

    Raises ValueError when the course is not complete. The day of completion is the city's.
    """
    if standing.completed_at is None:
        raise ValueError("A certificate is given for a completed course only.")
    course = standing.release.course
    day = standing.completed_at.astimezone(clock.zone(standing.time_zone)).date()
    return Facts(
        printed_name=name,
        course_title=course.told(language).title,
        course_version=course.version,
        minutes=course.hours * 60,
        city_name=standing.city_name or "",
        issuer=standing.city_name or PLATFORM_NAME,
        track=standing.track or "",
        cohort_name=standing.cohort_name,
        language=language,
        completed_on=day,
        expires_on=last_day(day, course.certificate.valid),
        paper=record_queries.place_of(standing.cohort_id).paper,
        issued_at=at.replace(microsecond=0),
    )


def issue(standing: Standing, facts: Facts, *, by: int | None = None) -> tuple[Certificate, bool]:
    """Record a certificate of completion; say whether it is new (4 queries and the telling).

    The second click, and somebody's second try in another window, get the first one. For a
    course that was completed again it replaces the certificate of the first time. `by` is
    whoever issued it for the learner, who is told then. The caller has its page made.
    """
    if standing.completed_at is None:
        raise ValueError("A certificate is given for a completed course only.")
    about = queries.about_course(standing.course_id)
    # First the edition before, then the own one: what another click issues between the two is
    # then found as the own, and never taken for a certificate of an earlier time.
    before = record_queries.latest(standing.user_id, facts.kind, about)
    if own := record_queries.of_enrolment(standing.enrolment_id):
        return own, False
    who = Recipient(
        user_id=standing.user_id,
        about=about,
        enrolment_id=standing.enrolment_id,
        release_id=standing.release_id,
        cohort_id=standing.cohort_id,
        city_id=record_queries.place_of(standing.cohort_id).city_id,
        course_id=standing.course_id,
    )
    row = _add(facts, who, before, Again.RETAKEN if before else "", by=by)
    if row is None:
        found = record_queries.of_enrolment(standing.enrolment_id)
        assert found is not None, "somebody else has issued it at this moment"
        return found, False
    if before is not None:
        letters.tell_replaced(row, at=facts.issued_at)
    elif by not in (None, standing.user_id):
        letters.tell_issued(row, at=facts.issued_at)
    _note(row, What.ISSUED_CERTIFICATE, by, facts.issued_at)
    return row, True


def issue_attendance(
    facts: Facts, who: Recipient, *, by: int | None, at: datetime
) -> tuple[Certificate, bool]:
    """Give a certificate of attendance; one for each person and `about` (4 queries and more)."""
    return _give(replace(facts, kind=Kind.ATTENDANCE, issued_at=at), who, by)


def issue_thanks(
    facts: Facts, who: Recipient, *, by: int | None, at: datetime
) -> tuple[Certificate, bool]:
    """Give a city's thanks to a volunteer; one for each person and `about` (as above)."""
    return _give(replace(facts, kind=Kind.THANKS, issued_at=at), who, by)


def reissue(
    certificate: Certificate,
    *,
    reason: Again,
    words: str,
    by: int | None,
    at: datetime,
    name: str | None = None,
    facts: Facts | None = None,
) -> tuple[Certificate, bool]:
    """Put a new edition in a certificate's place; say whether it is new (6 queries and more).

    With another `name`, or with other `facts`. Its holder is told. The same correction again
    returns the edition that it made. Raises Refusal for one that is withdrawn or asked back,
    was replaced otherwise, or would say the same as before.
    """
    record_queries.hold(certificate)
    before = queries.facts_of(certificate)
    now = at.replace(microsecond=0)
    told = replace(facts or before, kind=before.kind, serial="", issued_at=now)
    if name is not None:
        told = replace(told, printed_name=printable(name))
    if later := record_queries.successor(certificate.id):
        return _same(later, told), False
    _refuse_unless_whole(certificate)
    if _said(told) == _said(before):
        raise Refusal(
            gettext("The new certificate would say what this one says already."),
            title=gettext("Nothing was changed"),
            advice=gettext("Change what is wrong, and send it again."),
        )
    row = _add(told, _recipient(certificate), certificate, reason, words=words, by=by)
    if row is None:
        later = record_queries.successor(certificate.id)
        assert later is not None, "somebody else has replaced it at this moment"
        return _same(later, told), False
    letters.tell_replaced(row, at=at)
    _note(row, What.REISSUED_CERTIFICATE, by, at)
    return row, True


def confirm_name(
    standing: Standing, *, name: str, language: str, by: int, at: datetime
) -> NameForPrint:
    """Keep how a learner wants their name printed; the last one counts (3 queries).

    Two first ones at once end in IntegrityError for the second. Raises Refusal once the
    certificate is issued.
    """
    if record_queries.of_enrolment(standing.enrolment_id) is not None:
        raise Refusal(
            gettext("The name was printed, so it cannot be changed here."),
            title=gettext("The certificate is issued already"),
            advice=gettext("If the name is wrong, ask your city on the certificate’s page."),
        )
    tidy = printable(name)
    row = db.session.get(NameForPrint, standing.enrolment_id)
    if row is None:
        row = NameForPrint(enrolment_id=standing.enrolment_id)
        db.session.add(row)
    row.printed_name, row.language = tidy, language
    row.confirmed_at, row.confirmed_by = at, by
    db.session.flush()
    if by != standing.user_id:
        audit.note(standing.user_id, What.CONFIRMED_PRINT_NAME, by_id=by, detail=tidy, at=at)
    return row


def _give(facts: Facts, who: Recipient, by: int | None) -> tuple[Certificate, bool]:
    """Record a certificate that no completion stands behind, and tell its holder."""
    facts = replace(facts, printed_name=printable(facts.printed_name), serial="")
    row = record_queries.latest(who.user_id, facts.kind, who.about)
    if row is not None:
        return row, False
    row = _add(facts, who, None, "", by=by)
    if row is None:
        found = record_queries.latest(who.user_id, facts.kind, who.about)
        assert found is not None, "somebody else has given it at this moment"
        return found, False
    letters.tell_issued(row, at=facts.issued_at)
    _note(row, What.ISSUED_CERTIFICATE, by, facts.issued_at)
    return row, True


def _add(
    facts: Facts,
    who: Recipient,
    before: Certificate | None,
    reason: str,
    *,
    words: str = "",
    by: int | None,
) -> Certificate | None:
    """Add the next edition; None when somebody else has done so at this moment."""
    values = {
        **asdict(who),
        "edition": before.edition + 1 if before else 1,
        "replaces_id": before.id if before else None,
        "shows_name": before.shows_name if before else True,
        "reason": reason,
        "reason_words": words.strip()[:LONGEST_WORDS],
        "issued_by": by,
    }
    for _try in range(TRIES):
        row = Certificate(**asdict(replace(facts, serial=serials.new())), **values)
        signing.give(row)
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except sa.exc.IntegrityError:
            now = record_queries.latest(who.user_id, facts.kind, who.about)
            if now is not None and now.edition >= values["edition"]:
                return None
        else:
            return row
    raise RuntimeError("No place was free for a certificate in several tries.")


def _refuse_unless_whole(certificate: Certificate) -> None:
    if certificate.withdrawn_at is not None:
        raise Refusal(
            gettext("A withdrawn certificate is not replaced by another edition."),
            title=gettext("This certificate was withdrawn"),
        )
    if record_queries.open_withdrawal(certificate.id) is not None:
        raise Refusal(
            gettext("This certificate is about to be withdrawn."),
            title=gettext("It cannot be replaced now"),
            advice=gettext("Decide about the withdrawal first."),
        )


def _same(later: Certificate, told: Facts) -> Certificate:
    """Return the edition that says what was asked for; raise Refusal for another one."""
    if _said(queries.facts_of(later)) == _said(told):
        return later
    raise Refusal(
        gettext("Another edition has taken this certificate’s place already."),
        title=gettext("This certificate was replaced"),
        advice=gettext("Open the newest edition and correct that one."),
    )


def _said(facts: Facts) -> Facts:
    """Return what a certificate says, whenever and under whichever number."""
    return replace(facts, serial="", issued_at=datetime.min)  # noqa: DTZ901 (only compared)


def _recipient(row: Certificate) -> Recipient:
    return Recipient(
        user_id=row.user_id, about=row.about, enrolment_id=row.enrolment_id,
        release_id=row.release_id, cohort_id=row.cohort_id, city_id=row.city_id,
        course_id=row.course_id,
    )  # fmt: skip


def _note(row: Certificate, what: What, by: int | None, at: datetime) -> None:
    """Note what somebody did for a holder; what they did themselves is no news to them."""
    if by is not None and by != row.user_id:
        audit.note(
            row.user_id, what, by_id=by, city_id=row.city_id, detail=row.course_title, at=at,
            key=f"{what}-{row.serial}",
        )  # fmt: skip
