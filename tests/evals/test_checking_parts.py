"""A sheet's hundred figures of parts (stages, products) excuse no invented number."""

from __future__ import annotations

from evals.checking import check_draft

SHEET = {
    "facts": [
        {"id": "forecast_accuracy", "label": "Forecast accuracy", "value": 0.73, "unit": "ratio", "target": 0.9,
         "better": "higher", "key": True},
        {"id": "stage_conversion[stage=Discovery]", "label": "Stage conversion, stage Discovery", "value": 0.95,
         "unit": "ratio", "better": "higher"},
    ]
}  # fmt: skip


def _unsupported(draft: str) -> list[str]:
    return [f["quote"] for f in check_draft(draft, SHEET)["findings"] if f["check"] == "unsupported_number"]


def test_a_parts_figure_does_not_stand_for_the_whole() -> None:
    assert _unsupported("Forecast accuracy came in at 95%, above the 90% target.\n") != []


def test_a_part_that_is_named_may_be_cited() -> None:
    assert _unsupported("From Discovery, 95% of deals moved on.\n") == []
