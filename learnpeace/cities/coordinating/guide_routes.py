"""Who facilitates a cohort: learners of it, and people named by their address."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries, role_actions
from learnpeace.cities.coordinating import queries as own
from learnpeace.cities.coordinating.routes import NAMED_A_DAY
from learnpeace.cities.forms import CoordinatorForm
from learnpeace.cities.role_actions import Named
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, throttle
from learnpeace.lib.db import db
from learnpeace.lib.errors import Misfit


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/facilitators", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def guides(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show who facilitates a cohort, and name another."""
    form = CoordinatorForm()
    if form.validate_on_submit() and (named := _named(slug, cohort_id, form)):
        flash(_words_for(named, str(form.email.data)), "done")
        return redirect(url_for(".guides", slug=slug, cohort_id=cohort_id), 303)
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    page = render_template(
        "cities/guides.html", form=form, city=city, cohort=cohort, guides=own.guides_of(cohort)
    )
    return page, 422 if form.errors else 200


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/facilitators/<int:user_id>/end")
@requires(Permission.RUN_CITY)
def end_guide(slug: str, cohort_id: int, user_id: int) -> ResponseReturnValue:
    """End somebody's facilitating; a second time changes nothing. What they learn stays."""
    city = city_of(current_user, slug)
    cohort = queries.cohort_in(city, cohort_id)
    role_actions.dismiss_facilitator(cohort, user_id)
    db.session.commit()
    flash(gettext("They no longer facilitate this cohort."), "done")
    return redirect(url_for(".guides", slug=slug, cohort_id=cohort_id), 303)


def _named(slug: str, cohort_id: int, form: CoordinatorForm) -> Named | None:
    """Name them and commit; None with an error in the form, nothing kept."""
    db.session.rollback()  # nothing stays open while the try is counted
    per = timedelta(days=1)
    throttle.count_try("naming", str(current_user.id), limit=NAMED_A_DAY, per=per, at=clock.now())
    for _ in range(2):
        city = city_of(current_user, slug)
        cohort = queries.cohort_in(city, cohort_id)
        try:
            named = role_actions.name_guide(
                city, cohort, str(form.name.data), str(form.email.data),
                by_id=current_user.id, at=clock.now(),
            )  # fmt: skip
            db.session.commit()
        except Misfit:
            db.session.rollback()
            form.email.errors = [gettext("This person cannot facilitate. Ask an administrator.")]
            return None
        except IntegrityError:  # the same address at the same moment: now it is there
            db.session.rollback()
        else:
            return named
    return None


def _words_for(named: Named, email: str) -> str:
    """Say the same whether the address has an account here or not."""
    if named == Named.ALREADY:
        return gettext("%(email)s facilitates this cohort already.", email=email)
    return gettext("We have written to %(email)s.", email=email)
