"""A city of 100 cohorts, one of 300 learners and one of 3, and a city of one cohort.

What a coordinator opens must cost the same number of queries in all of them. Learner n of a
cohort has done n modules, round and round, and was last active n days ago, up to twenty; so
every list of the cohort page has somebody in it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bench.signing import Signer
from learnpeace.accounts.models import ServerSession
from learnpeace.learning import rules
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.lib.db import db
from learnpeace.people.models import City, Cohort, Role, RoleKind, Track, User
from learnpeace.releases.frozen import FrozenRelease

COHORTS, LEARNERS, FEW = 100, 300, 3
TOKEN = "bench-city"


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPages:
    """What a coordinator opens, large and small; `cookie` is theirs."""

    cookie: str
    cohort: str
    small_cohort: str
    city: str
    small_city: str


def add_cities(signer: Signer, release: FrozenRelease, *, at: datetime) -> CityPages:
    """Put in both cities with all that is in them; the caller commits."""
    return _Cities(signer, release, at).pages()


class _Cities:
    def __init__(self, signer: Signer, release: FrozenRelease, at: datetime) -> None:
        self.signer, self.release, self.at = signer, release, at
        self.begun = at - timedelta(days=30)
        self.modules = rules.required(release.course, Track.URBAN)

    def pages(self) -> CityPages:
        large, small = self._city("bench-large"), self._city("bench-small")
        cohorts = self._cohorts(large, COHORTS)
        self._cohorts(small, 1)
        self._learners(cohorts[0], LEARNERS)
        for cohort in cohorts[1:]:
            self._learners(cohort, FEW)
        self._coordinator((large, small))
        return CityPages(
            cookie=self.signer.cookie(TOKEN),
            cohort=f"/cities/{large.slug}/cohorts/{cohorts[0].id}",
            small_cohort=f"/cities/{large.slug}/cohorts/{cohorts[1].id}",
            city=f"/cities/{large.slug}",
            small_city=f"/cities/{small.slug}",
        )

    def _city(self, slug: str) -> City:
        city = City(slug=slug, name=slug, country="KE", time_zone="Africa/Nairobi",
                    track=Track.URBAN, created_at=self.begun)  # fmt: skip
        db.session.add(city)
        db.session.flush()
        return city

    def _cohorts(self, city: City, count: int) -> list[Cohort]:
        cohorts = [
            Cohort(
                city_id=city.id, course_id=self.release.course.id, release_id=self.release.id,
                name=f"Cohort {number}", code=f"C{city.id}X{number}", created_at=self.begun,
                starts_on=self.begun.date(),
            )
            for number in range(count)
        ]  # fmt: skip
        db.session.add_all(cohorts)
        db.session.flush()
        return cohorts

    def _learners(self, cohort: Cohort, count: int) -> None:
        first_user, first = _free(User), _free(Enrolment)
        numbers = range(count)
        db.session.execute(sa.insert(User), [self._user(first_user + n) for n in numbers])
        rows = [self._enrolment(first + n, first_user + n, cohort, n) for n in numbers]
        db.session.execute(sa.insert(Enrolment), rows)
        did = [row for n in numbers for row in self._progress(first + n, n)]
        if did:
            db.session.execute(sa.insert(ModuleProgress), did)

    def _user(self, number: int) -> dict[str, Any]:
        return {
            "id": number, "name": f"Learner {number}", "email": f"city-{number}@example.org",
            "time_zone": "Africa/Nairobi", "created_at": self.begun,
        }  # fmt: skip

    def _enrolment(self, number: int, user: int, cohort: Cohort, place: int) -> dict[str, Any]:
        is_done = self._done(place) == len(self.modules)
        return {
            "id": number, "user_id": user, "cohort_id": cohort.id,
            "course_id": cohort.course_id, "joined_at": self.begun,
            "last_active_at": self.at - timedelta(days=place % 20),
            "completed_at": self.at if is_done else None,
        }  # fmt: skip

    def _done(self, place: int) -> int:
        return place % (len(self.modules) + 1)

    def _progress(self, enrolment: int, place: int) -> list[dict[str, Any]]:
        """Return the rows of the modules that are done and, for most, of one in vain."""
        done = self._done(place)
        rows = [self._row(enrolment, module.id, 1, is_done=True) for module in self.modules[:done]]
        if 0 < done < len(self.modules):
            rows.append(self._row(enrolment, self.modules[done].id, place % 4, is_done=False))
        return rows

    def _row(self, enrolment: int, module: str, tries: int, *, is_done: bool) -> dict[str, Any]:
        moment = self.begun if is_done else None
        return {
            "enrolment_id": enrolment, "module_id": module, "read_at": self.begun,
            "passed_at": moment, "done_at": moment, "tries": tries, "extra_tries": 0,
        }  # fmt: skip

    def _coordinator(self, cities: tuple[City, ...]) -> None:
        number = _free(User)
        db.session.execute(sa.insert(User), [self._user(number)])
        for city in cities:
            role = {"user_id": number, "kind": RoleKind.COORDINATOR.value, "city_id": city.id}
            db.session.execute(sa.insert(Role), [{**role, "given_at": self.begun}])
        session = {
            "user_id": number, "token_hash": self.signer.hash(TOKEN), "device": "Firefox",
            "created_at": self.at, "ends_at": self.at + timedelta(days=30), "is_kept": True,
        }  # fmt: skip
        db.session.execute(sa.insert(ServerSession), [session])


def _free(table: type[Any]) -> int:
    """Return the first number that no row of the table has, nor any below it."""
    return (db.session.scalar(sa.select(sa.func.max(table.id))) or 0) + 1
