"""One request, as bytes for a server or as a call of a test client."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
BROWSER = (
    ("Host", "127.0.0.1"),
    ("User-Agent", CHROME),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip, deflate, br"),
    ("Accept-Language", "en-GB,en;q=0.9"),
)
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. `fields` make it a form; in the background it goes as a script sends it.

    `address` is the person's own, as a proxy in front would name it.
    """

    path: str
    cookie: str = ""
    fields: Fields | None = None
    in_background: bool = False
    address: str = ""

    @property
    def method(self) -> str:
        """Return POST for a form, GET otherwise."""
        return "GET" if self.fields is None else "POST"

    def headers(self) -> list[tuple[str, str]]:
        """Return every header but the length."""
        found = list(BROWSER)
        if self.cookie:
            found.append(("Cookie", self.cookie))
        if self.address:
            found.append(("X-Forwarded-For", self.address))
        if self.in_background:
            found.append(("X-Requested-With", "fetch"))
        if self.fields is not None:
            found.append(("Content-Type", "application/x-www-form-urlencoded"))
        return found

    def body(self) -> bytes:
        """Return the form as a browser and our script write it."""
        return urlencode(self.fields or ()).encode()

    def wire(self) -> bytes:
        """Return the request as it travels."""
        body = self.body()
        headers = self.headers()
        if self.fields is not None:
            headers.append(("Content-Length", str(len(body))))
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers]
        return "\r\n".join((*lines, "", "")).encode() + body

    def through(self, client: FlaskClient) -> TestResponse:
        """Send the request inside this process; the client keeps no cookies of its own."""
        data = None if self.fields is None else self.body()
        return client.open(self.path, method=self.method, headers=self.headers(), data=data)


def addresses() -> Iterator[str]:
    """Yield an address for each person, so that limits for one address hold nobody up."""
    for number in itertools.count(1):
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
