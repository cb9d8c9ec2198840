"""What a shared certificate offers: a card for social pages, and ways to show it elsewhere.

A share shows what the public page shows and nothing more: no hidden name, no protected city
and nobody's cohort. The card is drawn anew from those facts, not cut out of the printed page.
"""

import hashlib
from dataclasses import replace
from urllib.parse import urlencode

from flask_babel import gettext

from learnpeace.accounts.letters import address_of
from learnpeace.certificates import addresses, serials, words
from learnpeace.certificates.facts import PLATFORM_NAME, Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.sharing.pictures import card_png
from learnpeace.certificates.states import State
from learnpeace.certificates.verifying import queries as verify_queries
from learnpeace.certificates.verifying.queries import Checked
from learnpeace.lib import clock
from learnpeace.lib.db import db, give_back

LINKEDIN = "https://www.linkedin.com/profile/add"


def has_card(found: Checked) -> bool:
    """Say whether there is a card: what does not hold any more has none."""
    return found.is_shared and found.state == State.VALID


def card(found: Checked) -> bytes:
    """Return the card as PNG; raise RenderingFailed. No transaction stays open meanwhile."""
    give_back()
    db.session.rollback()
    look = Look(country=found.country)
    return card_png(public_facts(found), look, shows_name=tells_name(found))


def public_facts(found: Checked) -> Facts:
    """Return the facts that a card may tell.

    A hidden name is left out here already: `card_tag` is open to all, and whoever knows the
    rest could try names on it as often as they like.
    """
    facts = replace(found.facts, cohort_name="", track="")
    if not found.shows_name:
        facts = replace(facts, printed_name="")
    return facts if found.shows_city else replace(facts, city_name="", issuer="")


def tells_name(found: Checked) -> bool:
    """Say whether the card has the name on it."""
    return found.shows_name and bool(found.facts.printed_name)


def card_tag(found: Checked) -> str:
    """Return what changes when the card does."""
    said = f"{public_facts(found)} {found.country} {tells_name(found)}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def shared_address(serial: str) -> str:
    """Return the whole address of the page that is shared."""
    return address_of("certificates.shared", serial=serials.shown(serial))


def issuer(found: Checked) -> str:
    """Return who issued a certificate, as far as the public may know."""
    return (found.shows_city and found.facts.issuer) or PLATFORM_NAME


def linkedin(found: Checked) -> str:
    """Return the address that adds a certificate to somebody's LinkedIn profile.

    Its form: LinkedIn's “Add to profile” for certifications.
    """
    facts, number = found.facts, serials.shown(found.facts.serial)
    day, end = facts.issued_at, facts.expires_on
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": facts.course_title,
        "organizationName": issuer(found),
        "issueYear": day.year,
        "issueMonth": day.month,
        **({"expirationYear": end.year, "expirationMonth": end.month} if end else {}),
        "certUrl": addresses.public_address(facts.serial),
        "certId": number,
    }
    return f"{LINKEDIN}?{urlencode(asked)}"


def title(found: Checked) -> str:
    """Return what a certificate is called where it is shared."""
    return gettext(
        "%(kind)s: %(title)s",
        kind=words.kind_words(found.facts.kind),
        title=found.facts.course_title,
    )


def own(serial: str) -> Checked | None:
    """Return a certificate for the page of its holder, who was asked for before (1 query)."""
    return verify_queries.checked(serial, clock.now())
