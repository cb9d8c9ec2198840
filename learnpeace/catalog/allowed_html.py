"""What authors write instead of HTML, which is not let through."""

import re

_NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9-]*)")
_INSTEAD = {
    "b": "**bold**", "strong": "**bold**", "i": "*slanted*", "em": "*slanted*",
    "u": "*slanted*", "a": "[words](https://…)", "img": "![what it shows](picture.svg)",
    "br": "an empty line between paragraphs", "p": "an empty line between paragraphs",
    "hr": "a line with ---", "code": "`code`", "li": "lines that begin with “- ”",
    "ul": "lines that begin with “- ”", "ol": "lines that begin with “1. ”",
    "blockquote": "lines that begin with “> ”", "table": "a table of | signs",
    "h1": "## Heading", "h2": "## Heading", "h3": "### Heading",
    "video": "::: video https://…", "iframe": "::: video https://…", "del": "~~crossed out~~",
}  # fmt: skip


def instead_of(html: str) -> str:
    """Return the remedy for a piece of HTML that an author wrote."""
    name = _NAME.match(html)
    if html.startswith("<!--"):
        return "Delete it; notes for other authors belong in the commit message."
    if name and (markdown := _INSTEAD.get(name[1].lower())):
        return f"Write {markdown} instead."
    return "Take it out, or put `…` around it if readers should see these signs."
