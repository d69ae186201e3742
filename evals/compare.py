"""Two runs on the same cases: what got better or worse, whether that is more than noise, and whether it may pass.

Case by case: a check's rate on a case is the share of its repeats with a finding. Repeats of a case are no new cases,
and cases of one person are no independent ones, so intervals are clustered by person. The gate reads recorded runs
only, so one paid run can be judged under other thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from agent.batch import read_batch
from evals.checks import CHECK_IDS
from evals.finding import HARD_CHECKS
from evals.statistics import Interval, fewest_changes, holm, paired_difference, sign_test
from tools.errors import InputError

ALPHA = 0.05
# A soft check must be worse by at least this share of cases before the gate closes.
LEAST_EFFECT = 0.05

Verdict = Literal["unchanged", "too few changed cases to tell", "within noise", "better", "worse"]


@dataclass(frozen=True)
class CaseRuns:
    """All repeats of one case in one run."""

    case: str
    person: str
    records: tuple[Mapping[str, Any], ...]

    @property
    def errors(self) -> tuple[str, ...]:
        """Repeats that could not be scored: the drafting failed, or a check did."""
        failed = [record["error"] for record in self.records if record["status"] != "ok"]
        crashed = [str(error) for record in self.records for error in record.get("check_errors", ())]
        return tuple(failed + crashed)

    def rate(self, check: str) -> float:
        """Share of the scored repeats with at least one finding of that check."""
        scored = [record for record in self.records if record["status"] == "ok"]
        return sum(any(f["check"] == check for f in record["findings"]) for record in scored) / len(scored)


@dataclass(frozen=True)
class CheckChange:
    """One check over all cases that both runs scored. Rates and differences are shares of cases, 0–1."""

    check: str
    hard: bool
    base_rate: float
    new_rate: float
    better: tuple[str, ...]
    worse: tuple[str, ...]
    difference: Interval | None
    p: float
    p_corrected: float
    verdict: Verdict


@dataclass(frozen=True)
class Spend:
    """What a run used, errors included. `cost` is None where a price is not known."""

    input_tokens: int
    output_tokens: int
    cost: float | None
    seconds_per_draft: float | None


@dataclass(frozen=True)
class Comparison:
    """The whole comparison. `gate` lists why the new run may not pass; empty when it may."""

    base_header: Mapping[str, Any]
    new_header: Mapping[str, Any]
    base: Mapping[str, CaseRuns]
    new: Mapping[str, CaseRuns]
    compared: tuple[str, ...]
    checks: tuple[CheckChange, ...]
    base_spend: Spend
    new_spend: Spend
    gate: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON for machines; drafts stay in the runs."""
        return {
            "cases": len(self.compared),
            "checks": [
                {
                    "check": change.check, "severity": "hard" if change.hard else "soft", "base_rate": change.base_rate,
                    "new_rate": change.new_rate, "better": list(change.better), "worse": list(change.worse),
                    "difference": change.difference._asdict() if change.difference is not None else None,
                    "p": change.p, "p_corrected": change.p_corrected, "verdict": change.verdict,
                }
                for change in self.checks
            ],
            "spend": {"base": vars(self.base_spend), "new": vars(self.new_spend)},
            "gate": {"passed": not self.gate, "reasons": list(self.gate)},
        }  # fmt: skip


def compare_runs(base_path: Path, new_path: Path, *, least_effect: float = LEAST_EFFECT) -> Comparison:
    """Compare two recorded runs. Raises `InputError` where they cannot be compared at all."""
    base_header, base_records = read_batch(base_path)
    new_header, new_records = read_batch(new_path)
    if base_header.get("checks_sha256") != new_header.get("checks_sha256"):
        raise InputError(
            f"{base_path} and {new_path} were checked by different versions of the checks; "
            "run `salesbrief evals recheck` on both first."
        )
    base, new = _by_case(base_records), _by_case(new_records)
    compared = tuple(case for case in base if case in new and not base[case].errors and not new[case].errors)
    checks = _changes(base, new, compared)
    comparison = Comparison(
        base_header, new_header, base, new, compared, checks, _spend(base_records), _spend(new_records), ()
    )
    return Comparison(**{**vars(comparison), "gate": tuple(_gate(comparison, least_effect))})


def _by_case(records: Sequence[Mapping[str, Any]]) -> dict[str, CaseRuns]:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        grouped.setdefault(record.get("case") or record["label"].rpartition(" #")[0], []).append(record)
    return {
        case: CaseRuns(case, next((r["person"] for r in runs if "person" in r), case), tuple(runs))
        for case, runs in sorted(grouped.items())
    }


def _changes(
    base: Mapping[str, CaseRuns], new: Mapping[str, CaseRuns], compared: Sequence[str]
) -> tuple[CheckChange, ...]:
    if not compared:
        return ()
    rows = []
    for check in CHECK_IDS:
        rates = [(case, base[case].rate(check), new[case].rate(check)) for case in compared]
        better = tuple(case for case, before, after in rates if after < before)
        worse = tuple(case for case, before, after in rates if after > before)
        difference = paired_difference(
            [after - before for _, before, after in rates], [base[case].person for case in compared]
        )
        before, after = (sum(rate[i] for rate in rates) / len(rates) for i in (1, 2))
        rows.append((check, before, after, better, worse, difference, sign_test(len(better), len(worse))))
    corrected = holm([row[6] for row in rows])
    return tuple(
        CheckChange(check, check in HARD_CHECKS, before, after, better, worse, difference, p, adjusted,
                    _verdict(len(better), len(worse), after - before, difference, adjusted))
        for (check, before, after, better, worse, difference, p), adjusted in zip(rows, corrected, strict=True)
    )  # fmt: skip


def _verdict(better: int, worse: int, change: float, difference: Interval | None, p: float) -> Verdict:
    if better + worse == 0:
        return "unchanged"
    if better + worse < fewest_changes():
        return "too few changed cases to tell"
    certain = difference is not None and (difference.low > 0 or difference.high < 0)
    if p >= ALPHA or not certain:
        return "within noise"
    return "worse" if change > 0 else "better"


def _gate(comparison: Comparison, least_effect: float) -> list[str]:
    reasons = []
    missing = [case for case in comparison.base if case not in comparison.new]
    if not comparison.new:
        reasons.append("the new run holds no case")
    if missing:
        reasons.append(f"{len(missing)} cases of the base are missing from the new run ({_some(missing)})")
    errored = [case for case, runs in comparison.new.items() if runs.errors]
    if errored:
        reasons.append(f"{len(errored)} cases of the new run ended in an error ({_some(errored)})")
    thinner = [
        case for case, runs in comparison.base.items()
        if case in comparison.new and len(comparison.new[case].records) < len(runs.records)
    ]  # fmt: skip
    if thinner:
        reasons.append(f"{len(thinner)} cases have fewer repeats than in the base ({_some(thinner)})")
    if not comparison.compared:
        reasons.append("no case could be compared")
    for change in comparison.checks:
        if change.hard:
            fresh = [case for case in change.worse if comparison.base[case].rate(change.check) == 0]
            if fresh:
                reasons.append(f"{change.check} fails on {len(fresh)} cases where it did not before ({_some(fresh)})")
        elif change.verdict == "worse" and change.new_rate - change.base_rate >= least_effect:
            reasons.append(
                f"{change.check} is worse beyond noise: {change.base_rate:.0%} of cases, now {change.new_rate:.0%}"
            )
    return reasons


def _some(cases: Sequence[str], shown: int = 3) -> str:
    return ", ".join(cases[:shown]) + (" …" if len(cases) > shown else "")


def _spend(records: Sequence[Mapping[str, Any]]) -> Spend:
    costs = [record.get("cost") for record in records]
    scored = [record["seconds"] for record in records if record["status"] == "ok"]
    return Spend(
        sum(record.get("input_tokens") or 0 for record in records),
        sum(record.get("output_tokens") or 0 for record in records),
        sum(cost for cost in costs if cost is not None) if records and None not in costs else None,
        sum(scored) / len(scored) if scored else None,
    )
