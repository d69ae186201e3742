"""`make bench`: how fast things are, as ratios within one run, in tables that the README can quote with their date.

    python -m tests.benchmarks [checks] [20k] [500k] [5M] [web]      default: checks 20k 500k

Ratios are of processor seconds, for a busy machine stretches those less than the clock.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import checks, web
from tests.benchmarks.jobs import Values
from tests.benchmarks.measure import Cost, cost_of, table
from tests.benchmarks.organisation import SIZES, write_organisation

# A loop over people takes hours where there are thousands.
_LOOPED = ("20k",)
_NAMES = {
    "floor": "reading and hashing the needed columns once (floor)",
    "prepare": "once per import: what it says whoever asks",
    "engine": "12 main metrics × everybody × 3 periods: salesbrief",
    "vectorised": "the same, vectorised pandas",
    "loop": "the same, pandas loop over people",
    "everybody": "all metrics × everybody × 3 periods, with team values, splits and records",
    "first_sheet": "one person's fact sheet, nobody having asked for the period before",
    "sheet": "one person's fact sheet after a colleague's",
    "open_sheet": "the same in a process that keeps the workspace open",
}
# What takes so long, or needs so much memory, that once is enough.
_ONCE = ("prepare", "loop", "everybody")


def main(parts: list[str]) -> None:
    """Run the named parts and print their tables."""
    today, python = f"{datetime.now().astimezone():%Y-%m-%d}", platform.python_version()
    print(f"Measured {today} on {os.cpu_count()} cores: Python {python}, DuckDB {version('duckdb')}, ", end="")
    print(f"pandas {version('pandas')}; ratios within one run.\n")
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            measured = {"checks": _checks, "web": _web}.get(part)
            print(measured(Path(folder)) if measured else _metrics(part, Path(folder)), end="\n\n", flush=True)


def _checks(folder: Path) -> str:
    drafts = checks.texts()
    speeds = {"all thirteen checks and the structure lint": checks.per_second(checks.all_checks, drafts)}
    baseline = checks.proselint()
    if baseline is not None:
        speeds[f"proselint {version('proselint')}"] = checks.per_second(baseline, drafts)
    speeds["one regular expression of 40 words"] = checks.per_second(checks.word_list(), drafts)
    ours = next(iter(speeds.values()))
    rows = [[name, f"{speed:,.0f}", f"{speed / ours:,.1f}×"] for name, speed in speeds.items()]
    seconds = checks.seconds_to_compare(drafts, folder)
    return (
        table([f"checks on {len(drafts)} drafts in five languages, one core", "drafts/s", "speed"], rows)
        + f"\n\nComparing two runs of 1,000 drafts takes {seconds:.1f} s."
    )


def _web(folder: Path) -> str:
    busy = os.getloadavg()[0]
    title = f"web pages on the demo workspace, one process (load {busy:.1f} before)"
    return table([title, "median", "95th percentile", "aim"], web.rows(web.measure(folder)))


def _metrics(name: str, folder: Path) -> str:
    size = SIZES[name]
    workspace = str(write_organisation(size, folder))
    jobs = [job for job in _NAMES if job != "loop" or name in _LOOPED]
    costs = {}
    for job in jobs:
        print(f"{name}: {_NAMES[job]} …", file=sys.stderr, flush=True)
        costs[job] = cost_of(job, workspace, repeats=1 if job in _ONCE or name == "5M" else 3)
    floor, ours = costs["floor"], costs["engine"]
    assert floor is not None and ours is not None, "the machine has too little memory to compare anything"
    for job in ("vectorised", "loop"):
        if (other := costs.get(job)) is not None:
            _must_agree(ours.result, other.result, job)
    rows = [[_NAMES[job], *_cells(cost, floor, ours)] for job, cost in costs.items()]
    title = f"{size.deals:,} deals, {size.people:,} people, history and activities"
    return table([title, "wall s", "CPU s", "peak MiB", "× floor", "× salesbrief"], rows)


def _cells(cost: Cost | None, floor: Cost, ours: Cost) -> list[str]:
    if cost is None:
        return ["", "", "more than is free", "", ""]
    return [
        f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{cost.peak:,.0f}", f"{cost.cpu / floor.cpu:.1f}",
        f"{cost.cpu / ours.cpu:.1f}",
    ]  # fmt: skip


def _must_agree(ours: Values, others: Values, name: str) -> None:
    """What is not equal is not comparable: every value to one part in a thousand million."""
    for key, values in ours.items():
        for metric, value in values.items():
            other = others.get(key, {}).get(metric)
            if abs((value or 0) - (other or 0)) > 1e-9 * abs(value or 0):
                raise AssertionError(f"{metric} of {key}: salesbrief says {value}, {name} {other}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["checks", "20k", "500k"])
