"""The thirteen checks of the rubric, one explicit list; each reads a finished draft and knows no model or framework.

A check is a module with `ID`, `SEVERITY`, `NEEDS_FACTS` and `check(reading) -> list[Finding]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any

from evals.checks import (
    activity_as_outcome,
    buried_weak_result,
    missing_context,
    missing_next_steps,
    missing_pipeline_health,
    missing_target,
    mixed_definitions,
    structure,
    unexplained_metric,
    unfair_comparison,
    unsupported_claim,
    unsupported_number,
    vague_language,
    wrong_direction,
)
from evals.finding import Finding
from evals.reading.binding import Coverage
from evals.reading.reading import Reading
from evals.reading.support import support_of
from tools.errors import InputError, did_you_mean

# In the rubric's order.
CHECKS: tuple[ModuleType, ...] = (
    vague_language,
    missing_target,
    buried_weak_result,
    unexplained_metric,
    activity_as_outcome,
    missing_pipeline_health,
    mixed_definitions,
    unfair_comparison,
    missing_context,
    missing_next_steps,
    unsupported_number,
    wrong_direction,
    unsupported_claim,
)
CHECK_IDS: tuple[str, ...] = tuple(check.ID for check in CHECKS)


@dataclass(frozen=True, slots=True)
class Result:
    """What the checks say of one draft.

    `coverage` counts the figures seen, bound to something and left unbound: zero figures seen is never a pass.
    `skipped` names the checks that had no facts to work on; `errors` the checks that crashed, which neither passed nor
    failed; `structure` holds the lint that stands beside the rubric.
    """

    findings: tuple[Finding, ...]
    coverage: Mapping[str, int]
    skipped: tuple[str, ...]
    errors: tuple[Mapping[str, str], ...]
    structure: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The documented JSON of `salesbrief check --json`."""
        return {
            "findings": [finding.as_json() for finding in self.findings],
            "coverage": dict(self.coverage),
            "skipped": list(self.skipped),
            "errors": [dict(error) for error in self.errors],
            "structure": [finding.as_json() for finding in self.structure],
        }


def run_checks(
    markdown: str,
    facts: Iterable[Any],
    evidence: Iterable[Any],
    language_code: str,
    checks: Iterable[ModuleType] = CHECKS,
) -> Result:
    """Run `checks` on a draft. Facts and evidence may be ours, dicts or views; findings come in reading order."""
    reading = Reading.of(markdown, facts, evidence, language_code)
    findings: list[Finding] = []
    skipped: list[str] = []
    errors: list[Mapping[str, str]] = []
    for check in checks:
        if check.NEEDS_FACTS and not reading.facts:
            skipped.append(check.ID)
            continue
        # A check is judged by its findings; one that crashes must not look like one that found nothing.
        try:
            findings += check.check(reading)
        except Exception as error:
            errors.append(MappingProxyType({"check": check.ID, "error": f"{type(error).__name__}: {error}"}))
    findings.sort(key=lambda finding: (finding.start is None, finding.start or 0))
    return Result(
        tuple(findings), _coverage(reading)._asdict(), tuple(skipped), tuple(errors), tuple(structure.check(reading))
    )


def _coverage(reading: Reading) -> Coverage:
    """How many figures were seen, and how many stand for a fact, a step from facts, or a figure of the evidence."""
    support = support_of(reading)
    bound = sum(binding.how != "unbound" or support.of(binding) is not None for binding in reading.bindings)
    return Coverage(len(reading.bindings), bound, len(reading.bindings) - bound)


def checks_named(ids: Iterable[str]) -> tuple[ModuleType, ...]:
    """The checks of those ids, in the rubric's order; all where none is named. InputError for an unknown id."""
    wanted = list(ids)
    for check_id in wanted:
        if check_id not in CHECK_IDS:
            raise InputError(f'There is no check "{check_id}". {did_you_mean(check_id, list(CHECK_IDS))}')
    return tuple(check for check in CHECKS if not wanted or check.ID in wanted)
