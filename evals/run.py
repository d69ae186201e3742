"""A run: every case drafted with one set of prompts and checked, each result kept as it comes.

The draft is stored with its findings, so that a run can be judged again later, with other checks or thresholds,
without paying for it again. What could not be drafted is an error with its reason and its cost, never a score.

Written on `agent.batch` rather than pydantic-evals: the runner is thirty lines on a batch that drafting a team needs
anyway, and resuming without paying twice, which matters most here, is not something that library has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from agent.batch import Job, JobFailed, Progress, read_batch, run_batch
from agent.draft import Draft
from agent.drafting import Run, draft_summary
from agent.markdown import to_markdown
from agent.writer import Writer
from evals.case import Case, CaseSet
from evals.checking import check_draft
from prompts.loader import PromptSet
from tools.errors import InputError
from tools.files import write_whole

# Outcomes of an attempt after which the section is the model's own fault or merit; anything else is an outage.
_ANSWERED = frozenset({"ok", "refused"})

OpenWriter = Callable[[Case, AsyncExitStack], Any]


@dataclass(frozen=True)
class RunSettings:
    """What a run depends on. `open_writer` gives the model's writer for a case; None: the composer writes."""

    cases: CaseSet
    prompts: PromptSet
    model: str | None
    repeats: int
    as_of: date
    software: str
    open_writer: OpenWriter | None = None

    def header(self) -> dict[str, Any]:
        """What must be equal for two files to be parts of one run."""
        return {
            "cases": self.cases.name,
            "cases_sha256": self.cases.sha256,
            "case_count": len(self.cases.cases),
            "model": self.model,
            "prompts": {name: prompt_hash(self.prompts, name) for name in self.prompts.names()},
            "repeats": self.repeats,
            "checks_sha256": checks_hash(),
            "software": self.software,
        }


async def run_evals(
    settings: RunSettings,
    out: Path,
    *,
    concurrency: int = 4,
    progress: Progress = lambda done, of, label: None,
) -> list[dict[str, Any]]:
    """Draft and check every case `repeats` times into `out`; resumes what an earlier call left unfinished."""
    header = settings.header()
    jobs = [
        Job(_key(header, case, repeat), f"{case.id} #{repeat}", lambda c=case, r=repeat: _work(settings, c, r))
        for case in settings.cases.cases
        for repeat in range(1, settings.repeats + 1)
    ]
    return await run_batch(header, jobs, out, concurrency=concurrency, progress=progress)


def checked(markdown: str, case: Case) -> dict[str, Any]:
    """The findings and coverage of one draft, as JSON."""
    result = check_draft(markdown, case.sheet.model_dump(mode="json"))
    return {
        "findings": result["findings"],
        "check_errors": [f"{error['check']}: {error['error']}" for error in result["errors"]],
        "coverage": result["coverage"],
    }


@cache
def checks_hash() -> str:
    """Hash of the checks' code and language data: findings made under another hash are not comparable."""
    here = Path(__file__).resolve().parent
    rooms = [file for room in ("checks", "reading") for file in (here / room).rglob("*")]
    # `checking.py` decides which facts and records the checks are given.
    files = sorted(file for file in (*rooms, here / "checking.py") if file.suffix in (".py", ".toml"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(here).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def prompt_hash(prompts: PromptSet, name: str) -> str:
    """`version:hash` of a prompt, so that a report can say both."""
    prompt = prompts.prompt(name)
    return f"{prompt.version}:{prompt.sha256[:16]}"


async def _work(settings: RunSettings, case: Case, repeat: int) -> Mapping[str, Any]:
    run = Run(settings.software, settings.as_of, datetime.now().astimezone(), settings.model)
    async with AsyncExitStack() as stack:
        writer: Writer | None = None
        if settings.open_writer is not None:
            writer = await settings.open_writer(case, stack)
            run = Run(run.software, run.as_of, run.started_at, run.model, writer.prompts_used, writer.cost_of)  # type: ignore[attr-defined]
        draft = await draft_summary(case.sheet, settings.prompts, run, writer=writer)
    outages = [attempt for attempt in draft.record.attempts if attempt.outcome not in _ANSWERED]
    failed = [section.id for section in draft.all_sections if section.note is not None]
    fields = _spent(draft)
    if outages and failed:
        raise JobFailed(f"{outages[-1].outcome}: {outages[-1].reason or 'no answer'}", fields)
    markdown = to_markdown(draft)
    return {
        "case": case.id,
        "kind": case.kind,
        "person": case.person,
        "repeat": repeat,
        "draft": markdown,
        "refused_sections": failed,
        **checked(markdown, case),
        **fields,
    }


def _spent(draft: Draft) -> dict[str, Any]:
    record = draft.record
    return {
        "input_tokens": record.input_tokens,
        "output_tokens": record.output_tokens,
        "cost": record.cost,
        "seconds": record.seconds,
    }


def _key(header: Mapping[str, Any], case: Case, repeat: int) -> str:
    """What a draft depends on; findings are no part of it, for they can be made again."""
    text = "\n".join(
        [case.sheet.sha256, str(header["model"]), str(sorted(header["prompts"].items())), str(repeat), case.id]
    )
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]


def recheck(run: Path, cases: CaseSet, out: Path) -> int:
    """Check a recorded run's drafts again with the checks as they are now, into `out`; return how many drafts.

    Raises `InputError` where the run was made on other cases.
    """
    header, records = read_batch(run)
    if header.get("cases_sha256") != cases.sha256:
        raise InputError(f"{run} was made on other cases than {cases.name}; give the set it was made on with --cases.")
    by_id = {case.id: case for case in cases.cases}
    lines: list[Mapping[str, Any]] = [{"header": {**header, "checks_sha256": checks_hash()}}]
    for record in records:
        again = checked(record["draft"], by_id[record["case"]]) if record["status"] == "ok" else {}
        lines.append({**record, **again})
    write_whole(out, "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines))
    return len(records)
