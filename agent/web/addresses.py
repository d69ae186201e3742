"""Where things are: the stable addresses that pages link to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from agent.chat.answer import SheetOf
from agent.printing import Printer
from agent.web.site import STATIC


@dataclass(frozen=True)
class Source:
    """The sheet that figures on a page stand on: of a stored draft, or as it is computed now.

    `weak` are the facts that fell short; `printer` prints the sheet's tokens, where it is at hand.
    """

    who: str
    period: str
    draft: str | None = None
    version: int | None = None
    weak: Collection[str] = ()
    printer: Printer | None = None

    @classmethod
    def of(cls, sheet: SheetOf | None) -> Source | None:
        return None if sheet is None else cls(sheet.who, sheet.period)

    @property
    def query(self) -> dict[str, str]:
        if self.draft is not None:
            return {"draft": self.draft, "version": str(self.version)}
        return {"who": self.who, "period": self.period}


def figure_address(fact: str, source: Source) -> str:
    """Where a figure opens to its formula and records."""
    return f"/figures?{urlencode({**source.query, 'fact': fact})}"


def note_address(evidence: str, source: Source) -> str:
    """Where a quoted note opens."""
    return f"/quoted?{urlencode({**source.query, 'note': evidence})}"


def record_address(record: tuple[str, str], fact: str, sheet: SheetOf) -> str:
    """Where a CRM record behind a figure opens."""
    about = {"who": sheet.who, "period": sheet.period, "fact": fact}
    return f"/records?{urlencode({**about, 'table': record[0], 'id': record[1]})}"


@cache
def static_address(name: str) -> str:
    """A file's address with its hash, so that browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?{digest[:10]}"
