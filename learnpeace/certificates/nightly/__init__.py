"""The nightly check: does every record of a certificate still hold what it must hold.

Decisions:

* It is a job, asked for by the hourly round once a day: reading every page that is kept takes
  long, and the job's line in the table is the last result that `learnpeace doctor` shows.
* Mended by itself is only what nobody can get wrong: a completion nobody was told of is
  offered, and a page that was never made is asked for again. All else is told, for a record
  that changes by itself is what this check is there to find.
* Whose name was taken off, at their own wish, has neither page nor credential: that is sound.
"""

from learnpeace.certificates.nightly import jobs  # noqa: F401 (the worker must know the job)
