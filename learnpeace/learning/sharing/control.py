"""What stands around a box to write in: who reads these words, and the buttons that change it."""

from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from learnpeace.learning.sharing import rules
from learnpeace.lib.fragments import fragment


def who_reads(note: Any) -> str:
    """Return in words who can read what is in a box; `note` is a row of `notes_of` or None."""
    if note is None or note.shared_at is None:
        return gettext("Only you can read this.")
    return gettext("Shared with your cohort. What you change here changes there too.")


def control(note: Any) -> Markup:
    """Return the buttons below a note; nothing where there is nothing to share or nobody."""
    if note is None:
        return Markup()
    words = (note.text, note.with_whom, note.changed)
    is_shared = note.shared_at is not None
    if not is_shared and not (note.may_share and rules.has_words(*words)):
        return Markup()
    return fragment(
        "learning/sharing/_control.html",
        course_id=note.course_id,
        module_id=note.module_id,
        block_id=note.block_id,
        is_shared=is_shared,
        is_cut=rules.is_cut(*words),
        quote=note.quote,
        shows_names=bool(note.shows_names),
    )
