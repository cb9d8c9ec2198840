"""What everybody may read about issuers and achievements, and what nobody learns there."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.certificates.credentials import addresses, queries, signing
from learnpeace.certificates.models import Certificate
from learnpeace.lib.db import db
from learnpeace.people.models import City
from tests.courses import small_course


def key_of(app, city):
    with app.app_context():
        return addresses.issuer_key(city.id)


def test_the_platforms_document_lists_its_keys_as_its_own(app, browse):
    response = browse().get("/.well-known/did.json")

    document = json.loads(response.data)
    assert response.content_type == "application/did+ld+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert document["id"] == "did:web:127.0.0.1%3A8000"
    assert {m["controller"] for m in document["verificationMethod"]} == {document["id"]}
    assert {m["type"] for m in document["verificationMethod"]} == {"Multikey", "JsonWebKey"}
    assert document["assertionMethod"] == [m["id"] for m in document["verificationMethod"]]
    assert '"d"' not in response.text


def test_a_citys_document_page_and_profile_agree(app, browse, make):
    city = make.city()
    key = key_of(app, city)

    document = json.loads(browse().get(f"/issuers/{key}/did.json").data)
    page = browse().get(f"/issuers/{key}")
    profile = browse().get(f"/issuers/{key}/profile.json")
    asked = browse().get(f"/issuers/{key}", headers={"Accept": "application/json"})

    assert document["id"] == f"did:web:127.0.0.1%3A8000:issuers:{key}"
    assert document["id"] in page.text
    assert "Kisumu" in page.text
    assert "Kenya" in page.text
    assert "Accept" in page.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in page.headers
    assert asked.data == profile.data
    assert json.loads(profile.data)["id"] == document["id"]
    assert json.loads(profile.data)["name"] == "Kisumu"
    assert profile.content_type == "application/ld+json"


def test_a_city_that_protects_its_learners_is_named_nowhere(app, browse, make, certified):
    city = make.city(
        "Kharkiv", country="UA", shows_city=False, shows_names=False,
        contact="Kharkiv desk", latin="Kharkiv",
    )  # fmt: skip
    row = certified(city, cohort=make.cohort(city, name="Kharkiv, spring"))
    key = key_of(app, city)
    place = json.loads(row.credential)["credentialStatus"]["statusListCredential"]
    texts = [row.credential]
    with app.app_context():
        texts.append(signing.token_of(row))
    addresses_of_it = ("", "/did.json", "/profile.json", "/status/0")
    texts += [browse().get(f"/issuers/{key}{address}").text for address in addresses_of_it]

    assert not [text for text in texts if "kharkiv" in text.lower()]
    assert json.loads(row.credential)["issuer"]["name"] == "Ukraine"
    assert "Ukraine" in texts[2]
    assert key in place


def test_the_key_of_a_city_stays_when_it_is_hidden_and_says_nothing(app, make):
    city, other = make.city(), make.city("Nairobi")
    before = key_of(app, city)
    with app.app_context():
        kept = db.session.get_one(City, city.id)
        kept.shows_city, kept.slug, kept.name = False, "elsewhere", "Elsewhere"
        db.session.commit()

    assert key_of(app, city) == before != key_of(app, other)
    assert len(before) == 16
    assert city.slug not in before


@pytest.mark.parametrize("address", ["", "/did.json", "/profile.json", "/status/0"])
@pytest.mark.parametrize("key", ["none", "platform", "kisumu", "1", "x" * 500])
def test_an_issuer_nobody_knows_is_nothing(browse, make, key, address):
    make.city()

    assert browse().get(f"/issuers/{key}{address}").status_code == 404


def test_an_achievement_has_criteria_and_the_eight_areas(browse, make):
    make.release()

    page = browse().get("/achievements/small/1.0.0/en")
    document = json.loads(browse().get("/achievements/small/1.0.0/en/achievement.json").data)

    assert "A Small Course" in page.text
    assert "Equality between women and men" in page.text
    assert "quizzes" in page.text
    assert len(document["alignment"]) == 8
    assert document["achievementType"] == "CertificateOfCompletion"
    assert document["criteria"]["narrative"] in page.text
    asked = browse().get("/achievements/small/1.0.0/en", headers={"Accept": "application/ld+json"})
    assert json.loads(asked.data) == document


def test_an_achievement_stays_when_the_course_changes(app, browse, make):
    make.release()
    before = browse().get("/achievements/small/1.0.0/en/achievement.json").data
    make.release(replace(small_course(), version="2.0.0", title="Another Title", hours=99))

    assert browse().get("/achievements/small/1.0.0/en/achievement.json").data == before
    assert "Another Title" in browse().get("/achievements/small/2.0.0/en").text


def test_a_credential_holds_the_very_achievement_of_that_page(browse, make, certified):
    row = certified(make.city(), course_title="A Small Course", minutes=small_course().hours * 60)

    page = json.loads(browse().get("/achievements/small/1.0.0/en/achievement.json").data)
    page.pop("@context")

    assert json.loads(row.credential)["credentialSubject"]["achievement"] == page


@pytest.mark.parametrize(
    "address", ["small/9.9.9/en", "none/1.0.0/en", "small/1.0.0/xx", "small/1.0.0/en-GB"]
)
def test_an_achievement_nobody_published_is_nothing(browse, make, address):
    make.release()

    assert browse().get(f"/achievements/{address}").status_code == 404


@pytest.mark.parametrize("kind", ["completion", "attendance", "thanks"])
def test_every_kind_has_a_badge_to_show(browse, kind):
    response = browse().get(f"/badges/{kind}.png")

    assert response.content_type == "image/png"
    assert response.data.startswith(b"\x89PNG")
    assert "max-age" in response.headers["Cache-Control"]
    assert browse().get("/badges/none.png").status_code == 404


def test_a_status_list_is_kept_until_something_is_withdrawn(app, browse, make, certified, at):
    at(make.at)
    row = certified(make.city())
    first = browse().get("/credentials/status/0")
    same = browse().get("/credentials/status/0", headers={"If-None-Match": first.headers["ETag"]})
    with app.app_context():
        db.session.execute(sa.update(Certificate).values(withdrawn_at=make.at))
        db.session.commit()
    changed = browse().get(
        "/credentials/status/0", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.content_type == "application/vc"
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert same.status_code == 304
    assert changed.status_code == 200
    assert row.status_index is not None


def test_a_status_list_that_was_not_begun_is_nothing(app, browse, make, certified):
    assert browse().get("/credentials/status/0").status_code == 200  # the first one always is
    assert browse().get("/credentials/status/1").status_code == 404
    row = certified(make.city())
    with app.app_context():
        db.session.execute(
            sa.update(Certificate)
            .where(Certificate.id == row.id)
            .values(status_index=addresses.LIST_SIZE + 5)
        )
        db.session.commit()

    assert browse().get("/credentials/status/1").status_code == 200
    assert browse().get("/credentials/status/2147483647").status_code == 404


def test_places_are_drawn_and_a_full_list_begins_the_next(app, make, certified, monkeypatch):
    row = certified(make.city())
    with app.app_context():
        drawn = {queries.free_place() for _ in range(20)}
        assert len(drawn) > 10
        assert row.status_index not in drawn
        monkeypatch.setattr(queries.secrets, "randbelow", lambda _size: row.status_index)
        assert queries.free_place() == row.status_index + addresses.LIST_SIZE


def test_public_documents_take_two_queries_at_most(app, browse, make, certified, at):
    at(make.at + timedelta(hours=1))
    city = make.city()
    certified(city)
    key, browser = key_of(app, city), browse()
    for address in (
        "/.well-known/did.json", f"/issuers/{key}/did.json", f"/issuers/{key}",
        f"/issuers/{key}/status/0", "/credentials/status/0", "/achievements/small/1.0.0/en",
    ):  # fmt: skip
        browser.get(address)
        with app.app_context():
            engine = db.engine
        asked = []
        listen = lambda *arguments: asked.append(arguments[2])  # noqa: E731, B023
        sa.event.listen(engine, "before_cursor_execute", listen)
        browser.get(address)
        sa.event.remove(engine, "before_cursor_execute", listen)
        assert len([words for words in asked if words.startswith("SELECT")]) <= 2, (address, asked)
