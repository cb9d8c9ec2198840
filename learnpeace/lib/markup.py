"""The only door from an author's text to HTML.

Markdown (raw HTML switched off) → bleach → ``Markup``, once, when a course is published;
never per request and never for a learner's own words, which stay plain text.

bleach has been in maintenance only since 2023. It stands behind `sanitise`, so changing
the engine is a change to this file alone. Its worst case needs deeply nested tags, which
Markdown without raw HTML cannot make; nesting and size are capped all the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import bleach
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.footnote import footnote_plugin

MAX_CHARACTERS = 256_000
TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "img",
        "sup",
        "section",
        "div",
    ]
)
ATTRIBUTES = {
    "a": ["href", "title", "rel", "id", "class", "role"],
    "img": ["src", "alt", "width", "height", "loading"],
    "ol": ["start", "class"],
    "section": ["class"],
    "li": ["id", "class"],
    "sup": ["class"],
    "table": ["role"],
    "thead": ["role"],
    "tbody": ["role"],
    "tr": ["role"],
    "th": ["role", "scope"],
    "td": ["role", "data-label"],
    "div": ["class"],
}
CLASSES = frozenset({"footnotes", "footnotes-list", "footnote-item", "footnote-ref",
                     "footnote-backref", "table-wrap"})  # fmt: skip
CERTIFICATE_TAGS = frozenset(["div", "p", "span", "strong", "em", "br", "hr", "img"])
CERTIFICATE_ATTRIBUTES = {"*": ["class"], "img": ["src", "alt", "class"]}
SCHEMES = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Where a picture is served; width and height in CSS pixels, 0 when unknown."""

    url: str
    width: int = 0
    height: int = 0


Resolve = Callable[[str], "Picture | str | None"]


def to_html(markdown: str, *, resolve: Resolve, notes: str = "") -> Markup:
    """Turn an author's Markdown into sanitised HTML.

    `resolve` tells where a link or picture of the course is served: a Picture, an address,
    or None for an address outside the course. `notes` sets footnote ids of several texts
    on one page apart. Raises ValueError above 256,000 characters.
    """
    if len(markdown) > MAX_CHARACTERS:
        raise ValueError("A text is longer than 256,000 characters.")
    env = {"resolve": resolve, "docId": notes} if notes else {"resolve": resolve}
    return sanitise(_PARSER.render(markdown, env))


def to_inline_html(markdown: str) -> Markup:
    """Turn one line of Markdown (a question, a choice) into sanitised inline HTML."""
    if len(markdown) > MAX_CHARACTERS:
        raise ValueError("A text is longer than 256,000 characters.")
    return sanitise(_PARSER.renderInline(markdown, {"resolve": lambda _target: None}))


def sanitise(html: str) -> Markup:
    """Keep what is on the lists above, drop the rest; the one place that makes Markup."""
    cleaned = bleach.clean(
        html, tags=TAGS, attributes=_allow, protocols=SCHEMES, strip=True, strip_comments=True
    )
    return Markup(cleaned)  # noqa: S704


def certificate_part(html: str) -> Markup:
    """Keep the few tags of a course's own certificate, with their classes; drop the rest."""
    cleaned = bleach.clean(
        html, tags=CERTIFICATE_TAGS, attributes=CERTIFICATE_ATTRIBUTES, protocols=SCHEMES,
        strip=True, strip_comments=True,
    )  # fmt: skip
    return Markup(cleaned)  # noqa: S704


def trusted(html: str) -> Markup:
    """Mark HTML that `sanitise` made earlier and the database kept."""
    return Markup(html)  # noqa: S704


def _allow(tag: str, name: str, value: str) -> bool:
    if name not in ATTRIBUTES.get(tag, []):
        return False
    if name == "class":
        return set(value.split()) <= CLASSES
    if name == "id":
        return value.startswith("fn")
    return True


def _image(
    self: RendererHTML, tokens: list[Token], index: int, _options: Any, env: Mapping[str, Any]
) -> str:
    token = tokens[index]
    alt = self.renderInlineAsText(token.children or [], _options, dict(env))
    found = env["resolve"](str(token.attrGet("src") or ""))
    if not isinstance(found, Picture):
        return str(escape(alt))
    size = f' width="{found.width}" height="{found.height}"' if found.width else ""
    image = f'<img src="{escape(found.url)}" alt="{escape(alt)}"{size} loading="lazy">'
    title = token.attrGet("title")
    caption = f"<figcaption>{escape(str(title))}</figcaption>" if title else ""
    return f"<figure>{image}{caption}</figure>"


def _link_open(
    self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Mapping[str, Any]
) -> str:
    token = tokens[index]
    href = str(token.attrGet("href") or "")
    found = env["resolve"](href)
    if isinstance(found, Picture):
        token.attrSet("href", found.url)
    elif found is not None:
        token.attrSet("href", found)
    else:
        token.attrSet("rel", "noopener noreferrer nofollow")
    return self.renderToken(tokens, index, options, dict(env))


def _table_open(*_args: object) -> str:
    # Below 600 pixels the style sheet shows a table as lines; the roles keep it a table
    # for those who listen.
    return '<div class="table-wrap"><table role="table">'


def _table_close(*_args: object) -> str:
    return "</table></div>"


def _label_cells(state: Any) -> None:
    """Give each table cell its column's heading, for the narrow layout."""
    headings: list[str] = []
    column = 0
    for index, token in enumerate(state.tokens):
        if token.type == "table_open":
            headings = []
        elif token.type == "tr_open":
            token.attrSet("role", "row")
            column = 0
        elif token.type == "th_open":
            headings.append(state.tokens[index + 1].content)
            token.attrSet("scope", "col")
            token.attrSet("role", "columnheader")
        elif token.type == "td_open":
            token.attrSet("role", "cell")
            token.attrSet("data-label", headings[column] if column < len(headings) else "")
            column += 1


def _unwrap_pictures(state: Any) -> None:
    """Let a picture that is a paragraph of its own stand without the paragraph."""
    for index, token in enumerate(state.tokens):
        children = token.children or []
        is_paragraph = index > 0 and state.tokens[index - 1].type == "paragraph_open"
        if is_paragraph and len(children) == 1 and children[0].type == "image":
            state.tokens[index - 1].hidden = True
            state.tokens[index + 1].hidden = True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20, "typographer": True})
    parser.enable(["table", "strikethrough", "smartquotes"])
    parser.use(footnote_plugin)
    parser.core.ruler.push("label_cells", _label_cells)
    parser.core.ruler.push("unwrap_pictures", _unwrap_pictures)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


_PARSER = _parser()
