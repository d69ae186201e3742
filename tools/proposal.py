"""The workspace.toml proposed at the first import: what the export tells, ready to be corrected by its owner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tools.organisation import Organisation, Rules

if TYPE_CHECKING:
    import pandas as pd

_MOST_PEOPLE = 80


def propose_settings(organisation: Organisation, tables: Mapping[str, pd.DataFrame]) -> str:
    """TOML text with every section explained; what the export did not say stands commented out."""
    parts = [*_head(organisation), *_rules(), *_changes(), *_stages(tables), *_people(tables)]
    return "\n".join(parts) + "\n"


def _head(organisation: Organisation) -> list[str]:
    return [
        "# This file is yours: salesbrief proposed it at the first import and never rewrites it.",
        "",
        "[organisation]",
        f"name = {_quoted(organisation.name)}" if organisation.name is not None else '# name = "Our company"',
        f"currency = {_quoted(organisation.currency)}        # money is reported in this currency",
        f"zone = {_quoted(organisation.zone)}            # days are cut in this time zone",
        f"fiscal_year_start = {organisation.fiscal_year_start}     # month in which the fiscal year begins",
        _amount_basis(organisation),
        f"default_role = {_quoted(organisation.default_role)}",
        '# date_order = "dmy"   # how 03/04/2021 reads in imports: dmy or mdy',
        '# decimal = ","        # the decimal mark in imports, where 1,234 could be read either way',
        "",
        "# Quotas and goals are seldom in a CRM export. Keep them in a CSV file beside this one and name it here:",
        "# columns person or team, metric (quota, win_rate, meetings_held …), start_on, end_on, value.",
        "[files]",
        '# targets = "targets.csv"',
        "",
    ]


def _amount_basis(organisation: Organisation) -> str:
    comment = "   # what a deal's amount is: ACV, TCV, MRR, one-off …"
    if organisation.amount_basis is None:
        return f'# amount_basis = "annual contract value"{comment}'
    return f"amount_basis = {_quoted(organisation.amount_basis)}{comment}"


def _rules() -> list[str]:
    defaults = Rules()
    return [
        "# How we count; these are the defaults.",
        "[rules]",
        *[f"# {name} = {json.dumps(getattr(defaults, name))}" for name in Rules.model_fields],
        "",
    ]


def _changes() -> list[str]:
    return [
        "# What was counted or called otherwise before: comparisons across that day are marked.",
        "# [[definitions]]",
        '# metric = "qualified_meetings"',
        "# since = 2026-04-01",
        '# text = "meetings booked with a named problem and a budget"',
        "#",
        "# [[renamed_stages]]",
        '# stage = "Demo"',
        '# now = "Discovery"',
        "# since = 2026-04-01",
        "",
    ]


def _stages(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """One entry per stage seen, with the kind that most of its deals have."""
    deals = tables.get("deals")
    if deals is None or "stage" not in deals or "stages" in tables:
        return []
    lines = [
        "# Stages as they stand in the export, and what they mean. Add position (order), probability (0–1) and",
        "# late = true where a stage is late; list them in the order a deal goes through them.",
    ]
    seen = deals.loc[deals["stage"].notna(), ["stage", "status"]]
    for stage, statuses in seen.groupby("stage", sort=True)["status"]:
        lines += ["[[stages]]", f"stage = {_quoted(stage)}", f"kind = {_quoted(statuses.mode().iloc[0])}", ""]
    return lines if len(lines) > 2 else []


def _people(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    people = tables.get("people")
    if people is None or len(people) == 0 or len(people) > _MOST_PEOPLE:
        return []
    roles = "sales_rep, sdr, account_executive, enterprise_account_executive, account_manager, sales_manager"
    lines = [
        "# What the CRM does not say about people, or says wrongly. Remove the # where you want to say it.",
        f"# Roles: {roles}.",
    ]
    for person in people.sort_values("person_id").to_dict("records"):
        name = person.get("name") if isinstance(person.get("name"), str) else person["person_id"]
        lines += ["# [[people]]", f"# name = {_quoted(name)}"]
        for key in ("role", "manager", "team", "segment", "territory"):
            value = person.get(key)
            lines.append(f"# {key} = {_quoted(value if isinstance(value, str) else '')}")
        lines.append("#")
    return lines


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's, except for DEL."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
