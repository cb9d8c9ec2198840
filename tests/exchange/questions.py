"""Any question that our grammar can say."""

import string

from hypothesis import strategies as st

from learnpeace.catalog.model import Choice, Kind, Pair, Question
from learnpeace.exchange.quiz_text import what_is_wrong

_LETTERS = string.ascii_letters + string.digits + " éß“”’—ñسلام平和ऋ"
_SIGNS = "~=#{}:\\*_`[]()|>-+.,;!?%$/'\"&"
words = st.text(_LETTERS + _SIGNS, min_size=1, max_size=30).map(lambda t: " ".join(t.split()))
line = words.filter(bool)
paragraphs = st.lists(line, max_size=3).map("\n\n".join)
ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


def choices(*, least: int, right: st.SearchStrategy[bool]) -> st.SearchStrategy[list[Choice]]:
    one = st.builds(Choice, id=st.just("0"), text=line, right=right, reason=paragraphs)
    return st.lists(one, min_size=least, max_size=6, unique_by=lambda choice: choice.text)


def numbered(found: list[Choice]) -> tuple[Choice, ...]:
    return tuple(
        Choice(id=str(n), text=c.text, right=c.right, reason=c.reason)
        for n, c in enumerate(found, start=1)
    )


@st.composite
def questions(draw: st.DrawFn, kind: Kind) -> Question:
    """Draw one question of a kind."""
    fields: dict[str, object] = {}
    match kind:
        case Kind.ONE:
            made = numbered(draw(choices(least=2, right=st.just(False))))
            right = draw(st.integers(0, len(made) - 1))
            fields["choices"] = tuple(
                Choice(id=c.id, text=c.text, reason=c.reason, right=n == right)
                for n, c in enumerate(made)
            )
        case Kind.SEVERAL:
            fields["choices"] = numbered(draw(choices(least=2, right=st.booleans())))
            count = sum(c.right for c in fields["choices"])
            wrong = len(fields["choices"]) - count
            fields["all_or_nothing"] = count > 1 and wrong > 0 and draw(st.booleans())
        case Kind.ORDER:
            made = draw(choices(least=2, right=st.just(False)))
            fields["choices"] = numbered([Choice(id="0", text=c.text) for c in made])
        case Kind.MATCH:
            lefts = draw(st.lists(line, min_size=2, max_size=4, unique=True))
            pairs = [(left, draw(line)) for left in lefts]
            pairs += [("", right) for right in draw(st.lists(line, max_size=2))]
            fields["pairs"] = tuple(
                Pair(id=str(n), left=left, right=right)
                for n, (left, right) in enumerate(pairs, start=1)
            )
        case Kind.SHORT:
            fields["accepted"] = tuple(draw(st.lists(line, min_size=1, max_size=3, unique=True)))
        case Kind.NUMBER:
            low, width = draw(st.integers(-9999, 9999)), draw(st.integers(0, 50))
            part = draw(st.sampled_from(["", ".5", ".25"]))
            low_text = f"{low}{part}" if low >= 0 else str(low)
            fields["at_least"] = low_text
            fields["at_most"] = low_text if not width else str(low + width + 1)
        case Kind.OPEN:
            pass
    return Question(
        id=draw(ids), kind=kind, text=draw(line), line=1, body=draw(paragraphs),
        reason=draw(paragraphs), **fields,
    )  # fmt: skip


def sayable(kind: Kind) -> st.SearchStrategy[Question]:
    """Return questions of a kind that come back from our own grammar as they are."""
    return questions(kind).filter(lambda question: not what_is_wrong(question))
