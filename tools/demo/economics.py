"""What was on the orders and what selling cost, so that discounts, margins and acquisition costs can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tools.demo.cast import COMMERCIAL, CUSTOMERS, DEVELOPMENT, ENTERPRISE, MID_MARKET, PRODUCTS
from tools.demo.records import Ledger, quarter

SALES_COST = {MID_MARKET: 268_000, COMMERCIAL: 301_000, DEVELOPMENT: 142_000, ENTERPRISE: 374_000, CUSTOMERS: 196_000}
MARKETING_COST = {"2025-Q2": 205_000, "2025-Q3": 212_000, "2025-Q4": 224_000, "2026-Q1": 231_000, "2026-Q2": 316_000}


def record_products(ledger: Ledger) -> None:
    """The price list."""
    for product, price in zip(PRODUCTS, (24_000, 14_000, 9_000), strict=True):
        ledger.add("products", product_id=product, name=f"Larkfield {product}", family="Operations", list_price=price)


def record_order_lines(ledger: Ledger) -> None:
    """One or two products on every won deal; the lines add up to the deal's amount."""
    rng = ledger.random
    for deal in ledger.rows["deals"]:
        if deal["status"] != "won":
            continue
        second = (
            rng.choice([product for product in PRODUCTS if product != deal["product"]]) if rng.random() < 0.3 else None
        )
        share = round(deal["amount"] * 0.2) if second else 0
        for product, amount in ((deal["product"], deal["amount"] - share), (second, share)):
            if product is not None:
                ledger.add(
                    "deal_lines", deal=deal["deal_id"], product=product, quantity=rng.randint(5, 60), amount=amount,
                    discount=rng.choice((0, 0, 0.05, 0.08, 0.1, 0.15)), margin=rng.choice((0.68, 0.72, 0.76)),
                )  # fmt: skip


def record_spend(ledger: Ledger, sales: Mapping[str, int], marketing_by_quarter: Mapping[str, int]) -> None:
    """Each team's cost of selling, a little more every quarter, and the organisation's marketing."""
    for n, (label, marketing) in enumerate(marketing_by_quarter.items()):
        period = quarter(label)
        growth = 1 + 0.015 * n
        costs = [(team, "sales", round(cost * growth / 100) * 100) for team, cost in sales.items()]
        for team, category, amount in [*costs, (None, "marketing", marketing)]:
            ledger.add(
                "spend", team=team, category=category, start_on=period.start, end_on=period.end - timedelta(days=1),
                amount=amount, currency=ledger.currency,
            )  # fmt: skip
