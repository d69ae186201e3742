"""The kill rate of the checks: defects planted in clean drafts, and how many of them the right check notices.

This needs no model and no labels, so it is the honest score of the checks themselves. A mutant is killed when a check
that its mutation names has a finding that it did not have on the clean draft.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from evals.checks import CHECK_IDS, run_checks
from evals.finding import Finding
from evals.mutations import MUTATIONS
from evals.planting import Mutant, Mutation
from evals.reading.facts import EvidenceView, FactView, evidence_views, fact_views
from evals.reading.reading import Reading
from evals.statistics import Interval, wilson
from tools.errors import InputError

CLEAN_FOLDER = Path(__file__).resolve().parent / "cases" / "clean"
FLOORS = Path(__file__).resolve().parent / "floors.toml"
# How many mutants of one kind a draft yields at most: long drafts must not outweigh short ones.
MOST_PER_DRAFT = 4


@dataclass(frozen=True, slots=True)
class CleanDraft:
    """A draft without mistakes, with what it was written from."""

    id: str
    locale: str
    draft: str
    facts: tuple[FactView, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class Kills:
    """How many mutants of a mutation, or for a check, were planted and killed."""

    name: str
    killed: int
    planted: int

    @property
    def rate(self) -> Interval | None:
        """The share killed; None where nothing could be planted."""
        return wilson(self.killed, self.planted)


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no expected check noticed, with the line where it differs from the clean draft."""

    mutation: str
    draft: str
    line: str


@dataclass(frozen=True, slots=True)
class KillReport:
    """What `kill_rates` found: by mutation, by check, and what survived."""

    drafts: int
    by_mutation: tuple[Kills, ...]
    by_check: tuple[Kills, ...]
    survivors: tuple[Survivor, ...]

    @property
    def total(self) -> Kills:
        """All mutants together."""
        return Kills("all", sum(k.killed for k in self.by_mutation), sum(k.planted for k in self.by_mutation))


def load_clean(folder: Path = CLEAN_FOLDER) -> tuple[CleanDraft, ...]:
    """The clean drafts of a folder: `<id>.md` beside `<id>.json` with locale, facts and evidence."""
    drafts = []
    for path in sorted(folder.glob("*.json")):
        try:
            sheet = json.loads(path.read_text(encoding="utf-8"))
            draft = path.with_suffix(".md").read_text(encoding="utf-8")
        except (OSError, json.JSONDecodeError) as error:
            raise InputError(f"{path} or the .md beside it cannot be read: {error}.") from error
        drafts.append(clean_draft(path.stem, draft, sheet["facts"], sheet["evidence"], sheet["locale"]))
    if not drafts:
        raise InputError(f"{folder} holds no clean drafts: <id>.md beside <id>.json is expected.")
    return tuple(drafts)


def clean_draft(draft_id: str, draft: str, facts: Any, evidence: Any, locale: str) -> CleanDraft:
    """A clean draft from facts and evidence of ours, dicts or views."""
    return CleanDraft(draft_id, locale, draft, fact_views(facts), evidence_views(evidence))


def kill_rates(cases: Sequence[CleanDraft], seed: int = 0, mutations: Sequence[Mutation] = MUTATIONS) -> KillReport:
    """Plant every mutation in every clean draft and see what the checks notice. Equal seeds give equal reports."""
    counts: dict[str, list[int]] = {mutation.name: [0, 0] for mutation in mutations}
    checks: dict[str, list[int]] = {check: [0, 0] for check in CHECK_IDS}
    survivors = []
    for case in cases:
        reading = Reading.of(case.draft, case.facts, case.evidence, case.locale)
        before = _findings(case, Mutant(case.draft, case.facts))
        for mutation in mutations:
            random = Random(f"{seed} {case.id} {mutation.name}")
            mutants = list(mutation.plant(reading, random))
            for mutant in random.sample(mutants, min(MOST_PER_DRAFT, len(mutants))):
                killed = _new_checks(before, _findings(case, mutant)) & set(mutation.expected)
                for count in (counts[mutation.name], *(checks[check] for check in killed or mutation.expected[:1])):
                    count[0] += bool(killed)
                    count[1] += 1
                if not killed:
                    survivors.append(Survivor(mutation.name, case.id, _changed_line(case.draft, mutant.draft)))
    return KillReport(
        len(cases),
        tuple(Kills(name, *count) for name, count in counts.items()),
        tuple(Kills(name, *count) for name, count in checks.items()),
        tuple(survivors),
    )


def _findings(case: CleanDraft, mutant: Mutant) -> tuple[Finding, ...]:
    return run_checks(mutant.draft, mutant.facts, case.evidence, case.locale).findings


def _new_checks(before: Sequence[Finding], after: Sequence[Finding]) -> set[str]:
    known = {(finding.check, finding.quote, finding.fact) for finding in before}
    return {finding.check for finding in after if (finding.check, finding.quote, finding.fact) not in known}


def _changed_line(clean: str, mutant: str) -> str:
    known = set(clean.splitlines())
    return next((line for line in mutant.splitlines() if line not in known), "(something is left out)")


def load_floors(path: Path = FLOORS) -> Mapping[str, float]:
    """The kill rate that each mutation must keep, by its name."""
    floors: Mapping[str, float] = tomllib.loads(path.read_text(encoding="utf-8"))["floors"]
    return floors


def below_floor(report: KillReport, floors: Mapping[str, float]) -> list[str]:
    """One sentence for each mutation whose kill rate fell below its floor, or that could be planted nowhere."""
    problems = []
    for kills in report.by_mutation:
        floor = floors.get(kills.name, 0.0)
        if kills.rate is None:
            problems.append(f"{kills.name}: planted nowhere, so nothing is known")
        elif kills.rate.estimate < floor:
            problems.append(f"{kills.name}: {kills.rate.estimate:.2f} killed, the floor is {floor:.2f}")
    return problems


def as_json(report: KillReport) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "drafts": report.drafts,
        "total": _row(report.total),
        "by_mutation": [_row(kills) for kills in report.by_mutation],
        "by_check": [_row(kills) for kills in report.by_check],
        "survivors": [{"mutation": s.mutation, "draft": s.draft, "line": s.line} for s in report.survivors],
    }


def _row(kills: Kills) -> dict[str, Any]:
    return {
        "name": kills.name,
        "killed": kills.killed,
        "planted": kills.planted,
        "rate": kills.rate._asdict() if kills.rate is not None else None,
    }


def render(report: KillReport, *, survivors: bool = False) -> str:
    """The report for people: killed of planted by mutation and by check."""
    total = report.total
    lines = [f"{total.killed} of {total.planted} planted defects noticed, in {report.drafts} clean drafts.", ""]
    for title, rows in (("planted", report.by_mutation), ("check", report.by_check)):
        lines.append(f"{title:<28}{'killed':>8}{'of':>6}   rate")
        lines += [_line(kills) for kills in rows if kills.planted]
        lines.append("")
    if survivors:
        lines += [f"survived: {s.mutation}, {s.draft}: {s.line}" for s in report.survivors]
    return "\n".join(lines).rstrip()


def _line(kills: Kills) -> str:
    rate = kills.rate
    shown = "–" if rate is None else f"{rate.estimate:.2f} ({rate.low:.2f}–{rate.high:.2f})"
    return f"{kills.name:<28}{kills.killed:>8}{kills.planted:>6}   {shown}"
