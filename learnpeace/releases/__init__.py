"""The published, frozen versions of courses: what learners read.

Decisions:

* A release is the whole course, parsed, sanitised and frozen in the database under its
  version and fingerprint. Nothing is edited in place; publishing makes a new release and
  moves the course's pointer. A broken folder cannot replace a good release.
* Releases never change, so each process keeps them in memory by their number and asks the
  database once. Learners never touch the course folder.
* Markdown becomes HTML here, once, kept by the text's fingerprint. Files are kept by their
  content's hash and served for a year.
"""
