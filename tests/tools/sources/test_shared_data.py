"""The data sets beside the checkout, where there are any: every row accounted for, and the counts known from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.sources import read_source
from tools.sources.reading import ReadContext, Reading


def read(shared: Path, folder: str, kind: str, mapping: str | None = None) -> Reading:
    path = shared / "data" / folder
    if not path.is_dir():
        pytest.skip(f"no {folder} among the shared data")
    return read_source(kind, path, ReadContext(), mapping)


def counts(reading: Reading) -> dict[str, tuple[int, int, int, int]]:
    tables = reading.report.to_json()["tables"]
    return {name: (t["read"], t["imported"], t["left_out"], t["added"]) for name, t in tables.items()}


def test_maven(shared: Path):
    reading = read(shared, "maven_crm", "mapped", "maven")
    assert counts(reading) == {
        "deals": (8800, 8800, 0, 0),
        "people": (35, 35, 0, 6),
        "accounts": (85, 85, 0, 0),
        "products": (7, 7, 0, 0),
        "stages": (0, 0, 0, 4),
    }
    deals = reading.tables["deals"]
    assert deals["status"].value_counts().to_dict() == {"won": 4238, "lost": 2473, "open": 2089}
    assert deals.loc[deals["status"] == "won", "amount"].notna().all()
    assert deals.loc[deals["status"] != "won", "amount"].isna().all()
    assert set(deals["product"]) <= set(reading.tables["products"]["product_id"])


def test_zoho(shared: Path):
    reading = read(shared, "zoho_export", "mapped", "zoho")
    assert counts(reading)["deals"] == (3632, 3632, 0, 0)
    assert counts(reading)["activities"] == (10056, 7989, 2067, 0)
    assert reading.tables["deals"]["status"].value_counts().to_dict() == {"open": 1722, "won": 1425, "lost": 485}
    assert reading.tables["deals"]["deal_id"].is_unique


def test_maven_with_activities(shared: Path):
    reading = read(shared, "maven_activities", "mapped", "maven_activities")
    assert counts(reading)["deals"] == (8800, 8800, 0, 0)
    assert counts(reading)["activities"] == (626, 626, 0, 0)
    assert reading.tables["activities"]["type"].value_counts().to_dict() == {"meeting": 381, "email": 245}


def test_hubspot_seeds(shared: Path):
    reading = read(shared, "hubspot_fivetran", "hubspot")
    assert counts(reading)["deals"] == (44, 44, 0, 0)
    assert reading.tables["people"]["active"].sum() == 4


def test_salesforce_seeds_hold_deleted_deals_only(shared: Path):
    reading = read(shared, "salesforce_fivetran", "salesforce")
    assert counts(reading)["deals"] == (10, 0, 10, 0)
    assert counts(reading)["activities"] == (20, 20, 0, 0)
