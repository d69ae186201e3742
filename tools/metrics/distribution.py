"""How a figure is spread over comparable people: quartiles, and where the person stands among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.facts import Fact
from tools.metrics.engine import Engine
from tools.metrics.groups import Spread
from tools.metrics.model import Metric
from tools.metrics.plan import Plan, packed
from tools.metrics.queries import names_in

# Under three people a spread would give away a single colleague's figure.
SMALLEST_GROUP = 3

DISTRIBUTION = Metric(
    id="rep_distribution",
    label="Standing among comparable people",
    definition="share of the comparable people whose figure is not above this person's; beside it the quartiles of the "
    "group (.low, .median, .high)",
    unit="ratio",
    better=None,
    formula="",
    measures={},
    by=("metric",),
    split_of="rep_distribution",
    why="A mean hides whether a result is that of many or of a few.",
    caveat="Comparable people share role and, where recorded, segment; under three of them there is no standing.",
    needs=("people",),
    absent="fewer than three comparable people have the figure",
    subjects=("person",),
)


def spreads(engine: Engine, metrics: Sequence[Metric]) -> Mapping[tuple[str, str], Spread]:
    """By peers group and metric id: the current figures of everybody in it, one set-based pass for all.

    Call it after `Engine.compute`, whose groups these are. Managers' groups, whose records overlap, have none.
    """
    possible = [metric for metric in metrics if metric.team is not None and engine.lacking(metric) is None]
    if not possible:
        return {}
    if engine.known_groups:
        kept = {group: engine.groups.spreads(group, possible) for group in engine.known_groups}
        if None in kept.values():
            with engine.without_groups() as computing:
                return spreads(computing, metrics)
        return {
            (group, metric_id): spread
            for group, by_metric in kept.items()
            for metric_id, spread in by_metric.items()
            if spread is not None
        }
    plan = Plan(False)
    for metric in possible:
        plan.add(metric)
    tables = [_aggregate(engine, name, columns) for name, columns in plan.columns.items()]
    joins = " ".join(f"LEFT JOIN {table} USING (subject)" for table in tables)
    values = ", ".join(f'CAST(({plan.formula(metric)}) AS DOUBLE) AS "{metric.id}"' for metric in possible)
    engine.database.connection.execute(
        f"CREATE TEMP TABLE figures_of_peers AS SELECT peers, person, {values} FROM "
        f"(SELECT subject, 'current' AS period, peers, person, {', '.join(plan.filled())} FROM ({_MEMBERS}) {joins})"
    )
    found = {}
    for metric in possible:
        for peers, listed, people, quartiles in engine.database.rows(
            f'SELECT peers, list("{metric.id}" ORDER BY "{metric.id}"), list(person ORDER BY person), '
            f'quantile_cont("{metric.id}", [0.25, 0.5, 0.75]) FROM figures_of_peers '
            f'WHERE "{metric.id}" IS NOT NULL GROUP BY peers HAVING count(*) >= {SMALLEST_GROUP}'
        ):
            found[peers, metric.id] = Spread(tuple(listed), tuple(people), *quartiles)
    for (group,) in engine.database.rows("SELECT DISTINCT peers FROM subjects WHERE peers IS NOT NULL"):
        of_group = {metric_id: spread for (peers, metric_id), spread in found.items() if peers == group}
        engine.groups.keep_spreads(group, possible, of_group)
    return found


def distribution_facts(fact: Fact, spread: Spread) -> list[Fact]:
    """Where the fact's value stands among comparable people, and the quartiles of the group."""
    common = {
        "team_size": len(spread.values),
        "definition": DISTRIBUTION.definition,
        "caveat": DISTRIBUTION.caveat,
        "why": DISTRIBUTION.why,
        "record_table": "people",
        "records": spread.people,
    }
    fact_id = f"rep_distribution[metric={fact.id}]"
    quartiles = (("low", "lower quartile", spread.low), ("median", "median", spread.median),
                 ("high", "upper quartile", spread.high))  # fmt: skip
    return [
        Fact(id=fact_id, label=f"{fact.label}, standing", value=spread.standing(fact.value), unit="ratio", **common),
        *(
            Fact(id=f"{fact_id}.{name}", label=f"{fact.label}, {words}", value=value, unit=fact.unit, **common)
            for name, words, value in quartiles
        ),
    ]


# Whoever belongs to a group of comparable people, each as a subject of their own.
_MEMBERS = """
SELECT DISTINCT m.peers || '/' || m.person AS subject, m.peers, m.person
FROM peer_members m JOIN periods p ON p.period = 'current' AND m.from_on < p.end_on AND m.to_on > p.start_on
WHERE m.peers NOT LIKE 'peers:sales_manager:%'
"""


def _aggregate(engine: Engine, name: str, columns: Mapping[str, str]) -> str:
    """Make the table of one row set's measures per member of a group; return its name."""
    rows = engine.rows[name]
    engine.relations.require(names_in(rows.sql))
    if rows.per_subject:
        source = f"SELECT *, false AS is_peers FROM ({rows.sql}) WHERE period = 'current' AND subject LIKE 'peers:%'"
    else:
        source = (
            f"SELECT m.peers || '/' || m.person AS subject, true AS is_peers, r.* FROM ({rows.sql}) r "
            "JOIN peer_members m ON m.person = r.person AND r.on_day >= m.from_on AND r.on_day < m.to_on "
            "WHERE r.period = 'current' AND m.peers NOT LIKE 'peers:sales_manager:%'"
        )
    table = f"of_peers_{name}"
    engine.database.connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT subject, {packed(name, columns)} FROM ({source}) GROUP BY subject"
    )
    return table
