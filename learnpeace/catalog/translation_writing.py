"""A translation written down in our grammar: the source's boxes, ids and lists, other words.

Nothing but words comes from a translator. Every box is empty, so a translation marks nothing.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from learnpeace.catalog.drafts import Draft
from learnpeace.catalog.front_matter import front_matter
from learnpeace.catalog.model import Kind, Question
from learnpeace.catalog.page import page_of
from learnpeace.catalog.passage_files import HEAD, Part
from learnpeace.catalog.problems import Findings
from learnpeace.catalog.question_passages import Passage
from learnpeace.catalog.yaml_text import Scalar

Words = Callable[[str, str], str]
"""Return the text of a place and name, or nothing where there is none."""

_OF = re.compile(r"of:[ \t]+[0-9a-f \t]*")
_HEADING = re.compile(r" {0,3}#{1,6}")


def written_file(head: Sequence[str], parts: Sequence[Sequence[str]]) -> str:
    """Return a file from the lines of its head and of its parts."""
    blocks = ["\n".join(head), *("\n".join(lines) for lines in parts if lines)]
    return "\n\n".join(blocks) + "\n"


def head_lines(of: Sequence[str], words: Words, objectives: int) -> list[str]:
    """Return the settings of a translation, in a module's order."""
    lines = ["---", f"of: {' '.join(of)}"]
    if title := words(HEAD, "title"):
        lines.append(f"title: {_value(title)}")
    found = [words(HEAD, f"objective-{n}") for n in range(1, objectives + 1)]
    if found and all(found):
        lines += ["objectives:", *(f"  - {_value(text)}" for text in found)]
    if note := words(HEAD, "content-note"):
        lines.append(f"content-note: {_value(note)}")
    return [*lines, "---"]


def settings_lines(of: Sequence[str], words: Mapping[str, str]) -> list[str]:
    """Return a course's texts as settings: what has no words is left out."""
    found = [f"{name}: {_value(text)}" for name, text in words.items() if text]
    return [f"of: {' '.join(of)}", *found]


def kept_head(lines: Sequence[str], of: Sequence[str]) -> list[str] | None:
    """Return a head as it is with another `of:`; None when that does not stand on one line."""
    places = [n for n, line in enumerate(lines) if _OF.fullmatch(line)]
    if len(places) != 1:
        return None
    kept = list(lines)
    kept[places[0]] = f"of: {' '.join(of)}"
    return kept


def text_lines(part: Part, opening: str, markdown: str) -> list[str]:
    """Return a stretch of text, or a box of text under its opening line."""
    lines = markdown.split("\n") if markdown else []
    return [opening, *lines, ":::"] if part.opening else lines


def question_part_lines(part: Part, opening: str, words: Words) -> list[str]:
    """Return a question, or a check with its questions."""
    blocks = [
        "\n".join(_question_lines(draft, part.questions.get(draft.id), words))
        for draft in part.drafts
    ]
    lines = "\n\n".join(blocks).split("\n")
    return [opening, *lines, ":::"] if part.opening else lines


def _question_lines(draft: Draft, question: Question | None, words: Words) -> Iterator[str]:
    def said(name: str) -> str:
        return words(draft.id, name)

    depth = _HEADING.match(draft.lines[0])
    yield f"{depth[0].strip() if depth else '##'} {said('question')} {{#{draft.id}}}"
    body = said("body")
    if body:
        yield from ("", *body.split("\n"), "")
    if question is not None:
        yield from _answers(question, said)
    if reason := said("reason"):
        is_open = question is not None and question.kind is Kind.OPEN
        yield from (*([] if is_open else [""]), *_quoted(reason, ""))


def _answers(question: Question, said: Callable[[str], str]) -> Iterator[str]:
    match question.kind:
        case Kind.ONE | Kind.SEVERAL:
            box = "( )" if question.kind is Kind.ONE else "[ ]"
            for choice in question.choices:
                yield f"- {box} {said(f'choice-{choice.id}')}"
                yield from _quoted(said(f"reason-{choice.id}"), "  ")
        case Kind.ORDER:
            for step in question.choices:
                yield f"{step.id}. {said(f'step-{step.id}')}"
                yield from _quoted(said(f"reason-{step.id}"), "   ")
        case Kind.MATCH:
            yield from ("| | |", "|--|--|")
            for pair in question.pairs:
                left, right = _cell(said(f"left-{pair.id}")), _cell(said(f"right-{pair.id}"))
                yield f"| {left} | {right} |" if left else f"| | {right} |"
        case Kind.SHORT:
            yield from (f"= {text}".rstrip() for text in said("accepted").split("\n"))
        case Kind.NUMBER:
            yield "="
        case Kind.SCALE:
            scale = question.scale
            if scale:
                yield f"{scale.low} {said('low')} … {scale.high} {said('high')}"
        case Kind.OPEN:
            yield "___"


def _quoted(text: str, indent: str) -> Iterator[str]:
    for line in text.split("\n") if text else ():
        yield f"{indent}> {line}" if line.strip() else f"{indent}>"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _value(text: str) -> str:
    """Return a text as a value of a setting, in quotes only where it needs them."""
    page = page_of(f"---\nkey: {text}\n---\n", "module.md", Findings())
    head = front_matter(page)
    node = head.settings.entries.get("key") if head and head.settings else None
    is_plain = isinstance(node, Scalar) and node.text == text and not page.findings.found
    return text if is_plain and text[:1] not in "\"'" else json.dumps(text, ensure_ascii=False)


def placeholder(passage: Passage) -> str:
    """Return what stands in the file for a passage that is not translated yet.

    Reasons and further answers may be absent; everything else has the source's words, and
    `of:` says that they are not translated.
    """
    return "" if passage.role in ("reason", "accepted") else passage.text
