"""A fact sheet for a terminal: readable at its width, reasons told once."""

from __future__ import annotations

from agent.cli.facts import sheet_text
from tools.facts import Absent, Fact, FactSheet

SHEET = FactSheet(
    person="Ada Berg", period="2026-Q2",
    facts=(Fact(id="deals_won", label="Deals won", value=3, unit="count", prior=8, partial=True),),
    absent=tuple(Absent(id=each, reason="no activities on record") for each in ("calls", "emails")),
)  # fmt: skip


def test_a_reason_is_told_once_for_all_its_metrics() -> None:
    assert "  calls, emails: no activities on record" in sheet_text(SHEET).splitlines()


def test_ids_are_left_out_where_the_terminal_is_narrow() -> None:
    assert "deals_won" in sheet_text(SHEET, 120)
    assert "deals_won" not in sheet_text(SHEET, 60)


def test_a_figure_partly_on_record_is_marked() -> None:
    assert "3 (partial)" in sheet_text(SHEET)
