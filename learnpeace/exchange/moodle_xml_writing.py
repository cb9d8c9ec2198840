"""Questions as Moodle XML, in its Markdown dialect, with their pictures inside."""

import base64
import posixpath
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from xml.sax.saxutils import escape, quoteattr

from learnpeace.catalog.assets import is_outside
from learnpeace.catalog.markdown_rules import targets
from learnpeace.catalog.model import Asset, Choice, Kind, Question
from learnpeace.exchange.markdown_text import tidy
from learnpeace.exchange.notes import Notes
from learnpeace.exchange.taking_out import (
    Taken,
    is_truth,
    picture_of,
    stem_of,
    tell_what_changes,
    to_plain,
)
from learnpeace.exchange.weights import share

_NO_XML = re.compile("[\ufffe\uffff]")
_TYPES = {
    Kind.ONE: "multichoice", Kind.SEVERAL: "multichoice", Kind.ORDER: "ordering",
    Kind.MATCH: "matching", Kind.SHORT: "shortanswer", Kind.NUMBER: "numerical",
    Kind.OPEN: "essay",
}  # fmt: skip


def moodle_xml_text(taken: Iterable[Taken], assets: Mapping[str, Asset], notes: Notes) -> str:
    """Return questions as Moodle XML; what it cannot say is noted."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category = ""
    for one in taken:
        if one.category != category:
            category = one.category
            words = _text(f"$course$/top/{category}")
            lines.append(f'<question type="category"><category>{words}</category></question>')
        lines += _question(one, assets, notes)
    return "\n".join([*lines, "</quiz>"]) + "\n"


def _question(taken: Taken, assets: Mapping[str, Asset], notes: Notes) -> list[str]:
    question, note = taken.question, notes.of(taken.file)
    kind = "truefalse" if is_truth(question) else _TYPES.get(question.kind)
    if kind is None:
        message = f"“{question.id}” is a scale, which Moodle’s questions cannot say. Left out."
        note.add(question.line, message)
        return []
    tell_what_changes(taken, notes)
    return [
        f'<question type="{kind}">',
        f"<name>{_text(question.id)}</name>",
        _stem(taken, assets, note),
        _words("generalfeedback", question.reason),
        "<defaultgrade>1</defaultgrade>",
        f"<idnumber>{_safe(question.id)}</idnumber>",
        *_answers(question, kind, note),
        "</question>",
    ]


def _stem(taken: Taken, assets: Mapping[str, Asset], notes: Notes) -> str:
    stem, files = stem_of(taken.question), ""
    for target in dict.fromkeys(targets(taken.question.body)):
        asset = None if is_outside(target) else picture_of(taken, target, assets)
        if asset is None or not asset.media_type.startswith("image/"):
            continue
        name = posixpath.basename(asset.path)
        written = stem.replace(f"]({target}", f"](@@PLUGINFILE@@/{name}")
        if written == stem:
            message = f"The picture “{name}” is in the file; put it into the words again there."
            notes.add(taken.question.line, message)
        stem = written
        content = base64.b64encode(asset.content).decode()
        files += f'<file name={quoteattr(name)} path="/" encoding="base64">{content}</file>'
    return f'<questiontext format="markdown">{_text(stem)}{files}</questiontext>'


def _answers(question: Question, kind: str, notes: Notes) -> list[str]:
    match question.kind:
        case Kind.ONE if kind == "truefalse":
            return [_answer(one, "100" if one.right else "0", one.text.lower())
                    for one in question.choices]  # fmt: skip
        case Kind.ONE | Kind.SEVERAL:
            return _choices(question)
        case Kind.ORDER:
            steps = (f'<answer fraction="{n}" format="markdown">{_text(step.text)}</answer>'
                     for n, step in enumerate(question.choices, start=1))  # fmt: skip
            return ["<layouttype>VERTICAL</layouttype>", "<selecttype>ALL</selecttype>", *steps]
        case Kind.MATCH:
            return ["<shuffleanswers>true</shuffleanswers>", *_pairs(question, notes)]
        case Kind.SHORT:
            plain = (f'<answer fraction="100" format="plain_text">{_text(text)}</answer>'
                     for text in question.accepted)  # fmt: skip
            return ["<usecase>0</usecase>", *plain]
        case Kind.NUMBER:
            return [_number(question)]
        case _:
            return ["<responseformat>editor</responseformat>"]


def _choices(question: Question) -> list[str]:
    is_one = question.kind is Kind.ONE
    part = share(1 if is_one else sum(choice.right for choice in question.choices))
    wrong = "0" if is_one else "-100" if question.all_or_nothing else f"-{part}"
    single = "true" if is_one else "false"
    return [
        f"<single>{single}</single>",
        "<shuffleanswers>true</shuffleanswers>",
        "<answernumbering>none</answernumbering>",
        *(_answer(one, part if one.right else wrong, one.text) for one in question.choices),
    ]


def _pairs(question: Question, notes: Notes) -> list[str]:
    return [
        f'<subquestion format="markdown">{_text(pair.left)}'
        f"<answer>{_text(to_plain(pair.right, notes, question.line))}</answer></subquestion>"
        for pair in question.pairs
    ]


def _number(question: Question) -> str:
    middle, width = middle_and_width(question.at_least, question.at_most)
    return (
        f'<answer fraction="100" format="plain_text">{_text(middle)}'
        f"<tolerance>{width}</tolerance></answer>"
    )


def middle_and_width(low: str, high: str) -> tuple[str, str]:
    """Return a range as a number and how far from it an answer may be."""
    with localcontext() as exact:
        exact.prec = 60
        width = (Decimal(high) - Decimal(low)) / 2
        return (format((Decimal(low) + width).normalize() + 0, "f"),
                format(width.normalize() + 0, "f"))  # fmt: skip


def _answer(choice: Choice, fraction: str, text: str) -> str:
    feedback = _words("feedback", choice.reason)
    return f'<answer fraction="{fraction}" format="markdown">{_text(text)}{feedback}</answer>'


def _words(name: str, markdown: str) -> str:
    return f'<{name} format="markdown">{_text(markdown)}</{name}>'


def _text(text: str) -> str:
    return f"<text>{_safe(text)}</text>"


def _safe(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", tidy(text)))
