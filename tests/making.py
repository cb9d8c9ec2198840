"""Makes people, cities, cohorts and courses for tests, saved and ready."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from learnpeace.catalog.model import Course
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.lib.db import db
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
