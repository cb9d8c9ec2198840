"""A certificate on the screen, as it will be printed: the same words, sizes, art and pictures."""

from flask import url_for

from learnpeace.certificates.facts import Facts
from learnpeace.certificates.look import Look
from learnpeace.certificates.printing import look_queries, own_page, pages
from learnpeace.lib.db import reading


def preview_of(facts: Facts, city_id: int | None, release_id: int | None = None) -> pages.Page:
    """Return a page for the screen, in its city's look (1 query with a city).

    With a `release_id` on the course's own page, where it has one.
    """
    with reading():
        look = look_queries.look_of(city_id).on_course(own_page.of_release(release_id))
    return page_with(facts, look)


def page_with(facts: Facts, look: Look) -> pages.Page:
    """Return a page for the screen in any look."""
    return pages.page_of(facts, look.with_pictures(_on_screen))


def art_address(page: pages.Page) -> str:
    """Return where the art of a page is."""
    paper, kind, colour, direction = page.art.split()
    return url_for(
        "certificates.art", paper=paper, kind=kind, colour=colour[1:], direction=direction
    )


def _on_screen(address: str) -> str:
    return url_for("certificates.emblem", sha256=address.partition(":")[2])
