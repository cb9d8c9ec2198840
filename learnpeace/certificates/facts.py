"""What a certificate says, as one value: the sample and the issued one are printed alike."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is printed. `serial` is empty for a sample; `city_name` for the open cohort.

    `completed_on` is the day in the city's zone.
    """

    printed_name: str
    course_title: str
    course_version: str
    hours: int
    city_name: str
    cohort_name: str
    language: str
    completed_on: date
    issued_at: datetime
    serial: str = ""

    @property
    def is_sample(self) -> bool:
        """Say whether this is not an issued certificate."""
        return not self.serial
