"""In which sizes a certificate's words are set, so that they fill its page and never leave it.

Sizes come in steps, each a class of the style sheet: a page has no styles of its own. Pure.
"""

import math
from dataclasses import dataclass

from learnpeace.certificates.papers import Paper
from learnpeace.certificates.printing import scripts
from learnpeace.certificates.states import Kind

# What an estimate may be wrong by, in millimetres: more where many lines are guessed.
SLACK = {"": 2.0, "long": 4.0, "full": 7.0}
DAY = 190.0  # how wide place and day are set, at most
MARGIN = 34.0  # from the paper's edge to the words, in millimetres
# The sizes of each step, in millimetres, and over how many lines a text may go in it.
NAMES = ((17.0, 1), (14.5, 1), (12.5, 1), (11.0, 1), (9.5, 2), (8.2, 2), (7.0, 3), (6.0, 3),
         (5.2, 4), (4.5, 9))  # fmt: skip
COURSES = ((8.0, 1), (7.0, 2), (6.0, 2), (5.2, 3), (4.5, 4), (3.8, 9))
# How closely all is set, and by how many steps name and title are smaller, in order of trying.
TRIES = (
    ("", 0), ("", 1), ("long", 0), ("long", 1), ("long", 2), ("long", 3),
    *(("full", smaller) for smaller in range(len(NAMES))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spacing:
    """How everything but name and title is set: sizes, and the space before each, in mm."""

    text: float
    leading: float
    kind: float
    emblem: float
    given: float
    name: float
    course: float
    sentence: float
    day: float


_LYING = {
    "": Spacing(4.6, 1.45, 12, 25, 6.5, 1.5, 11.4, 4, 2.4),
    "long": Spacing(4.2, 1.4, 10, 25, 4, 1.5, 7.6, 3.2, 2.4),
    "full": Spacing(3.4, 1.35, 8, 16, 2, 0.8, 4.4, 2, 1),
}
_STANDING = {**_LYING, "": Spacing(4.6, 1.45, 12, 33, 9, 3.5, 17.4, 6, 3.5)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The step of the name and of the title, from 1, and how closely all is set."""

    name: int
    course: int
    fill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What has to fit: name and title with their languages, and the smaller texts.

    `language` is the page's; `days` are the lines after the sentence.
    """

    name: str
    name_language: str
    course: str
    course_language: str
    sentence: str
    days: tuple[str, ...]
    language: str
    has_emblem: bool


def fit(words: Words, paper: Paper, kind: Kind) -> Fit:
    """Return the largest sizes in which the words fit between border and foot.

    Name and title give way first, a little, then the space around them, then all of it.
    """
    width, height = room_of(paper, kind)
    for fill, smaller in TRIES:
        rest = height - _others(words, fill, paper, kind)
        less = min(smaller, len(COURSES) - 1)
        name, name_height = _step(NAMES[smaller:], words.name, words.name_language, width)
        course, course_height = _step(COURSES[less:], words.course, words.course_language, width)
        if name_height + course_height <= rest:
            return Fit(name=name + smaller, course=course + less, fill=fill)
    return Fit(name=len(NAMES), course=len(COURSES), fill="full")


def room_of(paper: Paper, kind: Kind) -> tuple[float, float]:
    """Return width and height of the part of the page that words may take."""
    width, height = paper.size
    if width < height:
        return width - 2 * MARGIN, height - 136
    beside = 26.0 if kind is Kind.ATTENDANCE else 0.0  # the seal beside the heading
    return width - 2 * MARGIN - beside, height - 88


def _step(
    steps: tuple[tuple[float, int], ...], text: str, language: str, width: float
) -> tuple[int, float]:
    """Return the first step, from 1, whose lines suffice, and how high the text is in it."""
    leading = scripts.leading_of(language)
    lines = [lines_of(text, size, width) for size, _ in steps]
    fitting = (number for number, (_, most) in enumerate(steps) if lines[number] <= most)
    number = next(fitting, len(steps) - 1)
    return number + 1, lines[number] * steps[number][0] * leading


def lines_of(text: str, size: float, width: float) -> int:
    """Return over how many lines a text goes: words leave room at the ends of lines."""
    needed = scripts.ems_of(text) * size / width
    if needed <= 1:
        return 1
    words = text.split()
    longest = max(scripts.ems_of(word) for word in words) * size / width
    return math.ceil(needed * 1.08) + (len(words) > 1 and longest > 0.5)


def _others(words: Words, fill: str, paper: Paper, kind: Kind) -> float:
    """Return how high everything but name and title is, with all space between."""
    width, height = paper.size
    space = (_LYING if width > height else _STANDING)[fill]
    own = scripts.leading_of(words.language)
    line = space.text * max(own * 1.08, space.leading)  # two scripts in a line make it higher
    lines = 1 + lines_of(words.sentence, space.text, sentence_width(paper, kind))
    across = room_of(paper, kind)[0]
    lines += sum(lines_of(day, space.text, min(across, DAY)) for day in words.days)
    gaps = space.given + space.name + space.course + space.sentence
    gaps += space.day * len(words.days) + (space.emblem if words.has_emblem else 0)
    return gaps + space.kind * max(own, 1.2) + lines * line + SLACK[fill]


def sentence_width(paper: Paper, kind: Kind) -> float:
    """Return how wide the sentence is set, in millimetres."""
    width, height = paper.size
    if kind is Kind.ATTENDANCE:
        return min(room_of(paper, kind)[0], 150.0)
    if kind is Kind.THANKS:
        return 160.0 if width > height else 100.0
    return 132.0 if width > height else 126.0
