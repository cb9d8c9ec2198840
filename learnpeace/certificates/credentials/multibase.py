"""Bytes as text, as the W3C's Multikey and proofs write them. Pure."""

from base64 import urlsafe_b64encode

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"  # the multicodec's number of such a key


def base58(content: bytes) -> str:
    """Return bytes in base58 (Bitcoin's alphabet), marked "z"."""
    number, symbols = int.from_bytes(content, "big"), []
    while number:
        number, rest = divmod(number, 58)
        symbols.append(ALPHABET[rest])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + "".join(reversed(symbols))


def from_base58(text: str) -> bytes:
    """Return the bytes of a text marked "z"; raise ValueError for any other."""
    if not text.startswith("z"):
        raise ValueError("Not base58.")
    number, symbols = 0, text[1:]
    for symbol in symbols:
        number = number * 58 + ALPHABET.index(symbol)
    zeros = len(symbols) - len(symbols.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(public: bytes) -> str:
    """Return an Ed25519 public key of 32 bytes as `publicKeyMultibase`."""
    return base58(ED25519_PUBLIC + public)


def base64url(content: bytes) -> str:
    """Return bytes in base64url without padding, without a mark."""
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
