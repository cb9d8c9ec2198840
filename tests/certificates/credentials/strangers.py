"""Software that is not ours: Digital Bazaar's verifier and `jose`, fed from the pages themselves.

What a stranger would fetch (who issues, which keys, what is revoked) is fetched from the
application here and handed over, for the verifier has no network.
"""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

VERIFIER = Path(__file__).parent / "verifier"
DID = re.compile(r"did:web:[^#\"\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the stranger says; `payload` is what a token holds."""

    verified: bool
    revoked: bool
    error: str
    payload: dict[str, Any] | None = None


class Strangers:
    """A verifier that has read everything it may need from this application."""

    def __init__(self, browser: Any, contexts: dict[str, Any], at: Any) -> None:
        self.browser, self.at = browser, at
        self.documents = dict(contexts)

    def judge(self, *cases: Any) -> list[Verdict]:
        """Return a verdict for each credential (with its proof) or token."""
        if shutil.which("node") is None or not (VERIFIER / "node_modules").is_dir():
            pytest.skip("The verifier is not installed; bin/test installs it.")
        for case in cases:
            self._read_all(case if isinstance(case, dict) else _claims(case))
        question = {"at": self.at.isoformat(), "documents": self.documents, "cases": cases}
        answer = subprocess.run(
            ["node", "verify.mjs"],
            cwd=VERIFIER, input=json.dumps(question), text=True, capture_output=True, check=False,
            timeout=120,
        )  # fmt: skip
        assert answer.returncode == 0, answer.stderr
        return [Verdict(**verdict) for verdict in json.loads(answer.stdout)]

    def _read_all(self, credential: dict[str, Any]) -> None:
        for did in DID.findall(json.dumps(credential)):
            self.read(address_of(did))
        status = credential.get("credentialStatus", {}).get("statusListCredential")
        if status:
            self.read(status)

    def read(self, address: str) -> None:
        """Read a document from the application, as it is now; forget one that is not there."""
        response = self.browser.get(urlsplit(address).path)
        if response.status_code == 200:
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            self.documents[address] = json.loads(response.data)


def address_of(did: str) -> str:
    """Return where a `did:web` document stands, as its specification says."""
    host, *path = did.removeprefix("did:web:").split(":")
    host = host.replace("%3A", ":")
    scheme = "http" if host.startswith(("127.", "localhost")) else "https"
    return "/".join([f"{scheme}://{host}", *(path or [".well-known"]), "did.json"])


def _claims(token: str) -> dict[str, Any]:
    from base64 import urlsafe_b64decode

    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims
