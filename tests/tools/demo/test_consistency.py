"""The demo's tables agree with their description, with each other and with themselves."""

import pandas as pd

from tools.demo.cast import EXPORTED_ON
from tools.demo.deals import STAGES
from tools.demo.organisation import DEMO, demo_tables
from tools.tables import TABLES

PLURALS = {"person": ("people", "person_id"), "deal": ("deals", "deal_id"), "account": ("accounts", "account_id"),
           "lead": ("leads", "lead_id"), "product": ("products", "product_id")}  # fmt: skip


def test_tables_have_exactly_the_canonical_columns(any_books):
    for name, table in TABLES.items():
        assert any_books[name].columns.tolist() == table.column_names


def test_keys_are_unique_and_required_cells_filled(any_books):
    for name, table in TABLES.items():
        rows = any_books[name]
        assert not rows.duplicated(subset=list(table.key)).any(), name
        for column in table.columns:
            assert not column.required or rows[column.name].notna().all(), column.name


def test_choices_are_those_listed(any_books):
    for name, table in TABLES.items():
        for column in table.columns:
            assert not column.choices or set(any_books[name][column.name].dropna()) <= set(column.choices), column.name


def test_every_reference_names_a_row(any_books):
    known = {type_: set(any_books[table][key]) for type_, (table, key) in PLURALS.items()}
    for name, table in TABLES.items():
        for column in table.columns:
            if column.type in known:
                assert set(any_books[name][column.name].dropna()) <= known[column.type], f"{name}.{column.name}"


def test_the_same_demo_comes_out_every_time(books):
    for name, frame in demo_tables().items():
        pd.testing.assert_frame_equal(frame, books[name])


def test_histories_end_in_the_state_exported(any_books):
    deals = any_books["deals"].set_index("deal_id")
    changes = any_books["deal_changes"].sort_values("at", kind="stable")
    for (deal, field), group in changes.groupby(["deal", "field"]):
        assert group.old.tolist()[1:] == group.new.tolist()[:-1]
        now = deals.at[deal, field]
        assert group.new.iloc[-1] == (f"{now:.0f}" if field == "amount" else str(now))


def test_changes_lie_between_creation_and_closing(any_books):
    changes = any_books["deal_changes"].merge(any_books["deals"], left_on="deal", right_on="deal_id")
    days = changes["at"].dt.date
    assert (days >= changes.created_on).all()
    assert (days <= changes.closed_on.fillna(EXPORTED_ON)).all()


def test_closed_deals_say_when_and_stand_in_a_closing_stage(any_books):
    deals, kinds = any_books["deals"], {stage.name: stage.kind for stage in STAGES}
    assert (deals.stage.map(kinds) == deals.status).all()
    assert (deals.closed_on.notna() == (deals.status != "open")).all()
    assert (deals.status != "lost")[deals.lost_reason.notna()].sum() == 0


def test_nothing_happened_after_the_export(any_books):
    assert any_books["deals"].closed_on.dropna().max() <= EXPORTED_ON
    done = any_books["activities"].query("status == 'completed'")
    assert not (done["at"] > pd.Timestamp(EXPORTED_ON)).any()
    assert any_books["evidence"].on.max() <= EXPORTED_ON


def test_records_reach_beyond_the_quarter_on_both_sides(books):
    closed = books["deals"].closed_on.dropna()
    assert closed.min() < pd.Timestamp("2025-04-07").date()
    assert closed.max() >= pd.Timestamp("2026-07-01").date()


def test_some_records_are_imperfect(books):
    deals = books["deals"]
    assert deals.amount.isna().sum() == 6
    assert deals.owner.isna().sum() == 2


def test_order_lines_add_up_to_the_deal(any_books):
    lines = any_books["deal_lines"].groupby("deal").amount.sum()
    won = any_books["deals"].query("status == 'won'").set_index("deal_id").amount
    pd.testing.assert_series_equal(lines.sort_index(), won.sort_index(), check_names=False)


def test_each_reference_person_has_one_name_and_reasons_to_quote(books):
    for person in DEMO.people:
        assert books["people"].name.str.contains(person.name.split()[0]).sum() == 1
        evidence = books["evidence"]
        kinds = evidence[evidence.person == person.id].kind.value_counts()
        assert kinds["next_step"] >= 3
        assert kinds["action"] >= 3
        assert kinds["context"] >= 1
