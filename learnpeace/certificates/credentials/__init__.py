"""Proof elsewhere: each certificate is an Open Badges 3.0 / Verifiable Credentials 2.0 credential.

Decisions:

* The credential is written and signed when the certificate is issued, and kept as text: what is
  downloaded, attached to the PDF and baked into the badge is that text, to the letter.
* It is issued in the city's name (`did:web`), with the platform's Ed25519 key. Every issuer's
  document lists the platform's keys as its own, so that issuer and key agree for any verifier.
  Where a city protects its learners, the credential names its country only, and no cohort.
* The holder stands in it by the printed name, not hashed: they hand the file out themselves.
  Nothing of ours gives it to anybody else.
* A status list tells withdrawn and replaced alike ("revocation"). Places are drawn at random in
  lists of 131,072. Each issuer hands out the same bits under its own name, for verifiers ask
  that list and credential have one issuer, and a city's own count would tell of a small group.
* Time is a result, in minutes, not `creditsEarned`: that word means semester hours.
* No library canonicalises while a certificate is issued: see `canonical`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Add the public documents and the holder's downloads."""
    from learnpeace.certificates.credentials import own_routes, routes

    app.register_blueprint(routes.bp)
    app.register_blueprint(own_routes.bp)
