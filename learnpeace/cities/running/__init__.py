"""Running a cohort: writing to chosen people, and what a coordinator may do for one person.

Decisions:

* Nobody is written to twice within three days. The enrolment itself holds when that was
  (`Enrolment.written_at`) and is locked while it is looked at, so two coordinators, a second
  click and a job that runs again come to the same one letter.
* A template that nobody touched reaches each person in their own language; changed words go
  out as they were written. Names and addresses stand as `{name}` or `{link}` in the text and
  are put in once, as plain text: what a name contains is never looked at again.
* Everybody gets a notice on their first page; who has an e-mail address also a letter; who has
  none also stands on the call list, which says where they are and what to say.
* Every deed says first what it does, is noted where the person can read it, and is told to
  them. Done twice it is done once.
* A module done elsewhere is done, with its reason beside it, and completes the course by the
  same path as any other.
* Who is taken out of a cohort goes to the course's open cohort with all they did; from then
  on nobody in the city sees them.
"""
