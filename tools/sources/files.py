"""A folder or file of exports, read into sheets of text cells. What a file spoils is reported, not guessed.

CSV in any usual encoding and delimiter, and Parquet. Cells stay text here; `tools.sources.cells` types them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tools.database import connect
from tools.errors import InputError, NotFound
from tools.sources.decoding import decode
from tools.sources.splitting import Spoilt, split_rows

TABULAR = (".csv", ".tsv", ".parquet")
_PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True)
class Sheet:
    """One file as text cells ("" is an empty cell). `rows` numbers them as a spreadsheet does: the header is row 1.

    `read` counts the file's data rows, also those left out here (`spoilt`); blank lines are no rows.
    """

    name: str
    frame: pd.DataFrame
    rows: np.ndarray
    encoding: str
    delimiter: str | None
    read: int
    spoilt: tuple[Spoilt, ...] = ()

    def with_columns(self, **columns: pd.Series) -> Sheet:
        """The same sheet with further columns."""
        return replace(self, frame=self.frame.assign(**columns))


@dataclass
class Folder:
    """The sheets of a source, by file name, and the files that were not read, with the reason."""

    sheets: list[Sheet] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)


def read_folder(path: Path) -> Folder:
    """Read every tabular file at `path`: one file, or a folder (its subfolders too; hidden files are skipped).

    One bad file is a bad import: raises `InputError` in one sentence. Raises `NotFound` where nothing is there.
    """
    if not path.exists():
        raise NotFound(f"There is no {path}; give a CSV file or a folder of exported files.")
    if path.is_file():
        return Folder([read_sheet(path, path.name)])
    folder = Folder()
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if not file.is_file() or any(part.startswith((".", "~$")) for part in Path(name).parts):
            continue
        if file.suffix.lower() in TABULAR:
            folder.sheets.append(read_sheet(file, name))
        elif file.suffix.lower() in (".xlsx", ".xls", ".ods"):
            folder.unread[name] = "a workbook: save its sheets as CSV"
        else:
            folder.unread[name] = "not a table"
    if not folder.sheets:
        raise InputError(f"{path} holds no CSV or Parquet file; give the folder that the CRM's export was saved to.")
    return folder


def read_sheet(path: Path, name: str) -> Sheet:
    """Read one CSV or Parquet file. Raises `InputError` where it is empty, no table, or beyond repair."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from None
    if data.startswith(_PARQUET_MAGIC):
        return _read_parquet(path, name)
    if path.suffix.lower() == ".parquet":
        raise InputError(f"{name} is not a Parquet file, or was cut off; export it again.")
    text = decode(data, name)
    sheet = parse_sheet(text.content, name, text.encoding)
    spoilt = list(sheet.spoilt)
    if text.broken:
        spoilt.append(Spoilt("doubtful", "characters that are not UTF-8 were replaced by �", text.broken))
    if text.nul:
        spoilt.append(Spoilt("changed", "NUL characters were dropped", text.nul))
    if not text.encoding.startswith(("utf", "ascii")):
        spoilt.append(Spoilt("info", f"the file is not UTF-8; it was read as {text.encoding}", 1))
    return replace(sheet, spoilt=tuple(spoilt))


def parse_sheet(content: str, name: str, encoding: str = "utf-8") -> Sheet:
    """Split CSV text into a sheet."""
    rows = split_rows(content, name)
    frame, header_notes = _frame(rows.header, rows.records)
    numbers = np.asarray(rows.numbers, dtype=np.int64)
    return Sheet(name, frame, numbers, encoding, rows.delimiter, rows.read, (*header_notes, *rows.spoilt))


def _frame(header: list[str], records: list[list[str]]) -> tuple[pd.DataFrame, list[Spoilt]]:
    """Cells under unique headers. A column without a header is kept only where it holds something."""
    notes: list[Spoilt] = []
    columns = np.array(records, dtype=object).reshape(len(records), len(header)).T
    data: dict[str, np.ndarray] = {}
    for number, (title, cells) in enumerate(zip(header, columns, strict=True), start=1):
        name = " ".join(title.replace("\ufeff", "").split())
        if not name:
            if not any(cell.strip() for cell in cells):
                continue
            name = f"column {number}"
        if name in data:
            again = next(f"{name} ({copy})" for copy in range(2, len(header) + 2) if f"{name} ({copy})" not in data)
            notes.append(
                Spoilt("doubtful", f'the header "{name}" stands twice; the later one was read as "{again}"', 1)
            )
            name = again
        data[name] = np.ascontiguousarray(cells)
    return pd.DataFrame(data, dtype=object, index=pd.RangeIndex(len(records))), notes


def _read_parquet(path: Path, name: str) -> Sheet:
    """A Parquet file's columns as text, as a CSV export would show them."""
    import duckdb

    with connect() as connection:
        try:
            frame = connection.execute("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)", [str(path)]).df()
        except duckdb.Error:
            raise InputError(f"{name} is a damaged Parquet file; export it again.") from None
    frame = frame.astype(object).where(frame.notna(), "")
    rows = np.arange(2, len(frame) + 2, dtype=np.int64)
    return Sheet(name, frame, rows, "parquet", None, len(frame))
