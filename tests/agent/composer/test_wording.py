"""How metrics are spoken of: singular or plural, with or without an article, and with the verb of their direction."""

from __future__ import annotations

import pytest

from agent.composer.grammar import agree
from agent.composer.wording import Wording, period_holes
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet

WORDING = Wording(PromptSet.load().composing("en", "metrics"))


def _fact(label: str, value: float = 1, unit: str = "count", fact_id: str = "own") -> Fact:
    return Fact(id=fact_id, label=label, value=value, unit=unit)


@pytest.mark.parametrize(
    "label",
    ["Deals won", "Stalled deals", "Accounts at risk", "Reps below coverage", "Touches before the first meeting",
     "Late-stage deals without next step", "Meetings held", "Leads answered within 5 minutes",
     "Slipped deals, reason X"],
)  # fmt: skip
def test_a_label_with_a_plural_head_is_a_plural_subject(label: str) -> None:
    assert WORDING.is_plural(_fact(label))


@pytest.mark.parametrize(
    "label",
    ["Win rate", "Revenue won", "Value of lost deals", "New business", "Meeting to opportunity", "Protected MRR",
     "Gross status", "Sales cycle", ""],
)  # fmt: skip
def test_a_label_with_a_singular_head_is_a_singular_subject(label: str) -> None:
    assert not WORDING.is_plural(_fact(label))


def test_a_duration_lengthens_and_anything_else_rises() -> None:
    assert WORDING.verbs(_fact("Sales cycle", 96, "days"), 78) == "lengthened"
    assert WORDING.verbs(_fact("Win rate", 0.3, "ratio"), 0.2) == "rose"
    assert WORDING.verbs(_fact("Win rate", 0.2, "ratio"), 0.3) == "fell"


def test_verbs_agree_with_their_subject() -> None:
    assert agree("{Metric} was|were at it's|their best", plural=True) == "{Metric} were at their best"
    assert agree("{Metric} was|were low", plural=False) == "{Metric} was low"


def test_only_some_metrics_take_an_article() -> None:
    with_article = WORDING.names("metric", _fact("Win rate", fact_id="win_rate"))["the_metric"]
    without = WORDING.names("metric", _fact("Forecast accuracy", fact_id="forecast_accuracy"))["the_metric"]
    assert (len(with_article), len(without)) == (2, 1)


def test_a_line_without_a_subject_is_a_fragment() -> None:
    assert WORDING.is_fragment("Says what keeping a customer is worth.")
    assert not WORDING.is_fragment("What slips is missing from this period's result.")


@pytest.mark.parametrize(
    ("period", "span"), [("2026-Q2", "quarter"), ("FY2026-Q1", "quarter"), ("2026-06", "month"), ("2026", "year"),
                         ("2026-01-01..2026-02-15", "period"), ("2026-H1", "period")],
)  # fmt: skip
def test_a_span_of_time_is_called_what_it_is(period: str, span: str) -> None:
    (text,) = period_holes(FactSheet(person="Ada", period=period))["span"]
    assert text.text == span
