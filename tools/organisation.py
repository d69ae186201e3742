"""The organisation's settings: `workspace.toml`, a file that its owner writes and salesbrief never rewrites.

Every section may be left out; an unknown key is refused with the nearest known one, so that a typing mistake
cannot pass for a setting.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator

from tools.errors import InputError, SettingsError, did_you_mean
from tools.facts import Better, Frozen
from tools.tables import TABLES

SETTINGS_FILE = "workspace.toml"
ROLES = ("sales_rep", "sdr", "account_executive", "enterprise_account_executive", "account_manager", "sales_manager")


class Organisation(Frozen):
    """Who we are and how we count."""

    name: str | None = None
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$")
    zone: str = "UTC"
    fiscal_year_start: int = Field(1, ge=1, le=12)
    amount_basis: str | None = None
    default_role: str = Field("sales_rep", description="the role of people whose role nobody recorded")
    date_order: Literal["dmy", "mdy"] | None = Field(None, description="how 03/04/2021 reads in imports")
    decimal: Literal[".", ","] | None = Field(None, description="the decimal mark of 1,234 in imports")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f'"{zone}" is no time zone; write one like "Europe/Stockholm"') from None
        return zone


class Rules(Frozen):
    """The parameters that `spec/metrics.md` leaves to the organisation, with their defaults."""

    cycle_start: Literal["created_on", "first_contact_on"] = "created_on"
    stalled_days: int = 30
    forecast_day_quarter: int = Field(30, description="the commit of this day of a quarter is the forecast")
    forecast_day_month: int = 10
    coverage_floor: float = 2.0
    renewal_horizon_days: int = 90
    falling_usage: float = Field(0.10, description="a drop of the last 30 days' mean by more than this share")
    conversion_day: Literal["closed", "period_end"] = "closed"


class PersonSettings(Frozen):
    """What the CRM does not say about a person, or says wrongly. Matched by id, e-mail or name."""

    name: str
    id: str | None = None
    email: str | None = None
    aliases: tuple[str, ...] = ()
    role: str | None = None
    manager: str | None = None
    team: str | None = None
    segment: str | None = None
    territory: str | None = None
    start_on: date | None = None
    leave_on: date | None = None
    ramp_until: date | None = None


class StageSettings(Frozen):
    """What a stage means. Overrides what the source says of it."""

    stage: str
    pipeline: str | None = None
    label: str | None = None
    position: int | None = None
    kind: Literal["open", "won", "lost"] | None = None
    probability: float | None = Field(None, ge=0, le=1)
    late: bool | None = None
    category: Literal["commit", "best_case", "pipeline", "omitted", "closed"] | None = None


class RoleSettings(Frozen):
    """This organisation's KPIs for a role, instead of the shipped ones."""

    kpis: tuple[str, ...] = ()


class DefinitionChange(Frozen):
    """From `since` on, `metric` was defined as `text`. A comparison across that day is marked."""

    metric: str
    since: date
    text: str


class RenamedStage(Frozen):
    """Until `since`, the stage that is called `now` was called `stage` in the records."""

    stage: str
    now: str
    since: date
    pipeline: str | None = None


class MeasureSettings(Frozen):
    """A measure of an own metric: an aggregate over the records of one of the shipped row sets."""

    rows: str
    sql: str = Field(description='an aggregate in SQL, as "count(*)" or "sum(amount)"')
    where: str | None = None


class MetricSettings(Frozen):
    """A metric of the organisation's own, computed and traced like the shipped ones."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    definition: str
    unit: str
    better: Better = None
    formula: str
    measures: dict[str, MeasureSettings]


class Settings(Frozen):
    """All of `workspace.toml`."""

    organisation: Organisation = Organisation()
    rules: Rules = Rules()
    files: dict[str, str] = Field({}, description="canonical CSV files kept beside workspace.toml: targets = …")
    people: tuple[PersonSettings, ...] = ()
    stages: tuple[StageSettings, ...] = ()
    roles: dict[str, RoleSettings] = {}
    definitions: tuple[DefinitionChange, ...] = ()
    renamed_stages: tuple[RenamedStage, ...] = ()
    metrics: tuple[MetricSettings, ...] = ()

    @field_validator("files")
    @classmethod
    def _files_are_tables(cls, files: dict[str, str]) -> dict[str, str]:
        for table in files:
            if table not in TABLES:
                raise ValueError(f'"{table}" is no table. {did_you_mean(table, list(TABLES))}')
        return files


def read_settings(path: Path) -> Settings:
    """The settings in that file. Raises `SettingsError` naming the key and the nearest known one."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"There is no {path}. `salesbrief import` proposes one at the first import.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML ({error}); mend that line and run again.") from None
    return parse_settings(raw, str(path))


def parse_settings(raw: dict[str, Any], origin: str) -> Settings:
    """Settings from parsed TOML; `origin` names the file in errors."""
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        raise SettingsError(_first_problem(error, origin)) from None


def _first_problem(error: ValidationError, origin: str) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        model = _model_at(problem["loc"])
        return f'{origin}: unknown key "{where}". {did_you_mean(str(problem["loc"][-1]), list(model.model_fields))}'
    return f"{origin}: {where}: {problem['msg'].removeprefix('Value error, ')}."


def _model_at(loc: tuple[int | str, ...]) -> type[Frozen]:
    sections: dict[str, type[Frozen]] = {
        "organisation": Organisation, "rules": Rules, "people": PersonSettings, "stages": StageSettings,
        "roles": RoleSettings, "definitions": DefinitionChange,
        "renamed_stages": RenamedStage,
        "metrics": MeasureSettings if "measures" in loc else MetricSettings,
    }  # fmt: skip
    return sections.get(str(loc[0]), Settings) if len(loc) > 1 else Settings
