"""The line to the mail server, or the folder that stands for it."""

import logging
import re
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from learnpeace.settings import Settings

SECONDS = 60.0  # for each answer: servers look for viruses before they take a letter
BREAKS = 3  # in a row, and the server is left in peace until the next round
NOBODY = frozenset({550, 551, 553})  # what a server answers after the text of a letter
_POLICY = re.compile(r"\A5\.7\.")  # an enhanced code (RFC 3463): we are refused, not the address
_BAD_ADDRESS = re.compile(r"\A5\.1\.")

log = logging.getLogger("learnpeace.mail")


class Unreachable(Exception):
    """The mail server cannot be reached or does not let us in: no letter is at fault."""


class NobodyThere(Exception):
    """The mail server says for good that this address takes no letters."""


class Line:
    """A connection for many letters: opened for the first, opened again after it broke."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.breaks = 0
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Return itself; nothing is opened before there is a letter."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Take leave of the server."""
        if (server := self._server) is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    @property
    def is_down(self) -> bool:
        """Say whether the server broke off so often that it is to be left in peace."""
        return self.breaks >= BREAKS

    def send(self, message: EmailMessage, name: str) -> None:
        """Send a letter; raise NobodyThere, Unreachable, or what went wrong this time.

        `name` is the file's where letters become files.
        """
        if not self.settings.smtp_url:
            _write(message, self.settings.data_dir / "letters", name)
            return
        server = self._open()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise _refusal(code, _text(words), at_address=True) from refused
        except smtplib.SMTPDataError as refused:
            raise _refusal(refused.smtp_code, _text(refused.smtp_error)) from refused
        except (OSError, ValueError):  # smtplib's own are OSErrors
            if server.sock is None or not _answers(server):
                self._forget()
            raise
        self.breaks = 0

    def _open(self) -> smtplib.SMTP:
        if self._server is not None and self._server.sock is not None:
            return self._server
        try:
            self._server = _connect(self.settings.smtp_url)
        except (OSError, smtplib.SMTPException) as error:
            self.breaks = BREAKS
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        return self._server

    def _forget(self) -> None:
        self.breaks += 1
        if self._server is not None:
            self._server.close()
            self._server = None


def is_for_good(code: str) -> bool:
    """Say whether an enhanced code such as 5.1.1 says that an address takes no letters."""
    return code.startswith("5.") and not _POLICY.match(code)


def _refusal(code: int, words: str, *, at_address: bool = False) -> Exception:
    """Return NobodyThere where the address is refused for good; 530 and 5.7.x refuse us."""
    told = f"{code} {words}"
    bad = bool(_BAD_ADDRESS.match(words)) or code in NOBODY or (at_address and code >= 550)
    if bad and not _POLICY.match(words):
        return NobodyThere(told)
    return smtplib.SMTPResponseException(code, told)


def _answers(server: smtplib.SMTP) -> bool:
    """Say whether a line still works after an error, and make it ready for the next letter."""
    try:
        return server.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _connect(address: str) -> smtplib.SMTP:
    url = urlsplit(address)
    host, port = url.hostname or "localhost", url.port or 0
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _write(message: EmailMessage, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
