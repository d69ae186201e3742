"""What figures are bound to: by label words alone, by unit, by role, and by one step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.checks import run_checks
from evals.reading.facts import FactView, fact_views
from evals.reading.reading import Reading
from evals.reading.support import Support
from tools.errors import InputError
from tools.facts import Fact

CYCLE = {"id": "cycle_days", "label": "Sales cycle", "value": 49, "unit": "days", "target": 45, "prior": 44}
RATE = {"id": "quibble_rate", "label": "Quibble rate", "value": 0.3, "unit": "ratio", "target": 0.28, "prior": 0.27}
MONEY = {"id": "bookings", "label": "Bookings", "value": 1_050_000, "unit": "currency:USD", "target": 1_200_000}


def bound(text: str, *facts: dict, language: str = "en") -> list[str]:
    reading = Reading.of(text, facts, [], language)
    return [
        f"{reading.facts[binding.fact].id}.{binding.comparator}" if binding.fact is not None else binding.how
        for binding in reading.bindings
    ]


def test_a_metric_no_list_knows_is_bound_by_its_label() -> None:
    assert bound("The quibble rate rose from 27% to 30%.", RATE) == ["quibble_rate.prior", "quibble_rate.value"]


def test_shown_precision_decides() -> None:
    assert bound("$1.05M booked, $1.1M, $1.06M.", MONEY) == ["bookings.value", "bookings.value", "unbound"]


def test_an_approximate_word_widens_by_one_digit_that_counts() -> None:
    assert bound("nearly 50 days, over 45 days, about 50 days", CYCLE) == [
        "cycle_days.value",
        "cycle_days.target",
        "cycle_days.value",
    ]


def test_units_are_converted_between_durations() -> None:
    assert bound("seven weeks", CYCLE) == ["cycle_days.value"]


def test_another_currency_is_not_the_fact() -> None:
    assert bound("Bookings were €1.05M.", MONEY) == ["unbound"]


def test_a_table_column_gives_the_role() -> None:
    same = {**RATE, "target": 0.3}
    text = "| KPI | Target | Actual |\n|---|---|---|\n| Quibble rate | 30% | 30% |"
    assert bound(text, same) == ["quibble_rate.target", "quibble_rate.value"]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("The sales cycle is five days longer.", "difference"),
        ("The sales cycle is 11% longer.", "change"),
        ("Six of twelve, 50%, agreed.", "share"),
        ("Two and three make five, 41%.", None),
    ],
)
def test_one_step_supports_a_figure(text: str, step: str | None) -> None:
    reading = Reading.of(text, [CYCLE], [], "en")
    unbound = [binding for binding in reading.bindings if binding.how == "unbound" and binding.figure.kind != "count"]
    assert Support(reading).of(unbound[-1]) == step


def test_evidence_supports_its_own_figures_in_words_or_digits() -> None:
    evidence = [{"id": "n1", "text": "It was on 11 of the 16 contracts."}]
    reading = Reading.of("Eleven contracts had it.", [CYCLE], evidence, "en")
    assert Support(reading).of(reading.bindings[0]) == "evidence"


def test_facts_may_come_from_our_sheet_or_from_anyone() -> None:
    ours = Fact(id="win_rate", label="Win rate", value=0.3, unit="ratio")
    theirs = {"id": "win_rate", "value": 0.3, "unit": "ratio", "colour": "green"}
    assert [view.label for view in fact_views([ours, theirs])] == ["Win rate", "win rate"]


def test_a_fact_without_a_number_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="win_rate"):
        fact_views([{"id": "win_rate", "value": "30%"}])


@pytest.mark.parametrize(
    ("fields", "weak"),
    [
        ({"value": 96, "prior": 78, "better": "lower"}, True),
        ({"value": 100, "prior": 105, "better": "higher"}, False),
        ({"value": 99, "prior": 105, "better": "higher"}, True),
        ({"value": 99, "prior": 105, "target": 95, "better": "higher"}, False),
        ({"value": 99, "prior": 105, "better": None}, False),
    ],
)
def test_weak_is_what_the_rubric_says(fields: dict, weak: bool) -> None:
    assert FactView("x", "X", **fields).weak is weak


@pytest.mark.parametrize("language", ["en", "pl", "sv", "ar", "da"])
@given(text=st.text(alphabet="ab Z.|-*#:1259%$kM,\n٣اtoفي(", max_size=160))
@settings(max_examples=40, deadline=timedelta(seconds=4))
def test_no_text_makes_a_check_crash(language: str, text: str) -> None:
    result = run_checks(text, [CYCLE, RATE, MONEY], [{"id": "n", "text": text[::-1]}], language)
    assert result.errors == ()
