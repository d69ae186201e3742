"""Mistakes that targets are typed with: spans that overlap, a per cent for a ratio, a few zeros too many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

# 0–1; a stretch goal may ask for double, but 60 stands for 60 %.
LARGEST_RATIO = 3
# So many times the median of the targets for the same metric is a slip of the hand, and needs a few others to be seen.
_TOO_MANY_TIMES, _TO_COMPARE = 100, 3


def overlaps(targets: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Places of two rows for the same person or team and metric whose days overlap. A month inside its quarter may."""
    seen: dict[tuple[str, ...], list[tuple[Any, Any, int]]] = {}
    for place, row in enumerate(targets.to_dict("records")):
        start, end = row["start_on"], row["end_on"]
        spans = seen.setdefault(_whose(row), [])
        for other_start, other_end, other in spans:
            apart = start > other_end or end < other_start
            inside = (other_start <= start and end <= other_end) or (start <= other_start and other_end <= end)
            if not apart and (not inside or (other_start, other_end) == (start, end)):
                yield place, other
        spans.append((start, end, place))


def too_large(targets: pd.DataFrame, units: Mapping[str, str]) -> pd.Series:
    """Which rows ask for more than anybody can mean; `units` are those of metrics, by id."""
    metrics = targets["metric"].map(lambda metric: _metric(metric).split("[")[0])
    is_ratio = metrics.map(units).eq("ratio")
    usual = targets.groupby(metrics)["value"].transform("median")
    others = targets.groupby(metrics)["value"].transform("count")
    far = (others >= _TO_COMPARE) & (usual > 0) & (targets["value"] > _TOO_MANY_TIMES * usual)
    return (is_ratio & (targets["value"] > LARGEST_RATIO)) | (~is_ratio & far)


def _whose(row: Mapping[str, Any]) -> tuple[str, ...]:
    owner = (str(row.get(name) or "").strip().lower() for name in ("person", "team"))
    covers = row.get("covers")
    return (*owner, _metric(row["metric"]), "" if covers is None or pd.isna(covers) else str(covers))


def _metric(metric: Any) -> str:
    text = str(metric).strip()
    return "revenue_won" if text == "quota" else text


def repeated(frame: pd.DataFrame, key: Sequence[str]) -> tuple[int, int] | None:
    """Places of the first two rows that agree in all columns of the key that the frame has, or None."""
    present = [name for name in key if name in frame.columns]
    if not present:
        return None
    seen: dict[tuple[str, ...], int] = {}
    for place, row in enumerate(frame[present].astype(str).itertuples(index=False, name=None)):
        other = seen.setdefault(tuple(cell.strip().lower() for cell in row), place)
        if other != place:
            return place, other
    return None
