"""Signatures: a Data Integrity proof (`eddsa-rdfc-2022`) and a compact JWS (`vc+jwt`)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature

from learnpeace.certificates.credentials import multibase
from learnpeace.certificates.credentials.canonical import Document, Json, canonical
from learnpeace.certificates.credentials.keys import Key, KeyRing

CRYPTOSUITE = "eddsa-rdfc-2022"


def signed(document: Document, key: Key, method: str, created: str) -> Document:
    """Return a document with its proof. The same document, key and moment give the same."""
    proof: dict[str, Json] = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_hash(document, proof))
    return {**document, "proof": {**proof, "proofValue": multibase.base58(signature)}}


def holds(document: Document, keys: KeyRing) -> bool:
    """Say whether a document is as one of these keys signed it."""
    told = {term: value for term, value in document.items() if term != "proof"}
    proof = document.get("proof")
    if not isinstance(proof, Mapping) or proof.get("cryptosuite") != CRYPTOSUITE:
        return False
    key = keys.get(key_name(document))
    options = {term: value for term, value in proof.items() if term != "proofValue"}
    if key is None or options.get("proofPurpose") != "assertionMethod":
        return False
    try:
        signature = multibase.from_base58(str(proof.get("proofValue")))
        key.verifier().verify(signature, _hash(told, options))
    except (InvalidSignature, ValueError):
        return False
    return True


def key_name(document: Document) -> str:
    """Return the name of the key that signed a document; empty where none did."""
    proof = document.get("proof")
    method = proof.get("verificationMethod") if isinstance(proof, Mapping) else None
    return str(method or "").rpartition("#")[2]


def token(document: Document, key: Key, method: str) -> str:
    """Return a credential without its proof as a compact JWS, with the claims of a JWT."""
    issuer = document["issuer"]
    claims: dict[str, Json] = {
        **{term: value for term, value in document.items() if term != "proof"},
        "iss": issuer["id"] if isinstance(issuer, Mapping) else issuer,
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
    }
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    header: Document = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": method}
    content = ".".join(multibase.base64url(text(part).encode()) for part in (header, claims))
    return f"{content}.{multibase.base64url(key.sign(content.encode('ascii')))}"


def text(document: Document) -> str:
    """Return a document as it is kept, sent and signed."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _hash(document: Document, proof: Document) -> bytes:
    options = {**proof, "@context": document["@context"]}
    return b"".join(
        hashlib.sha256(canonical(part).encode()).digest() for part in (options, document)
    )


def _seconds(moment: Json) -> int:
    return int(datetime.fromisoformat(str(moment)).timestamp())
