"""Answers about deals: which slipped, which wait, where they are held up, and why they are lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent.chat.answer import Block, Cell, Notice, Table
from agent.chat.figures import absent
from agent.chat.opening import on_record
from agent.chat.pictures import bars, named
from agent.chat.rows import record_table
from agent.chat.view import View, line
from agent.draft import Comparison, FactToken, Text
from agent.draft import Name as NameToken
from agent.naming import dimension
from tools.errors import InputError, did_you_mean
from tools.evidence.selection import cleaned
from tools.facts import Absent, Fact

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]
_MOST_REASONS = 6
_MOST_LOST = 15


def slipped(desk: Desk, view: View) -> Blocks:
    """The deals that were due in the period and not closed by its end, with the reasons on record."""
    found = view.find("slipped_deals")
    if isinstance(found, Absent):
        return (absent(found, view),)
    if found.value == 0:
        return (view.said([line(found)]),)
    told = [line(found), *(line(each) for each in _of(view, "slipped_deals.value"))]
    reasons = _of(view, "slip_reasons[reason=")
    return (
        view.said(told),
        _listing(desk, view, found, "Deals that slipped"),
        *_split(view, "Why they slipped", "Reason", reasons),
        *([on_record(view, found)]),
    )


def stuck(desk: Desk, view: View) -> Blocks:
    """Open deals that wait: long without activity, overdue in their stage, or late and without a next step."""
    kinds = ("stalled_deals", "overdue_in_stage", "deals_without_next_step")
    facts = [fact for kind in kinds for fact in _of(view, kind)]
    if not facts:
        return tuple(absent(each, view) for each in view.sheet.absent if each.id in kinds)
    lines = [
        (*line(fact)[:-1], Text(text=" ("), NameToken(name="definition", of=fact.id), Text(text=").")) for fact in facts
    ]
    worst = [fact for fact in facts if fact.value > 0]
    tables = [_listing(desk, view, fact, fact.label) for fact in worst]
    return (view.said(lines, title=f"Deals that wait, {view.period}", bullets=True), *tables)


def delays(desk: Desk, view: View, stage: str | None) -> Blocks:
    """Days in each stage beside before and colleagues; one stage with its deals, the slowest first."""
    facts = _in_order(desk, _of(view, "time_in_stage[stage="))
    if not facts:
        return _nothing(view, "time_in_stage")
    if stage is not None:
        fact = _named(facts, stage, "stage")
        opened = desk.facts.explanation(view.of.who, view.of.period, fact.id, desk.as_of)
        slowest = sorted(opened.records, key=lambda row: -float(row.get("days") or 0))
        table = record_table(view, f"Deals in {cleaned(dimension(fact.id))}, the slowest first", fact.id, opened,
                             rows=slowest)  # fmt: skip
        return (view.said([line(fact)]), on_record(view, fact), table)
    longest = max(facts, key=lambda fact: fact.value)
    grown = [fact for fact in facts if fact.weak]
    told = [(Text(text="Deals wait longest in "), NameToken(name="dimension", of=longest.id), Text(text=": "),
             _against_prior(longest), Text(text="."))]  # fmt: skip
    told += [(NameToken(name="dimension", of=fact.id), Text(text=" takes longer than before: "), _against_prior(fact),
              Text(text=".")) for fact in grown if fact is not longest]  # fmt: skip
    picture = bars(view, "Mean days in each stage, deals closed in the period", facts)
    return (
        view.said(told, bullets=len(told) > 1),
        _table(view, "Time in stage", "Stage", facts),
        *([picture] if picture is not None else []),
        *_unexplained(view, longest),
    )


def losses(desk: Desk, view: View, stage: str | None) -> Blocks:
    """Why deals were lost, from all stages or from one; reasons are counted over the records."""
    by_stage, by_reason = _of(view, "loss_reasons[stage="), _of(view, "loss_reasons[reason=")
    whole = [fact for fact in _of(view, "deals_lost") if fact.id == "deals_lost"]
    if not by_stage and not by_reason:
        return _nothing(view, "loss_reasons")
    if stage is not None:
        if not by_stage:
            return (Notice(text="No history of stages is on record, so it is not known from which stage a deal was "
                                "lost."),)  # fmt: skip
        return _lost_from(desk, view, _named(by_stage, stage, "stage"), by_stage)
    return (
        *([view.said([line(fact) for fact in whole])] if whole else []),
        *_split(view, "Why deals were lost", "Reason", by_reason, beside="loss_reasons[reason={}].value"),
        *_split(view, "From which stage", "Lost in", by_stage, beside="loss_reasons[stage={}].value", picture=False),
        *_about_losses(view),
    )


def _lost_from(desk: Desk, view: View, fact: Fact, others: Sequence[Fact]) -> Blocks:
    name = cleaned(dimension(fact.id))
    opened = desk.facts.explanation(view.of.who, view.of.period, fact.id, desk.as_of)
    reasons = Counter(cleaned(str(row.get("lost_reason") or "no reason on record")) for row in opened.records)
    said = (NameToken(name="label", of=fact.id), Text(text=": "), _against_prior(fact), Text(text="."))
    rows = tuple(
        (Cell(text=reason), Cell(text=view.quantity(many, "count"), fact=fact.id, of=view.of))
        for reason, many in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    )
    parts = [fact, *_of(view, f"stage_conversion[stage={dimension(fact.id)}]")]
    return (
        view.said([said]),
        Table(title=f"Why deals were lost in {name}", header=("Reason", "Deals"), rows=rows, right=(1,)),
        _table(
            view, f"{name} beside before and colleagues", "Result", parts, label=lambda each: each.label.split(",")[0]
        ),
        record_table(view, f"Deals lost in {name}", fact.id, opened, most=_MOST_LOST),
        *_about_losses(view),
    )


def _about_losses(view: View) -> Blocks:
    """Notes that are linked to losses or to the win rate."""
    facts = [fact for fact in view.sheet.facts if fact.id == "win_rate"]
    noted = any(note.metric in ("win_rate", "loss_reasons", "deals_lost") for note in view.sheet.evidence)
    return (on_record(view, facts[0]),) if facts and noted else ()


def _split(
    view: View, title: str, header: str, facts: Sequence[Fact], *, beside: str = "", picture: bool = True
) -> Blocks:
    """A fact for each value of a dimension: a table with what stood before, and bars."""
    if not facts:
        return ()
    ordered = sorted(facts, key=lambda fact: -fact.value)[:_MOST_REASONS]
    table = _table(view, title, header, ordered, beside=beside, more=len(facts) - len(ordered))
    chart = bars(view, title, ordered) if picture else None
    return (table, *([chart] if chart is not None else []))


def _table(
    view: View,
    title: str,
    header: str,
    facts: Sequence[Fact],
    *,
    beside: str = "",
    more: int = 0,
    label: Callable[[Fact], str] = named,
) -> Table:
    values = {fact.id: view.sheet.fact(beside.format(dimension(fact.id))) for fact in facts} if beside else {}
    rows = []
    for fact in facts:
        amount = values.get(fact.id)
        rows.append(
            (Cell(text=cleaned(label(fact))), view.value(fact), *([view.value(amount)] if amount is not None else
             [Cell(text="–")] if beside else []), view.other(fact, "prior"), view.other(fact, "team"))
        )  # fmt: skip
    titles = (header, facts[0].label.split(",")[0], *(["Value"] if beside else []), "Period before",
              "Comparable colleagues")  # fmt: skip
    if all(row[-1].text == "–" for row in rows):
        rows, titles = [row[:-1] for row in rows], titles[:-1]
    return Table(title=title, header=titles, rows=tuple(rows), right=tuple(range(1, len(titles))), more=more)


def _listing(desk: Desk, view: View, fact: Fact, title: str) -> Block:
    opened = desk.facts.explanation(view.of.who, view.of.period, fact.id, desk.as_of)
    if not opened.records:
        return Notice(text=f"No records are behind {fact.label}.")
    return record_table(view, title, fact.id, opened)


def _of(view: View, beginning: str) -> list[Fact]:
    """The facts of that id, or whose id begins so and ends with its dimension."""
    return [
        fact
        for fact in view.sheet.facts
        if fact.id == beginning or ("[" in beginning and fact.id.startswith(beginning) and fact.id.endswith("]"))
    ]


def _in_order(desk: Desk, facts: Sequence[Fact]) -> list[Fact]:
    """Facts of stages in the order of the pipeline, others behind."""
    place = {name: number for number, name in enumerate(desk.facts.stage_order())}
    return sorted(facts, key=lambda fact: place.get(dimension(fact.id), len(place)))


def _named(facts: Sequence[Fact], name: str, what: str) -> Fact:
    wanted = name.strip().lower()
    names = {dimension(fact.id).lower(): fact for fact in facts}
    near = [each for each in names if wanted and (wanted in each or each in wanted)]
    if wanted in names:
        return names[wanted]
    if len(near) == 1:
        return names[near[0]]
    raise InputError(
        f'No deal closed in the period passed through a {what} "{name}". {did_you_mean(wanted, list(names))}'
    )


def _against_prior(fact: Fact) -> FactToken | Comparison:
    if fact.prior is None:
        return FactToken(fact=fact.id)
    return Comparison(fact=fact.id, against="prior", form="stated")


def _unexplained(view: View, fact: Fact) -> Blocks:
    block = on_record(view, fact)
    return () if isinstance(block, Notice) else (block,)


def _nothing(view: View, metric: str) -> Blocks:
    found = [each for each in view.sheet.absent if each.id == metric]
    if found:
        return (absent(found[0], view),)
    return (Notice(text=f"Nothing of the kind is on record for {view.sheet.person} in {view.period}."),)
