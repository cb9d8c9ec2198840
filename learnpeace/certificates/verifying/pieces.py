"""Pieces of the pages for those who check: the same for many certificates, filled for one."""

from markupsafe import Markup

from learnpeace.certificates import serials, words
from learnpeace.certificates.facts import PLATFORM_NAME
from learnpeace.certificates.verifying.queries import Checked
from learnpeace.lib import languages
from learnpeace.lib.fragments import fragment, holed
from learnpeace.lib.words import day, duration
from learnpeace.people import naming


def verdict(kind: str, word: str) -> Markup:
    """Return the one large word with its sign.

    Kinds are those of a `State`, "changed" for a file and "none" for what is not ours.
    """
    return fragment("certificates/_verdict.html", kind=kind, word=word)


def state(found: Checked) -> Markup:
    """Return how a certificate stands, as the page's large word."""
    return verdict(found.state, words.state_words(found.state))


def facts(found: Checked) -> Markup:
    """Return the facts of a certificate as anybody may read them."""
    told = found.facts
    place = naming.public_city_name(found, languages.current())
    return holed(
        "certificates/_public_facts.html",
        kind=told.kind.value,
        name="" if not told.printed_name else "shown" if found.shows_name else "hidden",
        has_place=bool(told.city_name),
        shows_city=found.shows_city,
        has_version=bool(told.course_version),
        has_end=told.expires_on is not None,
    ).fill(
        {
            "name": told.printed_name if found.shows_name else "",
            "title": told.course_title,
            "time": duration(told.minutes),
            "place": place,
            "done": day(told.completed_on),
            "issued": day(told.issued_at),
            "end": day(told.expires_on) if told.expires_on else "",
            "version": told.course_version,
            "issuer": told.issuer or PLATFORM_NAME,
            "serial": serials.shown(told.serial),
        }
    )


def meaning(found: Checked, host: str) -> Markup:
    """Return what such a certificate says and does not say, and whose page this is."""
    return fragment("certificates/_what_it_is.html", kind=found.facts.kind.value, host=host)


def right_page(host: str) -> Markup:
    """Return whose page this is."""
    return fragment("certificates/_right_page.html", host=host)
