"""The fact sheets of the demo's people agree with the specification, and with the second road of the other tests."""

import pytest

from tools.demo.organisation import DEMO, demo_tables
from tools.metrics.build import build_many
from tools.organisation import Organisation, Settings


@pytest.fixture(scope="module")
def sheets():
    tables = demo_tables()
    settings = Settings(organisation=Organisation(currency=DEMO.currency, zone=DEMO.zone))
    people = [person.name for person in DEMO.people]
    sheets = build_many(tables, people, DEMO.period, as_of=DEMO.as_of, settings=settings)
    return {sheet.person.split()[0]: sheet for sheet in sheets}


# First name, fact, value, target, value of the quarter before (None: not said by the specification).
FIGURES = [
    ("Michael", "revenue_won", 560_000, 504_500, 411_300),
    ("Michael", "quota_attainment", 1.110, 1, None),
    ("Michael", "deals_won", 12, None, None),
    ("Michael", "deals_lost", 28, None, None),
    ("Michael", "average_deal_size", 46_666.667, None, 41_130),
    ("Michael", "win_rate", 0.30, None, None),
    ("Michael", "forecast_accuracy", 0.73, 0.90, None),
    ("Michael", "deals_without_next_step", 5, None, 0),
    ("Jessica", "qualified_meetings", 58, None, 47),
    ("Jessica", "meetings_held", 54, None, 39),
    ("Jessica", "meeting_to_opportunity", 7 / 54, 0.18, 6 / 39),
    ("Jessica", "pipeline_influenced", 820_000, None, None),
    ("Jessica", "show_rate", 54 / 58, None, 39 / 47),
    ("Daniel", "revenue_won", 1_050_000, 1_140_000, 860_000),
    ("Daniel", "quota_attainment", 0.921, 1, None),
    ("Daniel", "deals_won", 5, None, 4),
    ("Daniel", "average_deal_size", 210_000, None, None),
    ("Daniel", "sales_cycle_days", 96, None, 78),
    ("Daniel", "slipped_deals", 2, 1, 1),
    ("Daniel", "slipped_deals.value", 210_000, None, None),
    ("Daniel", "forecast_accuracy", 0.80, None, 0.860),
    ("Daniel", "late_stage_conversion", 5 / 7, None, 0.5),
    ("Ashley", "protected_mrr", 980_000, None, 940_000),
    ("Ashley", "expansion_revenue", 240_000, None, 186_000),
    ("Ashley", "accounts_at_risk[segment=mid_size]", 2, 0, 0),
    ("Ashley", "renewal_forecast_accuracy", 0.794, None, 0.956),
    ("Brandon", "team_attainment", 1.03, 1, None),
    ("Brandon", "revenue_growth", 0.09, None, None),
    ("Brandon", "win_rate", 0.26, None, 0.22),
    ("Brandon", "sales_cycle_days[segment=smb]", 41, None, 52),
    ("Brandon", "reps_below_coverage", 2, 0, 0),
]


@pytest.mark.parametrize(("who", "fact_id", "value", "target", "prior"), FIGURES)
def test_figures_are_those_of_the_specification(sheets, who, fact_id, value, target, prior):
    fact = sheets[who].fact(fact_id)
    assert fact.value == pytest.approx(value, rel=2e-3)
    assert fact.target == target
    if prior is not None:
        assert fact.prior == pytest.approx(prior, rel=2e-3)


def test_michaels_team_won_a_quarter_of_its_deals(sheets):
    fact = sheets["Michael"].fact("win_rate")
    assert (fact.team, fact.team_size) == (0.25, 6)


def test_jessica_answers_sooner_than_before(sheets):
    fact = sheets["Jessica"].fact("lead_response_minutes")
    assert fact.value < fact.prior / 2
