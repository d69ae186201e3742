"""Sections that stand on notes: teamwork and operations, and what lies behind the numbers."""

from __future__ import annotations

from agent.comparing import printed_order
from agent.composer.desk import Desk, note_holes
from agent.composer.notes import Woven
from agent.composer.results import why_statement
from agent.draft import Block, FactToken, Name, Part, Statement, Text
from agent.plan import SectionPlan, shown_against
from tools.facts import Fact

MOST_COUNTED = 2


def compose_qualitative(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """One bullet for each thing done for others or for how the work is done."""
    return _shortfalls(desk, section) + tuple(
        Block(style="bullet", statements=(desk.say_note("notes.done", note, plain=2),)) for note in _read(desk, section)
    )


def compose_context(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """A bullet for each factor on record, with the result it bears on; then the reasons counted."""
    factors = tuple(Block(style="bullet", statements=(_factor(desk, note),)) for note in _read(desk, section))
    return _shortfalls(desk, section) + factors + _counted(desk, section)


def _shortfalls(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """A key shortfall that lives here opens its bullet, as anywhere."""
    return tuple(Block(style="bullet", statements=_short(desk, fact)) for fact in section.shortfalls)


def _short(desk: Desk, fact: Fact) -> tuple[Statement, ...]:
    against = shown_against(fact)
    assert against is not None, f"{fact.id} cannot fall short of nothing"
    moved = against == "prior" and printed_order(fact, "prior") != 0
    kind = ("worsened" if moved else "missed") + ("" if fact.better != "lower" else "_up" if moved else "_over")
    stated = desk.say(f"results.{kind}", fact.id, {**desk.metric(fact), **desk.figures(fact, against)}, fact)
    why = why_statement(desk, fact)
    return (stated,) if why is None else (stated, why)


def _read(desk: Desk, section: SectionPlan) -> list[Woven]:
    read = (desk.reader.read(note) for note in section.evidence)
    return sorted((note.short() for note in read if note is not None), key=lambda note: note.vague)


def _factor(desk: Desk, note: Woven) -> Statement:
    fact = next((fact for fact in desk.plan.sheet.facts if note.note.metric in (fact.id, fact.metric_id)), None)
    if fact is None or note.note.self_reported:
        return desk.say_note("notes.factor", note, plain=2)
    return desk.say("notes.factor_of", note.note.id, {**desk.metric(fact), **note_holes(note)}, fact)


def _counted(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """Why deals were lost, by count, the most frequent reasons first."""
    facts = [fact for fact in section.may if fact.unit == "count" and "[reason=" in fact.id and fact.value > 0]
    if not facts:
        return ()
    listed: list[Part] = []
    for fact in sorted(facts, key=lambda fact: (-fact.value, fact.id))[:MOST_COUNTED]:
        listed += [Text(text=", ")] if listed else []
        listed += [Name(name="dimension", of=fact.id, lower=True), Text(text=" ("), FactToken(fact=fact.id)]
        listed += [Text(text=")")]
    return (Block(style="bullet", statements=(desk.say("notes.counted", "counted", {"list": listed}),)),)
