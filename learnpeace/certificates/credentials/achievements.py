"""What a certificate stands for: its criteria, and the eight areas that it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import force_locale, gettext

from learnpeace.catalog.model import Course
from learnpeace.certificates.addresses import public_address
from learnpeace.certificates.credentials import addresses
from learnpeace.certificates.credentials.canonical import Document
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.states import Kind
from learnpeace.certificates.words import kind_words
from learnpeace.lib.words import duration
from learnpeace.releases import queries as releases

FRAMEWORK_ADDRESS = "https://undocs.org/A/RES/53/243"
FIRST_PARAGRAPH = 9  # of part B: one paragraph an area, in this order

# As Open Badges 3.0 calls them; "ext:" is its way for what it has no word for.
_TYPES: Mapping[Kind, str] = {
    Kind.COMPLETION: "CertificateOfCompletion",
    Kind.ATTENDANCE: "ext:CertificateOfAttendance",
    Kind.THANKS: "CommunityService",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One of the eight areas; `code` is where it stands in the resolution."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """What somebody did, in one language. `id` is the address of its page.

    `minutes_of` says what the minutes are of. Only a course's completion belongs to the eight
    areas: whoever attended or helped was not asked about them.
    """

    id: str
    kind: Kind
    language: str
    name: str
    description: str
    criteria: str
    minutes_of: str
    version: str = ""

    @property
    def areas(self) -> tuple[Area, ...]:
        """Return the areas that it belongs to, in the resolution's order."""
        return areas(self.language) if self.kind is Kind.COMPLETION else ()


def of_certificate(row: Certificate) -> Achievement:
    """Return what this certificate stands for (0 queries once its release is in memory)."""
    kind = Kind(row.kind)
    if kind is not Kind.COMPLETION or row.release_id is None:
        return _of_its_own(row, kind)
    course = releases.release(row.release_id).course
    return of_course(course, row.language, title=row.course_title, minutes=row.minutes)


def of_course(
    course: Course, language: str, *, title: str = "", minutes: int | None = None
) -> Achievement:
    """Return what certificates of this version of a course stand for.

    `title` and `minutes` are those of a certificate that says them.
    """
    told = course.told(language)
    title = title or told.title
    minutes = course.hours * 60 if minutes is None else minutes
    with force_locale(language):
        return Achievement(
            id=addresses.achievement(course.id, course.version, language),
            kind=Kind.COMPLETION,
            language=language,
            name=title,
            description=told.summary or title,
            criteria=gettext(
                "Complete every required module of the course and pass its quizzes: about "
                "%(time)s of learning.",
                time=duration(minutes),
            ),
            minutes_of=gettext("Minutes of learning"),
            version=course.version,
        )


def as_json(achievement: Achievement) -> Document:
    """Return it as an Open Badges 3.0 Achievement."""
    frame = framework(achievement.language)
    aligned = [
        {"type": ["Alignment"], "targetName": area.name, "targetCode": area.code,
         "targetFramework": frame, "targetUrl": FRAMEWORK_ADDRESS}
        for area in achievement.areas
    ]  # fmt: skip
    minutes = {"id": f"{achievement.id}#minutes", "type": ["ResultDescription"],
               "name": achievement.minutes_of, "resultType": "Result"}  # fmt: skip
    return {
        "id": achievement.id,
        "type": ["Achievement"],
        "achievementType": _TYPES[achievement.kind],
        "inLanguage": achievement.language,
        "name": plain(achievement.name),
        "description": plain(achievement.description),
        "criteria": {"id": f"{achievement.id}#criteria", "narrative": achievement.criteria},
        "image": {"id": addresses.badge(achievement.kind), "type": "Image",
                  "caption": _caption(achievement)},
        "resultDescription": [minutes],
        **({"version": plain(achievement.version)} if achievement.version else {}),
        **({"alignment": aligned} if aligned else {}),
    }  # fmt: skip


@lru_cache(maxsize=64)
def areas(language: str) -> tuple[Area, ...]:
    """Return the eight action areas of a culture of peace, as the United Nations name them."""
    with force_locale(language):
        names = (
            gettext("Fostering a culture of peace through education"),
            gettext("Sustainable economic and social development"),
            gettext("Respect for all human rights"),
            gettext("Equality between women and men"),
            gettext("Democratic participation"),
            gettext("Understanding, tolerance and solidarity"),
            gettext("Participatory communication and the free flow of information and knowledge"),
            gettext("International peace and security"),
        )
    return tuple(
        Area(code=f"B.{paragraph}", name=name)
        for paragraph, name in enumerate(names, start=FIRST_PARAGRAPH)
    )


@lru_cache(maxsize=64)
def framework(language: str) -> str:
    """Return what the eight areas are taken from."""
    with force_locale(language):
        return gettext("United Nations Programme of Action on a Culture of Peace (A/RES/53/243)")


def plain(text: str) -> str:
    """Return a text on one line without control characters: what can be signed."""
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in text).split())


_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic words need them


def _of_its_own(row: Certificate, kind: Kind) -> Achievement:
    """Return what one certificate stands for that no published course stands behind.

    Its address is the certificate's own: one that could be guessed would tell strangers of
    meetings of a city that protects its learners.
    """
    with force_locale(row.language):
        criteria, minutes_of = {
            Kind.COMPLETION: (
                gettext("Complete every required module of the course and pass its quizzes."),
                gettext("Minutes of learning"),
            ),
            Kind.ATTENDANCE: (
                gettext("Be present, as noted by those who led it. There is no quiz."),
                gettext("Minutes attended"),
            ),
            Kind.THANKS: (
                gettext("Give time as a volunteer, as noted by those who give their thanks."),
                gettext("Minutes given"),
            ),
        }[kind]
        return Achievement(
            id=f"{public_address(row.serial)}#achievement",
            kind=kind,
            language=row.language,
            name=row.course_title,
            description=kind_words(kind),
            criteria=criteria,
            minutes_of=minutes_of,
            version=row.course_version,
        )


def _caption(achievement: Achievement) -> str:
    with force_locale(achievement.language):
        return gettext("A rosette of eight petals: %(kind)s", kind=kind_words(achievement.kind))
