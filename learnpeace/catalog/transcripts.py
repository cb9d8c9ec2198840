"""What is said in videos: Markdown files of their own, and their translations.

`talk.es.md` beside `talk.md` is its translation, unless the box in `module.es.md` names another
file. What is not translated leaves its block without a transcript: readers get the source's.
"""

import posixpath
from dataclasses import replace

from learnpeace.catalog.assets import Assets, path_of
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.front_matter import front_matter
from learnpeace.catalog.markdown_rules import check_markdown
from learnpeace.catalog.model import Block, Video
from learnpeace.catalog.module_file import ModuleFile
from learnpeace.catalog.outline import Outline
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown
from learnpeace.catalog.translations import SourcePart, is_stale, untold
from learnpeace.catalog.yaml_text import Mapping

KEYS = ("of",)
_OTHERS = ("quiz", "module")


def transcript_part(markdown: str) -> SourcePart:
    """Return what a translation of a transcript remembers."""
    return SourcePart(label="the transcript", markdown=markdown)


def may_be_transcript(file: str) -> bool:
    """Say whether a file of that name can be a transcript."""
    return file.endswith(".md") and posixpath.basename(file).split(".")[0] not in _OTHERS


def translation_name(file: str, language: str) -> str:
    """Return the usual name of a transcript's translation."""
    return f"{file.removesuffix('.md')}.{language}.md"


class Transcripts:
    """The transcripts of one course folder, each read and checked once."""

    def __init__(self, folder: CourseFolder, assets: Assets) -> None:
        self.folder = folder
        self.assets = assets
        self.used: set[str] = set()
        self._translations: dict[tuple[str, str], tuple[str, bool]] = {}

    def source(self, page: Page, line: int, name: str) -> str:
        """Return the text of a transcript that a box names, noting when there is none."""
        path = self._named(page, line, name)
        return self._text(path, 1) if path else ""

    def look(self, page: Page, line: int, name: str) -> str:
        """Note when there is no transcript of that name; its text comes with `told`."""
        self._named(page, line, name)
        return ""

    def told(
        self, source: ModuleFile, page: Page | None, blocks: tuple[Block, ...], language: str
    ) -> tuple[tuple[Block, ...], bool]:
        """Return a translation's blocks with their transcripts, and whether one has grown old.

        Without a translation of the module (`page`) its transcripts are read all the same.
        """
        found, old = list(blocks), False
        place = 0
        for part in source.parts:
            here = blocks[place] if place < len(blocks) else None
            if isinstance(part.block, Video):
                video = here if isinstance(here, Video) else None
                text, is_old = self._told(source.page, part.block, page, video, language)
                old = old or is_old
                if video:
                    found[place] = replace(video, transcript_markdown=text)
            place += part.block is not None
        return tuple(found), old

    def _told(
        self, page: Page, source: Video, told_page: Page | None, told: Video | None, language: str
    ) -> tuple[str, bool]:
        """Return one video's transcript in a language, and whether it has grown old."""
        own = path_of(source.transcript, page.folder) if source.transcript else None
        named = path_of(told.transcript, page.folder) if told and told.transcript else None
        is_other = named and named != own and may_be_transcript(named)
        path = named if is_other and named in self.folder.files else None
        if own is None or not source.transcript_markdown:
            return (self._text(path, 1) if path else ""), False
        path = path or translation_name(own, language)
        if path in self.folder.files:
            return self._translation(path, own, source.transcript_markdown)
        if told_page and told:
            message = f"The transcript is not translated yet: there is no {shown(path)}. "
            told_page.warning(told.line, "T202", f"{message}Learners see the source.")
        return "", False

    def _named(self, page: Page, line: int, name: str) -> str | None:
        path = path_of(name, page.folder)
        if path is None or not path.endswith(".md") or path not in self.folder.files:
            texts = [file for file in self.folder.files if file.endswith(".md")]
            beside = [posixpath.relpath(file, page.folder or ".") for file in texts]
            remedy = page.near(name, beside) or " Write the transcript beside this text, as .md."
            page.error(line, "M113", f"There is no transcript “{shown(name)}”.{remedy}")
            return None
        if not may_be_transcript(path):
            message = f"“{shown(path)}” is not a transcript. Write it in a file of its own."
            page.error(line, "M113", message)
            return None
        return path

    def _text(self, path: str, first: int) -> str:
        """Return a transcript's text from a line on."""
        page = self.folder.page(path)
        lines = page.lines[first - 1 :] if page else ()
        if page and path not in self.used:
            self.assets.add(check_markdown(page, first, lines, Outline()))
        self.used.add(path)
        return "\n".join(lines).strip()

    def _translation(self, path: str, own: str, source: str) -> tuple[str, bool]:
        if (path, own) not in self._translations:
            self._translations[path, own] = self._read_translation(path, own, source)
        return self._translations[path, own]

    def _read_translation(self, path: str, own: str, source: str) -> tuple[str, bool]:
        page = self.folder.page(path)
        head = front_matter(page) if page else None
        if page is None or head is None:
            self.used.add(path)
            return "", False
        text = self._text(path, head.body)
        fields = Fields(page, head.settings or Mapping(line=1), KEYS, letter="T")
        is_read = not head.is_present or head.settings is not None
        is_old = is_read and is_stale(fields, [transcript_part(source)], own)
        return ("" if untold(fields, 1) else text), is_old
