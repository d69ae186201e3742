"""A figure opened: its meaning, the formula with its numbers, what is on record about it, and the records behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.chat.answer import Block, Cell, Notice, Table
from agent.chat.figures import absent, results
from agent.chat.pictures import trend
from agent.chat.rows import MOST_RECORDS, record_table
from agent.chat.view import NONE, View, compared, label_of, line
from agent.draft import Name, Part, Quotation, Text
from tools.evidence.selection import cleaned
from tools.facts import Absent, Evidence, Fact
from tools.metrics.catalogue import METRICS
from tools.metrics.explanation import Explanation

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]
# What a metric is made of, or moves with: shown beside it, never claimed to be its cause.
_BESIDE = {
    "quota_attainment": ("revenue_won", "deals_won", "average_deal_size", "win_rate"),
    "team_attainment": ("revenue_won", "deals_won", "average_deal_size", "win_rate"),
    "revenue_won": ("deals_won", "average_deal_size", "win_rate"),
    "win_rate": ("deals_won", "deals_lost", "loss_reasons[reason"),
    "sales_cycle_days": ("time_in_stage[",),
    "forecast_accuracy": ("forecast_commit", "revenue_won", "slipped_deals", "slipped_deals.value"),
    "forecast_bias": ("forecast_commit", "revenue_won", "slipped_deals", "slipped_deals.value"),
    "slipped_deals": ("slip_reasons[", "slipped_deals.value", "push_rate"),
    "push_rate": ("slipped_deals", "slip_reasons["),
    "pipeline_coverage": ("pipeline_value", "weighted_forecast", "pipeline_created"),
    "deals_won": ("win_rate", "deals_lost", "deals_created"),
    "average_deal_size": ("revenue_won", "deals_won", "average_deal_size[segment"),
    "sales_velocity": ("win_rate", "average_deal_size", "sales_cycle_days"),
    "meeting_to_opportunity": ("qualified_meetings", "meetings_booked", "show_rate"),
    "lead_response_minutes": ("lead_response_minutes.within_5", "lead_response_minutes.mean"),
}
# What an accuracy is reckoned from beside its own records: the title of those, the fact with the others, and theirs.
_OTHER_SIDE = {
    "forecast_accuracy": ("What was won", "forecast_commit", "What was committed"),
    "forecast_bias": ("What was won", "forecast_commit", "What was committed"),
}
_REASON = re.compile(r"loss_reasons\[reason=(.+)\]")
_MOST_BESIDE = 6
_MOST_NOTES = 5


def why(desk: Desk, view: View, metric: str) -> Blocks:
    """The metric in a sentence, its formula and numbers, notes and statements on it, and its records."""
    found = view.find(metric)
    if isinstance(found, Absent):
        return (absent(found, view),)
    return why_of(desk, view, found)


def why_of(desk: Desk, view: View, fact: Fact, most: int = MOST_RECORDS) -> Blocks:
    """As `why`, for a fact of the sheet; `most` records are listed."""
    opened = desk.facts.explanation(view.of.who, view.of.period, fact.id, desk.as_of)
    sentence = (label_of(fact), Text(text=" of "), Name(name="person"), Text(text=" in "), Name(name="period"),
                Text(text=": "), compared(fact), Text(text="."))  # fmt: skip
    picture = trend(view, fact)
    beside = facts_beside(view, fact)
    return (
        view.said([sentence]),
        _computed(view, fact, opened),
        on_record(view, fact),
        *([results(view, "What it is made of and moves with", beside)] if beside else []),
        *([picture] if picture is not None else []),
        *_records(desk, view, fact, opened, most),
    )


def records(desk: Desk, view: View, metric: str) -> Blocks:
    """The records behind a metric, each with its id."""
    reason = _REASON.fullmatch(metric)
    if reason is not None and view.sheet.fact(metric) is None and view.sheet.fact("deals_lost") is not None:
        said = f"No deal of {view.sheet.person} in {view.period} is on record as lost over “{cleaned(reason[1])}”."
        return (Notice(text=said),)
    found = view.find(metric)
    if isinstance(found, Absent):
        return (absent(found, view),)
    opened = desk.facts.explanation(view.of.who, view.of.period, found.id, desk.as_of)
    none = Notice(text=f"No records are behind {found.label} of {view.sheet.person} in {view.period}.")
    return (view.said([line(found)]), *(_records(desk, view, found, opened) or (none,)))


def on_record(view: View, fact: Fact) -> Block:
    """What notes and statements say about a metric, quoted; or that nothing does."""
    notes = notes_on(view, fact)
    if not notes:
        return Notice(text=f"Nothing on record says why: no note or statement is linked to {fact.label}.")
    return view.said([_quoted(note) for note in notes[:_MOST_NOTES]], title="On record about it", bullets=True)


def notes_on(view: View, fact: Fact) -> list[Evidence]:
    """The notes and statements that say they explain this fact; plans for what comes next explain nothing."""
    ids = (fact.id, fact.metric_id)
    return [note for note in view.sheet.evidence if note.metric in ids and note.kind != "next_step"]


def facts_beside(view: View, fact: Fact) -> list[Fact]:
    """The facts that a reader needs to understand this one, those with dimensions by size."""
    found: list[Fact] = []
    for wanted in _BESIDE.get(fact.metric_id, ()) if "[" not in fact.id else ():
        if "[" in wanted:
            parts = [each for each in view.sheet.facts if each.id.startswith(wanted) and each.id.endswith("]")]
            found += parts if wanted.startswith("time_in_stage") else sorted(parts, key=lambda each: -each.value)[:4]
        else:
            found += [each for each in view.sheet.facts if each.id == wanted]
    return found[:_MOST_BESIDE]


def _quoted(note: Evidence) -> tuple[Part, ...]:
    whose: tuple[Part, ...] = ()
    if note.self_reported:
        whose = (Name(name="first_name"), Text(text="’s own statement, "))
    return (*whose, Name(name="note_date", of=note.id), Text(text=": "), Quotation(evidence=note.id, span=note.text))


def _computed(view: View, fact: Fact, opened: Explanation) -> Table:
    """The definition, the numbers that went in, and the formula with them where it is plain arithmetic."""
    metric = next((each for each in METRICS if each.id == opened.id or each.fact_id == opened.id.split("[")[0]), None)
    money = {name for name, measure in metric.measures.items() if measure.money} if metric is not None else set()
    if metric is not None and metric.unit == "currency":
        money = set(opened.numbers)
    if fact.unit in ("ratio", "multiple"):
        money |= {name for name in opened.numbers if name in ("quota", "target", "revenue")}
    currency = f"currency:{view.sheet.currency or 'USD'}"

    def printed(name: str) -> str:
        number = opened.numbers[name]
        if number is None:
            return NONE
        if name in money:
            return view.quantity(number, currency, exact=True)
        return view.quantity(number, "count" if float(number).is_integer() else fact.unit)

    rows = [(Cell(text="Means"), Cell(text=cleaned(opened.definition)))]
    rows += [(Cell(text=name.replace("_", " ").capitalize()), Cell(text=printed(name))) for name in opened.numbers]
    worked = _worked(opened.formula, {name: printed(name) for name in opened.numbers})
    if worked is not None and len(opened.numbers) > 1:
        rows.append((Cell(text="So"), Cell(text=f"{worked} = {view.value(fact).text}", fact=fact.id, of=view.of)))
    rows += [(Cell(text="Note"), Cell(text=cleaned(note))) for note in fact.notes]
    if fact.team is not None and opened.group and len(opened.group) <= 12:
        names = ", ".join(map(cleaned, opened.group))
        rows.append((Cell(text="Comparable colleagues"), Cell(text=f"{view.other(fact, 'team').text} over {names}")))
    return Table(title=f"How {fact.label} is computed", header=("", ""), rows=tuple(rows))


def _worked(formula: str, numbers: dict[str, str]) -> str | None:
    """A formula of plain arithmetic with the numbers in their places; None where it is more than that."""
    plain = re.sub(r"nullif\((\w+), 0\)", r"\1", formula)
    if re.search(r"\b(?:CASE|OVER|greatest|abs|sum)\b|::", plain) or not set(re.findall(r"[a-z_]+", plain)) <= set(
        numbers
    ):
        return None
    worked = re.sub(r"[a-z_]+", lambda match: numbers[match[0]], plain)
    return worked.replace("/", "÷").replace("*", "×").replace(" - ", " − ")


def _records(desk: Desk, view: View, fact: Fact, opened: Explanation, most: int = MOST_RECORDS) -> Blocks:
    """The records behind a fact; of one that holds two things against each other, those of both sides."""
    title, other_id, other_title = _OTHER_SIDE.get(fact.id, (f"Records behind {fact.label}", "", ""))
    tables = _table(view, title, fact, opened, most)
    other = view.sheet.fact(other_id) if tables else None
    if other is None:
        return tables
    behind = desk.facts.explanation(view.of.who, view.of.period, other.id, desk.as_of)
    return (*tables, *_table(view, other_title, other, behind, most))


def _table(view: View, title: str, fact: Fact, opened: Explanation, most: int) -> Blocks:
    if not opened.records or opened.record_table is None:
        return ()
    return (record_table(view, title, fact.id, opened, most),)
