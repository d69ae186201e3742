"""The demo organisation: who works there, under whom, and what the period is called."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tools.demo.records import Ledger
from tools.periods import parse_period


@dataclass(frozen=True)
class Member:
    """One person of the demo. `team`, `segment` and `territory` are those of today."""

    id: str
    name: str
    role: str
    manager: str | None
    team: str
    segment: str | None
    territory: str | None
    start_on: date
    leave_on: date | None = None


EXPORTED_ON = date(2026, 7, 5)
# The days of the next quarter that the export reaches into.
JULY_SO_FAR = parse_period("2026-Q3", as_of=date(2026, 7, 3))
QUARTERS = ("2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
PRODUCTS = ("Dispatch", "Insight", "Connect")

LEADERSHIP, MID_MARKET, COMMERCIAL = "Leadership", "Mid-Market East", "Commercial"
DEVELOPMENT, ENTERPRISE, CUSTOMERS = "Sales Development", "Enterprise", "Customer Accounts"

HELENA, LAURA, BRANDON, VICTOR, INGRID, THOMAS = "u100", "u110", "u120", "u130", "u140", "u150"
MICHAEL, PRIYA, CONNOR, ELISE = "u111", "u112", "u113", "u114"
NOOR, TYLER, GRACE, MATEO, HANNAH, DEREK, PAUL = "u121", "u122", "u123", "u124", "u125", "u126", "u127"
JESSICA, OMAR, LUCY, KENJI = "u131", "u132", "u133", "u134"
DANIEL, SOFIA, AARON, WEI = "u141", "u142", "u143", "u144"
ASHLEY, RUTH, CARLOS, NINA = "u151", "u152", "u153", "u154"

_MANAGER, _AE, _SDR = "sales_manager", "account_executive", "sdr"
_EAE, _AM = "enterprise_account_executive", "account_manager"

_NORTHEAST_MORE = "Northeast and Mid-Atlantic"

MEMBERS = (
    Member(HELENA, "Helena Voss", _MANAGER, None, LEADERSHIP, None, None, date(2019, 2, 4)),
    Member(LAURA, "Laura Whitfield", _MANAGER, HELENA, MID_MARKET, "mid_market", "East", date(2020, 6, 1)),
    Member(MICHAEL, "Michael Torres", _AE, LAURA, MID_MARKET, "mid_market", _NORTHEAST_MORE, date(2022, 3, 7)),
    Member(PRIYA, "Priya Raman", _AE, LAURA, MID_MARKET, "mid_market", "Southeast", date(2021, 9, 13)),
    Member(CONNOR, "Connor Walsh", _AE, LAURA, MID_MARKET, "mid_market", "Great Lakes", date(2023, 1, 9)),
    Member(ELISE, "Elise Fontaine", _AE, LAURA, MID_MARKET, "mid_market", "New England", date(2023, 5, 15)),
    Member(BRANDON, "Brandon Hayes", _MANAGER, HELENA, COMMERCIAL, None, "West and Central", date(2021, 1, 11)),
    Member(NOOR, "Noor Haddad", _AE, BRANDON, COMMERCIAL, "smb", "Mountain", date(2024, 2, 12)),
    Member(TYLER, "Tyler Novak", _AE, BRANDON, COMMERCIAL, "smb", "Pacific Northwest", date(2023, 8, 21)),
    Member(GRACE, "Grace Okafor", _AE, BRANDON, COMMERCIAL, "smb", "California", date(2022, 10, 3)),
    Member(MATEO, "Mateo Silva", _AE, BRANDON, COMMERCIAL, "smb", "Southwest", date(2022, 4, 18)),
    Member(HANNAH, "Hannah Lindqvist", _AE, BRANDON, COMMERCIAL, "mid_market", "Central", date(2021, 11, 1)),
    Member(DEREK, "Derek Olsen", _AE, BRANDON, COMMERCIAL, "mid_market", "West", date(2023, 3, 6)),
    Member(PAUL, "Paul Jansen", _AE, BRANDON, COMMERCIAL, "smb", "Mountain", date(2022, 7, 4), date(2026, 1, 1)),
    Member(VICTOR, "Victor Almeida", _MANAGER, HELENA, DEVELOPMENT, None, None, date(2021, 4, 12)),
    Member(JESSICA, "Jessica Nguyen", _SDR, VICTOR, DEVELOPMENT, None, "Inbound, East", date(2024, 6, 3)),
    Member(OMAR, "Omar Farouk", _SDR, VICTOR, DEVELOPMENT, None, "Inbound, West", date(2024, 9, 9)),
    Member(LUCY, "Lucy Barrett", _SDR, VICTOR, DEVELOPMENT, None, "Outbound, East", date(2025, 1, 13)),
    Member(KENJI, "Kenji Mori", _SDR, VICTOR, DEVELOPMENT, None, "Outbound, West", date(2024, 11, 4)),
    Member(INGRID, "Ingrid Solberg", _MANAGER, HELENA, ENTERPRISE, "enterprise", None, date(2020, 9, 7)),
    Member(DANIEL, "Daniel Kessler", _EAE, INGRID, ENTERPRISE, "enterprise", "East", date(2021, 2, 8)),
    Member(SOFIA, "Sofia Marchetti", _EAE, INGRID, ENTERPRISE, "enterprise", "Central", date(2021, 5, 10)),
    Member(AARON, "Aaron Blake", _EAE, INGRID, ENTERPRISE, "enterprise", "West", date(2022, 8, 15)),
    Member(WEI, "Wei Zhang", _EAE, INGRID, ENTERPRISE, "enterprise", "South", date(2023, 10, 2)),
    Member(THOMAS, "Thomas Adeyemi", _MANAGER, HELENA, CUSTOMERS, None, None, date(2020, 3, 16)),
    Member(ASHLEY, "Ashley Morgan", _AM, THOMAS, CUSTOMERS, None, "East", date(2021, 6, 14)),
    Member(RUTH, "Ruth Feldman", _AM, THOMAS, CUSTOMERS, None, "Central", date(2022, 1, 17)),
    Member(CARLOS, "Carlos Vega", _AM, THOMAS, CUSTOMERS, None, "West", date(2022, 11, 7)),
    Member(NINA, "Nina Petrova", _AM, THOMAS, CUSTOMERS, None, "South", date(2023, 4, 3)),
)  # fmt: skip


def record_members(ledger: Ledger) -> None:
    """The people, and the days on which somebody's role, team or territory changed."""
    for member in MEMBERS:
        ledger.add(
            "people", person_id=member.id, name=member.name, email=f"{_mailbox(member.name)}@larkfield.example",
            role=member.role, manager=member.manager, team=member.team, segment=member.segment,
            territory=member.territory, start_on=member.start_on, leave_on=member.leave_on,
            ramp_until=date(2026, 4, 1) if member.id == NOOR else None, active=member.leave_on is None,
        )  # fmt: skip
    east = {"role": _AE, "team": MID_MARKET, "segment": "mid_market", "manager": LAURA}
    widened = date(2026, 5, 11)
    ledger.add("memberships", person=MICHAEL, **east, territory="Northeast", to_on=widened)
    ledger.add("memberships", person=MICHAEL, **east, territory=_NORTHEAST_MORE, from_on=widened)
    # Noor was a development rep until the end of 2025, when she took over Paul's territory.
    joined = date(2026, 1, 1)
    ledger.add("memberships", person=NOOR, role=_SDR, team=DEVELOPMENT, manager=VICTOR, territory="Inbound, West",
               to_on=joined)  # fmt: skip
    ledger.add("memberships", person=NOOR, role=_AE, team=COMMERCIAL, segment="smb", manager=BRANDON,
               territory="Mountain", from_on=joined)  # fmt: skip


def _mailbox(name: str) -> str:
    return name.lower().replace(" ", ".")


def record_notes(ledger: Ledger) -> None:
    """What was noted about whom: the words stand in `notes.toml`, under each person's first name."""
    written = tomllib.loads(Path(__file__).with_name("notes.toml").read_text(encoding="utf-8"))
    for member in MEMBERS:
        for on, kind, metric, text in written.get(member.name.split()[0].lower(), {"notes": []})["notes"]:
            ledger.note(on, member.id, kind, text, metric or None)
