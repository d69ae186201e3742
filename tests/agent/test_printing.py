"""Printed parts: every direction, side and digit that a reader relies on."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agent.draft import (
    Against,
    Attainment,
    Block,
    Comparison,
    Draft,
    FactToken,
    Goal,
    LeftOut,
    Name,
    Quotation,
    Section,
    Statement,
    Target,
    Text,
)
from agent.markdown import to_markdown
from agent.naming import date_range, escape, label, lowered, period_name
from agent.printing import Printer
from agent.record import RunRecord
from prompts.loader import PromptSet
from tools.facts import Evidence, Fact, FactSheet, Scope

LANGUAGE = PromptSet.load().language("en")


def _fact(value: float, unit: str = "ratio", **more: Any) -> Fact:
    return Fact(**{"id": "win_rate", "label": "Win rate", "value": value, "unit": unit, "better": "higher", **more})


def _printer(*facts: Fact, **more: Any) -> Printer:
    sheet = FactSheet(person="Ada Berg", period="2026-Q2", start=date(2026, 4, 1), end=date(2026, 6, 30),
                      facts=facts, **more)  # fmt: skip
    return Printer(sheet, LANGUAGE)


def _compared(fact: Fact, against: Against, form: str = "full", beside: tuple[Against, ...] = ()) -> str:
    return _printer(fact).comparison(fact, against, form, beside)


@pytest.mark.parametrize(
    ("fact", "printed"),
    [
        (_fact(0.73, target=0.9), "73%, 17 points short of the 90% target"),
        (_fact(0.32, target=0.3), "32%, 2 points above the 30% target"),
        (_fact(0.9, target=0.9), "90%, exactly on target"),
        (_fact(0.896, target=0.9), "89.6%, 0.4 points short of the 90% target"),
        (_fact(96, "days", target=80, better="lower"), "96 days, 16 days over the 80-day target"),
        (_fact(49, "days", target=50, better="lower"), "49 days, 1 day under the 50-day target"),
        (_fact(58, "count", target=60), "58, 2 short of the target of 60"),
        (_fact(2, "count", target=0, better="lower"), "2 against a target of none"),
        (_fact(0, "count", target=0, better="lower"), "0, as targeted"),
        (_fact(1.8, "multiple", target=2), "1.8×, 0.2× short of the 2× target"),
        (_fact(560_000, "currency:USD", target=504_500), "$560K, $55.5K above the $504.5K target"),
        (_fact(-20_000, "currency:USD", target=10_000), "-$20K, $30K short of the $10K target"),
        # Two figures of seven digits each would be right, and nobody would read them.
        (_fact(1_343_300, "currency:USD", target=1_507_500), "$1.34M, short of the $1.51M target"),
    ],
)
def test_a_result_is_printed_on_its_side_of_the_target(fact: Fact, printed: str) -> None:
    assert _compared(fact, "target") == printed


@pytest.mark.parametrize(
    ("form", "printed"),
    [("full", "up from 27% to 30%"), ("stated", "30%, up from 27%"), ("bare", "from 27% to 30%")],
)
def test_a_move_is_printed_in_three_forms(form: str, printed: str) -> None:
    assert _compared(_fact(0.30, prior=0.27), "prior", form) == printed


def test_a_move_of_days_says_the_unit_once() -> None:
    fact = _fact(96, "days", prior=78, better="lower")
    assert _compared(fact, "prior") == "up from 78 to 96 days"
    assert _compared(fact, "prior", "stated") == "96 days, up from 78"


def test_no_move_is_called_unchanged() -> None:
    assert _compared(_fact(0.3, prior=0.3), "prior") == "unchanged at 30%"
    assert _compared(_fact(0.3, prior=0.3), "prior", "stated") == "30%, unchanged"


def test_a_difference_that_no_digit_shows_is_no_difference() -> None:
    fact = _fact(0.30000000000000004, prior=0.3, target=0.3)
    assert _compared(fact, "prior") == "unchanged at 30%"
    assert _compared(fact, "target") == "30%, exactly on target"


def test_what_stands_beside_is_printed_at_one_precision() -> None:
    fact = _fact(0.302, prior=0.281, target=0.3)
    assert _compared(fact, "target", beside=("prior",)) == "30.2%, 0.2 points above the 30% target and up from 28.1%"


def test_a_move_that_only_further_digits_show_is_told_as_none() -> None:
    coverage = _fact(2.035, "multiple", id="pipeline_coverage", label="Pipeline coverage", prior=2.044)
    assert _compared(coverage, "prior") == "level at 2×"
    assert _compared(_fact(0.624, prior=0.6232), "prior", "stated") == "62%, level with the period before"


def test_a_move_of_next_to_nothing_is_not_rounded_up_to_one() -> None:
    assert _compared(_fact(0.625, prior=0.6232), "prior", "stated") == "63%, level with the period before"
    assert _compared(_fact(0.63, prior=0.62), "prior", "stated") == "63%, up from 62%"
    assert _compared(_fact(401, "count", prior=400), "prior", "stated") == "401, up from 400"


def test_a_shortfall_against_the_prior_period_always_shows() -> None:
    assert _compared(_fact(0.51, "multiple", prior=0.54), "prior", "stated") == "0.51×, down from 0.54×"


def test_a_small_count_is_set_against_its_target_without_a_distance() -> None:
    slipped = _fact(2, "count", target=1, prior=0, better="lower")
    assert _compared(slipped, "target", beside=("prior",)) == "2, against a target of 1 and up from none"


def test_a_shortfall_said_before_can_leave_its_distance_out() -> None:
    assert _compared(_fact(0.73, target=0.9, prior=0.81), "target", "stated", ("prior",)) == (
        "73%, short of the 90% target and down from 81%"
    )


def test_a_result_alone_is_printed_as_beside_its_target() -> None:
    fact = _fact(0.625, target=0.6)
    assert _printer(fact).figure(fact) == "62.5%"
    assert _compared(fact, "target") == "62.5%, 2.5 points above the 60% target"


def test_an_average_of_colleagues_asks_for_no_further_digits() -> None:
    revenue = _fact(207_182, "currency:USD", id="revenue_won", label="Revenue won", team=333_517.8)
    assert _compared(revenue, "team") == "$207K, below the $334K average of comparable colleagues"


def test_the_team_stands_beside_as_an_average() -> None:
    fact = _fact(0.30, prior=0.27, team=0.25)
    printed = _compared(fact, "prior", "bare", ("team",))
    assert printed == "from 27% to 30%, 5 points above the 25% average of comparable colleagues"


def test_a_prior_that_is_no_full_match_says_so() -> None:
    partly = _compared(_fact(0.3, prior=0.2, prior_partial=True), "prior")
    assert partly == "up from 20% to 30% (the earlier period is only partly on record)"
    counted = _compared(_fact(0.3, prior=0.2, definition="a / b", prior_definition="a / c"), "prior")
    assert counted == "up from 20% to 30% (the definition differed then)"
    year = _compared(_fact(0.3, year_ago=0.2, definition="a / b", year_ago_definition="a / c"), "year_ago")
    assert year.endswith("(the definition differed then)")


def test_attainment_names_the_quota_it_is_a_share_of() -> None:
    quota = _fact(0.921, id="quota_attainment", label="Quota attainment", target=1.0)
    revenue = _fact(1_050_000, "currency:USD", id="revenue_won", label="Revenue won", target=1_140_000)
    printer = _printer(quota, revenue)
    assert printer.comparison(quota, "target") == "92% of the $1,140,000 quota, 8 points short"
    assert printer.comparison(revenue, "target") == "$1.05M, $90K short of the $1.14M quota"


def test_attainment_without_a_goal_that_agrees_says_quota_alone() -> None:
    quota = _fact(1.11, id="quota_attainment", label="Quota attainment", target=1.0)
    assert _compared(quota, "target") == "111% of quota"


@pytest.mark.parametrize(
    ("fact", "printed"),
    [
        (_fact(560, "currency:USD", target=500), "112%"),
        (_fact(0.32, target=0.3), "met"),
        (_fact(2, "count", target=0, better="lower"), "missed"),
        (_fact(5, "count", target=0), "met"),
        (_fact(5, "count", target=4, better=None), "–"),
    ],
)
def test_attainment_is_a_share_only_where_that_means_something(fact: Fact, printed: str) -> None:
    assert _printer(fact).part(Attainment(fact=fact.id)) == printed


def test_a_figure_is_never_rounded_onto_the_target_that_it_misses() -> None:
    assert _printer(_fact(0.996, target=1.0)).part(FactToken(fact="win_rate")) == "99.6%"


def test_targets_and_goals_print_alone() -> None:
    printer = _printer(_fact(0.73, target=0.9, target_before=0.95))
    assert printer.part(Target(fact="win_rate")) == "90%"
    assert printer.part(Target(fact="win_rate", before=True)) == "95%"
    assert printer.part(Goal(fact="win_rate", value=0.8)) == "80% (proposed)"


def test_a_quotation_is_escaped_and_fitted_to_its_place() -> None:
    note = Evidence(id="n1", date=date(2026, 5, 12), kind="note", text="Won *big* at [Acme](http://a.b)")
    printer = _printer(evidence=(note,))
    quoted = Quotation(evidence="n1", span="Won *big* at [Acme](http://a.b)")
    assert printer.part(quoted) == "“Won \\*big\\* at \\[Acme\\](http:\\/\\/a.b)”"
    assert printer.part(Quotation(evidence="n1", span="Won", marks=False, first="small")) == "won"
    assert printer.part(Name(name="note_date", of="n1")) == "12 May"


@pytest.mark.parametrize(
    ("text", "printed"),
    [("Win rate", "win rate"), ("MRR protected", "MRR protected"), ("A higher rate", "a higher rate"), ("", ""),
     ("iPad", "iPad"), ("I said", "I said"), ("Öppna affärer", "öppna affärer"), ("5 calls", "5 calls")],
)  # fmt: skip
def test_a_first_word_is_made_small_unless_it_is_an_acronym(text: str, printed: str) -> None:
    assert lowered(text) == printed


def test_a_label_carries_its_dimension_in_brackets() -> None:
    fact = _fact(1, "count", id="accounts_at_risk[segment=mid_size]", label="Accounts at risk, segment mid_size")
    assert label(fact) == "Accounts at risk (mid size)"
    assert _printer(fact).part(Name(name="dimension", of=fact.id)) == "mid size"


@pytest.mark.parametrize(
    ("period", "printed"),
    [("2026-Q2", "Q2 2026"), ("FY2018-Q1", "Q1 FY2018"), ("2017-07", "July 2017"), ("2017", "2017"),
     ("2017-07-01..2017-09-30", "1 July – 30 September 2017")],
)  # fmt: skip
def test_periods_are_named_as_people_say_them(period: str, printed: str) -> None:
    assert period_name(period) == printed


def test_a_range_over_two_years_names_both() -> None:
    assert date_range(date(2025, 12, 1), date(2026, 2, 28)) == "1 December 2025 – 28 February 2026"


@pytest.mark.parametrize("text", ["a\nb", "a\u202eb", "a\x00b", "a\u2028b", "a\tb"])
def test_crm_text_stays_on_one_line_and_keeps_its_direction(text: str) -> None:
    assert escape(text) == "a b"


@pytest.mark.parametrize("text", ["# a", "1. a", "- a", "| a |", "<img>", "`a`", "~~a~~", "&lt;", "_a_"])
def test_crm_text_cannot_format_the_page(text: str) -> None:
    assert escape(text).count("\\") >= 1


def test_dated_changes_are_written_with_their_month() -> None:
    printer = _printer(scope=Scope(changes=("2026-05-11: territory from North to South.",)))
    assert printer.part(Name(name="change", of="0")) == "11 May: territory from North to South"


def test_markdown_leads_with_the_headline_and_ends_with_what_was_left_out() -> None:
    sheet = FactSheet(person="Ada <b>", period="2026-Q2")
    told = Section(id="headline", title="In short", blocks=(_paragraph("It stands here."),))
    left = LeftOut(id="targets", title="Goals and targets", reason="no target is on record.")
    draft = Draft(sheet=sheet, headline=told, sections=(), record=_record(), left_out=(left,))
    assert to_markdown(draft) == (
        "# Ada \\<b\\>: Q2 2026\n\nIt stands here.\n\n*Left out: goals and targets, because no target is on record.*\n"
    )


def _paragraph(text: str) -> Block:
    return Block(statements=(Statement(parts=(Text(text=text),), text=text),))


def _record() -> RunRecord:
    return RunRecord(
        software="test", sheet_sha256="", as_of=date(2026, 7, 1), started_at="2026-07-01T00:00:00Z", seconds=0
    )


AMOUNTS = [(560_000, 504_500), (1_050_000, 1_140_000), (12_345.5, 12_000), (9, 9_999)]


@pytest.mark.parametrize("money", ["full", "code"])
@pytest.mark.parametrize(("value", "target"), AMOUNTS)
def test_money_in_full_is_full_and_its_gap_is_the_difference(money: str, value: float, target: float) -> None:
    fact = Fact(id="won", label="Won", value=value, unit="currency:USD", target=target, better="higher", team=target)
    sheet = FactSheet(person="Ada Berg", period="2026-Q2", currency="USD", facts=(fact,))
    printer = Printer(sheet, PromptSet.load().language("en"), money=money)  # type: ignore[arg-type]
    for against in ("target", "team"):
        text = printer.part(Comparison(fact="won", against=against)).replace("\xa0", " ")
        figures = [Decimal(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]
        assert figures == [Decimal(str(value)), abs(Decimal(str(value)) - Decimal(str(target))), Decimal(str(target))]
        assert ("USD" in text) == (money == "code")
        assert not re.search(r"\d[KMB]", text)
