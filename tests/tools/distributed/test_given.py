"""What can be said of the distributed engine without Spark: what travels is listed, and what is missing is said."""

from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner

from agent.cli.main import app
from tools.demo.publish import publish_demo
from tools.distributed.given import ACROSS, AS_TRAIL, WITHIN
from tools.distributed.session import require_spark
from tools.errors import InputError
from tools.metrics.shared import SHARED


def test_of_all_that_reads_across_records_it_is_said_how_a_part_gets_it() -> None:
    """Each name of `SHARED` goes to every part, or is made there of records that lie together."""
    assert sorted((*ACROSS, *AS_TRAIL, *WITHIN)) == sorted(SHARED)


def test_a_missing_spark_is_said_in_a_sentence_that_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(InputError, match=r"pip install 'salesbrief\[spark\]'.*Java 17"):
        require_spark()


def test_the_command_says_so_too(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    publish_demo(tmp_path / "work")
    done = CliRunner().invoke(
        app, ["facts", "--data", str(tmp_path / "work"), "--all", "--period", "2026-Q2", "--spark", "local[2]"]
    )
    assert done.exit_code != 0
    assert isinstance(done.exception, InputError) and "salesbrief[spark]" in str(done.exception)
