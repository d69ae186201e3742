"""Labelled drafts: JSON lines, one draft with its facts, its evidence and what people found wrong with it.

The format is the rubric's: id, locale, role, period, facts, evidence, draft, defects. Reading is strict, because a
label that points nowhere would silently count as a miss of the check that it names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.reading.facts import EvidenceView, FactView, evidence_views, fact_views
from tools.errors import InputError, did_you_mean

# The labelled drafts that ship, a file for each writer; no writer built the checks.
LABELLED_FOLDER = Path(__file__).parent / "labelled"
LINE_KEYS = ("id", "locale", "role", "period", "facts", "evidence", "draft", "defects")
LABEL_KEYS = ("check", "quote", "fact")


@dataclass(frozen=True, slots=True)
class Label:
    """One mistake that a person marked. A span label quotes the draft; a whole-draft one has the quote ""."""

    check: str
    quote: str
    fact: str | None


@dataclass(frozen=True, slots=True)
class LabelledDraft:
    """A draft with what it was written from and the labels people gave it. No labels: a clean draft."""

    id: str
    locale: str
    role: str
    period: str
    facts: tuple[FactView, ...]
    evidence: tuple[EvidenceView, ...]
    draft: str
    labels: tuple[Label, ...]


def load_corpus(path: Path, checks: tuple[str, ...]) -> tuple[LabelledDraft, ...]:
    """Every labelled draft of the file, in its order; `checks` are the ids that a label may name.

    InputError names the line, what was seen there and what is allowed. Blank lines are passed over.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    drafts: list[LabelledDraft] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        draft = _draft(line, f"{path}, line {number}", checks)
        if draft.id in seen:
            raise InputError(f'{path}, line {number}: the id "{draft.id}" already stands on line {seen[draft.id]}.')
        seen[draft.id] = number
        drafts.append(draft)
    if not drafts:
        raise InputError(f"{path} holds no labelled drafts: one JSON object a line is expected.")
    return tuple(drafts)


def shipped_corpora() -> tuple[Path, ...]:
    """The files of labelled drafts that ship, in the order of their names."""
    return tuple(sorted(LABELLED_FOLDER.glob("*.jsonl")))


def _draft(line: str, where: str, checks: tuple[str, ...]) -> LabelledDraft:
    fields = _object(line, where)
    _require(fields, LINE_KEYS, where)
    for key in ("id", "locale", "role", "period", "draft"):
        if not isinstance(fields[key], str) or not fields[key].strip():
            raise InputError(f'{where}: "{key}" should be text; seen: {fields[key]!r}.')
    for key in ("facts", "evidence", "defects"):
        if not isinstance(fields[key], list) or not all(isinstance(entry, Mapping) for entry in fields[key]):
            raise InputError(f'{where}: "{key}" should be a list of objects.')
    try:
        facts, evidence = fact_views(fields["facts"]), evidence_views(fields["evidence"])
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    fact_ids = [fact.id for fact in facts]
    labels = tuple(_label(entry, fields["draft"], fact_ids, where, checks) for entry in fields["defects"])
    texts = (fields[key] for key in ("id", "locale", "role", "period"))
    return LabelledDraft(*texts, facts=facts, evidence=evidence, draft=fields["draft"], labels=labels)


def _label(entry: Mapping[str, Any], draft: str, fact_ids: list[str], where: str, checks: tuple[str, ...]) -> Label:
    _require(entry, LABEL_KEYS, f"{where}, a defect")
    check, quote, fact = (entry[key] for key in LABEL_KEYS)
    if check not in checks:
        raise InputError(f'{where}: there is no check "{check}". {did_you_mean(str(check), list(checks))}')
    if not isinstance(quote, str):
        raise InputError(f'{where}: the quote of a {check} label should be text, "" for the whole draft.')
    if quote and draft.count(quote) != 1:
        found = "does not stand in" if quote not in draft else "stands more than once in"
        raise InputError(f'{where}: the quote "{quote}" {found} the draft; copy enough of it to be unique.')
    if fact is not None and fact not in fact_ids:
        raise InputError(f'{where}: the label names a fact "{fact}" that is not there. {did_you_mean(fact, fact_ids)}')
    return Label(check, quote, fact)


def _object(line: str, where: str) -> Mapping[str, Any]:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: this is not JSON ({error.msg}, column {error.colno}).") from error
    if not isinstance(fields, dict):
        raise InputError(f"{where}: one JSON object a line is expected.")
    return fields


def _require(fields: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    missing = [key for key in keys if key not in fields]
    if missing:
        raise InputError(f"{where}: {', '.join(missing)} missing; seen: {', '.join(fields)}.")
    unknown = [key for key in fields if key not in keys]
    if unknown:
        raise InputError(f'{where}: unknown field "{unknown[0]}". {did_you_mean(unknown[0], list(keys))}')
