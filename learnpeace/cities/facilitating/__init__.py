"""What facilitators do with what learners share: read it, answer it, take it out.

Decisions:

* Words are for the people of the cohort. Only its facilitators open these pages; the city's
  coordinators and the platform's administrators meet the same 404 as a stranger, and are told
  how much waits for an answer and nothing more.
* An answer stands beneath the text for the whole cohort, and its writer is told. The audit log
  notes that a facilitator read it when they answer, for a page that is read changes nothing.
* Taking out makes a text private again and says why to its writer; nothing is deleted.
"""
