"""Michael's quarter, recomputed by hand from the demo's records."""

from datetime import date

import pytest

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture(scope="module")
def michael(books):
    return books.person("Michael")


@pytest.fixture(scope="module")
def won(books, michael):
    return books.closed([michael], Q2, Q3).query("status == 'won'")


def test_michael_won_twelve_deals_for_560_000_and_lost_twenty_eight(books, michael, won):
    assert (len(won), won.amount.sum()) == (12, 560_000)
    assert len(books.closed([michael], Q2, Q3).query("status == 'lost'")) == 28


def test_michael_reached_111_percent_of_504_500(books, michael, won):
    quota = books.target(michael, "quota", Q2)
    assert quota == 504_500
    assert round(won.amount.sum() / quota, 2) == 1.11


def test_michaels_average_deal_grew_from_41_to_47_thousand(books, michael, won):
    before = books.closed([michael], Q1, Q2).query("status == 'won'")
    assert round(won.amount.mean()) == 46_667
    assert round(before.amount.mean() / 1000) == 41


def test_michaels_comparable_people_won_a_quarter_of_their_deals(books):
    people = books["people"].query("role == 'account_executive' and segment == 'mid_market'")
    closed = books.closed(list(people.person_id), Q2, Q3)
    assert len(people) >= 3
    assert (closed.status == "won").mean() == 0.25


def test_michaels_own_team_won_a_quarter_too(books):
    people = books["people"].query("role == 'account_executive' and team == 'Mid-Market East'")
    assert (books.closed(list(people.person_id), Q2, Q3).status == "won").mean() == 0.25


def test_michaels_commit_missed_by_27_percent(books, michael, won):
    commit = books.commit(michael, Q2)
    assert commit == 711_200
    assert 1 - abs(won.amount.sum() - commit) / won.amount.sum() == pytest.approx(0.73)
    assert books.target(michael, "forecast_accuracy", Q2) == 0.90


def test_michaels_late_deals_without_a_next_step_explain_the_forecast(books, michael):
    late = books.open_on(Q3).query("owner == @michael and stage in ('Proposal', 'Negotiation')")
    assert late.next_step.isna().sum() == 5
    assert books["activities"].query("deal in @late.deal_id")["at"].max() < books["activities"]["at"].max()
    slipped = books.slipped(michael, Q2, Q3)
    assert set(slipped.deal_id) <= set(late[late.next_step.isna()].deal_id)
    assert slipped.amount.sum() == books.commit(michael, Q2) - 560_000


def test_michael_slipped_more_than_before(books, michael):
    assert len(books.slipped(michael, Q1, Q2)) == 1
    assert len(books.slipped(michael, Q2, Q3)) == 3
