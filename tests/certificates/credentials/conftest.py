"""Certificates with their credentials, and contexts that never come from a network."""

import json
from itertools import count
from pathlib import Path

import pytest

from learnpeace.certificates.credentials import signing
from learnpeace.certificates.models import Certificate
from learnpeace.lib.db import db

CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "open-badges-3.0.3.jsonld",
}


@pytest.fixture
def certified(app, make):
    """Return a function that issues a certificate with its credential: city, name, facts."""
    numbers = count()

    def issue(city=None, *, name="Amina Otieno", learner=None, **values):
        number = next(numbers)
        cohort = values.pop("cohort", None) or make.cohort(city, code=f"CODE{number:02}")
        person = learner or make.user(f"Learner {number}")
        enrolment = make.enrolment(person, cohort)
        row = make.certificate(enrolment, printed_name=name, **values)
        return sign(row)

    def sign(row):
        with app.app_context():
            kept = db.session.get_one(Certificate, row.id)
            signing.give(kept)
            db.session.commit()
            db.session.refresh(kept)
            assert kept.credential  # read now: it is loaded late
            db.session.expunge(kept)
        return kept

    issue.sign = sign
    return issue


@pytest.fixture
def loader():
    """Return what gives a JSON-LD processor our two contexts and refuses all else."""
    folder = Path(__file__).parent / "contexts"
    known = {url: json.loads((folder / name).read_text()) for url, name in CONTEXTS.items()}

    def load(url, _options=None):
        return {"contextUrl": None, "documentUrl": url, "document": known[url]}

    return load
