"""A city at noon, a cohort of it, and its coordinator's desk, for the tests of cities."""

import pytest

from tests.conftest import NOON


@pytest.fixture
def city(make, at):
    at(NOON)
    return make.city("Kisumu")


@pytest.fixture
def cohort(make, city):
    return make.cohort(city)


@pytest.fixture
def desk(browse, make, city):
    return browse(make.coordinator(city, "Amina"))
