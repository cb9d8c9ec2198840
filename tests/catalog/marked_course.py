"""A small course in which every text that a learner reads holds a word of its own: w01, w02, …

A translator's `z01` for `w01` then shows whether that text goes out, comes back and is read.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.catalog.good_course import SVG

ID = "every-text"
WORD = re.compile(r"w(\d\d)")
_COURSE = """\
format: 1
version: 1.0.0
title: The w01 title
summary: "Peace: the w02 summary"
language: en
languages: [en, es]
licence: CC-BY-4.0
authors: [Ana]
hours: 1
tracks: [rural, urban]
modules: [first, second]
survey: surveys/impact.md
"""
_MODULE = """\
---
title: The w03 title
minutes: 20
objectives:
  - the w04 objective
  - "Listen: the w05 objective"
content-note: the w06 note
sources:
  - A source
---

## The w07 heading

A paragraph w08 with [a link w09](https://example.org/a "its title w10") and a note.[^1]

[^1]: The footnote w11.

![The picture w12](map.svg "Its caption w13")

| Head w14 | w15 |
|--|--|
| cell w16 | `code w17` |

- an item w18
  - inside it w19

> A quote w20

```
w21
```

::: for rural
For one track w22

### Inside w23
:::

::: for urban
For the other w24
:::

::: reflection heard
The reflection w25

In two paragraphs w26
:::

::: action pair
The action w27
:::

::: check
## One w28? {#one}
The body w29

- ( ) choice w30
  > reason w31
- (x) choice w32
  > reason w33

> question reason w34

## Several w35? {#several}
- [x] choice w36
- [ ] choice w37

## Order w38? {#order}
1. step w39
2. step w40

## Match w41? {#match}
| | |
|--|--|
| left w42 | right w43 |
| left w44 | right w45 |
| | nothing w46 |

## Short w47? {#short}
= accepted w48
= also w49

## Number w50? {#number}
= 8

> nine w51

## Scale w52? {#scale}
0 low w53 … 10 high w54

## Open w55? {#open}
___
> a good answer w56
:::

::: video https://example.org/one minutes=3 size=12MB transcript=talk.md
What to look for w57
:::

::: video https://example.org/two minutes=3 size=12MB transcript=words.md
:::

::: meeting opening
Before and after w58
:::
"""
_QUIZ = """\
---
banks: [banks/shared.md]
---
## The quiz w59? {#quizzed}

![A picture w60](map.svg)

- (x) choice w61
  > reason w62
- ( ) choice w63

> reason w64
"""
_SECOND = """\
---
title: Second w65
minutes: 5
---

Text w66
"""
_SURVEY = """\
## Sure w74? {#sure}
0 low w75 … 10 high w76

## Hope w77? {#hope}
___
"""
FILES: Mapping[str, str] = {
    "course.yaml": _COURSE,
    "first/module.md": _MODULE,
    "first/quiz.md": _QUIZ,
    "first/map.svg": SVG,
    "first/talk.md": "## Said w67\n\n**Ana:** What w68?\n\n- Idris w69\n",
    "first/words.md": "Only words w70\n",
    "second/module.md": _SECOND,
    "banks/shared.md": "## Shared w71? {#shared}\n- (x) choice w72\n- ( ) choice w73\n",
    "surveys/impact.md": _SURVEY,
}
ALL = frozenset(number for text in FILES.values() for number in WORD.findall(text))


def write(root: Path) -> Path:
    """Write the course without any translation."""
    folder = root / ID
    for file, text in FILES.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def marked(text: str) -> str:
    """Return a text as its translator gives it back."""
    return WORD.sub(r"z\1", text)
