"""How often each way in may be tried. Every way in counts here, before anything is checked.

The client comes first: one that is refused cannot use up the tries of somebody's account.
A PIN has few digits, so a sign-in name has the tightest limits, whether anybody has that
name or not. Right tries count as well; a limit that counted only wrong ones after the check
would let parallel tries through.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from learnpeace.lib.throttle import count_try

SHORT = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

PER_ACCOUNT = 10
PER_CLIENT = 30
ALTOGETHER = 1000
PER_PIN_QUARTER, PER_PIN_DAY = 5, 20
SIGN_UPS_PER_CLIENT = 120  # an hour: a whole town hall behind one connection
LETTERS_PER_EMAIL = 5
LETTERS_PER_CLIENT = 20
DOWNLOADS = 10  # an hour, of one person


def count_sign_in(identifier: str, address: str | None, at: datetime) -> None:
    """Count a try to sign in; raise TooMany above the limits (3 or 5 SQL queries)."""
    count_try("sign-in-client", client(address), limit=PER_CLIENT, per=SHORT, at=at)
    count_password(identifier, at)
    count_try("sign-in", "all", limit=ALTOGETHER, per=SHORT, at=at)


def count_password(identifier: str, at: datetime) -> None:
    """Count a try at one account's password or PIN (1 or 3 SQL queries)."""
    count_try("sign-in-account", identifier, limit=PER_ACCOUNT, per=SHORT, at=at)
    if "@" not in identifier:
        count_try("pin-quarter", identifier, limit=PER_PIN_QUARTER, per=QUARTER, at=at)
        count_try("pin-day", identifier, limit=PER_PIN_DAY, per=DAY, at=at)


def count_sign_up(identifier: str, address: str | None, at: datetime) -> None:
    """Count a try to sign up: it tells whether a name is taken (2 SQL queries)."""
    count_try("sign-up-client", client(address), limit=SIGN_UPS_PER_CLIENT, per=HOUR, at=at)
    count_try("sign-up-name", identifier, limit=PER_ACCOUNT, per=SHORT, at=at)


def count_letter(email: str, address: str | None, at: datetime) -> None:
    """Count a wish for a letter with a link (3 SQL queries)."""
    count_try("letter-client", client(address), limit=LETTERS_PER_CLIENT, per=HOUR, at=at)
    count_try("letter-email", email, limit=LETTERS_PER_EMAIL, per=DAY, at=at)
    count_try("letter", "all", limit=ALTOGETHER, per=SHORT, at=at)


def count_unknown(address: str | None, at: datetime) -> None:
    """Count a wish for a letter to nobody: as much work as a letter, so as slow (1 query)."""
    count_try("letter-unknown", client(address), limit=LETTERS_PER_CLIENT, per=HOUR, at=at)


def count_download(user_id: int, at: datetime) -> None:
    """Count a copy of somebody's data: making it is work (1 SQL query)."""
    count_try("own-data", str(user_id), limit=DOWNLOADS, per=HOUR, at=at)


def count_link(address: str | None, at: datetime) -> None:
    """Count the use of a one-time link (1 SQL query)."""
    count_try("link-client", client(address), limit=PER_CLIENT, per=SHORT, at=at)


def client(address: str | None) -> str:
    """Return what stands for a client: its address, or the /64 network one home has in IPv6."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)
