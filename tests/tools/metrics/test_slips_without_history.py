"""Without a history of close dates, what slipped is seen only in part, and its share is not known at all."""

from __future__ import annotations

from tests.tools.metrics.worlds import sheet, why_absent, world

DEALS = """
    deal_id  owner  status  amount  created_on  expected_close_on  closed_on
    d1       Ann    open    100     2026-02-01  2026-05-01         -
    d2       Ann    won     100     2026-02-01  -                  2026-05-01
"""


def test_the_push_rate_needs_a_history_of_close_dates() -> None:
    found = sheet(world(deals=DEALS))
    assert found.fact("push_rate") is None
    assert why_absent(found, "push_rate").startswith("no deal history on record")


def test_slipped_deals_say_what_they_saw() -> None:
    slipped = sheet(world(deals=DEALS)).fact("slipped_deals")
    assert slipped.value == 1
    assert "there is no history of close dates: only deals that still carry their old date are seen" in slipped.notes
