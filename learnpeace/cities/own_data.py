"""What this room keeps about a person, and how it lets go of it."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.accounts.own_data.sections import Section, forgets, gives, table_of
from learnpeace.cities.models import CityRequest, RosterRow, SectorChoice
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment
from learnpeace.lib.db import db
from learnpeace.people.models import AuditEntry, City, User
from learnpeace.people.sectors import sector_words, side_words


@gives
def peace_team(user_id: int) -> Section:
    """Return which sectors the person chose (1 query)."""
    rows = db.session.execute(
        sa.select(City.name, SectorChoice.sector, SectorChoice.side, SectorChoice.at)
        .join(City, City.id == SectorChoice.city_id)
        .where(SectorChoice.user_id == user_id)
    )
    sectors = {key.value: words for key, words in sector_words().items()}
    sides = {key.value: words for key, words in side_words().items()}
    return Section(
        file="peace-team",
        title=gettext("Your part in a peace team"),
        columns=(gettext("City"), gettext("Sector"), gettext("Side"), gettext("When")),
        rows=[(r[0], sectors.get(r[1], r[1]), sides.get(r[2], r[2]), r[3]) for r in rows],
    )


@gives
def lists(user_id: int) -> Section:
    """Return the lines of coordinators' lists that the person came from (1 query).

    By their enrolment or the link they used: nobody proves an address to sign up.
    """
    query = (
        sa.select(RosterRow.name, RosterRow.email, RosterRow.language, RosterRow.sector,
                  RosterRow.age)
        .where(_brought(user_id))
    )  # fmt: skip
    return table_of(
        query,
        file="lists",
        title=gettext("Lists of people you stand in"),
        columns=(gettext("Name"), gettext("E-mail"), gettext("Language"), gettext("Sector"),
                 gettext("Age band")),
    )  # fmt: skip


@forgets
def forget_in_cities(user_id: int, _at: datetime) -> None:
    """Take the person out of lists and the peace team (4 queries)."""
    address = sa.select(User.email).where(User.id == user_id).scalar_subquery()
    for statement in (
        sa.delete(SectorChoice).where(SectorChoice.user_id == user_id),
        sa.update(RosterRow)
        .where(_theirs(user_id))
        .values(name="", email="", sector="", age="", skipped=True),
        sa.update(CityRequest).where(CityRequest.email == address).values(person="", email=""),
        sa.delete(AuditEntry).where(AuditEntry.about_id == user_id),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _theirs(user_id: int) -> sa.ColumnElement[bool]:
    address = sa.select(sa.func.lower(User.email)).where(User.id == user_id).scalar_subquery()
    by_letter = sa.func.lower(RosterRow.email) == address
    return _brought(user_id) | by_letter


def _brought(user_id: int) -> sa.ColumnElement[bool]:
    enrolments = sa.select(Enrolment.id).where(Enrolment.user_id == user_id)
    used = sa.select(Invitation.id).where(Invitation.user_id == user_id)
    return RosterRow.enrolment_id.in_(enrolments) | RosterRow.invitation_id.in_(used)
