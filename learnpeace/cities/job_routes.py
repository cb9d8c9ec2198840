"""Work of a city that takes a while: how far it is, and what it made."""

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.cities.routes import bp
from learnpeace.lib import jobs
from learnpeace.lib.jobs import Job
from learnpeace.people.models import City


@bp.get("/cities/<slug>/work/<key>")
@requires(Permission.RUN_CITY)
def job(slug: str, key: str) -> ResponseReturnValue:
    """Show how far a piece of work is; the page looks again by itself until it is over."""
    city = city_of(current_user, slug)
    return render_template("cities/job.html", city=city, job=_job(city, key))


@bp.get("/cities/<slug>/work/<key>/state")
@requires(Permission.RUN_CITY)
def job_state(slug: str, key: str) -> ResponseReturnValue:
    """Send only the part of the page that changes."""
    city = city_of(current_user, slug)
    return render_template("cities/_job.html", city=city, job=_job(city, key))


@bp.get("/cities/<slug>/work/<key>/file")
@requires(Permission.RUN_CITY)
def job_file(slug: str, key: str) -> ResponseReturnValue:
    """Send the file that the work made, while it is kept."""
    found = _job(city_of(current_user, slug), key)
    path = jobs.file_of(found)
    if path is None:
        raise nothing_here()
    response: Response = send_file(path, as_attachment=True, download_name=found.file, max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response


def scope_of(city: City) -> str:
    """Return how jobs of a city are found."""
    return f"city-{city.id}"


def _job(city: City, key: str) -> Job:
    found = jobs.job_of(scope_of(city), key)
    if found is None:
        raise nothing_here()
    return found
