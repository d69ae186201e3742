"""How well the checks agree with people's labels: precision, recall, F1, false alarms on clean drafts, speed.

A span finding matches a label of the same check when their words overlap or stand in the same sentence; a whole-draft
one by check, and by fact where the label names one. Precision counts findings that match some label, recall labels that
some finding matches. The checks learn nothing, so "leave one writer out" is each writer's drafts on their own beside
all the others': a rule that fits one writer only shows as a gap.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from evals.checks import CHECKS, Result, run_checks
from evals.corpus import Label, LabelledDraft
from evals.finding import Finding
from evals.reading.document import Document, read_document
from evals.reading.language import load_language
from evals.statistics import Interval, wilson
from tools.errors import InputError

ALL = "all"
_RANGE = re.compile(r"\s*(\d+)\s*-\s*(\d+)\s*")  # "21-40"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts for one check (or all) in one language or group. `findings` are those that match plus false alarms."""

    check: str
    group: str
    matched_findings: int
    findings: int
    matched_labels: int
    labels: int

    @property
    def precision(self) -> Interval | None:
        """The share of findings that match a label; None without findings."""
        return wilson(self.matched_findings, self.findings)

    @property
    def recall(self) -> Interval | None:
        """The share of labels that a finding matches; None without labels."""
        return wilson(self.matched_labels, self.labels)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall. None where there is nothing to find and nothing was found."""
        if self.findings == 0 and self.labels == 0:
            return None
        if self.matched_findings == 0 or self.matched_labels == 0:
            return 0.0
        precision, recall = self.matched_findings / self.findings, self.matched_labels / self.labels
        return 2 * precision * recall / (precision + recall)


@dataclass(frozen=True, slots=True)
class Slip:
    """A miss (a label without a finding) or a false alarm (a finding without a label), in its sentence."""

    kind: str
    draft: str
    language: str
    check: str
    fact: str | None
    quote: str
    sentence: str
    message: str


@dataclass(frozen=True, slots=True)
class Scores:
    """What `score` found. `tallies` hold every check with labels or findings, by language and over all of them."""

    drafts: int
    clean: int
    clean_without_finding: int
    per_second: float
    tallies: tuple[Tally, ...]
    splits: tuple[Tally, ...]
    slips: tuple[Slip, ...]
    errors: tuple[str, ...]

    def tally(self, check: str = ALL, group: str = ALL) -> Tally:
        """The counts of one check, or of all, in one language, or in all."""
        return next(tally for tally in self.tallies if (tally.check, tally.group) == (check, group))


@dataclass(frozen=True, slots=True)
class _Checked:
    """One draft with its findings and which of them match which label."""

    draft: LabelledDraft
    result: Result
    document: Document
    matched_findings: tuple[bool, ...]
    matched_labels: tuple[bool, ...]


def score(
    corpus: Sequence[LabelledDraft],
    checks: Sequence[ModuleType] = CHECKS,
    split: str | None = None,
    writers: Mapping[str, str] | None = None,
) -> Scores:
    """Run `checks` on labelled drafts and hold the findings against the labels.

    `writers` names the writer of each draft by the draft's id; `split` groups drafts by the number that ends their id,
    "1-20,21-40", instead. InputError where it cannot be read.
    """
    ranges = _ranges(split)
    groups = {draft.id: _group(draft.id, ranges) for draft in corpus} if ranges else writers
    ids = [check.ID for check in checks]
    for code in {draft.locale for draft in corpus}:
        load_language(code)
    started = time.perf_counter()
    results = [run_checks(draft.draft, draft.facts, draft.evidence, draft.locale, checks) for draft in corpus]
    seconds = time.perf_counter() - started
    checked = [_match(draft, result, ids) for draft, result in zip(corpus, results, strict=True)]
    clean = [entry for entry in checked if not entry.draft.labels]
    return Scores(
        drafts=len(checked),
        clean=len(clean),
        clean_without_finding=sum(not entry.result.findings for entry in clean),
        per_second=len(checked) / seconds,
        tallies=tuple(_tallies(checked, ids, lambda entry: entry.draft.locale)),
        splits=tuple(_tallies(checked, ids, lambda entry: groups[entry.draft.id])) if groups else (),
        slips=tuple(slip for entry in checked for slip in _slips(entry, ids)),
        errors=tuple(
            f"{entry.draft.id}: {error['check']} crashed: {error['error']}"
            for entry in checked
            for error in entry.result.errors
        ),
    )


def _match(draft: LabelledDraft, result: Result, ids: Sequence[str]) -> _Checked:
    document = read_document(draft.draft, load_language(draft.locale))
    pairs = [[_matches(finding, label, document) for label in draft.labels] for finding in result.findings]
    return _Checked(
        draft,
        result,
        document,
        tuple(any(row) for row in pairs),
        tuple(any(row[place] for row in pairs) for place in range(len(draft.labels))),
    )


def _matches(finding: Finding, label: Label, document: Document) -> bool:
    if finding.check != label.check or (finding.quote == "") != (label.quote == ""):
        return False
    if finding.start is None or finding.end is None:
        return label.fact is None or finding.fact == label.fact
    start = document.text.index(label.quote)
    if finding.start < start + len(label.quote) and start < finding.end:
        return True
    return document.sentence_at(finding.start) is document.sentence_at(start) is not None


def _tallies(checked: Sequence[_Checked], ids: Sequence[str], group_of: Callable[[_Checked], str]) -> Iterable[Tally]:
    found = list(dict.fromkeys(group_of(entry) for entry in checked))
    # One group alone is all of them.
    groups = [ALL, *found] if len(found) > 1 else [ALL]
    for check in (ALL, *ids):
        for group in groups:
            chosen = [entry for entry in checked if group in (ALL, group_of(entry))]
            yield _tally(check, group, chosen, ids)


def _tally(check: str, group: str, entries: Sequence[_Checked], ids: Sequence[str]) -> Tally:
    wanted = set(ids) if check == ALL else {check}
    findings = [
        matched
        for entry in entries
        for finding, matched in zip(entry.result.findings, entry.matched_findings, strict=True)
        if finding.check in wanted
    ]
    labels = [
        matched
        for entry in entries
        for label, matched in zip(entry.draft.labels, entry.matched_labels, strict=True)
        if label.check in wanted
    ]
    return Tally(check, group, sum(findings), len(findings), sum(labels), len(labels))


def _slips(entry: _Checked, ids: Sequence[str]) -> Iterable[Slip]:
    draft = entry.draft
    for label, matched in zip(draft.labels, entry.matched_labels, strict=True):
        if not matched and label.check in ids:
            place = draft.draft.index(label.quote) if label.quote else None
            sentence = _sentence(entry.document, place)
            yield Slip("miss", draft.id, draft.locale, label.check, label.fact, label.quote, sentence, "")
    for finding, matched in zip(entry.result.findings, entry.matched_findings, strict=True):
        if not matched:
            sentence = _sentence(entry.document, finding.start)
            yield Slip(
                "false alarm",
                draft.id,
                draft.locale,
                finding.check,
                finding.fact,
                finding.quote,
                sentence,
                finding.message,
            )


def _sentence(document: Document, place: int | None) -> str:
    sentence = None if place is None else document.sentence_at(place)
    return "" if sentence is None else " ".join(sentence.text.split())


def _ranges(split: str | None) -> list[tuple[int, int]]:
    if split is None:
        return []
    matches = [_RANGE.fullmatch(part) for part in split.split(",")]
    if any(match is None for match in matches):
        raise InputError(f'"{split}" is no split of draft numbers; write it like 1-20,21-40.')
    return [(int(match[1]), int(match[2])) for match in matches if match is not None]


def _group(draft_id: str, ranges: Sequence[tuple[int, int]]) -> str:
    """The range that the number at the id's end falls into; "others" where it falls into none."""
    number = re.search(r"(\d+)\D*$", draft_id)
    for first, last in ranges:
        if number is not None and first <= int(number[1]) <= last:
            return f"{first}-{last}"
    return "others"


def as_json(scores: Scores) -> dict[str, Any]:
    """The scores as plain data; rates that are unknown are null, never 0."""
    return {
        "drafts": scores.drafts,
        "clean": scores.clean,
        "clean_without_finding": scores.clean_without_finding,
        "drafts_per_second": round(scores.per_second, 1),
        "scores": [_row(tally) for tally in scores.tallies],
        "splits": [_row(tally) for tally in scores.splits],
        "slips": [{name: getattr(slip, name) for name in Slip.__slots__} for slip in scores.slips],
        "errors": list(scores.errors),
    }


def _row(tally: Tally) -> dict[str, Any]:
    return {
        "check": tally.check,
        "group": tally.group,
        "findings": tally.findings,
        "labels": tally.labels,
        "precision": tally.precision._asdict() if tally.precision is not None else None,
        "recall": tally.recall._asdict() if tally.recall is not None else None,
        "f1": tally.f1,
    }


def render(scores: Scores, show: str | None = None) -> str:
    """The scores as a table for people; with `show`, each miss and false alarm of that check in its sentence."""
    lines = [
        f"{scores.drafts} drafts, {scores.per_second:.0f} a second. "
        f"Clean drafts without a finding: {scores.clean_without_finding} of {scores.clean}.",
        "",
        f"{'check':<26}{'in':<13}{'labels':>7}{'found':>7}  {'precision':<18}{'recall':<18}{'F1':>5}",
    ]
    lines += [_line(tally) for tally in scores.tallies if tally.labels or tally.findings]
    if scores.splits:
        lines += ["", "Each writer's drafts on their own:"]
        lines += [_line(tally) for tally in scores.splits if tally.group != ALL and (tally.labels or tally.findings)]
    if show is not None:
        lines += ["", *_shown(scores, show)]
    lines += [f"Crashed: {error}" for error in scores.errors]
    return "\n".join(lines)


def _line(tally: Tally) -> str:
    f1 = "–" if tally.f1 is None else f"{tally.f1:.2f}"
    return (
        f"{tally.check:<26}{tally.group:<13}{tally.labels:>7}{tally.findings:>7}"
        f"  {_interval(tally.precision):<18}{_interval(tally.recall):<18}{f1:>5}"
    )


def _interval(rate: Interval | None) -> str:
    return "–" if rate is None else f"{rate.estimate:.2f} ({rate.low:.2f}–{rate.high:.2f})"


def _shown(scores: Scores, check: str) -> list[str]:
    slips = [slip for slip in scores.slips if slip.check == check]
    if not slips:
        return [f"{check}: no misses and no false alarms."]
    lines = []
    for slip in slips:
        about = f" ({slip.fact})" if slip.fact else ""
        lines.append(f"{slip.kind}, {slip.draft}{about}: {slip.sentence or 'the whole draft'}")
        lines += [f"    {slip.message}"] if slip.message else []
    return lines
