"""What an edit changed, and the version step it needs.

The steps: a *patch* changes words and pictures and reaches everybody at once; a *minor* change
touches marking or the choice of questions and is offered to running cohorts; a *major* one
asks more of learners or takes something away, so running cohorts stay until somebody moves
them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from enum import IntEnum, StrEnum

from learnpeace.catalog.block_changes import block_changes
from learnpeace.catalog.fingerprints import without_places
from learnpeace.catalog.model import Course, Module, ModuleTexts, Order, Quiz
from learnpeace.catalog.question_changes import QuestionChange, question_changes


class Step(IntEnum):
    """How far the version has to go, smallest first."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3


class What(StrEnum):
    """The kinds of change, each with its own sentence in `releases/change_words.py`."""

    TEXT = "text"
    BOX_ADDED = "box added"
    BOX_REMOVED = "box removed"
    PICTURE = "picture"
    TRANSLATION = "translation"
    SETTING = "setting"
    QUESTION_TEXT = "question text"
    KEY = "right answer"
    CHOICES = "choices"
    QUESTION_ADDED = "question added"
    QUESTION_REMOVED = "question removed"
    QUESTION_RENAMED = "question renamed"
    PASS_LOWERED = "pass mark lowered"  # noqa: S105 - no password
    PASS_RAISED = "pass mark raised"  # noqa: S105
    RULES_EASIER = "quiz rules easier"
    RULES_HARDER = "quiz rules harder"
    RULES_OTHER = "quiz rules"
    QUIZ_ADDED = "quiz added"
    QUIZ_REMOVED = "quiz removed"
    MODULE_ADDED = "module added"
    MODULE_REQUIRED = "required module added"
    MODULE_REMOVED = "module removed"
    MODULE_OPTIONAL = "module made optional"
    ORDER = "order"
    TRACKS = "tracks"
    SURVEY = "survey"
    COMPLETION = "completion"
    FACTS = "certificate facts"
    LANGUAGE_REMOVED = "language removed"


STEPS: dict[What, Step] = {
    What.TEXT: Step.PATCH,
    What.PICTURE: Step.PATCH,
    What.TRANSLATION: Step.PATCH,
    What.SETTING: Step.PATCH,
    What.QUESTION_TEXT: Step.PATCH,
    What.QUESTION_RENAMED: Step.PATCH,
    What.BOX_ADDED: Step.MINOR,
    What.BOX_REMOVED: Step.MINOR,
    What.KEY: Step.MINOR,
    What.CHOICES: Step.MINOR,
    What.QUESTION_ADDED: Step.MINOR,
    What.QUESTION_REMOVED: Step.MINOR,
    What.PASS_LOWERED: Step.MINOR,
    What.RULES_EASIER: Step.MINOR,
    What.RULES_OTHER: Step.MINOR,
    What.QUIZ_REMOVED: Step.MINOR,
    What.MODULE_ADDED: Step.MINOR,
    What.MODULE_OPTIONAL: Step.MINOR,
    What.ORDER: Step.MINOR,
    What.TRACKS: Step.MINOR,
    What.FACTS: Step.MINOR,
    What.LANGUAGE_REMOVED: Step.MINOR,
    What.PASS_RAISED: Step.MAJOR,
    What.RULES_HARDER: Step.MAJOR,
    What.QUIZ_ADDED: Step.MAJOR,
    What.MODULE_REQUIRED: Step.MAJOR,
    What.MODULE_REMOVED: Step.MAJOR,
    What.SURVEY: Step.MAJOR,
    What.COMPLETION: Step.MAJOR,
}
RESCORING = frozenset({What.KEY, What.CHOICES, What.PASS_LOWERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `place` is a question's or box's id, a language, a file or a setting.

    `before` and `after` are the author's text; both are empty where only the fact counts.
    """

    what: What
    module_id: str = ""
    place: str = ""
    before: str = ""
    after: str = ""

    @property
    def step(self) -> Step:
        """Return the version step that this change needs."""
        return STEPS[self.what]


def changes(before: Course, after: Course) -> tuple[Change, ...]:
    """Return what is different, the weightiest first, then in the course's order."""
    found = [*_of_course(before, after), *_of_modules(before, after), *_of_assets(before, after)]
    return tuple(sorted(found, key=lambda change: -change.step))


def step_needed(found: Iterable[Change]) -> Step:
    """Return the version step that all of these need together."""
    return max((change.step for change in found), default=Step.PATCH)


def _of_course(before: Course, after: Course) -> Iterator[Change]:
    for name in ("title", "summary", "licence", "authors", "changelog"):
        yield from _setting(What.SETTING, name, before, after)
    for name in ("hours", "certificate", "certificate_page"):
        yield from _setting(What.FACTS, name, before, after)
    yield from _setting(What.COMPLETION, "complete", before, after)
    yield from _setting(What.TRACKS, "tracks", before, after)
    if before.order != after.order:
        is_open_now = after.order == Order.ANY
        yield Change(what=What.ORDER, before=str(before.order), after=str(after.order),
                     place="any" if is_open_now else "in-order")  # fmt: skip
    for language in before.languages:
        if language not in after.languages:
            yield Change(what=What.LANGUAGE_REMOVED, place=language)
    if before.language != after.language:
        yield Change(what=What.LANGUAGE_REMOVED, place=before.language)
    for language in after.languages:
        if language not in before.languages:
            yield Change(what=What.TRANSLATION, place=language)
    for language in sorted({*before.translations, *after.translations}):
        here, there = before.told(language), after.told(language)
        is_own = (here.title, here.summary) == (before.title, before.summary)
        if (here.title, here.summary) != (there.title, there.summary) and not is_own:
            yield Change(what=What.TRANSLATION, place=language)
    if before.survey != after.survey and _survey(before) != _survey(after):
        yield Change(what=What.SURVEY, before=_survey(before), after=_survey(after))


def _setting(what: What, name: str, before: Course, after: Course) -> Iterator[Change]:
    here, there = getattr(before, name), getattr(after, name)
    if here != there:
        yield Change(what=what, place=name, before=_words(here), after=_words(there))


def _of_modules(before: Course, after: Course) -> Iterator[Change]:
    old = {module.id: module for module in before.modules}
    new = {module.id: module for module in after.modules}
    for id, module in old.items():
        if id not in new:
            yield Change(what=What.MODULE_REMOVED, module_id=id, before=module.title)
    for id, module in new.items():
        if id in old:
            yield from _of_module(old[id], module)
        else:
            what = What.MODULE_REQUIRED if module.required else What.MODULE_ADDED
            yield Change(what=what, module_id=id, after=module.title)
    kept = [id for id in old if id in new]
    if kept != [id for id in new if id in old]:
        yield Change(what=What.ORDER, before=", ".join(kept),
                     after=", ".join(id for id in new if id in old))  # fmt: skip


def _of_module(before: Module, after: Module) -> Iterator[Change]:
    id = after.id
    if before.required != after.required:
        what = What.MODULE_REQUIRED if after.required else What.MODULE_OPTIONAL
        yield Change(what=what, module_id=id, after=after.title)
    if before.tracks != after.tracks:
        more = set(after.tracks) - set(before.tracks) if before.tracks else set()
        asks_more = after.required and (bool(more) or bool(before.tracks and not after.tracks))
        yield Change(what=What.MODULE_REQUIRED if asks_more else What.TRACKS, module_id=id,
                     before=_words(before.tracks), after=_words(after.tracks))  # fmt: skip
    if before.after != after.after:
        yield Change(what=What.ORDER, module_id=id, before=before.after, after=after.after)
    for name in ("title", "minutes", "objectives", "content_note", "sources"):
        here, there = getattr(before, name), getattr(after, name)
        if here != there:
            yield Change(what=What.TEXT, module_id=id, place=name.replace("_", "-"),
                         before=_words(here), after=_words(there))  # fmt: skip
    for block in block_changes(before.blocks, after.blocks):
        yield Change(what=What(block.what), module_id=id, place=block.place, before=block.before,
                     after=block.after)  # fmt: skip
    yield from _of_quiz(id, before.quiz, after.quiz)
    for language in sorted({*before.translations, *after.translations}):
        if _told(before.translations.get(language)) != _told(after.translations.get(language)):
            yield Change(what=What.TRANSLATION, module_id=id, place=language)


def _of_quiz(module_id: str, before: Quiz | None, after: Quiz | None) -> Iterator[Change]:
    if before is None or after is None:
        if before is not after:
            what = What.QUIZ_ADDED if before is None else What.QUIZ_REMOVED
            yield Change(what=what, module_id=module_id)
        return
    if before.pass_mark != after.pass_mark:
        what = What.PASS_RAISED if after.pass_mark > before.pass_mark else What.PASS_LOWERED
        yield Change(what=what, module_id=module_id, before=f"{before.pass_mark} %",
                     after=f"{after.pass_mark} %")  # fmt: skip
    yield from _of_rules(module_id, before, after)
    for found in question_changes(before.questions, after.questions):
        yield _of_question(module_id, found)


def _of_rules(module_id: str, before: Quiz, after: Quiz) -> Iterator[Change]:
    for name in ("tries", "wait", "keep", "show", "pick", "shuffle"):
        here, there = getattr(before, name), getattr(after, name)
        if here == there:
            continue
        what = What.RULES_OTHER
        if name == "tries":
            is_harder = there is not None and (here is None or there < here)
            what = What.RULES_HARDER if is_harder else What.RULES_EASIER
        elif name == "wait":
            what = What.RULES_HARDER if there > here else What.RULES_EASIER
        yield Change(what=what, module_id=module_id, place=name, before=_words(here),
                     after=_words(there))  # fmt: skip


def _of_question(module_id: str, found: QuestionChange) -> Change:
    return Change(what=What(found.what), module_id=module_id, place=found.id,
                  before=found.before, after=found.after)  # fmt: skip


def _of_assets(before: Course, after: Course) -> Iterator[Change]:
    for path, asset in after.assets.items():
        old = before.assets.get(path)
        if old is not None and old.sha256 != asset.sha256:
            is_logo = path == after.certificate_page.logo
            yield Change(what=What.FACTS if is_logo else What.PICTURE, place=path)


def _told(texts: ModuleTexts | None) -> object:
    """Return what a learner reads of a translation: no ids, no marking, no places."""
    if texts is None:
        return None
    questions = tuple(
        replace(
            question, choices={id: replace(c, right=False) for id, c in question.choices.items()}
        )
        for question in texts.questions.values()
    )
    return without_places((replace(texts, of="", is_stale=False, questions={}), questions))


def _survey(course: Course) -> str:
    if course.survey is None:
        return ""
    return "\n\n".join(question.text for question in course.survey.questions)


def _words(value: object) -> str:
    if isinstance(value, tuple | list):
        return "\n".join(_words(item) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        kept = ((f.name, getattr(value, f.name)) for f in fields(value))  # type: ignore[arg-type]
        return "\n".join(f"{name}: {_words(item)}" for name, item in kept)
    return "" if value is None else str(value)
