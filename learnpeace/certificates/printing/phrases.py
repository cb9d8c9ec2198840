"""The phrases of a certificate, each in the language that is spoken now."""

from datetime import date

from babel.dates import format_date
from flask_babel import gettext

from learnpeace.certificates import serials
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.printing import scripts
from learnpeace.certificates.states import Kind
from learnpeace.lib.words import duration, isolated

_DAYS = {"en": "en_GB"}  # 4 March 2027, as the United Nations write it


def title(facts: Facts) -> str:
    """Return the page's title, as whatever shows the file tells it."""
    told = {"name": facts.printed_name, "course": facts.course_title}
    if facts.kind is Kind.ATTENDANCE:
        return gettext("%(name)s: certificate of attendance, %(course)s", **told)
    if facts.kind is Kind.THANKS:
        return gettext("%(name)s: certificate of thanks, %(course)s", **told)
    return gettext("%(name)s: certificate of completion, %(course)s", **told)


def given(facts: Facts) -> str:
    """Return the words above the name."""
    if facts.kind is not Kind.THANKS:
        return gettext("This certificate is given to")
    if not facts.city_name:
        return gettext("This page is given with gratitude to")
    return gettext("%(city)s gives its thanks to", city=isolated(facts.city_name))


def sentence(facts: Facts) -> str:
    """Return what the holder has done."""
    time = duration(facts.minutes)
    if facts.kind is Kind.ATTENDANCE:
        return gettext(
            "The holder took part for %(time)s of meetings. Attendance was recorded; "
            "no quiz was taken.",
            time=time,
        )
    if facts.kind is Kind.THANKS:
        return gettext(
            "For %(time)s given freely to this work and to the people it serves.", time=time
        )
    return gettext(
        "The holder has completed all required modules and quizzes of this course, "
        "about %(time)s of learning.",
        time=time,
    )


def day(facts: Facts) -> str:
    """Return where and when it was done."""
    on = isolated(_written(facts, facts.completed_on))
    told = {"city": isolated(facts.city_name), "cohort": isolated(facts.cohort_name), "day": on}
    if facts.kind is Kind.COMPLETION:
        if not facts.city_name:
            return gettext("Completed on %(day)s", day=on)
        if not facts.cohort_name:
            return gettext("%(city)s, completed on %(day)s", **told)
        return gettext("%(city)s, cohort “%(cohort)s”, completed on %(day)s", **told)
    if not facts.city_name:
        return on
    if facts.kind is Kind.THANKS or not facts.cohort_name:
        return gettext("%(city)s, %(day)s", **told)
    return gettext("%(city)s, cohort “%(cohort)s”, %(day)s", **told)


def term(facts: Facts) -> str:
    """Return until when it is valid, empty where it has no end."""
    if facts.expires_on is None:
        return ""
    return gettext("Valid until %(day)s", day=isolated(_written(facts, facts.expires_on)))


def signer(facts: Facts, look: Look) -> str:
    """Return who signs: a person, or the city; nobody for the open cohort."""
    if look.signer or not facts.city_name:
        return look.signer
    return gettext("Signed for %(city)s", city=isolated(facts.city_name))


def hand(look: Look) -> str:
    """Return the words for the picture of a signature."""
    if look.signer:
        return gettext("Signature of %(name)s", name=look.signer)
    return gettext("Signature")


def signing(look: Look) -> str:
    """Return how closely signer and office are set."""
    widest = max(scripts.ems_of(look.signer), scripts.ems_of(look.office))
    return "full" if widest > 44 else "long" if widest > 24 else ""


def proof(facts: Facts, replaces: str) -> tuple[str, ...]:
    """Return the short lines beside the code: number, issuer, version, the edition before."""
    number = gettext("SAMPLE") if facts.is_sample else serials.shown(facts.serial)
    lines = [gettext("Number %(number)s", number=isolated(number))]
    if facts.issuer:
        lines.append(gettext("Issued by %(issuer)s", issuer=isolated(facts.issuer)))
    if facts.course_version:
        lines.append(gettext("Course version %(version)s", version=facts.course_version))
    if replaces:
        old = isolated(serials.shown(replaces))
        lines.append(gettext("Replaces number %(number)s", number=old))
    return tuple(lines)


def _written(facts: Facts, day: date) -> str:
    return format_date(day, "long", locale=_DAYS.get(facts.language, facts.language))
