"""The coordinator's certificates of a cohort: who is ready, issuing, the ceremony, putting right.

Decisions:

* Everything is found through the city and the cohort that a certificate was given in; another
  city's number is the same 404 as none.
* Whoever has completed the course and has a confirmed name is ready, in every cohort. Where the
  city issues together nobody else can issue; where it does not, the learner may do so first, and
  both ways end in the same one certificate.
* A coordinator may write down a name for a learner; whose it is reads so in their log.
* Issuing many is one job, records first, then pages. Broken off it goes on where it was: what
  is recorded stays, and pages that exist are left alone.
* What may be corrected is the name, the language and the paper. What was done, where and when
  comes from the platform's own record; if that is wrong, the certificate is withdrawn.
* For a ceremony everything comes in one order, that of the list, with the same number in the
  list and before each file's name. Pages are put together by a child process, from files: the
  server's own memory does not grow with their number.
* Attendance is counted from what is noted in the meetings room. Whoever answered a meeting's
  questions counts as present there, so also for its length.
* Only people with an account can hold a certificate: it is theirs to show, share and object to.
"""
