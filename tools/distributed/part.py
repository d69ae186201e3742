"""What runs inside a task: the ordinary engine over one part of the organisation. No Spark here.

look_over(…)         once, over narrow rows of everybody: the `Organisation`
group_figures(…)     of comparable people: a `Group`
fact_sheets(…)       of people, managers and teams: their fact sheets, with the groups' figures given
facts_of(…)          sheets taken apart, one row per fact
"""

from __future__ import annotations

import os
import pickle
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from tools.database import Database, quoted
from tools.distributed.given import ACROSS, Group, Organisation, Part, Question
from tools.distributed.packing import to_cell, unpacked, write_tables
from tools.facts import FactSheet
from tools.frames import check_key
from tools.metrics.catalogue import ROWS, metrics_of
from tools.metrics.coverage import Coverage
from tools.metrics.distribution import Spread, spreads
from tools.metrics.engine import Engine, Figures
from tools.metrics.model import Rows
from tools.metrics.shared import NEEDS
from tools.metrics.sheets import Sheets
from tools.metrics.subjects import create_scope
from tools.tables import TABLES

SHEETS = "part int, who string, sheet string, worker string"
ANSWERS = "part int, answer binary, worker string"
FACTS = (
    "who string, person string, role string, period string, start_on date, end_on date, id string, label string, "
    "value double, unit string, target double, prior double, year_ago double, team double, team_size int, "
    "better string, is_key boolean, absent string"
)


class PartEngine(Engine):
    """The engine over a part: what concerns the whole organisation is given."""

    def __init__(self, database: Database, question: Question, organisation: Organisation, shared: Path) -> None:
        database.present, database.hints = organisation.present, organisation.hints
        self._organisation = organisation
        super().__init__(
            database, question.period, question.as_of, ROWS, metrics_of(question.settings), shared=shared
        )  # fmt: skip
        assert organisation.coverage is not None and organisation.trail is not None
        self.trail = organisation.trail
        self.unowned_deals = organisation.unowned_deals

    def coverage(self, rows: Rows) -> Coverage:
        first, last = self._organisation.coverage[rows.coverage]
        return replace(super().coverage(rows), first=first, last=last)


def look_over(
    batches: Iterable[pa.RecordBatch], question: Question, organisation: Organisation
) -> Iterator[pa.RecordBatch]:
    """The organisation with what is made of everybody's records."""
    for part, folder in unpacked(batches):
        with _database(folder, question, organisation) as database:
            engine = Engine(database, question.period, question.as_of, ROWS, metrics_of(question.settings))
            engine.relations.require(ACROSS)
            create_scope(database, [], engine.period)
            seen = {rows.coverage: engine.coverage(rows) for rows in ROWS}
            small = dict(organisation.small)
            if "people" not in small:
                # Whoever owns a deal is one of the people then; that has to be known to all parts.
                small["people"] = to_cell(
                    database.connection.cursor().sql("SELECT person_id FROM staff").to_arrow_table()
                )
            found = replace(
                organisation,
                present=database.present,
                small=small,
                shared=_written(engine, folder / "shared.duckdb"),
                coverage={name: (coverage.first, coverage.last) for name, coverage in seen.items()},
                trail=engine.trail,
                unowned_deals=engine.unowned_deals if "deals" in database.present else 0,
            )
        yield _answer(part, found)


def group_figures(
    batches: Iterable[pa.RecordBatch], question: Question, organisation: Organisation, parts: Mapping[int, Part]
) -> Iterator[pa.RecordBatch]:
    """The `Group`s of each part."""
    for part, folder in unpacked(batches):
        asked = parts[part].groups
        with open_part(folder, question, organisation) as engine:
            # For each group somebody who is nobody, to be compared with it.
            nobody = [replace(each, key=f"compared with {each.key}", person=None, peers=each.key) for each in asked]
            figures = engine.compute(engine.metrics, nobody)
            spread = spreads(engine, [metric for metric in engine.metrics if not metric.split_of])
        for each in asked:
            yield _answer(part, _group(each.key, figures, spread))


def fact_sheets(
    batches: Iterable[pa.RecordBatch],
    question: Question,
    organisation: Organisation,
    parts: Mapping[int, Part],
    groups: Mapping[str, Group],
) -> Iterator[pa.RecordBatch]:
    """The fact sheets of each part's subjects, as JSON."""
    for part, folder in unpacked(batches):
        subjects = parts[part].subjects
        with open_part(folder, question, organisation) as engine:
            alone = engine.compute(engine.metrics, [replace(subject, peers=None) for subject in subjects])
            given = {(key, metric): each for key, group in groups.items() for metric, each in group.spreads.items()}
            sheets = Sheets(engine, engine.metrics, _compared(alone, groups), question.kpis, given)
            found = [sheets.sheet(subject).model_dump_json() for subject in subjects]
        yield pa.RecordBatch.from_pydict(
            {
                "part": pa.array([part] * len(found), pa.int32()),
                "who": [subject.key for subject in subjects],
                "sheet": found,
                "worker": [_worker()] * len(found),
            }
        )


def facts_of(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A row for each fact of each sheet, and for each absent metric a row that says why in `absent`."""
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in (each.split(" ") for each in FACTS.split(", "))])
    for batch in batches:
        for who, text in zip(batch["who"].to_pylist(), batch["sheet"].to_pylist(), strict=True):
            sheet = FactSheet.model_validate_json(text)
            head = {
                "who": who, "person": sheet.person, "role": sheet.role, "period": sheet.period,
                "start_on": sheet.start, "end_on": sheet.end,
            }  # fmt: skip
            facts = [{**head, **fact.model_dump(), "is_key": fact.key} for fact in sheet.facts]
            absent = [{**head, "id": each.id, "absent": each.reason} for each in sheet.absent]
            rows = [{name: row.get(name) for name in schema.names} for row in [*facts, *absent]]
            yield pa.RecordBatch.from_pylist(rows, schema)


_ARROW = {"string": pa.string(), "double": pa.float64(), "int": pa.int32(), "boolean": pa.bool_(), "date": pa.date32()}


@contextmanager
def open_part(folder: Path, question: Question, organisation: Organisation) -> Iterator[PartEngine]:
    """The engine over the rows in a folder, with the organisation given."""
    file = folder / "shared.duckdb"
    file.write_bytes(organisation.shared)
    with _database(folder, question, organisation) as database:
        for table in TABLES.values():
            if len(table.key) == 1 and table.name in organisation.present:
                check_key(database.connection, f"raw_{table.name}", table, table.key[0])
        yield PartEngine(database, question, organisation, file)


@contextmanager
def _database(folder: Path, question: Question, organisation: Organisation) -> Iterator[Database]:
    write_tables(folder, organisation.small.items())
    with Database.build(question.settings, [("part", folder)], {}) as database:
        run = database.connection.execute
        # Tasks share a machine: each keeps to its core, and puts what does not fit beside its rows.
        run(f"SET threads = {question.threads}")
        run(f"SET temp_directory = '{quoted(folder)}'")
        if question.memory is not None:
            run("SET memory_limit = ?", [question.memory])
        yield database


def _written(engine: Engine, file: Path) -> bytes:
    """The relations of `ACROSS`, and which needs are met, as a DuckDB file."""
    needs = sorted({need for metric in engine.metrics for either in metric.needs for need in either.split("|")})
    run = engine.database.connection.execute
    run(f"ATTACH '{quoted(file)}' AS shared_file")
    for name in ACROSS:
        run(f"CREATE TABLE shared_file.{name} AS SELECT * FROM {name}")
    run(
        f"CREATE TABLE shared_file.{NEEDS} AS SELECT unnest(?::VARCHAR[]) AS need, unnest(?::BOOLEAN[]) AS met",
        [needs, [engine.has(need) for need in needs]],
    )
    run("DETACH shared_file")
    return file.read_bytes()


def _group(key: str, figures: Figures, spread: Mapping[tuple[str, str], Spread]) -> Group:
    return Group(
        key,
        figures.group_sizes.get(key, 0),
        figures.cells.get((key, "current"), {}),
        {by: cells for (by, subject, period), cells in figures.split.items() if (subject, period) == (key, "current")},
        {metric: each for (group, metric), each in spread.items() if group == key},
    )


def _compared(alone: Figures, groups: Mapping[str, Group]) -> Figures:
    """Figures of subjects with those of the groups that they are compared with."""
    split = dict(alone.split)
    for group in groups.values():
        split |= {(by, group.key, "current"): cells for by, cells in group.split.items()}
    cells = {(group.key, "current"): group.cells for group in groups.values()}
    sizes = {group.key: group.size for group in groups.values()}
    return replace(alone, cells={**alone.cells, **cells}, split=split, group_sizes=sizes)


def _answer(part: int, answer: Organisation | Group) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "part": pa.array([part], pa.int32()),
            "answer": pa.array([pickle.dumps(answer)], pa.binary()),
            "worker": [_worker()],
        }
    )


def _worker() -> str:
    """The process that did the work, so that one can see how it was spread."""
    return f"{socket.gethostname()}:{os.getpid()}"
