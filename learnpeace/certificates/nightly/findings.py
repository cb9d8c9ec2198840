"""What a check of all certificates found, and how that is said."""

import hashlib
from dataclasses import dataclass, fields

from flask_babel import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """How many completions were offered, and how many pages were asked for again."""

    offered: int = 0
    printing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Numbers of certificates, by what is wrong; `unoffered` are numbers of enrolments.

    `unfounded` have no completion behind them; the page of `damaged` is not the one that was
    handed out; `unprinted` were asked for before and still have no page; `unsigned` have no
    credential, and that of `forged` is not one that we signed for them.
    """

    unfounded: tuple[str, ...] = ()
    unoffered: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    unprinted: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    forged: tuple[str, ...] = ()

    def listed(self) -> dict[str, tuple[str, ...]]:
        """Return the numbers of each sort, by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one check came to; `looked_at` is of how many certificates."""

    looked_at: int
    mended: Mended
    faults: Faults

    @property
    def is_sound(self) -> bool:
        """Say whether nothing is left that somebody should look at."""
        return not any(self.faults.listed().values())

    @property
    def mark(self) -> str:
        """Return a few letters that are the same for the same faults."""
        return hashlib.sha256(repr(self.faults).encode()).hexdigest()[:12]


def fault_lines(found: Found) -> list[tuple[str, tuple[str, ...]]]:
    """Return a sentence for each sort of fault, with the numbers it is about."""
    faults = found.faults
    told = (
        (_unfounded(len(faults.unfounded)), faults.unfounded),
        (_unoffered(len(faults.unoffered)), faults.unoffered),
        (_damaged(len(faults.damaged)), faults.damaged),
        (_unprinted(len(faults.unprinted)), faults.unprinted),
        (_unsigned(len(faults.unsigned)), faults.unsigned),
        (_forged(len(faults.forged)), faults.forged),
    )
    return [(words, numbers) for words, numbers in told if numbers]


def mended_lines(found: Found) -> list[str]:
    """Return a sentence for what was looked at, and for each sort that was mended."""
    offered, printing = found.mended.offered, found.mended.printing
    told = (
        ngettext(
            "%(num)d certificate was looked at.", "%(num)d certificates were looked at.",
            found.looked_at,
        ),
        offered and ngettext(
            "%(num)d completion had no certificate offered; it has now.",
            "%(num)d completions had no certificate offered; they have now.", offered,
        ),
        printing and ngettext(
            "%(num)d certificate had no page; it was asked for again.",
            "%(num)d certificates had no page; they were asked for again.", printing,
        ),
    )  # fmt: skip
    return [words for words in told if words]


def summary(found: Found) -> str:
    """Return all of it in counts only."""
    return " ".join([*mended_lines(found), *(words for words, _ in fault_lines(found))])


def _unfounded(number: int) -> str:
    return ngettext(
        "%(num)d certificate has no completion behind it.",
        "%(num)d certificates have no completion behind them.", number,
    )  # fmt: skip


def _unoffered(number: int) -> str:
    return ngettext(
        "%(num)d completion has no certificate offered, and none could be.",
        "%(num)d completions have no certificate offered, and none could be.", number,
    )  # fmt: skip


def _damaged(number: int) -> str:
    return ngettext(
        "%(num)d page is not the one that was handed out first.",
        "%(num)d pages are not the ones that were handed out first.", number,
    )  # fmt: skip


def _unprinted(number: int) -> str:
    return ngettext(
        "%(num)d certificate has no page, though it was asked for before.",
        "%(num)d certificates have no page, though they were asked for before.", number,
    )  # fmt: skip


def _unsigned(number: int) -> str:
    return ngettext(
        "%(num)d certificate has no credential.",
        "%(num)d certificates have no credential.", number,
    )  # fmt: skip


def _forged(number: int) -> str:
    return ngettext(
        "%(num)d credential is not one that was signed here for its certificate.",
        "%(num)d credentials are not ones that were signed here for their certificates.", number,
    )  # fmt: skip
