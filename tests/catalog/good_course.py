"""A complete, correct course that uses everything the format offers, and ways to break it."""

from collections.abc import Mapping
from pathlib import Path

from learnpeace.catalog.reader import CourseReading, read_course

COURSE = """\
format: 1
version: 2.3.0
title: Building a Culture of Peace in Your City
summary: One sentence for the catalogue.
language: en
languages: [en, es]
licence: CC-BY-4.0
authors: [The learnpeace authors]
hours: 12
tracks: [urban, rural, post-conflict, established]
modules:
  - what-is-peace
  - listening
  - {id: service-resilience, tracks: [post-conflict, urban]}
  - {id: our-city-plan, after: listening, required: false}
order: in-order                # or any
complete:
  surveys: [before, after]
  meetings: 1
survey: surveys/impact.md
certificate: {valid: 3 years, languages: [en, es]}
"""

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 40">'
    '<rect x="2" y="2" width="26" height="36" fill="none" stroke="#7a1f3d"/></svg>'
)

LISTENING = """\
---
title: Listening before speaking
minutes: 35
objectives:
  - tell an observation from a judgement
content-note: mentions the loss of a home
sources:
  - A/RES/53/243, Programme of Action, paragraph 9
---

## Two neighbours

Plain Markdown: **lists**, tables, quotes and [a link](https://example.org/a "A title").
See [the first module](../what-is-peace/module.md), [its folder](../what-is-peace/),
[the leaflet](leaflet.pdf), [the talk](talk.mp3) or <mailto:peace@example.org>.[^1]

[^1]: A note at the foot of this part.

![Two neighbours at a table](two-neighbours.svg "Drawn for this course")

### In depth

```
::: not a box, but code
## and no heading
```

| One | Two |
|--|--|
| a | `<b>` |

::: for rural
An example for one track.

#### A heading inside

![A well](../what-is-peace/well.png)
:::

::: reflection heard
Think of one talk this week. What did you hear that was not said?
:::

::: action listening-pair
Hold one thirty-minute listening pair.
:::

::: check
### Is calm always peace? {#calm}
- ( ) Yes
  > Calm can hide fear.
- (x) No

## How sure are you? {#sure-now}
0 not at all ... 10 completely
:::

::: video https://example.org/talk minutes=12 size=48MB transcript=talk.md
What to look for while watching.
:::

::: meeting opening
Before, live and after.
:::
"""

QUIZ = """\
---
pass: 70          # percent
tries: 3
wait: 10m
keep: last
show: passed
pick: 8
shuffle: [questions, choices]
banks: [banks/dialogue.md]
---

## A neighbour says “you never greet us”. What do you say first? {#paraphrase}

They stand at the *gate*:

![Two neighbours at a gate](two-neighbours.svg)

- (x) “You feel we overlook you?”
  > Naming the feeling opens talk.
- ( ) “That is not true.”
  > It closes the talk.

## Which of these are signs of listening? {#signs all}
- [x] waiting before you answer
- [x] saying back what you heard,
  in your own words
- [ ] planning your reply

> Shown after answering, whatever was chosen.

## Put the four steps in order {#steps was=four-steps}
1. observation
2. feeling
3. need
4. request

## Match each to its kind {#kinds}
| | |
|--|--|
| a beating | direct |
| an unequal law | structural |
| a myth of superiority | cultural |
| | accidental |

## In one word: what do we call harm built into systems? {#structural}
= structural violence
= structural

## How many action areas does the Programme of Action name? {#areas}
= 8

> Paragraphs nine to sixteen name one each.

## How many people, about? {#people}
= 7..9

## How long is it, in metres? {#length}
= 8 ± 0.5

## Name one calm place near you that hides a need. {#hidden}
___
> A good answer names a sign, who is affected, and blames nobody.
"""

BANK = """\
## What is dialogue for? {#dialogue}

![A circle](circle.webp)

- ( ) winning
- (x) understanding
"""

SURVEY = """\
## How sure are you that you can listen to someone who upsets you? {#sure}
0 not at all … 10 completely

## Where do you live? {#place}
- ( ) in a city
- ( ) in a village

## What have you done? {#done}
- [ ] listened
- [ ] repaired

## What do you hope for? {#hope}
___
"""

LISTENING_ES = """\
---
of: 774a80cc e329945c abbbb9bc 9a14f4c1 09b2e147 6754ed99 d1eb1be4 7e4861fa
title: Escuchar antes de hablar
objectives:
  - distinguir una observación de un juicio
content-note: menciona la pérdida de un hogar
---

## Dos vecinos

Texto, con [el primer módulo](../what-is-peace/module.md).

![Dos vecinos a la mesa](two-neighbours.svg)

::: for rural
Un ejemplo.
:::

::: reflection heard
¿Qué oíste que no se dijo?
:::

::: action listening-pair
:::

::: check
### ¿La calma es siempre paz? {#calm}
- ( ) Sí
  > La calma puede ocultar miedo.
- ( ) No

## ¿Qué tan segura estás? {#sure-now}
0 nada … 10 del todo
:::

::: video https://example.org/charla minutes=12 size=48MB transcript=talk.es.md
Qué mirar.
:::

::: meeting opening
Antes, durante y después.
:::
"""

QUIZ_ES = """\
---
of: 553c6c99 2ae262d3 47bc9cae 8acc3cc8 127f2322 c9342151 fb2271bc f515d310 13710d73
---

## Una vecina dice «nunca nos saludan». ¿Qué dices primero? {#paraphrase}

Están en la puerta.

- ( ) «¿Sientes que no te vemos?»
  > Nombrar el sentimiento abre la conversación.
- ( ) «No es verdad.»

## ¿Cuáles son señales de escuchar? {#signs}
- [ ] esperar antes de responder
- [ ] repetir lo que oíste
- [ ] planear tu respuesta

> Se muestra después.

## Ordena los cuatro pasos {#steps}
1. observación
2. sentimiento
3. necesidad
4. petición

## Relaciona cada cosa con su tipo {#kinds}
| | |
|--|--|
| un golpe | directa |
| una ley desigual | estructural |
| un mito de superioridad | cultural |
| | accidental |

## En una palabra: ¿cómo llamamos al daño de los sistemas? {#structural}
= violencia estructural

## ¿Cuántos ámbitos nombra el Programa de Acción? {#areas}
=

## ¿Cuántas personas, más o menos? {#people}
= 7..9

## ¿Cuánto mide, en metros? {#length}
=

## Nombra un lugar tranquilo que oculta una necesidad. {#hidden}
___
"""

BANK_ES = """\
---
of: ab9ce63f
---
## ¿Para qué sirve el diálogo? {#dialogue}
- ( ) ganar
- ( ) entender
"""

SURVEY_ES = """\
---
of: 6b227389 fc2d45d4 40a3e4e0 c443d299
---
## ¿Qué tan segura estás? {#sure}
0 nada … 10 del todo

## ¿Dónde vives? {#place}
- ( ) en una ciudad
- ( ) en un pueblo

## ¿Qué has hecho? {#done}
- [ ] escuchar
- [ ] reparar

## ¿Qué esperas? {#hope}
___
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0"/></svg>\n'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def plain(title: str) -> str:
    return f"---\ntitle: {title}\nminutes: 20\n---\n\n## One\n\nText.\n"


def plain_es(of: str) -> str:
    return f"---\nof: {of}\ntitle: Título\n---\n\n## Uno\n\nTexto.\n"


FILES: Mapping[str, str | bytes] = {
    "course.yaml": COURSE,
    "course.es.yaml": "of: da42815d\ntitle: Una cultura de paz\nsummary: Una frase.\n",
    "CHANGELOG.md": "# Changes\n\n## 2.3.0\n\nSomething better.\n",
    "what-is-peace/module.md": plain("What peace is"),
    "what-is-peace/module.es.md": plain_es("fd190dcd 98cdc5ee"),
    "what-is-peace/well.png": PNG,
    "listening/module.md": LISTENING,
    "listening/module.es.md": LISTENING_ES,
    "listening/quiz.md": QUIZ,
    "listening/quiz.es.md": QUIZ_ES,
    "listening/two-neighbours.svg": SVG,
    "listening/leaflet.pdf": b"%PDF-1.7\n",
    "listening/talk.mp3": b"ID3\x04",
    "listening/talk.md": "## The talk\n\nWords that were spoken.\n",
    "listening/talk.es.md": "---\nof: 21301d99\n---\n\n## La charla\n\nPalabras.\n",
    "service-resilience/module.md": plain("Services"),
    "service-resilience/module.es.md": plain_es("604dce44 98cdc5ee"),
    "our-city-plan/module.md": plain("Our plan"),
    "our-city-plan/module.es.md": plain_es("35220cca 98cdc5ee"),
    "banks/dialogue.md": BANK,
    "banks/dialogue.es.md": BANK_ES,
    "banks/circle.webp": b"RIFF\x04\0\0\0WEBP",
    "surveys/impact.md": SURVEY,
    "surveys/impact.es.md": SURVEY_ES,
    "certificate/logo.svg": LOGO,
    ".git/config": b"\xff\xfe not ours",
}


def write(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the good course with some files replaced, added, or (None) left out."""
    folder = root / "culture-of-peace"
    for file, content in {**FILES, **(changes or {})}.items():
        if content is None:
            continue
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def reading(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> CourseReading:
    """Read the good course after some changes."""
    return read_course(write(root, changes))


def edited(file: str, old: str, new: str) -> dict[str, str | bytes | None]:
    """Return a change: one passage of a file replaced."""
    text = FILES[file]
    assert isinstance(text, str)
    assert text.count(old) == 1, f"{text.count(old)} times in {file}"
    return {file: text.replace(old, new)}
