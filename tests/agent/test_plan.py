"""The plan: what must be said, what opens its paragraph, and why a section is left out."""

from __future__ import annotations

from datetime import date
from typing import Any

from agent.plan import Plan, plan_summary, restates, shown_against
from prompts.loader import PromptSet
from tools.facts import Absent, Evidence, Fact, FactSheet

PROMPTS = PromptSet.load()


def _fact(fact_id: str, value: float, **more: Any) -> Fact:
    given = {"label": fact_id, "unit": "ratio", "better": "higher", "key": True, **more}
    return Fact(id=fact_id, value=value, **given)


def _note(note_id: str, kind: str, metric: str | None = None) -> Evidence:
    return Evidence(id=note_id, date=date(2026, 5, 1), kind=kind, text="Something happened", metric=metric)


def _plan(*facts: Fact, notes: tuple[Evidence, ...] = (), role: str = "account_executive", **more: Any) -> Plan:
    sheet = FactSheet(person="Ada", role=role, period="2026-Q2", facts=facts, evidence=notes, **more)
    return plan_summary(sheet, PROMPTS)


QUOTA = _fact("quota_attainment", 0.92, target=1.0)
REVENUE = _fact("revenue_won", 920, unit="currency:USD", target=1000)
ACCURACY = _fact("forecast_accuracy", 0.73, target=0.9)


def test_a_key_shortfall_opens_its_section_and_the_headline() -> None:
    plan = _plan(QUOTA, REVENUE, ACCURACY)
    assert plan.section("pipeline").shortfalls == (ACCURACY,)
    assert plan.headline.shortfalls == (ACCURACY,)


def test_a_missed_target_is_weaker_than_any_fall() -> None:
    fallen = _fact("win_rate", 0.1, prior=0.9)
    assert _plan(fallen, ACCURACY).weakest == ACCURACY


def test_the_weakest_result_is_not_the_attainment_in_other_words() -> None:
    assert _plan(QUOTA, REVENUE).weakest == QUOTA
    assert _plan(QUOTA, REVENUE, ACCURACY).weakest == ACCURACY


def test_an_attainment_is_told_beside_its_result_only_once() -> None:
    plan = _plan(QUOTA, REVENUE)
    assert [fact.id for fact in plan.section("kpis").must] == ["revenue_won"]
    assert restates(QUOTA, REVENUE) and not restates(QUOTA, ACCURACY)


def test_a_manager_s_revenue_is_told_as_team_attainment() -> None:
    team = _fact("team_attainment", 0.92, target=1.0)
    plan = _plan(team, REVENUE, role="sales_manager")
    assert [fact.id for fact in plan.section("kpis").must] == ["team_attainment"]
    assert REVENUE in plan.headline.may


def test_the_best_result_is_one_whose_cause_is_on_record() -> None:
    far = _fact("win_rate", 0.4, prior=0.2)
    explained = _fact("average_deal_size", 11, unit="currency:USD", prior=10)
    assert _plan(QUOTA, far, explained).best == far
    assert _plan(QUOTA, far, explained, notes=(_note("n1", "action", "average_deal_size"),)).best == explained


def test_the_cause_of_a_shortfall_stands_in_its_section_whatever_kind_of_note_it_is() -> None:
    short = _fact("sales_cycle_days", 90, unit="days", prior=60, better="lower")
    notes = (_note("n1", "context", "sales_cycle_days"), _note("n2", "context"))
    plan = _plan(short, notes=notes)
    assert [note.id for note in plan.section("kpis").evidence] == ["n1"]
    assert [note.id for note in plan.section("context").evidence] == ["n2"]


def test_context_says_where_the_causes_went() -> None:
    short = _fact("sales_cycle_days", 90, unit="days", prior=60, better="lower")
    plan = _plan(short, notes=(_note("n1", "context", "sales_cycle_days"),))
    assert plan.section("context").left_out == "the causes on record stand beside their results."


def test_every_result_gets_a_note_before_any_gets_its_second() -> None:
    facts = [_fact(metric, 0.3, prior=0.2) for metric in ("revenue_won", "win_rate", "deals_won", "average_deal_size")]
    notes = tuple(_note(f"n{i}", "action", "win_rate") for i in range(4)) + (_note("n9", "action", "deals_won"),)
    kept = _plan(*facts, notes=notes).section("kpis").evidence
    assert {note.id for note in kept} >= {"n0", "n9"}
    assert len(kept) == 4 or kept[-1].metric == "win_rate"


def test_a_dimension_with_the_target_stands_for_the_whole() -> None:
    whole = _fact("accounts_at_risk", 2, unit="count", prior=0, better="lower")
    part = _fact("accounts_at_risk[segment=mid]", 2, unit="count", target=0, better="lower")
    plan = _plan(whole, part, role="account_manager")
    assert plan.shortfalls == (part,)
    assert plan.section("customers").must == (part,)


def test_a_sheet_without_targets_leaves_their_section_out_with_the_reason() -> None:
    plan = _plan(_fact("revenue_won", 10, unit="currency:USD", prior=8))
    assert plan.no_target
    assert plan.section("targets").left_out == "no target is on record for this period."


def test_a_section_without_facts_gives_the_reason_that_the_facts_gave() -> None:
    missing = Absent(id="protected_mrr", reason="no subscriptions are on record")
    plan = _plan(REVENUE, absent=(missing,))
    assert plan.section("customers").left_out == "no subscriptions are on record"


def test_a_step_may_cite_the_metric_that_its_note_names() -> None:
    beside = _fact("demos", 12, unit="count", key=False)
    plan = _plan(REVENUE, beside, notes=(_note("n1", "next_step", "demos"),))
    assert beside in plan.section("next_steps").facts


def test_a_target_is_shown_before_a_prior() -> None:
    assert shown_against(_fact("win_rate", 0.3, target=0.3, prior=0.2)) == "target"
    assert shown_against(_fact("win_rate", 0.3, prior=0.2)) == "prior"
    assert shown_against(_fact("win_rate", 0.3)) is None
