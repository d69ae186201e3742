"""Files that workspace.toml names: read like an import, and refused at the first cell that cannot be right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tools.errors import InputError
from tools.organisation import Settings
from tools.sources.named_files import read_named_file
from tools.tables import TABLES

HEADER = "person,metric,start_on,end_on,value\n"


def read(tmp_path: Path, rows: str, **organisation: str):
    file = tmp_path / "targets.csv"
    file.write_text(HEADER + rows)
    return read_named_file(file, TABLES["targets"], Settings.model_validate({"organisation": organisation}))


def test_european_days_are_read_as_an_import_reads_them(tmp_path: Path) -> None:
    frame = read(tmp_path, "Ann,quota,1.4.2026,30.6.2026,60000\n")
    assert (frame["start_on"][0].date(), frame["end_on"][0].date()) == (date(2026, 4, 1), date(2026, 6, 30))


def test_american_days_are_read_where_the_settings_say_so(tmp_path: Path) -> None:
    frame = read(tmp_path, "Ann,quota,07/01/2017,09/12/2017,60000\n", date_order="mdy")
    assert frame["start_on"][0].date() == date(2017, 7, 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Ann,quota,2026-04-01,2026-06-30,sixty\n", 'targets.csv, row 2: value "sixty" is not readable as a number'),
        ("Ann,win_rate,2026-04-01,2026-06-30,60\n", "row 2: a win_rate of 60 is over 300 %; write 0.6 for 60 %"),
        ("Ann,quota,2026-04-01,2026-06-30,6\nAnn,quota,2026-04-01,2026-06-30,7\n", "row 3: .* the one in row 2"),
        ("Ann,quota,2026-04-01,2026-06-30,6\nAnn,quota,2026-06-01,2026-08-31,7\n", "row 3: .* the one in row 2"),
    ],
)
def test_a_target_that_cannot_be_right_is_refused_with_its_row(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(tmp_path, rows)


def test_months_one_after_another_and_inside_their_quarter_may_stand(tmp_path: Path) -> None:
    months = "Ann,quota,2026-04-01,2026-04-30,1\nAnn,quota,2026-05-01,2026-05-31,1\nAnn,quota,2026-04-01,2026-06-30,3\n"
    assert len(read(tmp_path, months)) == 3


def test_a_forecast_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "forecasts.csv"
    row = "Ann,2026-04-01,2026-06-30,commit,{},2026-04-30\n"
    file.write_text("person,start_on,end_on,category,amount,submitted_on\n" + row.format(100) + row.format(120))
    with pytest.raises(
        InputError, match="forecasts.csv, row 3: the same person, .* stands in row 2; keep one of the two"
    ):
        read_named_file(file, TABLES["forecasts"], Settings())


def test_a_quota_with_zeros_too_many_is_refused_where_others_show_it(tmp_path: Path) -> None:
    rows = "".join(f"{who},quota,2026-04-01,2026-06-30,{value}\n" for who, value in
                   (("Ann", 60000), ("Ben", 70000), ("Cy", 65000), ("Di", 600000000)))  # fmt: skip
    with pytest.raises(InputError, match="row 5: a quota of 600,000,000 is over a hundred times what others are set"):
        read(tmp_path, rows)
