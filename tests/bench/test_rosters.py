"""The list of the bench: as many people as it says, a third of them without e-mail."""

import pytest

from bench import roster_work
from learnpeace.cities.roster import reading
from learnpeace.cities.roster.fates import Entry, Fate, Place, counted, decide
from tests.conftest import NOON

pytestmark = pytest.mark.once


def test_everybody_on_the_list_is_imported():
    people = reading.read_file(roster_work.table(90), ["en"])
    entries = [
        Entry(number=p.number, name=p.name, email=p.email, language=p.language, sector=p.sector,
              age=p.age)
        for p in people
    ]  # fmt: skip
    found = counted(decide(entries, Place(language="en"), at=NOON))
    assert found == {Fate.ACCOUNT: 30, Fate.INVITE: 60}
