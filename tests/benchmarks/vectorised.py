"""The main metrics written as plain pandas: vectorised over all people, or one person after the other.

Written as an analyst would who knows pandas and the metric dictionary, to have something to measure the engine against;
both must give the same values. Per person and period: revenue and deals won, win rate, average deal size, median cycle,
quota attainment, deals created, the open pipeline as it stood on the last day, calls, e-mails, meetings, lead response.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from tools.database import connect
from tools.periods import Period

METRICS = (
    "revenue_won", "deals_won", "win_rate", "average_deal_size", "sales_cycle_days.median", "quota_attainment",
    "deals_created", "pipeline_value", "calls", "emails", "meetings_held", "lead_response_minutes",
)  # fmt: skip

COLUMNS = {
    "deals": "deal_id, owner, status, amount, type, created_on, closed_on",
    "deal_changes": 'deal, field, old, new, "at"',
    "activities": 'owner, type, status, "at", lead',
    "leads": "lead_id, owner, created_at",
    "targets": "person, start_on, end_on, value",
}
_TOUCHES = ("email", "call", "chat", "task", "meeting", "demo")

Tables = Mapping[str, pd.DataFrame]


def read_tables(layer: Path) -> dict[str, pd.DataFrame]:
    """The needed columns of each table as frames."""
    with connect() as connection:
        return {
            name: connection.execute(f"SELECT {columns} FROM read_parquet('{layer}/{name}.parquet')").df()
            for name, columns in COLUMNS.items()
        }


def metrics_of_all(tables: Tables, periods: Mapping[str, Period]) -> pd.DataFrame:
    """One row per person and period, a column per metric; all people at once."""
    deals = tables["deals"].astype({"amount": "float64"})
    changes = tables["deal_changes"]
    closed = deals[deals["closed_on"].notna()]
    closed = closed.assign(owner=_as_of(closed, changes, "owner", closed["closed_on"] + pd.Timedelta(days=1)))
    first = deals.assign(owner=_as_of(deals, changes, "owner", pd.Series(pd.Timestamp.min, deals.index)))
    touches = _first_touches(tables)
    frames = []
    for name, period in periods.items():
        start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
        frames.append(
            pd.concat(
                [
                    _outcomes(closed[(closed["closed_on"] >= start) & (closed["closed_on"] < end)]),
                    _quotas(tables["targets"], start, end),
                    _created(first[(first["created_on"] >= start) & (first["created_on"] < end)]),
                    _pipeline(deals, changes, end),
                    _activities(tables["activities"], start, end),
                    _response(touches, start, end),
                ],
                axis=1,
            ).assign(period=name)
        )
    found = pd.concat(frames)
    for metric in ("revenue_won", "deals_won", "deals_created", "pipeline_value"):
        found[metric] = found[metric].fillna(0)
    return found.assign(quota_attainment=found["revenue_won"] / found["quota"])


def metrics_one_by_one(tables: Tables, periods: Mapping[str, Period]) -> pd.DataFrame:
    """The same in a loop over people, each looked up in the tables and worked out alone."""
    deals, changes, people = tables["deals"], tables["deal_changes"], tables["targets"]["person"].unique()
    owners = changes[changes["field"] == "owner"]
    rows = []
    for person in people:
        once = owners.loc[(owners["old"] == person) | (owners["new"] == person), "deal"]
        theirs = deals[(deals["owner"] == person) | deals["deal_id"].isin(once)]
        leads = tables["leads"][tables["leads"]["owner"] == person]
        own = {
            "deals": theirs,
            "deal_changes": changes[changes["deal"].isin(theirs["deal_id"])],
            "activities": tables["activities"][tables["activities"]["owner"] == person],
            "leads": leads,
            "targets": tables["targets"][tables["targets"]["person"] == person],
        }
        found = metrics_of_all(own, periods)
        rows.append(found[found.index == person])
    return pd.concat(rows)


def _as_of(deals: pd.DataFrame, changes: pd.DataFrame, field: str, moments: pd.Series) -> pd.Series:
    """What `field` was just before each deal's moment: its last change by then, else what the next one replaced."""
    known = changes.loc[changes["field"] == field, ["deal", "old", "new", "at"]]
    known = known.merge(pd.DataFrame({"deal": deals["deal_id"], "moment": moments}), on="deal").sort_values("at")
    before = known[known["at"] < known["moment"]].drop_duplicates("deal", keep="last").set_index("deal")["new"]
    after = known[known["at"] >= known["moment"]].drop_duplicates("deal").set_index("deal")["old"]
    then = before.combine_first(after)
    return deals["deal_id"].map(then).where(deals["deal_id"].isin(then.index), deals[field])


def _outcomes(closed: pd.DataFrame) -> pd.DataFrame:
    won = closed[closed["status"] == "won"]
    new, new_won = closed[closed["type"] == "new"], won[won["type"] == "new"]
    days = (new_won["closed_on"] - new_won["created_on"]).dt.days
    return pd.DataFrame(
        {
            "revenue_won": won.groupby("owner")["amount"].sum(),
            "deals_won": won.groupby("owner").size(),
            "win_rate": (new["status"] == "won").groupby(new["owner"]).mean(),
            "average_deal_size": new_won.groupby("owner")["amount"].mean(),
            "sales_cycle_days.median": days.groupby(new_won["owner"]).median(),
        }
    )


def _quotas(targets: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    held = targets[(targets["start_on"] >= start) & (targets["end_on"] < end)]
    return held.groupby("person")["value"].sum().rename("quota")


def _created(deals: pd.DataFrame) -> pd.Series:
    return deals.groupby("owner").size().rename("deals_created")


def _pipeline(deals: pd.DataFrame, changes: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    open_ = deals[(deals["created_on"] < end) & ((deals["status"] == "open") | (deals["closed_on"] >= end))]
    moments = pd.Series(end, open_.index)
    amounts = pd.to_numeric(_as_of(open_, changes, "amount", moments))
    return amounts.groupby(_as_of(open_, changes, "owner", moments)).sum().rename("pipeline_value")


def _activities(activities: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    done = activities[(activities["status"] == "completed") & (activities["at"] >= start) & (activities["at"] < end)]
    counts = done.groupby(["owner", "type"]).size().unstack(fill_value=0)
    return pd.DataFrame(
        {
            "calls": counts.get("call"),
            "emails": counts.get("email"),
            "meetings_held": counts.reindex(columns=["meeting", "demo"], fill_value=0).sum(axis=1),
        }
    )


def _first_touches(tables: Tables) -> pd.DataFrame:
    activities = tables["activities"]
    touches = activities[
        activities["lead"].notna() & (activities["status"] == "completed") & activities["type"].isin(_TOUCHES)
    ]
    met = touches[["lead", "owner", "at"]].merge(
        tables["leads"], left_on=["lead", "owner"], right_on=["lead_id", "owner"]
    )
    met = met[met["at"] >= met["created_at"]]
    first = met.groupby("lead_id")["at"].min().rename("touched_at")
    return tables["leads"].merge(first, left_on="lead_id", right_index=True, how="left")


def _response(touches: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    asked = touches[(touches["created_at"] >= start) & (touches["created_at"] < end)]
    # What was answered only after the period was not answered in it.
    touched_at = asked["touched_at"].where(asked["touched_at"] < end)
    minutes = (touched_at - asked["created_at"]).dt.total_seconds() / 60
    return minutes.groupby(asked["owner"]).median().rename("lead_response_minutes")
