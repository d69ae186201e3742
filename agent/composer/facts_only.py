"""The sections that no writer touches: period and scope, and goals and targets. Facts alone, no commentary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from agent.comparing import redefined
from agent.draft import Attainment, Block, FactToken, Name, NameKind, Part, Section, Statement, Target, Text
from agent.naming import period_name
from agent.plan import Plan, SectionPlan
from tools.facts import Fact, FactSheet
from tools.metrics.definitions import apart_from_names
from tools.quantities import Unit

MOST_QUALITY_LINES = 2
Words = Mapping[str, Any]
# The win rate that deals won and lost give, and the one on record, are the same within this distance.
_SAME_RATE = 0.001


def compose_facts_section(plan: Plan, section: SectionPlan, language: Mapping[str, Any]) -> Section:
    """`scope` or `targets` in a language, with its parts; `agent.printing.Printer` prints them."""
    words = language["facts_only"]
    if section.id == "targets":
        header = tuple(words["header"])
        rows = tuple(_row(fact, words) for fact in _goals(plan, section))
        return Section(id=section.id, title=section.settings.title, blocks=rows, header=header)
    assert section.id == "scope", f"{section.id} is not made of facts alone"
    return Section(id=section.id, title=section.settings.title, blocks=tuple(_scope_lines(plan, language)))


def _goals(plan: Plan, section: SectionPlan) -> Iterator[Fact]:
    """Every goal once: an attainment whose result stands in the table is that row's last cell."""
    ids = {fact.id for fact in section.facts}
    for fact in section.facts:
        share_of_revenue = fact.id in ("quota_attainment", "team_attainment") and "revenue_won" in ids
        share_of_goal = fact.metric_id == "goal_attainment" and fact.id[len("goal_attainment[") : -1] in ids
        if not share_of_revenue and not share_of_goal:
            yield fact


def _row(fact: Fact, words: Words) -> Block:
    goal: list[Part] = [Name(name="label", of=fact.id)]
    if fact.id == "revenue_won":
        goal.append(Text(text=words["quota"]))
    target: list[Part] = [Target(fact=fact.id, exact=True)]
    if fact.target_before is not None and fact.target_before != fact.target:
        target += [Text(text=words["adjusted"]), Target(fact=fact.id, exact=True, before=True)]
        if fact.target_note is not None and fact.target_note.strip():
            target += [Text(text=words["note"]), Name(name="target_note", of=fact.id)]
    exact = Unit.parse(fact.unit).kind in ("currency", "count")
    cells = (goal, target, [FactToken(fact=fact.id, exact=exact)], [Attainment(fact=fact.id)])
    return Block(style="row", statements=tuple(Statement(parts=tuple(cell)) for cell in cells))


def _scope_lines(plan: Plan, language: Mapping[str, Any]) -> Iterator[Block]:
    """One line each for period, role, changes, definitions that changed, and the quality of the data."""
    sheet, words = plan.sheet, language["facts_only"]
    yield _line(words["period"], _period(sheet, words))
    yield _line(words["role"], _role(plan, language))
    if sheet.scope.changes:
        yield _line(words["changes"], _listed("change", len(sheet.scope.changes), words))
    for fact in _redefined_metrics(sheet):
        yield _line(words["definition"], _redefined(fact, words))
    narrower = _new_business_only(sheet)
    if narrower:
        yield _line(words["definition"], _counting(narrower, words))
    if sheet.quality:
        yield _line(words["quality"], _listed("quality", min(len(sheet.quality), MOST_QUALITY_LINES), words))
    else:
        yield _line(words["quality"], [Text(text=words["no_gap"])])


def _period(sheet: FactSheet, words: Words) -> list[Part]:
    parts: list[Part] = [Name(name="period")]
    # A period from day to day is named by its days.
    if sheet.start is not None and sheet.end is not None and ".." not in sheet.period:
        parts += [Text(text=" ("), Name(name="dates"), Text(text=f"{words['to_date']})" if sheet.to_date else ")")]
    if sheet.prior_period is not None and period_name(sheet.prior_period):
        parts += [Text(text=words["compared"]), Name(name="prior_period")]
    if sheet.amount_basis:
        parts += [Text(text=words["amounts"]), Name(name="amount_basis")]
    return [*parts, Text(text=words["end"])]


def _role(plan: Plan, language: Mapping[str, Any]) -> list[Part]:
    sheet, words = plan.sheet, language["facts_only"]
    # A role nobody described is written as the records name it.
    described = plan.role.id == sheet.role
    title = language.get("roles", {}).get(plan.role.id, plan.role.title)
    parts: list[Part] = [Text(text=title) if described else Name(name="role")]
    owned: tuple[NameKind, ...] = ("team", "segment", "territory", "manager", "started", "left", "ramp_until")
    for kind in owned:
        value = getattr(sheet.scope, kind)
        if value in (None, "") or (isinstance(value, date) and not _matters(value, sheet)):
            continue
        parts += [Text(text=words["owned"].format(word=words[kind])), Name(name=kind)]
    return [*parts, Text(text=words["end"])]


def _matters(day: date, sheet: FactSheet) -> bool:
    """Whether somebody's first day, last day or end of ramp lies in the period or after its beginning."""
    return sheet.start is None or day >= sheet.start


def _new_business_only(sheet: FactSheet) -> list[Fact]:
    """The results that count new business only, where the deals won and lost beside them count more than that."""
    won, lost, rate = (sheet.fact(metric) for metric in ("deals_won", "deals_lost", "win_rate"))
    if won is None or lost is None or rate is None or won.value + lost.value == 0:
        return []
    if abs(won.value / (won.value + lost.value) - rate.value) < _SAME_RATE:
        return []
    found = (sheet.fact(metric) for metric in ("win_rate", "average_deal_size", "sales_cycle_days"))
    return [fact for fact in found if fact is not None and "new business" in (fact.definition or "").replace("-", " ")]


def _counting(facts: list[Fact], words: Words) -> list[Part]:
    """ "Win rate, average deal size and sales cycle count new business only"."""
    parts: list[Part] = []
    for number, fact in enumerate(facts):
        if number:
            parts.append(Text(text=words["and"] if number == len(facts) - 1 else ", "))
        parts.append(Name(name="label", of=fact.id, lower=number > 0))
    return [*parts, Text(text=words["count_new"] if len(facts) > 1 else words["counts_new"])]


def _redefined_metrics(sheet: FactSheet) -> list[Fact]:
    """One fact for each change of a definition; a stage that only changed its name is told among the changes."""
    found: dict[tuple[str, str], Fact] = {}
    for fact in sheet.facts:
        if redefined(fact):
            held = tuple(apart_from_names(each or "") for each in (fact.definition, fact.prior_definition))
            if held[0] != held[1]:
                found.setdefault((held[0], held[1]), fact)
    return list(found.values())


def _redefined(fact: Fact, words: Words) -> list[Part]:
    return [
        Name(name="label", of=fact.id),
        Text(text=words["now_counts"]),
        Name(name="definition", of=fact.id),
        Text(text=words["before_it_was"]),
        Name(name="prior_definition", of=fact.id),
        Text(text=words["quoted_end"]),
    ]


def _listed(kind: NameKind, count: int, words: Words) -> list[Part]:
    parts: list[Part] = []
    for index in range(count):
        parts += [Text(text=words["between"])] if parts else []
        parts.append(Name(name=kind, of=str(index)))
    return [*parts, Text(text=words["end"])]


def _line(label: str, parts: list[Part]) -> Block:
    return Block(style="bullet", label=label, statements=(Statement(parts=tuple(parts)),))
