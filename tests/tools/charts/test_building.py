"""What becomes a picture of which kind, and the words beside it."""

from datetime import date

import pytest

from tools.charts import Mark
from tools.charts.building import MOST_MARKS, bars, bullet, funnel, mark, of_report, parts, printed, trend, waterfall
from tools.facts import Fact, FactSheet
from tools.reports.table import Figure, Line, ReportTable

AMOUNT = Figure("amount", "Amount", "currency:USD", "")
SHARE = Figure("attainment", "Attainment", "ratio", "")


def fact(fact_id: str, value: float, label: str = "Fact", unit: str = "count", **more) -> Fact:
    return Fact(id=fact_id, label=label, value=value, unit=unit, **more)


def sheet(*facts: Fact) -> FactSheet:
    return FactSheet(
        person="Ada", role="sdr", period="2026-Q2", start=date(2026, 4, 1), end=date(2026, 6, 30), facts=facts
    )


def table(figure: Figure, rows: dict[str, float | None], dimension: str = "rep", total: float | None = None):
    lines = [Line((label,), (value,)) for label, value in rows.items()]
    if total is not None:
        lines.append(Line(("Everybody",), (total,), total=True))
    return ReportTable("r", "Report", "2026-Q2: everybody", (dimension,), (figure,), tuple(lines), {}, (), figure.key)


def labels(chart) -> list[str]:
    return [each.label for each in chart.marks]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(560000, "currency:USD", "$560K"), (0.734, "ratio", "73%"), (61.6, "days", "62 days"), (3.4, "multiple", "3.4×")],
)
def test_figures_carry_their_units(value, unit, text):
    assert printed(value, unit) == text


def test_a_result_stands_against_its_target_in_the_same_words_as_in_prose():
    drawn = bullet(
        fact("forecast_accuracy", 0.73, "Forecast accuracy", "ratio", target=0.9, better="higher"), "Q2 2026"
    )
    assert drawn.alternative == "Forecast accuracy, Q2 2026: 73% against a target of 90%, target missed."
    assert (drawn.target.value, drawn.marks[0].fact) == (0.9, "forecast_accuracy")


def test_a_target_just_missed_is_not_rounded_away():
    assert bullet(fact("a", 0.996, unit="ratio", target=1.0, better="higher"), "Q2").marks[0].text == "99.6%"


def test_a_target_of_nought_is_a_target():
    assert bullet(fact("churn", 2, target=0, better="lower"), "Q2").alternative.endswith("target missed.")


def test_without_a_target_there_is_no_bullet():
    assert bullet(fact("a", 1), "Q2") is None


def test_a_trend_says_first_last_and_extremes():
    drawn = trend("Win rate", [mark("Q1", 0.2, "ratio"), mark("Q2", 0.4, "ratio"), mark("Q3", 0.3, "ratio")])
    assert drawn.alternative == "Win rate: from 20% (Q1) to 30% (Q3). Highest 40% (Q2), lowest 20% (Q1)."


def test_a_gap_in_a_trend_says_why_and_a_cut_period_that_it_is():
    drawn = trend("Calls", [mark("Q1", 2, "count"), mark("Q2", None, "count", reason="no calls imported"),
                            mark("Q3", 3, "count", partial=True)])  # fmt: skip
    assert drawn.alternative.endswith("Q2: no calls imported. Only partly covered: Q3.")


def test_one_value_is_no_trend():
    assert trend("Calls", [mark("Q1", 2, "count"), mark("Q2", None, "count")]) is None


def test_bars_say_each_value_in_their_order():
    assert bars("Lost", [mark("Price", 2, "count"), mark("Silence", 1, "count")]).alternative == (
        "Lost: Price 2; Silence 1."
    )


def test_many_bars_are_cut_and_counted():
    drawn = bars("Many", [mark(f"m{number}", number, "count") for number in range(MOST_MARKS + 5)])
    assert (len(drawn.marks), drawn.more) == (MOST_MARKS, 5)
    assert drawn.alternative == f"Many: {MOST_MARKS + 5} values, from 0 (m0) to {MOST_MARKS + 4} (m{MOST_MARKS + 4})."


@pytest.mark.parametrize("build", [bars, waterfall, funnel, trend])
def test_nothing_to_draw_is_no_picture(build):
    assert build("x", []) is None
    assert build("x", [Mark(label="a", value=None, text="none")]) is None


def test_stages_of_a_sheet_are_a_funnel():
    drawn = parts(
        sheet(
            fact("stage_conversion[stage=Discovery].entered", 38, "Entered, stage Discovery"),
            fact("stage_conversion[stage=Discovery]", 0.8, "Step conversion, stage Discovery", "ratio"),
            fact("stage_conversion[stage=Proposal].entered", 19, "Entered, stage Proposal"),
        ),
        "stage_conversion.entered",
    )
    assert (drawn.kind, labels(drawn), drawn.title) == ("funnel", ["Discovery", "Proposal"], "Entered, 2026-Q2")


def test_parts_of_one_dimension_do_not_mix_with_those_of_another():
    facts = sheet(
        fact("loss_reasons[reason=Price]", 2, "Lost deals, reason Price"),
        fact("loss_reasons[stage=Discovery]", 7, "Lost deals, stage Discovery"),
    )
    assert labels(parts(facts, "loss_reasons")) == ["Price"]
    assert labels(parts(facts, "loss_reasons", "stage")) == ["Discovery"]


def test_a_value_that_holds_brackets_is_read_whole():
    assert labels(parts(sheet(fact("loss_reasons[reason=a]b=c[d]", 2)), "loss_reasons")) == ["a]b=c[d"]


def test_the_end_that_a_waterfall_leaves_out_is_what_its_steps_add_up_to():
    drawn = of_report(table(
        Figure("pipeline_waterfall", "Amount", "currency:USD", ""),
        {"start": 1000.1, "created": 500.2, "pushed_out": -1500.3}, "step",
    ))  # fmt: skip
    assert labels(drawn) == ["start", "created", "pushed out", "end"]
    assert (drawn.marks[-1].value, drawn.marks[-1].text) == (0.0, "$0")


def test_a_report_is_drawn_without_its_total():
    drawn = of_report(table(SHARE, {"Ada": 0.996, "Bo": None}, total=1.0))
    assert [(each.label, each.value, each.text) for each in drawn.marks] == [
        ("Ada", 0.996, "99.6%"), ("Bo", None, "not on record"),
    ]  # fmt: skip


def test_a_report_of_one_line_shows_that():
    assert labels(of_report(table(SHARE, {}, total=1.0))) == ["Everybody"]


def test_a_report_over_time_is_a_trend_with_its_cut_buckets_marked():
    drawn = of_report(table(AMOUNT, {"W1": 10, "W2": 20}, "period"), cut=("W1",))
    assert (drawn.kind, [each.partial for each in drawn.marks]) == ("trend", [True, False])


def test_a_report_that_lists_records_has_no_picture():
    assert of_report(ReportTable("r", "R", "", ("deal",), (), (Line(("d1",), ()),), {}, (), None)) is None
