"""A city asks to join; an administrator makes it or says why not.

Decisions:

* One looks for one's city before one writes about it: the same place under another spelling
  or script is the usual accident. A city that does not show itself is never named here: a
  search finds it as little as one that does not exist, and a request for it is taken; the
  administrator sees the likeness.
* The letter that thanks for a request goes to an address nobody has proved, so it carries
  nothing that was typed. What an administrator has read may be told.
* Approving locks the request, so that two administrators make one city; the second gets what
  the first one did.
"""
