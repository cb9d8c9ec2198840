"""The keys that sign credentials: Ed25519, one file each, in a folder that nobody else reads.

`<kid>.pem` is the private half and `<kid>.pub` the public one, in base64. A key's name begins
with the moment it was made, so the last name signs. All public halves are published: what an
older key signed stays verifiable after its private half is gone. Whoever takes a `.pub` away
takes back all that this key signed.

The private half is read into memory and goes nowhere else: no log, no error, no page.
"""

import fcntl
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

PRIVATE, PUBLIC = ".pem", ".pub"
ISSUERS = "issuers.salt"  # what makes a city's address say nothing about the city
_LOCK = ".lock"
_SALT_BYTES = 32


class KeyUnreadable(Exception):
    """A key file that cannot be used; the message names the file and never its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: its name, its public half (32 bytes), and what signs with it, if that is here."""

    kid: str
    public: bytes
    private: Ed25519PrivateKey | None = field(default=None, repr=False)

    def sign(self, content: bytes) -> bytes:
        """Return the signature, 64 bytes; the same content always gets the same one."""
        if self.private is None:
            raise KeyUnreadable(f"The private half of {self.kid} is not here any more.")
        return self.private.sign(content)

    def verifier(self) -> Ed25519PublicKey:
        """Return what checks a signature."""
        return Ed25519PublicKey.from_public_bytes(self.public)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """All keys of an installation, oldest first."""

    keys: tuple[Key, ...]
    salt: bytes = field(repr=False)

    @property
    def newest(self) -> Key:
        """Return the key that signs: the last one whose private half is here."""
        for key in reversed(self.keys):
            if key.private is not None:
                return key
        raise KeyUnreadable("No key can sign. Run: learnpeace keys rotate")

    def get(self, kid: str) -> Key | None:
        """Return a key by its name."""
        return next((key for key in self.keys if key.kid == kid), None)


def ring(folder: Path, *, at: datetime) -> KeyRing:
    """Return the keys of this folder; the first asker makes the folder and a key.

    Read again whenever a file came or went. Raises KeyUnreadable.
    """
    names = _names(folder)
    if ISSUERS not in names or not any(name.endswith(PRIVATE) for name in names):
        _found(folder, at)
        names = _names(folder)
    return _read(folder, names)


def existing(folder: Path) -> tuple[Key, ...]:
    """Return the keys of this folder, oldest first, and make nothing. Raises KeyUnreadable."""
    return _keys(folder, _names(folder))


def rotate(folder: Path, *, at: datetime) -> Key:
    """Make a new key, which signs from now on; older ones stay."""
    ring(folder, at=at)
    with _locked(folder):
        kid = _make(folder, at)
    found = _read(folder, _names(folder)).get(kid)
    assert found is not None, "it was written just now"
    return found


def retire(folder: Path, kid: str) -> None:
    """Delete the private half of a key; its public half stays published.

    Raises KeyUnreadable for the key that signs, and where the public half is missing.
    """
    with _locked(folder):
        found = _read(folder, _names(folder))
        if (found.get(kid) or found.newest).kid == found.newest.kid:
            raise KeyUnreadable(f"{kid} is not a retired key of {folder}.")
        if not (folder / f"{kid}{PUBLIC}").exists():
            raise KeyUnreadable(f"{kid}{PUBLIC} is missing: what {kid} signed would be lost.")
        (folder / f"{kid}{PRIVATE}").unlink(missing_ok=True)


def made_at(kid: str) -> str:
    """Return the moment a key was made, as people read it, from its name."""
    stamp = kid.partition("-")[2]
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]} {stamp[8:10]}:{stamp[10:12]} UTC"


def _found(folder: Path, at: datetime) -> None:
    """Make what is missing, once, though two processes begin at the same moment."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(folder):
        names = _names(folder)
        if ISSUERS not in names:
            _write(folder / ISSUERS, b64encode(secrets.token_bytes(_SALT_BYTES)))
        if not any(name.endswith(PRIVATE) for name in names):
            _make(folder, at)


def _make(folder: Path, at: datetime) -> str:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    stamps = [name[:18] for name in _names(folder) if name.endswith((PRIVATE, PUBLIC))]
    stamp = f"key-{at:%Y%m%d%H%M%S}"
    if stamps and stamp <= max(stamps):  # two in a second, or a clock that went back
        stamp = f"key-{int(max(stamps)[4:]) + 1}"
    kid = f"{stamp}-{public.hex()[:8]}"
    _write(folder / f"{kid}{PUBLIC}", b64encode(public))
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / f"{kid}{PRIVATE}", pem)
    return kid


def _write(file: Path, content: bytes) -> None:
    """Write a file that others see whole or not at all, for our eyes only."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    part.rename(file)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(name for name in os.listdir(folder) if not name.startswith(".")))  # noqa: PTH208 (three times as fast, for each certificate)
    except FileNotFoundError:
        return ()


@lru_cache(maxsize=8)
def _read(folder: Path, names: tuple[str, ...]) -> KeyRing:
    """Read all keys; a file never changes, so the names say whether to read again."""
    salt = _decoded(folder / ISSUERS)
    return KeyRing(keys=_keys(folder, names), salt=salt)


def _keys(folder: Path, names: tuple[str, ...]) -> tuple[Key, ...]:
    kids = sorted({Path(name).stem for name in names if name.endswith((PRIVATE, PUBLIC))})
    return tuple(_key(folder, kid, names) for kid in kids)


def _key(folder: Path, kid: str, names: tuple[str, ...]) -> Key:
    private = _private(folder / f"{kid}{PRIVATE}") if f"{kid}{PRIVATE}" in names else None
    if private is None:
        return Key(kid=kid, public=_decoded(folder / f"{kid}{PUBLIC}"))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Key(kid=kid, public=public, private=private)


def _private(file: Path) -> Ed25519PrivateKey:
    try:
        found = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise KeyUnreadable(f"{file} cannot be read as a key.") from None
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyUnreadable(f"{file} is no Ed25519 key.")
    return found


def _decoded(file: Path) -> bytes:
    try:
        content = b64decode(file.read_bytes(), validate=True)
    except (OSError, ValueError):
        raise KeyUnreadable(f"{file} cannot be read.") from None
    if len(content) != _SALT_BYTES:  # a public key is as long
        raise KeyUnreadable(f"{file} has the wrong length.")
    return content
