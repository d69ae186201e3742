"""What a reader should know about the data behind a sheet: a few lines that say why the figures may be trusted."""

from __future__ import annotations

from collections.abc import Mapping

from tools.metrics.coverage import Coverage, begins_late, is_steady
from tools.metrics.engine import Engine
from tools.metrics.needs import DATED, table_words
from tools.metrics.subjects import Subject
from tools.periods import in_words


class Quality:
    """Lines on data quality for the sheets of one computation, from a few queries for everybody."""

    def __init__(self, engine: Engine, coverages: Mapping[str, Coverage]) -> None:
        self._engine = engine
        self._coverage_lines = _coverage_lines(engine, coverages)
        self._amounts: dict[str, tuple[int, int]] = {}
        self._organisation: list[str] = [*engine.database.hints, *_unknown_people(engine)]
        if "deals" in engine.database.present:
            engine.relations.require(["closed_deals", "open_deals"])
            self._amounts = {subject: (n, bare) for subject, n, bare in engine.database.rows(_AMOUNTS)}
            unowned = engine.unowned_deals
            if unowned:
                self._organisation.append(f"{_deals(unowned)} {_has(unowned)} no known owner")
        self._targets = _uncovered_targets(engine)

    def lines(self, subject: Subject) -> list[str]:
        """One line each: missing amounts, unknown owners, targets not used, records that begin or end within."""
        lines = []
        deals, bare = self._amounts.get(subject.key, (0, 0))
        if bare:
            lines.append(f"{bare} of {deals} deals {_has(bare)} no amount")
        lines += self._organisation
        lines += self._targets.get(subject.person or "", [])
        lines += self._targets.get(f"team:{subject.team}", []) if subject.is_team else []
        return [*lines, *self._targets.get("", []), *self._coverage_lines]


_AMOUNTS = """
SELECT s.subject, count(*), count(*) FILTER (d.unvalued)
FROM (
    SELECT d.person, d.closed_on AS on_day, d.unvalued
    FROM closed_deals d JOIN periods p ON p.period = 'current' AND d.closed_on >= p.start_on AND d.closed_on < p.end_on
    WHERE d.won AND d.owns
    UNION ALL
    SELECT d.person, d.on_day, d.unvalued
    FROM open_deals d JOIN moments m ON m.period = 'current' AND m.moment = 'end' AND m.on_day = d.on_day
    WHERE d.owns
) d JOIN scope s ON s.person = d.person AND d.on_day >= s.from_on AND d.on_day < s.to_on AND NOT s.is_peers
GROUP BY s.subject
"""


def _deals(count: int) -> str:
    return f"{count} deal{'' if count == 1 else 's'}"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def _coverage_lines(engine: Engine, coverages: Mapping[str, Coverage]) -> list[str]:
    lines = []
    for name, coverage in sorted(coverages.items()):
        table = name.split(".")[0]
        if not is_steady(table) or coverage.first is None:
            continue
        what = DATED.get(name, table_words(table))
        for period, words in (("current", "this period"), ("prior", "the period before")):
            if begins_late(coverage, engine.periods[period]):
                lines.append(f"{what} are on record from {in_words(coverage.first)} on: {words} is only partly covered")
    if engine.trail.ends_on is not None and engine.trail.ends_within(engine.period):
        lines.append(f"records end on {in_words(engine.trail.ends_on)}: this period is only partly covered")
    return lines


def _unknown_people(engine: Engine) -> list[str]:
    """Lines about targets and forecasts for people whom no record knows."""
    return [
        f'a {word} is set for "{person}", who is not among the people on record'
        for table, word in (("targets", "target"), ("forecasts", "forecast"))
        if table in engine.database.present
        for (person,) in engine.database.rows(
            f"SELECT DISTINCT t.person FROM {table} t JOIN periods p ON p.period = 'current' "
            "WHERE t.start_on < p.full_end AND t.end_on >= p.start_on AND t.person IS NOT NULL "
            "AND t.person NOT IN (SELECT person_id FROM people) ORDER BY 1"
        )
    ]


def _uncovered_targets(engine: Engine) -> dict[str, list[str]]:
    """Lines about targets that are not used, by person id, `team:<name>`, or "" for everybody."""
    if "targets" not in engine.database.present:
        return {}
    engine.relations.require(["goals"])
    lines: dict[str, list[str]] = {}
    for person, team, metric in engine.database.rows(
        "SELECT person, team, metric FROM goals WHERE period = 'current' AND slot = 'own' AND NOT covered ORDER BY ALL"
    ):
        line = f"targets for {metric} do not cover the whole of {engine.period.label} and are not used"
        lines.setdefault(person or f"team:{team}", []).append(line)
    unknown = engine.database.rows(
        "SELECT DISTINCT t.metric FROM targets t JOIN periods p ON p.period = 'current' "
        "WHERE t.start_on < p.full_end AND t.end_on >= p.start_on AND trim(t.metric) <> 'quota' "
        "AND regexp_replace(trim(t.metric), '\\[[^]]*\\]', '') NOT IN (SELECT metric FROM metric_kinds) ORDER BY 1"
    )
    for (metric,) in unknown:
        lines.setdefault("", []).append(f'a target is set for "{metric}", which is no metric')
    return lines
