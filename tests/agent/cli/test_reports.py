"""`salesbrief metrics` and `salesbrief report`, used as a person would."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from agent.cli.reports import report_text
from tools.reports.table import Figure, Line, ReportTable

QUARTER = ("--period", "2026-Q2", "--as-of", "2026-07-05")


def test_metrics_lists_every_metric_with_what_it_needs(salesbrief) -> None:
    listed = json.loads(salesbrief("metrics", "--json").out)
    win_rate = next(each for each in listed if each["id"] == "win_rate")
    assert win_rate["unit"] == "ratio"
    assert {"definition", "better", "needs", "why", "caveat", "origin"} <= set(win_rate)
    assert len(listed) > 110


def test_a_metric_is_told_in_full(salesbrief) -> None:
    told = salesbrief("metrics", "clv").out
    assert "caveat   Unreliable on few customers" in told
    assert "needs    subscriptions, deal_lines.margin" in told


def test_an_unknown_metric_suggests_the_nearest(salesbrief) -> None:
    ran = salesbrief("metrics", "win_rat")
    assert (ran.code, 'Did you mean "win_rate"' in ran.err) == (2, True)


def test_reports_are_listed_with_why_they_matter(salesbrief) -> None:
    listing = salesbrief("report").out
    assert "quota_attainment" in listing
    assert "Dates and amounts that keep moving" in listing


def test_a_report_for_people_and_for_machines(salesbrief, demo_workspace: Path) -> None:
    asked = ("report", "quota_attainment", "--data", demo_workspace, *QUARTER)
    text = salesbrief(*asked).out
    assert "Michael Torres" in text and "111" in text
    rows = list(csv.DictReader(io.StringIO(salesbrief(*asked, "--csv").out)))
    michael = next(row for row in rows if row["rep"] == "Michael Torres")
    assert (michael["revenue_won"], float(michael["attainment"])) == ("560000", pytest.approx(560_000 / 504_500))
    found = json.loads(salesbrief(*asked, "--json").out)["rows"]
    assert len(next(row for row in found if row["rep"] == "Michael Torres")["records"]["revenue_won"]) == 12


def test_options_are_saved_and_used_again(salesbrief, demo_workspace: Path) -> None:
    saving = ("report", "deal_size", "--data", demo_workspace, *QUARTER, "--by", "segment", "--save", "sizes", "--csv")
    first = salesbrief(*saving)
    again = salesbrief("report", "sizes", "--data", demo_workspace, "--as-of", "2026-07-05", "--csv")
    assert (first.code, again.out) == (0, first.out)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("quota_attainment",), "Say which workspace"),
        (("quota_attainment", "--data", "{demo}"), "Say which period"),
        (("quota_attainment", "--data", "{demo}", *QUARTER, "--who", "Ashley", "--team", "East"), "not both"),
        (("quota_attainment", "--data", "{demo}", *QUARTER, "--where", "smb"), "write --where segment=smb"),
        (("quota", "--data", "{demo}", *QUARTER), 'There is no report "quota"'),
    ],
)
def test_a_mistake_is_one_sentence(salesbrief, demo_workspace: Path, words: tuple[str, ...], says: str) -> None:
    ran = salesbrief("report", *(word.replace("{demo}", str(demo_workspace)) for word in words))
    assert ran.code == 2
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_without_the_extra_a_picture_names_it(
    salesbrief, demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    file = tmp_path / "q.png"
    ran = salesbrief("report", "quota_attainment", "--data", demo_workspace, *QUARTER, "--png", file)
    assert (ran.code, 'pip install "salesbrief[charts]"' in ran.err, file.exists()) == (2, True, False)


@pytest.mark.parametrize("name", ["quota_attainment", "activity_timeline", "pipeline_waterfall"])
def test_a_picture_is_drawn(salesbrief, demo_workspace: Path, tmp_path: Path, name: str) -> None:
    pytest.importorskip("altair")
    file = tmp_path / "r.png"
    ran = salesbrief("report", name, "--data", demo_workspace, *QUARTER, "--png", file)
    assert (ran.code, file.read_bytes()[:4]) == (0, b"\x89PNG")


def test_bars_stand_beside_the_main_figure_and_leave_the_total_out() -> None:
    table = ReportTable(
        "x", "Wins", "2026-Q2", ("rep",), (Figure("n", "Won", "count", "won"),),
        (Line(("Ann",), (4,)), Line(("Ben",), (1,)), Line(("Cy",), (None,)), Line(("All",), (5,), total=True)),
        {}, (), "n",
    )  # fmt: skip
    lines = report_text(table, bars=True).splitlines()[4:]
    assert [line.split()[2:] for line in lines] == [["█" * 20], ["█" * 5], [], []]
    assert "█" not in report_text(table, bars=False)
