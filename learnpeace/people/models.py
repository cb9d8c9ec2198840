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


class Size(enum.StrEnum):
    """What kind of community a city is, from small to large."""

    NEIGHBOURHOOD = "neighbourhood"
    VILLAGE = "village"
    TOWN = "town"
    CITY = "city"
    METROPOLIS = "metropolis"
    DISTRICT = "district"
    REGION = "region"


class JoinBy(enum.StrEnum):
    """How people come into a cohort."""

    LINK = "link"
    CODE = "code"
    APPROVAL = "approval"
    LIST = "list"


UNPROVED = "unproved:"  # begins the hash of a password that opens no role of the staff


class City(Model):
    """A community of any size that enrols learners. `slug` stands in addresses.

    `latin` is its name in Latin letters where `name` has others; `size` a `Size`. The
    protective settings: `shows_names` and `shows_city` say what public pages may tell,
    `has_quick_exit`, `notes_first` (content notes before everything) and `help_lines` what
    its learners see; names go `names_for_months` after a cohort's end. `asks_age` asks
    for an age band; under `guardian_under` years a guardian must agree (0: never).
    """

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
    latin: Mapped[str] = mapped_column(sa.String(120), default="")
    size: Mapped[str] = mapped_column(sa.String(20), default="")
    about: Mapped[str] = mapped_column(sa.Text, default="")
    hopes: Mapped[str] = mapped_column(sa.Text, default="")
    shows_names: Mapped[bool] = mapped_column(default=True)
    shows_city: Mapped[bool] = mapped_column(default=True)
    has_quick_exit: Mapped[bool] = mapped_column(default=False)
    notes_first: Mapped[bool] = mapped_column(default=False)
    help_lines: Mapped[str] = mapped_column(sa.Text, default="")
    names_for_months: Mapped[int] = mapped_column(default=24)
    asks_age: Mapped[bool] = mapped_column(default=False)
    guardian_under: Mapped[int] = mapped_column(default=0)


class User(Model):
    """A person with an account. Exactly one of `email` and `sign_in_name` is set.

    `age_band` is "under-16", "16-17", "18-up" or empty. An account that waits for a
    guardian has `waits_since`; one to be deleted goes at `deletes_at`. `erased_at` is when
    the name and every way in were taken away. Whoever was given a role of the staff and has
    not yet chosen a password by a letter's link has `UNPROVED` before their `password_hash`.
    """

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
    age_band: Mapped[str] = mapped_column(sa.String(10), default="")
    waits_since: Mapped[datetime | None]
    deletes_at: Mapped[datetime | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]

    roles: Mapped[list["Role"]] = relationship(back_populates="user")

    @property
    def uses_pin(self) -> bool:
        """Say whether this person signs in by name and PIN."""
        return self.email is None

    @property
    def is_unproved(self) -> bool:
        """Say whether a letter's link must prove the address before a role of the staff opens."""
        return self.password_hash.startswith(UNPROVED)


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
    `join_by` is a `JoinBy`; `languages` are codes with commas, empty for the city's.
    `link_opened` counts openings of the join page. A draft takes nobody and shows to its
    coordinators only. `closed_at` is when it ended for good, `names_until` when names go.
    Where `city_issues`, its certificates are issued together, by its coordinators.
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
    is_draft: Mapped[bool] = mapped_column(default=False)
    join_by: Mapped[str] = mapped_column(sa.String(10), default=JoinBy.LINK.value)
    languages: Mapped[str] = mapped_column(sa.String(100), default="")
    link_opened: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    names_until: Mapped[date | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]
    city_issues: Mapped[bool] = mapped_column(default=False)

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


class Choice(Model):
    """One switch of a person: a letter they want or not, a consent they give or not.

    No row means what the switch is worth by default; `kind` as in `accounts/choices.py`.
    """

    __tablename__ = "choice"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    is_on: Mapped[bool]
    at: Mapped[datetime]


class AuditEntry(Model):
    """Who saw or changed what about a person. The person it is about can read it.

    `what` is one of `accounts/audit.py`; `by_id` None means the platform itself. `key` makes
    noting safe to repeat: seeing one page ten times a day is one line.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (sa.UniqueConstraint("about_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    about_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    city_id: Mapped[int | None] = mapped_column(sa.ForeignKey("city.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(40))
    detail: Mapped[str] = mapped_column(sa.String(300), default="")
    key: Mapped[str] = mapped_column(sa.String(100))
    at: Mapped[datetime]


class GuardianConsent(Model):
    """A guardian's yes to a young person's account; the account opens with it.

    Asked by letter (`email`, the link's `token_hash`) or on paper, which a coordinator
    confirms (`confirmed_by`).
    """

    __tablename__ = "guardian_consent"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(320), default="")
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
