"""What a check found in a draft."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["hard", "soft"]

HARD_CHECKS = frozenset({"unsupported_number", "wrong_direction", "missing_target", "buried_weak_result"})


def severity_of(check: str) -> Severity:
    """How much a finding weighs: a hard one must never appear where it did not before."""
    return "hard" if check in HARD_CHECKS else "soft"


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake, the words it stands in, and what to do about it.

    `quote` is an exact copy of the draft's characters `start` to `end`; `line` and `column` count from 1. A finding
    about the whole draft has the quote "" and no position. `fact` is the id of the fact it is about, where it is about
    one.
    """

    check: str
    severity: Severity
    quote: str
    line: int | None
    column: int | None
    fact: str | None
    message: str
    suggestion: str
    start: int | None = None
    end: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding's documented JSON: everything but the offsets."""
        fields = asdict(self)
        del fields["start"], fields["end"]
        return fields
