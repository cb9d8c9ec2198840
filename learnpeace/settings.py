"""Settings: read once from the environment, frozen, and loud when one is missing."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from learnpeace.lib.db import engine_options

PACKAGE = Path(__file__).resolve().parent
# In a wheel, templates and the rest travel inside the package; in a checkout they
# stand beside it.
ROOT = PACKAGE / "_files" if (PACKAGE / "_files").is_dir() else PACKAGE.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class MissingSetting(Exception):
    """A setting the start cannot do without; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs between a laptop, the tests and production."""

    secret_key: str
    database_url: str
    data_dir: Path
    base_url: str = "http://127.0.0.1:8000"
    courses_dir: Path = ROOT / "courses"
    smtp_url: str = ""
    redis_url: str = ""
    mail_from: str = "learnpeace <learnpeace@localhost>"
    proxies: int = 0
    keys_dir: Path | None = None
    testing: bool = False

    @classmethod
    def from_env(cls) -> "Settings":
        """Read LEARNPEACE_* variables; raise MissingSetting naming the missing one."""
        env = os.environ
        data_dir = Path(env.get("LEARNPEACE_DATA_DIR", "learnpeace-data")).resolve()
        base_url = env.get("LEARNPEACE_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        return cls(
            secret_key=_secret(data_dir, base_url),
            database_url=env.get(
                "LEARNPEACE_DATABASE_URL", f"sqlite:///{data_dir / 'learnpeace.sqlite3'}"
            ),
            data_dir=data_dir,
            base_url=base_url,
            courses_dir=Path(env.get("LEARNPEACE_COURSES_DIR", ROOT / "courses")).resolve(),
            smtp_url=env.get("LEARNPEACE_SMTP_URL", ""),
            redis_url=env.get("LEARNPEACE_REDIS_URL", ""),
            mail_from=env.get("LEARNPEACE_MAIL_FROM", "learnpeace <learnpeace@localhost>"),
            proxies=int(env.get("LEARNPEACE_PROXIES", "0")),
            keys_dir=Path(keys).resolve() if (keys := env.get("LEARNPEACE_KEYS_DIR")) else None,
        )

    @property
    def keys_folder(self) -> Path:
        """Return where the keys stand that sign credentials."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def is_local(self) -> bool:
        """Say whether the product is reached on this machine only."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def is_https(self) -> bool:
        """Say whether people reach the product over an encrypted connection."""
        return self.base_url.startswith("https://")

    def for_flask(self) -> dict[str, object]:
        """Translate into the names Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(self.database_url),
            "TESTING": self.testing,
            "MAX_CONTENT_LENGTH": 1024 * 1024,  # bytes; the largest form is a reflection
            "SESSION_COOKIE_NAME": "__Host-learnpeace" if self.is_https else "learnpeace",
            "SESSION_COOKIE_SECURE": self.is_https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": 30 * 24 * 3600,  # seconds; the database decides
            "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: typing may take an evening
            "TRUSTED_HOSTS": None if self.testing or self.is_local else [self._host()],
            "BABEL_DEFAULT_LOCALE": "en",
            "SETTINGS": self,
        }

    def _host(self) -> str:
        return urlsplit(self.base_url).hostname or ""


def _secret(data_dir: Path, base_url: str) -> str:
    """Return the secret key: from the environment or, on this machine only, a kept file."""
    if key := os.environ.get("LEARNPEACE_SECRET_KEY"):
        return key
    if urlsplit(base_url).hostname not in LOOPBACK:
        raise MissingSetting(
            "LEARNPEACE_SECRET_KEY is missing. It signs sign-in cookies. Set it to a long "
            'random text, for example from: python3 -c "import secrets; '
            'print(secrets.token_urlsafe(48))"'
        )
    file = data_dir / "secret-key"
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text()
