"""Whatever happens to a file on its way: one clear sentence, or a report in which every input row is accounted for."""

# ruff: noqa: E501 — rows of exports are as long as they are

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.errors import SalesbriefError
from tools.sources import read_source
from tools.sources.reading import ReadContext, Reading
from tools.tables import TABLES

ROWS = 14


def table(header: str, row: Callable[[int], str]) -> str:
    return header + "\n" + "".join(row(number) + "\n" for number in range(1, ROWS + 1))


def stage(number: int, won: str = "Closed Won", lost: str = "Closed Lost", open_: str = "Proposal") -> str:
    return (won, lost, open_)[number % 3]


DEALS = table(
    "deal_id,name,owner,stage,status,amount,created_on,closed_on,probability",
    lambda n: (
        f'{n},"Deal, no {n}",Owner {n % 3},{stage(n)},{stage(n, "won", "lost", "open")},{n * 100}.5,2026-01-{n:02d},2026-02-{n + 14},0.{n % 9}'
    ),
)
HUBSPOT = table(
    "Record ID,Deal Name,Deal Stage,Pipeline,Deal owner,Amount,Close Date,Create Date",
    lambda n: (
        f'{n},"Deal, no {n}",{stage(n)},Sales,Owner {n % 3},"${n},500.25",2026-02-{n + 14} 10:00,2026-01-{n:02d} 09:00'
    ),
)
SALESFORCE = table(
    "Id,Name,StageName,Amount,CloseDate,CreatedDate,OwnerId,IsDeleted",
    lambda n: (
        f"006A000000000{n:02d}AAA,Deal {n},{stage(n)},{n}00.5,2026-02-{n + 14},2026-01-{n:02d}T10:00:00.000Z,005A{n % 3},{n == 5}"
    ),
)
HISTORY = table(
    "OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById",
    lambda n: (
        f"006A000000000{n:02d}AAA,{('StageName', 'Amount', 'Custom')[n % 3]},{n},{n + 1},2026-01-{n:02d}T10:00:00Z,005A1"
    ),
)
PIPELINE = table(
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
    lambda n: (
        f"OP{n},Agent {n % 3},GTXPro,Acme {n % 4},{stage(n, 'Won', 'Lost', 'Engaging')},1/{n}/2026,2/{n + 14}/2026,{n * (n % 3 == 0)}"
    ),
)
TEAMS = table("sales_agent,manager,regional_office", lambda n: f"Agent {n},Boss {n % 3},North")
POTENTIALS = table(
    "Potential Name,Potential Owner,Created Time,Closing Date,Amount,Stage,Type,LEADID,Probability",
    lambda n: (
        f'"Name {n}",Owner {n % 3},"{n} Apr, 2026 00:02:00","{n + 14} Apr, 2026 00:02:00","${n},700.00",{stage(n)},New Business,{n},20'
    ),
)
NOTES = "\n".join(f"2026-05-{number:02d}: Decision: point {number}\n" for number in range(1, ROWS + 1))

EXPORTS: dict[str, tuple[str, str | None, dict[str, str]]] = {
    "csv": ("csv", None, {"deals.csv": DEALS}),
    "hubspot": ("hubspot", None, {"all-deals.csv": HUBSPOT}),
    "salesforce": ("salesforce", None, {"Opportunity.csv": SALESFORCE, "OpportunityFieldHistory.csv": HISTORY}),
    "maven": ("mapped", "maven", {"sales_pipeline.csv": PIPELINE, "sales_teams.csv": TEAMS}),
    "zoho": ("mapped", "zoho", {"Potentials.csv": POTENTIALS}),
    "notes": ("notes", None, {"a.md": NOTES}),
}


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def joined(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def drop_column(text: str, rng: random.Random) -> bytes:
    rows = cells(text)
    at = rng.randrange(len(rows[0]))
    return joined([row[:at] + row[at + 1 :] for row in rows]).encode()


def rename_column(text: str, rng: random.Random) -> bytes:
    rows = cells(text)
    at = rng.randrange(len(rows[0]))
    rows[0][at] = rng.choice(["", "x", rows[0][at].upper(), f" {rows[0][at]} ", rows[0][0]])
    return joined(rows).encode()


def add_columns(text: str, rng: random.Random) -> bytes:
    rows = cells(text)
    return joined([[*row, "" if rng.random() < 0.5 else "extra", ""] for row in rows]).encode()


def shuffle_columns(text: str, rng: random.Random) -> bytes:
    rows = cells(text)
    order = rng.sample(range(len(rows[0])), len(rows[0]))
    return joined([[row[at] for at in order if at < len(row)] for row in rows]).encode()


def repeat_rows(text: str, rng: random.Random) -> bytes:
    rows = cells(text)
    return joined(rows + rng.choices(rows[1:], k=5)).encode()


def blank_cells(text: str, rng: random.Random) -> bytes:
    rows = cells(text)
    for row in rows[1:]:
        for at in range(len(row)):
            if rng.random() < 0.15:
                row[at] = rng.choice(["", " ", "NULL", "--", "n/a", "NaT"])
    return joined(rows).encode()


def junk_cells(text: str, rng: random.Random) -> bytes:
    rows = cells(text)
    junk = [
        "12/13/14",
        "1.234.5",
        "soon",
        "€",
        "=1+1",
        "💥",
        "0000-00-00",
        "1e999",
        "-",
        "31/02/2026",
        "$1,2",
        "x" * 5000,
    ]
    for row in rows[1:]:
        if row and rng.random() < 0.5:
            row[rng.randrange(len(row))] = rng.choice(junk)
    return joined(rows).encode()


def reshape_dates(text: str, rng: random.Random) -> bytes:
    shape = rng.choice(["{d}.{m}.{y}", "{m}/{d}/{y}", "{d}/{m}/{y}", "{y}/{m}/{d}", "{d}-{m}-{y} 10:00"])
    rows = cells(text)
    for row in rows[1:]:
        for at, cell in enumerate(row):
            if len(cell) >= 10 and cell[:4] == "2026":
                row[at] = shape.format(y=cell[:4], m=int(cell[5:7]), d=int(cell[8:10]))
    return joined(rows).encode()


def encode_otherwise(text: str, rng: random.Random) -> bytes:
    accented = text.replace("Owner", "Öwnér").replace("Agent", "Ägent")
    return accented.encode(rng.choice(["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "cp1250"]))


def delimit_otherwise(text: str, rng: random.Random) -> bytes:
    return joined(cells(text), rng.choice([";", "\t", "|"])).encode()


def cut(text: str, rng: random.Random) -> bytes:
    return text.encode()[: rng.randrange(len(text))]


def stray_quotes(text: str, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(text))
        text = text[:at] + '"' + text[at:]
    return text.encode()


def ragged_rows(text: str, rng: random.Random) -> bytes:
    lines = text.splitlines()
    for at in rng.sample(range(1, len(lines)), 4):
        lines[at] = lines[at] + ",more,cells" if rng.random() < 0.5 else lines[at].rpartition(",")[0]
    return "\r\n".join(lines).encode()


def spoil_bytes(text: str, rng: random.Random) -> bytes:
    data = bytearray(text.encode())
    for _ in range(rng.randint(1, 20)):
        data[rng.randrange(len(data))] = rng.choice([0, 0xFF, 0x81, 0x0D, 0x22, 0x2C, 0x0A])
    return bytes(data)


def footer(text: str, rng: random.Random) -> bytes:
    return (text + '\n"Grand Totals (14 records)"\n"Confidential Information - Do Not Distribute"\n').encode()


def unlike(text: str, rng: random.Random) -> bytes:
    return rng.choice(
        [b"", b"\n\n", b"PK\x03\x04", b"<html>login</html>", b"{}", b",,,\n,,,\n", b'"', b"a", b"\xff\xfe", b"sep=;\n"]
    )


CORRUPTIONS = [
    drop_column, rename_column, add_columns, shuffle_columns, repeat_rows, blank_cells, junk_cells, reshape_dates,
    encode_otherwise, delimit_otherwise, cut, stray_quotes, ragged_rows, spoil_bytes, footer, unlike,
]  # fmt: skip
SEEDS = range(3)


def account_for_every_row(reading: Reading) -> None:
    report = reading.report.to_json()
    for name, counted in report["tables"].items():
        for file in counted["files"].values():
            assert file["read"] == file["imported"] + file["left_out"]
        left_out = sum(note["count"] for note in counted["notes"] if note["kind"] == "left_out")
        assert counted["left_out"] == left_out
        assert len(reading.tables.get(name, ())) == counted["rows"] == counted["imported"] + counted["added"]
        assert all(note["example"] is not None for note in counted["notes"] if note["kind"] == "left_out")
    for name, frame in reading.tables.items():
        required = [column.name for column in TABLES[name].columns if column.required]
        assert not frame[required].isna().any().any()


@pytest.mark.parametrize("corrupt", CORRUPTIONS, ids=lambda corrupt: corrupt.__name__)
@pytest.mark.parametrize("kind", EXPORTS)
def test_a_corrupted_export_is_refused_or_accounted_for(kind: str, corrupt: Callable, tmp_path: Path):
    source, mapping, files = EXPORTS[kind]
    for seed in SEEDS:
        rng = random.Random(f"{kind}-{corrupt.__name__}-{seed}")
        folder = tmp_path / str(seed)
        folder.mkdir()
        spoilt = rng.choice(sorted(files))
        for name, text in files.items():
            (folder / name).write_bytes(corrupt(text, rng) if name == spoilt else text.encode())
        try:
            reading = read_source(source, folder, ReadContext(zone="Europe/Stockholm"), mapping)
        except SalesbriefError as error:
            assert "\n" not in str(error) and len(str(error)) > 20
        else:
            account_for_every_row(reading)


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_uncorrupted_export_is_read_whole(kind: str, tmp_path: Path):
    source, mapping, files = EXPORTS[kind]
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    reading = read_source(source, tmp_path, ReadContext(), mapping)
    account_for_every_row(reading)
    main = "evidence" if kind == "notes" else "deals"
    assert reading.report.total(main).read == ROWS
    assert reading.report.total(main).left_out == (1 if kind == "salesforce" else 0)


@pytest.mark.parametrize(
    "corrupt", [encode_otherwise, delimit_otherwise, shuffle_columns, add_columns], ids=lambda c: c.__name__
)
def test_what_only_looks_different_is_read_the_same(corrupt: Callable, tmp_path: Path):
    for seed in SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "deals.csv").write_bytes(corrupt(DEALS, random.Random(seed)))
        deals = read_source("csv", folder, ReadContext()).tables["deals"]
        assert deals["amount"].sum() == sum(number * 100.5 - 0.5 * (number - 1) for number in range(1, ROWS + 1))
        assert deals["status"].value_counts().to_dict() == {"lost": 5, "open": 5, "won": 4}
