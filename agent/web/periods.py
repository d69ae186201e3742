"""Which periods a page offers to pick from."""

from __future__ import annotations

from agent.naming import period_name

_QUARTERS = 6


def offered_periods(usual: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Quarters, halves, months and years up to the usual one, by kind: (label, name) each, the latest first."""
    year, quarter = int(usual[:4]), int(usual[-1])
    counted = [year * 4 + quarter - 1 - back for back in range(_QUARTERS)]
    quarters = [f"{each // 4}-Q{each % 4 + 1}" for each in counted]
    months = [f"{year}-{month:02d}" for month in range(quarter * 3, 0, -1)][:6]
    halves = [f"{year}-H{half}" for half in ((2, 1) if quarter > 2 else (1,))]
    years = [str(year), str(year - 1)]
    kinds = (("Quarters", quarters), ("Months", months), ("Half-years and years", [*halves, *years]))
    return [(kind, [(label, period_name(label)) for label in labels]) for kind, labels in kinds]
