"""Brandon's team, recomputed by hand from the demo's records."""

from datetime import date

import pytest

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture(scope="module")
def reps(books):
    people = books["people"]
    return list(people[(people.manager == books.person("Brandon")) & people.active].person_id)


def won(books, reps, start, end):
    return books.closed(reps, start, end).query("status == 'won'")


def coverage(books, reps, month, start, end):
    """Open pipeline due by the period's end over what is missing to the quota, rep by rep."""
    pipeline = books.open_on(month)
    return {
        rep: pipeline[(pipeline.owner == rep) & pipeline.expected_close_on.map(lambda on: on < end)].amount.sum()
        / (books.target(rep, "quota", start) - won(books, [rep], start, month).amount.sum())
        for rep in reps
    }


def test_michael_is_not_in_brandons_team(books, reps):
    assert books.person("Michael") not in reps
    assert len(reps) == 6


def test_brandons_team_reached_103_percent(books, reps):
    quotas = sum(books.target(rep, "quota", Q2) for rep in reps)
    assert round(won(books, reps, Q2, Q3).amount.sum() / quotas, 2) == 1.03


def test_brandons_team_grew_by_9_percent(books, reps):
    now, before = won(books, reps, Q2, Q3).amount.sum(), won(books, reps, Q1, Q2).amount.sum()
    assert round(now / before - 1, 2) == 0.09


def test_brandons_team_won_26_percent_after_22(books, reps):
    assert (books.closed(reps, Q1, Q2).status == "won").mean() == 0.22
    assert round((books.closed(reps, Q2, Q3).status == "won").mean(), 3) == 0.26


def test_small_business_cycle_fell_by_eleven_days(books, reps):
    def mean_cycle(start, end):
        deals = won(books, reps, start, end).query("segment == 'smb'")
        return sum((a - b).days for a, b in zip(deals.closed_on, deals.created_on, strict=True)) / len(deals)

    assert (mean_cycle(Q1, Q2), mean_cycle(Q2, Q3)) == (52, 41)


def test_two_reps_entered_june_below_twice_what_was_missing(books, reps):
    multiples = coverage(books, reps, date(2026, 6, 1), Q2, Q3)
    assert all(multiple > 0 for multiple in multiples.values())
    assert {rep for rep, multiple in multiples.items() if multiple < 2} == {
        books.person("Tyler"),
        books.person("Derek"),
    }
    assert books.target(books.person("Brandon"), "reps_below_coverage", Q2) == 0


def test_every_rep_was_covered_a_quarter_before(books, reps):
    assert min(coverage(books, reps, date(2026, 3, 1), Q1, Q2).values()) >= 2


def test_accounts_were_rebalanced_in_june(books, reps):
    moved = books["deal_changes"].query("field == 'owner'")
    assert len(moved) == 3
    assert set(moved.new) == {books.person("Tyler"), books.person("Derek")}
    assert moved["at"].dt.date.unique().tolist() == [date(2026, 6, 11)]
