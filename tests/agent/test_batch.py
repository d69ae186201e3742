"""The batch runner: finishes what was interrupted, pays for nothing twice, and never takes an error for a result."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.batch import Job, JobFailed, read_batch, run_batch
from tools.errors import InputError

HEADER = {"model": "m", "prompts": "p1"}


class Worker:
    """Counts what it was asked; fails where told to."""

    def __init__(self, failing: frozenset[str] = frozenset()) -> None:
        self.asked: list[str] = []
        self.failing = failing

    def jobs(self, *keys: str) -> list[Job]:
        return [Job(key, f"case {key}", lambda key=key: self._work(key)) for key in keys]

    async def _work(self, key: str) -> Mapping[str, Any]:
        self.asked.append(key)
        if key in self.failing:
            raise JobFailed("no answer", {"input_tokens": 7})
        return {"value": key.upper()}


def test_records_come_back_in_the_order_of_the_jobs(tmp_path: Path) -> None:
    records = asyncio.run(run_batch(HEADER, Worker().jobs("b", "a"), tmp_path / "run.jsonl"))
    assert [record["value"] for record in records] == ["B", "A"]


def test_what_is_done_is_not_run_again(tmp_path: Path) -> None:
    asyncio.run(run_batch(HEADER, Worker().jobs("a", "b"), tmp_path / "run.jsonl"))
    second = Worker()
    asyncio.run(run_batch(HEADER, second.jobs("a", "b", "c"), tmp_path / "run.jsonl"))
    assert second.asked == ["c"]


def test_a_failed_job_is_an_error_with_its_cost_and_is_tried_again(tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    first = asyncio.run(run_batch(HEADER, Worker(frozenset({"a"})).jobs("a"), out))
    assert (first[0]["status"], first[0]["error"], first[0]["input_tokens"]) == ("error", "no answer", 7)
    second = asyncio.run(run_batch(HEADER, Worker().jobs("a"), out))
    assert second[0]["status"] == "ok"
    assert [record["status"] for record in read_batch(out)[1]] == ["ok"]


@pytest.mark.parametrize("torn", ['{"key": "b", "sta', '{"key": "b"', "{", '{"key": "b", "label": "ö'])
def test_a_line_torn_by_a_crash_is_run_again(tmp_path: Path, torn: str) -> None:
    out = tmp_path / "run.jsonl"
    asyncio.run(run_batch(HEADER, Worker().jobs("a"), out))
    whole = out.read_bytes()
    out.write_bytes(whole + torn.encode("utf-8")[:-1])
    worker = Worker()
    asyncio.run(run_batch(HEADER, worker.jobs("a", "b"), out))
    assert worker.asked == ["b"]
    assert out.read_bytes().startswith(whole)
    assert all(json.loads(line) for line in out.read_text().splitlines())


def test_another_runs_file_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    asyncio.run(run_batch(HEADER, Worker().jobs("a"), out))
    with pytest.raises(InputError, match="holds another run"):
        asyncio.run(run_batch({"model": "other"}, Worker().jobs("a"), out))


def test_no_more_jobs_run_at_once_than_said(tmp_path: Path) -> None:
    running, most = 0, 0

    async def work() -> Mapping[str, Any]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return {}

    jobs = [Job(str(number), "", work) for number in range(10)]
    asyncio.run(run_batch(HEADER, jobs, tmp_path / "run.jsonl", concurrency=3))
    assert most == 3


def test_a_file_that_is_no_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(InputError, match="not a run"):
        read_batch(tmp_path / "x.jsonl")
