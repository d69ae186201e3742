"""What was agreed and what was promised: quotas, other targets, and submitted forecasts, quarter by quarter."""

from __future__ import annotations

from datetime import date, timedelta

from tools.demo.records import Ledger
from tools.periods import Period


def agree_target(
    ledger: Ledger, person: str, metric: str, period: Period, value: float, *, adjusted: float | None = None,
    adjustment: str | None = None,
) -> None:  # fmt: skip
    """A target for the whole period, agreed two weeks before it began; an adjustment three weeks into it."""
    ledger.add(
        "targets", person=person, metric=metric, start_on=period.start, end_on=period.end - timedelta(days=1),
        value=value, currency=ledger.currency if metric == "quota" else None, set_on=period.start - timedelta(days=14),
        adjusted_value=adjusted, adjusted_on=None if adjusted is None else period.start + timedelta(days=20),
        adjustment=adjustment,
    )  # fmt: skip


def submit_forecast(
    ledger: Ledger, period: Period, commit: float, *, person: str | None = None, team: str | None = None,
    ends_near: float | None = None, metric: str = "revenue_won", best_case: float = 1.12,
) -> None:  # fmt: skip
    """Commit and best case four times in the quarter, the second on day 28; later ones close in on `ends_near`.

    People forecast in hundreds; only the commit of day 28 stands as given.
    """
    goal = commit if ends_near is None else ends_near
    said = ((13, commit * 0.97), (27, commit), (55, (commit + goal) * 0.5), (76, commit * 0.1 + goal * 0.9))
    for day, amount in said:
        stated = commit if day == 27 else _hundreds(amount)
        for category, value in (("commit", stated), ("best_case", _hundreds(amount * best_case))):
            ledger.add(
                "forecasts", person=person, team=team, metric=metric, start_on=period.start,
                end_on=period.end - timedelta(days=1), category=category, amount=value, currency=ledger.currency,
                submitted_on=_weekday(period.start + timedelta(days=day)),
            )  # fmt: skip


def _hundreds(amount: float) -> float:
    return round(amount / 100) * 100


def _weekday(day: date) -> date:
    """That day, or the Friday before a week-end."""
    return day - timedelta(days=max(0, day.weekday() - 4))
