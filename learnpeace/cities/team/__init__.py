"""The peace team: which sectors of a city's life learn together, and which are missing.

Decisions:

* A sector is the person's own choice, for one city, and can be taken back. A coordinator who
  writes one into a list of people only suggests it, and so does the link of an invitation
  that looks for people of a sector.
* The city's coordinators see who chose what, and the page where it is chosen says so.
  Everybody else sees counts, by the rules for small groups.
* The wheel has numbers, and a list beside it that says the same in words: letters inside a
  drawing are set wrong by some printers of Arabic, and nobody has to know colours apart.
"""
