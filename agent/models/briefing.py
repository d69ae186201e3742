"""What a model is shown: the house rules, one record for all sections, and each section's own plan.

The system message and the record are byte-identical for every section of a run and come first, so that a provider's
prompt cache serves all sections but the first. Everything that people typed stands in the record as JSON strings with
`<` and `>` escaped: no note can close the record, or pass for an instruction of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from agent.comparing import comparator
from agent.draft import Against, Comparison, FactToken, Name, NameKind, Part, Target
from agent.plan import Plan, SectionPlan, shown_against
from agent.printing import Printer
from agent.tokens import WRITABLE_NAMES, write_tokens
from prompts.loader import PromptSet
from tools.facts import Evidence, Fact

Notes = Mapping[str, Evidence]

# Of one note: an email thread pasted into the CRM may not crowd out the facts.
_MOST_LETTERS = 1_200
# What stands between the tags of our own prompts: <record>…</record>, <plan>…</plan>.
_RECORD = re.compile(r"<record>\n(.*?)\n</record>", re.S)
_PLAN = re.compile(r"<plan>\n(.*?)\n</plan>", re.S)


def short_notes(plan: Plan) -> dict[str, Evidence]:
    """The plan's notes under short ids, n1, n2 …: ids of exports may hold anything."""
    notes = {note.id: note for section in _told(plan) for note in section.evidence}
    return {f"n{number}": note for number, note in enumerate(notes.values(), start=1)}


def record_text(plan: Plan, notes: Notes, printer: Printer) -> str:
    """The record: who and when, every fact that some section may cite, every note that some section may use."""
    sheet, scope = plan.sheet, plan.sheet.scope
    facts = {fact.id: fact for section in _told(plan) for fact in section.facts}
    about = {
        "person": sheet.person,
        "role": plan.role.title,
        "period": _printed(printer, "period"),
        "prior_period": _printed(printer, "prior_period") if sheet.prior_period is not None else None,
        "still_running": sheet.to_date or None,
        "organisation": sheet.organisation,
        "team": scope.team,
        "segment": scope.segment,
        "territory": scope.territory,
        "manager": scope.manager,
        "amounts_are": sheet.amount_basis,
        "changes_in_scope": list(scope.changes) or None,
    }
    lines = [
        f'{{"about": {safe_json(_present(about))},',
        f'"names": {safe_json(_names(plan, printer))},',
        f'"facts": {_list(fact_row(fact, notes, printer) for fact in facts.values())},',
        f'"not_on_record": {_list(_absent(plan))},',
        f'"notes": {_list(note_row(short, note) for short, note in notes.items())}}}',
    ]
    return "\n".join(["<record>", *lines, "</record>"])


def plan_text(section: SectionPlan, plan: Plan, notes: Notes) -> str:
    """The section's plan as JSON: what must be stated and how shortfalls open, what may be used, how long."""
    own = {note.id for note in section.evidence}
    told: dict[str, Any] = {"section": section.id, "title": section.settings.title}
    if section.settings.words is not None:
        told["words"] = {"least": section.settings.words[0], "most": section.settings.words[1]}
    if section.id == "headline":
        told |= {
            role: fact.id if fact is not None else None
            for role, fact in (("lead", plan.lead), ("best", plan.best), ("weakest", plan.weakest))
        }
        told["no_target"] = plan.no_target
    told["must_state"] = [_demand(fact, section) for fact in section.must]
    told["may_state"] = [fact.id for fact in section.may]
    told["shortfalls"] = [fact.id for fact in section.facts if fact in plan.shortfalls]
    told["notes"] = [short for short, note in notes.items() if note.id in own]
    return safe_json(told, indent=1)


def messages(section: SectionPlan, plan: Plan, prompts: PromptSet, record: str, notes: Notes) -> list[tuple[str, str]]:
    """The request for one section, as (role, text) pairs."""
    house = prompts.prompt("house").fill({})
    task = prompts.prompt(f"sections/{section.id}").fill({"plan": plan_text(section, plan, notes)})
    return [("system", house), ("user", f"{record}\n\n{task}")]


def repair_text(reasons: Sequence[str]) -> str:
    """What is said when an answer was refused."""
    listed = "\n".join(f"- {reason}" for reason in reasons)
    return (
        f"That answer cannot be used:\n{listed}\n\nWrite the section again, whole, with these mended, as the same JSON."
    )


def read_request(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record and the plan inside a request: what a stand-in for a model answers from. {} for what it has not."""
    record, plan = _RECORD.search(text), _PLAN.search(text)
    return json.loads(record[1]) if record else {}, json.loads(plan[1]) if plan else {}


def _told(plan: Plan) -> list[SectionPlan]:
    """The sections that are written as prose."""
    prose = [section for section in plan.sections if section.left_out is None and section.settings.kind != "facts"]
    return [plan.headline, *prose]


def _demand(fact: Fact, section: SectionPlan) -> dict[str, Any]:
    if fact not in section.shortfalls:
        return {"fact": fact.id}
    against = shown_against(fact)
    assert against is not None, "a shortfall is measured against its target or its prior"
    return {"fact": fact.id, "open_with": write_tokens([_compared(fact, against)])}


def fact_row(fact: Fact, notes: Notes, printer: Printer) -> dict[str, Any]:
    """A fact as a model is told of it: every token that it offers, with the words that each prints."""
    changed = fact.prior_definition is not None and fact.prior_definition != fact.definition
    explaining = [short for short, note in notes.items() if note.metric in (fact.id, fact.metric_id)]
    return _present(
        {
            "id": fact.id,
            "label": fact.label,
            "better": fact.better,
            "weak": fact.weak,
            "key": fact.key or None,
            "tokens": _tokens(fact, printer),
            "explained_by": explaining or None,
            "why": fact.why,
            "caveat": fact.caveat,
            "definition": fact.definition,
            "definition_changed": f"before: {fact.prior_definition}" if changed else None,
            "target_adjusted": fact.target_note,
            "as_of": fact.as_of.isoformat() if fact.as_of is not None else None,
            "good_to_know": list(fact.notes) or None,
        }
    )


def _tokens(fact: Fact, printer: Printer) -> dict[str, str]:
    """Every token that the fact offers, with the words that it will print."""
    known = [against for against in get_args(Against) if comparator(fact, against) is not None]
    parts: list[Part] = [FactToken(fact=fact.id), *(_compared(fact, against) for against in known)]
    if "target" in known:
        parts.append(Target(fact=fact.id))
    if "target" in known and "prior" in known:
        parts.append(Comparison(fact=fact.id, against="target", beside=("prior",)))
    if fact.prior is not None and fact.prior != fact.value:
        parts.append(Comparison(fact=fact.id, against="prior", form="bare"))
    return {write_tokens([part]): printer.part(part) for part in parts}


def _compared(fact: Fact, against: Against) -> Comparison:
    """The comparison that stands well behind "came in at": the figure first, then what it is held against."""
    return Comparison(fact=fact.id, against=against, form="stated" if against in ("prior", "year_ago") else "full")


def note_row(short: str, note: Evidence) -> dict[str, Any]:
    """A note as a model is told of it, under its short id."""
    return _present(
        {
            "id": short,
            "date": note.date.isoformat(),
            "kind": note.kind,
            "explains": note.metric,
            "self_reported": note.self_reported or None,
            "text": note.text[:_MOST_LETTERS],
            "goes_on": len(note.text) > _MOST_LETTERS or None,
        }
    )


def _names(plan: Plan, printer: Printer) -> dict[str, str]:
    """The name tokens that print something here."""
    kinds = [kind for kind in get_args(NameKind) if kind in WRITABLE_NAMES]
    printed = {f"{{name {kind}}}": _printed(printer, kind) for kind in kinds}
    return {token: text for token, text in printed.items() if text}


def _absent(plan: Plan) -> Iterable[dict[str, str]]:
    absent = {each.id: each for section in _told(plan) for each in section.absent}
    return ({"id": each.id, "reason": each.reason} for each in absent.values())


def _printed(printer: Printer, kind: NameKind) -> str:
    return printer.part(Name(name=kind))


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _list(rows: Iterable[Mapping[str, Any]]) -> str:
    """One row a line: easier on small models, and on whoever reads a recording."""
    lines = ",\n".join(safe_json(row) for row in rows)
    return f"[\n{lines}\n]" if lines else "[]"


def safe_json(value: Any, indent: int | None = None) -> str:
    """JSON in which no text can close a tag of ours."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")
