"""Every id of the metric dictionary is computed, worked by hand, reached by a second road, and traced to records."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.metrics.catalogue import catalogue

DICTIONARY = (Path(__file__).parent / "dictionary.txt").read_text(encoding="utf-8").split()
TESTS = [Path(__file__).parents[1] / "tools" / name for name in ("metrics", "demo")]


def base(metric_id: str) -> str:
    return metric_id.split("[")[0].split(".")[0]


def test_every_id_of_the_dictionary_is_computed() -> None:
    computed = {base(each["id"]) for each in catalogue()}
    assert [each for each in DICTIONARY if each not in computed] == []


def test_nothing_computed_passes_for_a_dictionary_metric_without_being_one() -> None:
    claimed = {base(each["id"]) for each in catalogue() if each["origin"] == "metric dictionary"}
    helpers = {"business_reviews", "tasks", "qualified_meetings_held", "forecast_commit", "forecast_best_case"}
    assert claimed - set(DICTIONARY) - helpers == set()


@pytest.mark.parametrize("metric_id", DICTIONARY)
def test_a_metric_is_worked_in_the_tests(metric_id: str) -> None:
    """Its id stands in a test file of the metric layer: a hand case, and for most a second road beside it."""
    listed = [each for each in catalogue() if each["id"] == metric_id]
    names = [metric_id, *(f"{each['facts']}[{by}=" for each in listed for by in each["by"])]
    told = [file.read_text("utf-8") for folder in TESTS for file in sorted(folder.glob("test_*.py"))]
    assert any(name in text for name in names for text in told), f"no test names {metric_id}"


@pytest.mark.parametrize("listed", catalogue(), ids=lambda listed: listed["id"])
def test_the_catalogue_leaves_nothing_open(listed: dict) -> None:
    assert listed["definition"] and listed["unit"] and listed["why"] and listed["needs"] and listed["origin"]
    assert listed["better"] in ("higher", "lower", None)
