"""Courses and questions brought from other platforms, and taken out to them.

No SQL and no Flask: everything here turns bytes into our text files, or a course into theirs.

Decisions:

* Nothing is dropped silently. Whatever the other side can say and ours cannot (or the other
  way round) becomes a `Note`: file, line, and what was done instead.
* What is written is our own format, and is read back with the checker before anybody sees it;
  a question that does not come back the same is noted and left out.
* Existing files are never overwritten.
* Archives and XML are limited before they are unpacked or parsed; no entity, external file or
  link in them is followed.
"""
