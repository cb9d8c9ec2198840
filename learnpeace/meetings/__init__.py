"""Meetings: live hours of a cohort, before, during and after.

Decisions:

* A moment is kept in UTC and shown twice: in the cohort's zone and in the reader's.
* A weekly series is so many meetings with one `series`, each at the same time on the wall of
  the cohort's city; each can be moved by itself. A time that the clocks go past is refused.
* `key` names a meeting in addresses and calendars (its UID) and never changes; every change
  raises `sequence`, which is how calendars know the newer of two copies (RFC 5545, 3.8.7.4).
* The server decides when the link is shown: from 15 minutes before until the end. Calendars
  hold neither link nor number, since whoever has a feed's address reads it.
* Everything is found through the person: a learner through their enrolment, who runs it through
  the city or the cohort. Anybody else meets the same 404 as for a meeting that never was.
* Who could not come reads the summary and answers the questions; that counts as being there.
  Those who run the meeting can read these answers, and the form says so.
* The video tool's list is read and shown first; a person says who is who, then it is noted.
  Nothing of it is kept but minutes.
* People are told by a job, once for each piece of news, by letter and on their first page.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room's pages, cards and jobs."""
    # Importing the modules adds their routes to the blueprint, and the card and the job.
    from learnpeace.meetings import (  # noqa: F401
        attendance_routes,
        calendar_routes,
        cards,
        desk_routes,
        letters,
        own_data,
        routes,
    )

    app.register_blueprint(routes.bp)
