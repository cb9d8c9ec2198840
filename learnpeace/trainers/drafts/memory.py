"""Readings of drafts, kept in memory for a while: a draft never changes, and reading takes time.

Bounded twice: a few drafts, and so many bytes of texts and pictures together. One draft is read
at a time: the largest takes half a minute, and ten people who open it wait for one reading.
"""

import threading
from collections import OrderedDict
from dataclasses import replace

from learnpeace.releases import actions as releases
from learnpeace.releases.actions import Prepared
from learnpeace.releases.rendering import Addresses
from learnpeace.trainers.drafts import queries as draft_queries
from learnpeace.trainers.material import Material
from learnpeace.trainers.models import Draft
from learnpeace.trainers.preview.rendering import Preview, draft_pages

MOST = 4  # drafts
MOST_PREPARED = 2  # drafts that somebody is about to publish
MOST_BYTES = 64_000_000  # one draft is at most 50 MB
_PER_LETTER = 6  # bytes that a letter of a text costs: the text, what was read, its HTML

_kept: "OrderedDict[str, tuple[Preview, int]]" = OrderedDict()
_prepared: "OrderedDict[str, tuple[Material, Prepared | None]]" = OrderedDict()
_lock = threading.Lock()
_reading = threading.Lock()


def preview_of(draft: Draft) -> Preview:
    """Return a draft's pages, read anew where they are not in memory (0 or 1 query)."""
    with _reading:
        return _known(draft.key) or _read(draft)


def prepared_of(draft: Draft) -> tuple[Material, Prepared | None]:
    """Return a draft without its files and, if it can be read, made ready to publish.

    Up to 1 query. Raises Refusal as `releases.prepare` does.
    """
    with _reading:
        if (found := _prepared.get(draft.key)) is None:
            material = draft_queries.material_of(draft)
            course = material.reading.course
            ready = releases.prepare(course, material.files) if course else None
            found = _prepared[draft.key] = replace(material, files={}), ready
            while len(_prepared) > MOST_PREPARED:
                _prepared.popitem(last=False)
        _prepared.move_to_end(draft.key)
        return found


def _known(key: str) -> Preview | None:
    with _lock:
        if key not in _kept:
            return None
        _kept.move_to_end(key)
        return _kept[key][0]


def _read(draft: Draft) -> Preview:
    addresses = Addresses(files=f"/draft/{draft.key}/files", modules=f"/draft/{draft.key}")
    preview = draft_pages(draft_queries.material_of(draft).reading, addresses)
    with _lock:
        _kept[draft.key] = preview, _weight(preview)
        while len(_kept) > MOST or sum(weight for _, weight in _kept.values()) > MOST_BYTES:
            _kept.popitem(last=False)
    return preview


def _weight(preview: Preview) -> int:
    letters = sum(len(line) for lines in preview.reading.texts.values() for line in lines)
    files = sum(len(asset.content) for asset in preview.course.assets.values())
    return files + _PER_LETTER * letters
