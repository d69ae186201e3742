"""Seeded worlds: small organisations that differ in everything but their shape, for evals and tests.

seeded_world(7, kind="everything_missed")       the canonical tables
seeded_settings(7, kind="everything_missed")    the settings that go with them
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from tools.demo.cast import EXPORTED_ON
from tools.demo.deals import record_stages
from tools.demo.economics import record_order_lines, record_products, record_spend
from tools.demo.kinds import KINDS, Kind
from tools.demo.names import PEOPLE, company_names
from tools.demo.records import Ledger, quarter
from tools.demo.sentences import Writer
from tools.demo.world_people import Person, record_account_manager, record_sdr, record_seller
from tools.errors import NotFound, did_you_mean
from tools.organisation import DefinitionChange, Organisation, Settings

PERIOD = "2026-Q2"
_PLACES = (("USD", "America/New_York"), ("EUR", "Europe/Berlin"), ("GBP", "Europe/London"))
_TEAM = "Field Sales"


def seeded_world(seed: int, *, kind: str = "ordinary") -> dict[str, pd.DataFrame]:
    """Every canonical table of a made-up organisation whose quarter is 2026-Q2. Raises `NotFound` for no such kind."""
    shape = find_kind(kind)
    ledger = Ledger(f"{kind}:{seed}", EXPORTED_ON, currency=_place(seed, shape)[0])
    names = iter(company_names(ledger.random))
    people = _record_people(ledger, shape)
    record_stages(ledger)
    record_products(ledger)
    # Development reps come last: their opportunities are deals of the others.
    for person in sorted(people, key=lambda person: person.role == "sdr"):
        if person.role == "sdr":
            record_sdr(ledger, person, shape)
        elif person.role == "account_manager":
            record_account_manager(ledger, person, shape, names)
        elif person.role != "sales_manager":
            record_seller(ledger, person, shape, names)
    if shape.second_currency is not None:
        for on, rate in ((date(2025, 1, 1), 0.93), (date(2026, 1, 1), 0.91), (date(2026, 4, 1), 0.89)):
            ledger.add("exchange_rates", currency=shape.second_currency, on=on, rate=rate)
    record_order_lines(ledger)
    record_spend(ledger, {_TEAM: 300_000}, dict.fromkeys(shape.quarters, 90_000))
    _record_notes(ledger, people, shape)
    return _without(ledger, shape).frames()


def seeded_settings(seed: int, *, kind: str = "ordinary") -> Settings:
    """The settings of that world: currency, zone, and from when which definition holds."""
    shape = find_kind(kind)
    currency, zone = _place(seed, shape)
    since = quarter(PERIOD).start
    return Settings(
        organisation=Organisation(name=f"World {seed}", currency=currency, zone=zone, amount_basis="ACV"),
        definitions=tuple(
            DefinitionChange(metric=metric, since=since, text=text) for metric, text in shape.definitions
        ),
    )


def find_kind(name: str) -> Kind:
    """The kind of that name. Raises `NotFound` naming the nearest."""
    by_name = {kind.name: kind for kind in KINDS}
    if name not in by_name:
        raise NotFound(f'There is no kind of world called "{name}". {did_you_mean(name, list(by_name))}')
    return by_name[name]


def _place(seed: int, shape: Kind) -> tuple[str, str]:
    """Currency and zone; where two currencies are wanted, the organisation's own is the euro."""
    return _PLACES[1] if shape.second_currency is not None else _PLACES[seed % len(_PLACES)]


def _record_people(ledger: Ledger, shape: Kind) -> list[Person]:
    rng = ledger.random
    names = rng.sample(PEOPLE, len(shape.roles))
    people = []
    for n, (role, name) in enumerate(zip(shape.roles, names, strict=True), start=1):
        ramping = shape.ramping and role not in ("sales_manager", "account_manager", "sdr")
        person = Person(f"p{n:02d}", name, role, rng.uniform(*shape.growth), ramping)
        people.append(person)
        ledger.add(
            "people", person_id=person.id, name=name, email=f"{person.id}@world.example", role=role,
            manager=None if role == "sales_manager" else people[0].id, team=_TEAM, segment=person.segment,
            territory=rng.choice(("North", "South", "East", "West", "Central")),
            start_on=date(2026, 1, 5) if ramping else date(2019, 1, 7) + timedelta(days=rng.randrange(2100)),
            ramp_until=date(2026, 8, 3) if ramping else None, active=True,
        )  # fmt: skip
    return people


def _record_notes(ledger: Ledger, people: list[Person], shape: Kind) -> None:
    writer = Writer(ledger, [person.name for person in people])
    for metric, text in shape.definitions:
        ledger.note(
            quarter(PERIOD).start, None, "process_change", f"Counted anew since April: {text}", metric, team=_TEAM
        )
    for person in people:
        rising = person.growth > 1 and shape.has_results
        writer.write(person.id, person.name, person.role, rising=rising, worked=shape.has_results)
        if shape.planted is not None:
            writer.plant(person.id, shape.planted)


def _without(ledger: Ledger, shape: Kind) -> Ledger:
    """Take away what this kind of world never recorded."""
    if not shape.history:
        ledger.rows["deal_changes"].clear()
    if not shape.activity:
        ledger.rows["activities"].clear()
        ledger.rows["leads"].clear()
        for deal in ledger.rows["deals"]:
            deal["last_activity_on"] = None
    return ledger
