"""What will happen to each row, by table: no web, no database."""

from datetime import UTC, datetime, timedelta

import pytest

from learnpeace.cities.roster import fates, naming, values
from learnpeace.cities.roster.fates import Entry, Fate, Invited, Known, Note, Place

pytestmark = pytest.mark.once
NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
EMPTY = Place(language="en")


def decide(*entries, place=EMPTY):
    rows = [Entry(number=n, **values) for n, values in enumerate(entries, start=2)]
    return fates.decide(rows, place, at=NOW)


def one(place=EMPTY, **values):
    return decide({"name": "Amina Otieno", **values}, place=place)[0]


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ({"name": ""}, Note.NO_NAME), ({"name": "  "}, Note.NO_NAME),
        ({"name": "12345"}, Note.BAD_NAME), ({"name": "=SUM(A1:A9)"}, Note.BAD_NAME),
        ({"name": "#REF!"}, Note.BAD_NAME), ({"name": "+254700000000"}, Note.BAD_NAME),
        ({"name": "-Ben"}, Note.BAD_NAME), ({"name": "x" * 101}, Note.BAD_NAME),
        ({"name": "http://evil.example Click"}, Note.BAD_NAME),
        ({"name": "Am\u202eina"}, Note.BAD_NAME),
        ({"name": "amina@example.org"}, Note.ADDRESS_IS_NAME),
        ({"email": "amina@"}, Note.BAD_ADDRESS), ({"email": "amina@example"}, Note.BAD_ADDRESS),
        ({"email": "a@example.org; b@example.org"}, Note.TWO_ADDRESSES),
        ({"email": "a b"}, Note.BAD_SIGN_IN_NAME), ({"email": "=1+1"}, Note.BAD_SIGN_IN_NAME),
        ({"email": "amina.example.org"}, Note.BAD_ADDRESS),
        ({"email": "aminagmail.com "}, Note.BAD_ADDRESS),
        ({"name": "TOTAL", "email": "203"}, Note.SUM), ({"name": "الإجمالي:"}, Note.SUM),
        ({"language": "Swahili"}, Note.LANGUAGE),
        ({"age": "old"}, Note.AGE), ({"age": "-1 or 2000"}, Note.AGE),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_needs_the_coordinator(typed, note):
    found = one(**typed)
    assert (found.fate, found.note) == (Fate.PROBLEM, note)


def test_an_unknown_sector_is_left_empty_and_keeps_nobody_out():
    found = one(email="amina@example.org", sector="Astrology")
    assert (found.fate, found.note, found.sector) == (Fate.INVITE, Note.SECTOR, "")


def test_what_slips_into_addresses_is_left_out_and_told():
    found = one(email=" <Amina @Example.org>; ")
    assert (found.fate, found.email, found.note) == (
        Fate.INVITE, "amina@example.org", Note.SPACES,
    )  # fmt: skip
    assert one(email="mailto:amina@example.org").email == "amina@example.org"
    assert one(email="amina@example.org\u200b").email == "amina@example.org"


def test_a_person_without_an_address_gets_an_account():
    assert one().fate is Fate.ACCOUNT
    assert one(email="amina.o").sign_in_name == "amina.o"


def test_the_same_person_twice_counts_once_and_the_last_row_wins():
    found = decide(
        {"name": "Amina", "email": "AMINA@example.org"},
        {"name": "Ben"},
        {"name": "Amina O.", "email": "amina@example.org"},
        {"name": "  ben "},
    )
    assert [d.fate for d in found] == [Fate.TWICE, Fate.TWICE, Fate.INVITE, Fate.ACCOUNT]
    assert [(d.note, d.other) for d in found[:2]] == [
        (Note.SAME_ADDRESS, "4"), (Note.SAME_NAME, "5"),
    ]  # fmt: skip


def test_a_row_that_is_left_out_or_wrong_does_not_take_the_place_of_a_good_one():
    found = decide(
        {"name": "Amina", "email": "amina@example.org"},
        {"name": "", "email": "amina@example.org"},
        {"name": "Amina", "email": "amina@example.org", "skipped": True},
    )
    assert [d.fate for d in found] == [Fate.INVITE, Fate.PROBLEM, Fate.LEFT_OUT]


KNOWN = {"user_id": 7, "language": "en", "email": "amina@example.org"}


@pytest.mark.parametrize(
    ("known", "fate"),
    [
        (Known(**KNOWN, is_proved=True), Fate.ADD),
        (Known(**KNOWN, is_here=True, is_bound=True), Fate.HERE),
        (Known(**KNOWN, elsewhere="Autumn", is_bound=True), Fate.ELSEWHERE),
        # They take it with another city: this one must not learn that, so it is a letter.
        (Known(**KNOWN, is_bound=True, is_proved=True), Fate.INVITE), (None, Fate.INVITE),
        (Known(**KNOWN), Fate.INVITE),  # anybody may have signed up with this address
        (Known(**KNOWN | {"email": None}), Fate.ADD),
        (Known(**KNOWN | {"email": None}, is_bound=True), Fate.ELSEWHERE),
    ],
)  # fmt: skip
def test_whom_the_city_knows_is_added_and_whom_it_does_not_know_gets_a_letter(known, fate):
    place = Place(language="en", people={"amina@example.org": known} if known else {})
    assert one(place, email="amina@example.org").fate is fate


@pytest.mark.parametrize(
    ("days", "state", "fate"),
    [
        (0, {"is_open": True, "has_joined": False}, Fate.WAITS),
        (2.9, {"is_open": True, "has_joined": False}, Fate.WAITS),
        (3, {"is_open": True, "has_joined": False}, Fate.AGAIN),
        (9, {"is_open": False, "has_joined": True}, Fate.HERE),
        (0, {"is_open": False, "has_joined": False}, Fate.INVITE),
    ],
)
def test_an_invitation_goes_out_again_after_three_days(days, state, fate):
    invited = Invited(id=1, at=NOW - timedelta(days=days), **state)
    place = Place(language="en", invited={"amina@example.org": invited})
    assert one(place, email="amina@example.org").fate is fate


def test_somebody_without_an_address_who_is_here_by_name_is_not_made_again():
    place = Place(language="en", names_here=frozenset({"amina otieno"}), guardian_under=16)
    assert one(place).fate is Fate.HERE


@pytest.mark.parametrize(
    ("under", "age", "fate", "note"),
    [
        (0, "15", Fate.ACCOUNT, None), (0, "", Fate.ACCOUNT, None),
        (16, "15", Fate.ACCOUNT, Note.GUARDIAN), (16, "17", Fate.ACCOUNT, None),
        (18, "17", Fate.ACCOUNT, Note.GUARDIAN), (18, "18+", Fate.ACCOUNT, None),
        (16, "", Fate.PROBLEM, Note.AGE_NEEDED),
    ],
)  # fmt: skip
def test_a_young_person_waits_for_a_guardian_where_the_city_asks_for_it(under, age, fate, note):
    found = one(Place(language="en", guardian_under=under), age=age)
    assert (found.fate, found.note) == (fate, note)


def test_languages_sectors_and_ages_are_understood_in_three_languages():
    for text in ("es", "ES", "Spanish", "español", "ESPAÑOL", "الإسبانية", "es-MX"):
        assert values.language_of(text) == "es", text
    for text in ("Faith-based", "religión", "الدين", "faith based", "Iglesia"):
        assert values.sector_of(text) == "faith-based", text
    for text, band in (
        ("15", "under-16"), ("under 16", "under-16"), ("menor de 16", "under-16"),
        ("<16", "under-16"), ("أقل من 16", "under-16"), ("١٥", "under-16"), ("16–17", "16-17"),
        ("16-17", "16-17"), ("under 18", "16-17"), ("18+", "18-up"), ("18-25", "18-up"),
        ("Adulto", "18-up"), ("34", "18-up"),
    ):  # fmt: skip
        assert values.age_of(text) == band, text


def test_sign_in_names_are_easy_and_nobody_elses():
    people = {1: ("Amina Njeri Otieno", ""), 2: ("Amina Otieno", ""), 3: ("ليلى حسن", ""),
              4: ("José", ""), 5: ("Bo", ""), 6: ("Ben", "my.name")}  # fmt: skip
    found = naming.named(people, lambda names: {"jose"} & set(names))
    assert found[1] == "amina.otieno"
    assert found[2].startswith("amina.otieno.")
    assert found[3].startswith("learner.")
    assert found[4].startswith("jose.")
    assert found[5].startswith("learner.")
    assert found[6] == "my.name"
    assert len(set(found.values())) == len(people)
