"""What a reader of a report should know: what its figures leave out, the day they stand on, what changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.metrics.coverage import begins_late, is_steady
from tools.metrics.definitions import redefinitions, renames_of
from tools.metrics.given import moments_of
from tools.metrics.model import Metric, Rows
from tools.metrics.needs import DATED, NO_CLOSE_DATES, NO_HISTORY, table_words
from tools.metrics.plan import Cell
from tools.periods import in_words
from tools.reports.buckets import cut_buckets
from tools.reports.lines import Lines
from tools.reports.model import Bucket
from tools.tables import TABLES

# So many buckets are told each with its day.
_MOST_DAYS = 6
# So many names make one sentence.
_MOST_NAMED = 6
_NEW_ONLY = "new business"


def notes_on(lines: Lines, every: Bucket | None, narrowed_by: Sequence[str]) -> list[str]:
    """One sentence each, those that change how the figures are read first."""
    notes = [
        *_definitions(lines), *_renames(lines), *_partial(lines, every), *_days(lines), *_no_history(lines),
        *_remarks(lines), *_money(lines), *_new_business(lines), *_undivided(lines), *_one_sided(lines),
        *_unowned(lines),
    ]  # fmt: skip
    if narrowed_by and any("targets" in need for metric in lines.metrics for need in metric.needs):
        notes.append(f"targets are whole: they are not set by {' or '.join(narrowed_by)}")
    return list(dict.fromkeys(notes))


def _definitions(lines: Lines) -> Iterator[str]:
    """A change of a definition within what is shown. The rows before it carry a mark."""
    settings, compared = lines.engine.database.settings, list(lines.periods.values())
    for metric in lines.metrics:
        for change in redefinitions(metric, compared, settings):
            yield (
                f'{metric.label} * counts "{change.after}" from {in_words(change.since)} on and counted '
                f'"{change.before}" until then: not on a par'
            )


def _renames(lines: Lines) -> Iterator[str]:
    settings, compared = lines.engine.database.settings, list(lines.periods.values())
    if lines.by != "stage":
        return
    for rename in settings.renamed_stages:
        if min(each.start for each in compared) < rename.since:
            now = next(
                (each.now for each in settings.renamed_stages if rename in renames_of(each.now, settings)), rename.now
            )
            yield f"{now} was called {rename.stage} until {in_words(rename.since)}"


def _partial(lines: Lines, every: Bucket | None) -> Iterator[str]:
    """Buckets cut short, and periods that the records only touch."""
    engine, period = lines.engine, lines.engine.period
    cut = cut_buckets(period, every)
    if cut:
        yield f"only partly within the period: {', '.join(cut)}"
    if period.to_date:
        yield f"the period is still running: to date, {in_words(period.last_day)} included"
    for rows in _row_sets(lines):
        table = rows.coverage.split(".")[0]
        # Only what is recorded all the time shows by a gap that records are missing.
        if rows.per_subject and not rows.bounded or table not in engine.database.present or not is_steady(table):
            continue
        coverage, what = engine.coverage(rows), table_words(table)
        if begins_late(coverage, period):
            yield f"{what} are on record from {in_words(coverage.first)} on: the period is only partly covered"
        ended = engine.trail.end_before(table, period)
        if ended is not None:
            yield f"{what} are on record until {in_words(ended)}: they say nothing of the period"
    ends_on = engine.trail.ends_on
    if ends_on is not None and engine.trail.ends_within(period):
        yield f"records end on {in_words(ends_on)}: the period is only partly covered"


def _days(lines: Lines) -> Iterator[str]:
    """The day on which snapshots stand and forecasts were taken."""
    settings = lines.engine.database.settings
    by_moment: dict[str, list[str]] = {}
    for metric in lines.metrics:
        if metric.moment is not None and metric.id not in lines.absent:
            by_moment.setdefault(metric.moment, []).append(metric.label)
    for moment, labels in by_moment.items():
        days = {name: moments_of(period, settings)[moment] for name, period in lines.periods.items()}
        if len(days) > _MOST_DAYS:
            continue
        told = [in_words(day) if name == "current" else f"{name}: {in_words(day)}" for name, day in days.items()]
        yield f"{', '.join(labels)} as of {'; '.join(told)}"


def _no_history(lines: Lines) -> Iterator[str]:
    """That the past of deals is told by what stands in them today."""
    if "deal_changes" in lines.engine.database.present:
        return
    told = [metric for metric in lines.metrics if metric.id not in lines.absent and _of_deals(lines, metric)]
    if any(metric.moment in ("end", "to_go") for metric in told):
        yield NO_HISTORY
    if any(measure.rows == "deals_due" for metric in told for measure in metric.measures.values()):
        yield NO_CLOSE_DATES


def _remarks(lines: Lines) -> Iterator[str]:
    """What metrics say beside their values: how many records are left out, or may yet get further."""
    for metric in lines.metrics:
        if metric.id in lines.absent:
            continue
        remarks = [lines.total(metric.id, name).remarks for name in lines.periods]
        for (text, _), counts in zip(
            metric.remarks, zip(*(each for each in remarks if each), strict=True), strict=False
        ):
            if any(counts):
                yield f"{metric.label}: {text.format(n=max(counts))}"


def _money(lines: Lines) -> Iterator[str]:
    """Amounts that are missing, and exchange rates without which there is no figure."""
    cells = [lines.total(metric.id, name) for metric in lines.metrics for name in lines.periods]
    for missing in dict.fromkeys(cell.unrated for cell in cells if cell.unrated is not None):
        yield f"there is no exchange rate for {missing}: figures that need it are left empty"
    bare = max(((cell.unvalued, cell.money_rows) for cell in cells), default=(0, 0))
    if bare[0]:
        left_out = "left out of sums of money" if 2 * bare[0] <= bare[1] else "too many for a sum of money"
        yield f"records without an amount, {left_out}: {bare[0]} of {bare[1]}"


def _new_business(lines: Lines) -> Iterator[str]:
    """Which columns count new business only, where others beside them count everything."""
    database = lines.engine.database
    narrow = [
        each for each in lines.metrics if _NEW_ONLY in each.definition.replace("-", " ") and _of_deals(lines, each)
    ]
    wide = [each for each in lines.metrics if each not in narrow and _of_deals(lines, each)]
    if not narrow or not wide or "deals" not in database.present:
        return
    if database.rows("SELECT 1 FROM deals WHERE coalesce(type, 'new') <> 'new' LIMIT 1"):
        yield f"{', '.join(each.label for each in narrow)}: new business only"


def _undivided(lines: Lines) -> Iterator[str]:
    """How much of the total has no value in the column that the rows are split by."""
    if lines.dimension is None or not lines.report.total:
        return
    key, by = lines.subjects[0].key, lines.dimension
    article = "an" if by[0] in "aeiou" else "a"
    for metric in lines.metrics:
        if metric.unit != "count" or metric.id in lines.absent or metric.formula not in metric.measures:
            continue
        whole = set(lines.total(metric.id).records)
        told = {record for cell in lines.cells_by(metric.id, key).values() for record in cell.records}
        if whole - told:
            yield f"{metric.label.lower()} without {article} {by} on record, in the total only: {len(whole - told)}"


def _one_sided(lines: Lines) -> Iterator[str]:
    """Whose results a total holds against what is agreed with others: revenue of people without a quota, say."""
    if len(lines.subjects) < 2 or lines.dimension is not None:
        return
    *parts, whole = lines.subjects
    labels: dict[str, list[str]] = {}
    for metric in lines.metrics:
        if metric.unit not in ("ratio", "multiple") or metric.id in lines.absent:
            continue
        if lines.total(metric.id).value is None:
            continue
        names = [part.name for part in parts if _half_known(lines.part(metric.id, part.key))]
        if names:
            told = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} rows"
            labels.setdefault(told, []).append(metric.label.lower())
    for told, of_them in labels.items():
        yield f"without {' and '.join(of_them)} of their own, but counted in that of {whole.name}: {told}"


def _half_known(cell: Cell) -> bool:
    """Whether there is no value, although something of what it is made of is there."""
    return cell.value is None and any(number not in (None, 0) for number in cell.numbers.values())


def _unowned(lines: Lines) -> Iterator[str]:
    """Records of the period that are in no row, and in no total, because nobody known owns them."""
    engine, period = lines.engine, lines.engine.period
    for coverage in dict.fromkeys(rows.coverage for rows in _row_sets(lines) if not rows.per_subject or rows.bounded):
        table, _, column = coverage.partition(".")
        if table not in engine.database.present or TABLES[table].column("owner") is None:
            continue
        count = engine.database.rows(_UNOWNED.format(table=table, column=column), [period.start, period.end])[0][0]
        if count:
            yield f"{DATED.get(coverage, table_words(table))} of the period without a known owner, in no row: {count:,}"


def _row_sets(lines: Lines) -> list[Rows]:
    names = {measure.rows for metric in lines.metrics for measure in metric.measures.values()}
    return [lines.engine.rows[name] for name in sorted(names)]


def _of_deals(lines: Lines, metric: Metric) -> bool:
    return any(lines.engine.rows[measure.rows].table == "deals" for measure in metric.measures.values())


_UNOWNED = """
SELECT count(*) FROM {table} t
WHERE CAST(t."{column}" AS DATE) >= ? AND CAST(t."{column}" AS DATE) < ?
  AND (t.owner IS NULL OR t.owner NOT IN (SELECT person_id FROM people))
"""
