"""Makes people, cities, cohorts and courses for tests, saved and ready."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from learnpeace.catalog.model import Course
from learnpeace.certificates import serials
from learnpeace.certificates.models import Certificate
from learnpeace.cities.models import RosterImport, RosterRow, RosterState
from learnpeace.learning.models import Enrolment, ModuleProgress, Note
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job, State
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import City, Cohort, Role, RoleKind, User
from learnpeace.releases import actions as releases
from learnpeace.releases.models import Release
from tests.courses import small_course


class Make:
    """Each method makes one thing, commits it and returns it, detached and readable."""

    def __init__(self, app: Flask, at: datetime) -> None:
        self.app, self.at = app, at

    def user(self, name: str, **values: Any) -> User:
        """Make a person who signs in by e-mail."""
        values.setdefault("email", f"{name.lower().replace(' ', '.')}@example.org")
        if values.get("sign_in_name"):
            values["email"] = None
        return self._save(User(name=name, created_at=self.at, **values))

    def city(self, name: str = "Kisumu", **values: Any) -> City:
        """Make a city."""
        given = {"slug": name.lower(), "country": "KE", "time_zone": "Africa/Nairobi",
                 "track": "urban", "contact": "City desk, +254 57 000 000"}  # fmt: skip
        return self._save(City(name=name, created_at=self.at, **{**given, **values}))

    def release(self, course: Course | None = None) -> Release:
        """Publish a course: a small one of two modules unless another is given."""
        with self.app.app_context():
            release, _ = releases.publish(releases.prepare(course or small_course()), at=self.at)
            releases.make_current(release, at=self.at)
            db.session.commit()
            db.session.refresh(release)
            db.session.expunge(release)
        return release

    def cohort(self, city: City | None = None, **values: Any) -> Cohort:
        """Make a cohort on the small course; publish that first when nobody has."""
        if "release_id" not in values:
            release = self.release()
            values.update(release_id=release.id, course_id=release.course_id)
        values.setdefault("code", hashlib.sha256(repr(values).encode()).hexdigest()[:6].upper())
        values.setdefault("name", "Spring 2027")
        city_id = city.id if city else None
        return self._save(Cohort(city_id=city_id, created_at=self.at, **values))

    def role(self, user: User, kind: RoleKind, **reach: Any) -> Role:
        """Give a person a role: `city_id=` for a coordinator, `cohort_id=` for a facilitator."""
        return self._save(Role(user_id=user.id, kind=kind, given_at=self.at, **reach))

    def coordinator(self, city: City, name: str = "Coordinator") -> User:
        """Make a city's coordinator."""
        user = self.user(name, email=f"{name.lower()}-{city.slug}@example.org")
        self.role(user, RoleKind.COORDINATOR, city_id=city.id)
        return user

    def enrolment(self, user: User, cohort: Cohort, *, done: tuple[str, ...] = ()) -> Enrolment:
        """Enrol a person, with these modules done."""
        enrolment = self._save(
            Enrolment(
                user_id=user.id, cohort_id=cohort.id, course_id=cohort.course_id,
                joined_at=self.at, last_active_at=self.at,
            )
        )  # fmt: skip
        for number, module_id in enumerate(done):
            moment = self.at + timedelta(days=number)
            self._save(
                ModuleProgress(
                    enrolment_id=enrolment.id, module_id=module_id, read_at=moment,
                    passed_at=moment, best_percent=80, tries=1, extra_tries=0, done_at=moment,
                    release_id=cohort.release_id,
                )
            )  # fmt: skip
        return enrolment

    def certificate(self, enrolment: Enrolment, **values: Any) -> Certificate:
        """Give an enrolment a certificate of completion, without a page."""
        with self.app.app_context():
            cohort = db.session.get_one(Cohort, enrolment.cohort_id)
            told = {
                "serial": serials.new(), "user_id": enrolment.user_id,
                "enrolment_id": enrolment.id, "release_id": cohort.release_id,
                "cohort_id": cohort.id, "city_id": cohort.city_id,
                "course_id": enrolment.course_id, "about": f"course:{enrolment.course_id}",
                "printed_name": "Amina Otieno", "course_title": "A Small Course",
                "course_version": "1.0.0", "minutes": 720, "cohort_name": cohort.name,
                "city_name": cohort.city.name if cohort.city else "", "language": "en",
                "issuer": cohort.city.name if cohort.city else "",
                "completed_on": self.at.date(), "issued_at": self.at,
            }  # fmt: skip
        return self._save(Certificate(**{**told, **values}))

    def note(self, enrolment: Enrolment, block_id: str, **values: Any) -> Note:
        """Make what a learner wrote in a box of the first module, private unless said."""
        given = {"module_id": "listening", "text": "I heard my neighbour.", "saved_at": self.at}
        return self._save(Note(enrolment_id=enrolment.id, block_id=block_id, **{**given, **values}))

    def roster(self, cohort: Cohort, by: User) -> RosterImport:
        """Make a list of one person that was only looked at."""
        found = self._save(
            RosterImport(key=f"a-list-of-cohort-{cohort.id}", cohort_id=cohort.id, by_id=by.id,
                         state=RosterState.LOOKED_AT.value, counts={}, made_at=self.at)
        )  # fmt: skip
        self._save(RosterRow(import_id=found.id, number=2, name="Amina Otieno"))
        return found

    def job(self, city: City) -> Job:
        """Make a job of a city that is done and made a file."""
        found = self._save(
            Job(key=f"work-of-{city.slug}", kind="tests", scope=f"city-{city.id}", file="made.txt",
                state=State.DONE.value, arguments={}, made_at=self.at, ended_at=self.at)
        )  # fmt: skip
        folder = self.app.config["SETTINGS"].data_dir / "jobs" / found.key
        folder.mkdir(parents=True, exist_ok=True)
        (folder / found.file).write_text("made")
        return found

    def meeting(self, cohort: Cohort, leader: User, **values: Any) -> Meeting:
        """Make a meeting of a cohort, in three days for an hour unless said otherwise."""
        key = hashlib.sha256(f"{cohort.id} {values}".encode()).hexdigest()[:22]
        given = {
            "title": "Evening", "minutes": 60, "code": "ABCDEF", "questions": [],
            "starts_at": self.at + timedelta(days=3),
        }  # fmt: skip
        return self._save(
            Meeting(key=key, cohort_id=cohort.id, made_by=leader.id, made_at=self.at,
                    changed_at=self.at, **{**given, **values})
        )  # fmt: skip

    def complete(self, enrolment: Enrolment) -> None:
        """Mark an enrolment as complete."""
        with self.app.app_context():
            db.session.execute(
                sa.update(Enrolment)
                .where(Enrolment.id == enrolment.id)
                .values(completed_at=self.at)
            )
            db.session.commit()

    def _save(self, thing: Any) -> Any:
        with self.app.app_context():
            db.session.add(thing)
            db.session.commit()
            db.session.refresh(thing)
            db.session.expunge(thing)
        return thing
