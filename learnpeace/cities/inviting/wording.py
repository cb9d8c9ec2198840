"""Words to paste into a chat, in each language of a cohort."""

from dataclasses import dataclass

from flask_babel import gettext

from learnpeace.lib import words
from learnpeace.lib.languages import Language, language, speaking
from learnpeace.people.models import City, Cohort, JoinBy
from learnpeace.people.naming import public_city_name, public_contact
from learnpeace.releases import queries as releases


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An invitation in one language, with plain line ends."""

    language: Language
    text: str


def invitation(cohort: Cohort, city: City, link: str, code: str) -> Message:
    """Return the invitation in one language; its code stands in it only where it is needed."""
    course = releases.release(cohort.release_id).course
    with speaking(code):
        place = public_city_name(city, code)
        lines = [
            gettext(
                "%(city)s invites you to a free course: “%(course)s”.",
                city=place, course=course.told(code).title,
            ),
            _when(cohort),
            gettext("You learn on your phone, at your own pace, and get a certificate."),
            _how(cohort, link),
        ]  # fmt: skip
        if contact := public_contact(city):
            lines.append(gettext("Questions? %(contact)s", contact=contact))
    return Message(language=language(code), text="\n".join(line for line in lines if line))


def _when(cohort: Cohort) -> str:
    if cohort.starts_on is None or cohort.ends_on is None:
        return ""
    return gettext(
        "From %(first)s to %(last)s.",
        first=words.day(cohort.starts_on),
        last=words.day(cohort.ends_on),
    )


def _how(cohort: Cohort, link: str) -> str:
    if cohort.join_by == JoinBy.CODE:
        return gettext("Join here: %(link)s – you get the code from us in person.", link=link)
    if cohort.join_by == JoinBy.APPROVAL:
        return gettext("Ask to join here: %(link)s", link=link)
    return gettext("Join here: %(link)s", link=link)
