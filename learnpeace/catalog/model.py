"""A course as frozen values. Texts are Markdown; ids are the author's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Order(StrEnum):
    """Whether modules open one after another or all at once."""

    IN_ORDER = "in-order"
    ANY = "any"


class Keep(StrEnum):
    """Which handed-in attempt counts."""

    BEST = "best"
    LAST = "last"


class Show(StrEnum):
    """When right answers and reasons may be seen."""

    HANDED_IN = "handed-in"
    PASSED = "passed"
    NEVER = "never"


class Shuffle(StrEnum):
    """What is drawn anew for each attempt."""

    QUESTIONS = "questions"
    CHOICES = "choices"


class Kind(StrEnum):
    """The kinds of question, told by the shape of the list under the heading."""

    ONE = "one"
    SEVERAL = "several"
    ORDER = "order"
    MATCH = "match"
    SHORT = "short"
    NUMBER = "number"
    SCALE = "scale"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line under a question: a choice, or a step of an order.

    `id` is the line's place in the source ("1", "2", …); an attempt stores it with the
    choice's text, so a later edit of the file cannot change what was answered.
    """

    id: str
    text: str
    right: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One row of a match table; `left` is empty for a distractor."""

    id: str
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Whole steps from `low` to `high`, with a word at each end."""

    low: int
    high: int
    low_label: str
    high_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. Only the fields of its kind are filled.

    `choices` holds choices (one, several) or the steps in right order (order);
    `accepted` the short answers; `at_least` and `at_most` the number's range as decimal
    text, so that 0.1 stays 0.1. `all_or_nothing` comes from ``{#id all}``, `was` from
    ``{#id was=old}``. `reason` belongs to the whole question, shown after answering.
    `file` and `line` are where it stands in the course folder.
    """

    id: str
    kind: Kind
    text: str
    line: int
    body: str = ""
    choices: tuple[Choice, ...] = ()
    pairs: tuple[Pair, ...] = ()
    accepted: tuple[str, ...] = ()
    at_least: str = ""
    at_most: str = ""
    scale: Scale | None = None
    all_or_nothing: bool = False
    reason: str = ""
    was: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """A module's quiz: its rules and its pool of questions (own, then from banks).

    `tries` is None when unlimited; `pick` is None when all are asked; `pass_mark` percent.
    """

    pass_mark: int = 70
    tries: int | None = None
    wait: timedelta = timedelta(0)
    keep: Keep = Keep.BEST
    show: Show = Show.HANDED_IN
    pick: int | None = None
    shuffle: tuple[Shuffle, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A stretch of Markdown between boxes."""

    markdown: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackExample:
    """An example for one track."""

    track: str
    markdown: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """A prompt and, for the learner, a private box."""

    id: str
    markdown: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A community action: what, with whom, what changed."""

    id: str
    markdown: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Questions inside the text that count for nothing."""

    questions: tuple[Question, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A link to a video; `transcript` names a Markdown file of the course, or is empty.

    `transcript_markdown` is that file's text.
    """

    url: str
    minutes: int
    size: str
    transcript: str
    markdown: str
    line: int
    transcript_markdown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What to prepare, what happens live, and what to do if it was missed."""

    id: str
    markdown: str
    line: int


Block = Text | TrackExample | Reflection | Action | Check | Video | Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTexts:
    """A question's texts in another language; choices and pairs by the source's ids.

    `file` and `line` are where they stand in the course folder; releases published before
    these were kept have "" and 0.
    """

    text: str
    body: str = ""
    choices: Mapping[str, Choice] = field(default_factory=dict)
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()
    low_label: str = ""
    high_label: str = ""
    reason: str = ""
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Questions without right answers, asked before and after.

    `translations` is by language, then by question id.
    """

    questions: tuple[Question, ...]
    translations: Mapping[str, Mapping[str, QuestionTexts]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleTexts:
    """A module in another language. `of` is the fingerprint of the source it was made from.

    `blocks` has as many as the source, of the same kinds; `questions` is by id.
    """

    title: str
    objectives: tuple[str, ...] = ()
    content_note: str = ""
    blocks: tuple[Block, ...] = ()
    questions: Mapping[str, QuestionTexts] = field(default_factory=dict)
    of: str = ""
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module: text, quiz, and what course.yaml says of its place."""

    id: str
    title: str
    minutes: int
    objectives: tuple[str, ...] = ()
    content_note: str = ""
    sources: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    quiz: Quiz | None = None
    required: bool = True
    after: str = ""
    tracks: tuple[str, ...] = ()
    translations: Mapping[str, ModuleTexts] = field(default_factory=dict)

    def told(self, language: str) -> "ModuleTexts | Module":
        """Return what holds the title in that language, in the course's own where it lacks it."""
        return self.translations.get(language, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a certificate takes besides every required module."""

    surveys: tuple[str, ...] = ()
    meetings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRules:
    """`valid` is "forever" or a number of years such as "3 years"."""

    valid: str = "forever"
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage:
    """A course's own certificate; all empty where it has none.

    `html` holds names in braces ("{{ name }}") and `css` is for that part of the page alone;
    both are written by the checker, not by the author. `logo` is its picture's path in the
    course folder; without `html` it stands beside the city's emblem.
    """

    html: str = ""
    css: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file that travels with the course: its path in the folder, type and content."""

    path: str
    media_type: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseTexts:
    """A course's title and summary in another language."""

    title: str
    summary: str
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A whole course, ready to be published. `assets` is by path in the course folder."""

    id: str
    version: str
    title: str
    summary: str
    language: str
    languages: tuple[str, ...]
    licence: str
    authors: tuple[str, ...]
    hours: int
    tracks: tuple[str, ...]
    modules: tuple[Module, ...]
    order: Order = Order.IN_ORDER
    complete: Completion = Completion()
    survey: Survey | None = None
    certificate: CertificateRules = CertificateRules()
    certificate_page: CertificatePage = CertificatePage()
    changelog: str = ""
    assets: Mapping[str, Asset] = field(default_factory=dict)
    translations: Mapping[str, CourseTexts] = field(default_factory=dict)

    def told(self, language: str) -> CourseTexts:
        """Return title and summary in that language, in the course's own where it lacks it."""
        own = CourseTexts(title=self.title, summary=self.summary)
        return self.translations.get(language, own)

    def language_of(self, language: str) -> str:
        """Return the language that `told` really speaks."""
        return language if language in self.translations else self.language
