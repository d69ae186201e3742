"""`--from hubspot`: CSV exports of the browser, API-shaped CSVs, and the tables of a warehouse loader.

What the aliases in mappings/crm/hubspot.toml cannot say stands here: when a deal is lost, which deals were merged
away, who an activity was with, and the property history.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tools.sources.assemble import Assembly
from tools.sources.crm import (
    Export,
    figures,
    file_says,
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
from tools.sources.history import ValueHistory, add_value_history
from tools.sources.reading import ReadContext, Reading
from tools.sources.words import deal_status

_DEAL_IDS = ("Record ID", "Deal ID", "hs_object_id", "id")
_STAGES = ("Deal Stage", "dealstage", "deal_pipeline_stage_id")
_KINDS = {
    "call": "call", "email": "email", "incomingemail": "email", "forwardedemail": "email", "meeting": "meeting",
    "note": "note", "task": "task", "communication": "chat", "sms": "chat", "whatsapp": "chat", "linkedin": "chat",
    "linkedinmessage": "chat", "chat": "chat", "conversationsession": "chat", "loggedcall": "call",
}  # fmt: skip
_TRACKED = {
    "dealstage": "stage", "amount": "amount", "closedate": "expected_close_on", "hubspot_owner_id": "owner",
    "hs_manual_forecast_category": "forecast_category", "hs_forecast_category": "forecast_category",
    "hs_next_step": "next_step", "Deal Stage": "stage", "Close Date": "expected_close_on", "Deal owner": "owner",
    "Next step": "next_step", "Forecast category": "forecast_category",
}  # fmt: skip


def read_hubspot(path: Path, context: ReadContext, mapping: str | None = None) -> Reading:
    """Read HubSpot exports. Raises `InputError` where no file has a HubSpot export's columns."""
    return read_crm("hubspot", path, context, mapping, _without_prefix, _complete, _add_histories)


def _without_prefix(sheet: Sheet) -> Sheet:
    """Loaders write property_dealname for dealname; deal_id and deal_name are the id and name of a deals table."""
    titles = {str(title): str(title).removeprefix("property_") for title in sheet.frame.columns}
    if has(sheet, "deal_id") and (has(sheet, "property_dealname") or has(sheet, "dealname")):
        titles["deal_id"] = "id"
    return renamed(sheet, {old: new for old, new in titles.items() if old != new})


def _complete(sheet: Sheet, export: Export) -> Sheet:
    if _holds_stages(sheet):
        stages = first_cells(sheet, "stage_id", "stageId")
        return with_own(sheet, kind=looked_up(stages, _stage_kinds(export)), pipeline=_pipelines(sheet, export))
    if has(sheet, "Deal Name") or has(sheet, "dealname"):
        return _complete_deals(sheet, export)
    if has(sheet, "owner_id", "email") or has(sheet, "Owner ID", "email"):
        return _complete_owners(sheet, export)
    if has(sheet, "hs_target_amount"):
        name = first_cells(sheet, "hs_goal_name", "Goal name").fillna("").str.lower()
        other = name.str.contains("call|meeting|ticket|deals created|response")
        return with_own(sheet, quota=pd.Series("yes", index=name.index, dtype=object).where(~other, None))
    types = _activity_types(sheet)
    return sheet if types is None else _complete_activities(sheet, export, types)


def _holds_stages(sheet: Sheet) -> bool:
    return has(sheet, "stage_id", "label") or has(sheet, "stageId", "label")


def _pipelines(sheet: Sheet, export: Export) -> pd.Series:
    """Pipelines by their label, where the export has a list of them."""
    ids = first_cells(sheet, "Pipeline", "deal_pipeline_id", "pipeline_id", "pipelineId")
    labels = export.pairs(("pipeline_id", "pipelineId"), ("label",), where=lambda other: not _holds_stages(other))
    named = looked_up(ids, labels)
    return named.where(named.notna(), ids)


def _stage_kinds(export: Export) -> dict[str, str]:
    """Stage id (and label, where it means one thing) → open, won or lost.

    HubSpot offers 0 % only as "lost" and 100 % only as "won"; old stage tables mark is_closed for won alone.
    """
    kinds: dict[str, str] = {}
    labels: dict[str, set[str]] = {}
    for sheet in filter(_holds_stages, export.sheets):
        won = flags(sheet, "closed_won", "closedWon")
        chance = figures(sheet, "probability")
        for stage, label, is_won, probability in zip(
            first_cells(sheet, "stage_id", "stageId"), first_cells(sheet, "label"), won, chance, strict=True
        ):
            if stage is None:
                continue
            kinds[stage] = "won" if is_won is True or probability == 1 else "lost" if probability == 0 else "open"
            if label is not None:
                labels.setdefault(label, set()).add(kinds[stage])
    for label, meant in labels.items():
        if len(meant) == 1:
            kinds.setdefault(label, next(iter(meant)))
    return kinds


def _complete_deals(sheet: Sheet, export: Export) -> Sheet:
    ids = first_cells(sheet, *_DEAL_IDS)
    active = export.pairs(("deal_id",), ("value",), "date_entered", "_fivetran_active")
    stages = first_cells(sheet, *_STAGES)
    stages = stages.where(stages.notna(), looked_up(ids, active))
    merged = _merged_away(export)
    return with_own(
        sheet,
        stage=stages,
        status=_status(sheet, stages, _stage_kinds(export)),
        pipeline=_pipelines(sheet, export),
        merged=ids.isin(merged).map({True: "yes", False: None}).astype(object),
        company=looked_up(ids, export.pairs(("deal_id",), ("company_id",))),
    )


def _status(sheet: Sheet, stages: pd.Series, kinds: dict[str, str]) -> pd.Series:
    """A deal's own flags first, then what its stage means, what it is called, and at last its probability."""
    won = flags(sheet, "Is Closed Won", "hs_is_closed_won")
    lost = flags(sheet, "Is closed lost", "hs_is_closed_lost")
    closed = flags(sheet, "Is Deal Closed?", "hs_is_closed", "Is Closed")
    status = pd.Series(None, index=stages.index, dtype=object)
    status[closed.eq(False)] = "open"
    status[lost.eq(True) | (closed.eq(True) & won.eq(False))] = "lost"
    status[won.eq(True)] = "won"
    status = status.where(status.notna(), looked_up(stages, kinds))
    words = deal_status(stages.fillna("").astype(object))
    status = status.where(status.notna(), words.where(words != "open", None))
    chance = pd.Series(figures(sheet, "Deal probability", "hs_deal_stage_probability"), index=stages.index)
    status = status.where(status.notna() | (chance != 1), "won").where(status.notna() | (chance != 0), "lost")
    return status.where(status.notna(), "open")


def _merged_away(export: Export) -> set[str]:
    """Ids of deals that live on inside another one."""
    merged = set(export.pairs(("merged_deal_id",), ("deal_id",)))
    for sheet in export.sheets:
        listed = first_cells(sheet, "Merged Deal IDs", "hs_merged_object_ids", "Merged record IDs").dropna()
        for ids in listed:
            merged.update(part.strip() for part in ids.split(";") if part.strip())
    return merged


def _complete_owners(sheet: Sheet, export: Export) -> Sheet:
    """Owner and user are two ids of one person; an owner without an active user was deactivated."""
    owners = first_cells(sheet, "owner_id", "Owner ID")
    team_names = export.pairs(("id",), ("name",), where=lambda other: file_says(other, "team"))
    team_of_owner = _primary(export, "owner_id", "is_team_primary", "true")
    team_of_user = _primary(export, "user_id", "is_secondary_user", "false")
    users = first_cells(sheet, "active_user_id", "user_id", "User ID")
    teams = looked_up(owners, team_of_owner)
    teams = teams.where(teams.notna(), looked_up(users, team_of_user))
    named = looked_up(teams, team_names)
    active = pd.Series(None, index=owners.index, dtype=object)
    if has(sheet, "active_user_id"):
        active = users.notna().map({True: "true", False: "false"}).astype(object)
    return with_own(sheet, team=named.where(named.notna(), teams), active=active)


def _primary(export: Export, person: str, marker: str, wanted: str) -> dict[str, str]:
    """Person → team, the primary one where several are listed."""
    found: dict[str, str] = {}
    for sheet in export.sheets:
        if has(sheet, person, "team_id", marker):
            export.consulted.add(sheet.name)
            primary = first_cells(sheet, marker).str.lower() == wanted
            rows = zip(first_cells(sheet, person), first_cells(sheet, "team_id"), primary, strict=True)
            for who, team, _ in sorted(rows, key=lambda row: not row[2]):
                if who is not None and team is not None:
                    found.setdefault(who, team)
    return found


def _activity_types(sheet: Sheet) -> pd.Series | None:
    """The kind of activity per row, or None where the sheet holds none (an association, say)."""
    associates = has(sheet, "engagement_id") and (
        has(sheet, "deal_id") or has(sheet, "company_id") or has(sheet, "contact_id")
    )
    dated = has(sheet, "hs_timestamp") or has(sheet, "Activity date") or has(sheet, "start_time", "end_time")
    base = has(sheet, "id", "type", "portal_id")
    if associates or not (dated or base or has(sheet, "engagement_id")):
        return None
    words = (
        first_cells(sheet, "type", "Activity type", "engagement_type")
        .str.lower()
        .str.replace(r"[\W_]+", "", regex=True)
    )
    kinds = looked_up(words.astype(object), _KINDS)
    by_file = next((kind for word, kind in _KINDS.items() if file_says(sheet, word)), None)
    if by_file is None and has(sheet, "start_time", "end_time"):
        by_file = "meeting"
    return kinds if by_file is None else kinds.where(kinds.notna(), by_file)


def _complete_activities(sheet: Sheet, export: Export, types: pd.Series) -> Sheet:
    ids = first_cells(sheet, "engagement_id", "Record ID", "hs_object_id", "id")
    return with_own(
        sheet,
        activity=types,
        deal=looked_up(ids, export.pairs(("engagement_id",), ("deal_id",))),
        company=looked_up(ids, export.pairs(("engagement_id",), ("company_id",))),
        contact=looked_up(ids, export.pairs(("engagement_id",), ("contact_id",))),
    )


def _add_histories(assembly: Assembly, sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        style = history_style(sheet)
        if has(sheet, "deal_id", "name", "value", "timestamp"):
            by = "updated_by_user_id" if has(sheet, "updated_by_user_id") else None
            add_value_history(
                assembly, sheet, ValueHistory("deal_id", "name", "value", "timestamp", _TRACKED, by=by), style
            )
        elif has(sheet, "deal_id", "value", "date_entered"):
            stage = with_own(sheet, field=pd.Series("dealstage", index=sheet.frame.index, dtype=object))
            shape = ValueHistory("deal_id", "salesbrief field", "value", "date_entered", _TRACKED)
            add_value_history(assembly, stage, shape, style)
