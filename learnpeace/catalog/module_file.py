"""module.md: its settings and its blocks."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from learnpeace.catalog.answers import Place
from learnpeace.catalog.blocks import RawBlock, raw_blocks
from learnpeace.catalog.fields import Fields, is_id, propose_id
from learnpeace.catalog.front_matter import FrontMatter, front_matter
from learnpeace.catalog.markdown_rules import Reference, check_markdown
from learnpeace.catalog.model import (
    Action,
    Block,
    Check,
    Meeting,
    Reflection,
    Text,
    TrackExample,
    Video,
)
from learnpeace.catalog.outline import Outline
from learnpeace.catalog.page import Page, page_of
from learnpeace.catalog.problems import Findings, Problem, listed, shown
from learnpeace.catalog.quiz_file import QuestionSet, read_questions
from learnpeace.catalog.yaml_text import Mapping

MODULE_KEYS = ("title", "minutes", "objectives", "content-note", "sources")
VIDEO_KEYS = ("minutes", "size", "transcript")
_SIZE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?(kB|KB|MB|GB)")
_HTTPS = re.compile(r"https://[^\s/]+\.[^\s/]+(/\S*)?", re.IGNORECASE)
_BOXES: dict[str, type[Reflection] | type[Action] | type[Meeting]] = {
    "reflection": Reflection,
    "action": Action,
    "meeting": Meeting,
}

ReadTranscript = Callable[[Page, int, str], str]
"""Return the text of a transcript named on a line of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One block with how it is written, for ids and translations."""

    raw: RawBlock
    block: Block | None
    check: QuestionSet | None = None

    @property
    def id(self) -> str:
        """Return the id that this box takes in the course, or nothing."""
        return getattr(self.block, "id", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFile:
    """A module's text, in its own language or another."""

    page: Page
    settings: Fields
    parts: tuple[Part, ...]
    references: tuple[Reference, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks that could be read."""
        return tuple(part.block for part in self.parts if part.block is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading a module's boxes takes: tracks (None: any), and how to read the rest."""

    page: Page
    tracks: tuple[str, ...] | None
    transcript: ReadTranscript
    is_translation: bool = False


def load_module_text(
    text: str, file: str = "module.md"
) -> tuple[tuple[Block, ...] | None, tuple[Problem, ...]]:
    """Read the text of a module without a folder around it: links and tracks go unchecked.

    The blocks are None when there is an error. Never raises.
    """
    findings = Findings()
    page = page_of(text, file, findings)
    loaded = read_module(Reading(page=page, tracks=None, transcript=lambda _page, _line, _name: ""))
    blocks = None if findings.has_errors or loaded is None else loaded.blocks
    return blocks, findings.sorted()


def read_module(reading: Reading) -> ModuleFile | None:
    """Read a module in its own language; None when its head cannot be told from its text."""
    page = reading.page
    head = front_matter(page)
    if head is None:
        return None
    settings = Fields(page, head.settings or Mapping(line=1), MODULE_KEYS)
    _check_head(page, head, settings)
    module = read_parts(reading, head, settings)
    if not module.parts:
        page.error(head.body, "M116", "This module has no text. Write it below the settings.")
    return module


def read_parts(reading: Reading, head: FrontMatter, settings: Fields) -> ModuleFile:
    """Read what stands below the settings."""
    page = reading.page
    outline = Outline()
    parts: list[Part] = []
    references: list[Reference] = []
    for raw in raw_blocks(page, head.body):
        if raw.name == "check":
            part = _check(reading, raw)
            references.extend(part.check.references if part.check else ())
        else:
            part = Part(raw=raw, block=_block(reading, raw))
            references.extend(check_markdown(page, raw.first, raw.lines, outline))
        if not raw.markdown and raw.name not in ("video", "?") and not reading.is_translation:
            message = f"“{shown(raw.label)}” is empty. Write its text, or delete the box."
            page.error(raw.line, "M108", message)
        parts.append(part)
    return ModuleFile(
        page=page, settings=settings, parts=tuple(parts), references=tuple(references)
    )


def _check_head(page: Page, head: FrontMatter, settings: Fields) -> None:
    if not head.is_present:
        message = "A module begins with its settings: ---, title: …, minutes: …, ---."
        page.error(1, "M002", message)
    elif head.settings is not None:
        settings.need("title", "Write title: and the module's name.")
        settings.need("minutes", "Write minutes: and how long the module takes.")


def _check(reading: Reading, raw: RawBlock) -> Part:
    page = reading.page
    if raw.words:
        message = "“::: check” takes no other word. Ids belong to its questions: ## Words? {#id}"
        page.error(raw.line, "M106", message)
    if reading.is_translation:
        return Part(raw=raw, block=None)
    found = read_questions(page, raw.first, raw.lines, Place.CHECK, level=None)
    if raw.markdown and not found.drafts:
        message = "There is no question in this check. Write one: ## Words? {#id}"
        page.error(raw.line, "Q125", message)
    return Part(raw=raw, block=Check(questions=found.questions, line=raw.line), check=found)


def _block(reading: Reading, raw: RawBlock) -> Block | None:
    markdown, line = raw.markdown, raw.line
    if raw.name == "?":
        return None
    if raw.name in ("", "video"):
        return _video(reading, raw) if raw.name else Text(markdown=markdown, line=line)
    if not (word := _word(reading, raw)):
        return None
    if raw.name == "for":
        return TrackExample(track=word, markdown=markdown, line=line)
    return _BOXES[raw.name](id=word, markdown=markdown, line=line)


def _word(reading: Reading, raw: RawBlock) -> str:
    """Return the one word after a box's name: a track or an id; "" after noting why not."""
    page, is_track = reading.page, raw.name == "for"
    what = "a track" if is_track else "an id"
    if not raw.words:
        example = "rural" if is_track else "my-first-one"
        message = f"“::: {raw.name}” needs {what}. Write for example ::: {raw.name} {example}"
        page.error(raw.line, "M106", message)
        return ""
    word = raw.words[0]
    if len(raw.words) > 1:
        message = f"“::: {raw.name}” takes one word, {what}. Take out “{shown(raw.words[1])}”."
        page.error(raw.line, "M106", message)
    if not is_id(word):
        message = f"“{shown(word)}” cannot be {what}: small letters a–z, digits and hyphens."
        page.error(raw.line, "M107", f"{message}{propose_id(word)}")
        return ""
    if is_track and reading.tracks is not None and word not in reading.tracks:
        known = f" Known: {listed(reading.tracks)}." if reading.tracks else ""
        near = page.near(word, reading.tracks) or known
        message = f"The track “{word}” is not in course.yaml.{near}"
        page.error(raw.line, "M109", message)
    return word


def _video(reading: Reading, raw: RawBlock) -> Video:
    page, line = reading.page, raw.line
    url = next((word for word in raw.words if "=" not in word or "://" in word), "")
    values = _values(page, line, [word for word in raw.words if word != url])
    minutes = values.get("minutes", "")
    if not _HTTPS.fullmatch(url):
        message = "A video needs an address that begins with https://."
        page.error(line, "M110", f"{message} Write ::: video https://… minutes=12 size=48MB")
    if not (minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:4]) <= 600):
        message = "A video needs its length in whole minutes. Write minutes=12."
        page.error(line, "M111", message)
    if not _SIZE.fullmatch(values.get("size", "")):
        message = "A video needs its size, so that people can choose. Write size=48MB."
        page.error(line, "M112", message)
    transcript = values.get("transcript", "")
    if not transcript and not reading.is_translation:
        message = "This video has no transcript, and some cannot hear it. Add transcript=talk.md."
        page.warning(line, "M301", message)
    return Video(
        url=url, minutes=int(minutes[:4]) if minutes.isascii() and minutes.isdigit() else 0,
        size=values.get("size", ""), transcript=transcript, markdown=raw.markdown, line=line,
        transcript_markdown=reading.transcript(page, line, transcript) if transcript else "",
    )  # fmt: skip


def _values(page: Page, line: int, words: Iterable[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for word in words:
        key, sign, value = word.partition("=")
        if sign and key in VIDEO_KEYS:
            values[key] = value
        else:
            near = page.near(key, VIDEO_KEYS) or f" Known: {listed(VIDEO_KEYS)}."
            message = f"“{shown(word)}” is not known for a video.{near}"
            page.error(line, "M114", message)
    return values
