"""What `learnpeace doctor` finds out about the keys; it makes none and shows none."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from learnpeace.certificates.credentials import keys
from learnpeace.certificates.credentials.keys import KeyUnreadable
from learnpeace.settings import Settings

Finding = tuple[bool, str]


def findings(settings: Settings) -> Iterator[Finding]:
    """Yield whether each thing about the keys is well, with its words."""
    folder = settings.keys_folder
    if not folder.is_dir():
        yield True, f"No signing keys yet: the first certificate makes one in {folder}"
        return
    yield _rights(folder, 0o700)
    for file in sorted(folder.iterdir()):
        if file.suffix == keys.PRIVATE or file.name == keys.ISSUERS:
            yield _rights(file, 0o600)
    try:
        found = keys.existing(folder)
    except KeyUnreadable as error:
        yield False, f"{error} Put it back from a backup."
        return
    for key in found:
        if not (folder / f"{key.kid}{keys.PUBLIC}").exists():
            yield False, f"{key.kid}{keys.PUBLIC} is missing: put it back from a backup"
    able = [key.kid for key in found if key.private is not None]
    retired = f"; {len(found) - 1} older, all published" if len(found) > 1 else ""
    words = f"Certificates are signed with {able[-1]}{retired}" if able else ""
    yield bool(able), words or "No key can sign certificates. Run: learnpeace keys rotate"
    has_salt = (folder / keys.ISSUERS).exists()
    yield (
        has_salt,
        f"{keys.ISSUERS}: "
        + (
            "cities keep their addresses as issuers"
            if has_salt
            else "missing; without it, what cities issued can no longer be checked. Put it back"
        ),
    )


def _rights(path: Path, wanted: int) -> Finding:
    found = path.stat()
    rights = stat.S_IMODE(found.st_mode)
    if found.st_uid != os.geteuid():
        return False, f"{path} belongs to another user than the one who runs this"
    if rights & 0o077:
        return False, f"Others may read {path}: chmod {wanted:o} {path}"
    return True, f"Only this user may read {path}"
