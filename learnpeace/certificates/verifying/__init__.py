"""Checking a certificate by its number, its name or its file: for anybody, signed out.

Decisions:

* Unknown and malformed numbers are answered alike, in body, status and queries.
* The public page tells no cohort, no score and no number of an earlier edition. A name that is
  hidden, on any edition, is only compared: whole, slowly, yes or no (`matching.py`).
* Whoever checks needs no cookie: the two forms that are sent change nothing, so they carry no
  token, and a chosen language travels in the address.
* A file is ours when its SHA-256 is one that we kept. A stranger's file is opened only in a
  short-lived process of its own (`file_reader.py`), never where certificates are printed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Add the pages for whoever checks."""
    from learnpeace.certificates.verifying import file_routes, routes

    # Public questions that change nothing: a form's token would take a cookie.
    for view in (routes.compare_name, file_routes.check_file):
        app.extensions["csrf"].exempt(view)
