"""Whether a course's own certificate fits its page: it is printed and the pages are counted.

For each of the course's languages and each paper the part that is the course's is printed
alone, on a page as large as its place, with a name of a hundred letters and the longest of the
course's own titles. Each takes about a tenth of a second; the first two more.
"""

from datetime import UTC, date, datetime
from io import BytesIO

from flask import current_app
from pypdf import PdfReader

from learnpeace.catalog.certificate_page import HTML
from learnpeace.catalog.model import Course
from learnpeace.catalog.problems import Problem
from learnpeace.certificates import rules
from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.printing import own_page, pages, print_sheet
from learnpeace.certificates.printing.examples import HUNDRED
from learnpeace.certificates.printing.fitting import room_of
from learnpeace.certificates.rendering import pool
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.certificates.rendering.pool import Asset, Job
from learnpeace.certificates.states import Kind
from learnpeace.lib.languages import NAMES

LONG_PLACE = "Llanfairpwllgwyngyll and the Villages along the River"
PAPER_WORDS = {
    Paper.A4_LANDSCAPE: "A4, landscape",
    Paper.A4_PORTRAIT: "A4, portrait",
    Paper.LETTER_LANDSCAPE: "US Letter, landscape",
    Paper.LETTER_PORTRAIT: "US Letter, portrait",
}
MOST_LANGUAGES = 6


def problems_of(course: Course) -> tuple[Problem, ...]:
    """Return where the course's own certificate is too long; call it inside an application.

    One that cannot be printed at all does not fit either.
    """
    if not course.certificate_page.html:
        return ()
    try:
        return _too_long(course)
    except RenderingFailed as error:
        message = f"This certificate could not be printed ({error}). Make it simpler, or try again."
        return (Problem(file=HTML, line=1, code="K301", message=message),)


def _too_long(course: Course) -> tuple[Problem, ...]:
    languages = rules.languages_for(course.certificate.languages, NAMES, course.language)
    return tuple(
        _problem(paper, code)
        for code in languages[:MOST_LANGUAGES]
        for paper in Paper
        if pages_of(course, code, paper) > 1
    )


def pages_of(course: Course, language: str, paper: Paper) -> int:
    """Return over how many pages the course's part goes, the city's emblem above it."""
    facts = _longest(course, language, paper)
    look = Look(emblem="asset:emblem").on_course(own_page.of_course(course))
    page = pages.page_of(facts, look)
    width, height = room_of(paper, Kind.COMPLETION)
    template = current_app.jinja_env.get_template("pdf/own_part.html")
    html = template.render(page=page, width=width, height=height)
    job = Job(html=html, css=print_sheet.sheet().css, key="fits", assets=assets_of(course))
    return len(PdfReader(BytesIO(pool.render(job))).pages)


def assets_of(course: Course) -> dict[str, Asset]:
    """Return the course's picture by its address, as a page asks for it."""
    logo = course.assets.get(course.certificate_page.logo)
    if logo is None:
        return {}
    return {f"asset:{logo.sha256}": Asset(content=logo.content, media_type=logo.media_type)}


def _longest(course: Course, language: str, paper: Paper) -> Facts:
    return Facts(
        printed_name=HUNDRED,
        course_title=course.told(language).title,
        course_version=course.version,
        minutes=course.hours * 60,
        city_name=LONG_PLACE,
        cohort_name="Neighbours, spring and summer 2027",
        language=language,
        completed_on=date(2027, 9, 30),
        expires_on=None if course.certificate.valid == "forever" else date(2030, 9, 30),
        issued_at=datetime(2027, 10, 1, 12, tzinfo=UTC),
        paper=paper,
    )


def _problem(paper: Paper, language: str) -> Problem:
    message = f"With a long name this certificate does not fit on {PAPER_WORDS[paper]} in "
    message += f"{NAMES[language]}. Take words out, make them smaller or the space between less."
    return Problem(file=HTML, line=1, code="K301", message=message)
