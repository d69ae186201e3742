"""What a source is told (`ReadContext`) and what it gives back (`Reading`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from tools.sources.report import Report

DateOrder = Literal["dmy", "mdy"]
Decimal = Literal[".", ","]


@dataclass(frozen=True)
class ReadContext:
    """The organisation's habits that an export does not write down.

    `zone`: the organisation's time zone, in which days are cut and times without an offset are read, unless the
    source says otherwise. `currency`: ISO 4217 code of money without one. `date_order` and `decimal` settle columns
    that stay ambiguous ("03/04/2021", "1,234"); None refuses them.
    """

    zone: str = "UTC"
    currency: str = "USD"
    date_order: DateOrder | None = None
    decimal: Decimal | None = None


@dataclass(frozen=True)
class Reading:
    """Canonical tables as pandas frames, and the report of what became of every row.

    Columns are named as in `tools.tables`. Dates are `datetime.date`, instants naive UTC timestamps, money, numbers
    and ratios floats, flags bools, all else text; a missing value is None (NaN and NaT in float and instant columns).
    """

    tables: dict[str, pd.DataFrame]
    report: Report
