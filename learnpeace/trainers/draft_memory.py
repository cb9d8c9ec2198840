"""Readings of drafts, kept in memory for a while: a draft never changes, and reading takes time.

Bounded twice: a few drafts, and so many bytes of texts and pictures together.
"""

import threading
from collections import OrderedDict

from learnpeace.releases.rendering import Addresses
from learnpeace.trainers import draft_queries
from learnpeace.trainers.models import Draft
from learnpeace.trainers.preview import Preview, draft_pages

MOST = 4  # drafts
MOST_BYTES = 64_000_000  # one draft is at most 50 MB
_PER_LETTER = 6  # bytes that a letter of a text costs: the text, what was read, its HTML

_kept: "OrderedDict[str, tuple[Preview, int]]" = OrderedDict()
_lock = threading.Lock()


def preview_of(draft: Draft) -> Preview:
    """Return a draft's pages, read anew where they are not in memory (0 or 1 query)."""
    with _lock:
        if draft.key in _kept:
            _kept.move_to_end(draft.key)
            return _kept[draft.key][0]
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
