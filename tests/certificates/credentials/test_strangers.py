"""Somebody else's software accepts our credentials, and nothing that was changed."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from learnpeace.certificates.credentials import addresses, keys, signing
from learnpeace.certificates.models import Certificate
from learnpeace.certificates.states import Kind
from learnpeace.lib.db import db
from tests.certificates.credentials.strangers import Strangers

pytestmark = pytest.mark.once


@pytest.fixture
def strangers(browse, make, loader):
    """Return a verifier that looks at credentials an hour after they were made.

    It looks at status lists by the true clock, whatever it is told, and so do we.
    """
    now = make.at + timedelta(hours=1)
    contexts = {url: loader(url)["document"] for url in (
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    )}  # fmt: skip
    return Strangers(browse(), contexts, now)


@pytest.fixture
def credential(certified, make):
    """Return an issued credential."""
    return json.loads(certified(make.city()).credential)


def test_credentials_in_many_scripts_and_of_every_kind_are_accepted(certified, make, strangers):
    cases = [
        certified(make.city(name), name=person, language=language, kind=kind, about=f"{kind}:1",
                  learner=make.user(name))
        for name, person, language, kind in (
            ("Kisumu", "Amina Otieno", "en", Kind.COMPLETION),
            ("Medellín", "José María Peña Ñúñez", "es", Kind.ATTENDANCE),
            ("القدس", "عبد الله بن علي", "ar", Kind.THANKS),
            ("Đà Nẵng", "Nguyễn Thị Ánh 𠮷 \"Bob\" \\", "en", Kind.COMPLETION),
            ("ひろしま", "髙﨑 𠮷子", "en", Kind.COMPLETION),
        )
    ]  # fmt: skip
    cases.append(certified(None, name="संदीप", learner=make.user("Open"), language="ar"))

    verdicts = strangers.judge(*[json.loads(row.credential) for row in cases])

    assert [(v.verified, v.error) for v in verdicts] == [(True, "")] * len(cases)


CHANGES = {
    "name": lambda c: c["credentialSubject"]["identifier"][0].update(identityHash="Somebody Else"),
    "achievement": lambda c: c["credentialSubject"]["achievement"].update(name="Brain Surgery"),
    "achievement's address": lambda c: c["credentialSubject"]["achievement"].update(
        id="https://example.org/a"
    ),
    "minutes": lambda c: c["credentialSubject"]["result"][0].update(value="72000"),
    "date": lambda c: c.update(validFrom="2027-01-01T00:00:00Z"),
    "day of completion": lambda c: c["credentialSubject"].update(activityEndDate="2026-01-01"),
    "an end that is no more": lambda c: c.pop("validUntil"),
    "added term that means something": lambda c: c.update(description="With honours"),
    "added term that means nothing": lambda c: c.update(honours="first class"),
    "added term with its own context": lambda c: c.update(
        {"@context": [*c["@context"], {"honours": "https://example.org/h"}], "honours": "first"}
    ),
    "other context": lambda c: c.update({"@context": c["@context"][:1]}),
    "alignment taken away": lambda c: c["credentialSubject"]["achievement"]["alignment"].pop(),
    "issuer's name": lambda c: c["issuer"].update(name="Nairobi"),
    "issuer": lambda c: c["issuer"].update(id="did:web:127.0.0.1%3A8000"),
    "status": lambda c: c.pop("credentialStatus"),
    "place in the status list": lambda c: c["credentialStatus"].update(statusListIndex="1"),
    "moment of the proof": lambda c: c["proof"].update(created="2027-02-01T00:00:00Z"),
    "signature": lambda c: c["proof"].update(proofValue=c["proof"]["proofValue"][:-1] + "1"),
    "no proof": lambda c: c.pop("proof"),
}


def test_after_any_change_it_is_refused_by_them_and_by_us(app, certified, make, strangers):
    row = certified(make.city(), expires_on=date(2030, 3, 1))
    credential, changed = json.loads(row.credential), []
    for change in CHANGES.values():
        changed.append(deepcopy(credential))
        change(changed[-1])

    whole, *verdicts = strangers.judge(credential, *changed)

    assert whole.verified, whole.error
    assert {name: v.verified for name, v in zip(CHANGES, verdicts, strict=True)} == dict.fromkeys(
        CHANGES, False
    )
    with app.app_context():
        assert signing.is_whole(row.credential)
        assert {
            name: signing.is_whole(json.dumps(one))
            for name, one in zip(CHANGES, changed, strict=True)
        } == dict.fromkeys(CHANGES, False)
        assert not any(signing.is_whole(text) for text in ("", "[]", "{}", "null", '{"proof": 1}'))


def test_another_citys_name_on_it_is_refused(certified, make, strangers):
    own = json.loads(certified(make.city("Kisumu")).credential)
    other = json.loads(certified(make.city("Nairobi"), learner=make.user("Bo")).credential)
    own["issuer"] = other["issuer"]
    own["proof"]["verificationMethod"] = other["proof"]["verificationMethod"]

    (verdict,) = strangers.judge(own)

    assert not verdict.verified


def test_one_that_was_withdrawn_is_revoked(app, certified, make, strangers):
    row, other = certified(make.city()), certified(make.city("Nairobi"), learner=make.user("Bo"))
    with app.app_context():
        db.session.execute(
            sa.update(Certificate).where(Certificate.id == row.id).values(withdrawn_at=make.at)
        )
        db.session.commit()

    withdrawn, kept = strangers.judge(json.loads(row.credential), json.loads(other.credential))

    assert (withdrawn.verified, withdrawn.revoked) == (False, True)
    assert (kept.verified, kept.revoked) == (True, False)


def test_one_that_was_replaced_is_revoked_and_its_successor_is_not(app, certified, make, strangers):
    city = make.city()
    first = certified(city)
    with app.app_context():
        row = db.session.get_one(Certificate, first.id)
        values = {c.key: getattr(row, c.key) for c in Certificate.__table__.columns}
    again = {"id": None, "serial": "0" * 20, "edition": 2, "replaces_id": first.id,
             "printed_name": "Amina A. Otieno", "status_index": None, "credential": ""}  # fmt: skip
    second = certified.sign(make._save(Certificate(**values | again)))

    verdicts = strangers.judge(json.loads(first.credential), json.loads(second.credential))

    assert [(v.verified, v.revoked) for v in verdicts] == [(False, True), (True, False)]


def test_one_whose_time_is_over_is_refused(certified, make, strangers):
    row = certified(make.city(), expires_on=make.at.date() + timedelta(days=30))
    credential = json.loads(row.credential)

    (now,) = strangers.judge(credential)
    strangers.at = make.at + timedelta(days=40)
    (then,) = strangers.judge(credential)

    assert now.verified, now.error
    assert not then.verified


def test_after_a_new_key_old_and_new_ones_are_accepted(app, settings, certified, make, strangers):
    city, folder = make.city(), settings.keys_folder
    old = certified(city)
    new_key = keys.rotate(folder, at=make.at)
    new = certified(city, learner=make.user("Bo"))
    old_kid = json.loads(old.credential)["proof"]["verificationMethod"].partition("#")[2]
    keys.retire(folder, old_kid)
    newer = certified(city, learner=make.user("Cy"))
    with app.app_context():
        token = signing.token_of(old)

    verdicts = strangers.judge(*[json.loads(row.credential) for row in (old, new, newer)], token)

    assert [(v.verified, v.error) for v in verdicts] == [(True, "")] * 4
    assert json.loads(new.credential)["proof"]["verificationMethod"].endswith(new_key.kid)
    assert not (folder / f"{old_kid}.pem").exists()


def test_a_key_whose_public_half_is_taken_away_is_trusted_no_more(
    settings, certified, make, strangers
):
    credential = json.loads(certified(make.city()).credential)
    kid = credential["proof"]["verificationMethod"].partition("#")[2]
    keys.rotate(settings.keys_folder, at=make.at)
    for ending in (keys.PRIVATE, keys.PUBLIC):
        (settings.keys_folder / f"{kid}{ending}").unlink()

    (verdict,) = strangers.judge(credential)

    assert not verdict.verified


def test_the_token_says_the_same_and_no_changed_one_is_accepted(app, certified, make, strangers):
    row = certified(make.city(), expires_on=date(2030, 3, 1), name='עדי "A" 𠮷')
    with app.app_context():
        token = signing.token_of(row)
        assert token == signing.token_of(row)
    head, body, signature = token.split(".")
    middle = body[:40] + ("A" if body[40] != "A" else "B") + body[41:]
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoidmMrand0In0"  # {"alg": "none", "typ": "vc+jwt"}

    good, *bad = strangers.judge(
        token, f"{head}.{middle}.{signature}" if is_json(middle) else f"{head}.{body}.AAAA",
        f"{head}.{body}.{signature[:-4]}AAAA", f"{unsigned}.{body}.",
    )  # fmt: skip

    assert good.verified, good.error
    document = json.loads(row.credential)
    document.pop("proof")
    claims = {k: v for k, v in good.payload.items() if k not in {"iss", "jti", "nbf", "exp"}}
    assert claims == document
    assert [verdict.verified for verdict in bad] == [False] * 3


def test_a_token_whose_time_is_over_is_refused(app, certified, make, strangers):
    row = certified(make.city(), expires_on=make.at.date() + timedelta(days=1))
    with app.app_context():
        token = signing.token_of(row)
    strangers.at = make.at + timedelta(days=9)

    (verdict,) = strangers.judge(token)

    assert not verdict.verified


def test_it_is_accepted_on_a_real_domain_too(app, certified, make, strangers):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], base_url="https://learn.example.org")
    row = certified(make.city())

    (verdict,) = strangers.judge(json.loads(row.credential))

    assert verdict.verified, verdict.error
    with app.app_context():
        assert addresses.did(addresses.PLATFORM) == "did:web:learn.example.org"


def is_json(part):
    from base64 import urlsafe_b64decode

    try:
        json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return False
    return True
