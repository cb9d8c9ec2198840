"""The mayor's figures in words, the same on the screen, on paper and in the table."""

from flask_babel import gettext, ngettext

from learnpeace.cities.mayor.pages import Page
from learnpeace.cities.mayor.rules import Hours, Part
from learnpeace.lib import words
from learnpeace.lib.small_groups import FEWEST, LEAST, MOST, Figure, State


def hidden() -> str:
    """Return what stands where a figure is hidden."""
    return gettext("Hidden to protect small groups")


def percent(number: int) -> str:
    """Return a share as the language writes it, the same way round wherever it stands."""
    return gettext("%(percent)s%%", percent=words.number(number))


def people(figure: Figure) -> str:
    """Return a count of people, which is rounded."""
    return words.number(figure.number) if figure.is_exact else hidden()


def count(part: Part) -> str:
    """Return how many people of a part there are."""
    if part.at_least:
        return gettext("at least %(share)s", share=percent(part.at_least))
    return people(part.count)


def share(part: Part) -> str:
    """Return the share of a part, or nothing where there is none to tell."""
    if part.at_least:
        return count(part)
    told = {
        State.EXACT: percent(part.share.number),
        State.ABOVE: gettext("more than %(share)s", share=percent(MOST)),
        State.BELOW: gettext("less than %(share)s", share=percent(LEAST)),
    }
    return told.get(part.share.state, "") if part.count.number else ""


def amount(part: Part) -> str:
    """Return count and share together: “40 (67%)”."""
    if not part.count.is_exact or not part.count.number:
        return count(part)
    return gettext("%(count)s (%(share)s)", count=people(part.count), share=share(part))


def hours(told: Hours) -> str:
    """Return the hours of learning."""
    if not told.number.is_exact:
        return hidden()
    number = words.number(told.number.number)
    return gettext("at least %(number)s", number=number) if told.at_least else number


def quarters(band: tuple[int, int] | None) -> str:
    """Return between which shares a number of people is."""
    if band is None:
        return hidden()
    if band[1] == 0:
        return words.number(0)
    return gettext("%(low)s to %(high)s", low=percent(band[0]), high=percent(band[1]))


def sentences(page: Page) -> list[str]:
    """Return three sentences that can be read out."""
    return [_reached(page), _time(page), _came_of_it(page)]


def counted() -> list[str]:
    """Return how the figures are counted, for the foot of the page."""
    return [
        gettext(
            "People are rounded to the nearest 5, and shares come from the rounded numbers. "
            "Nothing is told about fewer than %(fewest)s people, nor what would tell it by "
            "subtraction; 0 is nobody. “At least” stands where only few are missing.",
            fewest=words.number(FEWEST),
        ),
        gettext(
            "Somebody who takes two courses counts in each. Finished: every required module is "
            "done. Hours: the course’s hours for each who finished and, where the number of people "
            "at meetings is told, their minutes there; rounded down."
        ),
        gettext(
            "Sectors are the learners’ own choice, of the whole city at any time. Actions: how "
            "many people wrote down what they did. A year is the cohorts that began in it. "
            "Quotes are printed with their writers’ consent."
        ),
    ]


def _reached(page: Page) -> str:
    told, city = page.told, words.isolated(page.city_name)
    joined = people(told.joined)
    if told.finished.at_least:
        return gettext(
            "About %(joined)s people have joined a peace course with %(city)s, and %(share)s "
            "of them have finished it.",
            joined=joined, city=city, share=count(told.finished),
        )  # fmt: skip
    if not told.finished.count.is_exact:
        return gettext(
            "About %(joined)s people have joined a peace course with %(city)s.",
            joined=joined, city=city,
        )  # fmt: skip
    if not told.finished.count.number:
        return gettext(
            "About %(joined)s people have joined a peace course with %(city)s; nobody has "
            "finished it yet.",
            joined=joined, city=city,
        )  # fmt: skip
    return gettext(
        "About %(finished)s of %(joined)s people who joined a peace course with %(city)s have "
        "finished it: %(share)s.",
        finished=people(told.finished.count), joined=joined, city=city,
        share=share(told.finished),
    )  # fmt: skip


def _time(page: Page) -> str:
    told = page.told
    number = told.hours.number
    met = ngettext("They met %(num)d time.", "They met %(num)d times.", told.meetings)
    if not number.is_exact or not number.number:
        return met if told.meetings else gettext("They learn at their own pace, without meetings.")
    gave = (
        gettext("Together they gave at least %(hours)s hours to learning.",
                hours=words.number(number.number))
        if told.hours.at_least
        else gettext("Together they gave about %(hours)s hours to learning.",
                     hours=words.number(number.number))
    )  # fmt: skip
    return f"{gave} {met}" if told.meetings else gave


def _came_of_it(page: Page) -> str:
    line = next((line for line in page.acted if line.people.count.number), None)
    if line is not None:
        return gettext(
            "About %(people)s people wrote down what they did in their community after “%(area)s”.",
            people=people(line.people.count), area=words.isolated(line.title),
        )  # fmt: skip
    here = len(page.sectors) - len(page.missing)
    if here:
        return ngettext(
            "The city’s learners come from %(num)d of the %(all)s sectors of its life.",
            "The city’s learners come from %(num)d of the %(all)s sectors of its life.",
            here, all=words.number(len(page.sectors)),
        )  # fmt: skip
    return gettext("Which parts of the city’s life they come from is being asked.")
