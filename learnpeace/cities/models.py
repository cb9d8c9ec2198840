"""Tables of enrolling and of running a cohort."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from learnpeace.lib.db import Model


class CityRequest(Model):
    """A city that asks to join; an administrator approves or declines with a reason.

    `key` is the form's, so that sending it twice asks once. The facts are those of `City`.
    """

    __tablename__ = "city_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    latin: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str] = mapped_column(sa.String(2))
    size: Mapped[str] = mapped_column(sa.String(20))
    track: Mapped[str] = mapped_column(sa.String(20))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    languages: Mapped[str] = mapped_column(sa.String(100))
    about: Mapped[str] = mapped_column(sa.Text, default="")
    hopes: Mapped[str] = mapped_column(sa.Text, default="")
    is_protective: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(sa.String(300))
    person: Mapped[str] = mapped_column(sa.String(100))
    email: Mapped[str] = mapped_column(sa.String(320))
    language: Mapped[str] = mapped_column(sa.String(10))
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    city_id: Mapped[int | None] = mapped_column(sa.ForeignKey("city.id"), index=True)


class RosterState(enum.StrEnum):
    """How far a list of people is on its way in."""

    LOOKED_AT = "looked at"
    IMPORTING = "importing"
    IMPORTED = "imported"
    UNDONE = "undone"


class RosterImport(Model):
    """A list of people that a coordinator pasted or uploaded, first only looked at.

    `job_key` names the job that reads or imports it; `counts` is how many rows had which
    fate when it was imported.
    """

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[str] = mapped_column(sa.String(20))
    job_key: Mapped[str] = mapped_column(sa.String(64), default="")
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(index=True)
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class RosterRow(Model):
    """One row of a list, with the number it has in the coordinator's own spreadsheet.

    `fate` and `enrolment_id` are written when it is imported; `made_user` says that the
    import made the account.
    """

    __tablename__ = "roster_row"

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(300), default="")
    email: Mapped[str] = mapped_column(sa.String(400), default="")
    language: Mapped[str] = mapped_column(sa.String(100), default="")
    sector: Mapped[str] = mapped_column(sa.String(100), default="")
    age: Mapped[str] = mapped_column(sa.String(100), default="")
    skipped: Mapped[bool] = mapped_column(default=False)
    fate: Mapped[str] = mapped_column(sa.String(20), default="")
    made_user: Mapped[bool] = mapped_column(default=False)
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitation.id"), index=True)


class CohortLetter(Model):
    """A letter a coordinator wrote to chosen learners of a cohort; `key` is the form's."""

    __tablename__ = "cohort_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    template: Mapped[str] = mapped_column(sa.String(30))
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    people: Mapped[int]
    made_at: Mapped[datetime]


class SectorChoice(Model):
    """Which sector of a city's peace team a person belongs to: their own choice.

    `sector` is one of the ten, `side` is "government", "business" or "community".
    """

    __tablename__ = "sector_choice"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    city_id: Mapped[int] = mapped_column(sa.ForeignKey("city.id"), primary_key=True, index=True)
    sector: Mapped[str] = mapped_column(sa.String(20))
    side: Mapped[str] = mapped_column(sa.String(20), default="")
    at: Mapped[datetime]
