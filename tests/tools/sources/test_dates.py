"""Dates: every shape that exports write, and the refusal to guess between day and month."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tools.errors import InputError
from tools.sources.dates import UNREADABLE, read_moments


def day(*cells: str, zone: str = "UTC", source_zone: str = "UTC", **options: str) -> list[str]:
    moments = read_moments(pd.Series(cells, dtype=object), **options)
    return [str(value)[:10] for value in moments.days(source_zone, zone)]


@pytest.mark.parametrize(
    "cell",
    [
        "2021-04-15",
        "2021-4-15",
        "2021/04/15",
        "20210415",
        "15.04.2021",
        "15.4.21",
        "15/04/2021",
        "4/15/2021",
        "04-15-2021 00:03",
        "15 Apr, 2021 00:02:00",
        "15-Apr-21",
        "Apr 15, 2021",
        "Thursday, 15 April 2021",
        "15. April 2021",
        "15 avril 2021",
        "15 kwietnia 2021",
        "15 de abril de 2021",
        "2021-04-15 3:15:52",
        "2021-04-15T10:00:00.123Z",
        "2021-04-15T10:00:00+02:00",
        "4/15/21 11:59 PM",
        "1618480800000",
        "1618480800",
        "44301",
        "44301.75",
    ],
)
def test_one_day_in_every_shape(cell: str):
    assert day(cell) == ["2021-04-15"]


def test_a_number_over_twelve_decides_for_its_whole_column():
    assert day("03/04/2021", "25/04/2021") == ["2021-04-03", "2021-04-25"]
    assert day("03/04/2021", "04/25/2021") == ["2021-03-04", "2021-04-25"]


def test_an_undecided_column_is_refused_with_the_way_out():
    with pytest.raises(
        InputError, match=r'close date could be day first or month first .*03/04/2021.*date_order = "dmy"'
    ):
        day("03/04/2021", "05/06/2021", label="close date")


def test_a_column_that_proves_both_orders_is_refused():
    with pytest.raises(InputError, match="mixes day first"):
        day("25/04/2021", "04/25/2021")


def test_a_stated_order_settles_the_column_and_leaves_its_contradictions_empty():
    assert day("03/04/2021", "25/04/2021", order="dmy") == ["2021-04-03", "2021-04-25"]
    assert day("03/04/2021", "25/04/2021", order="mdy") == ["2021-03-04", "NaT"]


def test_equal_day_and_month_need_no_decision():
    assert day("05/05/2021") == ["2021-05-05"]


def test_dots_mean_day_first():
    assert day("03.04.2021") == ["2021-04-03"]


@pytest.mark.parametrize("cell", ["2021-02-30", "soon", "2021", "12/2021", "9999-12-31", "0001-01-01", "99", "25:61"])
def test_what_is_no_date_is_unreadable(cell: str):
    assert read_moments(pd.Series([cell], dtype=object)).kind.tolist() == [UNREADABLE]


def test_an_instant_is_cut_into_days_in_the_organisations_zone():
    assert day("2021-04-15T02:00:00Z", zone="America/New_York") == ["2021-04-14"]
    assert day("2021-04-15T22:30:00Z", zone="Europe/Stockholm") == ["2021-04-16"]


def test_a_clock_without_zone_is_the_sources():
    assert day("2021-04-15 02:00:00", source_zone="UTC", zone="America/New_York") == ["2021-04-14"]
    assert day("2021-04-15 02:00:00", source_zone="America/New_York", zone="America/New_York") == ["2021-04-15"]


def test_midnight_all_down_the_column_is_a_date_in_no_zone():
    assert day("2018-12-19 00:00:00", "2018-12-18 00:00:00", zone="America/New_York") == ["2018-12-19", "2018-12-18"]


def test_instants_are_utc_and_a_bare_day_begins_at_home():
    cells = pd.Series(["2021-07-01T12:00:00+02:00", "2021-07-01 12:00:00", "2021-07-01"], dtype=object)
    instants = read_moments(cells).instants("Europe/Stockholm", "Europe/Stockholm")
    assert [str(value)[:16] for value in instants] == ["2021-07-01T10:00", "2021-07-01T10:00", "2021-06-30T22:00"]


def test_the_hour_that_comes_twice_and_the_one_that_never_was():
    cells = pd.Series(["2021-10-31 02:30:00", "2021-03-28 02:30:00"], dtype=object)
    instants = read_moments(cells).instants("Europe/Stockholm", "UTC")
    assert instants.tolist() == np.array(["2021-10-31T00:30", "2021-03-28T01:00"], dtype="datetime64[us]").tolist()


def test_a_stated_format_is_followed():
    assert day("150421", pattern="%d%m%y") == ["2021-04-15"]
