"""The ten sectors and three sides of a city's peace team, as a consensus network counts them."""

from enum import StrEnum

from flask_babel import gettext


class Sector(StrEnum):
    """A part of a city's life that a peace team wants at its table. The order is the wheel's."""

    CIVIC = "civic"
    SECURITY = "security"
    SERVICE = "service"
    WELLNESS = "wellness"
    ACADEMIC = "academic"
    ARTS = "arts"
    RECREATION = "recreation"
    FAITH_BASED = "faith-based"
    ENVIRONMENTAL = "environmental"
    COMMERCE = "commerce"


class Side(StrEnum):
    """From where somebody comes to the table."""

    GOVERNMENT = "government"
    BUSINESS = "business"
    COMMUNITY = "community"


def sector_words() -> dict[Sector, str]:
    """Return the sectors' names."""
    return {
        Sector.CIVIC: gettext("Civic life"),
        Sector.SECURITY: gettext("Security"),
        Sector.SERVICE: gettext("Service clubs and volunteers"),
        Sector.WELLNESS: gettext("Health and wellness"),
        Sector.ACADEMIC: gettext("Schools and universities"),
        Sector.ARTS: gettext("Arts and culture"),
        Sector.RECREATION: gettext("Sport and recreation"),
        Sector.FAITH_BASED: gettext("Faith communities"),
        Sector.ENVIRONMENTAL: gettext("Environment"),
        Sector.COMMERCE: gettext("Commerce and work"),
    }


def sector_hints() -> dict[Sector, str]:
    """Return who is meant by each sector, for people who look for their own place."""
    return {
        Sector.CIVIC: gettext("councils, offices, neighbourhood committees"),
        Sector.SECURITY: gettext("police, fire service, rescue, mediation in the street"),
        Sector.SERVICE: gettext("clubs, charities, helpers of every kind"),
        Sector.WELLNESS: gettext("clinics, care, counselling"),
        Sector.ACADEMIC: gettext("teachers, students, libraries"),
        Sector.ARTS: gettext("music, theatre, crafts, media"),
        Sector.RECREATION: gettext("clubs, coaches, parks, play"),
        Sector.FAITH_BASED: gettext("congregations and their leaders"),
        Sector.ENVIRONMENTAL: gettext("water, land, waste, gardens"),
        Sector.COMMERCE: gettext("shops, markets, companies, unions"),
    }


def side_words() -> dict[Side, str]:
    """Return the sides' names."""
    return {
        Side.GOVERNMENT: gettext("Government"),
        Side.BUSINESS: gettext("Business"),
        Side.COMMUNITY: gettext("Community"),
    }
