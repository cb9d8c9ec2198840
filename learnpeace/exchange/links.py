"""Links and pictures in texts from elsewhere: led to where their targets stand now."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from learnpeace.catalog.assets import PICTURES, is_outside, media_type
from learnpeace.catalog.problems import shown
from learnpeace.exchange.markdown_text import Names, line_in, outside_code
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.pictures import safe_name, what_is_wrong_with

_TARGET = (
    r"\(\s{0,5}(?P<target><[^<>\n]{0,500}>|(?>(?:[^\s()<>]|\([^\s()]{0,200}\)){0,500}))"
    r"""(?P<title>\s{1,5}(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\s{0,5}\)"""
)
_WORDS = r"(?P<words>(?>(?:[^\[\]\\]|\\.|\[[^\[\]\n]{0,300}\]){0,400}))"
_PICTURE = re.compile(rf"!\[{_WORDS}\]{_TARGET}", re.DOTALL)
_LINK = re.compile(rf"(?<![!\\])\[{_WORDS}\]{_TARGET}", re.DOTALL)
_DEFINITION = re.compile(
    r"^ {0,3}\[(?P<name>[^\[\]\n^][^\[\]\n]{0,200})\]:[ \t]*(?P<target><[^<>\n]{1,500}>|\S{1,500})"
    r"""(?:[ \t]+(?P<title>"[^"\n]{0,300}"|'[^'\n]{0,300}'|\([^()\n]{0,300}\)))?[ \t]*$""",
    re.MULTILINE,
)
_BY_NAME = re.compile(
    r"(?<!\\)(?P<mark>!?)\[(?P<words>[^\[\]\n]{1,300})\](?:\[(?P<name>[^\[\]\n]{0,200})\])?(?![(:\[])"
)
_SCHEMES = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


def with_targets(markdown: str, more: str = "") -> str:
    """Return a text whose [words][name] links hold their targets; `more` may define names."""
    defined = dict(_definitions(f"{markdown}\n{more}"))
    if not defined:
        return markdown
    cleared = outside_code(markdown, lambda text: _DEFINITION.sub("", text))

    def put_in(match: re.Match[str]) -> str:
        found = defined.get(_key(match["name"] or match["words"]))
        return f"{match['mark']}[{match['words']}]({found})" if found else match[0]

    return outside_code(cleared, lambda text: _BY_NAME.sub(put_in, text))


@dataclass(slots=True, kw_only=True)
class Links:
    """Where the texts of one source lead: `modules` holds each chapter's module by its path."""

    files: Mapping[str, bytes]
    modules: Mapping[str, str]
    notes: Notes
    copied: dict[str, bytes] = field(default_factory=dict)
    _named: dict[tuple[str, str], str] = field(default_factory=dict)
    _names: dict[str, Names] = field(default_factory=dict)

    def led(self, markdown: str, path: str, line: int) -> str:
        """Return a text of the source file `path` whose links and pictures lead on."""
        place = _Place(self, path, markdown, line)
        if "](" not in markdown:
            return markdown
        shown_ = outside_code(markdown, lambda text: _PICTURE.sub(place.picture, text))
        return outside_code(shown_, lambda text: _LINK.sub(place.link, text))

    def find(self, target: str, path: str) -> str:
        """Return the file of the source that a target leads to, or nothing."""
        for guess in _guesses(target, posixpath.dirname(path)):
            if guess in self.files or guess in self.modules:
                return guess
        return ""

    def copy(self, found: str, module: str) -> str:
        """Return the name under which a file now stands in a module's folder."""
        if (module, found) not in self._named:
            names = self._names.setdefault(module, Names())
            self._named[module, found] = safe_name(found, names)
            self.copied[f"{module}/{self._named[module, found]}"] = self.files[found]
        return self._named[module, found]


class _Place:
    """One text while its links are changed."""

    def __init__(self, links: Links, path: str, markdown: str, first: int) -> None:
        self.links = links
        self.path = path
        self.markdown = markdown
        self.first = first
        self.line = first

    def picture(self, match: re.Match[str]) -> str:
        """Return a picture as it stands in its module."""
        self.line = line_in(self.markdown, match[0], self.first)
        target, alt, title = match["target"].strip("<>"), match["words"], match["title"] or ""
        alt = " ".join(alt.split())
        if is_outside(target):
            if not _SCHEMES.match(target):
                self.note(f"The picture “{shown(target)}” cannot be carried; its words stay.")
                return alt
            self.note(f"The picture “{shown(target)}” is elsewhere; it is a link now.")
            return f"[{alt or target}](<{target}>)"
        found = self.links.find(target, self.path)
        module = self.links.modules[self.path]
        if found not in self.links.files:
            self.note(f"There is no picture “{shown(target)}”. Put it there: the checker names it.")
            return match[0]
        if not alt.strip():
            self.note(f"The picture “{shown(target)}” has no alt text. Say what it shows.")
        wrong = what_is_wrong_with(found, self.links.files[found])
        if wrong or posixpath.splitext(found)[1][1:].lower() not in PICTURES:
            known = ", ".join(PICTURES)
            wrong = wrong or f"“{shown(found)}” is no picture of the types {known}."
            self.note(f"{wrong} Its alt text stays.")
            return f"*{alt}*" if alt.strip() else ""
        return f"![{alt}]({self.links.copy(found, module)}{title})"

    def link(self, match: re.Match[str]) -> str:
        """Return a link that leads to where its target stands now, or its words."""
        self.line = line_in(self.markdown, match[0], self.first)
        target, words, title = match["target"].strip("<>"), match["words"], match["title"] or ""
        if is_outside(target):
            if _SCHEMES.match(target):
                return match[0]
            self.note(f"The link “{shown(target)}” cannot be followed safely; its words stay.")
            return words
        if not target or target.startswith("#"):
            self.note(f"Headings have no address here: “{shown(words, 40)}” is no link now.")
            return words
        found = self.links.find(target, self.path)
        if found in self.links.modules:
            return f"[{words}](../{self.links.modules[found]}/module.md{title})"
        if found and media_type(found):
            wrong = what_is_wrong_with(found, self.links.files[found])
            if not wrong:
                name = self.links.copy(found, self.links.modules[self.path])
                return f"[{words}]({name}{title})"
            self.note(wrong)
        self.note(f"The link “{shown(target)}” leads to nothing that is carried; its words stay.")
        return words

    def note(self, message: str) -> None:
        """Note something on the line of the link being changed."""
        self.links.notes.of(self.path.partition("#")[0]).add(self.line, message)


def _definitions(markdown: str) -> Iterator[tuple[str, str]]:
    for match in _DEFINITION.finditer(markdown):
        title = match["title"] or ""
        quoted = f' "{title[1:-1]}"' if title and '"' not in title[1:-1] else ""
        yield _key(match["name"]), f"{match['target']}{quoted}"


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _guesses(target: str, folder: str) -> Iterator[str]:
    """Yield the paths a target may mean: as written, or as its site generator would."""
    written = unquote(re.split(r"[?#]", target, maxsplit=1)[0]).strip()
    if not written or "\\" in written or "\0" in written:
        return
    is_root = written.startswith("/")
    for start in ("",) if is_root else (folder, ""):
        path = posixpath.normpath(posixpath.join(start, written.lstrip("/") or "."))
        if path.startswith(".."):
            path = re.sub(r"^(\.\./)+", "", path)  # sites flatten folders: ../fig/a.png
        bare = path.removesuffix(".html").removesuffix(".md")
        yield path
        yield f"{bare}.md"
        yield f"episodes/{bare}.md"
        yield f"episodes/{path}"
        yield posixpath.join(path, "README.md")
        yield posixpath.join(path, "index.md")
