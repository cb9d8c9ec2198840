"""The canonical form of our credentials: what is hashed and signed (RDFC-1.0). Pure.

A JSON-LD processor takes 20 ms to expand one credential with its two contexts and to
canonicalise it; sixty certificates a second leave 5 ms for everything. Our documents have a
few known shapes, so the meaning of each term is a table here (`_OF_EVERY`, `_OF`), and a
document with any other term is refused. Blank nodes are told apart by their own statements
alone, which is all that RDFC-1.0 does as long as no two say the same; where two do, we refuse.
Tests hold this against `pyld`, which reads the real contexts.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
Document: TypeAlias = Mapping[str, Json]

CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/v2"
BADGES_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_CONTEXTS = ([CREDENTIALS_CONTEXT], [CREDENTIALS_CONTEXT, BADGES_CONTEXT])

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_VC = "https://www.w3.org/2018/credentials#"
_STATUS = "https://www.w3.org/ns/credentials/status#"
_SECURITY = "https://w3id.org/security#"
_BADGE = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_SCHEMA = "https://schema.org/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_XSDS = "https://www.w3.org/2001/XMLSchema#"  # Open Badges writes https, and so must we

_TEXT, _NODE, _PURPOSE = "", "node", "purpose"  # every other word is a datatype


@dataclass(frozen=True, slots=True)
class _Term:
    """What a term means: its IRI, and what its value is."""

    iri: str
    value: str = _TEXT


_OF_EVERY = {
    "name": _Term(f"{_SCHEMA}name"),
    "description": _Term(f"{_SCHEMA}description"),
    "narrative": _Term(f"{_BADGE}narrative"),
    "inLanguage": _Term(f"{_SCHEMA}inLanguage"),
    "url": _Term(f"{_SCHEMA}url", f"{_XSDS}anyURI"),
    "image": _Term(f"{_BADGE}image", _NODE),
}
_OF: Mapping[str, Mapping[str, _Term]] = {
    "VerifiableCredential": {
        "issuer": _Term(f"{_VC}issuer", _NODE),
        "validFrom": _Term(f"{_VC}validFrom", f"{_XSD}dateTime"),
        "validUntil": _Term(f"{_VC}validUntil", f"{_XSD}dateTime"),
        "credentialSubject": _Term(f"{_VC}credentialSubject", _NODE),
        "credentialStatus": _Term(f"{_VC}credentialStatus", _NODE),
    },
    "OpenBadgeCredential": {},
    "BitstringStatusListCredential": {},
    "BitstringStatusListEntry": {
        "statusPurpose": _Term(f"{_STATUS}statusPurpose"),
        "statusListIndex": _Term(f"{_STATUS}statusListIndex"),
        "statusListCredential": _Term(f"{_STATUS}statusListCredential", _NODE),
    },
    "BitstringStatusList": {
        "statusPurpose": _Term(f"{_STATUS}statusPurpose"),
        "encodedList": _Term(f"{_STATUS}encodedList", f"{_SECURITY}multibase"),
    },
    "Profile": {},
    "AchievementSubject": {
        "achievement": _Term(f"{_BADGE}achievement", _NODE),
        "activityEndDate": _Term(f"{_BADGE}activityEndDate", f"{_XSDS}date"),
        "identifier": _Term(f"{_BADGE}identifier", _NODE),
        "licenseNumber": _Term(f"{_BADGE}licenseNumber"),
        "result": _Term(f"{_BADGE}result", _NODE),
        "term": _Term(f"{_BADGE}term"),
    },
    "IdentityObject": {
        "hashed": _Term(f"{_BADGE}hashed", f"{_XSDS}boolean"),
        "identityHash": _Term(f"{_BADGE}identityHash"),
        "identityType": _Term(f"{_BADGE}identityType"),
    },
    "Achievement": {
        "achievementType": _Term(f"{_BADGE}achievementType"),
        "alignment": _Term(f"{_BADGE}alignment", _NODE),
        "criteria": _Term(f"{_BADGE}Criteria", _NODE),
        "resultDescription": _Term(f"{_BADGE}resultDescription", _NODE),
        "version": _Term(f"{_BADGE}version"),
    },
    "Image": {"caption": _Term(f"{_SCHEMA}caption")},
    "Alignment": {
        "targetCode": _Term(f"{_BADGE}targetCode"),
        "targetFramework": _Term(f"{_SCHEMA}targetFramework"),
        "targetName": _Term(f"{_SCHEMA}targetName"),
        "targetUrl": _Term(f"{_SCHEMA}targetUrl", f"{_XSDS}anyURI"),
    },
    "ResultDescription": {"resultType": _Term(f"{_BADGE}resultType")},
    "Result": {
        "resultDescription": _Term(f"{_BADGE}resultDescription", f"{_XSDS}anyURI"),
        "value": _Term(f"{_SCHEMA}value"),
    },
    "DataIntegrityProof": {
        "created": _Term("http://purl.org/dc/terms/created", f"{_XSD}dateTime"),
        "cryptosuite": _Term(f"{_SECURITY}cryptosuite", f"{_SECURITY}cryptosuiteString"),
        "proofPurpose": _Term(f"{_SECURITY}proofPurpose", _PURPOSE),
        "verificationMethod": _Term(f"{_SECURITY}verificationMethod", _NODE),
    },
}
_CLASSES = {
    **{name: f"{_BADGE}{name}" for name in _OF},
    "VerifiableCredential": f"{_VC}VerifiableCredential",
    "BitstringStatusListCredential": f"{_STATUS}BitstringStatusListCredential",
    "BitstringStatusListEntry": f"{_STATUS}BitstringStatusListEntry",
    "BitstringStatusList": f"{_STATUS}BitstringStatusList",
    "Alignment": f"{_SCHEMA}AlignmentObject",
    "DataIntegrityProof": f"{_SECURITY}DataIntegrityProof",
}
_NO_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\\x7f]')
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_BLANK = re.compile(r"\0(\d+)\0")  # how a blank node stands in a statement until it has a name


@dataclass(slots=True)
class _Statements:
    """Statements as they are found; a blank node is a number between two NULs."""

    found: list[tuple[str, str, str]] = field(default_factory=list)
    blanks: int = 0

    def blank(self) -> str:
        self.blanks += 1
        return f"\0{self.blanks - 1}\0"


def canonical(document: Document) -> str:
    """Return a document's statements as canonical N-Quads.

    Raises ValueError for a document of another shape than ours, proofs included.
    """
    contexts = document.get("@context")
    is_badge = "OpenBadgeCredential" in _listed(document.get("type", []))
    if contexts not in _CONTEXTS or (is_badge and contexts != _CONTEXTS[-1]):
        raise ValueError("The document's contexts are none of ours.")
    statements = _Statements()
    told = {term: value for term, value in document.items() if term != "@context"}
    _node(told, statements)
    lines = ["%s %s %s .\n" % statement for statement in statements.found]  # noqa: UP031 (hot)
    names = _names(lines, statements.blanks)
    return "".join(sorted(_named(line, names) for line in lines))


def _node(node: Mapping[str, Json], statements: _Statements) -> str:
    """Note what a node says; return how it is named."""
    id = node.get("id")
    subject = statements.blank() if id is None else _iri(id)
    types = [str(name) for name in _listed(node.get("type", []))]
    terms = dict(_OF_EVERY)
    for name in types:
        if name not in _OF:
            raise ValueError(f"The type {name!r} is none of ours.")
        terms.update(_OF[name])
        statements.found.append((subject, _TYPE, f"<{_CLASSES[name]}>"))
    for term, value in node.items():
        if term in {"id", "type"}:
            continue
        if term not in terms:
            raise ValueError(f"The term {term!r} is none of ours here.")
        predicate = f"<{terms[term].iri}>"
        statements.found.extend(
            (subject, predicate, _object(one, terms[term].value, statements))
            for one in _listed(value)
        )
    return subject


def _object(value: Json, kind: str, statements: _Statements) -> str:
    if isinstance(value, Mapping):
        if kind != _NODE:
            raise ValueError("A text was expected, not a node.")
        return _node(value, statements)
    if kind == _NODE:
        return _iri(value)
    if kind == _PURPOSE:
        return _iri(f"{_SECURITY}{value}")
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str) or _CONTROL.search(value):
        raise ValueError("Only texts without control characters are signed.")
    literal = f'"{value.translate(_ESCAPES)}"'
    return f"{literal}^^<{kind}>" if kind else literal


def _iri(value: Json) -> str:
    if not isinstance(value, str) or ":" not in value or _NO_IRI.search(value):
        raise ValueError(f"{value!r} is no address.")
    return f"<{value}>"


def _listed(value: Json) -> Iterator[Json]:
    if isinstance(value, list | tuple):
        yield from value
    else:
        yield value


def _names(lines: list[str], blanks: int) -> dict[str, str]:
    """Return the canonical name of each blank node, in the order of their hashes."""
    said: list[list[str]] = [[] for _ in range(blanks)]
    for line in lines:
        mentioned = set(_BLANK.findall(line)) if "\0" in line else set()
        for number in mentioned:
            seen_from = _BLANK.sub(lambda found: "_:a" if found[1] == number else "_:z", line)  # noqa: B023 (used at once)
            said[int(number)].append(seen_from)
    hashes = [hashlib.sha256("".join(sorted(those)).encode()).hexdigest() for those in said]
    if len(set(hashes)) != blanks:
        raise ValueError("Two parts of the document say the same.")
    ordered = sorted(range(blanks), key=hashes.__getitem__)
    return {str(number): f"_:c14n{place}" for place, number in enumerate(ordered)}


def _named(line: str, names: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda found: names[found[1]], line) if "\0" in line else line
