"""Whether the typefaces on this machine have the letters of a name: no empty box is printed.

The child process prints with every face that fontconfig knows, so fontconfig is asked, for
letters outside the blocks that our packages of faces have whole.
"""

import shutil
import subprocess
from functools import lru_cache

_WHOLE = (
    (0x0020, 0x052F), (0x0531, 0x058A), (0x05D0, 0x05F4), (0x0620, 0x06FF), (0x0905, 0x0939),
    (0x0E01, 0x0E3A), (0x10D0, 0x10FA), (0x1E00, 0x1EFF), (0x3041, 0x3096), (0x30A1, 0x30FA),
    (0x4E00, 0x9FA5), (0xAC00, 0xD7A3),
)  # fmt: skip
SECONDS = 5.0
NAMED = (
    "Noto Serif", "Noto Serif Display", "Noto Naskh Arabic", "Noto Nastaliq Urdu",
    "Noto Serif Hebrew", "Noto Serif Devanagari", "Noto Serif Ethiopic", "Noto Serif Thai",
    "Noto Serif Bengali", "Noto Serif Tamil", "Noto Serif Telugu", "Noto Serif Kannada",
    "Noto Serif Malayalam", "Noto Serif Gujarati", "Noto Serif Gurmukhi", "Noto Serif Sinhala",
    "Noto Sans Oriya", "Noto Serif Georgian", "Noto Serif Armenian", "Noto Serif Khmer",
    "Noto Serif Lao", "Noto Serif Myanmar", "Noto Serif Tibetan", "Noto Sans Thaana",
    "Noto Sans Syriac", "Noto Sans NKo", "Noto Sans Adlam", "Noto Sans Tifinagh",
    "Noto Sans Cherokee", "Noto Sans Canadian Aboriginal", "Noto Sans Mongolian",
    "Noto Sans Ol Chiki", "Noto Sans Javanese", "Noto Serif Balinese", "Noto Sans Sundanese",
    "Noto Serif CJK JP", "Noto Serif CJK KR", "Noto Serif CJK SC", "Noto Serif CJK TC",
    "Noto Serif CJK HK",
)  # fmt: skip


def missing_letters(text: str) -> list[str]:
    """Return the letters of a text that no face here has; none where nobody can tell."""
    return [letter for letter in dict.fromkeys(text) if letter != " " and not _has(letter)]


def missing_faces() -> list[str]:
    """Return the families that certificates name and this machine lacks; none if unknown."""
    listed = _listed(":")
    if listed is None:
        return []
    families = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    return [name for name in NAMED if name not in families]


@lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    code = ord(letter)
    if any(first <= code <= last for first, last in _WHOLE):
        return True
    listed = _listed(f":charset={code:x}")
    return listed is None or bool(listed.strip())


def _listed(pattern: str) -> str | None:
    """Return the families of a pattern, a line for each file; None when nobody can tell."""
    command = shutil.which("fc-list")
    if command is None:
        return None
    try:
        answer = subprocess.run(
            [command, pattern, "family"], capture_output=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.decode("utf-8", "replace")
