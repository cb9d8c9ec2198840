"""A city's first page: what needs its coordinator, then how its people do, then its cohorts.

Decisions:

* Everything is counted by the database, for all cohorts at once: a page costs as many queries
  for a hundred cohorts as for one. Who is stuck is said by the same conditions as on a
  cohort's page; cohorts that read the same release and have begun alike share one.
* Only running cohorts need somebody: what is over can wait for ever.
* Nothing of answers, reflections or shared notes is read here, not even counted.
"""
