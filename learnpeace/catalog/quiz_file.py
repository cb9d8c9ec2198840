"""quiz.md, question banks and surveys."""

import re
from dataclasses import dataclass
from datetime import timedelta

from learnpeace.catalog.answers import Place, question_of
from learnpeace.catalog.drafts import Draft, drafts
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.front_matter import front_matter
from learnpeace.catalog.markdown_rules import Reference, check_markdown
from learnpeace.catalog.model import Keep, Kind, Question, Quiz, Show, Shuffle
from learnpeace.catalog.page import Page, page_of
from learnpeace.catalog.problems import Findings, Problem, shown
from learnpeace.catalog.yaml_text import Mapping, Scalar

QUIZ_KEYS = ("pass", "tries", "wait", "keep", "show", "pick", "shuffle", "banks")
_WAIT = re.compile(r"(0|[0-9]{1,4}(?=[mhd]))([mhd]?)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_RULES_ADVICE = " The rules stand in the quiz that uses this file. Delete this line."


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Questions with what was found in their texts; `drafts` are as written."""

    page: Page
    questions: tuple[Question, ...]
    drafts: tuple[Draft, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizFile:
    """A quiz with its own questions, the banks it names, and where its rules stand."""

    quiz: Quiz
    own: QuestionSet
    banks: tuple[Scalar, ...]
    rules: Fields
    body: int


def load_quiz_text(text: str, file: str = "quiz.md") -> tuple[Quiz | None, tuple[Problem, ...]]:
    """Read the text of a quiz without a folder around it: its banks and links stay unread.

    The quiz is None when there is an error. Never raises.
    """
    findings = Findings()
    loaded = read_quiz(page_of(text, file, findings))
    if loaded is not None and not loaded.banks:
        check_pool(loaded, loaded.quiz)
    quiz = None if findings.has_errors or loaded is None else loaded.quiz
    return quiz, findings.sorted()


def read_quiz(page: Page) -> QuizFile | None:
    """Read a quiz; None when its head cannot be told from its questions."""
    head = front_matter(page)
    if head is None:
        return None
    rules = Fields(page, head.settings or Mapping(line=1), QUIZ_KEYS)
    own = read_questions(page, head.body, page.lines[head.body - 1 :], Place.QUIZ, level=2)
    quiz = Quiz(
        pass_mark=_pass_mark(rules),
        tries=_tries(rules),
        wait=_wait(rules),
        keep=rules.one_of("keep", Keep, Keep.BEST),
        show=rules.one_of("show", Show, Show.HANDED_IN),
        pick=rules.whole("pick", 0, low=1, high=500) or None,
        shuffle=_shuffle(rules),
        questions=own.questions,
    )
    return QuizFile(quiz=quiz, own=own, banks=rules.scalars("banks"), rules=rules, body=head.body)


def read_plain_questions(page: Page, place: Place) -> QuestionSet | None:
    """Read a bank or a survey: questions without rules."""
    head = front_matter(page)
    if head is None:
        return None
    advice = dict.fromkeys(QUIZ_KEYS, _RULES_ADVICE)
    Fields(page, head.settings or Mapping(line=1), (), advice=advice)
    found = read_questions(page, head.body, page.lines[head.body - 1 :], place, level=2)
    if not found.drafts:
        page.error(head.body, "Q125", "There is no question here. Write one: ## Words? {#id}")
    return found


def read_questions(
    page: Page, first: int, lines: tuple[str, ...], place: Place, *, level: int | None
) -> QuestionSet:
    """Read questions on some lines of a page."""
    found = drafts(page, first, lines, level=level)
    made = [(draft, question_of(draft, place)) for draft in found]
    questions = [question for draft, question in made if question and draft.id and draft.text]
    references = [reference for draft in found for reference in draft_references(draft)]
    return QuestionSet(
        page=page, questions=tuple(questions), drafts=tuple(found), references=tuple(references)
    )


def draft_references(draft: Draft) -> list[Reference]:
    """Return the links and pictures of a question, which stand beside its lines, not in them."""
    found = check_markdown(draft.page, draft.first, draft.lines, None)
    tight = {draft.first}
    for item in draft.answers.lines if draft.answers else ():
        if item.text.lstrip()[:1] != ">":
            tight.add(item.number)
    for reference in found:
        is_outside = not reference.is_picture and ":" in reference.target
        if reference.line in tight and not is_outside:
            message = "Pictures and links to the course cannot stand in a question's own line or "
            message += "an answer. Move this to a paragraph between the question and its answers."
            draft.error("Q126", message, reference.line)
    return found


def check_pool(file: QuizFile, quiz: Quiz) -> None:
    """Note what no learner could reach with these rules and these questions."""
    rules, page = file.rules, file.own.page
    total = len(quiz.questions)
    unmarked = sum(1 for question in quiz.questions if question.kind is Kind.OPEN)
    if not total:
        if not file.own.drafts:
            message = "There is no question here. Write one: ## Words? {#id}"
            page.error(file.body, "Q125", message)
    elif len(file.own.drafts) > len(file.own.questions):
        return  # questions that could not be read are told already, and would count
    elif quiz.pick and quiz.pick > total:
        message = f"“pick” asks for {quiz.pick} questions and there are {total}. Write {total} "
        page.error(rules.line("pick"), "Q132", f"{message}or less, or add questions.")
    elif quiz.pass_mark and unmarked == total:
        message = "The pass mark cannot be reached: no question here is marked by machine. "
        page.error(rules.line("pass"), "Q131", f"{message}Add one, or write pass: 0.")
    elif quiz.pass_mark and quiz.pick and quiz.pick <= unmarked:
        message = f"“pick” may draw {quiz.pick} open questions and none that is marked. Raise it "
        page.error(rules.line("pick"), "Q131", f"{message}above {unmarked}.")


def _pass_mark(rules: Fields) -> int:
    text = rules.text("pass").removesuffix("%").strip()
    if not text or (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= 100):
        return int(text) if text else 70
    if text.isascii() and text.isdigit():
        message = f"A pass mark of {shown(text)} percent cannot be reached. Write 100 or less."
        rules.page.error(rules.line("pass"), "Q131", message)
    else:
        message = f"“pass” is a percentage from 0 to 100, not “{shown(text)}”."
        rules.page.error(rules.line("pass"), "Q004", message)
    return 70


def _tries(rules: Fields) -> int | None:
    if rules.text("tries", "unlimited") == "unlimited":
        return None
    text = rules.text("tries")
    if not (text.isascii() and text.isdigit() and 0 < int(text[:4]) <= 100):
        message = f"“tries” is a whole number from 1 to 100 or “unlimited”, not “{shown(text)}”."
        rules.page.error(rules.line("tries"), "Q135", message)
        return None
    return int(text)


def _wait(rules: Fields) -> timedelta:
    text = rules.text("wait", "0")
    if match := _WAIT.fullmatch(text):
        return int(match[1]) * _UNITS.get(match[2], timedelta())
    message = f"“wait” is a time such as 10m, 1h or 0, not “{shown(text)}”."
    rules.page.error(rules.line("wait"), "Q134", message)
    return timedelta()


def _shuffle(rules: Fields) -> tuple[Shuffle, ...]:
    words = [
        rules.word(scalar.text, scalar.line, Shuffle, "shuffle")
        for scalar in rules.scalars("shuffle")
    ]
    return tuple(dict.fromkeys(word for word in words if word is not None))
