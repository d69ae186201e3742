"""The plan before prose: per section, what must be stated, what opens its paragraph, which notes may be used.

Deterministic: the same fact sheet gives the same plan, whoever writes. A fact has one home section; every key
shortfall must open a paragraph or bullet there with the comparison that shows it, and the weakest also stands in the
headline. What cannot be said is left out with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.comparing import comparator
from agent.draft import Against
from prompts.loader import PromptSet, RoleSettings, SectionSettings
from tools.facts import Absent, Evidence, Fact, FactSheet, worse

MOST_KPIS = 5
MOST_PER_SECTION = 6
MOST_NOTES = 4
_REASONS = ("context", "constraint")


@dataclass(frozen=True)
class SectionPlan:
    """What one section says: `must` facts are stated, `shortfalls` (among them) open a block, `may` facts can be."""

    settings: SectionSettings
    must: tuple[Fact, ...] = ()
    shortfalls: tuple[Fact, ...] = ()
    may: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    absent: tuple[Absent, ...] = ()
    left_out: str | None = None

    @property
    def id(self) -> str:
        return self.settings.id

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that the section may cite."""
        return self.must + self.may

    def notes_on(self, fact: Fact) -> tuple[Evidence, ...]:
        """The section's notes that say they explain this fact."""
        return tuple(note for note in self.evidence if note.metric in (fact.id, fact.metric_id))


@dataclass(frozen=True)
class Plan:
    """The whole summary's plan. `lead`, `best` and `weakest` are the headline's; None where there is no such fact."""

    sheet: FactSheet
    role: RoleSettings
    headline: SectionPlan
    sections: tuple[SectionPlan, ...]
    lead: Fact | None = None
    best: Fact | None = None
    weakest: Fact | None = None
    no_target: bool = False
    shortfalls: tuple[Fact, ...] = field(default=())

    def section(self, section_id: str) -> SectionPlan:
        if section_id == "headline":
            return self.headline
        return next(section for section in self.sections if section.id == section_id)


def plan_summary(sheet: FactSheet, prompts: PromptSet) -> Plan:
    """Decide what every section says, from the fact sheet alone."""
    role = prompts.role(sheet.role)
    homes = _homes(sheet, role, prompts)
    notes = _assign_notes(sheet, role, homes, prompts)
    short = [fact for fact in sheet.facts if fact.key and fact.weak]
    shortfalls = tuple(
        fact
        for fact in sorted(short, key=severity, reverse=True)
        if not any(_is_whole_of(fact, other) for other in short)
    )
    sections = tuple(
        _section_plan(prompts.section(section), sheet, role, homes.get(section, ()), notes.get(section, ()), shortfalls)
        for section in role.sections
    )
    lead = _lead(sheet, role)
    weakest = next((fact for fact in shortfalls if lead is None or not restates(lead, fact)), None)
    if weakest is None and lead is not None and lead in shortfalls:
        weakest = lead
    if weakest is None:
        weakest = _furthest_below(sheet, role)
    best = _best(sheet, role, {fact.id for fact in (lead, weakest) if fact is not None})
    must = _unique([fact for fact in (lead, best, weakest) if fact is not None])
    behind = tuple(fact for fact in sheet.facts if lead is not None and restates(lead, fact) and fact not in must)
    headline = SectionPlan(
        prompts.section("headline"),
        must,
        (weakest,) if weakest is not None and weakest.weak else (),
        behind,
        _headline_notes(sheet, must),
    )
    no_target = not any(fact.target is not None for fact in sheet.facts)
    return Plan(sheet, role, headline, sections, lead, best, weakest, no_target, shortfalls)


def shown_against(fact: Fact) -> Against | None:
    """The comparator that a statement of this fact shows: its target, else its prior, else nothing."""
    if fact.target is not None:
        return "target"
    return "prior" if fact.prior is not None else None


# A result this share of the average below it is clearly worse than what comparable colleagues reach.
_FAR_BELOW = 0.05


def below_colleagues(fact: Fact) -> bool:
    """Whether the result is worse than the average of comparable colleagues by over 5 % of that average."""
    if fact.team is None or not worse(fact.value, fact.team, fact.better):
        return False
    return abs(fact.value - fact.team) > _FAR_BELOW * abs(fact.team)


def _furthest_below(sheet: FactSheet, role: RoleSettings) -> Fact | None:
    """The key result furthest below comparable colleagues, where none has a target or an earlier value to be held to.

    It is not weak by the rubric, so nothing has to open with it. A team is not held to other people's results.
    """
    keys = [fact for fact in sheet.facts if fact.key]
    held = any(fact.target is not None or (fact.prior is not None and not fact.prior_partial) for fact in keys)
    below = [fact for fact in keys if below_colleagues(fact)]
    if held or not below or role.id == "sales_manager":
        return None
    return max(below, key=lambda fact: abs(fact.value - (fact.team or 0)) / abs(fact.team or 1))


_OF_REVENUE = ("quota_attainment", "team_attainment", "revenue_won")


def restates(fact: Fact, other: Fact) -> bool:
    """Whether two facts tell of one result: the same fact, or an attainment and the result that it is a share of."""
    if fact.id == other.id or (fact.id in _OF_REVENUE and other.id in _OF_REVENUE):
        return True
    goals = {f"goal_attainment[{fact.id}]", f"goal_attainment[{other.id}]"}
    return bool(goals & {fact.id, other.id}) or _is_whole_of(fact, other) or _is_whole_of(other, fact)


def _is_whole_of(whole: Fact, part: Fact) -> bool:
    """Whether one dimension of a metric, with a target of its own, is all that there is of the metric."""
    same = whole.id == part.metric_id and whole.id != part.id and "." not in part.id
    return same and whole.value == part.value and whole.target is None and part.target is not None


def severity(fact: Fact) -> tuple[bool, float]:
    """How badly a fact falls short: missed targets before falls, then by relative distance."""
    base = fact.target if fact.target is not None else fact.prior
    assert base is not None
    distance = abs(fact.value - base) / abs(base) if base != 0 else 1.0
    return fact.target is not None, distance


def _merit(fact: Fact) -> float:
    """How good a result is: the relative distance on the better side of target or prior; below 0 if on the worse."""
    against = shown_against(fact)
    base = comparator(fact, against) if against is not None else None
    if base is None or base == 0 or fact.better is None or fact.weak:
        return -1.0
    return abs(fact.value - base) / abs(base) * (-1 if worse(fact.value, base, fact.better) else 1)


def _lead(sheet: FactSheet, role: RoleSettings) -> Fact | None:
    """The attainment that the headline begins with; without a quota, the first lead metric there is."""
    for metric in role.lead:
        found = [fact for fact in sheet.facts if fact.metric_id == metric and (fact.target is not None or fact.key)]
        if found:
            return found[0]
    return next((fact for fact in sheet.facts if fact.metric_id == "revenue_won"), None)


def _best(sheet: FactSheet, role: RoleSettings, taken: set[str]) -> Fact | None:
    """The key result with the most merit not said already; attainment restates revenue, so it does not count."""
    candidates = [
        fact
        for fact in sheet.facts
        if fact.key and fact.id not in taken and fact.metric_id not in ("quota_attainment", "goal_attainment")
    ]
    said = [fact for fact in sheet.facts if fact.id in taken]
    candidates = [fact for fact in candidates if not any(restates(fact, other) for other in said)]
    told = {note.metric for note in sheet.evidence if note.kind != "next_step"}
    # What fell since the prior period is no best result, even where it is still above its target.
    better = [
        fact
        for fact in candidates
        if _merit(fact) > 0 and not (fact.prior is not None and worse(fact.value, fact.prior, fact.better))
    ]
    # A result of the role's own, and one whose cause is on record, before one that only moved further.
    ranked = sorted(
        better, key=lambda fact: (fact.metric_id in role.kpis, bool(told & {fact.id, fact.metric_id}), _merit(fact))
    )
    return ranked[-1] if ranked else None


def _homes(sheet: FactSheet, role: RoleSettings, prompts: PromptSet) -> dict[str, tuple[Fact, ...]]:
    """Section id → the facts that live there: the role's KPIs in `kpis`, the others where the section lists them."""
    homes: dict[str, list[Fact]] = {}
    parts: dict[str, list[Fact]] = {}
    for fact in sheet.facts:
        parts.setdefault(fact.metric_id, []).append(fact)
    order = {metric: rank for rank, metric in enumerate(role.kpis)}
    for fact in sheet.facts:
        if (
            _is_told_as_attainment(fact, sheet, role)
            or _is_share_of_told(fact, sheet)
            or any(_is_whole_of(fact, other) for other in parts.get(fact.id, ()))
        ):
            continue
        home = "kpis" if fact.id in order or fact.metric_id in order else _listed(fact, role, prompts)
        if home is not None:
            homes.setdefault(home, []).append(fact)
    for home, facts in homes.items():
        rank = order if home == "kpis" else {m: i for i, m in enumerate(prompts.section(home).metrics)}
        facts.sort(key=lambda fact: (rank.get(fact.id, rank.get(fact.metric_id, len(rank))), fact.id))
    return {home: tuple(facts) for home, facts in homes.items()}


def _is_told_as_attainment(fact: Fact, sheet: FactSheet, role: RoleSettings) -> bool:
    """A manager's revenue stands in the headline and, as team attainment, among the results."""
    told = "team_attainment" in role.kpis and sheet.fact("team_attainment") is not None
    return told and fact.id == "revenue_won" and fact.id not in role.kpis


def _is_share_of_told(fact: Fact, sheet: FactSheet) -> bool:
    """An attainment stands in headline and targets; beside its result, with the same target, it would be said twice."""
    if fact.metric_id not in ("quota_attainment", "goal_attainment"):
        return False
    return any(other.id != fact.id and other.target is not None and restates(fact, other) for other in sheet.facts)


def _listed(fact: Fact, role: RoleSettings, prompts: PromptSet) -> str | None:
    for section in role.sections:
        if fact.metric_id in prompts.section(section).metrics:
            return section
    # A metric of the organisation's own is told among the results.
    return "kpis" if fact.key and fact.metric_id not in ("quota_attainment", "goal_attainment") else None


def _assign_notes(
    sheet: FactSheet, role: RoleSettings, homes: Mapping[str, Sequence[Fact]], prompts: PromptSet
) -> dict[str, tuple[Evidence, ...]]:
    """Every note has one section: its metric's home if it explains one there, else the first that takes its kind."""
    assigned: dict[str, list[Evidence]] = {}
    for note in sheet.evidence:
        home = _note_home(note, role, homes, prompts)
        if home is not None:
            assigned.setdefault(home, []).append(note)
    return {home: tuple(notes) for home, notes in assigned.items()}


def _note_home(
    note: Evidence, role: RoleSettings, homes: Mapping[str, Sequence[Fact]], prompts: PromptSet
) -> str | None:
    if note.kind == "next_step":
        return "next_steps"
    if note.metric is not None:
        for section, facts in homes.items():
            explained = [fact for fact in facts if note.metric in (fact.id, fact.metric_id)]
            # What explains a key shortfall stands beside it, whatever kind of note it is.
            beside = any(fact.key and fact.weak for fact in explained) and section in role.sections
            if explained and (beside or note.kind in prompts.section(section).evidence):
                return section
    for section in ("context", "qualitative", "activity"):
        settings = prompts.section(section)
        if section in role.sections and settings.kind == "evidence" and note.kind in settings.evidence:
            return section
    return None


def _section_plan(
    settings: SectionSettings,
    sheet: FactSheet,
    role: RoleSettings,
    facts: Sequence[Fact],
    notes: Sequence[Evidence],
    shortfalls: Sequence[Fact],
) -> SectionPlan:
    if settings.kind == "facts":
        goals = _goals(sheet) if settings.id == "targets" else ()
        reason = "no target is on record for this period." if settings.id == "targets" and not goals else None
        return SectionPlan(settings, may=goals, left_out=reason)
    if settings.id == "next_steps":
        return SectionPlan(
            settings, may=_unique([*shortfalls, *_key(sheet), *_moved_by(sheet, notes)]), evidence=tuple(notes)
        )
    must = _must(settings, facts, notes, role)
    others = [fact for fact in facts if fact not in must]
    if settings.kind == "evidence":
        # Reasons with their counts: the most frequent are the ones to tell.
        others.sort(key=lambda fact: (fact.unit != "count", -fact.value, fact.id))
    may = tuple(others[:MOST_PER_SECTION])
    absent = tuple(absent for absent in sheet.absent if absent.id.split("[")[0].split(".")[0] in settings.metrics)
    kept = _kept_notes(notes, must)
    opening = tuple(fact for fact in must if fact.key and fact.weak)
    if settings.id == "context" and not must and not kept and any(note.kind in _REASONS for note in sheet.evidence):
        return SectionPlan(settings, left_out="the causes on record stand beside their results.")
    return SectionPlan(settings, must, opening, may, kept, absent, _nothing_to_say(settings, must, kept, absent))


def _kept_notes(notes: Sequence[Evidence], must: Sequence[Fact]) -> tuple[Evidence, ...]:
    """One note for each result that has any, then a further one for each, then what explains none of them."""
    explaining = [[note for note in notes if note.metric in (fact.id, fact.metric_id)] for fact in must]
    ranked = [listed[0] for listed in explaining if listed] + [listed[1] for listed in explaining if len(listed) > 1]
    told = {note.id for listed in explaining for note in listed}
    ranked += [note for note in notes if note.id not in told]
    return tuple({note.id: note for note in ranked}.values())[: max(MOST_NOTES, len(must))]


def _must(
    settings: SectionSettings, facts: Sequence[Fact], notes: Sequence[Evidence], role: RoleSettings
) -> tuple[Fact, ...]:
    """Key facts and explained facts, shortfalls never cut; at most five KPIs, or six facts elsewhere."""
    explained = {note.metric for note in notes if note.metric is not None}
    weak = [fact for fact in facts if fact.key and fact.weak]
    wanted = weak + [fact for fact in facts if fact.id in role.key or fact.id in explained]
    wanted += [fact for fact in facts if fact.key]
    if settings.kind == "evidence":
        wanted = weak
    if settings.id == "pipeline":
        wanted += [
            fact for fact in facts if fact.metric_id in ("pipeline_coverage", "pipeline_value", "pipeline_deals")
        ][:1]
    most = max(MOST_KPIS if settings.id == "kpis" else MOST_PER_SECTION, len(weak))
    chosen = _unique(wanted)[:most]
    return tuple(fact for fact in facts if fact in chosen)


def _nothing_to_say(
    settings: SectionSettings, must: Sequence[Fact], notes: Sequence[Evidence], absent: Sequence[Absent]
) -> str | None:
    if must or (notes and settings.kind == "evidence"):
        return None
    if settings.id == "activity" and notes:
        return None
    if settings.kind == "evidence":
        return {
            "qualitative": "no note on it is on record.",
            "context": "no note on record gives a cause.",
        }[settings.id]
    if settings.id == "activity":
        return "nothing in it explains a result."
    if absent:
        return absent[0].reason
    return "nothing on record belongs here."


def _goals(sheet: FactSheet) -> tuple[Fact, ...]:
    return tuple(fact for fact in sheet.facts if fact.target is not None)


def _key(sheet: FactSheet) -> tuple[Fact, ...]:
    return tuple(fact for fact in sheet.facts if fact.key)


def _moved_by(sheet: FactSheet, notes: Sequence[Evidence]) -> tuple[Fact, ...]:
    """The facts that notes name as what they should move."""
    named = {note.metric for note in notes if note.metric is not None}
    return tuple(fact for fact in sheet.facts if fact.id in named or fact.metric_id in named)


def _headline_notes(sheet: FactSheet, facts: Sequence[Fact]) -> tuple[Evidence, ...]:
    ids = {fact.id for fact in facts} | {fact.metric_id for fact in facts}
    return tuple(
        note for note in sheet.evidence if note.metric in ids and note.kind in ("action", "context", "constraint")
    )


def _unique(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.id: fact for fact in facts}.values())
