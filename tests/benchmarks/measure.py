"""Measured in a process of its own: seconds on the clock, seconds of processor, and the most memory it ever held."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Cost(NamedTuple):
    """Wall and CPU seconds and peak memory in MiB of one job; `result` is what the job returned, as JSON."""

    wall: float
    cpu: float
    peak: float
    result: Any


# Of what the machine has free, so that a job that needs more ends, and nothing else on the machine does.
_MOST_MEMORY = 0.9
_OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "OutOfMemory")


def cost_of(job: str, *arguments: str, repeats: int = 3) -> Cost | None:
    """The median (by CPU) of several runs of a job of `jobs.JOBS`, each in a fresh process.

    None for a job that needs more memory than the machine has to give. Raises `CalledProcessError` for one that fails.
    """
    command = [sys.executable, "-m", "tests.benchmarks.jobs", job, *arguments]
    runs = []
    for _ in range(repeats):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=_bound)
        if done.returncode != 0:
            if done.returncode == -signal.SIGKILL or any(word in done.stderr for word in _OUT_OF_MEMORY):
                return None
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        runs.append(Cost(**json.loads(done.stdout)))
    return sorted(runs, key=lambda run: run.cpu)[len(runs) // 2]


def _bound() -> None:
    """Let this process have most of the memory that is free now, and no more."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_DATA, (int(_MOST_MEMORY * free), resource.RLIM_INFINITY))


def measured(work: Callable[[], Any]) -> Cost:
    """Run `work` here. Imports that it needs should be done before; memory counts from the start of the process."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall, cpu, _peak() / 1024, result)


def _peak() -> int:
    """The most memory this program held, in KiB. What getrusage says counts the process that started it, too."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, its figures to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
