"""Course folders read into frozen objects, with every problem's file, line and remedy.

No SQL and no Flask: the reader runs in a trainer's terminal as in the server. Texts stay
Markdown here; they become HTML once, when a course is published (``releases``).

Decisions:

* The reader collects all problems and never stops at the first; a course is returned
  only when there is no error.
* Identity is the id in the file, never a position: answers, translations and progress
  hang on ids, so a corrected comma moves nothing.
* YAML values are read as text and then typed, so ``no`` stays a word and ``12:30`` a time.
"""
