"""Whole module pages, kept with holes for what is the reader's own.

Many learners read the same module. Their pages differ only in the name at the top, the form's
token, the moment the page was made, the outline in the margin and what they wrote; those are
holes (`lib/fragments.py`). A page with a message, an answered check or a problem is made the
ordinary way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import render_template
from markupsafe import Markup

from learnpeace.access import SignedInPerson
from learnpeace.learning.pieces import ModulePage, module_page, outline_of, own_words
from learnpeace.learning.rules import Progress, State
from learnpeace.lib.fragments import Holed, hole
from learnpeace.releases import queries as releases

MOST = 512  # pages; one is about 20 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What a page shows of any reader with these roles; the name is a hole."""

    coordinates: bool
    is_trainer: bool
    is_administrator: bool
    leaves_quickly: bool
    is_authenticated: bool = True
    name: str = hole("name")


def stage_of(page: ModulePage, progress: Progress) -> str:
    """Return which end of the page a learner sees: done, elsewhere, quiz or reading."""
    if progress.done_at:
        return "elsewhere" if progress.elsewhere and not progress.read_at else "done"
    return "quiz" if progress.read_at and page.module.quiz else "reading"


def kept_page(
    person: SignedInPerson,
    token: str,
    opened: str,
    page: ModulePage,
    where: tuple[int, str, str | None],
    states: Mapping[str, State],
    progress: Progress,
    notes: Mapping[str, Any],
    *,
    help_lines: Markup,
    shared_link: Markup,
) -> Markup:
    """Return a module's page for this reader. `where` is release, interface language, track.

    `opened` is the signed moment it is made (see `reading_time.py`), `help_lines` whom their
    city says they can turn to, `shared_link` leads to what their cohort shares.
    """
    reader = _Reader(
        coordinates=person.coordinates,
        is_trainer=person.is_trainer,
        is_administrator=person.is_administrator,
        leaves_quickly=person.leaves_quickly,
    )
    stage = stage_of(page, progress)
    kept = _page(where, page.module.id, stage, reader)
    words: dict[str, object] = {
        "csrf": token,
        "name": person.name,
        "opened": opened,
        "help": help_lines,
        "shared": shared_link,
        "outline": outline_of(releases.release(where[0]), page.module.id, states),
    }
    for place, piece in enumerate(page.pieces):
        if piece.form is not None:
            own = own_words(notes.get(piece.id), token)
            words |= {f"{k}{place}": v for k, v in own.items()}
    return kept.fill(words)


def forget() -> None:
    """Empty the memory; for tests that make a new database in the same process."""
    _page.cache_clear()


@lru_cache(maxsize=MOST)
def _page(
    where: tuple[int, str, str | None],
    module_id: str,
    stage: str,
    reader: _Reader,
) -> Holed:
    release_id, language, track = where
    release = releases.release(release_id)
    page = module_page(release_id, module_id, language, track)
    html = render_template(
        "learning/module.html",
        current_user=reader,
        csrf_token=lambda: hole("csrf"),
        opened=hole("opened"),
        help=hole("help"),
        shared=hole("shared"),
        outline_of=lambda *_whose: hole("outline"),
        own_words=lambda place, _token: _holes(place),
        notes={piece.id: place for place, piece in enumerate(page.pieces)},
        release=release,
        course=release.course,
        page=page,
        module=page.module,
        stage=stage,
        states={},
        checked=None,
    )
    return Holed(html)


def _holes(place: int) -> dict[str, str]:
    """Return what fills the box to write in of the piece at this place: more holes."""
    names = ("text", "with_whom", "changed", "saved", "reads", "sharing")
    return {"csrf": hole("csrf")} | {name: hole(f"{name}{place}") for name in names}
