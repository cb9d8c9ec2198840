"""A mail server of the tests' own: takes letters, thinks, refuses, breaks off as asked."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.serving import free_port


class MailServer:
    """What aiosmtpd asks at each command; `letters` is what was taken, in order."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.lines = 0
        self.seconds = 0.0  # before a letter is taken
        self.refusals: list[str] = []  # answers to the next recipients
        self.answers: list[str] = []  # answers to the next letters' texts
        self.nobody: dict[str, str] = {}  # answers to some recipients, always
        self.breaks = 0  # how many of the next letters break the line

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.lines += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.nobody:
            return self.nobody[address]
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.breaks:
            self.breaks -= 1
            server.transport.abort()
            return "421 gone"
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        await asyncio.sleep(self.seconds)
        return "250 taken"

    def taken(self) -> Counter[str]:
        """Count the letters taken by their Message-ID."""
        return Counter(str(letter["Message-ID"]) for letter in self.letters)


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, str]]:
    """Serve on a free port; yield the server and its address for the settings."""
    server, port = MailServer(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
