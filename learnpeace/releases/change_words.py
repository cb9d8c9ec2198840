"""Changes between two releases as sentences for people, with their words side by side."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from flask_babel import gettext

from learnpeace.catalog.changes import Change, Step, What
from learnpeace.catalog.model import Course, Module
from learnpeace.lib.languages import language
from learnpeace.releases.word_changes import Effort, Stretch, word_changes

LONGEST = 80  # characters of a question's text in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change as people read it. `words` is empty where the sentence says all."""

    change: Change
    sentence: str
    words: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldModule:
    """The changes of one module, or of the course where `title` is empty."""

    title: str
    told: tuple[Told, ...]


def told(
    found: Sequence[Change], before: Course, after: Course, *, answers: bool = True
) -> list[ToldModule]:
    """Return changes in words: the course's own first, then module by module.

    Without `answers` the words of quizzes are left out: their boxes say what is right, and
    whoever reads them may be a learner as well.
    """
    titles = {module.id: module.title for module in (*before.modules, *after.modules)}
    order = ["", *dict.fromkeys([m.id for m in after.modules] + [m.id for m in before.modules])]
    grouped: dict[str, list[Told]] = {id: [] for id in order}
    effort = Effort()
    for change in found:
        shown = _WITH_WORDS if answers else _WITH_WORDS - _OF_QUIZZES
        grouped[change.module_id].append(_told(change, before, after, effort, shown))
    return [
        ToldModule(title=titles.get(id, ""), told=tuple(lines))
        for id, lines in grouped.items()
        if lines
    ]


def step_name(step: Step) -> str:
    """Return the name of a version step."""
    names = {
        Step.PATCH: gettext("patch"),
        Step.MINOR: gettext("minor"),
        Step.MAJOR: gettext("major"),
    }
    return names[step]


def step_reach(step: Step) -> str:
    """Say in one sentence whom a step reaches."""
    sentences = {
        Step.PATCH: gettext("Words and pictures only: every cohort reads the new text at once."),
        Step.MINOR: gettext(
            "Running cohorts are offered the new version; new cohorts begin on it."
        ),
        Step.MAJOR: gettext(
            "Running cohorts stay on their version until a coordinator moves them; new cohorts "
            "begin on the new one."
        ),
    }
    return sentences[step]


def _told(change: Change, before: Course, after: Course, effort: Effort, shown: Set[What]) -> Told:
    has_words = change.what in shown
    words = word_changes(change.before, change.after, effort) if has_words else ()
    return Told(change=change, sentence=_sentence(change, before, after), words=words)


def _sentence(change: Change, before: Course, after: Course) -> str:
    make = _SENTENCES.get(change.what)
    if make is not None:
        return make(change)
    question = _question(change, before, after)
    match change.what:
        case What.QUESTION_TEXT:
            return gettext("“%(question)s”: the wording changed.", question=question)
        case What.KEY:
            return gettext("“%(question)s”: another answer is right.", question=question)
        case What.CHOICES:
            return gettext("“%(question)s”: the choices changed.", question=question)
        case What.QUESTION_ADDED:
            return gettext("New question: “%(question)s”", question=question)
        case What.QUESTION_REMOVED:
            return gettext("Question taken out: “%(question)s”", question=question)
        case _:
            return gettext(
                "“%(question)s” has another id: %(before)s is %(after)s now.",
                question=question,
                before=change.before,
                after=change.after,
            )


def _question(change: Change, before: Course, after: Course) -> str:
    for course in (after, before):
        module = next((m for m in course.modules if m.id == change.module_id), None)
        text = _text_of(module, change.place) if module else ""
        if text:
            return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
    return change.place


def _text_of(module: Module, id: str) -> str:
    questions = module.quiz.questions if module.quiz else ()
    return next((question.text for question in questions if question.id == id), "")


def _text(change: Change) -> str:
    if not change.before:
        return gettext("New text")
    return gettext("The text changed") if change.after else gettext("Text taken out")


def _order(change: Change) -> str:
    if change.place == "any":
        return gettext("Modules may be taken in any order now.")
    if change.place == "in-order":
        return gettext("Modules are taken one after another now.")
    return gettext("The modules come in another order.")


def _rules(change: Change) -> str:
    return gettext(
        "Quiz rule “%(rule)s”: %(before)s → %(after)s",
        rule=change.place,
        before=change.before or "–",
        after=change.after or "–",
    )


def _setting(change: Change) -> str:
    if change.place == "changelog":
        return gettext("CHANGELOG.md changed.")
    if change.what is What.FACTS and change.place.startswith(("certificate_page", "certificate/")):
        return gettext(
            "The course’s own certificate changed. Those that are issued already stay as they are."
        )
    return gettext("“%(setting)s” in course.yaml changed.", setting=change.place)


def _translation(change: Change) -> str:
    return gettext("The translation changed: %(language)s", language=language(change.place).name)


_SENTENCES: dict[What, Callable[[Change], str]] = {
    What.TEXT: _text,
    What.ORDER: _order,
    What.RULES_EASIER: _rules,
    What.RULES_HARDER: _rules,
    What.RULES_OTHER: _rules,
    What.SETTING: _setting,
    What.FACTS: _setting,
    What.COMPLETION: _setting,
    What.TRACKS: lambda _: gettext("The tracks changed."),
    What.TRANSLATION: _translation,
    What.LANGUAGE_REMOVED: lambda change: gettext(
        "A language went: %(language)s", language=language(change.place).name
    ),
    What.PICTURE: lambda change: gettext("The file %(file)s changed.", file=change.place),
    What.BOX_ADDED: lambda _: gettext("New box"),
    What.BOX_REMOVED: lambda _: gettext("Box taken out; what learners wrote in it is kept"),
    What.PASS_LOWERED: lambda change: gettext(
        "Pass mark lowered: %(before)s → %(after)s", before=change.before, after=change.after
    ),
    What.PASS_RAISED: lambda change: gettext(
        "Pass mark raised: %(before)s → %(after)s", before=change.before, after=change.after
    ),
    What.QUIZ_ADDED: lambda _: gettext("The module has a quiz now."),
    What.QUIZ_REMOVED: lambda _: gettext("The module has no quiz any more."),
    What.MODULE_ADDED: lambda _: gettext("New module, not required for the certificate"),
    What.MODULE_REQUIRED: lambda _: gettext("Required for the certificate now"),
    What.MODULE_REMOVED: lambda _: gettext("Module taken out; who did it keeps the credit"),
    What.MODULE_OPTIONAL: lambda _: gettext("Not required for the certificate any more"),
    What.SURVEY: lambda _: gettext(
        "The survey's wording changed: answers from before and after no longer pair."
    ),
}
_WITH_WORDS = frozenset(
    {
        What.TEXT, What.BOX_ADDED, What.BOX_REMOVED, What.QUESTION_TEXT, What.KEY, What.CHOICES,
        What.QUESTION_ADDED, What.QUESTION_REMOVED, What.SETTING, What.FACTS, What.COMPLETION,
        What.SURVEY,
    }
)  # fmt: skip
_OF_QUIZZES = frozenset(
    {What.QUESTION_TEXT, What.KEY, What.CHOICES, What.QUESTION_ADDED, What.QUESTION_REMOVED}
)
