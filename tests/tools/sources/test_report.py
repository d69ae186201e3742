"""An import's report says what matters where nobody can miss it."""

from __future__ import annotations

from tools.sources.report import Example, FileRead, Report


def _report(**imported: int) -> Report:
    report = Report("salesforce")
    for table, rows in imported.items():
        count = report.count(table, f"{table}.csv")
        count.read = count.imported = rows
    return report


def test_only_the_first_unused_columns_are_named() -> None:
    report = _report(deals=1)
    names = tuple(f"c{number}" for number in range(1000))
    report.files.append(FileRead("deals.csv", "utf-8", ",", 1, ("deals",), names))
    assert "columns not used: c0, c1, c2, c3, c4, c5, c6, c7 … and 992 more" in report.to_text()
    assert len(report.to_json()["files"][0]["unread_columns"]) == 1000


def test_deals_that_were_all_left_out_are_told_loudly() -> None:
    report = Report("salesforce")
    report.count("deals", "deals.csv").read = 10
    report.note("left_out", "deals", "stage", "unknown", 10, Example("deals.csv", 2))
    assert "WARNING: no deal was imported: all 10 rows read were left out" in report.to_text()


def test_an_export_read_as_another_kind_is_told_loudly() -> None:
    (warning,) = _report(accounts=5, activities=9).to_json()["warnings"]
    assert "is this the right --from" in warning


def test_people_targets_and_notes_may_come_alone() -> None:
    assert [_report(**{table: 3}).warnings() for table in ("people", "targets", "evidence", "deals")] == [[]] * 4
