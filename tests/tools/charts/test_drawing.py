"""The same charts as SVG and as text: placed as worked out by hand, escaped, and said in words."""

import re
from xml.etree import ElementTree

import pytest

from tools.charts import Chart, Mark
from tools.charts.building import bars, bullet, funnel, mark, trend, waterfall
from tools.charts.shapes import columns_of
from tools.charts.svg import svg
from tools.charts.text import text_chart
from tools.facts import Fact

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)> & \u202eevil \x1b[2J'
ACCURACY = Fact(
    id="forecast_accuracy",
    label="Forecast accuracy",
    value=0.73,
    unit="ratio",
    target=0.9,
    better="higher",
    partial=True,
)
KINDS = {
    "bars": bars("Lost", [mark("Price", 2, "count"), mark("Silence", 1, "count"), mark("Gone", None, "count")]),
    "minus": bars("Gap", [mark("Ada", -20, "count"), mark("Bo", 60, "count")]),
    "bullet": bullet(ACCURACY, "Q2 2026"),
    "trend": trend("Win rate", [mark("Q1", 0.2, "ratio"), mark("Q2", None, "ratio"), mark("Q3", 0.3, "ratio"),
                                mark("Q4", 0.1, "ratio", partial=True)], target=mark("Target", 0.35, "ratio")),
    "waterfall": waterfall("Pipeline", [mark("start", 100, "count"), mark("created", 60, "count"),
                                        mark("lost", -120, "count"), mark("end", 40, "count")]),
    "funnel": funnel("Entered", [mark("Discovery", 40, "count"), mark("Proposal", 20, "count")]),
    "evil": bars(EVIL, [mark(EVIL, 1, "count"), Mark(label=EVIL, value=None, text=EVIL)]),
}  # fmt: skip


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(svg(chart))


def numbers(element: ElementTree.Element, *names: str) -> tuple[float, ...]:
    return tuple(float(element.get(name, "nan")) for name in names)


@pytest.fixture(params=KINDS)
def chart(request) -> Chart:
    return KINDS[request.param]


def test_a_picture_says_in_words_what_it_shows(chart):
    root = drawn(chart)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert description.text


def test_a_picture_holds_nothing_that_a_strict_page_forbids(chart):
    text = svg(chart)
    assert not re.search(r"\sstyle=|\son\w+=\"|href|<script|<style|<image|<foreignObject|javascript:", text)
    assert set(re.findall(r"url\((.)", text)) <= {"#"}
    allowed = {"svg", "title", "desc", "defs", "pattern", "g", "rect", "line", "circle", "text"}
    assert {each.tag.removeprefix(SVG) for each in drawn(chart).iter()} <= allowed


def test_names_that_hold_markup_are_words(chart):
    assert "<script" not in svg(KINDS["evil"]) and "&lt;script&gt;" in svg(KINDS["evil"])
    assert "\x1b" not in text_chart(KINDS["evil"]) and "\u202e" not in svg(KINDS["evil"])


def test_everything_drawn_lies_within_the_picture(chart):
    root = drawn(chart)
    width, height = numbers(root, "width", "height")
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    for rect in root.iter(f"{SVG}rect"):
        x, y, wide, high = numbers(rect, "x", "y", "width", "height")
        assert x >= -0.05 and y >= 0 and x + wide <= width + 0.05 and y + high <= height
    for line in root.iterfind(f"{SVG}line"):
        assert all(-0.05 <= each <= width + 0.05 for each in numbers(line, "x1", "x2"))


def test_bars_are_placed_by_hand():
    # Labels are 7 letters, values 1: 7 × 7.8 + 10 = 64.6 on the left, 1 × 7.8 + 10 = 17.8 on the right of 480.
    first, second = drawn(KINDS["bars"]).iter(f"{SVG}rect")
    assert numbers(first, "x", "width") == (64.6, 397.6)
    assert numbers(second, "x", "width") == (64.6, 198.8)
    assert numbers(first, "y", "height") == (8.0, 14.0) and numbers(second, "y") == (34.0,)


def test_a_missed_target_is_told_from_one_that_was_met():
    full = ACCURACY.model_copy(update={"partial": False})
    assert 'class="bar short"' in svg(bullet(full, "Q2"))
    assert 'class="bar short"' not in svg(bullet(full.model_copy(update={"value": 0.9}), "Q2"))


def test_a_partial_period_is_hatched_and_a_whole_one_is_not():
    assert "<pattern" in svg(KINDS["trend"]) and 'stroke-dasharray="4 3"' in svg(KINDS["trend"])
    assert "<pattern" not in svg(KINDS["bars"])


def test_a_gap_in_a_trend_is_not_bridged():
    assert [each.get("class") for each in drawn(KINDS["trend"]).iter(f"{SVG}line")].count("line") == 1


def test_a_missing_value_shows_its_reason_instead_of_a_bar():
    assert len(list(drawn(KINDS["bars"]).iter(f"{SVG}rect"))) == 2
    assert ">not on record<" in svg(KINDS["bars"])


def test_the_full_label_is_told_where_it_is_shortened():
    name = "An account with a very long name indeed"
    text = svg(bars("x", [mark(name, 1, "count")]))
    assert f"<title>{name}: 1</title>" in text and ">An account with a ver…<" in text


def test_two_charts_on_a_page_have_names_of_their_own():
    assert drawn(KINDS["bars"])[0].get("id") != drawn(KINDS["funnel"])[0].get("id")


def test_a_terminal_gets_bars_in_eighths():
    # 8 labels and figures leave 40 for the longest bar.
    assert text_chart(KINDS["bars"]).splitlines() == [
        "Lost",
        "Price    " + "█" * 40 + "  2",
        "Silence  " + "█" * 20 + " " * 20 + "  1",
        "Gone     not on record",
    ]


def test_a_terminal_shows_what_lies_below_zero_to_its_left():
    lines = text_chart(KINDS["minus"]).splitlines()
    assert lines[1] == "Ada  " + "█" * 10 + "│" + " " * 29 + "  -20"
    assert lines[2] == "Bo   " + " " * 10 + "│" + "█" * 29 + "   60"


def test_a_terminal_shows_target_and_partial_coverage():
    lines = text_chart(KINDS["bullet"]).splitlines()
    assert lines[1].endswith("┃  73%  (partly covered)") and "░" in lines[1]
    assert lines[2] == "┃ Target 90%"


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_a_terminal_chart_keeps_to_its_width(chart, width):
    lines = text_chart(chart, width).replace("  (partly covered)", "").splitlines()
    assert all(columns_of(line) <= width for line in lines)
