"""What only the whole import shows: duplicates, references to nobody, deals that contradict themselves.

Frames here carry `_file`, `_row` and `_pass`: where each row came from (None for rows that we added), and which
reading of that file it was, as one file may fill a table twice (reps, then their managers).
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from tools.errors import InputError
from tools.metrics.catalogue import METRICS
from tools.sources.report import Example, Report
from tools.sources.targets import overlaps, too_large
from tools.sources.words import deal_status
from tools.tables import TABLES, Table

FILE, ROW, PASS = "_file", "_row", "_pass"
_REFERENCES = {"person": "people", "deal": "deals", "account": "accounts", "lead": "leads", "product": "products"}
_NAMES = {
    "people": ("person_id", "email", "name"),
    "deals": ("deal_id", "name"),
    "accounts": ("account_id", "name"),
    "leads": ("lead_id",),
    "products": ("product_id", "name"),
}
# Tables whose rows add up: two lines of one product on a deal are two lines.
ADDITIVE = ("deal_lines", "usage")
# "Jane Doe (Deactivated User)", "J. Doe (inactive)".
_DEACTIVATED = re.compile(r"\s*\((?:deactivated|inactive|deleted|removed)(?: user)?\)$", re.IGNORECASE)


def finish(frames: dict[str, pd.DataFrame], report: Report, currency: str) -> dict[str, pd.DataFrame]:
    """The tables as they go into a workspace, with everything doubtful counted."""
    frames = {name: _without_deactivated_marks(name, frame, report) for name, frame in frames.items()}
    frames = {name: _without_duplicates(TABLES[name], frame, report) for name, frame in frames.items()}
    if "deals" in frames:
        _doubt_deals(frames["deals"], report)
        _doubt_currencies(frames["deals"], report, currency)
        if "deal_changes" in frames:
            _doubt_closings(frames["deals"], frames["deal_changes"], report)
    if "activities" in frames:
        _doubt(
            frames["activities"],
            _empty(frames["activities"], "at"),
            "activities",
            "at",
            "no time: in no period",
            report,
        )
    if "targets" in frames:
        _doubt_targets(frames["targets"], report)
    # Only a source of deals speaks for who works here: targets or notes imported apart must not add a second Anna.
    if "deals" in frames and ("people" not in frames or frames["people"].empty):
        _add_people(frames, report)
    for name, frame in frames.items():
        _doubt_references(name, frame, frames, report)
    for name, frame in frames.items():
        _count(name, frame, report)
    return {name: _canonical(TABLES[name], frame) for name, frame in frames.items()}


def leave_out(
    frame: pd.DataFrame, mask: np.ndarray, table: str, reason: str, report: Report,
    column: str | None = None, shown: pd.Series | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The frame without the rows of `mask`, each counted against its file. `shown` holds the raw cells."""
    if not mask.any():
        return frame
    dropped = frame[mask]
    for file, rows in dropped.groupby(FILE, sort=False):
        first = rows.index[0]
        value = None if shown is None or pd.isna(shown.loc[first]) else str(shown.loc[first])
        report.note("left_out", table, column, reason, len(rows), Example(str(file), int(rows[ROW].iloc[0]), value))
    return frame[~mask]


def complete_deals(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Fill a deal's status from its stage where the source has none."""
    status = frame["status"] if "status" in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    if "stage" not in frame.columns:
        return frame.assign(status=status)
    gaps = status.isna() & frame["stage"].notna()
    if not gaps.any():
        return frame.assign(status=status)
    filled = status.where(~gaps, deal_status(frame["stage"].fillna("").astype(object)))
    _doubt(frame, gaps, "deals", "status", "taken from the words of the stage", report, kind="changed", shown="stage")
    return frame.assign(status=filled)


def _without_deactivated_marks(name: str, frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    for column in TABLES[name].columns:
        if column.type != "person" or column.name not in frame.columns:
            continue
        codes, unique = pd.factorize(frame[column.name].to_numpy(dtype=object))
        plain = np.array([_DEACTIVATED.sub("", person) for person in unique] + [None], dtype=object)
        marked = np.append(plain[:-1] != unique, [False]).astype(bool)[codes]
        if marked.any():
            reason = "the mark of a deactivated user was taken off the name"
            _doubt(frame, pd.Series(marked, index=frame.index), name, column.name, reason, report, kind="changed")
            frame = frame.assign(**{column.name: pd.Series(plain[codes], index=frame.index, dtype=object)})
    return frame


def _without_duplicates(table: Table, frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """One row per key: the last complete one.

    A deal is complete with an owner and, if won, with amount and date; an activity with its time.
    """
    key = [name for name in table.key if name in frame.columns]
    if table.name in ADDITIVE or not key:
        return frame
    again = frame.duplicated(subset=key, keep=False)
    if not again.any():
        return frame
    candidates = frame[again]
    ranked = candidates.assign(_complete=_complete(candidates)).sort_values("_complete", kind="stable")
    dropped = ranked.index[ranked.duplicated(subset=key, keep="last")]
    reason = f"the same {' + '.join(key)} stands again; the last complete row was taken"
    return leave_out(frame, frame.index.isin(dropped), table.name, reason, report, key[0], frame[key[0]])


def _complete(frame: pd.DataFrame) -> np.ndarray:
    if "activity_id" in frame.columns:
        return (~_empty(frame, "at")).to_numpy(dtype=bool)
    if "status" not in frame.columns or "deal_id" not in frame.columns:
        return np.ones(len(frame), dtype=bool)
    lacking = _empty(frame, "owner") | (
        (frame["status"] == "won") & (_empty(frame, "amount") | _empty(frame, "closed_on"))
    )
    return (~lacking).to_numpy(dtype=bool)


def _empty(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame[column].isna() if column in frame.columns else pd.Series(True, index=frame.index)


def _doubt(
    frame: pd.DataFrame, mask: pd.Series, table: str, column: str | None, reason: str, report: Report, *,
    kind: str = "doubtful", shown: str | None = None,
) -> None:  # fmt: skip
    """Count rows that stay, with the first of them as the example."""
    if not mask.any():
        return
    row = frame[mask].iloc[0]
    value = row.get(shown or column) if (shown or column) else None
    text = None if value is None or pd.isna(value) else str(value).removesuffix(" 00:00:00")
    place = Example(str(row[FILE]), int(row[ROW]), text) if isinstance(row[FILE], str) else None
    report.note(kind, table, column, reason, int(mask.sum()), place)  # type: ignore[arg-type]


def _doubt_targets(targets: pd.DataFrame, report: Report) -> None:
    """Overlapping targets of a file that people keep are refused: added up, they would be nobody's target."""
    units = {metric.fact_id: metric.unit for metric in METRICS}
    _doubt(
        targets, too_large(targets, units), "targets", "value", "larger than anybody can mean", report, shown="value"
    )
    places = list(overlaps(targets))
    if not places:
        return
    place, other = (targets.iloc[each] for each in places[0])
    if report.source == "csv":
        raise InputError(
            f"{place[FILE]}, row {int(place[ROW])}: the {place['metric']} target of "
            f"{place.get('person') or place.get('team')} overlaps with the one in row {int(other[ROW])} of "
            f"{other[FILE]}; keep one of the two."
        )
    mask = pd.Series(False, index=targets.index)
    mask.iloc[[place for place, _ in places]] = True
    reason = "overlaps with another target of the same person; both count"
    _doubt(targets, mask, "targets", "start_on", reason, report, shown="start_on")


def _doubt_deals(deals: pd.DataFrame, report: Report) -> None:
    status = deals["status"]
    closed = status.isin(["won", "lost"])
    doubts = [
        (closed & _empty(deals, "closed_on"), "closed_on", "closed without a date: in no period", "status"),
        ((status == "won") & _empty(deals, "amount"), "amount", "won without an amount", "deal_id"),
        (_empty(deals, "owner"), "owner", "no owner: in no person's figures", "deal_id"),
    ]
    if "stage" in deals.columns:
        doubts.append((~closed & deals["stage"].isna(), "stage", "no stage; taken as open", "deal_id"))
    if "amount" in deals.columns:
        doubts.append((deals["amount"] < 0, "amount", "a negative amount", "amount"))
        doubts.append(((status == "won") & (deals["amount"] == 0), "amount", "won with the amount 0", "deal_id"))
    if "probability" in deals.columns:
        chance = deals["probability"]
        against = ((status == "won") & (chance < 1)) | ((status == "lost") & (chance > 0))
        doubts.append((against, "probability", "a closed deal's probability contradicts its outcome", "probability"))
    if "closed_on" in deals.columns:
        doubts.append(
            (~closed & deals["closed_on"].notna(), "closed_on", "open, and yet with a closing date", "closed_on")
        )
        if "created_on" in deals.columns:
            doubts.append(
                (deals["closed_on"] < deals["created_on"], "closed_on", "closed before it was created", "closed_on")
            )
    for mask, column, reason, shown in doubts:
        _doubt(deals, mask, "deals", column, reason, report, shown=shown)


def _doubt_closings(deals: pd.DataFrame, changes: pd.DataFrame, report: Report) -> None:
    """A close date in the past stays when a deal is won later: the history then shows another day."""
    if not {"stage", "closed_on"} <= set(deals.columns):
        return
    stages = changes[changes["field"] == "stage"].sort_values("at", kind="stable")
    entered = stages.drop_duplicates(["deal", "new"], keep="last").set_index(["deal", "new"])["at"]
    closed = deals[deals["closed_on"].notna() & deals["stage"].notna()]
    seen = entered.reindex(pd.MultiIndex.from_frame(closed[["deal_id", "stage"]])).to_numpy(dtype="datetime64[us]")
    apart = np.abs(seen - closed["closed_on"].to_numpy(dtype="datetime64[us]")) > np.timedelta64(2, "D")
    mask = pd.Series(apart & ~np.isnat(seen), index=closed.index).reindex(deals.index, fill_value=False)
    reason = "by the stage history it closed on another day; the close date was taken"
    _doubt(deals, mask, "deals", "closed_on", reason, report)


def _doubt_currencies(deals: pd.DataFrame, report: Report, home: str) -> None:
    if "currency" not in deals.columns:
        return
    foreign = deals["currency"].notna() & (deals["currency"] != home)
    counts = deals["currency"].fillna(home).value_counts()
    listed = ", ".join(f"{code} {count:,}" for code, count in counts.items())
    reason = f"amounts not in the organisation's currency need exchange_rates ({listed})"
    _doubt(deals, foreign, "deals", "currency", reason, report)


def _add_people(frames: dict[str, pd.DataFrame], report: Report) -> None:
    """A source without a list of users: whoever owns something is a person."""
    named: dict[str, str] = {}
    for name, frame in frames.items():
        for column in TABLES[name].columns:
            if column.type == "person" and column.name in frame.columns:
                for person in frame[column.name].dropna().unique():
                    named.setdefault(" ".join(str(person).split()).casefold(), str(person).strip())
    if not named:
        return
    people = sorted(named.values())
    frames["people"] = pd.DataFrame(
        {"person_id": people, "name": people, FILE: [None] * len(people), ROW: [-1] * len(people), PASS: 0}
    ).astype({"person_id": object, "name": object, FILE: object})
    report.note("info", "people", None, "no list of users in the export; taken from the owners of records", len(people))


def _doubt_references(name: str, frame: pd.DataFrame, frames: dict[str, pd.DataFrame], report: Report) -> None:
    """Cells that name a person, deal, account … that this import has not: kept as they stand, and counted."""
    for column in TABLES[name].columns:
        target = _REFERENCES.get(column.type)
        if target not in frames or column.name not in frame.columns:
            continue
        filled = frame[column.name].notna()
        keys = frame.loc[filled, column.name].str.strip().str.casefold()
        unknown = pd.Series(False, index=frame.index)
        unknown[filled] = ~keys.isin(_spellings(target, frames[target]))
        reason = f"names no row of {target} in this import; kept as it stands"
        _doubt(frame, unknown, name, column.name, reason, report)


def _spellings(target: str, frame: pd.DataFrame) -> set[str]:
    return {
        str(value).strip().casefold()
        for column in _NAMES[target]
        if column in frame.columns
        for value in frame[column].dropna().unique()
    }


def _count(name: str, frame: pd.DataFrame, report: Report) -> None:
    """Imported are the input rows that stand in the table; added, the rows beyond them."""
    placed = frame[frame[FILE].notna()]
    distinct = placed.drop_duplicates([FILE, ROW, PASS])
    for file, rows in distinct.groupby(FILE, sort=False):
        report.count(name, str(file)).imported += len(rows)
    if len(frame) > len(distinct):
        report.added[name] = len(frame) - len(distinct)


def _canonical(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The table's own columns in their order; dates as `datetime.date`, missing values as None (NaN in numbers)."""
    columns = {}
    for column in table.columns:
        if column.name not in frame.columns:
            continue
        values = frame[column.name]
        if column.type == "date":
            days = values.to_numpy(dtype="datetime64[us]").astype("datetime64[D]").astype(object)
            values = pd.Series(days, dtype=object)
        elif values.dtype == object:
            values = values.where(values.notna(), None)
        columns[column.name] = values.reset_index(drop=True)
    return pd.DataFrame(columns)
