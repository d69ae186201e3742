"""Every list of things that can be added names what is there, and nothing that is not."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from evals.checks import CHECKS
from evals.finding import HARD_CHECKS
from prompts.loader import SECTIONS, PromptSet
from tools.metrics.catalogue import METRICS
from tools.sources import SOURCES
from tools.tables import TABLES

PROMPTS = PromptSet.load()
KNOWN = {metric.fact_id.split(".")[0].split("[")[0] for metric in METRICS} | {"goal_attainment"}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_can_be_chosen(source: str) -> None:
    module, _, function = SOURCES[source].partition(":")
    assert callable(getattr(import_module(module), function))


def test_every_check_file_is_listed(root: Path) -> None:
    # The structure lint stands beside the rubric and is not one of its checks.
    files = {file.stem for file in (root / "evals" / "checks").glob("*.py")} - {"__init__", "structure"}
    assert {check.ID for check in CHECKS} <= files
    assert all(("hard" if check.ID in HARD_CHECKS else "soft") == check.SEVERITY for check in CHECKS)


def test_every_section_has_a_folder_and_every_folder_is_a_section(root: Path) -> None:
    assert {folder.name for folder in (root / "prompts" / "sections").iterdir()} == set(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_cites_metrics_that_exist(section: str) -> None:
    assert [metric for metric in PROMPTS.section(section).metrics if metric not in KNOWN] == []


@pytest.mark.parametrize("role", PROMPTS.roles())
def test_a_role_has_metrics_that_exist_and_three_to_five_kpis(role: str) -> None:
    settings = PROMPTS.role(role)
    assert [metric for metric in (*settings.lead, *settings.key) if metric.split("[")[0] not in KNOWN] == []
    assert 3 <= len(settings.kpis) <= 5


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.id)
def test_a_metric_says_what_it_is_and_needs_tables_that_exist(metric) -> None:  # noqa: ANN001
    assert metric.label and metric.definition
    # "a|b" needs either; "deals.stage" needs that column.
    named = [either.split(".")[0] for need in metric.needs for either in need.split("|")]
    assert [table for table in named if table not in TABLES] == []
