"""Work of a city that takes a while: how far it is, and what it made."""

from urllib.parse import quote

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.http import dump_options_header

from learnpeace.access import Permission, city_of, nothing_here, requires
from learnpeace.cities.routes import bp
from learnpeace.cities.rules import slug_of
from learnpeace.lib import clock, jobs
from learnpeace.lib.jobs import Job
from learnpeace.people.models import City


@bp.get("/cities/<slug>/work/<key>")
@requires(Permission.RUN_CITY)
def job(slug: str, key: str) -> ResponseReturnValue:
    """Show how far a piece of work is; the page looks again by itself until it is over."""
    city = city_of(current_user, slug)
    return _shown("cities/job.html", city, key)


@bp.get("/cities/<slug>/work/<key>/state")
@requires(Permission.RUN_CITY)
def job_state(slug: str, key: str) -> ResponseReturnValue:
    """Send only the part of the page that changes."""
    city = city_of(current_user, slug)
    return _shown("cities/_job.html", city, key)


@bp.get("/cities/<slug>/work/<key>/file")
@requires(Permission.RUN_CITY)
def job_file(slug: str, key: str) -> ResponseReturnValue:
    """Send the file that the work made, while it is kept."""
    found = _job(city_of(current_user, slug), key)
    path = jobs.file_of(found)
    if path is None:
        raise nothing_here()
    response: Response = send_file(path, max_age=0)
    response.headers["Content-Disposition"] = named(found.file)
    response.headers["Cache-Control"] = "no-store"
    return response


def scope_of(city: City) -> str:
    """Return how jobs of a city are found."""
    return f"city-{city.id}"


def _shown(template: str, city: City, key: str) -> str:
    found = _job(city, key)
    standing = found.standing(clock.now())
    return render_template(template, city=city, job=found, standing=standing)


def named(name: str) -> str:
    """Return the header that saves a file under its name, whatever script that is in."""
    if name.isascii():
        return dump_options_header("attachment", {"filename": name})
    stem, _, ending = name.rpartition(".")
    plain = f"{slug_of(stem) or 'file'}.{ending}"
    exact = f"UTF-8''{quote(name, safe='')}"
    return dump_options_header("attachment", {"filename": plain, "filename*": exact})


def _job(city: City, key: str) -> Job:
    found = jobs.job_of(scope_of(city), key)
    if found is None:
        raise nothing_here()
    return found
