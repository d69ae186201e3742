"""The tables as one database, whatever wrote the files."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tools.organisation import Settings
from tools.workspace import Layer, Workspace


def test_a_layer_written_before_a_column_existed_reads_as_empty_there(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    file = tmp_path / "old" / "deals.parquet"
    duckdb.connect().execute(f"COPY (SELECT 'd1' AS deal_id, 'won' AS status) TO '{file}' (FORMAT parquet)")
    workspace = Workspace(Settings(), tmp_path, (Layer("crm", "old", "UTC"),))
    with workspace.database() as database:
        assert database.rows("SELECT deal_id, status, amount FROM deals") == [("d1", "won", None)]
