"""People, cities, cohorts and roles: tables only, no screens.

Decisions:

* A person signs in by e-mail and password or by a sign-in name and a PIN; one column holds
  the hash of either, and `uses_pin` says which. Nothing is asked that is not used.
* A learner is anybody; the other roles are rows, so that a person can hold several.
* A cohort without a city is a course's open cohort, for people whose city is not here yet.
* A cohort is pinned to a release of its course; wording fixes (patch releases) reach it.
"""
