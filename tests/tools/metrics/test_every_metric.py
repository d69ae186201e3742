"""Rules that hold for every metric, tested for every metric on the demo organisation."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from tools.demo.organisation import demo_tables
from tools.facts import FactSheet
from tools.metrics.build import build_many
from tools.metrics.catalogue import METRICS, ROWS
from tools.metrics.queries import relations
from tools.tables import TABLES

AS_OF = date(2026, 7, 5)
WHO = ("u111", "u120", "u131", "u141", "u151")
Tables = dict[str, pd.DataFrame]


def sheets(tables: Tables, period: str = "2026-Q2", who: tuple[str, ...] = WHO) -> list[FactSheet]:
    return build_many(tables, who, period, as_of=AS_OF)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return demo_tables()


@pytest.fixture(scope="module")
def usual(tables: Tables) -> list[FactSheet]:
    return sheets(tables)


def figures(found: list[FactSheet]) -> dict[tuple[str | None, str], tuple]:
    """Everything that is a figure in the sheets, by person and fact."""
    return {
        (each.person_id, fact.id): (fact.value, fact.target, fact.prior, fact.year_ago, fact.records)
        for each in found
        for fact in each.facts
    }


def apart_from_spend(found: dict) -> dict:
    """Without the metrics that share out the whole organisation's spend by head."""
    return {key: value for key, value in found.items() if key[1] not in ("cac", "clv_to_cac", "sales_efficiency")}


def test_the_order_of_rows_does_not_matter(tables: Tables, usual: list[FactSheet]) -> None:
    shuffled = {name: frame.sample(frac=1, random_state=7) for name, frame in tables.items()}
    assert sheets(shuffled) == usual


def test_somebody_unrelated_changes_nobodys_figures(tables: Tables, usual: list[FactSheet]) -> None:
    stranger = pd.DataFrame([{"person_id": "x1", "name": "Xaver Zed", "role": "sdr", "team": "Elsewhere"}])
    deals = tables["deals"].head(30).assign(owner="x1", deal_id=[f"X{n}" for n in range(30)], account=None)
    more = {
        **tables,
        "people": pd.concat([tables["people"], stranger]),
        "deals": pd.concat([tables["deals"], deals]),
    }
    assert apart_from_spend(figures(sheets(more))) == apart_from_spend(figures(usual))


def test_renaming_everybody_changes_no_figure(tables: Tables, usual: list[FactSheet]) -> None:
    people = tables["people"].assign(name=[f"Person {n}" for n in range(len(tables["people"]))], email=None)
    assert figures(sheets({**tables, "people": people})) == figures(usual)


def test_doubling_every_amount_doubles_money_and_leaves_rates(tables: Tables, usual: list[FactSheet]) -> None:
    money = {
        name: [column.name for column in TABLES[name].columns if column.type == "money" and column.name in frame]
        for name, frame in tables.items()
    }
    doubled = {name: frame.assign(**{each: frame[each] * 2 for each in money[name]}) for name, frame in tables.items()}
    is_amount = (doubled["deal_changes"]["field"] == "amount").to_numpy()
    for side in ("old", "new"):
        column = doubled["deal_changes"][side].copy()
        column[is_amount] = (column[is_amount].astype(float) * 2).map("{:.0f}".format)
        doubled["deal_changes"][side] = column
    targets = doubled["targets"]
    in_money = (targets["metric"] == "quota").to_numpy()
    for column in ("value", "adjusted_value"):
        targets[column] = targets[column].where(~in_money, targets[column] * 2)
    before, after = (
        # Classes of size are other classes after doubling, and customers per unit of spend are fewer.
        {
            key: value
            for key, value in found.items()
            if "[size=" not in key[1] and key[1] != "sales_efficiency.customers"
        }
        for found in (figures(usual), figures(sheets(doubled)))
    )
    units = {(each.person_id, fact.id): fact.unit for each in usual for fact in each.facts}
    assert before.keys() == after.keys()
    for key, (value, *_) in before.items():
        factor = 2 if units[key].startswith("currency") else 1
        assert after[key][0] == pytest.approx(factor * value, rel=1e-9), key


def test_a_period_before_all_records_has_no_figure_and_every_reason(tables: Tables) -> None:
    for each in sheets(tables, "2019-Q1"):
        assert each.facts == ()
        assert all(absent.reason for absent in each.absent)


def test_every_metric_is_a_fact_or_absent_with_a_reason(usual: list[FactSheet]) -> None:
    for each in usual:
        told = {absent.id for absent in each.absent}
        facts = {re.sub(r"\[[^]]*\]", "", fact.id) for fact in each.facts}
        side = "person" if each.role != "sales_manager" else "team"
        for metric in METRICS:
            if side in metric.subjects:
                assert metric.id in told or metric.fact_id in facts or metric.fact_id.split("[")[0] in facts, metric.id


# These are counted per period and not per record: what is due, touched or valued at a month's end is so once a month.
NOT_BY_RECORD = {"pipeline_created", "pipeline_influenced", "slipped_deals", "slipped_deals.value", "slip_reasons",
                 "protected_mrr"}  # fmt: skip


def test_what_adds_up_over_records_adds_up_over_the_months(tables: Tables, usual: list[FactSheet]) -> None:
    months = [figures(sheets(tables, month)) for month in ("2026-04", "2026-05", "2026-06")]
    adding = [metric for metric in METRICS if metric.additive and metric.id not in NOT_BY_RECORD]
    compared = set()
    for each in usual:
        for metric in adding:
            parts = [fact for fact in each.facts if re.sub(r"\[[^]]*\]", "", fact.id) == metric.fact_id]
            for fact in parts if len(parts) < 10 else []:  # of many values, other months show others
                found = [month.get((each.person_id, fact.id), (0,))[0] for month in months]
                assert sum(found) == pytest.approx(fact.value, rel=1e-12), (each.person, fact.id)
                compared.add(metric.fact_id)
    assert {"revenue_won", "deals_won", "deals_lost", "deals_created", "calls", "meetings_booked", "renewed_mrr",
            "loss_reasons", "deal_changes", "expansion_revenue"} <= compared  # fmt: skip


def test_records_of_a_count_are_as_many_as_it_says(usual: list[FactSheet]) -> None:
    counts = ("deals_won", "deals_lost", "deals_created", "pipeline_deals", "stalled_deals", "slipped_deals")
    for each in usual:
        for fact_id in counts:
            found = each.fact(fact_id)
            assert found is None or len(found.records) == found.value


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_a_metric_tells_a_sceptic_what_it_is(metric) -> None:
    names = set(re.findall(r"\b[a-z]\w*\b", metric.formula))
    assert set(metric.measures) <= names, "a measure that the formula does not use"
    assert metric.definition and metric.label and metric.why and metric.absent
    assert metric.unit in ("currency", "count", "ratio", "days", "hours", "minutes", "multiple")
    assert {measure.rows for measure in metric.measures.values()} <= {rows.name for rows in ROWS}
    for need in metric.needs:
        for choice in need.split("|"):
            table, _, column = choice.partition(".")
            for name in column.partition("=")[0].split("<"):
                assert name == "" or TABLES[table].column(name) is not None


def test_ids_and_row_names_are_unique() -> None:
    assert len({metric.id for metric in METRICS}) == len(METRICS)
    assert len({rows.name for rows in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", sorted(relations()))
def test_a_relation_says_truly_what_it_is_made_from(name: str) -> None:
    scopes = {"scope", "subjects", "reports", "peer_members", "people_keys"}
    given = {"rules", "periods", "moments", "snapshots", "metric_kinds"} | scopes
    relation = relations()[name]
    body = "\n".join(line for line in relation.sql.splitlines() if not line.lstrip().startswith("--"))
    used = set(re.findall(r"(?:\bFROM|\bJOIN|,)\s+([a-z_]+)\b", body)) & (given | set(TABLES) | set(relations()))
    assert used == set(relation.sources)
    assert relation.meaning
