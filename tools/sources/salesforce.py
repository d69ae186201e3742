"""`--from salesforce`: report CSVs, Data Export and API CSVs, and the snake_case tables of a warehouse loader.

What the aliases in mappings/crm/salesforce.toml cannot say stands here: won and lost, what a task or event was and on
which deal, the fiscal periods of quotas and forecasts, and three kinds of history.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tools.sources.assemble import Assembly
from tools.sources.crm import (
    Export,
    figures,
    first_cells,
    flags,
    has,
    history_style,
    looked_up,
    read_crm,
    renamed,
    with_own,
)
from tools.sources.files import Sheet
from tools.sources.headers import find_column, header_key
from tools.sources.history import StateHistory, ValueHistory, add_state_history, add_value_history
from tools.sources.reading import ReadContext, Reading
from tools.sources.words import deal_status

_STATES = {
    "stage": ("StageName", "Stage"),
    "amount": ("Amount",),
    "expected_close_on": ("CloseDate", "Close Date"),
    "owner": ("OwnerId",),
    "forecast_category": ("ForecastCategoryName", "ForecastCategory", "Forecast Category"),
    "next_step": ("NextStep",),
}
_TRACKED = {
    "StageName": "stage", "Stage": "stage", "Amount": "amount", "CloseDate": "expected_close_on",
    "Close Date": "expected_close_on", "Owner": "owner", "OwnerId": "owner", "Opportunity Owner": "owner",
    "ForecastCategory": "forecast_category", "ForecastCategoryName": "forecast_category",
    "Forecast Category": "forecast_category", "NextStep": "next_step", "Next Step": "next_step",
}  # fmt: skip
_ACTIVITIES = {
    "call": "call", "email": "email", "listemail": "email", "meeting": "meeting", "demo": "demo",
    "productdemo": "demo", "demonstration": "demo", "followup": "follow_up", "chat": "chat", "linkedin": "chat",
    "sms": "chat", "cadence": "sequence", "sequence": "sequence", "qbr": "business_review",
    "businessreview": "business_review",
}  # fmt: skip
_CUMULATIVE = {
    "openpipeline": "pipeline", "bestcaseforecast": "best_case", "commitforecast": "commit",
    "closedonly": "closed", "omittedonly": "omitted",
}  # fmt: skip
_SINGLE = {
    "pipelineonly": "pipeline", "bestcaseonly": "best_case", "commitonly": "commit", "closedonly": "closed",
    "omittedonly": "omitted", "pipeline": "pipeline", "bestcase": "best_case", "commit": "commit",
    "forecast": "commit", "closed": "closed", "omitted": "omitted",
}  # fmt: skip
_ID15 = re.compile(r"(?:00[1356QTUkE]|01t|0F[A-Za-z0-9])[A-Za-z0-9]{12}")


def read_salesforce(path: Path, context: ReadContext, mapping: str | None = None) -> Reading:
    """Read Salesforce exports. Raises `InputError` where no file has a Salesforce export's columns."""
    return read_crm("salesforce", path, context, mapping, _plain, _complete, _add_histories)


def _plain(sheet: Sheet) -> Sheet:
    """Reports call a deal's own id "Opportunity ID"; in tables that hang on a deal, OpportunityId is the reference."""
    own = has(sheet, "Opportunity ID", "Opportunity Name") and not has(sheet, "Quantity")
    title = find_column(sheet, "Opportunity ID") if own else None
    return _with_long_ids(sheet if title is None else renamed(sheet, {title: "Id"}))


def _with_long_ids(sheet: Sheet) -> Sheet:
    """Reports write ids of 15 characters, the API the same ones with 3 more: make them all 18."""
    columns = {}
    for title in sheet.frame.columns:
        if not header_key(str(title)).endswith("id"):
            continue
        codes, unique = pd.factorize(sheet.frame[title].to_numpy(dtype=object))
        if any(_ID15.fullmatch(cell) for cell in unique):
            columns[title] = np.array([long_id(cell) for cell in unique], dtype=object)[codes]
    return replace(sheet, frame=sheet.frame.assign(**columns)) if columns else sheet


def long_id(cell: str) -> str:
    """A 15-character id with its three check characters, which say which letters are capitals; else the cell as it is.

    >>> long_id("006q000000HddohAAB"), long_id("006q000000Hddoh")
    ('006q000000HddohAAB', '006q000000HddohAAB')
    """
    if not _ID15.fullmatch(cell):
        return cell
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (cell[start : start + 5] for start in (0, 5, 10))
    return cell + "".join(letters[sum(1 << at for at, c in enumerate(part) if "A" <= c <= "Z")] for part in parts)


def _complete(sheet: Sheet, export: Export) -> Sheet:
    if has(sheet, "QuotaOwnerId", "StartDate") or has(sheet, "ForecastAmount", "PeriodId"):
        return _complete_forecasting(sheet, export)
    if (
        has(sheet, "StartDateTime", "EndDateTime")
        or has(sheet, "WhoId")
        or has(sheet, "WhatId")
        or _is_activity_report(sheet)
    ):
        return _complete_activities(sheet)
    if has(sheet, "StageName") or has(sheet, "Stage"):
        return with_own(sheet, status=_status(sheet))
    if has(sheet, "Username") or has(sheet, "UserRoleId"):
        roles = export.pairs(("Id",), ("Name",), where=_holds_roles)
        first, last = first_cells(sheet, "FirstName", "First Name"), first_cells(sheet, "LastName", "Last Name")
        name = (first.fillna("") + " " + last.fillna("")).str.strip()
        return with_own(
            sheet, team=looked_up(first_cells(sheet, "UserRoleId"), roles), name=name.where(name != "", None)
        )
    return sheet


def _holds_roles(sheet: Sheet) -> bool:
    return has(sheet, "ParentRoleId") or has(sheet, "DeveloperName")


def _is_activity_report(sheet: Sheet) -> bool:
    return has(sheet, "Subject", "Assigned") or has(sheet, "Activity ID")


def _status(sheet: Sheet) -> pd.Series:
    """IsWon and IsClosed where the export has them, else the words of the stage."""
    won, closed = flags(sheet, "IsWon", "Won"), flags(sheet, "IsClosed", "Closed")
    words = deal_status(first_cells(sheet, "StageName", "Stage").fillna("").astype(object))
    status = pd.Series(None, index=words.index, dtype=object)
    status[closed.eq(False)] = "open"
    status[closed.eq(True) & won.eq(False)] = "lost"
    status[won.eq(True)] = "won"
    known = first_cells(sheet, "StageName", "Stage").notna()
    return status.where(status.notna() | ~known, words)


def _complete_activities(sheet: Sheet) -> Sheet:
    """What a task or event was, when it counts as done, and which record it is about by its id's first letters."""
    event = has(sheet, "StartDateTime") or has(sheet, "EndDateTime")
    default = "meeting" if event else "task"
    kind = pd.Series(None, index=sheet.frame.index, dtype=object)
    for names in (("Type",), ("TaskSubtype", "Task Subtype", "EventSubtype")):
        words = first_cells(sheet, *names).str.lower().str.replace(r"[\W_]+", "", regex=True)
        kind = kind.where(kind.notna(), looked_up(words.astype(object), _ACTIVITIES))
    what, who = first_cells(sheet, "WhatId"), first_cells(sheet, "WhoId")
    minutes = pd.Series(figures(sheet, "DurationInMinutes", "Duration"), index=kind.index)
    seconds = pd.Series(figures(sheet, "CallDurationInSeconds", "Call Duration"), index=kind.index)
    minutes = minutes.where(minutes.notna(), seconds / 60)
    return with_own(
        sheet,
        activity=kind.where(kind.notna(), default),
        activity_status=_activity_status(sheet, event),
        deal=what.where(what.str.startswith("006").eq(True), None),
        account=what.where(what.str.startswith("001").eq(True), None),
        lead=who.where(who.str.startswith("00Q").eq(True), None),
        minutes=minutes.map(str, na_action="ignore").astype(object),
    )


def _activity_status(sheet: Sheet, event: bool) -> pd.Series:
    status = pd.Series(None, index=sheet.frame.index, dtype=object)
    if not event:
        words = first_cells(sheet, "Status").str.lower()
        closed = flags(sheet, "IsClosed", "Closed")
        status[closed.eq(False) | words.isin(["not started", "in progress", "waiting on someone else", "deferred"])] = (
            "scheduled"
        )
        status[closed.eq(True) | (words == "completed")] = "completed"
    status[flags(sheet, "No_Show__c", "No Show").eq(True)] = "no_show"
    return status


def _complete_forecasting(sheet: Sheet, export: Export) -> Sheet:
    """Quotas and forecasts say their period by id; of several forecast types only the one with most rows is read."""
    ids = first_cells(sheet, "PeriodId")
    starts = looked_up(ids, export.pairs(("Id",), ("StartDate",), "EndDate"))
    ends = looked_up(ids, export.pairs(("Id",), ("EndDate",), "StartDate"))
    types = first_cells(sheet, "ForecastingTypeId")
    counts = types.dropna().value_counts()
    other = types.notna() & (types != (counts.index[0] if len(counts) else None))
    completed = with_own(
        sheet,
        period_start=starts,
        period_end=ends,
        other_type=other.map({True: "yes", False: None}).astype(object),
    )
    return with_own(completed, category=_category(sheet)) if has(sheet, "ForecastAmount") else completed


def _category(sheet: Sheet) -> pd.Series:
    """The cumulative figure where the file has it (commit with what is closed), else the single category's."""
    words = first_cells(sheet, "ForecastingItemCategory", "ForecastCategoryName")
    keys = words.map(header_key, na_action="ignore").astype(object)
    cumulative = looked_up(keys, _CUMULATIVE)
    has_cumulative = keys.isin(["openpipeline", "bestcaseforecast", "commitforecast"]).any()
    return cumulative if has_cumulative else looked_up(keys, _SINGLE)


def _add_histories(assembly: Assembly, sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        style = history_style(sheet)
        if has(sheet, "OpportunityId", "Field", "NewValue", "CreatedDate"):
            shape = ValueHistory(
                "OpportunityId", "Field", "NewValue", "CreatedDate", _TRACKED, "OldValue", "CreatedById"
            )
            add_value_history(assembly, sheet, shape, style)
        elif has(sheet, "OpportunityId", "StageName", "CreatedDate"):
            add_state_history(
                assembly, sheet, StateHistory("OpportunityId", "CreatedDate", _STATES, "CreatedById"), style
            )
        elif has(sheet, "_fivetran_start", "StageName", "Id"):
            # A loader's history mode keeps whole former rows; it is not Salesforce's own history.
            add_state_history(assembly, sheet, StateHistory("Id", "_fivetran_start", _STATES), style)
