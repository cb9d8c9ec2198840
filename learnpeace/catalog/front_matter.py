"""The settings between two --- lines at the head of a text."""

from dataclasses import dataclass

from learnpeace.catalog.files import MAX_YAML
from learnpeace.catalog.page import Page
from learnpeace.catalog.yaml_text import Mapping, read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The settings (None when there are none to trust) and the line the text begins on."""

    settings: Mapping | None
    body: int
    is_present: bool


def front_matter(page: Page) -> FrontMatter | None:
    """Split the settings from the text; None when the closing --- is missing."""
    if not page.lines or page.lines[0].rstrip() != "---":
        return FrontMatter(settings=None, body=1, is_present=False)
    end = next((n for n, line in enumerate(page.lines[1:], 2) if line.rstrip() == "---"), 0)
    if not end:
        message = "The settings at the head are not closed. Put a line --- after the last one."
        page.error(1, "F310", message)
        return None
    if sum(len(line.encode()) + 1 for line in page.lines[:end]) > MAX_YAML:
        page.error(1, "F309", f"The settings are larger than {MAX_YAML // 1000} kB. Shorten them.")
        return FrontMatter(settings=None, body=end + 1, is_present=True)
    settings = read_yaml(page, first=2, last=end - 1) if end > 2 else Mapping(line=1)
    return FrontMatter(settings=settings, body=end + 1, is_present=True)
