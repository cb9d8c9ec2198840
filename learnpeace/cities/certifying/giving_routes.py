"""Certificates of attendance and the city's thanks: for what, to whom, look at one, issue."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import Permission, requires
from learnpeace.certificates import serials
from learnpeace.certificates.printing import pages, previews
from learnpeace.certificates.states import Kind
from learnpeace.cities.certifying import giving, giving_jobs, giving_queries
from learnpeace.cities.certifying.forms import AttendanceForm, ThanksForm
from learnpeace.cities.certifying.giving import Gift, Taker
from learnpeace.cities.certifying.giving_queries import Attended, Held, Helper
from learnpeace.cities.certifying.queries import Shelf
from learnpeace.cities.certifying.routes import CERTIFICATES, cohort_of
from learnpeace.cities.job_routes import scope_of as jobs_of
from learnpeace.cities.routes import bp
from learnpeace.cities.ticks import ticked_numbers
from learnpeace.lib import clock, jobs, languages
from learnpeace.lib.db import db
from learnpeace.lib.languages import NAMES, speaking
from learnpeace.people.models import City, Cohort
from learnpeace.releases import queries as releases

SHOWN = 100  # people to tick one by one; the others come along with one tick
WHOLE = "cohort"  # all meetings of the cohort together
LONGEST_SEARCH = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A city's cohort, of whose people some are to be given a certificate."""

    city: City
    cohort: Cohort

    @property
    def language(self) -> str:
        """Return the language that most of them read."""
        code = (self.cohort.languages or self.city.languages).split(",")[0]
        return code if code in NAMES else "en"


@bp.route(f"{CERTIFICATES}/attendance", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def attendance_certificates(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Choose the meetings and the people who were there, look at one, issue them."""
    desk = _desk(slug, cohort_id)
    held = giving_queries.meetings_held(desk.cohort, clock.now())
    form = _attendance_form(desk, held)
    if not held or (form.is_submitted() and not form.validate()):
        return _attendance_page(desk, form, held), 422 if form.is_submitted() else 200
    gift = _attendance(desk, form, held)
    people = giving_queries.attended(gift.meetings, gift.least, gift.about)
    free = [one for one in people if one.can_print and not one.serial]
    step = request.form.get("step", "show")
    if step == "show":
        return _attendance_page(desk, form, held, people, {one.user_id for one in free})
    wanted = _wanted(free)
    if not wanted:
        form.form_errors = [_nobody()]
        return _attendance_page(desk, form, held, people, wanted), 422
    if step == "issue":
        return _ask(desk, gift, wanted, slug)
    one = next(one for one in free if one.user_id in wanted)
    taker = Taker(user_id=one.user_id, enrolment_id=None, name=one.name, minutes=one.minutes)
    return _attendance_page(desk, form, held, people, wanted, _preview(desk, gift, taker))


@bp.route(f"{CERTIFICATES}/thanks", methods=["GET", "POST"])
@requires(Permission.RUN_CITY)
def thanks_certificates(slug: str, cohort_id: int) -> ResponseReturnValue:
    """Write what people are thanked for, choose them among the city's, look at one, issue."""
    desk = _desk(slug, cohort_id)
    form = ThanksForm(data={"language": desk.language})
    search = request.form.get("q", "").strip()[:LONGEST_SEARCH]
    step = request.form.get("step", "find")
    chosen = set(ticked_numbers("person"))
    people = giving_queries.helpers(desk.city, desk.cohort, search, chosen)
    wanted = {one.user_id for one in people if one.user_id in chosen and one.can_print}
    if step == "find":
        return _thanks_page(desk, form, people, wanted, search)
    is_fine = form.validate()
    if not wanted:
        form.form_errors = [_nobody()]
    if not is_fine or not wanted:
        return _thanks_page(desk, form, people, wanted, search), 422
    gift = _thanks(desk, form)
    if step == "issue":
        return _ask(desk, gift, wanted, slug)
    first = next(one for one in people if one.user_id in wanted)
    page = _preview(desk, gift, giving.thanked(first, gift))
    return _thanks_page(desk, form, people, wanted, search, page)


def _desk(slug: str, cohort_id: int) -> Desk:
    city, cohort = cohort_of(slug, cohort_id)
    return Desk(city=city, cohort=cohort)


def _wanted(free: list[Attended]) -> set[int]:
    """Return who is ticked, and all whom the list does not show when that is ticked."""
    others = [one.user_id for one in free[SHOWN:]] if request.form.get("others") == "yes" else []
    return {*ticked_numbers("person"), *others} & {one.user_id for one in free}


def _attendance_form(desk: Desk, held: list[Held]) -> AttendanceForm:
    """Return the form for these meetings; at half of them or more, unless said otherwise."""
    form = AttendanceForm(
        data={"about": WHOLE, "least": max(1, (len(held) + 1) // 2), "language": desk.language}
    )
    form.about.choices = [
        (WHOLE, gettext("All meetings of this cohort")),
        *((meeting.key, meeting.title) for meeting in held),
    ]
    return form


def _attendance(desk: Desk, form: AttendanceForm, held: list[Held]) -> Gift:
    language = str(form.language.data)
    if form.about.data != WHOLE:
        one = next(meeting for meeting in held if meeting.key == form.about.data)
        return giving.of_meetings(
            (one,), about=f"meeting:{one.id}", title=one.title, least=1, language=language
        )
    course = releases.release(desk.cohort.release_id).course.told(language).title
    with speaking(language):
        title = gettext("Meetings: %(course)s", course=course)
    return giving.of_meetings(
        tuple(held), about=f"cohort:{desk.cohort.id}", title=title, language=language,
        least=min(int(form.least.data or 1), len(held)),
    )  # fmt: skip


def _thanks(desk: Desk, form: ThanksForm) -> Gift:
    title, hours, language = (
        str(form.title.data),
        int(form.hours.data or 1),
        str(form.language.data),
    )
    day = clock.now().astimezone(clock.zone(desk.city.time_zone)).date()
    about = giving.thanks_key(desk.city, title, hours, language, day)
    return Gift(kind=Kind.THANKS, about=about, title=title, day=day, language=language, hours=hours)


def _preview(desk: Desk, gift: Gift, taker: Taker) -> pages.Page:
    facts = giving.facts_for(gift, taker, desk.city, desk.cohort, clock.now())
    return previews.preview_of(facts, desk.city.id)


def _ask(desk: Desk, gift: Gift, wanted: set[int], slug: str) -> ResponseReturnValue:
    """Have them issued in the background; the same press twice asks once."""
    key = giving.job_key(gift, desk.cohort.id, wanted, clock.now())
    back = url_for(".certificates", slug=slug, cohort_id=desk.cohort.id, show=Shelf.ISSUED.value)
    job = jobs.ask(
        giving_jobs.GIVE, scope=jobs_of(desk.city), by=current_user.id, at=clock.now(),
        language=languages.current(), key=key, cohort=desk.cohort.id, gift=giving.told(gift),
        people=sorted(wanted), back=back,
    )  # fmt: skip
    found = job.key
    db.session.commit()
    return redirect(url_for(".job", slug=slug, key=found), 303)


def _attendance_page(
    desk: Desk,
    form: AttendanceForm,
    held: list[Held],
    people: list[Attended] | None = None,
    wanted: set[int] | None = None,
    page: pages.Page | None = None,
) -> str:
    free = [one for one in people or () if one.can_print and not one.serial]
    return render_template(
        "cities/certifying/attendance.html",
        city=desk.city,
        cohort=desk.cohort,
        form=form,
        held=held,
        free=free[:SHOWN],
        others=len(free[SHOWN:]),
        takes_others=any(one.user_id in (wanted or ()) for one in free[SHOWN:]),
        have_one=[one for one in people or () if one.serial],
        unprintable=[one for one in people or () if not one.can_print],
        wanted=wanted or set(),
        page=page,
        shown=serials.shown,
    )


def _thanks_page(
    desk: Desk,
    form: ThanksForm,
    people: list[Helper],
    wanted: set[int],
    search: str,
    page: pages.Page | None = None,
) -> str:
    return render_template(
        "cities/certifying/thanks.html",
        city=desk.city,
        cohort=desk.cohort,
        form=form,
        people=people,
        wanted=wanted,
        search=search,
        is_cut=len(people) - len(wanted) >= giving_queries.MOST_SHOWN,
        page=page,
    )


def _nobody() -> str:
    return gettext("Nobody is ticked. Tick at least one person.")
