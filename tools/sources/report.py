"""What an import read and what became of every row: counted, with the reason and one example each.

For every table and file, rows read = rows imported + rows left out. `added` counts rows that no input row stands for
alone: people known only as owners, or further changes told by one history row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["left_out", "changed", "doubtful", "info"]
_TITLES: dict[Kind, str] = {"left_out": "left out", "changed": "changed", "doubtful": "doubtful", "info": "note"}
_SHOWN_VALUE = 80
_SHOWN_COLUMNS = 8
# What most exports hold beside deals, and what no result can be computed from without them.
_NOT_ENOUGH = frozenset({"accounts", "products", "activities", "leads"})


@dataclass(frozen=True)
class Example:
    """One row that shows what a note means: row 1 is the header, as in a spreadsheet."""

    file: str
    row: int | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = self.file if self.row is None else f"row {self.row:,} of {self.file}"
        return place if self.value is None else f'{place}: "{self.value}"'


@dataclass
class Note:
    """`count` rows (or columns) of a table to which the same thing happened, for the same reason."""

    kind: Kind
    table: str
    column: str | None
    reason: str
    count: int
    example: Example | None


@dataclass(frozen=True)
class FileRead:
    """A file that was read: how it was decoded, its data rows, and the columns that no table took."""

    file: str
    encoding: str
    delimiter: str | None
    rows: int
    tables: tuple[str, ...]
    unread_columns: tuple[str, ...]


@dataclass
class FileCount:
    """One file's rows for one table."""

    read: int = 0
    imported: int = 0
    left_out: int = 0


@dataclass
class Report:
    """The account of one import, filled while reading."""

    source: str
    files: list[FileRead] = field(default_factory=list)
    unread_files: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[str, FileCount]] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def count(self, table: str, file: str) -> FileCount:
        """The tally of one file's rows for one table."""
        return self.counts.setdefault(table, {}).setdefault(file, FileCount())

    def note(
        self, kind: Kind, table: str, column: str | None, reason: str, count: int, example: Example | None = None
    ) -> None:
        """Count something that happened to rows of a table; equal notes add up and keep their first example.

        A note of kind `left_out` also counts against the file of its example.
        """
        if count == 0:
            return
        if kind == "left_out":
            assert example is not None, "a row that is left out stands in a file"
            self.count(table, example.file).left_out += count
        for known in self.notes:
            if (known.kind, known.table, known.column, known.reason) == (kind, table, column, reason):
                known.count += count
                return
        if example is not None and example.value is not None and len(example.value) > _SHOWN_VALUE:
            example = Example(example.file, example.row, example.value[: _SHOWN_VALUE - 1] + "…")
        self.notes.append(Note(kind, table, column, reason, count, example))

    def check(self) -> None:
        """Every input row is imported or reported; anything else is our mistake, not the file's."""
        for table, files in self.counts.items():
            for file, count in files.items():
                assert count.read == count.imported + count.left_out, (table, file, count)

    def total(self, table: str) -> FileCount:
        """The tally of a table over all files."""
        files = self.counts.get(table, {}).values()
        return FileCount(sum(f.read for f in files), sum(f.imported for f in files), sum(f.left_out for f in files))

    def warnings(self) -> list[str]:
        """What makes an import look in place though it brought next to nothing; usually nothing."""
        deals = self.total("deals")
        if deals.read and not deals.imported:
            return [f"no deal was imported: all {deals.read:,} rows read were left out, for the reasons above"]
        imported = {table for table in self.counts if self.total(table).imported}
        if not deals.read and imported <= _NOT_ENOUGH:
            return [
                f'no deals were found in what was read as "{self.source}"; is this the right --from (or --mapping)?'
            ]
        return []

    def to_json(self) -> dict[str, Any]:
        """The report as plain values, for `report.json`."""
        tables = dict.fromkeys([*self.counts, *self.added, *(note.table for note in self.notes if note.table)])
        return {
            "source": self.source,
            "files": [
                {
                    "file": file.file,
                    "encoding": file.encoding,
                    "delimiter": file.delimiter,
                    "rows": file.rows,
                    "tables": list(file.tables),
                    "unread_columns": list(file.unread_columns),
                }
                for file in self.files
            ],
            "unread_files": [{"file": file, "reason": reason} for file, reason in self.unread_files.items()],
            "tables": {table: self._table_json(table) for table in tables},
            "notes": [_note_json(note) for note in self.notes if not note.table],
            "warnings": self.warnings(),
        }

    def _table_json(self, table: str) -> dict[str, Any]:
        total, added = self.total(table), self.added.get(table, 0)
        return {
            "read": total.read,
            "imported": total.imported,
            "left_out": total.left_out,
            "added": added,
            "rows": total.imported + added,
            "files": {
                file: {"read": count.read, "imported": count.imported, "left_out": count.left_out}
                for file, count in self.counts.get(table, {}).items()
            },
            "notes": [_note_json(note) for note in self.notes if note.table == table],
        }

    def to_text(self) -> str:
        """The report for people: one paragraph per table, then what was not read."""
        lines = []
        for table, content in self.to_json()["tables"].items():
            added = f", {content['added']:,} added" if content["added"] else ""
            lines.append(
                f"{table}: {content['read']:,} rows read, {content['imported']:,} imported, "
                f"{content['left_out']:,} left out{added}"
            )
            lines += [_note_line(note) for kind in _TITLES for note in self.notes if _is(note, kind, table)]
        lines += [_note_line(note) for kind in _TITLES for note in self.notes if _is(note, kind, "")]
        for file in self.files:
            if file.unread_columns:
                lines.append(f"{file.file}: columns not used: {_first(file.unread_columns)}")
        lines += [f"{file}: not read, {reason}" for file, reason in self.unread_files.items()]
        lines += [f"WARNING: {warning}." for warning in self.warnings()]
        return "\n".join(lines) + "\n"


def _first(columns: tuple[str, ...]) -> str:
    """The first few names, and how many more there are; the JSON form holds them all."""
    more = len(columns) - _SHOWN_COLUMNS
    return ", ".join(columns[:_SHOWN_COLUMNS]) + (f" … and {more:,} more" if more > 0 else "")


def _is(note: Note, kind: Kind, table: str) -> bool:
    return note.kind == kind and note.table == table


def _note_line(note: Note) -> str:
    column = f"{note.column}: " if note.column else ""
    example = f" ({note.example})" if note.example else ""
    return f"  {_TITLES[note.kind]} {note.count:,}: {column}{note.reason}{example}"


def _note_json(note: Note) -> dict[str, Any]:
    example = note.example
    return {
        "kind": note.kind,
        "column": note.column,
        "reason": note.reason,
        "count": note.count,
        "example": None if example is None else {"file": example.file, "row": example.row, "value": example.value},
    }
