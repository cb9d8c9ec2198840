"""Handing out pages of certificates, and counting those that are made anew for it."""

from datetime import timedelta
from io import BytesIO

from flask import Response, send_file
from flask_login import current_user

from learnpeace.lib import clock, throttle

PAGES_MADE = 30  # an hour and person: samples, pictures, and pages that could not be kept
PDF, PNG = "application/pdf", "image/png"
_ENDINGS = {PDF: "pdf", PNG: "png"}
_UNSAFE = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))


def count_page() -> None:
    """Count one more page that is made for this person now; Refusal after too many."""
    throttle.count_try(
        "certificate page",
        str(current_user.id),
        limit=PAGES_MADE,
        per=timedelta(hours=1),
        at=clock.now(),
    )


def sent(content: bytes, name: str, media_type: str = PDF, *, attached: bool = True) -> Response:
    """Return a page as a file of that name, which nobody on the way keeps."""
    response = send_file(
        BytesIO(content),
        mimetype=media_type,
        as_attachment=attached,
        download_name=f"{name}.{_ENDINGS[media_type]}".translate(_UNSAFE),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
