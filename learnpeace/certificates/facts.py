"""What a certificate says, as one value: the sample and the issued one are printed alike."""

from dataclasses import dataclass
from datetime import date, datetime

from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Kind

PLATFORM_NAME = "learnpeace"  # who gives a certificate where there is no city


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is printed. `serial` is empty for a sample; `city_name` for the open cohort.

    `course_title` is what was done, `minutes` of learning, at meetings or given, as `kind` says;
    `issuer` who gives the certificate; `completed_on` the day in the city's zone; `expires_on`
    the last day it holds, None for ever.
    """

    printed_name: str
    course_title: str
    course_version: str
    minutes: int
    city_name: str
    cohort_name: str
    language: str
    completed_on: date
    issued_at: datetime
    kind: Kind = Kind.COMPLETION
    track: str = ""
    issuer: str = ""
    expires_on: date | None = None
    paper: Paper = Paper.A4_LANDSCAPE
    serial: str = ""

    @property
    def is_sample(self) -> bool:
        """Say whether this is not an issued certificate."""
        return not self.serial
