"""Documents that strangers' software reads: credential, status list, profile, `did:web`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from learnpeace.certificates import serials
from learnpeace.certificates.addresses import public_address
from learnpeace.certificates.credentials import achievements, addresses
from learnpeace.certificates.credentials.achievements import Achievement, plain
from learnpeace.certificates.credentials.canonical import (
    BADGES_CONTEXT,
    CREDENTIALS_CONTEXT,
    Document,
    Json,
)
from learnpeace.certificates.credentials.keys import Key
from learnpeace.certificates.credentials.multibase import base64url, multikey
from learnpeace.certificates.models import Certificate

DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
REVOCATION = "revocation"  # for what was withdrawn and for what was replaced
LIST_HOLDS = timedelta(days=1)  # then a verifier must ask again
JWK = "-jwk"  # ends the name of a key told as a JSON Web Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues, as the public may know them; `key` stands in addresses."""

    key: str
    name: str


def credential(row: Certificate, issuer: Issuer, *, is_named: bool) -> Document:
    """Return a certificate as an OpenBadgeCredential, not signed yet.

    `is_named` says whether the city may be told in public, and its cohort's name with it.
    """
    if row.status_index is None:
        raise ValueError("A certificate needs its place in the status list first.")
    achievement = achievements.of_certificate(row)
    number, place = divmod(row.status_index, addresses.LIST_SIZE)
    status_list = addresses.status_list(issuer.key, number)
    document: dict[str, Json] = {
        "@context": [CREDENTIALS_CONTEXT, BADGES_CONTEXT],
        "id": public_address(row.serial),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": plain(row.course_title),
        "issuer": as_profile(issuer),
        "validFrom": moment(row.issued_at),
        "credentialSubject": _subject(row, achievement, is_named=is_named),
        "credentialStatus": {
            "id": f"{status_list}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": REVOCATION,
            "statusListIndex": str(place),
            "statusListCredential": status_list,
        },
    }
    if row.expires_on is not None:
        document["validUntil"] = f"{row.expires_on.isoformat()}T23:59:59Z"
    return document


def as_profile(issuer: Issuer) -> Document:
    """Return an issuer as an Open Badges 3.0 Profile."""
    return {
        "id": addresses.did(issuer.key),
        "type": ["Profile"],
        "name": plain(issuer.name),
        "url": addresses.profile(issuer.key),
    }


def alone(document: Document) -> Document:
    """Return a profile or an achievement that stands by itself."""
    return {"@context": [CREDENTIALS_CONTEXT, BADGES_CONTEXT], **document}


def status_list(issuer: str, number: int, encoded: str, *, at: datetime) -> Document:
    """Return a status list in an issuer's name, not signed yet.

    It is the same within an hour, so that it can be kept and compared.
    """
    address, hour = (
        addresses.status_list(issuer, number),
        at.replace(minute=0, second=0, microsecond=0),
    )
    return {
        "@context": [CREDENTIALS_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": addresses.did(issuer),
        "validFrom": moment(hour),
        "validUntil": moment(hour + LIST_HOLDS),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": REVOCATION,
            "encodedList": encoded,
        },
    }


def did_document(issuer: str, keys: Sequence[Key]) -> Document:
    """Return the document of an issuer's name: every key, retired ones included.

    Each key is told twice, for those who check proofs and for those who check tokens.
    """
    did = addresses.did(issuer)
    methods: list[Document] = []
    for key in keys:
        methods += [
            {"id": f"{did}#{key.kid}", "type": "Multikey", "controller": did,
             "publicKeyMultibase": multikey(key.public)},
            {"id": f"{did}#{key.kid}{JWK}", "type": "JsonWebKey", "controller": did,
             "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA",
                              "kid": f"{did}#{key.kid}{JWK}", "x": base64url(key.public)}},
        ]  # fmt: skip
    return {
        "@context": [DID_CONTEXT, MULTIKEY_CONTEXT, JWK_CONTEXT],
        "id": did,
        "alsoKnownAs": [addresses.profile(issuer)],
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def moment(at: datetime) -> str:
    """Return a moment as credentials write it, to the second, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _subject(row: Certificate, achievement: Achievement, *, is_named: bool) -> Document:
    told: dict[str, Json] = {
        "type": ["AchievementSubject"],
        # Its holder hands this out, so the name stands in it as on the paper.
        "identifier": [
            {"type": "IdentityObject", "identityType": "name", "hashed": False,
             "identityHash": row.printed_name}
        ],
        "achievement": achievements.as_json(achievement),
        "activityEndDate": row.completed_on.isoformat(),
        "licenseNumber": serials.shown(row.serial),
        "result": [
            {"type": ["Result"], "resultDescription": f"{achievement.id}#minutes",
             "value": str(row.minutes)}
        ],
    }  # fmt: skip
    if is_named and row.cohort_name:
        told["term"] = plain(row.cohort_name)
    return told
