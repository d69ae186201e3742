"""Next steps: what was agreed on record, a standard fix for each shortfall that no note covers, and one on reporting.

Every step names the metric that it should move. *Keep* stands apart from *Fix*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agent.composer.desk import Desk, note_holes
from agent.composer.notes import Woven
from agent.draft import Block, FactToken, Goal, Part, Statement, Target, Text
from agent.plan import SectionPlan, below_colleagues, restates
from tools.facts import Fact

FEWEST, MOST = 3, 5
_ORDER = ("Fix", "Next", "Keep")
_MOST_NOTED = 4
_WORDS_OF_AIM, _WORDS_OF_REPORTING = 9, 16


@dataclass(frozen=True)
class _Step:
    """One bullet before its aim: the action, and the fact whose metric it should move."""

    label: str
    action: tuple[Part, ...]
    fact: Fact | None
    key: str
    runs_on: bool = True  # whether the aim may follow after a comma


def compose_next_steps(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """Three to five bullets: fixes, what is next, what to keep, then one on the quality of reporting."""
    read = [note for each in section.evidence if (note := desk.reader.read(each)) is not None][:_MOST_NOTED]
    long = section.settings.words is not None and _words(read) > section.settings.words[1]
    noted = [_noted(desk, note.short() if long else note) for note in read]
    fixes = [step for step in noted if step.label == "Fix"]
    kept = sorted((step for step in noted if step.label != "Fix"), key=lambda step: step.label == "Keep")
    uncovered = [fact for fact in _short(desk) if not any(_covers(step, fact) for step in fixes)]
    room = MOST - 1 - len(fixes) - min(len(kept), 1)
    fixes += [_standard(desk, "fix", fact, "Fix") for fact in uncovered[: max(room, 0)]]
    steps = (fixes + kept)[: MOST - 1]
    steps += _fill_up(desk, section, steps)
    steps.sort(key=lambda step: _ORDER.index(step.label))
    told: set[str] = set()
    blocks = [_block(desk, step, told) for step in steps]
    return (*blocks, _reporting(desk))


def _words(notes: list[Woven]) -> int:
    """About how many words the section takes with these notes, their aims and the step on reporting."""
    return sum(len(note.span.split()) + _WORDS_OF_AIM for note in notes) + _WORDS_OF_REPORTING


def _noted(desk: Desk, woven: Woven) -> _Step:
    """A step agreed on record: a Fix where its metric fell short, a Keep where it says so, else what is next."""
    note = woven.note
    fact = next((fact for fact in desk.plan.sheet.facts if note.metric in (fact.id, fact.metric_id)), None)
    label = "Keep" if woven.shape == "keep" else "Fix" if fact is not None and fact.weak else "Next"
    runs_on = not woven.marks and not any(mark in woven.span for mark in (",", ";", ":", " so that "))
    return _Step(label, _worded(desk, woven), fact, note.id, runs_on)


def _worded(desk: Desk, woven: Woven) -> tuple[Part, ...]:
    if not woven.marks:
        return (woven.opening(),)
    return desk.voice.draw("steps.quoted", woven.note.id, {**desk.common, **note_holes(woven)})


def _short(desk: Desk) -> list[Fact]:
    """The key shortfalls, one for each result; without any, the result that is furthest below colleagues."""
    kept: list[Fact] = []
    for fact in desk.plan.shortfalls or [fact for fact in [desk.plan.weakest] if fact is not None]:
        if not any(restates(fact, other) for other in kept):
            kept.append(fact)
    return kept


def _covers(step: _Step, fact: Fact) -> bool:
    return step.fact is not None and restates(step.fact, fact)


def _standard(desk: Desk, table: str, fact: Fact, label: str) -> _Step:
    kind = f"{table}.{fact.metric_id}" if desk.voice.has(f"{table}.{fact.metric_id}") else f"{table}.any"
    return _Step(label, _action(desk, kind, fact), fact, fact.id, runs_on=False)


def _action(desk: Desk, kind: str, fact: Fact | None) -> tuple[Part, ...]:
    """An action's words, with the metric's name where it asks for one."""
    holes = desk.metric(fact) if fact is not None else {"the_metric": (Text(text="each result"),)}
    plural = fact is not None and desk.wording.is_plural(fact)
    return desk.voice.draw(kind, fact.id if fact is not None else "", {**desk.common, **holes}, plural=plural)


def _fill_up(desk: Desk, section: SectionPlan, steps: list[_Step]) -> list[_Step]:
    """Where little fell short and little was agreed: hold the results that did not, down to the fewest steps.

    What is clearly below comparable colleagues is not to be kept as it is, but mended.
    """
    named = [step.fact for step in steps if step.fact is not None]
    foremost = [fact for fact in (desk.plan.best, desk.plan.lead) if fact is not None and fact in section.facts]
    chosen: list[Fact] = []
    offered = [*foremost, *section.facts]
    # One result to keep at least, wherever there is one.
    kept = any(step.label == "Keep" for step in steps)
    room = max(FEWEST - 1 - len(steps), 0 if kept or len(steps) >= MOST - 1 else 1)
    for fact in sorted(offered, key=below_colleagues):
        enough = len(chosen) >= (max(FEWEST - 1 - len(steps), 0) if below_colleagues(fact) else room)
        if not enough and not fact.weak and not any(restates(fact, other) for other in (*named, *chosen)):
            chosen.append(fact)
    return [
        _standard(desk, "fix", fact, "Fix") if below_colleagues(fact) else _standard(desk, "hold", fact, "Keep")
        for fact in chosen
    ]


def _block(desk: Desk, step: _Step, told: set[str]) -> Block:
    return Block(style="bullet", label=step.label, statements=(_statement(desk, step, told),))


def _statement(desk: Desk, step: _Step, told: set[str]) -> Statement:
    kind, holes = _aim(step, told)
    plural = step.fact is not None and desk.wording.is_plural(step.fact)
    metric = desk.metric(step.fact) if step.fact is not None else {}
    length = "" if step.runs_on or kind == "plain" else "_long"
    tail = desk.voice.draw(f"steps.{kind}{length}", step.key, {**desk.common, **metric, **holes}, plural=plural)
    return Statement(parts=(*step.action, *tail))


def _aim(step: _Step, told: set[str]) -> tuple[str, dict[str, tuple[Part, ...]]]:
    """What the step should bring: the target, the earlier value as a proposed goal, or the value as it is."""
    fact = step.fact
    if fact is None:
        return "plain", {}
    if fact.id in told:
        return "same", {}
    told.add(fact.id)
    if fact.target is not None and fact.misses_target:
        none = fact.target == 0 and fact.unit == "count"
        return "to_none" if none else "to_target", {"target": (Target(fact=fact.id),)}
    if fact.weak and fact.prior is not None:
        return "to_goal", {"goal": (Goal(fact=fact.id, value=fact.prior),)}
    if below_colleagues(fact) and fact.team is not None and step.label == "Fix":
        average = round(fact.team) if fact.unit == "count" else fact.team
        return "to_average", {"goal": (Goal(fact=fact.id, value=average),)}
    if step.label == "Next" or below_colleagues(fact):
        return "to_move", {}
    return "to_hold", {"value": (FactToken(fact=fact.id),)}


def _reporting(desk: Desk) -> Block:
    """One step that makes the next summary better founded, chosen by what this one lacked."""
    kind = next(_reasons(desk))
    unexplained = [fact for fact in desk.plan.sheet.facts if fact.id in desk.unexplained]
    about = unexplained[0] if kind == "no_cause" else _foremost(desk)
    action = _action(desk, f"reporting.{kind}", about)
    return Block(style="bullet", label="Reporting", statements=(Statement(parts=(*action, Text(text="."))),))


def _foremost(desk: Desk) -> Fact | None:
    """The result that the summary leads with, by its own name where the lead is an attainment of a goal."""
    lead = desk.plan.lead or desk.plan.best or desk.plan.weakest
    if lead is None or lead.metric_id != "goal_attainment":
        return lead
    return next((fact for fact in desk.plan.sheet.facts if fact.id != lead.id and restates(fact, lead)), lead)


def _reasons(desk: Desk) -> Iterator[str]:
    """What was lacking, the worst first."""
    gaps = {absent.id.split("[")[0].split(".")[0] for absent in desk.plan.sheet.absent}
    for metric in desk.plan.role.key:
        if metric in gaps and desk.voice.has(f"reporting.without_{metric}"):
            yield f"without_{metric}"
    if desk.plan.no_target:
        yield "no_target"
    if desk.plan.sheet.quality:
        yield "quality"
    if desk.unexplained:
        yield "no_cause"
    yield "any"
