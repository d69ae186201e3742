"""Migrations: the files, the tables and the number in the code agree, up and down."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from agent.store.database import HEAD, MIGRATIONS, open_database
from agent.store.tables import METADATA


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_the_newest_migration_is_the_one_that_the_code_expects() -> None:
    assert _scripts().get_current_head() == HEAD


def test_the_migrations_end_at_the_tables_of_the_code(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'drafts.db'}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_migrated_store_is_opened_without_loading_alembic(tmp_path: Path) -> None:
    import subprocess
    import sys

    url = f"sqlite:///{tmp_path / 'drafts.db'}"
    open_database(url)
    program = f"import sys; from agent.store.database import open_database; open_database({url!r}); "
    done = subprocess.run(
        [sys.executable, "-c", program + "print('alembic' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("pragma", [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 30000)])
def test_sqlite_is_set_up_for_several_writers(tmp_path: Path, pragma: tuple[str, object]) -> None:
    name, expected = pragma
    with open_database(f"sqlite:///{tmp_path / 'drafts.db'}").connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == expected
