"""Tables of certificates."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from learnpeace.lib.db import Model


class Certificate(Model):
    """One certificate, with copies of all it says: a later edit elsewhere changes nothing.

    `serial` is 20 symbols of Crockford's base 32 (100 random bits), stored without
    separators. `kind` is a `states.Kind`, `about` what a person has one of: "course:<id>",
    "cohort:<id>", "meeting:<id>" or "thanks:<key>". `edition` counts from 1; each replaces the
    one before (`replaces_id`) for a `reason` class and `reason_words`. `course_title` is what
    was done, also where that was no course. `minutes` are of learning, at meetings or given.

    `withdrawn_at` and `withdrawn_for` (a class) tell of one that was taken back. `shows_name`
    is the holder's choice for the public page; they shared it since `shared_at`.

    `html` is the page as it was printed, `template` the fingerprint of its `CertificateSheet`,
    `paper` its `papers.Paper`, `renderer` what made `pdf`, which has the hash `pdf_sha256` and
    is handed out for ever. `credential` is the signed JSON inside it, `status_index` its place
    in the status list.
    """

    __tablename__ = "certificate"
    __table_args__ = (sa.UniqueConstraint("user_id", "kind", "about", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(sa.String(20), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(12), default="completion")
    about: Mapped[str] = mapped_column(sa.String(100), index=True)
    edition: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(20), default="")
    reason_words: Mapped[str] = mapped_column(sa.String(300), default="")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    release_id: Mapped[int | None] = mapped_column(sa.ForeignKey("release.id"), index=True)
    city_id: Mapped[int | None] = mapped_column(sa.ForeignKey("city.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    course_id: Mapped[str] = mapped_column(sa.String(80), default="")
    printed_name: Mapped[str] = mapped_column(sa.String(100))
    course_title: Mapped[str] = mapped_column(sa.String(200))
    course_version: Mapped[str] = mapped_column(sa.String(40), default="")
    minutes: Mapped[int]
    city_name: Mapped[str] = mapped_column(sa.String(120))
    cohort_name: Mapped[str] = mapped_column(sa.String(120))
    track: Mapped[str] = mapped_column(sa.String(20), default="")
    issuer: Mapped[str] = mapped_column(sa.String(160), default="")
    language: Mapped[str] = mapped_column(sa.String(10))
    completed_on: Mapped[date]
    expires_on: Mapped[date | None]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_for: Mapped[str] = mapped_column(sa.String(20), default="")
    shows_name: Mapped[bool] = mapped_column(default=True)
    shared_at: Mapped[datetime | None]
    paper: Mapped[str] = mapped_column(sa.String(20), default="a4-landscape")
    template: Mapped[str] = mapped_column(sa.String(64), default="")
    renderer: Mapped[str] = mapped_column(sa.String(80), default="")
    html: Mapped[str] = deferred(mapped_column(sa.Text, default="", nullable=False))
    pdf: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    pdf_sha256: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    status_index: Mapped[int | None] = mapped_column(unique=True)
    credential: Mapped[str] = deferred(mapped_column(sa.Text, default="", nullable=False))


class CertificateSheet(Model):
    """What certificates were printed with besides their words, by its fingerprint (SHA-256)."""

    __tablename__ = "certificate_sheet"

    fingerprint: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    css: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]


class CertificatePicture(Model):
    """An emblem or a signature that certificates print, by the SHA-256 of its content."""

    __tablename__ = "certificate_picture"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(sa.String(60))
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, nullable=False))
    width: Mapped[int]
    height: Mapped[int]


class CertificateLook(Model):
    """How a city's certificates look from now on. No row: as the platform's own do.

    `accent` is a colour "#rrggbb" with enough contrast on white, or empty; pictures by their
    SHA-256. `signer` signs with `signer_office`; `paper` is a `papers.Paper`.
    """

    __tablename__ = "certificate_look"

    city_id: Mapped[int] = mapped_column(sa.ForeignKey("city.id"), primary_key=True)
    accent: Mapped[str] = mapped_column(sa.String(7), default="")
    emblem: Mapped[str | None] = mapped_column(sa.ForeignKey("certificate_picture.sha256"))
    emblem_words: Mapped[str] = mapped_column(sa.String(120), default="")
    signature: Mapped[str | None] = mapped_column(sa.ForeignKey("certificate_picture.sha256"))
    signer: Mapped[str] = mapped_column(sa.String(100), default="")
    signer_office: Mapped[str] = mapped_column(sa.String(100), default="")
    paper: Mapped[str] = mapped_column(sa.String(20), default="a4-landscape")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)


class NameForPrint(Model):
    """How a learner wants their name printed, confirmed before the certificate is issued."""

    __tablename__ = "name_for_print"

    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"), primary_key=True)
    printed_name: Mapped[str] = mapped_column(sa.String(100))
    language: Mapped[str] = mapped_column(sa.String(10))
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)


class Withdrawal(Model):
    """A certificate that is to be withdrawn: its holder has until `due_at` to object.

    `reason` is a `states.Reason`, `words` what the coordinator adds, for the holder only.
    `outcome` is "" while it is open, then "withdrawn" or "kept".
    """

    __tablename__ = "certificate_withdrawal"
    __table_args__ = (
        sa.Index(
            "ix_certificate_withdrawal_open",
            "certificate_id",
            unique=True,
            sqlite_where=sa.text("outcome = ''"),
            postgresql_where=sa.text("outcome = ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(20))
    words: Mapped[str] = mapped_column(sa.String(1000), default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    objection: Mapped[str] = mapped_column(sa.String(2000), default="")
    objected_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.String(1000), default="")
    outcome: Mapped[str] = mapped_column(sa.String(10), default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
