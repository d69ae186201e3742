"""What every relation may ask for besides the canonical tables: the rules, the periods and the days within them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tools.database import Database
from tools.organisation import Settings
from tools.periods import Period, add_months

_DAY = timedelta(days=1)
# Records are dated by the offsets of these years; before and after, the nearest of them hold.
_EARLIEST, _LATEST, _STEP = datetime(1995, 1, 1), datetime(2045, 1, 1), timedelta(days=5)
# Periods longer than this are treated as quarters where the day of the forecast is concerned.
_LONGEST_MONTH = 31
# Quota periods of two years begin so many days apart at most.
_PLANNED_APART = 3


def comparable_periods(period: Period) -> dict[str, Period]:
    """The period asked for and those it is compared with, by the names that relations use."""
    return {"current": period, "prior": period.prior(), "year_ago": period.year_ago()}


def among_planned(database: Database, period: Period) -> Period:
    """The period with the spans that targets are set for around it, if it is such a span itself.

    Quotas set for 91 and 92 days in turn are compared with the quota period before, not with as many days.
    """
    if period.months is not None or "targets" not in database.present:
        return period
    spans = [tuple(row) for row in database.rows("SELECT DISTINCT start_on, end_on + 1 FROM targets ORDER BY ALL")]
    if (period.start, period.full_end) not in spans:
        return period
    a_year_ago = add_months(period.start, -12)
    alike = [(start, end) for start, end in spans if abs((start - a_year_ago).days) <= _PLANNED_APART]
    return replace(
        period,
        planned_before=next((span for span in spans if span[1] == period.start), None),
        planned_year_ago=min(alike, key=lambda span: abs((span[0] - a_year_ago).days), default=None),
        planned_after=next((span for span in spans if span[0] == period.full_end), None),
    )


def create_rules(database: Database) -> None:
    """`rules`: one row with the organisation's currency, zone and parameters; and the macros of its calendar.

    local_day(instant)          the day that it was in the organisation's zone at an instant in UTC
    midnight(day)               the instant in UTC at which a day began there
    converted(amount, rate)     an amount in the organisation's currency, to four decimals
    """
    settings = database.settings
    values = {
        "currency": settings.organisation.currency,
        "zone": settings.organisation.zone,
        **settings.rules.model_dump(),
    }
    names = ", ".join(f"? AS {name}" for name in values)
    database.connection.execute(f"CREATE TEMP TABLE rules AS SELECT {names}", list(values.values()))
    for macro in (*_calendar(settings.organisation.zone), _CONVERTED):
        database.connection.execute(macro)


# Most amounts are in the organisation's currency already: wide multiplication is for those that are not.
_CONVERTED = (
    "CREATE OR REPLACE TEMP MACRO converted(amount, rate) AS CASE WHEN rate = 1 THEN CAST(amount AS DECIMAL(18, 4)) "
    "ELSE CAST(amount * rate AS DECIMAL(18, 4)) END"
)


def create_periods(database: Database, periods: Mapping[str, Period], as_of: date) -> None:
    """`periods`: days and instants of each; `moments`: the days whose end the pipeline is looked at.

    periods(period, start_on, end_on, full_end, start_at, end_at, prior_start, prior_end, next_start, next_end,
            known_end, known_at)
    moments(period, moment, on_day, ends_at): `ends_at` is the instant at which that day ended, in UTC
    first_day(), last_day(): of all the periods and of those before each; first_day_of_peers(): as far as comparable
    people matter, whom only the period asked for is about

    What became of a period's leads is counted up to `known_end` (`known_at` in UTC): `as_of` for the period asked for,
    and as many days after the end of the others, so that no cohort had longer to convert than the one it is compared
    with.
    """
    zone = ZoneInfo(database.settings.organisation.zone)
    run = database.connection.execute
    run(
        "CREATE TEMP TABLE periods (period VARCHAR, start_on DATE, end_on DATE, full_end DATE, start_at TIMESTAMP, "
        "end_at TIMESTAMP, prior_start DATE, prior_end DATE, next_start DATE, next_end DATE, known_end DATE, "
        "known_at TIMESTAMP)"
    )
    run("CREATE TEMP TABLE moments (period VARCHAR, moment VARCHAR, on_day DATE, ends_at TIMESTAMP)")
    create_days(
        database,
        first_day=min(period.prior().start for period in periods.values()),
        first_day_of_peers=periods["current"].prior().start,
        last_day=max(period.last_day for period in periods.values()),
    )
    followed = max(as_of + _DAY - periods["current"].end, timedelta())
    for name, period in periods.items():
        prior, following = period.prior(), period.next()
        run(
            "INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                name,
                period.start,
                period.end,
                period.full_end,
                _midnight(period.start, zone),
                _midnight(period.end, zone),
                prior.start,
                prior.end,
                following.start,
                following.end,
                period.end + followed,
                _midnight(period.end + followed, zone),
            ],  # fmt: skip
        )
        for moment, day in moments_of(period, database.settings).items():
            run("INSERT INTO moments VALUES (?, ?, ?, ?)", [name, moment, day, _midnight(day + _DAY, zone)])


def create_days(database: Database, **days: date) -> None:
    """Macros that stand for a day each, so that it is known while a query is planned."""
    for name, day in days.items():
        database.connection.execute(f"CREATE OR REPLACE TEMP MACRO {name}() AS DATE '{day}'")


def moments_of(period: Period, settings: Settings) -> dict[str, date]:
    """The days at whose end a period's pipeline is looked at.

    `start`: the day before it begins. `end`: its last day. `to_go`: the first day of its last month, or its last day
    so far if that comes earlier. `forecast`: the day whose commit counts as its forecast.
    """
    months = period.months
    last_month = period.start if months is None else add_months(period.start, max(months - 1, 0))
    whole_days = (period.full_end - period.start).days
    rules = settings.rules
    nth = rules.forecast_day_month if whole_days <= _LONGEST_MONTH else rules.forecast_day_quarter
    return {
        "start": period.start - _DAY,
        "end": period.last_day,
        "to_go": min(last_month, period.last_day),
        "forecast": min(period.start + timedelta(days=nth - 1), period.last_day),
    }


@cache
def _calendar(zone: str) -> tuple[str, str]:
    """The macros of a zone's calendar: its offsets written out, which is many times faster than asking for each row."""
    local = ZoneInfo(zone)
    changes = _changes(local)
    by_instant = [(f"TIMESTAMP '{at:%Y-%m-%d %H:%M:%S}'", _offset(at, local)) for at in changes]
    days = [at.date() + n * _DAY for at in changes for n in range(-1, 3)]
    by_day = [(f"DATE '{day}'", int(datetime.combine(day, time(), local).utcoffset().total_seconds())) for day in days]
    return (
        "CREATE OR REPLACE TEMP MACRO local_day(instant) AS "
        f"CAST(instant + to_seconds({_chosen('instant', by_instant)}) AS DATE)",
        f"CREATE OR REPLACE TEMP MACRO midnight(day) AS CAST(day AS TIMESTAMP) - to_seconds({_chosen('day', by_day)})",
    )


def _changes(zone: ZoneInfo) -> list[datetime]:
    """The instants in UTC at which a zone's offset changed, as far as records reach; first, where they begin."""
    found = [_EARLIEST]
    for n in range((_LATEST - _EARLIEST) // _STEP):
        before, after = _EARLIEST + n * _STEP, _EARLIEST + (n + 1) * _STEP
        if _offset(before, zone) != _offset(after, zone):
            found.append(_change_between(before, after, zone))
    return found


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the offset changed, to the second."""
    old = _offset(before, zone)
    while (gap := (after - before) // 2) >= timedelta(seconds=1):
        middle = (before + gap).replace(microsecond=0)
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after


def _offset(instant: datetime, zone: ZoneInfo) -> int:
    """Seconds by which the zone was ahead of UTC."""
    return int(instant.replace(tzinfo=UTC).astimezone(zone).utcoffset().total_seconds())


def _chosen(name: str, offsets: list[tuple[str, int]]) -> str:
    """SQL for the offset that holds from each value on, halving the list with every comparison."""
    told = [each for n, each in enumerate(offsets) if n == 0 or each[1] != offsets[n - 1][1]]
    if len(told) == 1:
        return str(told[0][1])
    half = len(told) // 2
    return f"CASE WHEN {name} < {told[half][0]} THEN {_chosen(name, told[:half])} ELSE {_chosen(name, told[half:])} END"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins in the organisation's zone, in UTC without zone, as instants are stored."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
