"""The text of a course's own certificate: a little HTML with names in braces. Pure.

Nothing of the author's HTML is kept as written. It is read, each thing that may not be there
is named, and what is left is written anew: tags and classes from short lists, texts escaped.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import listed, shown

PLACEHOLDERS = ("name", "course", "kind", "given", "sentence", "day", "until", "hours", "city",
                "cohort")  # fmt: skip
NEEDED = ("name", "course", "day")
BLOCKS, INLINE, EMPTY = ("div", "p"), ("span", "strong", "em"), ("br", "hr", "img")
TAGS = (*BLOCKS, *INLINE, *EMPTY)
LOGO = "logo"  # what the picture's address is until the page is made
LARGEST = 8_000  # characters
DEEPEST = 8
CLASS = re.compile(r"[a-z][a-z0-9-]{0,30}")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


def read_certificate_html(page: Page, logo: str, *, expires: bool) -> str:
    """Return the checked text, written anew; "" after noting what is wrong.

    `logo` is the name of the course's picture, or empty. `expires` asks for the last day.
    """
    text = "\n".join(page.lines)
    if len(text) > LARGEST:
        page.error(1, "K107", f"This file has more than {LARGEST} characters. Make it shorter.")
        return ""
    reading = _Reading(page=page, logo=logo)
    reading.feed(text)
    reading.close()
    reading.end(expires=expires)
    return "" if reading.is_wrong else "".join(reading.written).strip()


@dataclass(eq=False)
class _Reading(HTMLParser):
    """Reads tags and texts one by one; `open` are the tags that wait for their end."""

    page: Page
    logo: str
    written: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    is_wrong: bool = False
    lines_on: int = 0  # from where the words began that are being read

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def refuse(self, code: str, message: str) -> None:
        self.is_wrong = True
        self.page.error(self.getpos()[0] + self.lines_on, code, message)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.refuse("K102", f"A certificate may not hold <{shown(tag)}>. Write {_tags()}.")
            return
        if (tag in BLOCKS or tag == "hr") and set(self.open) - {"div"}:
            self.refuse("K106", f"<{tag}> cannot stand inside <{self.open[-1]}>. Close that first.")
        if len(self.open) >= DEEPEST:
            self.refuse(
                "K106", f"Tags stand more than {DEEPEST} deep in each other. Take some out."
            )
        words = "".join(self._attribute(tag, name, value or "") for name, value in attrs)
        if tag == "img":
            self._check_picture(dict(attrs))
        self.written.append(f"<{tag}{words}>")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY or tag not in TAGS:
            return
        if not self.open or self.open[-1] != tag:
            awaited = f"</{self.open[-1]}>" if self.open else "no end of a tag"
            self.refuse("K106", f"Here is </{tag}> where {awaited} is awaited. Put tags in order.")
            return
        self.open.pop()
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Take words, and the names in braces among them."""
        self.lines_on = 0
        last = 0
        for found in PLACEHOLDER.finditer(data):
            self._words(data[last : found.start()])
            self._placeholder(found[1])
            self.lines_on += found[0].count("\n")
            last = found.end()
        self._words(data[last:])
        self.lines_on = 0

    def handle_comment(self, data: str) -> None:
        self.refuse("K102", f"A certificate holds no notes: delete “{shown(data)}”.")

    def handle_decl(self, decl: str) -> None:
        self.refuse("K102", f"Delete <!{shown(decl)}>: this is a part of a page, not a whole one.")

    def handle_pi(self, data: str) -> None:
        self.refuse("K102", f"Delete <?{shown(data)}>.")

    def unknown_decl(self, data: str) -> None:
        self.refuse("K102", f"Delete <![{shown(data)}.")

    def end(self, *, expires: bool) -> None:
        """Note what is missing once everything was read."""
        if self.open:
            self.refuse("K106", f"<{self.open[-1]}> has no end. Write </{self.open[-1]}>.")
        needed = (*NEEDED, "until") if expires else NEEDED
        missing = [f"{{{{ {name} }}}}" for name in needed if name not in self.used]
        if missing:
            self.is_wrong = True
            message = f"This certificate does not say {listed(missing)}. Put it in."
            self.page.error(1, "K104", message)

    def _words(self, text: str) -> None:
        if braces := _BRACES.search(text):
            self.lines_on += text.count("\n", 0, braces.start())
            self.refuse("K103", "Here are braces that name nothing. Write {{ name }} and the like.")
        else:
            self.lines_on += text.count("\n")
            self.written.append(escape(text))

    def _placeholder(self, name: str) -> None:
        if name not in PLACEHOLDERS:
            near = self.page.near(name, PLACEHOLDERS)
            message = f"Nothing is called {{{{ {shown(name)} }}}}.{near}"
            self.refuse("K103", f"{message} There are {', '.join(PLACEHOLDERS)}.")
            return
        self.used.add(name)
        self.written.append(f"{{{{ {name} }}}}")

    def _attribute(self, tag: str, name: str, value: str) -> str:
        if name == "class":
            for word in value.split():
                if not CLASS.fullmatch(word) or word.startswith("certificate"):
                    message = f"“{shown(word)}” cannot be a class here. Use small letters a–z, "
                    self.refuse("K102", f"{message}digits and hyphens.")
            return f' class="{escape(" ".join(value.split()))}"'
        if tag == "img" and name == "src":
            return f' src="{LOGO}"'
        if tag == "img" and name == "alt":
            return f' alt="{escape(value)}"'
        self.refuse("K102", f"<{tag}> may not have “{shown(name)}”. Delete it; how things look "
                            "belongs in certificate.css, under a class.")  # fmt: skip
        return ""

    def _check_picture(self, attributes: dict[str, str | None]) -> None:
        source = attributes.get("src") or ""
        if not self.logo or source != self.logo:
            here = f'Write src="{self.logo}"' if self.logo else "Put logo.svg or logo.png there"
            message = f"“{shown(source)}” is not this certificate's picture. {here}."
            self.refuse("K105", message)
        if not (attributes.get("alt") or "").strip():
            self.refuse("K105", 'The picture has no words. Say what it shows: alt="…".')


def _tags() -> str:
    return listed(f"<{tag}>" for tag in TAGS)
