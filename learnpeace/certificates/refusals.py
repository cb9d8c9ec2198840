"""What people read when a page could not be printed, or a name cannot be."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from flask_babel import gettext

from learnpeace.certificates import rules
from learnpeace.certificates.rendering.child import RenderingFailed
from learnpeace.lib.errors import Refusal


@contextmanager
def printing(what: str) -> Iterator[None]:
    """Turn a rendering that failed into a sentence; `what` goes to the log."""
    try:
        yield
    except RenderingFailed as error:
        current_app.logger.exception("%s could not be printed.", what)
        raise Refusal(
            gettext("The page could not be made just now. The fault is ours."),
            title=gettext("Please try again soon"),
            advice=gettext("Nothing is lost. Wait a few minutes and ask for the page again."),
            status=503,
        ) from error


def printable(name: str) -> str:
    """Return a name as it is printed; raise Refusal for one that cannot be."""
    tidy = rules.tidy_name(name)
    if rules.name_problem(tidy) is not None:
        raise Refusal(
            gettext("It is empty, too long, or holds something that no printer knows."),
            title=gettext("This name cannot be printed"),
            advice=gettext("Write it with letters, in any script, up to 100 characters."),
        )
    return tidy
