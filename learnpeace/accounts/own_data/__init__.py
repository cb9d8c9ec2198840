"""My data: see it, take it along, and go.

Decisions:

* Each room says what it keeps about a person (`gives`) and how it lets go of it (`forgets`):
  imports point down only, and a new table of a room is added beside its other ones. A test
  walks through every table with a person in it.
* An account goes 14 days after its owner asks for it, and stays when they change their mind.
  Until then everything works: whoever wants to be gone at once signs out.
* What goes: the name, every way in, words written and answers given. What stays: counts
  without a name, and the certificates, unless their owner wants the name off them too.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add what this room itself keeps, and the pages."""
    from learnpeace.accounts.own_data import kept_here, routes  # noqa: F401
