"""Pure decisions on what people type: names, addresses, time zones, where to go next."""

import re
import unicodedata
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

NAME_MAX = 100
SIGN_IN_NAME_MIN, SIGN_IN_NAME_MAX = 3, 40
EMAIL_MAX = 254
JOINERS = "\u200c\u200d"  # Persian and Indic names need them
LONGEST_TYPED = 2000  # characters looked at: composing takes the square of many marks' time

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]+")
_SPACES = re.compile(" {2,}")
_KEY_OR_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9_.-]{16,}|[A-Za-z0-9]{1,3}")
_SECRETS = ("csrf", "password", "secret", "pin", "token")


def clean_name(text: str | None) -> str:
    """Return a person's name composed (NFC), with single spaces and none at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", (text or "")[:LONGEST_TYPED])).strip()


def is_name(name: str) -> bool:
    """Say whether a cleaned name can be shown and printed: text only, 1 to 100 code points.

    Control and format (so also bidi-override) characters are refused, except the joiners,
    and so is a name without any letter or digit.
    """
    categories = {unicodedata.category(c) for c in name if c not in JOINERS}
    return (
        0 < len(name) <= NAME_MAX
        and not categories & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        and any(category[0] in "LN" for category in categories)
    )


def clean_email(text: str | None) -> str:
    """Return an e-mail address as we keep it: composed and in small letters."""
    return unicodedata.normalize("NFC", (text or "")[:LONGEST_TYPED]).strip().lower()


def is_email(email: str) -> bool:
    """Say whether a cleaned address has the shape of one; only a letter can prove more.

    In a letter's head `=?` begins an encoded word, which would be read as another address.
    """
    is_plain = email.isprintable() and "=?" not in email
    return len(email) <= EMAIL_MAX and is_plain and bool(_EMAIL.fullmatch(email))


def clean_sign_in_name(text: str | None) -> str:
    """Return a sign-in name as we keep it: NFKC, case folded, so that one name is one name."""
    folded = unicodedata.normalize("NFKC", (text or "").strip()[:LONGEST_TYPED]).casefold()
    return unicodedata.normalize("NFKC", folded)


def is_sign_in_name(name: str) -> bool:
    """Say whether a cleaned sign-in name is 3 to 40 letters, digits, dots or hyphens.

    Marks count as letters, because many scripts write vowels with them; the first
    character is a letter or a digit.
    """
    return (
        SIGN_IN_NAME_MIN <= len(name) <= SIGN_IN_NAME_MAX
        and unicodedata.category(name[0])[0] in "LN"
        and all(c in ".-" or unicodedata.category(c)[0] in "LM" or c.isdecimal() for c in name)
    )


def clean_identifier(text: str | None) -> str:
    """Return what was typed to sign in as we keep it; empty when it cannot be anybody's."""
    cleaned = clean_email(text) if "@" in (text or "") else clean_sign_in_name(text)
    return cleaned if len(cleaned) <= EMAIL_MAX and cleaned.isprintable() else ""


def safe_next(address: str | None) -> str | None:
    """Return an address on this host to go to, or None.

    Only a path: browsers read two slashes, a backslash or a tab as the start of a host.
    """
    if not address or not re.match("/(?!/)", address) or len(address) > 2000:
        return None
    if "\\" in address or any(unicodedata.category(c) in ("Cc", "Cf") for c in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address


@cache
def zones() -> tuple[str, ...]:
    """Return the IANA time zones named by a place, and UTC, in alphabetical order."""
    areas = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
             "Europe/", "Indian/", "Pacific/")  # fmt: skip
    return (*sorted(name for name in available_timezones() if name.startswith(areas)), "UTC")


def find_zone(text: str) -> str | None:
    """Return the zone meant by `Africa/Nairobi`, `nairobi` or `new york`; None for none."""
    wanted = text.strip().replace(" ", "_").casefold()
    whole = [zone for zone in zones() if zone.casefold() == wanted]
    ends = [zone for zone in zones() if zone.casefold().endswith(f"/{wanted}")]
    found = whole or ends
    if found:
        return found[0]
    return text.strip() if text.strip() in available_timezones() else None


def typed_texts(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the (field, text) pairs a person wrote: no secrets, keys, codes, nothing empty."""
    return [
        (name, text)
        for name, text in fields
        if text.strip() and not _KEY_OR_CODE.fullmatch(text)
        if not any(word in name.casefold() for word in _SECRETS)
    ]
