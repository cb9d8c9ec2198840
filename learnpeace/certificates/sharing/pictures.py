"""A certificate as a picture: the page itself for a chat, and a card for social pages.

Both are drawn by the child process, so that every script is printed as on the page.
"""

from flask import render_template
from flask_babel import force_locale

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.printing import pages, print_sheet, scripts
from learnpeace.certificates.rendering import pool
from learnpeace.certificates.rendering.pool import Job
from learnpeace.lib.rosette import rosette
from learnpeace.settings import ROOT

CARD_WIDTH, CARD_HEIGHT = 1200, 630  # as Open Graph shows pictures
_SIZES = ((17.0, "short"), (26.0, "middle"), (42.0, "long"))  # ems of a text, and its class


def card_png(facts: Facts, look: Look | None = None, *, shows_name: bool = True) -> bytes:
    """Return a card of 1200 × 630 pixels as PNG, with the name if it is shown.

    Call it outside any transaction: it takes 0.2 s. Raises RenderingFailed.
    """
    html = card_html(facts, look, shows_name=shows_name)
    css = (ROOT / "static" / "css" / "certificate-card.css").read_text("utf-8")
    pdf = pool.render(Job(html=html, css=print_sheet.sheet().css + css, key=facts.serial))
    return pool.picture(pdf, CARD_WIDTH)


def card_html(facts: Facts, look: Look | None = None, *, shows_name: bool = True) -> str:
    """Return the card as it goes to the printer."""
    page = pages.page_of(facts, look)
    with force_locale(facts.language):
        return render_template(
            "pdf/card.html",
            page=page,
            shows_name=shows_name,
            name_size=_size_of(facts.printed_name),
            course_size=_size_of(facts.course_title),
            mark=rosette(8, 8, 132).replace("currentColor", page.colours[0]),
        )


def _size_of(text: str) -> str:
    ems = scripts.ems_of(text)
    return next((size for limit, size in _SIZES if ems <= limit), "longest")
