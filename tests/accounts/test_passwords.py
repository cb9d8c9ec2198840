"""Hashes, PINs and which passwords are taken."""

from time import perf_counter

import pytest
from argon2 import extract_parameters

from learnpeace.accounts import passwords
from learnpeace.accounts.passwords import Problem


def test_a_hash_is_argon2id_with_our_costs_and_never_twice_the_same():
    first, second = passwords.hashed("river stone lamp"), passwords.hashed("river stone lamp")

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert passwords.check(first, "river stone lamp")
    assert not passwords.check(first, "river stone lamP")
    assert not passwords.is_dated(first)


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken"])
def test_nobody_gets_in_with_a_hash_that_is_none(stored):
    assert not passwords.check(stored, "")
    assert not passwords.check(stored, stored)


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    assert passwords.check(passwords.hashed("Jose\u0301 y la paz"), "Jos\u00e9 y la paz")


def test_a_pin_may_be_typed_with_other_digits_and_spaces():
    stored = passwords.hashed("593817")

    assert passwords.check(stored, "٥٩٣ ٨١٧")
    assert passwords.check(stored, "593-817")
    assert not passwords.check(stored, "593816")


def test_checking_is_as_much_work_for_nobody():
    stored = passwords.hashed("river stone lamp")
    costs = [extract_parameters(hash) for hash in (stored, passwords._nobodys_hash())]
    times = {
        kind: min(_seconds(kind, "a wrong password") for _ in range(9)) for kind in (stored, "")
    }

    assert costs[0] == costs[1]
    assert times[""] > times[stored] / 3, "nobody's password is not compared at all"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short one", Problem.SHORT),
        ("x" * 150 + "ab cd ef" * 10, Problem.LONG),
        ("1234567890", Problem.COMMON),
        ("qwertyuiop", Problem.COMMON),
        ("Basketball2024!", Problem.COMMON),
        ("summer2027", Problem.COMMON),
        ("aaaaaaaaaaaaab", Problem.COMMON),
        ("my LearnPeace key", Problem.PRODUCT),
        ("Achieng likes tea", Problem.PERSONAL),
        ("grace.a river", Problem.PERSONAL),
        ("river stone lamp", None),
        ("نهر حجر مصباح", None),
        ("水水水水山山山山火火火火木木木木", None),
    ],
)
def test_passwords_are_taken_or_refused_with_the_reason(password, why):
    names = ("Grace Achieng", "grace.a@example.org")
    assert passwords.problem(password, names=names, is_staff=False) == why


def test_staff_need_a_longer_password():
    assert passwords.problem("river lamp", is_staff=False) is None
    assert passwords.problem("river lamp", is_staff=True) == Problem.SHORT_FOR_STAFF
    assert passwords.problem("river lamp 7", is_staff=True) is None


def test_the_list_of_common_passwords_is_long():
    assert len(passwords._common()) >= 3000
    assert all(len(word) >= 8 and word == word.lower() for word in passwords._common())


def test_a_pin_is_six_digits_that_nobody_guesses_early():
    pins = {passwords.pin_from(b"key", str(number)).digits for number in range(20)}

    assert len(pins) == 20
    assert all(len(pin) == 6 and pin.isdecimal() and not passwords.is_trivial(pin) for pin in pins)
    assert passwords.fresh_pin().digits != passwords.fresh_pin().digits


def test_a_form_sent_twice_has_the_same_pin_and_another_key_another():
    assert passwords.pin_from(b"key", "a").digits == passwords.pin_from(b"key", "a").digits
    assert passwords.pin_from(b"key", "a").digits != passwords.pin_from(b"lock", "a").digits


@pytest.mark.parametrize(
    "pin",
    ["000000", "123456", "654321", "890123", "121212", "123123", "123321", "777771", "024680"],
)
def test_trivial_pins_are_known(pin):
    assert passwords.is_trivial(pin)


@pytest.mark.parametrize("pin", ["593817", "402951"])
def test_other_pins_are_fine(pin):
    assert not passwords.is_trivial(pin)


def _seconds(stored, secret):
    start = perf_counter()
    passwords.check(stored, secret)
    return perf_counter() - start
