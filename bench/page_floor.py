"""The floor of a certificate: the same words as the least PDF that shows them.

Written directly with pydyf in the fonts every reader has: no shaping, no subset, no tags, no
border, no square code, no file inside. Only Latin letters can be printed so.
"""

import io
from datetime import UTC, datetime

import pydyf

from learnpeace.certificates.facts import Facts

WIDTH, HEIGHT = 842, 595  # points, A4 on its side
_LINES = ((430, 32), (380, 14), (330, 44), (270, 20), (230, 13), (205, 13), (100, 9), (85, 9))


def facts_of(number: int) -> Facts:
    """Return what a learner's certificate says."""
    at = datetime(2027, 3, 5, 12, tzinfo=UTC)
    return Facts(
        printed_name=f"Achieng Odhiambo {number}",
        course_title="Building a Culture of Peace in Your City",
        course_version="1.0.0",
        minutes=720,
        city_name="Kisumu",
        issuer="Kisumu",
        cohort_name="Spring 2027",
        language="en",
        completed_on=at.date(),
        issued_at=at,
        serial=f"{number:020d}",
    )


def page(facts: Facts) -> bytes:
    """Return the page."""
    words = (
        "Certificate of completion", "This certificate is given to", facts.printed_name,
        facts.course_title, f"about {facts.minutes // 60} hours of learning",
        f"{facts.city_name}, cohort {facts.cohort_name}, completed on {facts.completed_on}",
        "Check this certificate at learn.example.org/verify/", f"Number {facts.serial}",
    )  # fmt: skip
    file, stream = pydyf.PDF(), pydyf.Stream(compress=True)
    stream.begin_text()
    for line, (height, size) in zip(words, _LINES, strict=True):
        stream.set_font_size("F", size)
        stream.set_text_matrix(1, 0, 0, 1, 60, height)
        stream.show_text_string(line)
    stream.end_text()
    file.add_object(stream)
    font = {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Times-Roman"}
    fonts = pydyf.Dictionary({"F": pydyf.Dictionary(font)})
    file.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": file.pages.reference,
                "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                "Contents": stream.reference,
                "Resources": pydyf.Dictionary({"Font": fonts}),
            }
        )
    )
    made = io.BytesIO()
    file.write(made)
    return made.getvalue()
