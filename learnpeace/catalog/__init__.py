"""Course folders read into frozen objects, with every problem's file, line and remedy.

No SQL and no Flask: the reader runs in a trainer's terminal as in the server. Texts stay
Markdown here; they become HTML once, when a course is published (``releases``).

Decisions:

* The reader collects all problems and never stops at the first; a course is returned
  only when there is no error.
* Identity is the id in the file, never a position: answers, translations and progress
  hang on ids, so a corrected comma moves nothing.
* YAML values are read as text and then typed, so ``no`` stays a word and ``12:30`` a time.
* A text is limited before it is parsed (size, lines, signs that make Markdown slow), so that
  no folder can keep the server busy: the largest one allowed is read within seconds.
* Markdown is parsed here only to find things. HTML is refused, not cleaned: authors see it
  named, and ``releases`` cleans all the same.
* ``of:`` of a translation holds one short fingerprint for each part of its source, so that
  the checker can say which part has changed. Marks are left out of it.
* Codes: a letter for the file (C course.yaml, M module, Q questions, T translation, A file
  that travels along, F reading a file at all) and three digits: 0xx settings, 1xx structure,
  2xx Markdown and links, 3xx YAML (F) or advice (M, Q). T2xx, A2xx, F2xx, M3xx and Q3xx are
  warnings: they stop nobody. A number, once given, never means anything else.

Where things are: ``reader`` reads a folder whole; ``course_file``, ``module_file`` and
``quiz_file`` one file each, ``translated_files`` their translations; ``shapes``, ``drafts``
and ``answers`` the grammar of questions; ``blocks`` the ::: boxes; ``yaml_text`` and
``fields`` settings; ``markdown_rules`` and ``assets`` what texts may hold and lead to;
``advice`` what an author may want to change though nothing is wrong; ``shrink`` lighter pictures.
"""
