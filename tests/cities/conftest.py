"""A city at noon, a cohort of it, its coordinator and her desk, for the tests of cities."""

import pytest

from tests.conftest import NOON


@pytest.fixture
def noon(at):
    at(NOON)


@pytest.fixture
def city(make, at):
    at(NOON)
    return make.city("Kisumu")


@pytest.fixture
def kisumu(make):
    return make.city("Kisumu")


@pytest.fixture
def amina(make, kisumu):
    return make.coordinator(kisumu, "Amina")


@pytest.fixture
def cohort(make, city):
    return make.cohort(city)


@pytest.fixture
def desk(browse, make, city):
    return browse(make.coordinator(city, "Amina"))
