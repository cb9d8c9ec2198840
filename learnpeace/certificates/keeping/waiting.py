"""Where the page of a certificate stands, for the holder who waits for it. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

PATIENCE = timedelta(minutes=2)  # longer than a worker that lives takes


class Making(StrEnum):
    """Whether a page is there."""

    NOW = "now"  # a worker makes it
    LATE = "late"  # no worker has made it in good time: it is made when it is asked for
    DONE = "done"


def making_of(*, pdf_sha256: str, issued_at: datetime, at: datetime) -> Making:
    """Return where the page of a certificate stands."""
    if pdf_sha256:
        return Making.DONE
    return Making.NOW if at - issued_at < PATIENCE else Making.LATE
