"""Where the blocks and questions of a text stand, whether they could be read or not.

For those who show an unfinished text: a problem names a line, and a line belongs to a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from learnpeace.catalog.assets import path_of
from learnpeace.catalog.blocks import raw_blocks
from learnpeace.catalog.drafts import drafts
from learnpeace.catalog.fields import is_id
from learnpeace.catalog.front_matter import front_matter
from learnpeace.catalog.page import Page, page_of
from learnpeace.catalog.problems import Findings
from learnpeace.catalog.quiz_file import read_quiz

_WITH_IDS = ("reflection", "action", "meeting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One block or question as written: lines `first` to `last` of its file.

    `id` is the author's, empty where there is none; `number` counts from 1.
    """

    id: str
    number: int
    first: int
    last: int

    @property
    def key(self) -> str:
        """Return what comments and reports hang on: the id, else the number."""
        return self.id or str(self.number)

    def holds(self, line: int) -> bool:
        """Say whether a line of the file is in this place."""
        return self.first <= line <= self.last


def block_places(lines: Sequence[str]) -> tuple[Place, ...]:
    """Return the blocks of a module's text; none when its settings cannot be told from it."""
    page, body = _opened(lines)
    if body is None:
        return ()
    found = [
        (raw.words[0] if raw.name in _WITH_IDS and raw.words else "", raw.line)
        for raw in raw_blocks(page, body)
    ]
    return _places(found, len(lines))


def question_places(lines: Sequence[str]) -> tuple[Place, ...]:
    """Return the questions of a quiz, a bank or a survey, as `block_places` does."""
    page, body = _opened(lines)
    if body is None:
        return ()
    found = drafts(page, body, page.lines[body - 1 :], level=2)
    return _places([(draft.id, draft.first) for draft in found], len(lines))


def bank_files(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the files of the banks that a quiz names."""
    quiz = read_quiz(page_of("\n".join(lines), "quiz.md", Findings()))
    paths = [path_of(bank.text, "") for bank in quiz.banks] if quiz else []
    return tuple(dict.fromkeys(path for path in paths if path))


def _opened(lines: Sequence[str]) -> tuple[Page, int | None]:
    page = page_of("\n".join(lines), "module.md", Findings())
    head = front_matter(page)
    return page, head.body if head else None


def _places(found: list[tuple[str, int]], last: int) -> tuple[Place, ...]:
    ends = [*(line - 1 for _, line in found[1:]), last][: len(found)]
    return tuple(
        Place(id=id if is_id(id) else "", number=number, first=line, last=end)
        for number, ((id, line), end) in enumerate(zip(found, ends, strict=True), start=1)
    )
