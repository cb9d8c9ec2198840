"""A module's text as the page shows it: pieces in order, in one language, for one track.

Pieces hold sanitised HTML and never change for a release, so they are made once for each
module, language and track and kept in memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from random import Random
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext
from markupsafe import Markup

from learnpeace.catalog.model import (
    Action,
    Block,
    Check,
    Meeting,
    Module,
    Question,
    Reflection,
    Text,
    TrackExample,
    Video,
)
from learnpeace.learning import sheet
from learnpeace.learning.rules import State
from learnpeace.learning.sharing import control
from learnpeace.learning.sheet import SheetQuestion
from learnpeace.learning.spots import is_told, places
from learnpeace.lib import languages, markup
from learnpeace.lib.fragments import Holed, hole
from learnpeace.releases import queries as releases
from learnpeace.releases.frozen import FrozenRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An example for one track; `place` is its block's name, as in `spots.places`."""

    track: str
    place: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of the page. `kind` is text, tracks, reflection, action, check, video, meeting.

    `examples` begin with the reader's own track; `checks` pair each question as shown with
    its source; `shown` is the piece as it stands on the page, where nothing in it depends on
    the learner. `line` is where its first block begins in the file of the page's language,
    `place` the name of that block in its module (see `spots.places`).
    """

    kind: str
    id: str = ""
    line: int = 0
    place: str = ""
    html: Markup = Markup()
    examples: tuple[Example, ...] = ()
    checks: tuple[tuple[SheetQuestion, Question], ...] = ()
    url: str = ""
    minutes: int = 0
    size: str = ""
    transcript: Markup = Markup()
    is_source: bool = False
    shown: Markup = Markup()
    form: Holed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulePage:
    """A module ready to be shown. `language` is what its texts are really in.

    `report` is the address where mistakes in its blocks are reported, empty in previews.
    """

    module: Module
    title: str
    objectives: tuple[str, ...]
    content_note: str
    language: str
    crumbs: Markup
    head: Markup
    sources: Markup
    pieces: tuple[Piece, ...]
    report: str = ""

    def check(self, question_id: str) -> tuple[SheetQuestion, Question] | None:
        """Return a check-yourself question of this module, or None."""
        pairs = (pair for piece in self.pieces for pair in piece.checks)
        return next((pair for pair in pairs if pair[0].id == question_id), None)

    def holds(self, kind: str, block_id: str) -> bool:
        """Say whether this module has a reflection or an action of that id."""
        return any(piece.kind == kind and piece.id == block_id for piece in self.pieces)


@lru_cache(maxsize=1024)
def module_page(release_id: int, module_id: str, ui: str, track: str | None) -> ModulePage:
    """Return a module's page in the interface's language `ui`, for a track, and keep it."""
    release = releases.release(release_id)
    report = url_for("learning.report", course_id=release.course.id, module_id=module_id)
    return make_page(release, module_id, ui, track, report=report)


def make_page(
    release: FrozenRelease, module_id: str, ui: str, track: str | None, *, report: str = ""
) -> ModulePage:
    """Make a module's page of a release, published or not.

    Where the course lacks that language its texts are in its own. `report` is where mistakes
    in its blocks are reported; without it no block has a link. Call it in a request: it
    renders what is the same for everybody.
    """
    module = release.modules[module_id]
    told = module.translations.get(ui)
    page = ModulePage(
        module=module,
        title=told.title if told else module.title,
        objectives=(told.objectives if told else ()) or module.objectives,
        content_note=(told.content_note if told else "") or module.content_note,
        language=ui if told else release.course.language,
        crumbs=Markup(),
        head=Markup(),
        sources=Markup(),
        pieces=_pieces(release, module, told.blocks if told else (), ui, track),
        report=report,
    )
    course = release.course
    return replace(
        page,
        pieces=tuple(_finished(piece, page, course.id) for piece in page.pieces),
        crumbs=_shown_as("_crumbs", page, course=course),
        head=_shown_as("_head", page),
        sources=_shown_as("_sources", page, language=course.language),
    )


def own_words(note: Any, token: str) -> dict[str, object]:
    """Return what fills a box to write in: the form's token and the learner's note, if any."""
    if note is None:
        return {"csrf": token, "reads": control.who_reads(None)}
    return {
        "csrf": token,
        "reads": control.who_reads(note),
        "sharing": control.control(note),
        "text": note.text,
        "with_whom": note.with_whom,
        "changed": note.changed,
        "saved": gettext("Saved"),
    }


def outline_of(release: FrozenRelease, current: str, states: Mapping[str, State]) -> Markup:
    """Return the course's modules with where a learner stands, for the margin of a page."""
    shown = tuple(states[module.id].value for module in release.course.modules)
    return _outline(release.id, current, shown, languages.current())


@lru_cache(maxsize=256)
def _outline(release_id: int, current: str, states: tuple[str, ...], _ui: str) -> Markup:
    course = releases.release(release_id).course
    html = render_template("learning/_outline.html", course=course, current=current, states=states)
    return markup.trusted(html)


def forget() -> None:
    """Empty the memory; for tests that make a new database in the same process."""
    module_page.cache_clear()
    _outline.cache_clear()


def _finished(piece: Piece, page: ModulePage, course_id: str) -> Piece:
    """Render a piece once for everybody, and its box to write in with holes."""
    piece = replace(piece, shown=_shown_as("_piece", page, piece=piece))
    if piece.kind not in {"reflection", "action"}:
        return piece
    html = render_template(
        "learning/_own_words.html",
        piece=piece,
        page=page,
        course_id=course_id,
        csrf=hole("csrf"),
        note={name: hole(name) for name in ("text", "with_whom", "changed")},
        saved=hole("saved"),
        reads=hole("reads"),
        sharing=hole("sharing"),
        problem="",
    )
    return replace(piece, form=Holed(html))


def _shown_as(template: str, page: ModulePage, **values: object) -> Markup:
    html = render_template(f"learning/{template}.html", page=page, **values)
    return markup.trusted(html)


def _pieces(
    release: FrozenRelease,
    module: Module,
    translated: tuple[Block, ...],
    language: str,
    track: str | None,
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    blocks, untold = _filled(translated, module.blocks)
    named = zip(places(module.blocks), blocks, strict=True)
    for is_example, group in groupby(named, key=lambda pair: isinstance(pair[1], TrackExample)):
        members = list(group)
        if is_example:
            examples = _examples(members, release, module.id, track)
            is_source = any(block.line in untold for _, block in members)
            place, first = members[0]
            pieces.append(replace(examples, is_source=is_source, line=first.line, place=place))
            continue
        for place, block in members:
            piece = replace(_piece(block, release, module.id, language), place=place)
            pieces.append(replace(piece, is_source=block.line in untold, line=block.line))
    return tuple(pieces)


def _filled(
    translated: tuple[Block, ...], source: tuple[Block, ...]
) -> tuple[tuple[Block, ...], frozenset[int]]:
    """Put the source's text where a box is not translated yet; return the lines of those."""
    if not translated:
        return source, frozenset()
    blocks: list[Block] = []
    untold: set[int] = set()
    for here, there in zip(translated, source, strict=True):
        if isinstance(here, Check) or isinstance(there, Check) or is_told(here, there):
            blocks.append(here)
        else:
            blocks.append(replace(here, markdown=there.markdown))
            untold.add(here.line)
        if isinstance(video := blocks[-1], Video) and isinstance(there, Video):
            blocks[-1] = _with_transcript(video, there)
            untold |= {here.line} if blocks[-1] != video else set()
    return tuple(blocks), frozenset(untold)


def _with_transcript(here: Video, there: Video) -> Video:
    """Return a video with what is said in it, in the source's words where it has no others."""
    told = here.transcript_markdown or there.transcript_markdown
    return replace(here, transcript_markdown=told)


def _examples(
    members: list[tuple[str, Block]], release: FrozenRelease, module_id: str, track: str | None
) -> Piece:
    """Put the reader's own track first; the others follow in the author's order."""
    examples = [
        Example(track=block.track, place=place, html=release.text(block.markdown, module_id))
        for place, block in members
        if isinstance(block, TrackExample)
    ]
    examples.sort(key=lambda example: example.track != track)
    return Piece(kind="tracks", examples=tuple(examples))


def _piece(block: Block, release: FrozenRelease, module_id: str, language: str) -> Piece:
    match block:
        case Check():
            shown = tuple(
                (_shown(question, release, module_id, language), question)
                for question in block.questions
            )
            return Piece(kind="check", checks=shown)
        case Video():
            return Piece(
                kind="video",
                html=release.text(block.markdown, module_id),
                url=block.url,
                minutes=block.minutes,
                size=block.size,
                transcript=release.text(block.transcript_markdown, module_id),
            )
        case Reflection() | Action() | Meeting():
            kind = type(block).__name__.lower()
            return Piece(kind=kind, id=block.id, html=release.text(block.markdown, module_id))
        case Text() | TrackExample():
            return Piece(kind="text", html=release.text(block.markdown, module_id))


def _shown(
    question: Question, release: FrozenRelease, module_id: str, language: str
) -> SheetQuestion:
    """Show a check always in the same order, so that its answer can be read without a sheet."""
    lot = Random(f"{release.id}:{question.id}")
    return sheet.show(question, release, module_id, language, lot, shuffle=False)
