"""Figures in words, the same on pages and in the CSV."""

from collections.abc import Mapping

from flask_babel import gettext, ngettext

from learnpeace.lib import words
from learnpeace.lib.small_groups import FEWEST, LEAST, MOST, Figure, State
from learnpeace.trainers.teaching.figures import QuestionFigures
from learnpeace.trainers.teaching.rules import TELLING, Flag


def hidden() -> str:
    """Return what stands where a figure is hidden."""
    return gettext("Hidden to protect small groups")


def percent(figure: Figure) -> str:
    """Return a share."""
    if figure.is_exact:
        return gettext("%(percent)s%%", percent=words.number(figure.number))
    return _other(figure)


def people(figure: Figure) -> str:
    """Return a count of people, which is rounded, or of tries, which is not."""
    return words.number(figure.number) if figure.is_exact else _other(figure)


def minutes(figure: Figure) -> str:
    """Return a time."""
    if figure.is_exact:
        return ngettext("%(num)d minute", "%(num)d minutes", figure.number)
    return _other(figure)


def discrimination(figure: Figure) -> str:
    """Return how well a question tells apart, from −1 to 1."""
    if figure.is_exact:
        return words.number(figure.number / 100)
    return _other(figure)


def flags(figures: QuestionFigures) -> list[str]:
    """Return what is to be looked at in a question, a sentence or two each."""
    odd = figures.odd_language
    told: Mapping[Flag, str] = {
        Flag.HARD: gettext("Too hard: fewer than 30% are right at the first try."),
        Flag.EASY: gettext("Too easy: more than 95% are right at the first try."),
        Flag.NEGATIVE: gettext(
            "Misleads: who does well in the rest of the quiz is more often wrong here."
        ),
        Flag.LANGUAGE: gettext(
            "%(language)s stands apart from the other languages by 25 points or more.",
            language=words.language_name(odd) if odd else "",
        ),
    }
    return [told[flag] for flag in figures.flags]


def name(flag: Flag) -> str:
    """Return what questions with a flag have in common."""
    told: Mapping[Flag, str] = {
        Flag.HARD: gettext("Too hard: fewer than 30% are right at the first try"),
        Flag.EASY: gettext("Too easy: more than 95% are right at the first try"),
        Flag.NEGATIVE: gettext(
            "Misleading: who does well in the rest of the quiz is more often wrong here"
        ),
        Flag.LANGUAGE: gettext("One language stands apart by 25 points or more"),
    }
    return told[flag]


def advice(figures: QuestionFigures) -> list[str]:
    """Return what a trainer may do about it, a sentence for each flag."""
    told: Mapping[Flag, str] = {
        Flag.HARD: gettext(
            "Look at the wrong choice most chosen: is it right in some reading? If not, say it "
            "more plainly in the text of the module."
        ),
        Flag.EASY: gettext(
            "If everybody should know it, leave it. Else make the wrong choices more tempting."
        ),
        Flag.NEGATIVE: gettext(
            "Look first whether the right box is ticked, then for a second meaning that careful "
            "readers find."
        ),
        Flag.LANGUAGE: gettext("Let somebody who speaks the language read the translation."),
    }
    return [told[flag] for flag in figures.flags]


def _other(figure: Figure) -> str:
    told: Mapping[State, str] = {
        State.ABOVE: gettext("more than %(percent)s%%", percent=words.number(MOST)),
        State.BELOW: gettext("less than %(percent)s%%", percent=words.number(LEAST)),
        State.HIDDEN: hidden(),
        State.TOO_FEW: gettext("From %(people)s people on", people=words.number(TELLING)),
    }
    return told.get(figure.state, gettext("No figure"))


def fewest() -> str:
    """Return the size of the smallest group that anything is told about."""
    return words.number(FEWEST)
