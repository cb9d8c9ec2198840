"""Who is in the demonstration: made-up names, addresses at example.org."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from learnpeace.accounts.passwords import hashed
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, User

NAMES = (
    "Achieng Odhiambo", "Otieno Ouma", "Fatuma Hassan", "Wanjiru Kamau", "Barasa Wekesa",
    "Nekesa Simiyu", "Yusuf Abdi", "Akinyi Owuor", "Kiplagat Rono", "Mwikali Mutua",
    "Omondi Okoth", "Halima Said", "Chebet Langat", "Njoroge Mwangi", "Adhiambo Were",
    "Juma Wanyama", "Zawadi Mumo", "Onyango Achola", "Naliaka Khaemba", "Salim Bakari",
    "Auma Oloo", "Kariuki Gitau", "Mariam Noor", "Wafula Masinde", "Atieno Ochieng",
    "Cherono Koech", "Abdullahi Farah", "Moraa Nyaboke", "Ouko Nyangweso", "Ndanu Kilonzo",
    "Rehema Chidi", "Opiyo Dulo", "Sanaipei Lekuta", "Makena Mugambi", "Odongo Ogutu",
    "Jelimo Tanui", "Asha Mohamud", "Nyambura Ndegwa", "Okello Apiyo", "Kwamboka Ongeri",
)  # fmt: skip
AMINA = "Amina Wanjala"  # the learner whose link is printed: two modules from the end


def person(name: str, email: str, at: datetime) -> User:
    """Add somebody with an account."""
    user = User(name=name, email=email, is_demo=True, created_at=at, time_zone="Africa/Nairobi")
    db.session.add(user)
    return user


def worker(name: str, email: str, at: datetime) -> User:
    """Add somebody who has chosen a password long ago; nobody knows which."""
    user = person(name, email, at)
    user.password_hash = hashed(secrets.token_urlsafe(24))
    return user


def crowd(size: int, kind: str, at: datetime, *, first_name: int = 0) -> list[User]:
    """Add so many people with numbered addresses; `first_name` is where their names begin."""
    found = [
        person(name_at(first_name + number), address(f"{kind}{number + 1}"), at)
        for number in range(size)
    ]
    db.session.flush()
    return found


def staff(city: City, at: datetime) -> User:
    """Add a coordinator, a trainer and an administrator; return the coordinator."""
    since = at - timedelta(days=60)
    roles: tuple[tuple[str, str, RoleKind, int | None], ...] = (
        ("coordinator", "Grace Anyango", RoleKind.COORDINATOR, city.id),
        ("trainer", "Tomasz Zieliński", RoleKind.TRAINER, None),
        ("administrator", "Ines Duarte", RoleKind.ADMINISTRATOR, None),
    )
    made = [worker(name, address(kind), since) for kind, name, _, _ in roles]
    db.session.flush()
    db.session.add_all(
        Role(user_id=user.id, kind=role, city_id=city_id, given_at=since)
        for user, (_, _, role, city_id) in zip(made, roles, strict=True)
    )
    return made[0]


def facilitator(cohort: Cohort, at: datetime, name: str = "Brenda Akello", kind: str = "") -> User:
    """Add somebody who facilitates a cohort."""
    user = worker(name, address(kind or "facilitator"), at - timedelta(days=44))
    db.session.flush()
    db.session.add(
        Role(
            user_id=user.id, kind=RoleKind.FACILITATOR, cohort_id=cohort.id,
            given_at=at - timedelta(days=43),
        )
    )  # fmt: skip
    return user


def sign_in_without_email(users: Sequence[User], password_hash: str) -> None:
    """Let people sign in by a name and a PIN instead."""
    for user in users:
        user.email, user.sign_in_name = None, user.name.lower().replace(" ", ".")
        user.password_hash = password_hash


def name_at(number: int) -> str:
    """Return the name of this number: first the forty, then first and last names anew."""
    again = number // len(NAMES)
    first = NAMES[number % len(NAMES)].partition(" ")[0]
    last = NAMES[(number + again) % len(NAMES)].partition(" ")[2]
    return f"{first} {last}"


def address(kind: str) -> str:
    """Return the address of somebody."""
    return f"{kind}@example.org"
