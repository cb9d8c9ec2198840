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
BOUNDARY = "learnpeace-bench"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="certificate.pdf"\r\n'
    "Content-Type: application/pdf\r\n\r\n"
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. `fields` make it a form; in the background it goes as a script sends it.

    `address` is the person's own, as a proxy in front would name it. A `file` goes alone.
    """

    path: str
    cookie: str = ""
    fields: Fields | None = None
    in_background: bool = False
    address: str = ""
    file: bytes = b""

    @property
    def method(self) -> str:
        """Return POST for a form or a file, GET otherwise."""
        return "GET" if self.fields is None and not self.file else "POST"

    def headers(self) -> list[tuple[str, str]]:
        """Return every header but the length."""
        found = list(BROWSER)
        if self.cookie:
            found.append(("Cookie", self.cookie))
        if self.address:
            found.append(("X-Forwarded-For", self.address))
        if self.in_background:
            found.append(("X-Requested-With", "fetch"))
        if self.file:
            found.append(("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"))
        elif self.fields is not None:
            found.append(("Content-Type", "application/x-www-form-urlencoded"))
        return found

    def body(self) -> bytes:
        """Return the form as a browser and our script write it."""
        if self.file:
            return HEAD + self.file + f"\r\n--{BOUNDARY}--\r\n".encode()
        return urlencode(self.fields or ()).encode()

    def wire(self) -> bytes:
        """Return the request as it travels."""
        body = self.body()
        headers = self.headers()
        if self.method == "POST":
            headers.append(("Content-Length", str(len(body))))
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers]
        return "\r\n".join((*lines, "", "")).encode() + body

    def through(self, client: FlaskClient) -> TestResponse:
        """Send the request inside this process; the client keeps no cookies of its own."""
        data = self.body() if self.method == "POST" else None
        return client.open(self.path, method=self.method, headers=self.headers(), data=data)


def addresses() -> Iterator[str]:
    """Yield an address for each person, so that limits for one address hold nobody up."""
    for number in itertools.count(1):
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
