"""Who saw or changed what, in words."""

from flask_babel import gettext

from learnpeace.accounts.audit import What


def audit_words() -> dict[str, str]:
    """Return each kind of entry as the person it is about reads it."""
    return {
        What.SAW_PROGRESS: gettext("saw how far you are"),
        What.TOOK_LIST: gettext("took a list with your progress"),
        What.INVITED: gettext("invited you to a cohort"),
        What.ENROLLED: gettext("enrolled you in a cohort"),
        What.ANSWERED_REQUEST: gettext("answered your request to join"),
        What.WROTE: gettext("wrote to you"),
        What.RESET_PIN: gettext("gave you a new PIN"),
        What.PRINTED_CARD: gettext("printed a sign-in card for you, with a new PIN"),
        What.GAVE_TRY: gettext("gave you one more try"),
        What.OPENED_ALL: gettext("opened every module for you"),
        What.EXTENDED: gettext("gave you more time"),
        What.MARKED_DONE: gettext("marked a module as done elsewhere"),
        What.MOVED: gettext("moved you to another cohort"),
        What.REMOVED: gettext("took you out of a cohort"),
        What.NOTED_ATTENDANCE: gettext("noted that you were at a meeting, or not"),
        What.READ_SHARED: gettext("answered what you shared"),
        What.CHANGED_ROLE: gettext("changed what you may do here"),
        What.CONFIRMED_GUARDIAN: gettext("confirmed your guardian’s consent"),
        What.ERASED_NAME: gettext("took your name out of a cohort"),
        What.TOOK_OWN_DATA: gettext("took a copy of your data: this was you"),
        What.ISSUED_CERTIFICATE: gettext("issued a certificate to you"),
        What.REISSUED_CERTIFICATE: gettext("issued your certificate again"),
        What.ASKED_WITHDRAWAL: gettext("asked to withdraw a certificate of yours"),
        What.DECIDED_WITHDRAWAL: gettext("decided whether your certificate is withdrawn"),
        What.CONFIRMED_PRINT_NAME: gettext("said how your name is to be printed"),
        What.ASKED_FOR_NAME: gettext("asked to correct your printed name: this was you"),
    }
