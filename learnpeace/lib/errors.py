"""Errors that carry a sentence for the person: what happened, why, what to do."""


class Refusal(Exception):
    """The request was understood and is refused, for a reason the person can act on.

    `title` is the heading of the page, `advice` what to do next, `links` are
    (address, label) pairs that lead on. Texts are already translated.
    """

    status = 409

    def __init__(
        self,
        message: str,
        *,
        title: str = "",
        advice: str = "",
        links: tuple[tuple[str, str], ...] = (),
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.title = title
        self.advice = advice
        self.links = links
        if status is not None:
            self.status = status


class Misfit(Refusal):
    """A form's field that does not fit; `field` is its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotFound(Refusal):
    """There is no such thing, or it is somebody else's: both look the same."""

    status = 404


class TooMany(Refusal):
    """Too many tries in a short time; the sentence says when to come back."""

    status = 429
