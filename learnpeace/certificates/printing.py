"""The words of a certificate, in the certificate's language, ready for its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from urllib.parse import urlsplit

from babel.dates import format_date
from flask import current_app, render_template
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup

from learnpeace.accounts.letters import address_of, path_of
from learnpeace.certificates import fitting, own_page, print_sheet, rendering, scripts, serials
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.ornament import Art
from learnpeace.certificates.own_page import Said
from learnpeace.certificates.rendering import Asset, Job
from learnpeace.certificates.states import Kind
from learnpeace.certificates.words import kind_words
from learnpeace.lib.languages import language
from learnpeace.settings import Settings

_DAYS = {"en": "en_GB"}  # 4 March 2027, as the United Nations write it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words somebody else wrote (a name, a title), with how they are set."""

    text: str
    language: str
    direction: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything on the page, in reading order.

    `desk` is where a number is typed, as people write addresses; `address` is what the square
    code holds, empty on a sample. `proof` are the short lines beside the code. `art` names
    border and seal as `ornament.Art` reads it, `colours` the two that its style sheet takes.
    `fill` is "long" or "full" when there is much to say, so that it is set closer.
    """

    language: str
    direction: str
    title: str
    style: str
    paper: str
    size: tuple[float, float]
    art: str
    colours: tuple[str, str]
    look: Look
    kind: str
    given: str
    name: Line
    course: Line
    sentence: str
    day: str
    term: str
    signing: str
    hand: str
    signer: Line
    office: Line | None
    emblem_words: str
    check: str
    desk: str
    address: str
    proof: tuple[str, ...]
    sample: str
    fill: str
    own: Markup = Markup()
    own_css: str = ""


def page_of(facts: Facts, look: Look | None = None, *, replaces: str = "") -> Page:
    """Return the words of this certificate; `replaces` is the number of the edition before."""
    look = look or Look.of_platform()
    with force_locale(facts.language):
        sentence, day, term = _sentence(facts), _day(facts), _term(facts)
        name, course, fill = _set(facts, look, sentence, (day, term))
        art = _art(facts, look)
        return Page(
            language=facts.language,
            direction=language(facts.language).direction,
            title=_title(facts),
            style=facts.kind.value,
            paper=facts.paper.value,
            size=facts.paper.size,
            art=art.words,
            colours=(art.accent, art.warm),
            look=look,
            kind=gettext("With thanks") if facts.kind is Kind.THANKS else kind_words(facts.kind),
            given=_given(facts),
            name=name,
            course=course,
            sentence=sentence,
            day=day,
            term=term,
            signing=_signing(look),
            hand=_hand(look),
            signer=_plain(_signer(facts, look), facts, look),
            office=_plain(look.office, facts, look) if look.signer and look.office else None,
            emblem_words=look.emblem_words or gettext("Emblem of %(city)s", city=facts.city_name),
            check=gettext("Check this certificate at"),
            desk=host() + path_of("certificates.check"),
            address="" if facts.is_sample else public_address(facts.serial),
            proof=_proof(facts, replaces),
            sample=gettext("SAMPLE") if facts.is_sample else "",
            fill=fill,
            **_own(facts, look, name, course, {"sentence": sentence, "day": day, "until": term}),
        )


def public_address(serial: str) -> str:
    """Return the whole address of the page where this certificate is checked."""
    return address_of("certificates.verify", serial=serials.shown(serial))


def host() -> str:
    """Return our domain as people write it."""
    return urlsplit(_settings().base_url).netloc


def make_pdf(
    facts: Facts,
    look: Look | None = None,
    *,
    replaces: str = "",
    assets: Mapping[str, Asset] | None = None,
) -> bytes:
    """Return the page as PDF, made by the child process; `assets` are the look's pictures.

    Call it outside any transaction: it takes 0.1 s, 2 s the first time. Raises
    rendering.RenderingFailed.
    """
    html = html_of(facts, look, replaces=replaces)
    job = Job(html=html, css=print_sheet.sheet().css, key=facts.serial, assets=assets or {})
    return rendering.render(job)


def html_of(facts: Facts, look: Look | None = None, *, replaces: str = "") -> str:
    """Return the page as it goes to the printer, and is kept."""
    page = page_of(facts, look, replaces=replaces)
    with force_locale(facts.language):
        return render_template("pdf/certificate.html", page=page, issued_at=facts.issued_at)


def isolated(text: str) -> str:
    """Return a text that keeps its own direction inside a sentence of the other one."""
    return f"\u2068{text}\u2069"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _set(facts: Facts, look: Look, sentence: str, days: tuple[str, ...]) -> tuple[Line, Line, str]:
    """Return name and title with the sizes in which the whole page fits."""
    told = {"page": facts.language, "country": look.country}
    name_language = scripts.language_of(facts.printed_name, **told)
    course_language = scripts.language_of(facts.course_title, **told)
    words = fitting.Words(
        name=facts.printed_name,
        name_language=name_language,
        course=facts.course_title,
        course_language=course_language,
        sentence=sentence,
        days=tuple(day for day in days if day),
        language=facts.language,
        has_emblem=bool(look.emblem or look.course_emblem),
    )
    fit = fitting.fit(words, facts.paper, facts.kind)
    return (
        _line(facts.printed_name, name_language, fit.name),
        _line(facts.course_title, course_language, fit.course),
        fit.fill,
    )


def _line(text: str, language: str, step: int) -> Line:
    return Line(text=text, language=language, direction=scripts.direction_of(text), step=step)


def _plain(text: str, facts: Facts, look: Look) -> Line:
    told = scripts.language_of(text, page=facts.language, country=look.country)
    return _line(text, told, 0)


class _Own(TypedDict, total=False):
    own: Markup
    own_css: str


def _own(facts: Facts, look: Look, name: Line, course: Line, told: Mapping[str, str]) -> _Own:
    """Return the course's own part with our words in it, nothing where it has none."""
    if look.own is None or not look.own.html or facts.kind is not Kind.COMPLETION:
        return {}
    way = language(facts.language).direction
    plain = {
        **told,
        "kind": kind_words(facts.kind),
        "given": _given(facts),
        "hours": str(facts.hours),
        "city": facts.city_name,
        "cohort": facts.cohort_name,
    }
    said = {
        key: Said(text=text, language=facts.language, direction=way) for key, text in plain.items()
    }
    for key, line in (("name", name), ("course", course)):
        size = f"certificate__{key}--{line.step}"
        said[key] = Said(
            text=line.text, language=line.language, direction=line.direction, size=size
        )
    own = own_page.filled(look.own.html, said, direction=way, logo=look.course_emblem)
    return {"own": own, "own_css": look.own.css}


def _art(facts: Facts, look: Look) -> Art:
    return Art(
        paper=facts.paper,
        kind=facts.kind,
        accent=look.colour,
        is_mirrored=language(facts.language).direction == "rtl",
    )


def _title(facts: Facts) -> str:
    told = {"name": facts.printed_name, "course": facts.course_title}
    if facts.kind is Kind.ATTENDANCE:
        return gettext("%(name)s: certificate of attendance, %(course)s", **told)
    if facts.kind is Kind.THANKS:
        return gettext("%(name)s: certificate of thanks, %(course)s", **told)
    return gettext("%(name)s: certificate of completion, %(course)s", **told)


def _given(facts: Facts) -> str:
    if facts.kind is not Kind.THANKS:
        return gettext("This certificate is given to")
    if not facts.city_name:
        return gettext("This page is given with gratitude to")
    return gettext("%(city)s gives its thanks to", city=isolated(facts.city_name))


def _sentence(facts: Facts) -> str:
    if facts.kind is Kind.ATTENDANCE:
        return ngettext(
            "The holder took part for %(num)d hour of meetings. Attendance was recorded; "
            "no quiz was taken.",
            "The holder took part for %(num)d hours of meetings. Attendance was recorded; "
            "no quiz was taken.",
            facts.hours,
        )
    if facts.kind is Kind.THANKS:
        return ngettext(
            "For %(num)d hour given freely to this work and to the people it serves.",
            "For %(num)d hours given freely to this work and to the people it serves.",
            facts.hours,
        )
    return ngettext(
        "The holder has completed all required modules and quizzes of this course, "
        "about %(num)d hour of learning.",
        "The holder has completed all required modules and quizzes of this course, "
        "about %(num)d hours of learning.",
        facts.hours,
    )


def _day(facts: Facts) -> str:
    day = isolated(_written(facts, facts.completed_on))
    told = {"city": isolated(facts.city_name), "cohort": isolated(facts.cohort_name), "day": day}
    if facts.kind is Kind.COMPLETION:
        if not facts.city_name:
            return gettext("Completed on %(day)s", day=day)
        if not facts.cohort_name:
            return gettext("%(city)s, completed on %(day)s", **told)
        return gettext("%(city)s, cohort “%(cohort)s”, completed on %(day)s", **told)
    if not facts.city_name:
        return day
    if facts.kind is Kind.THANKS or not facts.cohort_name:
        return gettext("%(city)s, %(day)s", **told)
    return gettext("%(city)s, cohort “%(cohort)s”, %(day)s", **told)


def _term(facts: Facts) -> str:
    if facts.expires_on is None:
        return ""
    return gettext("Valid until %(day)s", day=isolated(_written(facts, facts.expires_on)))


def _written(facts: Facts, day: date) -> str:
    return format_date(day, "long", locale=_DAYS.get(facts.language, facts.language))


def _signer(facts: Facts, look: Look) -> str:
    """Return who signs: a person, or the city; nobody for the open cohort."""
    if look.signer or not facts.city_name:
        return look.signer
    return gettext("Signed for %(city)s", city=isolated(facts.city_name))


def _hand(look: Look) -> str:
    """Return the words for the picture of a signature."""
    if look.signer:
        return gettext("Signature of %(name)s", name=look.signer)
    return gettext("Signature")


def _signing(look: Look) -> str:
    """Return how closely signer and office are set."""
    widest = max(scripts.ems_of(look.signer), scripts.ems_of(look.office))
    return "full" if widest > 44 else "long" if widest > 24 else ""


def _proof(facts: Facts, replaces: str) -> tuple[str, ...]:
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
