"""Many jobs, run a few at a time, kept one JSON line each: whatever interrupts a batch, running it again finishes it.

Used wherever drafts are made in numbers: a team's drafts, and the eval suite's runs. A job whose key is in the file
with status `ok` is never run again, so nothing is paid for twice; one that failed is tried again.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tools.errors import InputError


@dataclass(frozen=True)
class Job:
    """One piece of work. `key` says everything its result depends on, the repeat's number included."""

    key: str
    label: str
    work: Callable[[], Awaitable[Mapping[str, Any]]]


class JobFailed(Exception):
    """A job could not be done; recorded as an error, never as a result. `fields` are kept with it (tokens spent …)."""

    def __init__(self, reason: str, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.fields = dict(fields or {})


Progress = Callable[[int, int, str], None]


async def run_batch(
    header: Mapping[str, Any],
    jobs: Sequence[Job],
    out: Path,
    *,
    concurrency: int = 4,
    progress: Progress = lambda done, of, label: None,
) -> list[dict[str, Any]]:
    """Run the jobs that `out` does not hold yet; return every job's record, in the jobs' order.

    `out` is JSON Lines: the header, then `{"key", "label", "status": "ok"|"error", …}` in the order they ended. Raises
    `InputError` where `out` belongs to another run (its header differs) or is in use.
    """
    with _opened(out, header) as (file, records):
        waiting = [job for job in jobs if records.get(job.key, {}).get("status") != "ok"]
        done = len(jobs) - len(waiting)
        progress(done, len(jobs), "")
        gate = asyncio.Semaphore(concurrency)

        async def one(job: Job) -> None:
            nonlocal done
            async with gate:
                record = await _record(job)
            _append(file, record)
            records[job.key] = record
            done += 1
            progress(done, len(jobs), job.label)

        async with asyncio.TaskGroup() as group:
            for job in waiting:
                group.create_task(one(job))
    return [records[job.key] for job in jobs]


def read_batch(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The header and the last record of each key. A line cut off by a crash is passed over."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(f"There is no {path}; `salesbrief evals run --out {path}` makes one.") from None
    values = [value for line in lines if (value := _parsed(line)) is not None]
    if not values or "header" not in values[0]:
        raise InputError(f"{path} is not a run: its first line holds no header.")
    records = {record["key"]: record for record in values[1:] if "key" in record}
    return values[0]["header"], list(records.values())


async def _record(job: Job) -> dict[str, Any]:
    try:
        result = await job.work()
    except JobFailed as failure:
        return {"key": job.key, "label": job.label, "status": "error", "error": str(failure), **failure.fields}
    return {"key": job.key, "label": job.label, "status": "ok", **result}


@contextmanager
def _opened(out: Path, header: Mapping[str, Any]) -> Iterator[tuple[BinaryIO, dict[str, dict[str, Any]]]]:
    """The file ready to be appended to, its torn last line cut off, and what it holds. One run at a time."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"{out} is being written by another run; wait for it, or choose another --out.") from None
        file.seek(0)
        content = file.read()
        # A crash can tear the last line only; what stands before it was paid for and is never rewritten.
        file.truncate(content.rfind(b"\n") + 1)
        lines = content.decode("utf-8", errors="replace").splitlines()
        values = [value for line in lines if (value := _parsed(line)) is not None]
        if not values:
            _append(file, {"header": dict(header)})
        elif values[0].get("header") != dict(header):
            raise InputError(f"{out} holds another run (other prompts, model or cases); choose another --out.")
        yield file, {value["key"]: value for value in values[1:]}


def _append(file: BinaryIO, value: Mapping[str, Any]) -> None:
    """One line, on the disk before anybody is told of it."""
    file.write(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n")
    file.flush()
    os.fsync(file.fileno())


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
