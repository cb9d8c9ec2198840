"""Every completion has an offer: whoever completes a course is told that a certificate waits."""

from datetime import datetime

from learnpeace.certificates import letters, record_queries
from learnpeace.learning import queries as learning
from learnpeace.learning.completions import when_complete

when_complete(letters.tell_ready)


def offer_missed(at: datetime) -> int:
    """Offer what was completed without anybody being told; return how many (1 query and more).

    For the worker, once an hour.
    """
    missed = record_queries.unoffered()
    for enrolment_id in missed:
        standing = learning.standing_in(enrolment_id)
        if standing is not None:
            letters.tell_ready(standing, at)
    return len(missed)
