"""Writing to chosen learners of a cohort. The caller commits."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import ngettext

from learnpeace.accounts import audit
from learnpeace.accounts.audit import What
from learnpeace.accounts.choices import Kind
from learnpeace.accounts.letters import Post, address_of, path_of, post_many
from learnpeace.accounts.notice_actions import tell
from learnpeace.cities.cohort_filters import Scope, Show, scope_of
from learnpeace.cities.models import CohortLetter
from learnpeace.cities.running import people_queries, wording
from learnpeace.cities.running.people_queries import Chosen, Recipient
from learnpeace.cities.running.wording import Draft, Template
from learnpeace.learning.models import Enrolment
from learnpeace.lib import jobs, languages, words
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Running
from learnpeace.lib.languages import speaking
from learnpeace.meetings.models import Meeting
from learnpeace.people.models import Cohort
from learnpeace.releases import queries as releases

JOB = "cohort letter"
AT_ONCE = 50  # more people than this are written to by a job
STEP = 25


def keep_letter(
    cohort: Cohort, by_id: int, key: str, draft: Draft, template: Template, people: int,
    *, at: datetime,
) -> CohortLetter | None:  # fmt: skip
    """Keep what was written; None when this form has been sent before (2 queries).

    `template` is the one the words are those of; OWN for words that were changed. Two at once
    end in IntegrityError for the second.
    """
    if db.session.scalar(sa.select(CohortLetter.id).where(CohortLetter.key == key)) is not None:
        return None
    letter = CohortLetter(
        key=key, cohort_id=cohort.id, by_id=by_id, template=template.value,
        subject=draft.subject, text=draft.text, people=people, made_at=at,
    )  # fmt: skip
    db.session.add(letter)
    db.session.flush()
    return letter


def write_to(letter: CohortLetter, ids: Sequence[int]) -> int:
    """Write a letter to those of the enrolments that may be written to; return how many.

    10 queries, and 1 for each person. Who was written to is left out, so a second time, and a
    job that runs again, write to nobody twice.
    """
    at = letter.made_at
    cohort = db.session.get_one(Cohort, letter.cohort_id)
    free = people_queries.free_to_write(cohort.id, ids, at)
    if not free:
        return 0
    scope = scope_of(cohort, at)
    chosen = people_queries.recipients(scope, Chosen(show=Show.ALL, ids=tuple(free)))
    meeting = people_queries.next_meeting(cohort.id, at)
    drafts = [(person, _draft_of(letter, scope, person, meeting)) for person in chosen]
    _post(letter, scope, drafts)
    for person, draft in drafts:
        _tell(letter, scope, person, draft)
    _note(letter, scope, chosen)
    return len(chosen)


def draft_for(
    draft: Draft, template: Template, scope: Scope, person: Recipient, meeting: Meeting | None
) -> Draft:
    """Return the letter as this person reads it, in their language where nobody changed it."""
    with speaking(person.user.language):
        own = draft if template == Template.OWN else wording.draft(template)
        return own.filled(_values(scope, person, meeting))


@jobs.does(JOB)
def write_in_background(running: Running) -> None:
    """Write a kept letter to many people, some at a time."""
    letter = db.session.get_one(CohortLetter, running.arguments["letter"])
    ids: list[int] = running.arguments["people"]
    for start in range(0, len(ids), STEP):
        write_to(letter, ids[start : start + STEP])
        running.step(min(start + STEP, len(ids)), len(ids))
    running.words = told(people_queries.written_with(ids, letter.made_at))


def told(people: int) -> str:
    """Say to how many people a letter went."""
    return ngettext(
        "We have written to %(num)d person.", "We have written to %(num)d people.", people
    )


def _draft_of(
    letter: CohortLetter, scope: Scope, person: Recipient, meeting: Meeting | None
) -> Draft:
    kept = Draft(subject=letter.subject, text=letter.text)
    return draft_for(kept, Template(letter.template), scope, person, meeting)


def _post(letter: CohortLetter, scope: Scope, drafts: Sequence[tuple[Recipient, Draft]]) -> None:
    city = scope.cohort.city
    assert city is not None, "a cohort is run in its city"
    posts = [
        Post(
            user=person.user,
            key=_key(letter, person),
            values={
                "subject": one_line(draft.subject), "text": draft.text,
                "city": city.name, "contact": city.contact,
            },
        )
        for person, draft in drafts
    ]  # fmt: skip
    post_many(posts, "cities/running/letter.txt", at=letter.made_at, kind=Kind.COORDINATOR)


def _tell(letter: CohortLetter, scope: Scope, person: Recipient, draft: Draft) -> None:
    link = path_of("learning.course", course_id=scope.cohort.course_id)
    tell(
        person.user.id, key=_key(letter, person), title=one_line(draft.subject), text=draft.text,
        link=link, at=letter.made_at,
    )  # fmt: skip


def _key(letter: CohortLetter, person: Recipient) -> str:
    return f"cohort-letter-{letter.id}-{person.user.id}"


def one_line(text: str) -> str:
    """Return a filled subject without line breaks that a name might bring."""
    return " ".join(text.split())


def _note(letter: CohortLetter, scope: Scope, chosen: Sequence[Recipient]) -> None:
    db.session.execute(
        sa.update(Enrolment)
        .where(Enrolment.id.in_([person.line.enrolment_id for person in chosen]))
        .values(written_at=letter.made_at)
        .execution_options(synchronize_session=False)
    )
    audit.notes(
        [person.user.id for person in chosen], What.WROTE, by_id=letter.by_id,
        city_id=scope.cohort.city_id, detail=wording.TOKEN.sub("…", letter.subject),
        key=f"wrote-{letter.id}", at=letter.made_at,
    )  # fmt: skip


def _values(scope: Scope, person: Recipient, meeting: Meeting | None) -> dict[str, str]:
    cohort, language = scope.cohort, languages.current()
    city, course = cohort.city, releases.release(cohort.release_id).course
    assert city is not None
    title = course.told(language).title
    values = {
        "name": person.user.name,
        "module": person.line.module.told(language).title if person.line.module else title,
        "course": title,
        "cohort": cohort.name,
        "city": city.name,
        "link": address_of("learning.course", course_id=cohort.course_id),
    }
    if meeting is not None:
        zone = person.user.time_zone or city.time_zone
        values["meeting"] = f"{meeting.title}, {words.moment(meeting.starts_at, zone)}"
    return values
