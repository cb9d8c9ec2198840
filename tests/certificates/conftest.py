"""Whom several tests of certificates are about."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.certificates.records import DONE


@pytest.fixture
def ana(make):
    return make.user("Ana")


@pytest.fixture
def city(make):
    return make.city("Kisumu")


@pytest.fixture
def grace(make, city):
    return make.coordinator(city, "Grace")


@pytest.fixture
def finished(make, ana, city):
    enrolment = make.enrolment(ana, make.cohort(city), done=DONE)
    make.complete(enrolment)
    return enrolment


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield
