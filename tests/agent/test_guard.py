"""The guard: what it refuses, in words that whoever wrote it can act on."""

from __future__ import annotations

from datetime import date

import pytest

from agent.draft import Block, Comparison, FactToken, Goal, Part, Quotation, Section, Statement, Target, Text
from agent.guard import number_like, refusals
from agent.plan import plan_summary
from prompts.loader import PromptSet
from tools.facts import Evidence, Fact, FactSheet

PROMPTS = PromptSet.load()
LANGUAGE = PROMPTS.language("en")
RATE = Fact(id="win_rate", label="Win rate", value=0.3, unit="ratio", prior=0.27, better="higher", key=True)
SHORT = Fact(id="forecast_accuracy", label="Forecast accuracy", value=0.73, unit="ratio", target=0.9, prior=0.8,
             better="higher", key=True)  # fmt: skip
NOTE = Evidence(id="n1", date=date(2026, 5, 1), kind="action", metric="win_rate", text="Brought buyers in early")
PLAN = plan_summary(FactSheet(person="Ada", period="2026-Q2", facts=(RATE, SHORT), evidence=(NOTE,)), PROMPTS)

VALUE, MOVED, MISSED = (
    FactToken(fact="win_rate"),
    Comparison(fact="win_rate", against="prior", form="bare"),
    Comparison(fact="forecast_accuracy", against="target"),
)


def _reasons(section_id: str, *sentences: tuple[Part | str, ...]) -> list[str]:
    """The guard's reasons against a section of one-sentence paragraphs."""
    blocks = tuple(
        Block(statements=(Statement(parts=tuple(Text(text=p) if isinstance(p, str) else p for p in parts)),))
        for parts in sentences
    )
    section = Section(id=section_id, title="", blocks=blocks, written_by="model")
    return refusals(section, PLAN.section(section_id), PLAN, LANGUAGE)


def test_a_section_that_keeps_to_its_plan_stands() -> None:
    assert _reasons("kpis", ("The win rate rose ", MOVED, ".")) == []
    assert _reasons("pipeline", ("Forecast accuracy came in at ", MISSED, ".")) == []


@pytest.mark.parametrize("words", ["by 5", "by five", "twice", "by half", "by ٣", "by a third", "in II parts", "50 %"])
def test_a_number_outside_a_token_is_refused(words: str) -> None:
    assert any("number outside a token" in reason for reason in _reasons("kpis", ("It rose ", MOVED, f" {words}.")))


@pytest.mark.parametrize("words", ["both", "first", "once", "one-to-one", "third-party", "quarterly", "someone"])
def test_words_that_only_look_like_numbers_stand(words: str) -> None:
    assert number_like(words, LANGUAGE) is None


@pytest.mark.parametrize("words", ["**bold**", "a [link](x)", "see https://a.b", "a | b", "<b>", "`code`"])
def test_markup_is_refused(words: str) -> None:
    assert any("plain words" in reason for reason in _reasons("kpis", (f"{words} ", VALUE, ".")))


def test_a_direction_that_the_figures_deny_is_refused() -> None:
    assert any("contradicts" in reason for reason in _reasons("kpis", ("The win rate fell ", MOVED, ".")))
    assert any("contradicts" in reason for reason in _reasons("pipeline", ("It beat the plan: ", MISSED, ".")))


def test_a_fact_of_another_section_or_without_that_comparator_is_refused() -> None:
    assert any("not a fact of this section" in reason for reason in _reasons("kpis", ("It is ", MISSED, ".")))
    against_target = Comparison(fact="win_rate", against="target")
    assert "win_rate has no target on record." in _reasons("kpis", ("It is ", against_target, "."))
    beside = Comparison(fact="win_rate", against="prior", beside=("team",))
    assert "win_rate has no team on record." in _reasons("kpis", ("It is ", beside, "."))
    assert "win_rate has no target on record." in _reasons("kpis", ("It is ", Target(fact="win_rate"), "."))


def test_only_an_earlier_period_can_be_moved_from() -> None:
    bare = Comparison(fact="forecast_accuracy", against="target", form="bare")
    assert any("move from an earlier period only" in reason for reason in _reasons("pipeline", ("It rose ", bare, ".")))


def test_a_quotation_is_the_section_s_own_and_verbatim() -> None:
    verbatim = Quotation(evidence="n1", span="buyers in early")
    assert _reasons("kpis", ("The win rate is ", VALUE, ": ", verbatim, ".")) == []
    bent = Quotation(evidence="n1", span="buyers in late")
    assert any("do not stand in note n1" in reason for reason in _reasons("kpis", ("It is ", VALUE, ": ", bent, ".")))
    assert any("does not belong" in reason for reason in _reasons("pipeline", (MISSED, ": ", verbatim, ".")))


def test_what_must_be_stated_may_not_be_left_out() -> None:
    assert "win_rate must be stated." in _reasons("kpis", ("Nothing happened.",))


def test_a_shortfall_may_not_stand_behind_another_figure() -> None:
    value = FactToken(fact="forecast_accuracy")
    assert any("must open a paragraph" in reason for reason in _reasons("pipeline", ("It is ", value, ".")))
    assert any(
        "must open a paragraph" in reason for reason in _reasons("headline", ("It is ", VALUE, " and ", MISSED, "."))
    )


def test_a_goal_stands_in_next_steps_only_and_is_no_worse_than_today() -> None:
    goal = Goal(fact="win_rate", value=0.35)
    assert not any("goal" in reason for reason in _reasons("next_steps", ("Qualify earlier, to reach ", goal, ".")))
    assert any("next steps only" in reason for reason in _reasons("kpis", ("It should be ", goal, ".")))
    lower = Goal(fact="win_rate", value=0.2)
    assert any("worse than the present" in reason for reason in _reasons("next_steps", ("Let it be ", lower, ".")))


def test_a_result_is_not_talked_away() -> None:
    assert any("talks a result away" in reason for reason in _reasons("pipeline", ("Only a blip: ", MISSED, ".")))
