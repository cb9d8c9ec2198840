"""Courses and questions brought from other platforms, and taken out to them.

No SQL and no Flask: everything here turns bytes into our text files, or a course into theirs.

Decisions:

* Nothing is dropped silently. Whatever the other side can say and ours cannot (or the other
  way round) becomes a `Note`: file, line, and what was done instead.
* What is written is our own format, and is read back with the checker before anybody sees it;
  a question that does not come back the same is noted and left out.
* Existing files are never overwritten.
* Nothing is invented: a licence or authors that the source does not name are “not stated”, and
  a picture without alt text stays so, for the checker to name.
* A whole course leaves as a workbook (`workbook`) or a SCORM package (`scorm`), in one of its
  languages (`course_text`); the words of ours that go with it are templates (`out_pages`). A
  workbook is printed by a child process that fetches nothing but the course's own pictures.
  Answers are a document of their own; in SCORM they travel in the pages, and we say so.
* Archives and XML are limited before they are unpacked or parsed; no entity, external file or
  link in them is followed.

Where things are: ``import_files`` and ``cli`` begin every import; ``gift`` (with
``gift_answers``), ``moodle_xml`` (with ``xml_tree``) and ``aiken`` read questions into
``brought``, which settles what each becomes; ``quiz_text`` writes them and reads them back.
``carpentries`` (with ``divs``), ``jupyter_book`` (with ``myst``), ``mdbook`` and ``liascript``
read lessons into ``lessons``; ``links``, ``module_text`` and ``course_folder`` make a course of
them. ``taking_out``, ``gift_writing`` and ``moodle_xml_writing`` lead the other way. Texts:
``markdown_text``, ``from_html``, ``html_in_markdown``. Files: ``sources``, ``unpacking``,
``pictures``.
"""
