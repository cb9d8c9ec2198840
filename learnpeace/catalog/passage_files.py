"""What a course's texts are cut into for translators: files, their parts, and the passages there.

`translated_passages` reads module and question files into these, `whole_passages` the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from learnpeace.catalog.drafts import Draft
from learnpeace.catalog.model import Question
from learnpeace.catalog.question_passages import Passage

HEAD = "head"
WHOLE = "text"  # the name of a passage that is all of a box or a stretch of text

Texts = Mapping[str, Sequence[str]]
"""The lines of each text file of a course folder, by its name in it."""


class FileKind(StrEnum):
    """What a file of a course that is translated holds."""

    TEXT = "text"
    QUIZ = "quiz"
    BANK = "bank"
    SURVEY = "survey"
    COURSE = "course"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a file. `lines` are as written, `opening` is a box's first line or nothing.

    `kind` is what must agree for two parts to be each other's: text, reflection heard,
    question paraphrase. `fingerprint` and `label` are a source's only.
    """

    kind: str
    line: int
    passages: tuple[Passage, ...]
    lines: tuple[str, ...]
    opening: str = ""
    drafts: tuple[Draft, ...] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)
    fingerprint: str = ""
    label: str = ""

    @property
    def is_text(self) -> bool:
        """Say whether it is text or a box of text, whose one passage falls into paragraphs."""
        return self.kind != HEAD and not self.drafts and not self.kind.startswith("question")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageFile:
    """A file in parts; `head` are the lines of its settings, `of` the words after `of:`.

    `names` are translations that have another name than the usual one, by language.
    """

    file: str
    kind: FileKind
    module_id: str
    head: tuple[str, ...]
    of: tuple[str, ...]
    parts: tuple[Part, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """Return what the keys of its passages begin with; whole names no module's id can be."""
        if self.kind in (FileKind.COURSE, FileKind.TRANSCRIPT):
            return self.file
        return self.module_id or self.file.removesuffix(".md")

    def translated(self, language: str) -> str:
        """Return the name of its translation."""
        name, _, extension = self.file.rpartition(".")
        return self.names.get(language) or f"{name}.{language}.{extension}"
