"""Coming into a cohort: by link, by code, by asking, from a list, or from its waiting list.

Decisions:

* One pure rule (`rules.door`) says what the button does for this person: join, ask, wait, or
  why there is none. The page asks it to show, the form asks it again under the cohort's lock.
* A place that is held for somebody counts as taken, and so do places for those who wait:
  whoever comes later does not pass by them.
* A hold ends by the clock, not by the tidying: places are counted at a moment. Whoever
  changes something in a cohort first passes late offers on.
* In a cohort that is joined by code, its links do not contain the code. What was typed is
  kept in the visitor's cookie, so an address that is sent on lets nobody in.
* A link may be aimed at a sector of the city's life (`aims`). Whoever comes by it gets a row
  where lists keep their suggestions, an invitation that has ended already: it suggests, and
  lets nobody in.
* People are found through themselves: a request is its owner's, whatever number stands in
  the address.
"""
