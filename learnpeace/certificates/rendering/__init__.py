"""Pages as PDF and as pictures, and pictures that people sent, made by child processes.

`pool` and `child` are our side of the processes that make pages, `pictures` that of the one
that opens a stranger's picture; all else here runs inside them.

Decisions:

* WeasyPrint runs in a child process with limits on memory, time and size, and without any
  access to files or network (`worker.py`). What a stranger sent is opened in another one.
* The same page always gives the same bytes. Text is set in the system's Noto fonts.
* A name that glyphs do not tell again is told in words (`reading_back.py`).
"""
