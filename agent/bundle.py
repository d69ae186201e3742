"""A bundle: one version of a draft with everything it takes to check it elsewhere, years later, without this store.

It holds the draft, its printed text, every fact with formula and record ids, the findings, and the draft's history as
a chain of hashes. `verify_bundle` recomputes every fact and says which still hold, which moved, and whether the text
is the one that was saved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from agent.draft import Draft
from agent.markdown import to_markdown
from agent.printing import Printer
from agent.store.store import Version, draft_json, next_link
from prompts.loader import PromptSet
from tools.errors import InputError, NotFound
from tools.facts import Fact, FactSheet, content_hash
from tools.metrics.catalogue import METRICS
from tools.metrics.explanation import find_fact

FORM = 1
# What of a fact a draft states, and what must therefore still be so.
_STATED = ("value", "target", "prior", "year_ago", "team")
# Floats that a database sums in another order agree to this share.
_SAME = 1e-9


@dataclass(frozen=True)
class Moved:
    """A fact that is not what it was: which of its values, from what to what; None where there is none."""

    fact: str
    label: str
    part: str
    was: float | None
    now: float | None


@dataclass(frozen=True)
class Verdict:
    """What verifying came to. `altered` says what of the bundle is not as it was saved; empty when all of it is."""

    held: tuple[str, ...]
    moved: tuple[Moved, ...]
    gone: tuple[str, ...]
    altered: tuple[str, ...]

    @property
    def good(self) -> bool:
        return not (self.moved or self.gone or self.altered)


def make_bundle(
    draft_id: str, history: Sequence[Version], number: int, made_at: datetime, software: str
) -> dict[str, Any]:
    """The bundle of version `number`; `history` holds all versions of the draft, oldest first."""
    version = next(version for version in history if version.number == number)
    draft = version.draft
    body = {
        "bundle": FORM,
        "made_at": made_at.isoformat(),
        "software": software,
        "draft_id": draft_id,
        "version": number,
        "draft": draft_json(draft),
        "markdown": to_markdown(draft),
        "facts": [_fact_entry(fact) for fact in draft.sheet.facts],
        "findings": [finding.model_dump(mode="json") for finding in draft.findings],
        "history": [each.as_history() for each in history if each.number <= number],
    }
    return {**body, "sha256": content_hash(body)}


def read_bundle(value: Any) -> dict[str, Any]:
    """The bundle, if `value` is one. Raises `InputError`."""
    needed = {"bundle", "draft", "markdown", "facts", "history", "version", "sha256"}
    if not isinstance(value, dict) or needed - set(value):
        raise InputError("This file is no bundle; `salesbrief bundle` makes one.")
    if value["bundle"] != FORM:
        raise InputError(f"This bundle has form {value['bundle']}, but this salesbrief reads form {FORM}.")
    return value


def verify_bundle(bundle: Mapping[str, Any], sheet: FactSheet, prompts: PromptSet) -> Verdict:
    """Hold a bundle against the facts as they are computed now (`sheet`, same person, period and day)."""
    altered = list(alterations(bundle, prompts))
    if any("cannot be read" in each for each in altered):
        return Verdict((), (), (), tuple(altered))
    was = {fact.id: fact for fact in FactSheet.model_validate(bundle["draft"]["sheet"]).facts}
    now = {fact.id: fact for fact in sheet.facts}
    moved = tuple(each for fact_id, fact in was.items() if fact_id in now for each in _moved(fact, now[fact_id]))
    gone = tuple(fact_id for fact_id in was if fact_id not in now)
    changed = {each.fact for each in moved}
    held = tuple(fact_id for fact_id in was if fact_id in now and fact_id not in changed)
    return Verdict(held, moved, gone, tuple(altered))


def alterations(bundle: Mapping[str, Any], prompts: PromptSet) -> list[str]:
    """What of the bundle is not as it was saved, by its hashes and by printing the text anew from its tokens."""
    found = []
    body = {key: value for key, value in bundle.items() if key != "sha256"}
    if content_hash(body) != bundle["sha256"]:
        found.append("the bundle is not the one that was written: its hash differs")
    found += _chain(bundle)
    try:
        draft = Draft.model_validate(bundle["draft"])
    except ValidationError:
        return [*found, "the draft in it cannot be read"]
    if to_markdown(draft) != bundle["markdown"]:
        found.append("the printed text is not that of the draft")
    printer = Printer(draft.sheet, prompts.language(draft.locale), draft.locale)
    for section in draft.all_sections:
        if printer.section(section) != section:
            found.append(f"the text of “{section.title}” is not what its tokens print")
    if [_fact_entry(fact) for fact in draft.sheet.facts] != bundle["facts"]:
        found.append("the facts listed are not those of the draft")
    return found


def _chain(bundle: Mapping[str, Any]) -> list[str]:
    """Whether each history entry follows from the one before, and the last one holds this draft."""
    link = None
    for entry in bundle["history"]:
        if not isinstance(entry, dict) or next_link(link, entry) != entry.get("link"):
            return ["the history was altered"]
        link = entry["link"]
    last = bundle["history"][-1] if bundle["history"] else {}
    if last.get("number") != bundle["version"] or last.get("content_sha256") != content_hash(bundle["draft"]):
        return ["the draft is not the one that its history ends with"]
    return []


def _fact_entry(fact: Fact) -> dict[str, Any]:
    """A fact with what it was computed from."""
    return {
        "id": fact.id,
        "label": fact.label,
        "unit": fact.unit,
        **{name: getattr(fact, name) for name in _STATED},
        "definition": fact.definition,
        "formula": _formula(fact),
        "record_table": fact.record_table,
        "records": list(fact.records),
    }


def _formula(fact: Fact) -> str | None:
    """The formula over its measures; None for a metric of the organisation's own, which its definition tells."""
    try:
        return find_fact(fact.id, METRICS).metric.formula
    except NotFound:
        return None


def _moved(was: Fact, now: Fact) -> list[Moved]:
    return [
        Moved(was.id, was.label, part, getattr(was, part), getattr(now, part))
        for part in _STATED
        if not _same(getattr(was, part), getattr(now, part))
    ]


def _same(was: float | None, now: float | None) -> bool:
    if was is None or now is None:
        return was is now
    return abs(was - now) <= _SAME * max(1.0, abs(was), abs(now))
