"""Questions written in our grammar, and read back to be sure that they say the same."""

import re
from collections.abc import Iterable

from learnpeace.catalog.answers import Place
from learnpeace.catalog.model import Choice, Kind, Question
from learnpeace.catalog.outline import fences, heading
from learnpeace.catalog.page import page_of
from learnpeace.catalog.problems import Findings, Problem
from learnpeace.catalog.quiz_file import read_plain_questions
from learnpeace.catalog.shapes import Shape, shape_of
from learnpeace.exchange.markdown_text import closed

_FREE_CODES = ("A101",)  # a picture without alt text is for its author to mend


def questions_text(questions: Iterable[Question], *, level: int = 2) -> str:
    """Return questions as the text of a bank; `level` is their headings' level."""
    return "\n\n".join(question_text(question, level=level) for question in questions) + "\n"


def question_text(question: Question, *, level: int = 2) -> str:
    """Return one question in our grammar."""
    words = ["#" + question.id]
    if question.all_or_nothing and question.kind is Kind.SEVERAL:
        words.append("all")
    if question.was:
        words.append(f"was={question.was}")
    lines = [f"{'#' * level} {question.text} {{{' '.join(words)}}}"]
    if question.body:
        lines += ["", *question.body.split("\n"), ""]
    lines += _answers(question)
    if question.reason:
        lines += ["", *_quoted(question.reason, "")]
    return "\n".join(line.rstrip() for line in lines)


def what_is_wrong(question: Question) -> str:
    """Return why a question cannot be written in our grammar, or nothing when it can."""
    findings = Findings()
    page = page_of(question_text(question), "quiz.md", findings)
    found = read_plain_questions(page, Place.QUIZ)
    problems = [problem for problem in findings.sorted() if problem.code not in _FREE_CODES]
    if problems:
        return problems[0].message
    read = found.questions if found else ()
    if [said(one) for one in read] == [said(question)]:
        return ""
    return "Its words look like answers, or its answers like words."


def said(question: Question) -> tuple[object, ...]:
    """Return all that a question says, without the place it stands in."""
    return (
        question.id, question.kind, question.text, question.body, question.choices,
        question.pairs, question.accepted, question.at_least, question.at_most, question.scale,
        question.all_or_nothing, question.reason, question.was,
    )  # fmt: skip


def problems_of(markdown: str, file: str) -> list[Problem]:
    """Return the checker's problems with the text of a bank, those of pictures left out."""
    findings = Findings()
    read_plain_questions(page_of(markdown, file, findings), Place.QUIZ)
    return [problem for problem in findings.sorted() if problem.code not in _FREE_CODES]


def body_text(markdown: str) -> str:
    """Return the words under a question so that nothing in them is taken for an answer."""
    lines = closed(markdown).split("\n")
    code = fences(lines).code
    safe = [line if code[n] else _safe_line(line) for n, line in enumerate(lines)]
    return "\n".join(line.rstrip() for line in safe).strip("\n")


def parted(body: str) -> str:
    """Return words that end with a rule, which parts a list in them from a list of answers."""
    return f"{body}\n\n---" if body else ""


def _safe_line(line: str) -> str:
    if found := heading(line):
        return f"**{found[1].strip('*')}**" if found[1].strip("* ") else ""
    shape = shape_of(line)
    blank = line[: len(line) - len(line.lstrip())]
    if shape is Shape.CHOICE:
        return re.sub(r"[(\[]", lambda sign: "\\" + sign[0], line, count=1)
    if shape in (Shape.EQUALS, Shape.OPEN):
        return f"{blank}\\{line.lstrip()}"
    return line


def _answers(question: Question) -> list[str]:
    match question.kind:
        case Kind.ONE | Kind.SEVERAL:
            return _choices(question)
        case Kind.ORDER:
            return _steps(question.choices)
        case Kind.MATCH:
            rows = (f"| {_cell(pair.left)} | {_cell(pair.right)} |" for pair in question.pairs)
            return ["| | |", "|--|--|", *(row.replace("|  |", "| |", 1) for row in rows)]
        case Kind.SHORT:
            return [f"= {text}" for text in question.accepted]
        case Kind.NUMBER:
            is_one = question.at_least == question.at_most
            return [f"= {question.at_least}" + ("" if is_one else f"..{question.at_most}")]
        case Kind.SCALE if question.scale:
            scale = question.scale
            return [f"{scale.low} {scale.low_label} … {scale.high} {scale.high_label}"]
        case _:
            return ["___"]


def _choices(question: Question) -> list[str]:
    start, end = "()" if question.kind is Kind.ONE else "[]"
    lines: list[str] = []
    for choice in question.choices:
        lines.append(f"- {start}{'x' if choice.right else ' '}{end} {choice.text}")
        lines += _quoted(choice.reason, "  ")
    return lines


def _steps(choices: tuple[Choice, ...]) -> list[str]:
    lines: list[str] = []
    for number, choice in enumerate(choices, start=1):
        lines.append(f"{number}. {choice.text}")
        lines += _quoted(choice.reason, "   ")
    return lines


def _quoted(text: str, indent: str) -> list[str]:
    return [f"{indent}> {line}".rstrip() for line in text.split("\n")] if text else []


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
