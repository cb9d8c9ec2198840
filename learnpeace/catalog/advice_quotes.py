"""Quotes in a module that name no source."""

import re
from collections.abc import Iterator, Sequence

from learnpeace.catalog.blocks import RawBlock
from learnpeace.catalog.outline import fences
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown

_QUOTE = re.compile(r" {0,3}>(?: {0,3}>){0,20}[ \t]?(.*)")
_LINK = re.compile(r"\]\(|\]\[|\[\^|https?://")
_NAME_LINE = re.compile(r"[\s*_(]{0,8}(?:—|–|―|--)\s*[*_(\[]{0,4}[^\W_].*")
_NAME_AT_END = re.compile(r"[.!?…”’\"')»*_]\s*(?:—|–|―|--)\s*[*_(\[]{0,4}[^\W_][^—–―]{0,120}$")
_NEW_BLOCK = ("-", "*", "+", "#", "|", ":", "`", "~")


def advise_quotes(page: Page, blocks: Sequence[RawBlock]) -> None:
    """Warn of each quote that says neither who wrote it nor where."""
    for block in blocks:
        if block.name != "check":  # there a quote is a reason
            for line, quote in quotes(block.lines, block.first):
                if not has_source(quote):
                    words = shown(" ".join(quote), 40)
                    message = f"The quote “{words}” names no source. End it with a line "
                    message += "> — Name, title, or a link, or write sources: at the head."
                    page.warning(line, "M303", message)


def quotes(lines: Sequence[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each quote's line and its lines without > signs; code is not looked at."""
    code = fences(lines).code
    start, here = 0, list[str]()
    for number, line in enumerate([*lines, ""]):
        is_code = number < len(lines) and code[number]
        match = None if is_code else _QUOTE.fullmatch(line)
        if match:
            start = start if here else first + number
            here.append(match[1])
        elif here and not is_code and _goes_on(line) and here[-1].strip():
            here.append(line)
        elif here:
            yield start, here
            here = []


def has_source(quote: Sequence[str]) -> bool:
    """Say whether a quote holds a link, a note or a line “— Name”, or ends with one."""
    if any(_LINK.search(line) or _NAME_LINE.fullmatch(line) for line in quote):
        return True
    last = next((line for line in reversed(quote) if line.strip()), "")
    return _NAME_AT_END.search(last.rstrip()[-300:]) is not None


def _goes_on(line: str) -> bool:
    """Say whether a line without its > sign still belongs to the quote above it."""
    return bool(line.strip()) and not line.lstrip().startswith(_NEW_BLOCK)
