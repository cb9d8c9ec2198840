"""What a coordinator does for one learner. The caller commits.

Each deed is safe to repeat, is noted where the learner can read it, and is told to them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext

from learnpeace.access import nothing_here
from learnpeace.accounts import audit, notice_actions
from learnpeace.accounts.audit import What
from learnpeace.accounts.letters import path_of
from learnpeace.catalog.model import Module
from learnpeace.cities import role_actions
from learnpeace.cities.running import deed_queries
from learnpeace.learning import actions as learning
from learnpeace.learning import moving_actions, retaking
from learnpeace.learning import queries as learning_queries
from learnpeace.learning.joining import actions as joining
from learnpeace.learning.models import Enrolment
from learnpeace.learning.sharing import actions as sharing
from learnpeace.lib import languages, words
from learnpeace.lib.db import db
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import speaking
from learnpeace.people.models import Cohort, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One learner of a cohort, held for this unit of work, and who does something for them."""

    cohort: Cohort
    enrolment: Enrolment
    user: User
    by_id: int
    at: datetime


def case_of(cohort: Cohort, enrolment_id: int, *, by_id: int, at: datetime) -> Case:
    """Return a learner of the cohort, held, or raise NotFound (2 queries).

    Nothing more is done for one who took the course here before: they take it elsewhere now.
    """
    enrolment = db.session.scalar(
        sa.select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort.id)
        .where(Enrolment.past == 0)
        .with_for_update(of=Enrolment)
    )
    if enrolment is None:
        raise nothing_here()
    user = db.session.get_one(User, enrolment.user_id)
    return Case(cohort=cohort, enrolment=enrolment, user=user, by_id=by_id, at=at)


def open_all(case: Case) -> bool:
    """Open every module to a learner; False when they are open already (2 queries)."""
    if case.enrolment.opens_all:
        return False
    case.enrolment.opens_all = True
    note(case, What.OPENED_ALL)
    with speaking(case.user.language):
        _tell(
            case, What.OPENED_ALL, gettext("Every module is open to you now"),
            gettext("Your coordinator has opened all modules. Read them in any order."),
        )  # fmt: skip
    return True


def extend(case: Case, until: date) -> bool:
    """Give a learner a later last day; False when it is this one already (2 queries)."""
    if case.enrolment.until == until:
        return False
    case.enrolment.until = until
    note(case, What.EXTENDED, until.isoformat(), until.isoformat())
    with speaking(case.user.language):
        _tell(
            case, f"{What.EXTENDED}-{until}", gettext("You have more time"),
            gettext("Your coordinator has given you time until %(day)s. Go on at your own pace.",
                    day=words.day(until)),
        )  # fmt: skip
    return True


def mark_elsewhere(case: Case, module: Module, reason: str) -> bool:
    """Mark a module as done elsewhere; False when it is done already (4 or 5 queries).

    The course completes by the same path as by reading and passing.
    """
    standing = learning_queries.standing_of(case.user.id, case.enrolment.course_id)
    if standing is None or standing.of(module.id).done_at is not None:
        return False
    now = replace(
        standing.of(module.id), done_at=case.at, elsewhere=reason, elsewhere_by=case.by_id
    )
    learning.settle_module(standing, module.id, now, at=case.at)
    note(case, What.MARKED_DONE, f"{module.title}: {reason}", module.id)
    with speaking(case.user.language):
        title = module.told(languages.current()).title
        _tell(
            case, f"{What.MARKED_DONE}-{module.id}",
            gettext("“%(module)s” counts as done", module=title),
            gettext("Your coordinator has marked it as done elsewhere: %(reason)s", reason=reason),
        )  # fmt: skip
    return True


def move(case: Case, target: Cohort) -> None:
    """Move a learner to another cohort of the course, with all they did (8 queries or more).

    Both cohorts are locked by the caller; the place that came free goes to who waits for it.
    What is done stays done under the release that the other cohort reads; where that asks
    less, more may be done now. Their own last day goes when the other cohort ends later.
    """
    if retaking.was_here(case.user.id, target.id):
        raise Refusal(
            gettext("They took the course with it before and completed it; that is kept there."),
            title=gettext("They cannot be moved to this cohort"),
            advice=gettext("Choose another cohort."),
        )
    ends_on = target.ends_on
    if case.enrolment.until and (ends_on is None or case.enrolment.until <= ends_on):
        case.enrolment.until = None
    _bring(case, target)
    joining.pass_on(case.cohort, at=case.at)
    note(case, What.MOVED, f"{case.cohort.name} → {target.name}", str(target.id))
    with speaking(case.user.language):
        _tell(
            case, f"{What.MOVED}-{target.id}",
            gettext("You are in “%(cohort)s” now", cohort=target.name),
            gettext("Your coordinator has moved you there. All you did has come along."),
        )  # fmt: skip


def remove(case: Case) -> None:
    """Take a learner out of the city's cohort into the course's open one (8 queries or more).

    The cohort is locked by the caller; the place goes to who waits for it.
    """
    target = deed_queries.open_cohort(case.cohort) or _make_open_cohort(case)
    case.enrolment.until = None
    _bring(case, target)
    joining.pass_on(case.cohort, at=case.at)
    note(case, What.REMOVED, case.cohort.name)
    with speaking(case.user.language):
        _tell(
            case, What.REMOVED, gettext("You learn on your own now"),
            gettext(
                "You are no longer in “%(cohort)s”. All you did is kept, and you can go on and "
                "finish the course. Your city no longer sees how far you are.",
                cohort=case.cohort.name,
            ),
        )  # fmt: skip


def tell_try(case: Case, module: Module, extra: int) -> None:
    """Note and tell that a learner has one more try (2 queries)."""
    note(case, What.GAVE_TRY, module.title, f"{extra}-{module.id}")
    with speaking(case.user.language):
        title = module.told(languages.current()).title
        _tell(
            case, f"{What.GAVE_TRY}-{module.id}-{extra}",
            gettext("You have one more try at “%(module)s”", module=title),
            gettext("Read the module once more before you take the quiz."),
        )  # fmt: skip


def tell_pin(case: Case) -> None:
    """Note and tell that a learner has a new PIN (2 queries)."""
    note(case, What.RESET_PIN)
    with speaking(case.user.language):
        _tell(
            case, f"{What.RESET_PIN}-{case.at:%Y%m%dT%H%M}", gettext("You have a new PIN"),
            gettext("Your coordinator made it. If you did not ask for it, tell your city."),
        )  # fmt: skip


def facilitate(case: Case, *, gives: bool) -> None:
    """Make a learner a facilitator of their cohort, or end that (at most 5 queries)."""
    if gives == deed_queries.facilitates(case.cohort, case.user.id):
        return
    if gives:
        role_actions.name_facilitator(case.cohort, case.user.id, at=case.at)
    else:
        role_actions.dismiss_facilitator(case.cohort, case.user.id)
    note(case, What.CHANGED_ROLE, case.cohort.name, "give" if gives else "take")
    with speaking(case.user.language):
        if gives:
            title = gettext("You facilitate “%(cohort)s” now", cohort=case.cohort.name)
            text = gettext("You see how far everybody is. You find the cohort under “Your cities”.")
        else:
            title = gettext("You no longer facilitate “%(cohort)s”", cohort=case.cohort.name)
            text = gettext("Thank you for what you did. Your own learning goes on as before.")
        minute = f"{case.at:%Y%m%dT%H%M}"
        _tell(case, f"{What.CHANGED_ROLE}-{'give' if gives else 'take'}-{minute}", title, text)


def note(case: Case, what: What, detail: str = "", of: str = "") -> None:
    """Note a deed; the same again within a minute is one line (1 query)."""
    audit.note(
        case.user.id, what, by_id=case.by_id, city_id=case.cohort.city_id, detail=detail,
        key=deed_queries.deed_key(what, case.enrolment.id, case.cohort.id, of)
        + f"{case.at:%Y%m%dT%H%M}",
        at=case.at,
    )  # fmt: skip


def _bring(case: Case, target: Cohort) -> None:
    role_actions.dismiss_facilitator(case.cohort, case.user.id)
    case.enrolment.cohort_id = target.id
    db.session.flush()
    sharing.end_sharing(case.enrolment.id, at=case.at)
    moving_actions.settle_learner(case.user.id, case.enrolment.course_id, at=case.at)


def _make_open_cohort(case: Case) -> Cohort:
    """Make the course's open cohort, as publishing does where there is none."""
    cohort = deed_queries.new_open_cohort(case.cohort, at=case.at)
    db.session.add(cohort)
    db.session.flush()
    return cohort


def _tell(case: Case, key: str, title: str, text: str) -> None:
    notice_actions.tell(
        case.user.id, key=f"{key}-{case.enrolment.id}-{case.cohort.id}"[:80], title=title,
        text=text, link=path_of("learning.course", course_id=case.enrolment.course_id),
        at=case.at,
    )  # fmt: skip
