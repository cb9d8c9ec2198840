"""How people come into a cohort, from the coordinator's side.

Decisions:

* A link in a letter is derived from the invitation and the installation's key, so it can be
  sent again; the table keeps its hash alone.
* A place that is offered counts as taken until its 48 hours are over. Who counts places first
  ends the offers that are late, so nothing waits for the hourly tidying to be right.
"""
