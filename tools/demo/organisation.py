"""The demo organisation as one export: ordinary records from which the reference people's figures follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from tools.demo.cast import (
    ASHLEY,
    BRANDON,
    DANIEL,
    EXPORTED_ON,
    GRACE,
    HANNAH,
    JESSICA,
    MEMBERS,
    MICHAEL,
    PRIYA,
    Member,
    record_members,
    record_notes,
)
from tools.demo.commercial import record_commercial
from tools.demo.customers import record_customers
from tools.demo.deals import QUALIFICATION, STAGES, Opportunity, Stage, record_deal, record_stages
from tools.demo.development import record_development
from tools.demo.economics import MARKETING_COST, SALES_COST, record_order_lines, record_products, record_spend
from tools.demo.enterprise import record_enterprise
from tools.demo.mid_market import record_mid_market
from tools.demo.names import company_names
from tools.demo.records import Ledger

_SEED = 20260705
_MEMBERS_BY_ID = {member.id: member for member in MEMBERS}


@dataclass(frozen=True)
class Demo:
    """What settings and commands need to know of the demo. `people` are the five reference people, `as_of` the day
    of the export."""

    organisation: str
    zone: str
    currency: str
    amount_basis: str
    period: str
    as_of: date
    people: tuple[Member, ...]
    stages: tuple[Stage, ...]


DEMO = Demo(
    organisation="Larkfield",
    zone="America/New_York",
    currency="USD",
    amount_basis="ACV",
    period="2026-Q2",
    as_of=EXPORTED_ON,
    people=tuple(_MEMBERS_BY_ID[person] for person in (MICHAEL, JESSICA, DANIEL, ASHLEY, BRANDON)),
    stages=STAGES,
)


def demo_tables() -> dict[str, pd.DataFrame]:
    """Every canonical table of the demo organisation: the same rows on every machine, in well under a second."""
    ledger = Ledger(_SEED, EXPORTED_ON)
    names = iter(company_names(ledger.random))
    record_members(ledger)
    record_stages(ledger)
    record_products(ledger)
    record_mid_market(ledger, names)
    record_commercial(ledger, names)
    record_enterprise(ledger, names)
    record_customers(ledger, names)
    record_development(ledger, names)
    for owner, segment in (
        (PRIYA, "mid_market"), (DANIEL, "enterprise"), (GRACE, "smb"), (HANNAH, "mid_market"),
        (None, "smb"), (None, "mid_market"),
    ):  # fmt: skip
        _record_half_filled(ledger, next(names), owner, segment)
    record_order_lines(ledger)
    record_spend(ledger, SALES_COST, MARKETING_COST)
    record_notes(ledger)
    return ledger.frames()


def _record_half_filled(ledger: Ledger, name: str, owner: str | None, segment: str) -> None:
    """A deal as people leave it on a Friday: an owner but no amount yet, or an amount that nobody owns."""
    account = ledger.account(name, owner=owner, segment=segment)
    created = date(2026, 6, 12)
    record_deal(ledger, Opportunity(
        owner, account, segment, 18_000 if owner is None else None, created, date(2026, 9, 25), reached=QUALIFICATION,
        worked_until=created, source="Inbound", origin="marketing",
    ), touches=owner is not None)  # fmt: skip
