"""Every id of the metric dictionary is computed, worked by hand, reached by a second road, and opened to its records.

`dictionary.txt` lists the ids; `dictionary.toml` names for each the test that works it by hand and the one that reaches
it without the metric layer. Both must exist and be about that metric: its id stands in the test, or in what it reads.
"""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tools.demo.organisation import DEMO, demo_tables
from tools.metrics.build import open_engine
from tools.metrics.catalogue import METRICS, catalogue
from tools.metrics.engine import Engine
from tools.metrics.explanation import find_fact, open_fact
from tools.metrics.model import Metric
from tools.metrics.sheets import Sheets
from tools.metrics.subjects import active_subjects
from tools.organisation import Organisation, Settings

TESTS = Path(__file__).parents[1]
DICTIONARY = (Path(__file__).parent / "dictionary.txt").read_text(encoding="utf-8").split()
CASES = tomllib.loads((Path(__file__).parent / "dictionary.toml").read_text(encoding="utf-8"))
# The facts of these are those of another id, split.
SHOWN_AS = {f"revenue_by_{by}": f"revenue_won[{by}=" for by in ("source", "product", "segment")}
# What the metric layer offers to those who compute; a second road may read its facts, but not compute with it.
LAYER = {"engine", "plan", "queries", "subjects", "catalogue"}
# These are made from the facts of a sheet, which have records of their own.
DERIVED = ("goal_attainment", "rep_distribution")


def base(metric_id: str) -> str:
    return metric_id.split("[")[0].split(".")[0]


def test_every_id_of_the_dictionary_is_computed() -> None:
    computed = {base(each["id"]) for each in catalogue()}
    assert [each for each in DICTIONARY if each not in computed] == []


def test_nothing_computed_passes_for_a_dictionary_metric_without_being_one() -> None:
    claimed = {base(each["id"]) for each in catalogue() if each["origin"] == "metric dictionary"}
    helpers = {"business_reviews", "tasks", "qualified_meetings_held", "forecast_commit", "forecast_best_case"}
    assert claimed - set(DICTIONARY) - helpers == set()


def test_every_id_has_both_its_tests() -> None:
    assert list(CASES) == DICTIONARY
    assert all(set(each) == {"hand", "again"} and each["hand"] != each["again"] for each in CASES.values())


@pytest.mark.parametrize("metric_id", DICTIONARY)
@pytest.mark.parametrize("road", ["hand", "again"])
def test_the_named_test_is_about_the_metric(metric_id: str, road: str) -> None:
    file, _, name = CASES[metric_id][road].partition("::")
    read = _read_by(TESTS / file, name)
    assert read, f"{file} has no {name}"
    wanted = re.compile(rf"(?<![a-z_.]){metric_id}(?![a-z_])|{re.escape(SHOWN_AS.get(metric_id, metric_id + '['))}")
    assert any(wanted.search(text) for text in read), f"{name} in {file} says nothing of {metric_id}"


@pytest.mark.parametrize("file", sorted({each["again"].partition("::")[0] for each in CASES.values()}))
def test_a_second_road_is_not_the_first(file: str) -> None:
    imported = {
        alias.name.rpartition(".")[2] if isinstance(node, ast.Import) else (node.module or "").rpartition(".")[2]
        for node in ast.walk(_tree(TESTS / file)) if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (alias.name if isinstance(node, ast.Import) else node.module or "").startswith("tools.metrics")
    }  # fmt: skip
    # The waterfall is asked for at once for people and teams; whom to ask for needs `subjects`.
    assert imported & LAYER - ({"subjects"} if file.endswith("test_waterfall.py") else set()) == set()


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _read_by(file: Path, name: str) -> tuple[str, ...]:
    """The strings in a test and in what it reads of its module, tables and helpers included; () if there is none."""
    defined: dict[str, list[ast.stmt]] = {}
    for node in _tree(file).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.setdefault(node.name, []).append(node)
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            if isinstance(target, ast.Name):
                defined.setdefault(target.id, []).append(node)
    if name not in defined:
        return ()
    reached, todo = set(), [name]
    while todo:
        current = todo.pop()
        if current in reached or current not in defined:
            continue
        reached.add(current)
        for node in defined[current]:
            todo += [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
            todo += [each.arg for each in ast.walk(node) if isinstance(each, ast.arg)]
    nodes = [each for name in reached for node in defined[name] for each in ast.walk(node)]
    return tuple(each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str))


# Kinds of activity that the demo's people do not log.
MORE = pd.DataFrame(
    [
        {"activity_id": f"M-{n}", "type": kind, "owner": "u111", "at": pd.Timestamp(2026, 5, 4, 15),
         "status": "completed", "outcome": "reached" if kind == "call" else None, "minutes": 30.0,
         "selling": n % 2 == 0}
        for n, kind in enumerate(("task", "chat", "note", "sequence", "call", "call"))
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def demo():
    tables = demo_tables()
    tables["activities"] = pd.concat([tables["activities"], MORE])
    settings = Settings(organisation=Organisation(currency=DEMO.currency, zone=DEMO.zone))
    with open_engine(tables, DEMO.period, as_of=DEMO.as_of, settings=settings) as engine:
        subjects = active_subjects(engine.database, engine.period)
        figures = engine.compute(METRICS, subjects)
        sheets = Sheets(engine, METRICS, figures, {})
        yield engine, figures, {subject: sheets.facts(subject) for subject in subjects}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_a_figure_opens_to_records_that_give_it_again(demo, metric: Metric) -> None:
    """The numbers follow from the records, and the value from the numbers, for the first three people who have it."""
    engine, figures, found = demo
    opened = 0
    for subject, figured in found.items():
        for fact in figured.facts:
            if opened == 3 or fact.metric_id != base(metric.fact_id):
                continue
            of = find_fact(fact.id, METRICS)
            if of.metric.id != metric.id:
                continue
            told = open_fact(engine, subject, of, figures, figured)
            assert len(told.records) == len(fact.records)
            assert _numbers_follow(engine, metric, told), fact.id
            if "OVER (" not in metric.formula:
                names = ", ".join(f"CAST({value} AS DECIMAL(28, 8)) AS {name}" if isinstance(value, int) else
                                  f"CAST({'NULL' if value is None else value} AS DOUBLE) AS {name}"
                                  for name, value in told.numbers.items())  # fmt: skip
                value = duckdb.sql(f"SELECT CAST({metric.formula} AS DOUBLE) FROM (SELECT {names})").fetchall()[0][0]
                assert value == pytest.approx(fact.value, rel=1e-6, abs=1e-9), fact.id
            opened += 1
    if metric.id not in NOT_IN_THE_DEMO:
        assert opened > 0


# No deal of the demo skips a stage.
NOT_IN_THE_DEMO = frozenset({"stage_conversion.skipped"})


def _numbers_follow(engine: Engine, metric: Metric, told) -> bool:
    """Whether each measure over the records is the number: sums and means of what they add, counts of how many."""
    counts = []
    for name in metric.record_measures:
        measure, number = metric.measures[name], float(told.numbers.get(name) or 0)
        if engine.rows[measure.rows].per_subject and not engine.rows[measure.rows].bounded:
            continue
        added = [float(each[name]) for each in told.records if each.get(name) is not None]
        again = None
        if measure.sql.startswith("count("):
            counts.append(number if not added else len(told.records) * number / sum(added))
        elif measure.sql.startswith("sum(") and added:
            again = sum(added)
        elif measure.sql.startswith("avg("):
            again = sum(added) / len(added)
        if again is not None and number != pytest.approx(again, rel=1e-6):
            return False
    # Of several counts, one may hold all the records, or they share them out.
    whole = counts and len(counts) == len(metric.record_measures)
    return not whole or max(counts) <= len(told.records) <= sum(counts)


@pytest.mark.parametrize("metric_id", DERIVED)
def test_what_is_made_from_facts_has_their_records(demo, metric_id: str) -> None:
    _, _, found = demo
    facts = [fact for figured in found.values() for fact in figured.facts if fact.metric_id == metric_id]
    assert all(fact.records and fact.record_table for fact in facts)
    assert facts or metric_id == "goal_attainment"


@pytest.mark.parametrize("listed", catalogue(), ids=lambda listed: listed["id"])
def test_the_catalogue_leaves_nothing_open(listed: dict) -> None:
    assert listed["definition"] and listed["unit"] and listed["why"] and listed["needs"] and listed["origin"]
    assert listed["better"] in ("higher", "lower", None)
