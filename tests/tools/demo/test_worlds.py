"""Seeded worlds keep the promise of their kind, whatever the seed."""

import unicodedata
from datetime import date

import pandas as pd
import pytest

from tools.demo.kinds import EVERYBODY, KINDS
from tools.demo.names import PEOPLE
from tools.demo.sentences import EXPLAINED, sentences
from tools.demo.worlds import seeded_settings, seeded_world
from tools.errors import NotFound

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)
SELLERS = ("sales_rep", "account_executive", "enterprise_account_executive")


def sellers(books):
    people = books["people"]
    return list(people[people.role.isin(SELLERS)].person_id)


def of_role(books, role):
    return books["people"].query("role == @role").person_id.iloc[0]


def won(books, person, start=Q2, end=Q3):
    return books.closed([person], start, end).query("status == 'won'").amount.sum()


def accuracy(books, person):
    return 1 - abs(won(books, person) - books.commit(person, Q2)) / won(books, person)


def held(books, person, start=Q2, end=Q3):
    meetings = books["activities"].query("owner == @person and type == 'meeting' and status == 'completed'")
    return meetings[(meetings["at"] >= pd.Timestamp(start)) & (meetings["at"] < pd.Timestamp(end))]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_equal_seeds_give_equal_worlds_and_others_do_not(seed):
    first, again, other = seeded_world(seed), seeded_world(seed), seeded_world(seed + 100)
    for name, frame in first.items():
        pd.testing.assert_frame_equal(frame, again[name])
    assert not first["people"].name.equals(other["people"].name)


def test_an_unknown_kind_is_refused_with_the_nearest():
    with pytest.raises(NotFound, match="everything_missed"):
        seeded_world(1, kind="everything_mised")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.roles == EVERYBODY], ids=lambda kind: kind.name)
def test_worlds_have_people_of_all_six_roles(kind):
    assert set(seeded_world(4, kind=kind.name)["people"].role) == set(EXPLAINED)


@pytest.mark.parametrize("seed", range(4))
def test_where_everything_is_missed_every_target_is(world, seed):
    books = world(seed, "everything_missed")
    for person in sellers(books):
        closed = books.closed([person], Q2, Q3)
        assert won(books, person) < books.target(person, "quota", Q2)
        assert (closed.status == "won").mean() < books.target(person, "win_rate", Q2)
        assert accuracy(books, person) < books.target(person, "forecast_accuracy", Q2)
        assert len(books.slipped(person, Q2, Q3)) > books.target(person, "slipped_deals", Q2)
        assert won(books, person) < won(books, person, Q1, Q2)


@pytest.mark.parametrize("seed", range(4))
def test_where_everything_is_beaten_every_target_is(world, seed):
    books = world(seed, "everything_beaten")
    for person in sellers(books):
        closed = books.closed([person], Q2, Q3)
        assert won(books, person) > books.target(person, "quota", Q2)
        assert (closed.status == "won").mean() > books.target(person, "win_rate", Q2)
        assert accuracy(books, person) > books.target(person, "forecast_accuracy", Q2)
        assert len(books.slipped(person, Q2, Q3)) < books.target(person, "slipped_deals", Q2)
        assert won(books, person) > won(books, person, Q1, Q2)


@pytest.mark.parametrize(("kind", "sign"), [("everything_missed", -1), ("everything_beaten", 1)])
def test_meetings_and_upsells_fall_on_the_same_side(world, kind, sign):
    books = world(5, kind)
    rep, manager = of_role(books, "sdr"), of_role(books, "account_manager")
    meetings = held(books, rep)
    booked = books["activities"].query("owner == @rep and qualified")
    booked = booked[(booked.booked_at >= pd.Timestamp(Q2)) & (booked.booked_at < pd.Timestamp(Q3))]
    upsells = books["deals"].query("owner == @manager and type == 'expansion' and status == 'won'")
    upsells = upsells[upsells.closed_on.map(lambda on: Q2 <= on < Q3)].amount.sum()
    assert sign * (len(booked) - books.target(rep, "qualified_meetings", Q2)) > 0
    assert sign * (meetings.deal.notna().mean() - books.target(rep, "meeting_to_opportunity", Q2)) > 0
    assert sign * (upsells - books.target(manager, "expansion_revenue", Q2)) > 0


def test_without_targets_nothing_is_agreed(world):
    assert world(1, "no_targets")["targets"].empty


def test_without_history_records_begin_with_the_quarter(world):
    books = world(1, "no_history")
    assert books["deal_changes"].empty
    assert books["deals"].closed_on.dropna().min() >= Q2
    assert books["renewals"].due_on.min() >= Q2


def test_without_activity_there_are_no_touches(world):
    books = world(1, "no_activity")
    assert books["activities"].empty
    assert books["leads"].empty
    assert books["deals"].last_activity_on.isna().all()


def test_ramping_sellers_have_halved_quotas(world):
    books = world(1, "ramping")
    quotas = books["targets"].query("metric == 'quota' and person in @sellers(@books)")
    quotas = quotas[quotas.start_on == Q2]
    assert (quotas.adjusted_value * 2 == quotas.value).all()
    assert books["people"].ramp_until.dropna().min() > Q3


def test_two_currencies_come_with_rates(world):
    books = world(1, "two_currencies")
    assert set(books["deals"].currency) == {"EUR", "USD"}
    assert seeded_settings(1, kind="two_currencies").organisation.currency == "EUR"
    assert books["exchange_rates"].currency.unique().tolist() == ["USD"]


def test_changed_definitions_are_settings_and_notes(world):
    changes = seeded_settings(1, kind="changed_definitions").definitions
    notes = world(1, "changed_definitions")["evidence"].query("kind == 'process_change'")
    assert {change.since for change in changes} == {Q2}
    assert {change.metric for change in changes} <= set(notes.metric.dropna())


def test_nothing_happened_in_an_empty_quarter(world):
    books = world(1, "empty_quarter")
    for table, column in (("deals", "closed_on"), ("deals", "created_on"), ("renewals", "closed_on")):
        days = books[table][column].dropna()
        assert not ((days >= Q2) & (days < Q3)).any(), (table, column)
    assert books["activities"]["at"].max() < pd.Timestamp(Q2)
    assert books["deal_changes"]["at"].max() < pd.Timestamp(Q2)
    assert books.open_on(Q3).amount.sum() > 0


def test_a_manager_with_two_reps(world):
    people = world(1, "manager_two_reps")["people"]
    assert people.role.tolist() == ["sales_manager", "sales_rep", "sales_rep"]
    assert people.manager.dropna().unique().tolist() == [people.person_id.iloc[0]]


@pytest.mark.parametrize(("kind", "listed"), [("injected_notes", "injected"), ("foreign_notes", "foreign")])
def test_planted_notes_reach_everybody(world, kind, listed):
    books = world(1, kind)
    planted = set(sentences("planted_notes.toml")[listed])
    notes = books["evidence"]
    assert (notes[notes.text.isin(planted)].groupby("person").size() == 3).all()
    assert notes[notes.text.isin(planted)].person.nunique() == len(books["people"])


def test_notes_are_written_from_more_than_sixty_sentences_without_figures():
    said = [text for sorts in sentences().values() for texts in sorts.values() for text in texts]
    assert len(said) == len(set(said)) > 100
    assert not any(character.isdigit() for text in said for character in text)
    assert all(set(EXPLAINED[role]) <= sentences().keys() for role in EXPLAINED)


def test_names_come_in_several_scripts():
    scripts = {unicodedata.name(name[0]).split()[0] for name in PEOPLE}
    assert len(set(PEOPLE)) == len(PEOPLE) >= 80
    assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HANGUL", "DEVANAGARI"} <= scripts


def test_no_two_people_explain_themselves_alike(world):
    notes = pd.concat([world(seed, "ordinary")["evidence"].assign(world=seed) for seed in (1, 2)])
    told = notes[notes.kind == "action"].groupby(["world", "person"]).text.agg(frozenset)
    assert told.nunique() == len(told) == 20
