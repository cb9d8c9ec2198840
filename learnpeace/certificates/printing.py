"""The words of a certificate, in the certificate's language, ready for its template."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from babel.dates import format_date
from flask import current_app, render_template, url_for
from flask_babel import force_locale, gettext, ngettext

from learnpeace.certificates import rendering, rules, serials
from learnpeace.certificates.facts import Facts
from learnpeace.lib.languages import language
from learnpeace.settings import ROOT, Settings

_DAYS = {"en": "en_GB"}  # 4 March 2027, as the United Nations write it

LONG, FULL = 120, 230  # how wide name, title, city and cohort are together, in Latin letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words somebody else wrote (a name, a title), with how they are set."""

    text: str
    language: str
    direction: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything on the page, in reading order.

    `fill` is "long" or "full" when there is much to say, so that it is set closer.
    `desk` is where a number is typed, as people write addresses; `address` is what the
    square code holds, empty on a sample.
    """

    language: str
    direction: str
    title: str
    kind: str
    given: str
    name: Line
    course: Line
    sentence: str
    day: str
    signature: str
    check: str
    desk: str
    address: str
    serial: str
    version: str
    sample: str
    fill: str


def page_of(facts: Facts) -> Page:
    """Return the words of this certificate."""
    with force_locale(facts.language):
        return Page(
            language=facts.language,
            direction=language(facts.language).direction,
            title=_title(facts),
            kind=gettext("Certificate of completion"),
            given=gettext("This certificate is given to"),
            name=_line(facts.printed_name),
            course=_line(facts.course_title),
            sentence=_sentence(facts),
            day=_day(facts),
            signature=_signature(facts),
            check=gettext("Check this certificate at"),
            desk=host() + url_for("certificates.check"),
            address="" if facts.is_sample else public_address(facts.serial),
            serial=_serial(facts),
            version=gettext("Course version %(version)s", version=facts.course_version),
            sample=gettext("SAMPLE") if facts.is_sample else "",
            fill=_fill(facts),
        )


def public_address(serial: str) -> str:
    """Return the whole address of the page where this certificate is checked."""
    return _settings().base_url + url_for("certificates.verify", serial=serials.shown(serial))


def host() -> str:
    """Return our domain as people write it."""
    return urlsplit(_settings().base_url).netloc


def make_pdf(facts: Facts) -> bytes:
    """Return the page as PDF, made by the child process.

    Call it outside any transaction: it takes 0.1 s, 2 s the first time. Raises
    rendering.RenderingFailed.
    """
    page = page_of(facts)
    html = render_template("pdf/certificate.html", page=page, issued_at=facts.issued_at)
    css = (ROOT / "static" / "css" / "certificate.css").read_text("utf-8")
    return rendering.render(rendering.Job(html=html, css=css, qr=page.address, key=facts.serial))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _line(text: str) -> Line:
    return Line(
        text=text,
        language=rules.language_of(text),
        direction=rules.direction_of(text),
        size=rules.size_of(text),
    )


def _fill(facts: Facts) -> str:
    words = (facts.printed_name, facts.course_title, facts.city_name, facts.cohort_name)
    width = sum(rules.width_of(text) for text in words)
    return "full" if width > FULL else "long" if width > LONG else ""


def _title(facts: Facts) -> str:
    return gettext(
        "%(name)s: certificate of completion, %(course)s",
        name=facts.printed_name,
        course=facts.course_title,
    )


def _sentence(facts: Facts) -> str:
    return ngettext(
        "The holder has completed all required modules and quizzes of this course, "
        "about %(num)d hour of learning.",
        "The holder has completed all required modules and quizzes of this course, "
        "about %(num)d hours of learning.",
        facts.hours,
    )


def isolated(text: str) -> str:
    """Return a text that keeps its own direction inside a sentence of the other one."""
    return f"\u2068{text}\u2069"


def _day(facts: Facts) -> str:
    locale = _DAYS.get(facts.language, facts.language)
    day = format_date(facts.completed_on, "long", locale=locale)
    if not facts.city_name:
        return gettext("Completed on %(day)s", day=day)
    return gettext(
        "%(city)s, cohort “%(cohort)s”, completed on %(day)s",
        city=isolated(facts.city_name),
        cohort=isolated(facts.cohort_name),
        day=isolated(day),
    )


def _signature(facts: Facts) -> str:
    if not facts.city_name:
        return ""
    return gettext("Signed for %(city)s", city=isolated(facts.city_name))


def _serial(facts: Facts) -> str:
    number = gettext("SAMPLE") if facts.is_sample else serials.shown(facts.serial)
    return gettext("Number %(number)s", number=isolated(number))
