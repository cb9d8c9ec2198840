"""Our canonical form is that of a JSON-LD processor that reads the real contexts."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from learnpeace.certificates.credentials import canonical, multibase, signing
from learnpeace.certificates.states import Kind
from tests.certificates.credentials.conftest import CONTEXTS

pytestmark = pytest.mark.once

NAMES = (
    "Amina Otieno", "Nguyễn Thị Ánh", "عبد الله بن \u200cعلي", "רָחֵל", "ናርዶስ", "मीनाक्षी", "สมชาย",
    "髙﨑 ｱｷﾗ", "𠮷野家", "O’Brien \"Bob\" \\ <b>&amp;</b>", "김민준", "A", "x" * 100,
    "Zoë Ångström", "Ünïcödé ﬁ 𝔘", "line\nbreak",
)  # fmt: skip


@pytest.fixture
def reference(loader):
    """Return what the reference processor makes of a document."""

    def normalized(document):
        return jsonld.normalize(
            document,
            {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader},
        )

    return normalized


@pytest.mark.parametrize("kind", list(Kind))
def test_credentials_of_every_kind_say_what_the_contexts_say(certified, make, reference, kind):
    row = certified(make.city(), kind=kind, about=f"{kind}:1")
    document, options = parts(row)

    assert canonical.canonical(document) == reference(document)
    assert canonical.canonical(options) == reference(options)


def test_names_titles_and_dates_of_every_sort_come_out_alike(certified, make, reference):
    document, _ = parts(certified(make.city()))
    for number, name in enumerate(NAMES):
        document["credentialSubject"]["identifier"][0]["identityHash"] = name
        document["name"] = NAMES[-number]
        document["validUntil"] = f"20{30 + number}-12-31T23:59:59Z"
        assert canonical.canonical(document) == reference(document)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60))
def test_any_name_comes_out_alike(loader, name):
    document = {
        "@context": list(CONTEXTS),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": name,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": name}],
        },
    }

    expected = jsonld.normalize(
        document,
        {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader},
    )

    assert canonical.canonical(document) == expected


def test_a_status_list_says_what_the_contexts_say(app, make, reference, at):
    at(make.at)
    with app.app_context():
        document = json.loads(signing.status_list("platform", 0))
    document.pop("proof")

    assert canonical.canonical(document) == reference(document)


@pytest.mark.parametrize(
    "changes",
    [
        {"grade": "A"},
        {"@context": [*CONTEXTS, {"grade": "https://example.org/grade"}]},
        {"@context": []},
        {"@graph": []},
        {"@type": "Thing"},
        {"type": ["VerifiableCredential", "Diploma"]},
        {"name": {"@value": "x"}},
        {"name": 7},
        {"name": "bell\a"},
        {"name": "\0000\0"},
        {"name": "\ud800"},
        {"id": "no address"},
        {"id": "https://example.org/> <x"},
        {"issuer": "Kisumu"},
    ],
    ids=str,
)
def test_a_document_of_another_shape_is_refused(certified, make, changes):
    document, _ = parts(certified(make.city()))

    with pytest.raises(ValueError):
        canonical.canonical({**document, **changes})


def test_two_parts_that_say_the_same_are_refused_not_confused(certified, make):
    document, _ = parts(certified(make.city()))
    aligned = document["credentialSubject"]["achievement"]["alignment"]
    aligned[1] = dict(aligned[0])

    with pytest.raises(ValueError, match="say the same"):
        canonical.canonical(document)


def test_the_context_of_the_verifier_is_the_one_kept_here():
    kept = Path(__file__).parent / "contexts" / "credentials-v2.jsonld"
    theirs = Path(__file__).parent / (
        "verifier/node_modules/@digitalbazaar/credentials-context/contexts/v2.jsonld"
    )
    if not theirs.exists():
        pytest.skip("The verifier is not installed; bin/test installs it.")

    assert kept.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize("content", [b"", b"\0", b"\0\0abc", bytes(range(64)), b"\xff" * 64])
def test_base58_comes_back(content):
    assert multibase.from_base58(multibase.base58(content)) == content


def test_base58_is_the_one_others_write():
    # The first test vector of the base58 draft (draft-msporny-base58).
    assert multibase.base58(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    with pytest.raises(ValueError):
        multibase.from_base58("z0OIl")


def parts(row):
    """Return a credential without its proof, and the proof as it is hashed."""
    document = json.loads(row.credential)
    proof = document.pop("proof")
    proof.pop("proofValue")
    return document, {**proof, "@context": document["@context"]}
