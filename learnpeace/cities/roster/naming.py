"""Sign-in names for people who have none: easy to read aloud and to type. Pure."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from random import SystemRandom

from learnpeace.accounts.rules import SIGN_IN_NAME_MAX, SIGN_IN_NAME_MIN
from learnpeace.cities.rules import slug_of

LETTERS = "bcdfghjkmnpqrstvwxyz"  # no vowel to make a word, no l to mistake
LONGEST = SIGN_IN_NAME_MAX - 10  # room to tell namesakes apart
_lot = SystemRandom()


def named(
    people: Mapping[int, tuple[str, str]], taken: Callable[[Iterable[str]], set[str]]
) -> dict[int, str]:
    """Return a free sign-in name for each; `people` are number → (name, wished).

    `taken` says which of some names somebody has. Two rounds are the usual.
    """
    found: dict[int, str] = {}
    used: set[str] = set()
    open_ = {number: wished or sign_in_name(name) for number, (name, wished) in people.items()}
    while open_:
        busy = taken(open_.values()) | used
        for number, name in list(open_.items()):
            if name in busy:
                open_[number] = another(people[number][1] or sign_in_name(people[number][0]))
                continue
            found[number] = name
            busy.add(name)
            used.add(name)
            del open_[number]
    return found


def sign_in_name(name: str) -> str:
    """Return `amina.otieno` of Amina Njeri Otieno; letters by lot where a name is not Latin."""
    words = [word for word in slug_of(name).split("-") if word]
    plain = ".".join(dict.fromkeys([words[0], words[-1]]))[:LONGEST].strip(".") if words else ""
    return plain if len(plain) >= SIGN_IN_NAME_MIN else f"learner.{_letters(6)}"


def another(name: str) -> str:
    """Return a name for a namesake: with two to four digits, or other letters."""
    if name.startswith("learner."):
        return f"learner.{_letters(6)}"
    return f"{name[:LONGEST]}.{_lot.randrange(10, 10_000)}"


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))
