"""The words of a certificate, in the certificate's language, ready for its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from flask import render_template
from flask_babel import force_locale, gettext
from markupsafe import Markup

from learnpeace.accounts.letters import path_of
from learnpeace.certificates import addresses
from learnpeace.certificates.art.ornament import Art
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.printing import fitting, own_page, phrases, print_sheet, scripts
from learnpeace.certificates.printing.own_page import Said
from learnpeace.certificates.rendering import pool
from learnpeace.certificates.rendering.pool import Asset, Job
from learnpeace.certificates.states import Kind
from learnpeace.certificates.words import kind_words
from learnpeace.lib.languages import language


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
        sentence, day, term = phrases.sentence(facts), phrases.day(facts), phrases.term(facts)
        name, course, fill = _set(facts, look, sentence, (day, term))
        art = _art(facts, look)
        return Page(
            language=facts.language,
            direction=language(facts.language).direction,
            title=phrases.title(facts),
            style=facts.kind.value,
            paper=facts.paper.value,
            size=facts.paper.size,
            art=art.words,
            colours=(art.accent, art.warm),
            look=look,
            kind=gettext("With thanks") if facts.kind is Kind.THANKS else kind_words(facts.kind),
            given=phrases.given(facts),
            name=name,
            course=course,
            sentence=sentence,
            day=day,
            term=term,
            signing=phrases.signing(look),
            hand=phrases.hand(look),
            signer=_plain(phrases.signer(facts, look), facts, look),
            office=_plain(look.office, facts, look) if look.signer and look.office else None,
            emblem_words=look.emblem_words or gettext("Emblem of %(city)s", city=facts.city_name),
            check=gettext("Check this certificate at"),
            desk=addresses.host() + path_of("certificates.check"),
            address="" if facts.is_sample else addresses.public_address(facts.serial),
            proof=phrases.proof(facts, replaces),
            sample=gettext("SAMPLE") if facts.is_sample else "",
            fill=fill,
            **_own(facts, look, name, course, {"sentence": sentence, "day": day, "until": term}),
        )


def make_pdf(
    facts: Facts,
    look: Look | None = None,
    *,
    replaces: str = "",
    assets: Mapping[str, Asset] | None = None,
) -> bytes:
    """Return the page as PDF, made by the child process; `assets` are the look's pictures.

    Call it outside any transaction: it takes 0.1 s, 2 s the first time. Raises
    RenderingFailed.
    """
    html = html_of(facts, look, replaces=replaces)
    job = Job(html=html, css=print_sheet.sheet().css, key=facts.serial, assets=assets or {})
    return pool.render(job)


def html_of(facts: Facts, look: Look | None = None, *, replaces: str = "") -> str:
    """Return the page as it goes to the printer, and is kept."""
    page = page_of(facts, look, replaces=replaces)
    with force_locale(facts.language):
        return render_template("pdf/certificate.html", page=page, issued_at=facts.issued_at)


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
        "given": phrases.given(facts),
        "hours": f"{facts.minutes / 60:g}",
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
