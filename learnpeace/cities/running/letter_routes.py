"""Writing to chosen people of a cohort, and the list of those to call."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from learnpeace.access import Permission, city_of, requires
from learnpeace.cities import queries, seeing
from learnpeace.cities.cohort_filters import LONGEST_SEARCH, Scope, Show, scope_of
from learnpeace.cities.cohort_routes import title_of, why_words
from learnpeace.cities.job_routes import scope_of as jobs_of
from learnpeace.cities.routes import bp
from learnpeace.cities.running import letter_actions, people_queries, wording
from learnpeace.cities.running.forms import LetterForm
from learnpeace.cities.running.people_queries import Chosen, Recipient
from learnpeace.cities.running.wording import Template
from learnpeace.lib import clock, jobs, languages
from learnpeace.lib.db import db
from learnpeace.people.models import Cohort

MOST_CHOSEN = 500  # ticked one by one


@bp.route("/cities/<slug>/cohorts/<int:cohort_id>/letter", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def write(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Write to chosen people: choose the words, look at it as one of them will, send."""
    scope = _scope(slug, cohort_id)
    chosen = chosen_in(request.values)
    people = people_queries.recipients(scope, chosen)
    if not people:
        return _nobody(scope.cohort, slug)
    form = _form(scope)
    is_fine = form.validate_on_submit()
    if is_fine and request.form.get("step") == "send":
        return _send(slug, scope, form, people)
    is_shown = is_fine and request.form.get("step") == "preview"
    return _page(scope, chosen, people, form, is_shown), 422 if form.errors else 200


@bp.get("/cities/<slug>/cohorts/<int:cohort_id>/call-list")
@requires(Permission.RUN_CITY)
def call_list(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Show the chosen people without e-mail, to print and to call or visit."""
    scope = _scope(slug, cohort_id)
    chosen = chosen_in(request.args)
    people = people_queries.recipients(scope, chosen)
    seeing.took_list(current_user, scope.cohort)
    return render_template(
        "cities/running/call_list.html",
        city=scope.cohort.city,
        cohort=scope.cohort,
        people=[person for person in people if person.user.email is None],
        total=len(scope.modules),
        say=_what_to_say,
        title_of=title_of,
        why_words=why_words(),
        today=scope.today,
    )


def chosen_in(values: MultiDict[str, str]) -> Chosen:
    """Return who is meant by an address or a form."""
    asked = values.get("show", "")
    numbers = values.getlist("person")[:MOST_CHOSEN]
    return Chosen(
        show=Show(asked) if asked in set(Show) else Show.ALL,
        search=values.get("q", "")[:LONGEST_SEARCH],
        ids=tuple(int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 10),
    )


def _scope(slug: str, cohort_id: int) -> Scope:
    cohort = queries.cohort_in(city_of(current_user, slug), cohort_id)
    return scope_of(cohort, clock.now())


def _nobody(cohort: Cohort, slug: str) -> ResponseReturnValue:
    flash(gettext("There is nobody to write to in this list."), "attention")
    return redirect(url_for("cities.cohort", slug=slug, cohort_id=cohort.id), 303)


def _form(scope: Scope) -> LetterForm:
    """Return the form, with the template's words until something was typed."""
    asked = request.args.get("template", "")
    template = Template(asked) if asked in set(Template) else _fitting(request.args.get("show"))
    words = wording.draft(template)
    given = {"subject": words.subject, "text": words.text, "template": template.value}
    form = LetterForm(data={**given, "key": secrets.token_urlsafe(16)})
    if people_queries.next_meeting(scope.cohort.id, scope.at) is None:
        form.names = tuple(name for name in wording.NAMES if name != "meeting")
    return form


def _fitting(show: str | None) -> Template:
    """Return the template that fits a list; for all, the coordinator's own words."""
    fits = {
        Show.NOT_STARTED: Template.BEGIN,
        Show.QUIET: Template.STUCK,
        Show.STUCK: Template.STUCK,
        Show.NO_TRIES: Template.STUCK,
        Show.FINISHED: Template.THANKS,
    }
    return fits.get(Show(show), Template.OWN) if show in set(Show) else Template.OWN


def _page(
    scope: Scope, chosen: Chosen, people: list[Recipient], form: LetterForm, is_shown: bool
) -> str:
    free = [person for person in people if person.may_be_written_to(scope.at)]
    titles = wording.titles()
    if "meeting" not in form.names:
        del titles[Template.MEETING]
    return render_template(
        "cities/running/letter.html",
        city=scope.cohort.city,
        cohort=scope.cohort,
        chosen=chosen,
        form=form,
        free=free,
        recently=[person for person in people if not person.may_be_written_to(scope.at)],
        without_email=sum(person.user.email is None for person in free),
        preview=_preview(scope, form, free) if is_shown and free else None,
        titles=titles,
        meanings={k: v for k, v in wording.meanings().items() if k[1:-1] in form.names},
    )


def _preview(scope: Scope, form: LetterForm, free: list[Recipient]) -> dict[str, object]:
    """Return the letter as one of them will read it: whoever was asked for, or the first."""
    wanted = request.form.get("reader", type=int)
    person = next((p for p in free if p.line.enrolment_id == wanted), free[0])
    meeting = people_queries.next_meeting(scope.cohort.id, scope.at)
    letter = letter_actions.draft_for(form.draft(), form.chosen_template(), scope, person, meeting)
    language = person.user.language or "en"
    return {"letter": letter, "person": person, "language": languages.language(language)}


def _send(
    slug: str, scope: Scope, form: LetterForm, people: list[Recipient]
) -> ResponseReturnValue:
    """Send it once, in the background when there are many."""
    ids = [p.line.enrolment_id for p in people if p.may_be_written_to(scope.at)]
    here = url_for("cities.cohort", slug=slug, cohort_id=scope.cohort.id)
    try:
        letter = letter_actions.keep_letter(
            scope.cohort, current_user.id, str(form.key.data), form.draft(),
            form.chosen_template(), len(ids), at=scope.at,
        )  # fmt: skip
    except IntegrityError:  # the double click: the other one has sent it
        letter = None
    if letter is None:
        db.session.rollback()
        flash(gettext("This letter is on its way already."), "done")
        return redirect(here, 303)
    if len(ids) > letter_actions.AT_ONCE:
        job = _in_background(scope, letter.id, ids, here)
        db.session.commit()
        return redirect(url_for("cities.job", slug=slug, key=job.key), 303)
    written = letter_actions.write_to(letter, ids)
    db.session.commit()
    flash(letter_actions.told(written), "done")
    return redirect(here, 303)


def _in_background(scope: Scope, letter_id: int, ids: list[int], back: str) -> jobs.Job:
    city = scope.cohort.city
    assert city is not None
    return jobs.ask(
        letter_actions.JOB, scope=jobs_of(city), by=current_user.id, at=scope.at,
        language=languages.current(), key=f"letter-{letter_id}", letter=letter_id, people=ids,
        back=back,
    )  # fmt: skip


def _what_to_say(person: Recipient) -> str:
    """Return what helps this person most, in one sentence."""
    line = person.line
    if line.waits:
        return gettext("Ask for the form signed by a parent or guardian: their account opens "
                       "with it.")  # fmt: skip
    if line.completed_at is not None:
        if line.certificate_at is None:
            return gettext("Everything is done: they can take their certificate now.")
        return gettext("They have finished. Thank them.")
    module = title_of(line.module) if line.module else ""
    if not line.has_begun:
        return gettext("Ask whether they can sign in. Their first module is “%(module)s”.",
                       module=module)  # fmt: skip
    if line.is_out_of_tries:
        return gettext("They have no tries left. Offer to talk it through and give another try.")
    if line.stuck is not None:
        at = title_of(line.stuck.module)
        return gettext("They stopped at “%(module)s”. Ask what holds them up.", module=at)
    return gettext("They are on their way. Next is “%(module)s”.", module=module)
