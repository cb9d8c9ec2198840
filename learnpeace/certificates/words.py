"""What certificates are called, how they stand and why they change, in words."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from learnpeace.certificates.papers import Paper
from learnpeace.certificates.states import Again, Kind, Reason, State

PAPERS = (
    (Paper.A4_LANDSCAPE, _l("A4, landscape")),
    (Paper.A4_PORTRAIT, _l("A4, portrait")),
    (Paper.LETTER_LANDSCAPE, _l("US Letter, landscape")),
    (Paper.LETTER_PORTRAIT, _l("US Letter, portrait")),
)


def kind_words(kind: str) -> str:
    """Return what a certificate of a kind is called."""
    return {
        Kind.COMPLETION: gettext("Certificate of completion"),
        Kind.ATTENDANCE: gettext("Certificate of attendance"),
        Kind.THANKS: gettext("Certificate of thanks"),
    }[Kind(kind)]


def state_words(state: State) -> str:
    """Return how a certificate stands."""
    return {
        State.VALID: gettext("Valid"),
        State.REPLACED: gettext("Replaced"),
        State.WITHDRAWN: gettext("Withdrawn"),
        State.EXPIRED: gettext("Expired"),
    }[state]


def again_words(reason: str) -> str:
    """Return why an edition took the place of the one before; empty where none is kept."""
    found: dict[str, str] = {
        Again.NAME: gettext("The printed name was corrected."),
        Again.FACTS: gettext("A fact on it was corrected."),
        Again.RETAKEN: gettext("The course was completed again."),
    }
    return found.get(reason, "")


def reason_words(reason: str) -> str:
    """Return why a certificate is withdrawn, as anybody may read it."""
    found: dict[str, str] = {
        Reason.MISTAKE: gettext("It was issued by mistake."),
        Reason.NOT_OWN: gettext("The work was not the holder’s own."),
        Reason.ASKED: gettext("Its holder asked for it."),
    }
    return found.get(reason, "")


def outcome_words(outcome: str) -> str:
    """Return what became of a withdrawal that was asked for."""
    return {
        "": gettext("Not decided yet"),
        "withdrawn": gettext("Withdrawn"),
        "kept": gettext("Stays valid"),
    }[outcome]
