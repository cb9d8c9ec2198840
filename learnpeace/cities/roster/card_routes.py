"""Sign-in cards: who needs one, and having them printed."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries as cities
from learnpeace.cities.job_routes import scope_of
from learnpeace.cities.roster import card_jobs, forms, queries
from learnpeace.cities.routes import bp
from learnpeace.lib import clock, jobs, languages
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal

PAGE = 100  # people to choose from


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/cards")
@requires(Permission.RUN_CITY)
def cards(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show who signs in with a PIN and who has never done so."""
    city = city_of(current_user, slug)
    cohort = cities.cohort_in(city, cohort_id)
    holders = queries.card_holders(cohort)
    pages = max(1, -(-len(holders) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "cities/roster_cards.html",
        city=city,
        cohort=cohort,
        key=forms.fresh_key(),
        new=[holder for holder in holders if holder.is_new and not holder.waits],
        waiting=sum(holder.waits for holder in holders),
        holders=holders[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
        most=card_jobs.MOST,
    )


@bp.post("/cities/<slug>/cohorts/<int:cohort_id>/cards")
@requires(Permission.RUN_CITY)
def print_cards(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Have cards printed for those who never signed in, or for those who were chosen."""
    city = city_of(current_user, slug)
    cohort = cities.cohort_in(city, cohort_id)
    chosen = set(request.form.getlist("person", type=int))
    people = [
        holder.user_id
        for holder in queries.card_holders(cohort)
        if (holder.user_id in chosen if chosen else holder.is_new and not holder.waits)
    ]
    here = url_for(".cards", slug=slug, cohort_id=cohort_id)
    if not people or (not chosen and request.form.get("who") != "new"):
        raise Refusal(
            gettext("Nobody was chosen, so no card was printed and every PIN is as it was."),
            advice=gettext("Tick the people who need a card."),
            links=((here, gettext("Back to the cards")),),
        )
    key = f"cards-{cohort.id}-{forms.plain_key(request.form.get('key', ''))}"
    job = jobs.ask(
        card_jobs.CARDS, scope=scope_of(city), by=current_user.id, language=languages.current(),
        at=clock.now(), key=key, cohort=cohort.id, people=people[: card_jobs.MOST], back=here,
    )  # fmt: skip
    found = job.key
    db.session.commit()
    return redirect(url_for(".job", slug=slug, key=found), 303)
