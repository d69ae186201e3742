"""How fast drafts are checked, on one core, beside proselint and a list of words; and how fast runs are compared."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from agent.drafting import Run, draft_summary
from agent.markdown import to_markdown
from evals.case import load_cases
from evals.checks import run_checks
from evals.compare import compare_runs
from evals.mutate import load_clean
from prompts.loader import PromptSet

_REPEATS = 5
_RUN = 1_000
# What a reader who only greps would look for.
_WORDS = (
    "strong", "solid", "great", "good", "excellent", "outstanding", "impressive", "healthy", "robust", "significant",
    "significantly", "several", "many", "most", "various", "numerous", "some", "a lot of", "a number of", "better",
    "improved", "successful", "successfully", "effective", "effectively", "remarkable", "exceptional", "well", "very",
    "really", "quite", "fairly", "mostly", "largely", "substantial", "substantially", "considerable", "notable",
)  # fmt: skip


class Text(NamedTuple):
    """A draft with what it was written from."""

    markdown: str
    facts: list
    evidence: list
    locale: str


def texts() -> list[Text]:
    """The clean drafts that ship, in five languages, and the composer's draft of every shipped case."""
    clean = [Text(draft.draft, list(draft.facts), list(draft.evidence), draft.locale) for draft in load_clean()]
    prompts = PromptSet.load()
    run = Run("bench", date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC))
    composed = []
    for case in load_cases().cases:
        draft = asyncio.run(draft_summary(case.sheet, prompts, run))
        sheet = case.sheet.model_dump(mode="json")
        composed.append(Text(to_markdown(draft), sheet["facts"], sheet["evidence"], "en"))
    return clean + composed


def per_second(read: Callable[[Text], object], drafts: list[Text]) -> float:
    """Drafts read per second of one processor: the best of several passes, the first of which warms up."""
    passes = []
    for _ in range(_REPEATS + 1):
        started = time.process_time()
        for text in drafts:
            read(text)
        passes.append(time.process_time() - started)
    return len(drafts) / min(passes[1:])


def all_checks(text: Text) -> object:
    """The thirteen checks and the structure lint."""
    return run_checks(text.markdown, text.facts, text.evidence, text.locale)


def word_list() -> Callable[[Text], object]:
    """One regular expression of words to avoid."""
    words = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
    return lambda text: [match.span() for match in words.finditer(text.markdown)]


def proselint() -> Callable[[Text], object] | None:
    """proselint with all its checks, or None where it is not installed (`make bench` installs it)."""
    try:
        from proselint.checks import __register__
        from proselint.registry import CheckRegistry
        from proselint.tools import LintFile
    except ImportError:
        return None
    CheckRegistry().register_many(__register__)
    return lambda text: LintFile("draft", text.markdown).lint()


def seconds_to_compare(drafts: list[Text], folder: Path) -> float:
    """Processor seconds to compare two recorded runs of a thousand drafts."""
    findings = [run_checks(*text).as_json()["findings"] for text in drafts]
    for name in ("base", "new"):
        lines = [json.dumps({"header": {"checks_sha256": "same", "case_count": _RUN}})]
        for number in range(_RUN):
            text = drafts[number % len(drafts)]
            found = [] if name == "base" and number % 3 else findings[number % len(drafts)]
            lines.append(
                json.dumps(
                    {
                        "key": str(number), "label": str(number), "status": "ok", "case": str(number),
                        "kind": "ordinary", "person": f"person {number // 4}", "repeat": 1, "draft": text.markdown,
                        "findings": found,
                        "check_errors": [], "coverage": {}, "input_tokens": 900, "output_tokens": 700, "cost": 0.01,
                        "seconds": 1.0,
                    }
                )
            )  # fmt: skip
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    started = time.process_time()
    compare_runs(folder / "base.jsonl", folder / "new.jsonl")
    return time.process_time() - started
