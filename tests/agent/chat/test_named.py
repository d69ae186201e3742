"""Deals asked for by what they are called, and losses by their reason."""

from __future__ import annotations

from dataclasses import replace

from agent.chat.answer import Table
from agent.chat.desk import Desk
from agent.chat.router.answering import Router
from agent.cli.drafts import checks_review
from tests.agent.chat.seller import talk, told, use


def _asked(desk: Desk, text: str) -> str:
    return told([event.block for event in talk(desk, Router(), text) if event.block is not None])


def test_a_deal_is_found_by_its_name_in_whatever_state(desk: Desk) -> None:
    assert "W1 | Deal W1 | Closed won | $60,000 | 2026-04-01 | 2026-05-11" in told(use(desk, "deal", called="deal w1"))
    assert "Lost, “Deal L1” (1)" in _asked(desk, "what happened with deal l1?")


def test_a_deal_of_an_earlier_time_is_found_where_no_time_is_named(desk: Desk) -> None:
    assert "| 2026-03-01" in told(use(desk, "deal", called="Deal W0"))
    missing = told(use(desk, "deal", called="Deal W0", period="2026-Q2"))
    assert missing == "No deal of Ada Berg in Q2 2026 is called “Deal W0”."


def test_a_deal_of_somebody_else_reads_as_one_that_does_not_exist(desk: Desk) -> None:
    there, nowhere = (told(use(desk, "deal", called=name)) for name in ("Deal B1", "Deal Z9"))
    assert there.replace("B1", "Z9") == nowhere
    there, nowhere = (_asked(desk, f"when did I close deal {name}?") for name in ("B1", "Z9"))
    assert there.replace("B1", "Z9").replace("b1", "z9") == nowhere


def test_a_loss_reason_named_shows_the_deals_lost_over_it(desk: Desk) -> None:
    answer = [event.block for event in talk(desk, Router(), "which deals did I lose on price?")]
    listed = next(block for block in answer if isinstance(block, Table))
    assert [row[0].text for row in listed.rows] == ["L1", "L2"]
    assert "is on record as lost over “Scope”" in told(use(desk, "records", metric="loss_reasons[reason=Scope]"))


def test_a_figure_opens_however_it_is_typed(desk: Desk) -> None:
    _asked(desk, "what is my quota attainment?")
    for typed in ("80 %", "80 percent", "80pct"):
        assert _asked(desk, f"where does {typed} come from?").startswith("Quota attainment of Ada Berg"), typed
    _asked(desk, "what is my revenue?")
    for typed in ("$80k", "80k", "$ 80 K"):
        assert _asked(desk, f"where does {typed} come from?").startswith("Revenue won of Ada Berg"), typed


def test_a_deal_told_of_is_no_other_count_and_its_day_is_told_from_today(desk: Desk) -> None:
    told_of = _asked(replace(desk, checks=checks_review), "yesterday I closed a deal with Deal O1 worth 500k")
    assert "Kept as Ada Berg’s own statement of 5 July 2026" in told_of
    assert "5 July 2026 is not in Q2 2026" in told_of
    # 6 July 2026 is a Monday.
    assert "statement of 3 July 2026" in _asked(desk, "I signed a renewal with Deal O1 on Friday")
