"""Sources as other platforms write them, with every kind of thing that they can say."""

import base64

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0"/></svg>\n'

GIFT = r"""
// question: 0  name: Switch category to $course$/top/Peace

$CATEGORY: $course$/top/Peace talks

// A note for colleagues.
// [id:first-words] [tag:listening]
::First words::[html]<p>A neighbour says <em>“you never greet us”</em>.</p><p>What first?</p>{
	=You feel we overlook you?#<b>Yes</b>\: it names a feeling.
	~That is not true.#It closes the talk.
	~%25%Sorry, but …
	####Look at the feeling.
}

Which of these are signs of listening?{
	~%50%waiting
	~%50%saying back
	~%-50%planning your reply
}

::all::Tick exactly the two that Galtung names.{
	~%50%direct ~%50%structural ~%-100%verbal
}

::Calm::[plain]Calm is *always* peace.{FALSE#Fear can be calm.#Well seen.}

The harm built into systems is called {
	=structural violence
	=%80%structural
	=%10%harm#Look closer.
} by Galtung.

::Areas::How many action areas are there?{#8}

::People::How many people, about?{#8:1#Close enough.}

::Range::Between?{#-1.5..2}

::Two::When?{#
	=1999:0#The year itself.
	=%50%1998:2
}

::Kinds::[markdown]Match **each** to its kind.{
	=a beating -> direct
	=an unequal law -> structural
	= -> accidental
}

[markdown]Read this first: `a \{ b` and 2 \= 2.

::Essay::Name one calm place. {####A good answer names a sign.}

::Escapes::[markdown]Is 1\:2 \= 0.5 \~ \#\{\} and \\ fine?\n\nSecond paragraph.{=yes ~no}
"""

AIKEN = """\
What is dialogue for?
A. winning
B) understanding
ANSWER: B

Which word fits:
it has two lines?
A) one
B) *two*
ANSWER: B
"""


def moodle_xml(questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{questions}\n</quiz>\n'.encode()


def picture(name: str, content: bytes) -> str:
    data = base64.b64encode(content).decode()
    return f'<file name="{name}" path="/" encoding="base64">{data}</file>'


MOODLE_XML = moodle_xml(f"""
<question type="category"><category><text>$course$/top/Peace talks</text></category></question>
<question type="multichoice">
  <name><text>First words</text></name>
  <questiontext format="html"><text><![CDATA[<p>Look: <img src="@@PLUGINFILE@@/two%20men.png"
   alt="Two men"></p><p>A <b>neighbour</b> says &lt;hello&gt;. What first?</p>]]></text>
   {picture("two men.png", PNG)}</questiontext>
  <generalfeedback format="html"><text><![CDATA[<p>Look at the <i>feeling</i>.</p>]]></text>
  </generalfeedback>
  <defaultgrade>2.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>
  <idnumber>first-words</idnumber><single>true</single><shuffleanswers>true</shuffleanswers>
  <correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback>
  <answer fraction="100" format="html"><text><![CDATA[<p>You feel overlooked?</p>]]></text>
    <feedback format="html"><text><![CDATA[<p>It names a feeling.</p>]]></text></feedback></answer>
  <answer fraction="0" format="html"><text>No.</text><feedback><text></text></feedback></answer>
  <hint format="html"><text>Think of feelings.</text></hint>
  <tags><tag><text>listening</text></tag></tags>
</question>
<question type="multichoice">
  <name><text>Signs</text></name>
  <questiontext format="plain_text"><text>Which are *signs*?</text></questiontext>
  <single>false</single>
  <answer fraction="50"><text>waiting</text></answer>
  <answer fraction="50"><text>saying back</text></answer>
  <answer fraction="-50"><text>planning</text></answer>
</question>
<question type="truefalse"><name><text>Calm</text></name>
  <questiontext format="html"><text>Calm is peace.</text></questiontext>
  <answer fraction="0"><text>true</text><feedback><text>Fear can be calm.</text></feedback></answer>
  <answer fraction="100"><text>false</text></answer>
</question>
<question type="shortanswer"><name><text>Built in</text></name>
  <questiontext format="html"><text>Harm built into systems?</text></questiontext>
  <usecase>1</usecase>
  <answer fraction="100"><text>structural violence</text></answer>
  <answer fraction="70"><text>struct*</text></answer>
</question>
<question type="numerical"><name><text>Areas</text></name>
  <questiontext format="html"><text>How many areas?</text></questiontext>
  <answer fraction="100"><text>8</text><tolerance>0.5</tolerance></answer>
  <units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>
</question>
<question type="matching"><name><text>Kinds</text></name>
  <questiontext format="html"><text>Match.</text></questiontext>
  <subquestion format="html"><text>a beating</text><answer><text>direct</text></answer>
  </subquestion>
  <subquestion format="html"><text>a law</text><answer><text>structural</text></answer>
  </subquestion>
  <subquestion format="html"><text></text><answer><text>cultural</text></answer></subquestion>
</question>
<question type="ordering"><name><text>Steps</text></name>
  <questiontext format="html"><text>Put in order.</text></questiontext>
  <selecttype>ALL</selecttype>
  <answer fraction="1" format="html"><text>observation</text></answer>
  <answer fraction="2" format="html"><text>feeling</text></answer>
</question>
<question type="description"><name><text>Read</text></name>
  <questiontext format="html"><text><![CDATA[<p>Read <a href="https://example.org">this</a>.</p>]]>
  </text></questiontext>
</question>
<question type="essay"><name><text>Place</text></name>
  <questiontext format="html"><text>Name a calm place.</text></questiontext>
  <graderinfo format="html"><text>Be kind.</text></graderinfo>
</question>
<question type="cloze"><name><text>Gaps</text></name></question>
""")

CARPENTRIES: dict[str, bytes] = {
    "config.yaml": b"title: 'Listening: a lesson'\nlicense: CC-BY 4.0\nepisodes:\n"
    b"- second.md\n- first.md\n- absent.md\n",
    "index.md": b"---\nsite: sandpaper::sandpaper_site\n---\n\nA lesson on listening.\n\n"
    b":::: prereq\n\nBring a friend.\n\n::::\n",
    "links.md": b"[un]: https://www.un.org/en/\n",
    "AUTHORS": b"Ana Example\n",
    "LICENSE.md": b"---\n---\nwords\n",
    "learners/setup.md": b"---\ntitle: Setup\n---\nNothing to install.\n",
    "episodes/fig/pair.png": PNG,
    "episodes/first.md": b"""---
title: "First: listen"
teaching: 10
exercises: 5
---

:::::::::::::::::::::::::::::::::::::: questions

- How do you listen?

::::::::::::::::::::::::::::::::::::::::::::::::

::::::::::::::::::::::::::::::::::::: objectives

- Tell an observation from
  a judgement
- Say back what you heard

::::::::::::::::::::::::::::::::::::::::::::::::

## Two people

![](fig/pair.png){alt='Two people [at a table]' width="50%"}

See [the UN][un], [the second](second.md), [its part](second.html#x) and
[setup](../learners/setup.md).

```{r, echo=FALSE}
x <- 1
::: challenge
```

::: callout

### Careful

Do **not** interrupt.

:::

::::::::::::::::::::::::::::::::::::: challenge

## Try it

Listen for two minutes.

- [ ] not a choice
= not an answer

:::::::::::::::::::::::: solution

## Solution

Most people *wait* less than a second.

:::::::::::::::::::::::::::::::::
::::::::::::::::::::::::::::::::::::::::::::::::

::: instructor
Say nothing.
:::

::: discussion
## Talk
When were you heard?
:::

peace
: More than quiet.

Text with <b>bold</b>, a line<br>break, H<sub>2</sub>O, <!-- a secret --> and <blink>odd</blink>.

<div align="center"><p>In a <i>box</i></p></div>

::: keypoints
- Wait.
:::
""",
    "episodes/second.md": b"---\ntitle: Second\n---\n\n#### Deep first\n\nText.\n\n"
    b"![](fig/pair.png)\n\n![Gone](fig/gone.png)\n\n![Out](https://example.org/a.png)\n",
}

LIASCRIPT: dict[str, bytes] = {
    "README.md": b"""<!--
author:   Ana Example
email:    ana@example.org
version:  0.2.1
language: es
comment:  A course on talking.
link:     https://example.org/style.css
-->

# Talking

## Start

    --{{0}}--
Welcome to everyone.

      {{1-2}}
A step. !?[A film](https://example.org/film.mp4)

Is calm *always* peace?

[( )] Yes
[(X)] No
[[?]] Think of fear.
***********
Calm can hide fear.
***********

Which are signs?

[[X]] waiting
[[ ]] planning

What is harm in systems called?

[[structural violence]]

Choose one:

[[red|(green)|blue]]

Say it in your words.

[[___]]

## End

![Two](img/two.png) and @play(x)

| a | b |
|---|---|
| 1 | 2 |
""",
    "img/two.png": PNG,
}

JUPYTER: dict[str, bytes] = {
    "_config.yml": b"title: Talking book\nauthor: Ana Example\nlogo: logo.png\n",
    "_toc.yml": b"format: jb-book\nroot: intro\nparts:\n  - caption: One\n    chapters:\n"
    b"    - file: talks/listen\n      sections:\n      - file: notebook\n"
    b"    - file: absent\n    - url: https://example.org\n",
    "intro.md": b"# Welcome\n\nThis book is about talking. See {doc}`talks/listen`.\n",
    "notebook.ipynb": b"{}",
    "unlisted.md": b"# Not listed\n",
    "talks/listen.md": b"""---
jupytext: {a: b}
---
(listen)=
# Listen

% a comment

```{note} Wait
A **note** with {ref}`words <listen>` and {term}`peace`.
```

:::{warning}
Take care.
:::

```{figure} ../pair.png
:alt: Two people
:name: fig

They talk.
```

````{admonition} Outer
```{tip}
Inner
```
````

```{exercise} Try
:label: try-it

Listen for a minute.
```

```{solution} try-it
It is long.
```

```{code-block} python
print("{note}")
```

```python
plain = "```{note}"
```

```{toctree}
x
```

Title in quotes
---------------

H{sub}`2`O and {math}`x^2`, but `{cite}` and `{doc}` are code, as is `` {doc}`x` ``.
""",
    "pair.png": PNG,
}

MDBOOK: dict[str, bytes] = {
    "book.toml": b'[book]\ntitle = "A book"\nauthors = ["Ana", "Ben"]\nlanguage = "fr"\n'
    b'src = "text"\n'
    b'description = "About talking."\n',
    "text/SUMMARY.md": b"# Summary\n\n[Introduction](README.md)\n\n# Part one\n\n"
    b"- [Listen](listen.md)\n  - [Deeper](deep/er.md)\n- [Draft]()\n- [Gone](gone.md)\n",
    "text/README.md": b"# A book\n\nWords [about](listen.md#x) talking.\n\n{{#include part.txt}}\n",
    "text/part.txt": b"Put in.\n",
    "text/listen.md": b"# Listen\n\n![Two](pair.svg)\n\n#glued\n\n### Three\n\n##### Five\n\n"
    b"{{#playground x.rs}}\n",
    "text/deep/er.md": b"# Deeper\n\n[up](../listen.md), ![bad](../bad.svg), <https://example.org>\n",
    "text/pair.svg": SVG,
    "text/bad.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "text/unlisted.md": b"# U\n",
}
