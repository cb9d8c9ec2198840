"""The mayor's page: what a city's cohorts come to, on one page that may leave the house.

Decisions:

* Coordinators see every person's progress elsewhere. This page is meant for the town hall's
  wall, so the screen, the PDF and the table hold the same figures by the rules for small
  groups, and nothing else.
* What is told is decided for the whole city at once, never for the page that is asked for:
  otherwise the page of a year less the pages of its cohorts would tell what each of them
  hides. `rules.open_places` closes as many cohorts, years or the whole as it takes until
  every difference of figures is nobody or at least ten people, for those who did something
  and for those who did not.
* A count is rounded to five and a share is worked out from rounded counts, so that neither
  moves with every person who joins; no snapshot has to be kept. Whoever divides the numbers
  on the paper gets the share on the paper.
* Where nearly everybody did something, the few who did not are protected by “at least”: the
  share that fewer than ten leave, worked out from the rounded count alone.
* Hours are those of the courses that people finished, from the rounded count, and the minutes
  of meetings, rounded down to tens.
* Somebody who takes two courses counts in each, as on the city's first page; only the sectors
  count people once. A sector belongs to the city and not to a cohort: the wheel is the same
  whatever the period.
* A year is the cohorts that began in it.
* Of modules and single meetings only quarters are told, and from 40 people on: who did one
  and not the next would follow from their difference.
* Figures are numbers in the drawings and words beside them: Arabic inside a drawing is set
  wrongly by the printer.
"""
