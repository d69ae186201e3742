"""A bundle: one version of a draft with everything it takes to check it elsewhere, years later, without this store.

It holds the draft, its printed text, every fact with formula and record ids, the findings, and the draft's history as
a chain of hashes. `verify_bundle` recomputes every fact and says which still hold, which moved, whether the text is the
one that was saved (by its hashes), and, apart from that, whether its tokens print the same today.

Nobody signs the chain: it shows every slip and every change, but not a forger who works out all of its hashes anew.
What shows that too are the facts, which are recomputed, and the store of the workspace, where it still holds the draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from agent.draft import Draft
from agent.markdown import to_markdown
from agent.marking import MARK, taken_out_told, typed_by_hand
from agent.printing import Printer
from agent.store.store import Version, draft_json, next_link
from prompts.loader import PromptSet
from tools.errors import InputError, NotFound
from tools.facts import Fact, FactSheet, content_hash
from tools.metrics.catalogue import METRICS
from tools.metrics.explanation import find_fact

FORM = 2
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
    """What verifying came to.

    `altered` says what of the bundle is not as it was saved. `reprinted` names what this salesbrief prints otherwise
    from the same tokens: an alteration where the bundle was made by `same_software`, else perhaps another printer.
    `stored` says whether the store at hand holds that very version; None where it does not know the draft. `typed` are
    the claims that a person typed by hand, which no fact bears out, `taken_out` the key shortfalls taken out by hand.
    """

    held: tuple[str, ...]
    moved: tuple[Moved, ...]
    gone: tuple[str, ...]
    altered: tuple[str, ...]
    reprinted: tuple[str, ...] = ()
    same_software: bool = True
    stored: bool | None = None
    typed: tuple[str, ...] = ()
    taken_out: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        unexplained = self.reprinted and self.same_software
        return not (self.moved or self.gone or self.altered or unexplained or self.stored is False)


def make_bundle(
    draft_id: str, history: Sequence[Version], number: int, made_at: datetime, software: str
) -> dict[str, Any]:
    """The bundle of version `number`; `history` holds all versions of the draft, oldest first."""
    version = next(version for version in history if version.number == number)
    draft = version.draft
    text = to_markdown(draft)
    body = {
        "bundle": FORM,
        "made_at": made_at.isoformat(),
        "software": software,
        "draft_id": draft_id,
        "version": number,
        "draft": draft_json(draft),
        "markdown": text,
        "text_sha256": content_hash(text),
        "facts": [_fact_entry(fact) for fact in draft.sheet.facts],
        "findings": [finding.model_dump(mode="json") for finding in draft.findings],
        "history": [each.as_history() for each in history if each.number <= number],
    }
    return {**body, "sha256": content_hash(body)}


def read_bundle(value: Any) -> dict[str, Any]:
    """The bundle, if `value` is one. Raises `InputError`."""
    needed = {
        "bundle",
        "software",
        "draft_id",
        "draft",
        "markdown",
        "text_sha256",
        "facts",
        "history",
        "version",
        "sha256",
    }
    if not isinstance(value, dict) or "bundle" not in value:
        raise InputError("This file is no bundle; `salesbrief bundle` makes one.")
    if value["bundle"] != FORM:
        raise InputError(f"This bundle has form {value['bundle']}, but this salesbrief reads form {FORM}.")
    if missing := needed - set(value):
        raise InputError(f"This bundle lacks {', '.join(sorted(missing))}; ask for it once more.")
    return value


def verify_bundle(
    bundle: Mapping[str, Any], sheet: FactSheet, prompts: PromptSet, software: str, stored: Version | None = None
) -> Verdict:
    """Hold a bundle against the facts as they are computed now (`sheet`, same person, period and day).

    `stored` is the version that the store at hand keeps under the bundle's draft and number.
    """
    altered = alterations(bundle)
    if any("cannot be read" in each for each in altered):
        return Verdict((), (), (), tuple(altered))
    was = {fact.id: fact for fact in FactSheet.model_validate(bundle["draft"]["sheet"]).facts}
    now = {fact.id: fact for fact in sheet.facts}
    moved = tuple(each for fact_id, fact in was.items() if fact_id in now for each in _moved(fact, now[fact_id]))
    gone = tuple(fact_id for fact_id in was if fact_id not in now)
    changed = {each.fact for each in moved}
    held = tuple(fact_id for fact_id in was if fact_id in now and fact_id not in changed)
    return Verdict(
        held,
        moved,
        gone,
        tuple(altered),
        tuple(reprinted_otherwise(bundle, prompts)),
        bundle["software"] == software,
        None if stored is None else stored.content_sha256 == content_hash(bundle["draft"]),
        *by_hand(Draft.model_validate(bundle["draft"]), prompts),
    )


def by_hand(draft: Draft, prompts: PromptSet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The claims typed by hand, and the key shortfalls taken out by hand, as words."""
    language = prompts.language(draft.locale)
    printer = Printer(draft.sheet, language, draft.locale)
    return tuple(claim.text for _, claim in typed_by_hand(draft)), tuple(taken_out_told(draft, printer, language))


def alterations(bundle: Mapping[str, Any]) -> list[str]:
    """What of the bundle is not as it was saved, by its hashes; nothing is printed for it."""
    found = []
    body = {key: value for key, value in bundle.items() if key != "sha256"}
    if content_hash(body) != bundle["sha256"]:
        found.append("the bundle is not the one that was written: its hash differs")
    found += _chain(bundle)
    if content_hash(bundle["markdown"]) != bundle["text_sha256"]:
        found.append("the printed text is not the one that was bundled: its hash differs")
    try:
        draft = Draft.model_validate(bundle["draft"])
    except ValidationError:
        return [*found, "the draft in it cannot be read"]
    missing = _not_in(draft, bundle["markdown"])
    if missing is not None:
        found.append(f"the printed text does not hold what was saved of “{missing}”")
    if [_fact_entry(fact) for fact in draft.sheet.facts] != bundle["facts"]:
        found.append("the facts listed are not those of the draft")
    return found


def reprinted_otherwise(bundle: Mapping[str, Any], prompts: PromptSet) -> list[str]:
    """What this salesbrief prints otherwise from the bundle's tokens: titles of sections, or the page around them."""
    draft = Draft.model_validate(bundle["draft"])
    found = []
    for section in draft.all_sections:
        code = draft.locale_of(section)
        if Printer(draft.sheet, prompts.language(code), code).section(section) != section:
            found.append(section.title)
    # A bundle made before claims were marked holds the same text without the signs.
    if not found and bundle["markdown"] not in (to_markdown(draft), to_markdown(draft, marked=False)):
        found.append("the page around the sections")
    return found


def _not_in(draft: Draft, text: str) -> str | None:
    """The title of the first section whose saved sentences do not stand in the text, one after the other."""
    position, text = 0, text.replace(MARK, "")
    for section in draft.all_sections:
        for block in section.blocks:
            for statement in block.statements:
                said = statement.text.replace(MARK, "")
                found = text.find(said, position)
                if found < 0:
                    return section.title
                position = found + len(said)
    return None


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
