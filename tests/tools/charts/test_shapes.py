"""Where bars and points stand, worked out by hand."""

import pytest

from tools.charts import Chart, Mark
from tools.charts.shapes import Scale, bars_of, clean, columns_of, line_of, shortened


def chart(kind: str, *values: float | None, target: float | None = None) -> Chart:
    marks = tuple(Mark(label=f"m{number}", value=value, text=str(value)) for number, value in enumerate(values))
    aim = None if target is None else Mark(label="Target", value=target, text=str(target))
    return Chart(kind=kind, title="t", marks=marks, target=aim, alternative="a")


def spans(drawn: Chart, length: float) -> list[tuple[float, float] | None]:
    return [None if row.start is None else (row.start, row.end) for row in bars_of(drawn, length).rows]


def test_the_longest_bar_is_as_long_as_there_is_room():
    assert spans(chart("bars", 10, 5, 0), 100) == [(0, 100), (0, 50), (0, 0)]


def test_bars_below_zero_grow_to_the_left_of_it():
    # From -10 to 30 in 200: each unit is 5 wide, and 0 stands at 50.
    assert spans(chart("bars", 30, -10), 200) == [(50, 200), (50, 0)]


def test_all_below_zero_hang_from_the_right():
    assert spans(chart("bars", -4, -1), 100) == [(100, 0), (100, 75)]


def test_a_missing_value_is_no_bar_and_no_zero():
    assert spans(chart("bars", 4, None), 100) == [(0, 100), None]


def test_nothing_but_zeros_is_drawn_without_length():
    assert spans(chart("bars", 0, 0), 100) == [(0, 0), (0, 0)]


def test_a_target_further_out_makes_room_for_itself():
    drawn = bars_of(chart("bullet", 73, target=90), 180)
    assert drawn.target == 180
    assert drawn.rows[0].end == pytest.approx(146)


def test_steps_of_a_waterfall_begin_where_the_one_before_ended():
    # 100 + 60 - 120 = 40; the widest stand is 160, so each unit is 2 wide.
    drawn = chart("waterfall", 100, 60, -120, 40)
    assert spans(drawn, 320) == [(0, 200), (200, 320), (320, 80), (0, 80)]
    assert [row.total for row in bars_of(drawn, 320).rows] == [True, False, False, True]


def test_a_waterfall_that_goes_below_zero_moves_its_zero():
    # 10 - 30 = -20: from -20 to 10 in 30, and 0 stands at 20.
    assert spans(chart("waterfall", 10, -30, -20), 30) == [(20, 30), (30, 0), (20, 0)]


def test_a_missing_step_is_stepped_over():
    assert spans(chart("waterfall", 10, None, 10, 20), 20) == [(0, 10), None, (10, 20), (0, 20)]


def test_funnel_bars_stand_around_the_middle():
    assert spans(chart("funnel", 40, 20, 10), 80) == [(0, 80), (20, 60), (30, 50)]


def test_points_of_a_trend_are_as_far_apart_as_their_periods_and_counted_from_zero():
    line = line_of(chart("trend", 0, 5, None, 10), 300, 100)
    assert [(point.x, point.y) for point in line.points] == [(0, 100), (100, 50), (200, None), (300, 0)]
    assert line.zero == 100 and line.target is None


def test_a_trends_target_is_on_its_scale():
    assert line_of(chart("trend", 0, 10, target=20), 100, 100).target == 0


@pytest.mark.parametrize("values", [(1e308, -1e308), (5e-324, 0.0), (1e300, 1.0)])
def test_no_value_is_too_large_or_small_for_a_place(values):
    scale = Scale.over(list(values), 100)
    assert all(0 <= scale.at(value) <= 100 for value in values)


def test_a_wide_letter_takes_two_columns():
    assert columns_of("日本") == 4 and columns_of("e\u0301") == 1


@pytest.mark.parametrize(
    ("text", "columns", "shown"), [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("日本語", 5, "日本…")]
)
def test_long_labels_end_in_an_ellipsis(text, columns, shown):
    assert shortened(text, columns) == shown


def test_nothing_steers_the_terminal_or_turns_the_reading_direction():
    assert clean("a\x1b[31mb\u202ec\x00d\ne\ud800") == "a[31mbcd e"
