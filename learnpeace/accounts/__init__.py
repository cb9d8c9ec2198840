"""Signing in and up, PINs, sessions, and what a person may change of their own.

Decisions:

* A session is a row at the server; the signed cookie carries only its token, the row only
  the token's hash. Ending it is deleting the row, and every device is listed to its owner.
* 12 hours, or 30 days when the person asked to stay signed in on this phone: an absolute
  limit, no sliding one, because reading a page writes nothing.
* Argon2id with 19 MiB and two passes (25 ms here), computed outside any transaction; an
  unknown name costs the same, so an answer's time tells nothing.
* A PIN is six digits for people without e-mail: few, so throttled per account and per
  address, and reset by the person's coordinator, who is shown the new one once. It is made
  from the server's secret key and the form's own random key, so a form sent twice, or a page
  reloaded by a phone short of memory, shows the same PIN and not "that name is taken".
* Signing up says that an address or name is taken, because a person has to get on; tries
  are counted per client and per address first. Signing in and asking for a new password
  say the same, and take as long, whether the account is known, wrong, closed or missing.
* An address is not proved at sign-up (letters are slow where our learners are); whoever
  gives a role to an address must send it a link, not trust the account that holds it.
* A link from a letter is opened without change and used up by its button, so that a mail
  scanner cannot use it. Its page sends no referrer; Flask-WTF's check of the referrer is
  therefore off, and the form's token alone decides.
* Letters of a kind carry an address that turns that kind off at one press. Its POST is the
  one that asks for no form token: mail programs press it for people who are not signed in.
* A form sent after the session ended shows its words again: they are nowhere else.
"""

from flask import Flask

from learnpeace.accounts import sessions


def init_sessions(app: Flask) -> None:
    """Let requests know who is asking."""
    sessions.init_app(app)


def init_app(app: Flask) -> None:
    """Add this room's pages."""
    # Importing the modules adds their routes to the blueprint.
    from learnpeace.accounts import (  # noqa: F401
        guardians,
        letter_routes,
        notice_queries,
        notice_routes,
        own_data,
        routes,
    )

    # The pages of one-time links send no referrer, which this check would ask for over HTTPS.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.extensions["csrf"].exempt(letter_routes.turn_letters_off)
    own_data.init_app(app)
    guardians.init_app(app)
    app.register_blueprint(routes.bp)
    app.jinja_env.globals["own_notices"] = notice_queries.own_notices
