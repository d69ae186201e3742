"""pandas frames as canonical tables: taken, or refused with what was seen."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tools.errors import InputError
from tools.metrics.build import build_facts

DEALS = {"deal_id": ["d1"], "owner": ["Ann"], "status": ["won"], "amount": [10.0],
         "created_on": [date(2026, 4, 1)], "closed_on": [pd.Timestamp("2026-05-01")]}  # fmt: skip


def revenue(**changed: list) -> float:
    tables = {"deals": pd.DataFrame({**DEALS, **changed})}
    return build_facts(tables, "Ann", "2026-Q2", as_of=date(2026, 7, 1)).fact("revenue_won").value


def test_deals_alone_are_enough() -> None:
    assert revenue() == 10


def test_dates_may_be_text_days_or_instants() -> None:
    assert revenue(closed_on=["2026-06-30"]) == revenue(closed_on=[date(2026, 6, 30)]) == 10


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": ["Closed Won"]}, 'The frame deals has status "Closed Won"; it may be open, won, lost.'),
        ({"amount": ["n/a"]}, "The frame deals cannot be read: Conversion Error.*n/a"),
        ({"closed_on": ["31.12.2026"]}, "The frame deals cannot be read"),
    ],
)
def test_an_impossible_value_is_refused(changed: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        revenue(**changed)


def test_an_unknown_table_suggests_the_nearest() -> None:
    with pytest.raises(InputError, match='"deal" is no table. Did you mean "deals"'):
        build_facts({"deal": pd.DataFrame(DEALS)}, "Ann", "2026-Q2", as_of=date(2026, 7, 1))


def test_a_missing_column_is_named_beside_those_seen() -> None:
    with pytest.raises(InputError, match="The frame deals has no column deal_id; columns seen: id, owner"):
        tables = {"deals": pd.DataFrame({"id": ["d1"], "owner": ["Ann"]})}
        build_facts(tables, "Ann", "2026-Q2", as_of=date(2026, 7, 1))


def test_the_same_id_twice_is_refused() -> None:
    twice = {name: values * 2 for name, values in DEALS.items()}
    with pytest.raises(InputError, match='more than one row with deal_id "d1"'):
        build_facts({"deals": pd.DataFrame(twice)}, "Ann", "2026-Q2", as_of=date(2026, 7, 1))
