"""Young people and their guardians.

Decisions:

* Only a city that asks for it learns an age band, never a birthday.
* A young person's account is made and waits: they can sign in, see how it stands, ask their
  guardian by letter or print the form, and see or delete their data. Nothing else opens.
* A guardian answers through a link, which needs no account; on paper, the city's coordinator
  confirms that the signed form is there. A no takes the account away.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the pages."""
    from learnpeace.accounts.guardians import routes  # noqa: F401
