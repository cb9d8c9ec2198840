"""The large course: 200 modules and 2,000 questions, the same bytes every time.

A module is as long as ours are, about 1,500 words, with a table, an example for one track, a
reflection, an action and a question inside the text; its quiz has ten questions of all seven
kinds that a quiz may have. The scale, the eighth, stands in the text: quizzes cannot mark it.
"""

from pathlib import Path
from random import Random

MODULES, QUESTIONS = 200, 2000
PER_QUIZ = QUESTIONS // MODULES
CORRECTED = "module-001-one"  # the question whose right answer a second version changes
NAME = "large-course"
PARTS, SENTENCES = 9, 10  # of a module's text
WORDS = (
    "neighbour", "street", "market", "listens", "water", "patience", "meeting", "school",
    "evening", "bridge", "promise", "question", "hears", "trust", "names", "chair", "window",
    "answer", "work", "repair", "council", "child", "elder", "song", "story", "walks", "hopes",
    "asks", "quietly", "together", "slowly", "often", "again", "before", "after", "between",
    "with", "without", "across", "near", "open", "shared", "fair", "small", "long", "first",
    "other", "morning", "bread", "garden", "river",
)  # fmt: skip
COURSE = """\
format: 1
version: {version}
title: A Large Course about Peace
summary: Two hundred modules, written to be measured and not to be learned from.
language: en
languages: [en]
licence: CC-BY-4.0
authors: [The learnpeace authors]
hours: 100
tracks: [urban, rural]
modules:
{modules}order: in-order
"""
MODULE = """\
---
title: {title}
minutes: 30
objectives:
  - {first}
  - {second}
sources:
  - A/RES/53/243, Programme of Action, paragraph {number}
---

{parts}

| When | Who | What |
|--|--|--|
| {cell_1} | {cell_2} | {cell_3} |
| {cell_4} | {cell_5} | **{cell_6}** |

::: for rural
{example}
:::

::: reflection {id}-thought
{reflection}
:::

::: action {id}-deed
{action}
:::

::: check
## {check} {{#{id}-sure}}
0 not at all … 10 completely
:::
"""
QUIZ_RULES = """\
---
pass: 70
tries: unlimited
shuffle: [questions, choices]
---
"""


def write_course(root: Path, *, version: str = "1.0.0", corrected: bool = False) -> Path:
    """Write the course and return its folder; written again, it is overwritten.

    `corrected` makes another choice of one question right.
    """
    folder = root / NAME
    ids = [f"module-{number:03}" for number in range(1, MODULES + 1)]
    _write(
        folder / "course.yaml",
        COURSE.format(version=version, modules="".join(f"  - {id}\n" for id in ids)),
    )
    for number, id in enumerate(ids, start=1):
        _write(folder / id / "module.md", module_text(id, number))
        _write(folder / id / "quiz.md", quiz_text(id, number, corrected=corrected))
    return folder


def module_text(id: str, number: int) -> str:
    """Return a module's text."""
    lot = Random(number)
    cells = {f"cell_{place}": _phrase(lot, 4) for place in range(1, 7)}
    return MODULE.format(
        id=id,
        number=number,
        title=_phrase(lot, 4).capitalize(),
        first=_phrase(lot, 8),
        second=_phrase(lot, 8),
        parts="\n\n".join(_part(lot, place) for place in range(1, PARTS + 1)),
        example=_paragraph(lot, 4),
        reflection=_paragraph(lot, 2),
        action=_paragraph(lot, 3),
        check=_question(lot),
        **cells,
    )


def quiz_text(id: str, number: int, *, corrected: bool = False) -> str:
    """Return a module's quiz: ten questions of seven kinds."""
    lot = Random(-number)
    right = 1 if corrected and f"{id}-one" == CORRECTED else 0
    questions = (
        ("one", _choices(lot, 3, right={right}, box="()")),
        ("several", _choices(lot, 4, right={0, 2}, box="[]")),
        ("order", "".join(f"{place}. {_phrase(lot, 6)}\n" for place in range(1, 5))),
        ("match", _match(lot)),
        ("short", f"= {_phrase(lot, 2)}\n= {_phrase(lot, 2)}\n"),
        ("number", f"= {number}\n"),
        ("open", f"___\n> {_sentence(lot)}\n"),
        ("one-more", _choices(lot, 4, right={2}, box="()")),
        ("several-more", _choices(lot, 5, right={1, 3, 4}, box="[]")),
        ("range", f"= {number}..{number + 7}\n"),
    )
    assert len(questions) == PER_QUIZ
    told = (
        f"\n## {_question(lot)} {{#{id}-{name}}}\n{lines}\n> {_sentence(lot)}\n"
        if name != "open"
        else f"\n## {_question(lot)} {{#{id}-{name}}}\n{lines}"
        for name, lines in questions
    )
    return QUIZ_RULES + "".join(told)


def _choices(lot: Random, count: int, *, right: set[int], box: str) -> str:
    lines = (
        f"- {box[0]}{'x' if place in right else ' '}{box[1]} {_phrase(lot, 8)}\n"
        f"  > {_sentence(lot)}\n"
        for place in range(count)
    )
    return "".join(lines)


def _match(lot: Random) -> str:
    rows = "".join(f"| {_phrase(lot, 4)} | {_phrase(lot, 3)} |\n" for _ in range(4))
    return f"| | |\n|--|--|\n{rows}| | {_phrase(lot, 3)} |\n"


def _part(lot: Random, place: int) -> str:
    heading = f"{'###' if place % 3 == 0 else '##'} {_phrase(lot, 4).capitalize()}"
    if place % 4 == 0:
        lines = "\n".join(f"- **{_phrase(lot, 2)}**: {_phrase(lot, 9)}." for _ in range(6))
        return f"{heading}\n\n{lines}\n\n{_paragraph(lot, SENTENCES // 2)}"
    return f"{heading}\n\n{_paragraph(lot, SENTENCES // 2)}\n\n{_paragraph(lot, SENTENCES // 2)}"


def _paragraph(lot: Random, sentences: int) -> str:
    return " ".join(_sentence(lot) for _ in range(sentences))


def _sentence(lot: Random) -> str:
    words = _phrase(lot, 13).split()
    words[5] = f"*{words[5]}*"
    return " ".join(words).capitalize() + "."


def _question(lot: Random) -> str:
    return _phrase(lot, 9).capitalize() + "?"


def _phrase(lot: Random, words: int) -> str:
    return " ".join(lot.sample(WORDS, words))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
