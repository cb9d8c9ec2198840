"""Tables of people and of the places they learn with."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from learnpeace.lib.db import Model


class RoleKind(enum.StrEnum):
    """What a person may be besides a learner."""

    FACILITATOR = "facilitator"
    COORDINATOR = "coordinator"
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"


class Track(enum.StrEnum):
    """The kind of community; it chooses which examples come first, nothing else."""

    URBAN = "urban"
    RURAL = "rural"
    POST_CONFLICT = "post-conflict"
    ESTABLISHED = "established"


class City(Model):
    """A community of any size that enrols learners. `slug` stands in addresses."""

    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    country: Mapped[str] = mapped_column(sa.String(2))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    track: Mapped[str] = mapped_column(sa.String(20))
    languages: Mapped[str] = mapped_column(sa.String(100), default="en")
    contact: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime]


class User(Model):
    """A person with an account. Exactly one of `email` and `sign_in_name` is set."""

    __tablename__ = "user"
    __table_args__ = (
        sa.CheckConstraint("(email IS NULL) <> (sign_in_name IS NULL)", name="one_way_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    email: Mapped[str | None] = mapped_column(sa.String(320), unique=True)
    sign_in_name: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    language: Mapped[str | None] = mapped_column(sa.String(10))
    time_zone: Mapped[str | None] = mapped_column(sa.String(64))
    is_demo: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    roles: Mapped[list["Role"]] = relationship(back_populates="user")

    @property
    def uses_pin(self) -> bool:
        """Say whether this person signs in by name and PIN."""
        return self.email is None


class Role(Model):
    """One role of a person; `city_id` for coordinators, `cohort_id` for facilitators.

    A trainer's `course_id` names the one course they look after; none means all of them.
    """

    __tablename__ = "role"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "kind", "city_id", "cohort_id", "course_id"),
        sa.CheckConstraint(
            "(kind = 'coordinator') = (city_id IS NOT NULL)", name="coordinator_has_city"
        ),
        sa.CheckConstraint(
            "(kind = 'facilitator') = (cohort_id IS NOT NULL)", name="facilitator_has_cohort"
        ),
        sa.CheckConstraint(
            "kind = 'trainer' OR course_id IS NULL", name="only_trainers_have_course"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    city_id: Mapped[int | None] = mapped_column(sa.ForeignKey("city.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    course_id: Mapped[str | None] = mapped_column(sa.String(80))
    given_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="roles")
    city: Mapped[City | None] = relationship()


class Cohort(Model):
    """A group who take a course together. `code` is what people type to join.

    `starts_on` and `ends_on` are days in the city's zone; people may join while
    `is_open`, until `join_until`, while there are seats. No city: the open cohort.
    """

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int | None] = mapped_column(sa.ForeignKey("city.id"), index=True)
    course_id: Mapped[str] = mapped_column(sa.String(80), index=True)
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    join_until: Mapped[date | None]
    seats: Mapped[int | None]
    welcome: Mapped[str] = mapped_column(sa.Text, default="")
    is_open: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    city: Mapped[City | None] = relationship()


class Notice(Model):
    """Something a person is told on their first page until they have seen it.

    For everybody, above all for people without e-mail. `key` makes telling safe to repeat;
    `link` is an address on this site or empty.
    """

    __tablename__ = "notice"
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[str] = mapped_column(sa.String(300), default="")
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
