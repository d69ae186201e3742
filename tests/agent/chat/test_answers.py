"""Answers on figures, records and deals: worked by hand in the small organisation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.access import Viewer
from agent.chat import reporting
from agent.chat.answer import Notice, Said, Table
from agent.chat.desk import TOOLS, Desk
from agent.chat.figures import results
from agent.chat.gaps import missing
from agent.chat.pictures import trend
from agent.chat.router.answering import Router
from agent.chat.view import line
from tests.agent.chat.seller import Heard, office, talk, told, use
from tools.facts import Absent
from tools.reports.table import Figure, Line, ReportTable

CHANGING = {"draft", "edit", "undo_edit", "say", "link", "forget", "turn_to"}


def table(blocks: list, title: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.title.startswith(title))


def rows(shown: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in shown.rows]


def test_the_overview_shows_key_results_beside_target_and_before(shared_desk: Desk) -> None:
    shown = table(use(shared_desk, "overview"), "Ada Berg, Q2 2026")
    assert shown.header == ("Result", "Value", "Target", "Period before")
    assert ["Revenue won", "$80K", "$100K", "$50K"] in rows(shown)
    assert ["Win rate", "50%", "–", "50%"] in rows(shown)


def test_a_shortfall_is_told_once_with_its_target(shared_desk: Desk) -> None:
    text = told(use(shared_desk, "shortfalls"))
    assert "Revenue won: $80K, $20K short of the $100K quota and up from $50K." in text
    assert "Quota attainment" not in text


def test_why_puts_the_numbers_into_the_formula_and_quotes_the_note(shared_desk: Desk) -> None:
    text = told(use(shared_desk, "why", metric="win rate"))
    assert "2 ÷ (2 + 2) = 50%" in text
    assert "20 May: “A rival cut its prices in May”" in text


def test_why_says_so_where_nothing_on_record_explains_it(shared_desk: Desk) -> None:
    assert "Nothing on record says why" in told(use(shared_desk, "why", metric="sales cycle"))


def test_the_records_of_the_sales_cycle_show_their_days(shared_desk: Desk) -> None:
    shown = table(use(shared_desk, "records", metric="sales cycle"), "Records behind Sales cycle (2)")
    days = shown.header.index("Cycle")
    assert {row[0]: row[days] for row in rows(shown)} == {"W1": "40 days", "W2": "60 days"}
    assert shown.rows[0][0].record == ("deals", "W1")


def test_the_deal_that_was_due_and_is_open_slipped(shared_desk: Desk) -> None:
    blocks = use(shared_desk, "slipped")
    assert [row[0] for row in rows(table(blocks, "Deals that slipped"))] == ["O1"]
    assert "Slipped deals: 1, up from none." in told(blocks)


def test_losses_from_a_stage_are_counted_by_reason(shared_desk: Desk) -> None:
    blocks = use(shared_desk, "losses", stage="negotiation")
    assert rows(table(blocks, "Why deals were lost in Negotiation")) == [["Price", "2"]]
    assert [row[0] for row in rows(table(blocks, "Deals lost in Negotiation"))] == ["L1", "L2"]


def test_a_stage_that_no_lost_deal_left_is_named_back(shared_desk: Desk) -> None:
    (notice,) = use(shared_desk, "losses", stage="Legal")
    assert isinstance(notice, Notice) and notice.tone == "failed" and "Negotiation" in notice.text.title()


def test_what_changed_tells_the_direction_and_whether_it_is_better(shared_desk: Desk) -> None:
    shown = table(use(shared_desk, "changed"), "Q1 2026 to Q2 2026")
    assert ["Sales cycle", "90 days", "50 days", "better"] in rows(shown)
    assert ["Average deal size", "$50K", "$40K", "worse"] in rows(shown)


def test_two_people_are_too_few_to_compare_with(shared_desk: Desk) -> None:
    assert "at least three people" in told(use(shared_desk, "compare"))


def test_questions_are_on_key_moves_without_a_note(shared_desk: Desk) -> None:
    (asks,) = use(shared_desk, "questions")
    assert asks.metrics[0] == "revenue_won" and "win_rate" not in asks.metrics
    assert asks.questions[0].startswith("Revenue won: $80K, $20K short of the $100K quota")
    assert "nothing on record says why" in asks.questions[0]


def test_another_period_is_asked_for_in_words(shared_desk: Desk) -> None:
    assert "Q1 2026: $50K" in told(use(shared_desk, "figure", metric="revenue won", period="the quarter before"))


@pytest.mark.parametrize("who", ["Bo Lind", "Zoe Nobody"])
def test_a_rep_learns_nothing_of_others_nor_that_they_exist(shared_desk: Desk, who: str) -> None:
    (notice,) = use(shared_desk, "overview", who=who)
    assert isinstance(notice, Notice) and notice.tone == "refused"
    assert notice.text.replace(who, "…") == (
        'There is nobody called "…" whose figures of Q2 2026 you may see. Reps see their own figures, and those of '
        "comparable colleagues only together."
    )


@pytest.mark.parametrize("asked", ["what is bo's quota attainment?", "how did bo do?", "revenue of Bo Lind"])
def test_a_rep_who_names_a_colleague_is_refused_not_answered_with_their_own_figures(desk: Desk, asked: str) -> None:
    blocks = [event.block for event in talk(desk, Router(), asked) if event.block is not None]
    assert [block.tone for block in blocks] == ["refused"]


def test_a_managers_quota_is_not_missing_where_the_teams_is_on_record(published: Path) -> None:
    eva = office(published).begin(Viewer("eva", "manager", "eva"), "eva", "2026-Q2")
    assert eva.view().sheet.fact("team_attainment") is not None
    assert "Quota attainment" not in told(use(eva, "missing"))


@pytest.mark.parametrize(
    "arguments", [{"metric": "win_rate", "sudo": True}, {}, {"metric": 7}], ids=["unknown", "missing", "mistyped"]
)
def test_wrong_arguments_are_answered_not_raised(shared_desk: Desk, arguments: dict) -> None:
    (notice,) = use(shared_desk, "why", **arguments)
    assert isinstance(notice, Notice) and notice.tone == "failed"


def test_a_metric_that_is_absent_tells_its_reason(shared_desk: Desk) -> None:
    assert "could not be computed" in told(use(shared_desk, "why", metric="lead to meeting"))


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool.name not in CHANGING], ids=lambda tool: tool.name)
def test_every_figure_of_an_answer_has_an_address(shared_desk: Desk, tool) -> None:
    given = {"metric": "win_rate", "name": "loss_reasons", "which": "win rate", "stage": None, "called": "Deal W1"}
    fields = {name: given[name] for name in tool.arguments.model_fields if given.get(name) is not None}
    heard = Heard()
    for block in use(shared_desk, tool.name, heard, **fields):
        if isinstance(block, Said):
            assert block.of is not None or not any(each.facts for each in block.statements)
        if isinstance(block, Table):
            assert all(cell.of is not None for row in block.rows for cell in row if cell.fact is not None)
    assert heard.workings, "the reader is told what is being worked on"


def test_a_table_and_a_picture_print_what_a_figure_is_held_against_as_the_sentence_does(shared_desk: Desk) -> None:
    view = shared_desk.view()
    fact = view.sheet.fact("revenue_won").model_copy(update={"value": 560_000, "target": 504_500, "prior": 411_300})
    view = replace(view, sheet=view.sheet.model_copy(update={"facts": (fact,)}))
    said = view.said([line(fact)]).statements[0].text
    assert said == "Revenue won: $560K, $55.5K above the $504.5K target and up from $411.3K."
    assert rows(results(view, "", [fact])) == [["Revenue won", "$560K", "$504.5K", "$411.3K"]]
    assert [mark.text for mark in trend(view, fact).chart.marks] == ["$411.3K", "$560K"]


def test_what_is_missing_names_a_metric_and_not_its_parts_and_of_many_how_many_more(shared_desk: Desk) -> None:
    view = shared_desk.view()
    many = [Absent(id=each, reason="no activities on record") for each in
            ("calls", "calls.per_day", "emails", "demos", "chats", "notes", "meetings_held", "follow_ups",
             "meetings_booked", "show_rate", "touchpoints")]  # fmt: skip
    alone = [Absent(id="stage_conversion.skipped", reason="no order"), Absent(id="revenue_by_source", reason="none")]
    text = told(missing(replace(view, sheet=view.sheet.model_copy(update={"absent": (*many, *alone), "quality": ()}))))
    assert text.splitlines()[1:] == [
        "- Calls, E-mails, Demos, Chats, Notes, Meetings held, Follow-ups, Meetings booked and 2 more: no activities "
        "on record.",
        "- Stage conversion (skipped): no order.",
        "- Revenue won by source: none.",
    ]


def test_what_a_result_is_held_against_is_opened_by_its_figure_too(shared_desk: Desk) -> None:
    assert "How Revenue won is computed" in told(use(shared_desk, "open", which="$100K"))


def test_people_are_listed_by_their_rate_those_without_one_and_the_total_last() -> None:
    columns = (Figure("won", "Won", "count", ""), Figure("rate", "Rate", "ratio", ""))
    total = Line(("All",), (18, 0.9), total=True)
    lines = (Line(("Ann",), (9, 0.2)), Line(("Bo",), (4, None)), Line(("Cy",), (5, 0.5)), total)
    by_rep = ReportTable("deals_won", "Deals won", "", ("rep",), columns, lines, {}, (), None)
    assert [each.labels[0] for each in reporting._best_first(by_rep, columns)] == ["Cy", "Ann", "Bo", "All"]
    assert [each.labels[0] for each in reporting._best_first(by_rep, columns[:1])] == ["Ann", "Cy", "Bo", "All"]
    by_stage = replace(by_rep, dimensions=("stage",))
    assert reporting._best_first(by_stage, columns) == lines


def test_a_report_never_prints_a_share_as_the_whole_that_it_misses() -> None:
    shown = reporting._printed(0.996, "ratio", "en"), reporting._printed(1.114, "ratio", "en")
    assert shown == ("99.6%", "111%")


def test_a_teams_records_say_whose_they_are_and_ones_own_do_not(published: Path, shared_desk: Desk) -> None:
    eva = office(published).begin(Viewer("eva", "manager", "eva"), "eva", "2026-Q2")
    of_team = table(use(eva, "records", metric="deals_won"), "Records behind")
    assert of_team.header[:3] == ("Id", "Name", "Owner")
    assert sorted(row[2] for row in rows(of_team)) == ["Ada Berg", "Ada Berg", "Bo Lind"]
    assert "Owner" not in table(use(shared_desk, "records", metric="deals_won"), "Records behind").header
