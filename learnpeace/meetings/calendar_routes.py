"""Meetings for people's own calendars: a file of one, and private feeds."""

from collections.abc import Sequence

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, public, requires, signed_in
from learnpeace.accounts.letters import address_of
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.meetings import calendars, feed_actions, feed_queries, queries
from learnpeace.meetings.models import Meeting
from learnpeace.meetings.routes import bp
from learnpeace.settings import Settings

NAME = "learnpeace"  # who looks over a shoulder at a calendar reads neither city nor cohort


@bp.get("/meetings/<key>.ics")
@signed_in
def meeting_file(key: str) -> ResponseReturnValue:
    """Send one meeting for a calendar."""
    meeting = queries.seen(current_user, key).meeting
    response = _calendar([meeting])
    response.headers["Content-Disposition"] = f'attachment; filename="meeting-{meeting.key}.ics"'
    return response


@bp.get("/calendar/<key>.ics")
@public
def feed(key: str) -> ResponseReturnValue:
    """Send the meetings behind a private address; whoever has it needs no sign-in."""
    response = _calendar(feed_queries.feed_meetings(key, clock.now()))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@bp.post("/meetings/calendar")
@signed_in
def own_feed() -> ResponseReturnValue:
    """Make the person's private calendar address, or a new one at a press."""
    feed_actions.new_feed(
        feed_queries.own_feed(current_user.id),
        user_id=current_user.id,
        was=request.form.get("was", ""),
        at=clock.now(),
    )
    db.session.commit()
    flash(_made(), "done")
    return redirect(url_for(".mine") + "#calendar", 303)


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/meetings/calendar")
@requires(Permission.SEE_COHORT)
def cohort_feed(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Make a cohort's private calendar address, or a new one at a press."""
    cohort = queries.led_cohort(current_user, slug, cohort_id, lock=True)
    feed_actions.new_feed(
        feed_queries.cohort_feed(cohort.id),
        cohort_id=cohort.id,
        was=request.form.get("was", ""),
        at=clock.now(),
    )
    db.session.commit()
    flash(_made(), "done")
    return redirect(url_for(".of_cohort", slug=slug, cohort_id=cohort_id) + "#calendar", 303)


def _calendar(meetings: Sequence[Meeting]) -> Response:
    settings: Settings = current_app.config["SETTINGS"]
    pages = [address_of("meetings.meeting", key=meeting.key) for meeting in meetings]
    content = calendars.calendar_of(meetings, pages, name=NAME, base_url=settings.base_url)
    return Response(content, content_type="text/calendar; charset=utf-8")


def _made() -> str:
    return gettext("The private address is made. One that was there before no longer works.")
