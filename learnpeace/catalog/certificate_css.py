"""The style of a course's own certificate: a few properties, with sizes that follow the page.

Nothing of the author's CSS is kept as written. Each rule is read by a CSS parser; selectors
are put under the certificate's own part of the page, and what may not be there is named. Sizes
are in `em`, so that the same sheet serves each paper, the screen and long names. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tinycss2

from learnpeace.catalog.certificate_html import TAGS
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import listed, shown
from learnpeace.lib.colours import COLOUR, ENOUGH, contrast

LARGEST = 8_000  # characters
INSIDE = ".certificate .certificate__own"
WHITE, INK = "#ffffff", "#1e2a2b"
_SIDES = ("top", "right", "bottom", "left")
WORDS: Mapping[str, tuple[str, ...]] = {
    "font-weight": ("normal", "bold"),
    "font-style": ("normal", "italic"),
    "text-align": ("center", "left", "right", "start", "end"),
    "text-decoration": ("none", "underline"),
    "text-transform": ("none", "uppercase"),
    "display": ("block", "inline", "inline-block"),
    **{f"border-{side}": ("solid", "dotted", "dashed", "double") for side in _SIDES},
    "border": ("solid", "dotted", "dashed", "double"),
    "border-radius": (),
    **{f"margin-{side}": ("auto",) for side in _SIDES},
    "margin": ("auto",),
    **{f"padding-{side}": () for side in _SIDES},
    "padding": (),
    "width": ("auto",),
    "max-width": ("none",),
    "height": ("auto",),
    "max-height": ("none",),
    "vertical-align": ("middle", "baseline", "top", "bottom"),
    "font-size": (),
    "line-height": ("normal",),
    "color": (),
    "background-color": (),
}
_COLOURED = frozenset(
    {"color", "background-color", "border", *(f"border-{side}" for side in _SIDES)}
)
_PLACES = frozenset({"position", "top", "right", "bottom", "left", "transform", "float", "inset",
                     "z-index", "overflow"})  # fmt: skip
_SELECTOR = re.compile(
    rf"(?:{'|'.join(TAGS)}|\.[a-z][a-z0-9-]{{0,30}})(?:\.[a-z][a-z0-9-]{{0,30}})*"
)
_UNITS = {"em": 60.0, "%": 100.0}  # the most of each


def read_certificate_css(page: Page) -> str:
    """Return the checked style, written anew; "" after noting what is wrong."""
    text = "\n".join(page.lines)
    if len(text) > LARGEST:
        page.error(1, "K107", f"This file has more than {LARGEST} characters. Make it shorter.")
        return ""
    before = len(page.findings.found)
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    written = [line for rule in rules if (line := _rule(page, rule))]
    return "" if len(page.findings.found) > before else "\n".join(written)


def _rule(page: Page, rule: Any) -> str:
    if rule.type == "at-rule":
        message = f"“@{shown(rule.at_keyword)}” is not for certificates: nothing comes from "
        page.error(rule.source_line, "K201", f"{message}elsewhere, and page and fonts are ours.")
        return ""
    if rule.type != "qualified-rule":
        page.error(rule.source_line, "K201", "This cannot be read. Write .name { color: #1e2a2b }")
        return ""
    selectors = [one.strip() for one in tinycss2.serialize(rule.prelude).split(",")]
    for selector in selectors:
        if not all(map(_is_simple, selector.split())) or not selector:
            message = f"“{shown(selector)}” is not understood here. Write a class such as .motto, "
            page.error(rule.source_line, "K202", f"{message}or one of {', '.join(TAGS)}.")
    body = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    lines = list(_declarations(page, body))
    _check_contrast(page, rule.source_line, dict(lines))
    inside = ", ".join(f"{INSIDE} {' '.join(selector.split())}" for selector in selectors)
    return f"{inside} {{ {' '.join(f'{name}: {value};' for name, value in lines)} }}"


def _is_simple(part: str) -> bool:
    return _SELECTOR.fullmatch(part) is not None and ".certificate" not in part


def _declarations(page: Page, body: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for one in body:
        if one.type != "declaration":
            page.error(one.source_line, "K201", "This cannot be read. Write color: #1e2a2b; "
                                                "with a semicolon at the end.")  # fmt: skip
        elif one.lower_name not in WORDS:
            page.error(one.source_line, "K203", _unknown(page, one.lower_name))
        elif one.important:
            page.error(one.source_line, "K204", "Delete !important: nothing here needs it.")
        else:
            wrong = list(_wrong(one.lower_name, one.value))
            for message in wrong:
                page.error(one.source_line, "K204", message)
            if not wrong:
                yield one.lower_name, tinycss2.serialize(one.value).strip().lower()


def _unknown(page: Page, name: str) -> str:
    if name in _PLACES:
        return f"“{shown(name)}” could move words off their place. Use margin-top and text-align."
    if name.startswith("font"):
        return f"“{shown(name)}” is ours: each name is set in the letters of its own script."
    near = page.near(name, WORDS)
    return f"“{shown(name)}” is not for certificates.{near} There are {', '.join(WORDS)}."


def _wrong(name: str, value: Sequence[Any]) -> Iterator[str]:
    """Yield what is wrong with a value, in sentences."""
    for part in value:
        if part.type in ("whitespace", "comment"):
            continue
        if part.type == "ident" and part.lower_value in WORDS[name]:
            continue
        if part.type == "hash" and name in _COLOURED and COLOUR.fullmatch(f"#{part.value}".lower()):
            continue
        if part.type == "number" and _is_plain(name, part.value):
            continue
        if part.type in ("dimension", "percentage"):
            yield from _wrong_size(name, part)
        else:
            yield _not_for(name, part)


def _is_plain(name: str, value: float) -> bool:
    if name == "line-height":
        return 1 <= value <= 3
    return value == 0 and name.startswith(("margin", "padding", "border"))


def _wrong_size(name: str, part: Any) -> Iterator[str]:
    unit = "%" if part.type == "percentage" else part.lower_unit
    most = 5.0 if name == "font-size" and unit == "em" else _UNITS.get(unit, 0)
    least = 0.5 if name == "font-size" else 0.0
    if unit not in _UNITS or (unit == "%" and name == "font-size"):
        yield f"Write sizes in em, not in {shown(unit)}: 1em is the size of the usual text."
    elif not least <= part.value <= most:
        yield f"“{name}” goes from {least:g} to {most:g}{unit}; words must stay on the page."


def _not_for(name: str, part: Any) -> str:
    if part.type == "url" or (part.type == "function" and part.lower_name == "url"):
        return 'Nothing is fetched here. Show the course\'s picture with <img src="logo.svg" …>.'
    if name in _COLOURED:
        return (
            f"“{shown(part.serialize())}” is not understood in “{name}”. Write colours as #1e2a2b."
        )
    known = f" There are {listed(WORDS[name])}." if WORDS[name] else ""
    return f"“{shown(part.serialize())}” is not understood in “{name}”.{known}"


def _check_contrast(page: Page, line: int, told: Mapping[str, str]) -> None:
    words, ground = told.get("color", ""), told.get("background-color", "")
    if not words and not ground:
        return
    found = contrast(words or INK, ground or WHITE)
    if found < ENOUGH:
        where = f"on {ground}" if ground else "on white paper"
        message = f"Words in {words or INK} {where} have a contrast of {found:.1f}; 4.5 are needed"
        page.error(line, "K205", f"{message}. Choose a darker colour, or name both in one rule.")
