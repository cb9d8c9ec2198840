"""Giving certificates their credential: the signed JSON that goes with them for ever."""

import gzip
import json
from collections.abc import Iterable
from datetime import datetime

from learnpeace.certificates import serials
from learnpeace.certificates.credentials import addresses, documents, proofs, queries
from learnpeace.certificates.credentials.canonical import Document
from learnpeace.certificates.credentials.documents import Issuer
from learnpeace.certificates.credentials.multibase import base64url
from learnpeace.certificates.facts import PLATFORM_NAME
from learnpeace.certificates.models import Certificate
from learnpeace.lib import clock
from learnpeace.lib.db import db
from learnpeace.people.models import City
from learnpeace.people.naming import public_city_name

MEDIA_TYPE = "application/vc"
AT_ONCE = 200  # certificates that are given what they lack, in one round


def give(row: Certificate) -> None:
    """Give a certificate its place in the status list and its signed credential (2 queries).

    Call it before the row is added, in the transaction that issues it: nothing is flushed for
    it and nothing committed. Its city is named as the public may know it. The same row, place
    and key always give the same text. Raises keys.KeyUnreadable.
    """
    if row.status_index is None:
        row.status_index = queries.free_place()
    city = None if row.city_id is None else db.session.get(City, row.city_id)
    issuer = issuer_of(row, city)
    key = addresses.key_ring().newest
    document = documents.credential(row, issuer, is_named=city is None or city.shows_city)
    method = addresses.method(issuer.key, key.kid)
    row.credential = proofs.text(
        proofs.signed(document, key, method, documents.moment(row.issued_at))
    )


def issuer_of(row: Certificate, city: City | None) -> Issuer:
    """Return who issued a certificate, as the public may know them."""
    if city is None:
        return Issuer(key=addresses.PLATFORM, name=PLATFORM_NAME)
    name = row.issuer or row.city_name or city.name
    if not city.shows_city:
        name = public_city_name(city, row.language)
    return Issuer(key=addresses.issuer_key(city.id), name=name)


def give_missing(_at: datetime) -> int:
    """Give credentials to certificates issued before there were any; return how many.

    A few at a time: it is asked every hour.
    """
    rows = queries.unsigned(AT_ONCE)
    for row in rows:
        give(row)
        db.session.flush()
    return len(rows)


def is_whole(text: str) -> bool:
    """Say whether a credential is, to the letter, one that this installation signed."""
    try:
        document = json.loads(text)
        is_ours = isinstance(document, dict) and proofs.text(document) == text
    except (ValueError, RecursionError):
        return False
    return is_ours and "@context" in document and proofs.holds(document, addresses.key_ring())


def token_of(row: Certificate) -> str:
    """Return a certificate's credential as a compact JWS; "" where it has none.

    Signed by the key that signed the credential or, where its private half is gone, the newest.
    """
    if not row.credential:
        return ""
    document: Document = json.loads(row.credential)
    ring = addresses.key_ring()
    key = ring.get(proofs.key_name(document))
    if key is None or key.private is None:
        key = ring.newest
    method = addresses.method(addresses.issuer_key(row.city_id), key.kid)
    return proofs.token(document, key, method + documents.JWK)


def file_name(row: Certificate) -> str:
    """Return the name of a certificate's files, without an ending."""
    return f"certificate-{serials.shown(row.serial)}"


def status_list(issuer: str, number: int) -> str | None:
    """Return a status list in an issuer's name, signed (2 queries); None before it is begun."""
    places = queries.revoked(number)
    if places is None:
        return None
    at, key = clock.now(), addresses.key_ring().newest
    document = documents.status_list(issuer, number, encoded(places), at=at)
    method = addresses.method(issuer, key.kid)
    return proofs.text(proofs.signed(document, key, method, str(document["validFrom"])))


def encoded(places: Iterable[int]) -> str:
    """Return a list with these places set: bits, the first one leftmost, packed."""
    bits = bytearray(addresses.LIST_SIZE // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + base64url(gzip.compress(bytes(bits), mtime=0))
