"""Jessica's quarter, recomputed by hand from the demo's records."""

from datetime import date

import pandas as pd
import pytest

Q1, Q2, Q3 = (pd.Timestamp(2026, month, 1) for month in (1, 4, 7))


@pytest.fixture(scope="module")
def jessica(books):
    return books.person("Jessica")


@pytest.fixture(scope="module")
def done(books, jessica):
    return books["activities"].query("owner == @jessica")


@pytest.fixture(scope="module")
def leads(books, jessica):
    return books["leads"].query("owner == @jessica")


def in_period(instants, start, end):
    return (instants >= start) & (instants < end)


def booked_and_held(done, start, end):
    meetings = done[(done.type == "meeting") & done.qualified.fillna(False)]
    held = meetings[in_period(meetings["at"], start, end) & (meetings.status == "completed")]
    return meetings[in_period(meetings.booked_at, start, end)], held


def test_jessica_booked_58_qualified_meetings_and_held_54(done):
    booked, held = booked_and_held(done, Q2, Q3)
    assert (len(booked), len(held)) == (58, 54)
    assert set(held.activity_id) <= set(booked.activity_id)
    assert (booked.status == "no_show").sum() == 4


def test_more_meetings_and_a_higher_show_rate_than_before(done):
    booked, held = booked_and_held(done, Q1, Q2)
    assert (len(booked), len(held)) == (47, 39)


def test_seven_of_the_54_became_opportunities_against_18_percent(books, done, leads, jessica):
    _, held = booked_and_held(done, Q2, Q3)
    assert held.deal.notna().sum() == 7
    assert leads[leads.lead_id.isin(held.lead)].deal.notna().sum() == 7
    assert leads[in_period(leads.converted_at, Q2, Q3)].deal.nunique() == 7
    assert round(7 / 54, 2) == 0.13 < books.target(jessica, "meeting_to_opportunity", date(2026, 4, 1)) == 0.18


def test_each_opportunity_was_created_after_its_meeting(books, done):
    _, held = booked_and_held(done, Q2, Q3)
    opportunities = held.dropna(subset=["deal"]).merge(books["deals"], left_on="deal", right_on="deal_id")
    assert (opportunities["at"].dt.date <= opportunities.created_on).all()
    assert opportunities.created_on.map(lambda on: date(2026, 4, 1) <= on < date(2026, 7, 1)).all()


def test_jessica_influenced_820_000_of_pipeline(books, done):
    touched, deals = done[in_period(done["at"], Q2, Q3)].deal.dropna().unique(), books["deals"]
    assert deals[deals.deal_id.isin(touched)].amount.sum() == 820_000


def test_inbound_leads_were_answered_sooner_and_came_more_from_marketing(leads):
    def reply_and_marketing(start, end):
        new = leads[in_period(leads.created_at, start, end)]
        return (new.first_touch_at - new.assigned_at).median(), (new.origin == "marketing").mean()

    before, now = reply_and_marketing(Q1, Q2), reply_and_marketing(Q2, Q3)
    assert now[0] < before[0] / 2
    assert now[1] > before[1] + 0.1


def test_first_touches_stand_among_the_activities(books, leads):
    touches = books["activities"].query("type in ('call', 'email')").groupby("lead")["at"].min()
    answered = leads.dropna(subset=["first_touch_at"]).set_index("lead_id").first_touch_at
    assert (touches[answered.index] == answered).all()
