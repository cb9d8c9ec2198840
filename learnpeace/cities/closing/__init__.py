"""Closing a cohort, and letting its names go.

Decisions:

* Closing takes nothing from a learner: they go on reading, and their certificates stand. It
  ends what the city does with them: enrolment, letters, reminders, open invitations.
* Some months after the end (the city says how many) the names go out of the city's sight:
  lists, requests and invitations are emptied, so is whatever a name may stand in (names of
  files, letters, reasons, the welcome, summaries and recordings of meetings), and the
  cohort's pages are no more. Numbers and titles stay, for the city's page. Whoever has no
  e-mail and learns nowhere else is forgotten whole.
* A closed cohort can be opened again until then. Nothing brings names back afterwards.
"""
