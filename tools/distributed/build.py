"""Fact sheets of everybody, or of several people and teams, computed by Spark's workers. See the package."""

from __future__ import annotations

import pickle
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial, reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from tools.distributed.given import ACROSS, AS_TRAIL, Group, Organisation, Question
from tools.distributed.packing import CELLS, PARTS, pack
from tools.distributed.part import (
    ANSWERS,
    FACTS,
    SHEETS,
    PartEngine,
    fact_sheets,
    facts_of,
    group_figures,
    look_over,
    open_part,
)
from tools.distributed.planning import Plan, plan_parts
from tools.distributed.routing import routed
from tools.distributed.session import plain_errors
from tools.distributed.sources import Tables, tables_of
from tools.facts import FactSheet
from tools.metrics.catalogue import ROWS, metrics_of
from tools.metrics.queries import relations
from tools.metrics.subjects import Subject, active_subjects, find_subject
from tools.organisation import Settings
from tools.periods import parse_period
from tools.tables import TABLES
from tools.workspace import Workspace

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    Source = Workspace | Mapping[str, Any]
    Kpis = Mapping[str, Sequence[str]]

_UNKNOWN_CORES = 8
# What tells whether a deal is nobody's (`tools.metrics.coverage.count_unowned`).
_TO_COUNT_UNOWNED = {"created_on", "closed_on", "status", "owner"}


class _Sheets(NamedTuple):
    """The rows of `sheet_rows`, whom they are of in the order asked for, and the records that are held for them."""

    rows: DataFrame
    order: list[str]
    held: DataFrame


def build_all(spark: SparkSession, source: Source, period: str, *, as_of: date, **options: Any) -> list[FactSheet]:
    """The fact sheets of everybody active in the period, by person id. `options` are those of `sheet_rows`."""
    return build_many(spark, source, None, period, as_of=as_of, **options)


def build_many(
    spark: SparkSession, source: Source, who: Sequence[str] | None, period: str, *, as_of: date, **options: Any
) -> list[FactSheet]:
    """The fact sheets of several people or teams in the order asked for. `options` are those of `sheet_rows`."""
    with plain_errors():
        sheets = _sheets(spark, source, who, period, as_of, **options)
        try:
            found = {row["who"]: FactSheet.model_validate_json(row["sheet"]) for row in sheets.rows.collect()}
        finally:
            sheets.held.unpersist()
    return [found[key] for key in sheets.order]


def sheet_rows(
    spark: SparkSession, source: Source, who: Sequence[str] | None, period: str, *, as_of: date,
    kpis: Kpis | None = None, settings: Settings | None = None, parts: int | None = None, threads: int = 1,
    memory: str | None = None,
) -> DataFrame:  # fmt: skip
    """One row for each person or team: `who` (their id), `sheet` (the fact sheet as JSON), `part` and `worker`.

    They stay with Spark until they are written or collected. `who` is as in `build_many`, None for everybody. `parts`:
    how many to divide people into (as the cluster has cores). `threads` and `memory` ("2GB") bound the engine in a
    task.
    """
    with plain_errors():
        return _sheets(
            spark, source, who, period, as_of, kpis=kpis, settings=settings, parts=parts, threads=threads, memory=memory
        ).rows


def fact_rows(sheets: DataFrame) -> DataFrame:
    """One row for each fact in the rows of `sheet_rows`: whose, which, value, comparators; or why it is absent."""
    with plain_errors():
        return sheets.mapInArrow(facts_of, FACTS)


def _sheets(
    spark: SparkSession, source: Source, who: Sequence[str] | None, period: str, as_of: date, *,
    kpis: Kpis | None = None, settings: Settings | None = None, parts: int | None = None, threads: int = 1,
    memory: str | None = None,
) -> _Sheets:  # fmt: skip
    tables = tables_of(spark, source, settings)
    fiscal_year_start = tables.settings.organisation.fiscal_year_start
    parsed = parse_period(period, as_of=as_of, fiscal_year_start=fiscal_year_start)
    question = Question(tables.settings, parsed, as_of, kpis or {}, threads, memory)
    organisation = _organisation(spark, tables, question)
    with (
        TemporaryDirectory(prefix="salesbrief-") as folder,
        open_part(Path(folder), question, organisation) as engine,
    ):
        subjects = _subjects(engine, who)
        each_once = list({subject.key: subject for subject in subjects}.values())
        plan = plan_parts(engine.database, each_once, engine.period, parts or _cores(spark))
        held = _cells(spark, tables, engine, plan).persist()
    groups = _groups(held, question, organisation, plan)
    work = partial(fact_sheets, question=question, organisation=organisation, parts=plan.subjects, groups=groups)
    rows = _by_part(held, plan.subjects).mapInArrow(work, SHEETS)
    return _Sheets(rows, [subject.key for subject in subjects], held)


def _groups(held: DataFrame, question: Question, organisation: Organisation, plan: Plan) -> dict[str, Group]:
    """Comparable people's figures by group."""
    if not plan.groups:
        return {}
    work = partial(group_figures, question=question, organisation=organisation, parts=plan.groups)
    return {group.key: group for group in _answers(_by_part(held, plan.groups).mapInArrow(work, ANSWERS))}


def _subjects(engine: PartEngine, who: Sequence[str] | None) -> list[Subject]:
    if who is None:
        return active_subjects(engine.database, engine.period)
    return [find_subject(engine.database, each, engine.period) for each in who]


def _organisation(spark: SparkSession, tables: Tables, question: Question) -> Organisation:
    """What every part is given, worked out by one task from the few columns that it takes."""
    needs = " ".join(need for metric in metrics_of(question.settings) for need in metric.needs)
    narrow = {name: _narrow(frame, name, needs) for name, frame in tables.large.items()}
    cells = _union([_marker(spark, [0]), *(_packed(frame, name) for name, frame in narrow.items())])
    work = partial(look_over, question=question, organisation=Organisation(tables.hints, tables.small))
    return _answers(_by_part(cells, [0]).mapInArrow(work, ANSWERS))[0]


def _narrow(frame: DataFrame, name: str, needs: str) -> DataFrame:
    """A table's columns that are asked for when the whole organisation is looked over."""
    from pyspark.sql import functions as f

    asked = " ".join(relations()[each].sql for each in _made_from((*ACROSS, *AS_TRAIL)))
    words = set(re.findall(r"[a-z_]+", f"{asked} {needs}")) | _TO_COUNT_UNOWNED
    words |= {rows.coverage.split(".")[1] for rows in ROWS}
    kept = [column for column in TABLES[name].column_names if column in words and column in frame.columns]
    return frame.select(*kept, f.array(f.lit(0)).alias(PARTS))


def _made_from(names: Sequence[str]) -> set[str]:
    """Those of these that are relations, and all that they are made from."""
    known = [name for name in names if name in relations()]
    return set(known).union(*(_made_from(relations()[name].sources) for name in known))


def _cells(spark: SparkSession, tables: Tables, engine: PartEngine, plan: Plan) -> DataFrame:
    """The records of every part. A part without any has a marker, so that its task runs all the same."""
    there = {name: frame for name, frame in tables.large.items() if name in engine.database.present}
    frames = routed(spark, there, engine.database, plan.of_person)
    markers = _marker(spark, [*plan.subjects, *plan.groups])
    return _union([markers, *(_packed(frame, name) for name, frame in frames.items())])


def _packed(frame: DataFrame, name: str) -> DataFrame:
    return frame.mapInArrow(partial(pack, table=name), CELLS)


def _marker(spark: SparkSession, parts: Sequence[int]) -> DataFrame:
    rows = pa.table(
        {
            "part": pa.array(parts, pa.int32()),
            "name": [""] * len(parts),
            "cell": pa.array([b""] * len(parts), pa.binary()),
        }
    )
    return spark.createDataFrame(rows, CELLS)


def _union(frames: Sequence[DataFrame]) -> DataFrame:
    return reduce(lambda one, other: one.unionByName(other), frames)


def _by_part(cells: DataFrame, parts: Collection[int]) -> DataFrame:
    """The cells of these parts, each part's in a task of its own."""
    theirs = cells.where(cells["part"].isin(list(parts)))
    return theirs.repartitionById(len(parts), cells["part"] - min(parts)).sortWithinPartitions("part", "name")


def _answers(rows: DataFrame) -> list[Any]:
    """What tasks of ours have answered."""
    return [pickle.loads(row["answer"]) for row in rows.collect()]


def _cores(spark: SparkSession) -> int:
    """How many tasks run at once, as far as Spark says: a client of Spark Connect cannot ask."""
    from pyspark.errors import PySparkAttributeError

    try:
        return spark.sparkContext.defaultParallelism
    except PySparkAttributeError:
        return _UNKNOWN_CORES
