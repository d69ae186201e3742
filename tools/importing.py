"""One import, from export to layer: read, report, propose settings at the first, swap in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.errors import InputError, SalesbriefError, SettingsError
from tools.organisation import SETTINGS_FILE, Organisation, read_settings
from tools.prepared import prepare
from tools.proposal import propose_settings
from tools.sources import read_source
from tools.sources.reading import ReadContext, Reading
from tools.workspace import CURRENT, Workspace, publish_layer


@dataclass(frozen=True)
class Outcome:
    """What an import did: the report as JSON and as text, and whether settings were proposed."""

    layer: str
    changed: bool
    proposed: bool
    report: dict[str, Any]
    text: str


def import_source(
    source: Path,
    kind: str,
    into: Path,
    *,
    mapping: str | None = None,
    layer: str | None = None,
    zone: str | None = None,
    currency: str | None = None,
    date_order: str | None = None,
    decimal: str | None = None,
) -> Outcome:
    """Read `source` and make it a layer of the workspace `into`, which stays as it was if anything is wrong.

    `zone` and `currency` shape the first import; afterwards workspace.toml says them, and a contradiction is refused.
    """
    if not source.exists():
        raise InputError(f"There is no {source} to import.")
    organisation, proposed = _organisation(into, zone, currency)
    name = layer or _layer_name(kind, mapping)
    context = ReadContext(
        zone=organisation.zone,
        currency=organisation.currency,
        date_order=_choice("--date-order", date_order, ("dmy", "mdy")) or organisation.date_order,  # type: ignore[arg-type]
        decimal=_choice("--decimal", decimal, (".", ",")) or organisation.decimal,  # type: ignore[arg-type]
    )
    reading = read_source(kind, source, context, mapping=mapping)
    _doubt_people(into, reading)
    report = reading.report.to_json()
    changed = publish_layer(
        into,
        name,
        reading.tables,
        report,
        zone=organisation.zone,
        proposal=propose_settings(organisation, reading.tables) if proposed else "",
    )
    # So that the first question need not wait. Where the settings are amiss, that question will say so.
    with suppress(SalesbriefError):
        prepare(Workspace.open(into))
    return Outcome(name, changed, proposed, report, reading.report.to_text())


def _doubt_people(into: Path, reading: Reading) -> None:
    """Count targets and forecasts for people whom neither this import nor the workspace knows."""
    asked = {
        name: reading.tables[name] for name in ("targets", "forecasts") if "person" in reading.tables.get(name, ())
    }
    if "people" in reading.tables or not asked or not (into / CURRENT).is_file():
        return
    with Workspace.open(into).database() as database:
        known = {key for (key,) in database.rows("SELECT key FROM people_keys")}
    for name, frame in asked.items():
        strangers = [each for each in frame["person"].dropna() if str(each).strip().lower() not in known]
        if strangers:
            listed = ", ".join(dict.fromkeys(map(str, strangers[:8])))
            reason = f"for people whom the workspace does not know, so for nobody: {listed}"
            reading.report.note("doubtful", name, "person", reason, len(strangers))


def _organisation(into: Path, zone: str | None, currency: str | None) -> tuple[Organisation, bool]:
    file = into / SETTINGS_FILE
    if not file.exists():
        given = {key: value for key, value in (("zone", zone), ("currency", currency)) if value is not None}
        try:
            return Organisation(**given), True
        except ValueError:
            raise InputError(
                f"--zone {zone or 'UTC'} --currency {currency or 'USD'} cannot be used: write a zone like "
                "Europe/Stockholm and a currency of three capital letters."
            ) from None
    settings = read_settings(file).organisation
    for option, given, stands in (("--zone", zone, settings.zone), ("--currency", currency, settings.currency)):
        if given is not None and given != stands:
            raise SettingsError(f"{file} says {stands}, but {option} says {given}; change one of them.")
    return settings, False


def _choice(option: str, given: str | None, choices: tuple[str, ...]) -> str | None:
    if given is not None and given not in choices:
        raise InputError(f'{option} is {" or ".join(choices)}, not "{given}".')
    return given


def _layer_name(kind: str, mapping: str | None) -> str:
    if mapping is None:
        return kind
    name = Path(mapping).stem.lower()
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name).strip("_") or kind
