"""Checking certificates as strangers do: by number, and by file. The data and the requests."""

import hashlib
import io
import itertools
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

import sqlalchemy as sa
from flask import Flask
from pypdf import PdfWriter

from bench.asks import Ask
from bench.filling import World
from learnpeace.certificates import serials
from learnpeace.certificates.models import Certificate
from learnpeace.lib import clock
from learnpeace.lib.db import db

HOLDERS = 200
PAGE = 40_000  # bytes, as a page with fonts and a signed record has
ABOUT = "bench:checking"  # no course, so that nobody's own certificate is taken away


@cache
def serial_of(number: int) -> str:
    """Return the number of somebody's certificate, the same in each run."""
    chance = Random(number)
    return "".join(chance.choice(serials.ALPHABET) for _ in range(serials.LENGTH))


@cache
def page_of(number: int) -> bytes:
    """Return the bytes that stand for the page of somebody's certificate."""
    return b"%PDF-1.7\n" + Random(number).randbytes(PAGE)


@cache
def printed_again(number: int) -> bytes:
    """Return a PDF with a number of ours that is found only by opening it."""
    writer = PdfWriter()
    writer.add_blank_page(842, 595)
    writer.add_metadata({"/Subject": f"Number {serials.shown(serial_of(number))}"})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def give_certificates(app: Flask, world: World) -> None:
    """Give 200 learners a certificate to check, unless they have it."""
    with app.app_context():
        if db.session.scalar(sa.select(Certificate.id).where(Certificate.about == ABOUT)):
            return
        at = clock.now()
        for number, learner in enumerate(world.learners[:HOLDERS]):
            db.session.add(
                Certificate(
                    serial=serial_of(number), user_id=learner.user_id, about=ABOUT,
                    printed_name=f"Achieng Odhiambo {number}", course_title="Culture of Peace",
                    course_version="1.0.0", minutes=720, city_name="Kisumu", cohort_name="Bench",
                    issuer="Kisumu", language="en", completed_on=at.date(), issued_at=at,
                    pdf=page_of(number), pdf_sha256=hashlib.sha256(page_of(number)).hexdigest(),
                )
            )  # fmt: skip
        db.session.commit()


def by_number(addresses: Iterator[str]) -> Iterator[Ask]:
    """Yield strangers who scan the code on paper."""
    for number in itertools.cycle(range(HOLDERS)):
        yield Ask(path=f"/verify/{serials.shown(serial_of(number))}", address=next(addresses))


def by_file(content_of: Callable[[int], bytes], addresses: Iterator[str]) -> Iterator[Ask]:
    """Yield strangers who send a file."""
    for number in itertools.cycle(range(HOLDERS)):
        yield Ask(path="/verify/file", file=content_of(number), address=next(addresses))


def changed(number: int) -> bytes:
    """Return a page that was changed, and still names its address in plain bytes."""
    address = f"https://learn.example.org/verify/{serials.shown(serial_of(number))}"
    return page_of(number) + address.encode()
