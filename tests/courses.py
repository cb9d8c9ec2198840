"""A small course with every kind of question, for tests that need one."""

from datetime import timedelta

from learnpeace.catalog.model import (
    Action,
    Check,
    Choice,
    Course,
    Kind,
    Module,
    Pair,
    Question,
    Quiz,
    Reflection,
    Text,
    TrackExample,
)

ONE = Question(
    id="first", kind=Kind.ONE, text="What do you say first?", line=9,
    choices=(
        Choice(id="1", text="You feel we overlook you?", right=True, reason="Naming opens talk."),
        Choice(id="2", text="That is not true.", reason="It closes the talk."),
    ),
    reason="Begin with the feeling.",
)  # fmt: skip
SEVERAL = Question(
    id="signs", kind=Kind.SEVERAL, text="Which are signs of listening?", line=18,
    choices=(
        Choice(id="1", text="waiting before you answer", right=True, reason="It gives room."),
        Choice(id="2", text="saying back what you heard", right=True, reason="It checks."),
        Choice(id="3", text="planning your reply", reason="It fills your head."),
    ),
)  # fmt: skip
ORDER = Question(
    id="steps", kind=Kind.ORDER, text="Put the steps in order", line=27,
    choices=tuple(
        Choice(id=str(n), text=text)
        for n, text in enumerate(("observation", "feeling", "need", "request"), start=1)
    ),
    reason="Each step prepares the next.",
)  # fmt: skip
MATCH = Question(
    id="kinds", kind=Kind.MATCH, text="Match each to its kind", line=34,
    pairs=(
        Pair(id="1", left="a beating", right="direct"),
        Pair(id="2", left="an unequal law", right="structural"),
        Pair(id="3", left="", right="accidental"),
    ),
    reason="Each kind needs another answer.",
)  # fmt: skip
SHORT = Question(
    id="structural", kind=Kind.SHORT, text="Harm built into systems is called?", line=42,
    accepted=("structural violence", "structural"), reason="It sits in the arrangement.",
)  # fmt: skip
NUMBER = Question(
    id="areas", kind=Kind.NUMBER, text="How many action areas are there?", line=46,
    at_least="8", at_most="8", reason="Paragraphs nine to sixteen name one each.",
)  # fmt: skip
OPEN = Question(
    id="hidden", kind=Kind.OPEN, text="Name a calm place that hides a need.", line=50,
    reason="A good answer names a sign and blames nobody.",
)  # fmt: skip
CHECK = Question(
    id="quick", kind=Kind.ONE, text="Is calm always peace?", line=14,
    choices=(
        Choice(id="1", text="Yes", reason="Calm can hide fear."),
        Choice(id="2", text="No", right=True, reason="Look for what is missing."),
    ),
)  # fmt: skip
ALL_KINDS = (ONE, SEVERAL, ORDER, MATCH, SHORT, NUMBER, OPEN)


def small_course(
    *,
    id: str = "small",
    version: str = "1.0.0",
    quiz: Quiz | None = None,
    modules: tuple[Module, ...] | None = None,
) -> Course:
    """Return a course of two modules, each with a quiz; the first has every kind of box."""
    return Course(
        id=id, version=version, title="A Small Course", summary="Two modules for a test.",
        language="en", languages=("en",), licence="CC-BY-4.0", authors=("The authors",), hours=2,
        tracks=("urban", "rural"),
        modules=modules or (_listening(quiz), _speaking()),
    )  # fmt: skip


def _listening(quiz: Quiz | None) -> Module:
    return Module(
        id="listening", title="Listening before speaking", minutes=35,
        objectives=("tell an observation from a judgement",),
        content_note="mentions the loss of a home", sources=("A/RES/53/243",),
        blocks=(
            Text(markdown="## A story\n\nTwo neighbours sat down.", line=3),
            TrackExample(track="urban", markdown="In a street.", line=8),
            TrackExample(track="rural", markdown="At a well.", line=11),
            Check(questions=(CHECK,), line=13),
            Reflection(id="heard", markdown="What did you hear?", line=20),
            Action(id="pair", markdown="Hold a listening pair.", line=24),
        ),
        quiz=quiz or Quiz(questions=ALL_KINDS, wait=timedelta(minutes=10)),
    )  # fmt: skip


def _speaking() -> Module:
    question = Question(
        id="speak", kind=Kind.ONE, text="When do you speak?", line=5,
        choices=(
            Choice(id="1", text="After listening", right=True, reason="Then you know more."),
            Choice(id="2", text="At once", reason="You know too little."),
        ),
    )  # fmt: skip
    return Module(
        id="speaking", title="Speaking", minutes=20,
        blocks=(Text(markdown="Say what you saw.", line=3),),
        quiz=Quiz(questions=(question,)),
    )  # fmt: skip
