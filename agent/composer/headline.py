"""The headline: the attainment and the best result; then the weakest result with its target, and why it matters."""

from __future__ import annotations

from agent.comparing import printed_order, redefined
from agent.composer.desk import Desk, fair_prior, few
from agent.composer.results import why_statement
from agent.draft import Block, Comparison, FactToken, Part, Statement, Target, Text
from agent.plan import SectionPlan, below_colleagues, restates, shown_against
from tools.facts import Fact

_SHARES = ("quota_attainment", "team_attainment")


def compose_headline(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """Two short paragraphs, or one where nothing is weak."""
    plan = desk.plan
    first = [_lead(desk, section)] if plan.lead is not None else []
    if plan.best is not None:
        first.append(_best(desk, plan.best))
    if not first and plan.weakest is None:
        return (Block(statements=(desk.say("headline.nothing", "nothing", {}),)),)
    if plan.no_target and not (plan.lead is not None and plan.lead.id == "revenue_won"):
        first.append(desk.say("headline.no_target", "no_target", {}))
    if plan.weakest is None:
        return (Block(statements=tuple(first)),)
    why = why_statement(desk, plan.weakest)
    reason = [why] if why is not None else []
    if plan.lead is not None and plan.weakest.id == plan.lead.id:
        return (Block(statements=(*first[:1], *reason, *first[1:])),)
    second = Block(statements=(_weakest(desk, plan.weakest), *reason))
    return (Block(statements=tuple(first)), second) if first else (second,)


def _lead(desk: Desk, section: SectionPlan) -> Statement:
    """The result that the role is measured by first, in the words that fit what is on record of it."""
    fact = desk.plan.lead
    assert fact is not None
    behind = next((other for other in section.facts if other.id != fact.id and restates(fact, other)), None)
    if fact.metric_id in _SHARES and behind is not None and _told_as_share(fact, behind):
        kind = "attained_to_date" if desk.plan.sheet.to_date else "attained_short" if fact.weak else "attained"
        holes: dict[str, tuple[Part, ...]] = {
            "attained": _attained(fact, behind),
            "result": (FactToken(fact=behind.id),),
        }
        return desk.say(f"headline.{kind}", fact.id, holes)
    if fact.metric_id == "goal_attainment" and behind is not None and not desk.plan.sheet.to_date:
        holes = {**desk.wording.names("behind", behind), "attained": _attained(fact, behind)}
        kind = "goal_short" if fact.weak else "goal"
        return desk.say(f"headline.{kind}", fact.id, {**holes, "result": (FactToken(fact=behind.id),)})
    if fact.id == "revenue_won" and desk.plan.no_target:
        return _revenue(desk, fact)
    against = "team" if _stands_out(desk, fact) else shown_against(fact)
    moved = against == "prior" and printed_order(fact, "prior") != 0
    kind = "lead_to_date" if desk.plan.sheet.to_date else "lead_moved" if moved else "lead"
    holes = {**desk.metric(fact), **desk.figures(fact, against, headline=True)}
    return desk.say(f"headline.{kind}", fact.id, holes, fact)


def _told_as_share(fact: Fact, behind: Fact) -> bool:
    """Whether "92% of the quota, with $1.05M won" says it all: of money, and not where only the period before shows
    that it fell short."""
    return behind.unit.startswith("currency") and (fact.target is not None or not fact.weak)


def _attained(fact: Fact, behind: Fact) -> tuple[Part, ...]:
    """An attainment as a share of what was agreed."""
    if fact.target is not None:
        return (Comparison(fact=fact.id, against="target"),)
    value = FactToken(fact=fact.id)
    if behind.target is None:
        return (value, Text(text=" of target"))
    return (value, Text(text=" of the "), Target(fact=behind.id, exact=True), Text(text=" target"))


def _revenue(desk: Desk, fact: Fact) -> Statement:
    """Revenue against the prior period, and that no target is on record."""
    if fact.prior is None and fact == desk.plan.weakest:
        return desk.say("headline.revenue_below", fact.id, desk.figures(fact, "team", headline=True))
    if fact.prior is None:
        return desk.say("headline.revenue_alone", fact.id, {"result": (FactToken(fact=fact.id),)})
    comparable = fair_prior(fact) and not redefined(fact)
    named = "prior_period" in desk.common and printed_order(fact, "prior") != 0
    kind = "revenue" if comparable and named and not desk.plan.sheet.to_date else "revenue_beside"
    figure = Comparison(fact=fact.id, against="prior", form="stated")
    return desk.say(f"headline.{kind}", fact.id, {"figure": (figure,)})


def _best(desk: Desk, fact: Fact) -> Statement:
    moved = fair_prior(fact) and printed_order(fact, "prior") != 0
    holes = {**desk.metric(fact), **desk.figures(fact, "prior" if moved else shown_against(fact), headline=True)}
    return desk.say("headline.best" if moved else "headline.best_to_target", fact.id, holes, fact)


def _weakest(desk: Desk, fact: Fact) -> Statement:
    if _stands_out(desk, fact):
        holes = {**desk.metric(fact), **desk.figures(fact, "team", headline=True)}
        return desk.say("headline.below_team", fact.id, holes, fact)
    against = shown_against(fact)
    assert against is not None, f"{fact.id} cannot fall short of nothing"
    since = against == "prior" and printed_order(fact, "prior") != 0
    kind = "headline.weakest_since" if since else "headline.weakest_few" if few(fact) else "headline.weakest"
    return desk.say(kind, fact.id, {**desk.metric(fact), **desk.figures(fact, against, headline=True)}, fact)


def _stands_out(desk: Desk, fact: Fact) -> bool:
    """Whether the fact is the weakest only by what comparable colleagues reach: nothing else is on record of it."""
    return fact == desk.plan.weakest and not fact.weak and below_colleagues(fact)
