"""A figure of a report opens to the records that it was computed from, and they give it again."""

from __future__ import annotations

from decimal import Decimal
from statistics import mean

import pytest

from tests.tools.metrics.worlds import AS_OF, world
from tools.demo.organisation import DEMO, demo_tables
from tools.errors import InputError, NotFound
from tools.organisation import Organisation, Settings
from tools.reports.build import _computed, open_report
from tools.reports.listing import REPORTS
from tools.reports.opening import OpenedRow, open_row

WORLD = world(
    people="person_id role team\nAnn sales_rep East\nBen sales_rep West",
    deals="""
        deal_id  owner  status  source    amount  created_on  closed_on
        d1       Ann    won     Inbound   100     2026-04-01  2026-04-10
        d2       Ann    won     Outbound  70      2026-04-01  2026-05-10
        d3       Ann    lost    Outbound  30      2026-04-01  2026-05-11
        d4       Ben    won     Inbound   40      2026-03-01  2026-04-20
    """,
)


def ids(opened: OpenedRow) -> list[str]:
    return [record["deal_id"] for record in opened.records]


def test_a_row_opens_to_its_deals_and_what_each_adds() -> None:
    opened = open_report(WORLD, "deals_won_and_lost", "2026-Q2", as_of=AS_OF, row="ann", column="Revenue won")
    assert [(record["deal_id"], record["revenue"]) for record in opened.records] == [("d1", 100), ("d2", 70)]
    assert (opened.value, dict(opened.numbers)) == (170, {"revenue": 170})
    assert opened.to_dict()["records"][0]["closed_on"] == "2026-04-10"


def test_a_month_a_value_and_the_total_open_too() -> None:
    def open_(row: str, **options) -> list[str]:
        return ids(open_report(WORLD, "deals_won_and_lost", "2026-Q2", as_of=AS_OF, row=row, **options))

    assert open_("Ann, 2026-05", every="month") == ["d2"]
    assert open_("2026-04", every="month", by="total") == ["d1", "d4"]
    assert open_("Outbound", by="source", column="win_rate") == ["d2", "d3"]
    assert open_("Total", by="source") == ["d1", "d2", "d4"]


def test_what_cannot_be_opened_says_what_can() -> None:
    with pytest.raises(NotFound, match='no row "Bem". Did you mean "Ben"'):
        open_report(WORLD, "deal_size", "2026-Q2", as_of=AS_OF, row="Bem")
    with pytest.raises(NotFound, match='"n" may be "Ann", "Ben"; write the whole of one'):
        open_report(WORLD, "deal_size", "2026-Q2", as_of=AS_OF, row="n")
    with pytest.raises(NotFound, match='it has "Average deal size", "Deals won"'):
        open_report(WORLD, "deal_size", "2026-Q2", as_of=AS_OF, row="Ann", column="win")
    with pytest.raises(InputError, match="lists the records themselves"):
        open_report(demo_tables(), "deal_changes", DEMO.period, as_of=DEMO.as_of, row="D-1")


TABLES = demo_tables()
SETTINGS = Settings(organisation=Organisation(currency=DEMO.currency, zone=DEMO.zone))
OPENED = [(each.name, by) for each in REPORTS if each.listing is None for by in each.splits[:2]]


@pytest.mark.parametrize(("name", "by"), OPENED)
def test_the_records_of_every_figure_give_its_numbers_again(name: str, by: str) -> None:
    compared = 0
    with _computed(TABLES, name, DEMO.period, DEMO.as_of, SETTINGS, {"by": by}) as computed:
        for figure in computed.table.columns:
            metric = next(each for each in computed.lines.metrics if each.id == figure.key)
            for line in (*computed.table.lines[:2], computed.table.lines[-1]):
                opened = open_row(computed.lines, computed.table, ", ".join(line.labels), figure.key)
                assert len({tuple(each.values())[0] for each in opened.records}) == len(opened.records)
                for measure in metric.record_measures:
                    added = [each[measure] for each in opened.records if each.get(measure) is not None]
                    if metric.measures[measure].rows in ("quotas", "forecasts_made", "stages_of_closed"):
                        continue  # no records of their own, or several a deal
                    again = _again(metric.measures[measure].sql, added)
                    if again is not None and opened.numbers.get(measure) is not None:
                        assert float(opened.numbers[measure]) == pytest.approx(float(again), rel=1e-9)
                        compared += 1
                if metric.measures[metric.record_measures[0]].sql == "count(*)" and len(metric.record_measures) == 1:
                    assert opened.numbers.get(metric.record_measures[0], 0) == len(opened.records)
                    compared += 1
    assert compared > 0 or name in ("deal_funnel", "time_in_stage")


def _again(sql: str, values: list) -> Decimal | float | None:
    """The measure over what each record adds, or None where that is no sum or mean."""
    if sql.startswith("sum("):
        return sum(map(Decimal, map(str, values)))
    return mean(map(float, values)) if sql.startswith("avg(") and values else None
