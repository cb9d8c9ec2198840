"""What a coordinator says of their city, and how it protects its learners.

Decisions:

* Name, country and address are the administrator's: they are how a city is found and told
  from another. The rest is the coordinator's.
* A protection is on from the first day where a community comes out of a conflict. Turning
  one off is never a tick among others: a page of its own lists what becomes visible to whom,
  and only what it listed is taken off.
"""
