"""A plan to publish, as lines for a terminal."""

from collections.abc import Iterator

from flask_babel import gettext, ngettext

from learnpeace.releases.change_words import step_name, step_reach, told
from learnpeace.releases.word_changes import Stretch
from learnpeace.trainers.publishing.queries import CohortLine, Fate, Plan

LONGEST = 300  # characters of a change's words


def lines_of(plan: Plan) -> Iterator[str]:
    """Yield what publishing changes and whom it touches."""
    if plan.last is None:
        yield gettext("Nobody learns this course yet: nothing can break.")
        return
    before, after = plan.last.release.course, plan.course
    yield f"{after.id} {before.version} → {after.version}"
    for module in told(plan.changes, before, after):
        yield f"  {module.title or gettext('The course')}"
        for one in module.told:
            yield f"    [{step_name(one.change.step)}] {one.sentence}"
            if one.words:
                yield f"      {_words(one.words)}"
    yield from _touched(plan)


def _touched(plan: Plan) -> Iterator[str]:
    yield f"  {step_reach(plan.needed)}"
    yield (
        "  "
        + ngettext("%(num)d learner", "%(num)d learners", plan.learners)
        + ", "
        + ngettext("%(num)d cohort", "%(num)d cohorts", len(plan.cohorts))
        + ", "
        + ngettext("%(num)d open try", "%(num)d open tries", plan.open_tries)
    )
    for line in plan.cohorts:
        moves = line.fate == Fate.FOLLOWS or line.id in plan.moved_by_default
        yield f"    {_named(line)} ({line.version}): " + (
            gettext("reads it at once") if moves else gettext("stays on its version")
        )
    if plan.corrects:
        run = plan.run_by_default
        yield "  " + gettext(
            "Handed-in tries: %(up)s go up, %(down)s would go down and stay, %(passed)s pass now.",
            up=run.up,
            down=run.down,
            passed=run.newly_passed,
        )


def _named(line: CohortLine) -> str:
    return f"{line.name}, {line.city}" if line.city else line.name


def _words(words: tuple[Stretch, ...]) -> str:
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}", "gap": "…"}
    text = "".join(marks[stretch.kind].format(stretch.text) for stretch in words)
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
