"""Activity metrics, each worked by hand in a world of a few rows."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tools.metrics.worlds import fact, sheet, why_absent, world
from tools.facts import FactSheet

PEOPLE = """
    person_id  role
    Ann        sdr
    Bob        sdr
    Cid        sdr
"""

# The second quarter of 2026 has 65 Mondays to Fridays: 22 in April, 21 in May, 22 in June.
DONE = world(
    people=PEOPLE,
    activities="""
        activity_id  type             owner  at                status     outcome    minutes  selling
        a1           call             Ann    2026-04-01T00:00  -          Connected  10       true
        a2           call             Ann    2026-06-30T23:59  completed  Voicemail  5        -
        a3           call             Ann    2026-05-04T09:00  completed  Voicemail  -        true
        a4           call             Ann    2026-07-01T00:00  completed  Connected  10       true
        a5           call             Ann    2026-05-04T09:00  cancelled  -          -        -
        a6           email            Ann    2026-05-05T09:00  completed  -          -        -
        a7           meeting          Ann    2026-05-06T09:00  completed  -          45       true
        a8           demo             Ann    2026-05-07T09:00  no_show    -          -        -
        a9           task             Ann    2026-05-08T09:00  completed  -          20       false
        a10          task             Ann    2026-05-09T09:00  scheduled  -          -        -
        a11          business_review  Ann    2026-01-09T09:00  completed  -          -        -
        a12          call             Bob    2026-05-04T09:00  completed  Connected  10       true
    """,
)  # fmt: skip

BY_HAND = [
    ("calls", 3),  # a1, a2, a3; a4 is a minute late, a5 was cancelled
    ("calls.per_day", 3 / 65),
    ("emails", 1),
    ("meetings_held", 1),  # a7; nobody came to a8
    ("tasks_completed", 1),
    ("tasks[status=completed]", 1),
    ("tasks[status=scheduled]", 1),
    ("business_reviews", 0),  # one in the quarter before
    ("call_outcomes[outcome=Voicemail]", 2 / 3),
    ("call_outcomes[outcome=Connected]", 1 / 3),
    ("meeting_outcomes[outcome=completed]", 1 / 2),
    ("meeting_outcomes[outcome=no show]", 1 / 2),
    ("show_rate", 1 / 2),
    ("selling_time", (10 + 45) / (10 + 5 + 45 + 20)),
]


@pytest.fixture(scope="module")
def anns() -> FactSheet:
    return sheet(DONE)


@pytest.mark.parametrize(("fact_id", "expected"), BY_HAND)
def test_by_hand(anns: FactSheet, fact_id: str, expected: float) -> None:
    assert anns.fact(fact_id).value == pytest.approx(expected, rel=1e-12)


def test_records_behind_a_count_are_its_activities(anns: FactSheet) -> None:
    found = anns.fact("calls")
    assert (found.record_table, found.records) == ("activities", ("a1", "a2", "a3"))


def test_a_kind_that_somebody_never_does_is_absent_not_0(anns: FactSheet) -> None:
    assert anns.fact("chats") is None
    assert why_absent(anns, "chats") == "no chats of theirs are on record in this period or those it is compared with"


def test_team_value_of_a_count_is_the_mean_per_person(anns: FactSheet) -> None:
    # Ann 3, Bob 1; Cid has no record at all, so he is nobody's peer and two are too few to compare with.
    assert anns.fact("calls").team is None
    with_cid = world(
        people=PEOPLE,
        activities="""
            activity_id  type  owner  at
            a1           call  Ann    2026-05-04T09:00
            a2           call  Ann    2026-05-04T09:00
            a3           call  Bob    2026-05-04T09:00
            a4           call  Cid    2026-02-04T09:00
        """,
    )
    assert (fact(with_cid, "calls").team, fact(with_cid, "calls").team_size) == (1, 3)
    assert fact(with_cid, "calls.per_day").team == pytest.approx(3 / (3 * 65))


def test_the_quarter_is_cut_in_the_organisations_zone() -> None:
    # 23:59 in UTC on 30 June is already July in Stockholm; midnight on 1 April is 02:00 there.
    found = sheet(DONE, organisation={"zone": "Europe/Stockholm"})
    assert found.fact("calls").records == ("a1", "a3")


def test_a_period_still_running_counts_the_working_days_so_far() -> None:
    # 1 to 6 May 2026 is Friday, the week-end, Monday to Wednesday: 4 working days with one call, a3.
    assert fact(DONE, "calls.per_day", period="2026-05", as_of=date(2026, 5, 6)).value == 1 / 4


def test_meetings_of_which_nothing_is_told_have_no_show_rate() -> None:
    bare = world(
        people=PEOPLE,
        activities="""
            activity_id  type     owner  at                status
            a1           meeting  Ann    2026-05-04T09:00  -
            a2           task     Ann    2026-05-04T09:00  completed
        """,
    )
    reason = "no meeting was due in the period, or nothing says which of them were held"
    assert why_absent(sheet(bare), "show_rate") == reason
    assert sheet(bare).fact("meeting_outcomes[outcome=completed]") is None


def test_show_rate_leaves_out_what_was_called_off() -> None:
    meetings = world(
        people=PEOPLE,
        activities="""
            activity_id  type     owner  at                status
            a1           meeting  Ann    2026-05-04T09:00  completed
            a2           meeting  Ann    2026-05-05T09:00  cancelled
            a3           meeting  Ann    2026-05-06T09:00  scheduled
            a4           demo     Ann    2026-05-07T09:00  completed
        """,
    )
    # a1 and a4 of a1, a3 and a4: nobody says what became of a3, which was due.
    assert fact(meetings, "show_rate").value == pytest.approx(2 / 3)


BOOKED = world(
    people=PEOPLE,
    deals="""
        deal_id  owner  status  amount  created_on
        d1       Bob    open    100     2026-05-20
        d2       Bob    open    200     2026-04-01
        d3       Bob    open    300     2026-07-10
    """,
    leads="""
        lead_id  owner  created_at        deal  converted_at
        l1       Ann    2026-05-01T09:00  d1    2026-05-20T09:00
        l2       Ann    2026-05-02T09:00  -     2026-06-10T09:00
    """,
    activities="""
        activity_id  type     owner  at                booked_at         status     qualified  lead  deal
        m1           meeting  Ann    2026-05-10T09:00  2026-05-02T09:00  completed  true       l1    -
        m2           meeting  Ann    2026-05-12T09:00  2026-05-11T09:00  completed  true       l1    d1
        m3           demo     Ann    2026-06-08T09:00  2026-06-01T09:00  completed  true       l2    -
        m4           meeting  Ann    2026-06-20T09:00  2026-06-19T09:00  completed  true       -     d2
        m5           meeting  Ann    2026-06-21T09:00  2026-06-20T09:00  completed  true       -     d3
        m6           meeting  Ann    2026-07-02T09:00  2026-06-30T09:00  no_show    true       -     -
        m7           meeting  Ann    2026-06-25T09:00  2026-03-30T09:00  completed  -          -     -
        c1           call     Ann    2026-05-02T08:00  -                 completed  -          l1    -
        c2           email    Ann    2026-05-03T08:00  -                 completed  -          l1    -
        c3           call     Ann    2026-05-11T08:00  -                 completed  -          l1    -
    """,
)  # fmt: skip


def test_meetings_count_when_they_are_booked() -> None:
    found = sheet(BOOKED)
    assert found.fact("meetings_booked").value == 6  # all but m7, booked in March
    assert found.fact("qualified_meetings").value == 6  # m7 is not qualified anyway
    assert found.fact("qualified_meetings_held").value == 5  # m1 to m5


def test_an_opportunity_counts_once_and_only_if_it_came_of_the_meeting() -> None:
    # m1 and m2 led to d1, m3 to what l2 became, m5 to d3; m4 was about d2, which was there before it was booked.
    assert fact(BOOKED, "meeting_to_opportunity").value == pytest.approx(3 / 5)


def test_opportunities_are_counted_up_to_the_day_seen_and_the_rest_may_follow() -> None:
    # On 30 June d3 is not there yet. Conversions so far took 2, 8 and 10 days, nine of ten up to 9.6: m4, held 11 days
    # before, will hardly follow; m5, held 10 days before, neither. On 25 June they were 6 and 5 days old.
    found = fact(BOOKED, "meeting_to_opportunity", as_of=date(2026, 6, 30))
    assert (found.value, found.notes) == (pytest.approx(2 / 5), ())
    found = fact(BOOKED, "meeting_to_opportunity", as_of=date(2026, 6, 25))
    assert found.notes == ("still open: 2 of these meetings were held too recently to tell",)


def test_touches_before_the_first_meeting_leave_later_ones_out() -> None:
    # First meetings: m1 with l1 after c1 and c2; m3 with l2, m4 about d2, m5 about d3 after none: median of 2, 0, 0, 0.
    found = fact(BOOKED, "touches_to_first_meeting")
    assert (found.value, found.records) == (0, ("m1", "m3", "m4", "m5"))


def test_an_unrelated_person_changes_nothing() -> None:
    more = dict(DONE)
    more["activities"] = DONE["activities"][DONE["activities"]["owner"] != "Bob"]
    of_ann = [(each.id, each.value, each.records) for each in sheet(more).facts]
    assert of_ann == [(each.id, each.value, each.records) for each in sheet(DONE).facts]
