"""`salesbrief evals`: run prompts over cases, compare runs, and score the checks themselves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import AsJson
from tools.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AsyncExitStack

    from agent.draft import Draft
    from agent.models import ModelWriter
    from agent.models.rewriter import ModelRewriter
    from evals.case import Case
    from evals.corpus import LabelledDraft
    from evals.judges.judge import Judged
    from prompts.loader import PromptSet

evals = typer.Typer(
    help="Run prompts over cases, compare runs, and score the checks themselves.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip

Cases = Annotated[
    str, typer.Option("--cases", metavar="SET|FILE", help="A shipped set of cases, or a JSON Lines file.")
]


@evals.command("run")
def run(
    out: Annotated[Path, typer.Option("--out", metavar="RUN.jsonl", help="Where results are kept as they come.")],
    prompts: Annotated[
        str | None, typer.Option("--prompts", metavar="DIR|VERSION", help="A folder of prompts, or a version: v2.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="A LangChain model string; default: the composer.")
    ] = None,
    cases: Cases = "standard",
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="Drafts per case.")] = 1,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Cases drafted at once.")] = 4,
) -> None:
    """Draft every case and check it. The same command finishes an interrupted run, and nothing is paid for twice."""
    import asyncio
    from datetime import datetime
    from importlib.metadata import version

    from agent.cli.progress import counting_progress
    from evals.case import load_cases
    from evals.run import RunSettings, run_evals

    chosen, case_set = _prompt_set(prompts), load_cases(cases)
    settings = RunSettings(
        case_set,
        chosen,
        model,
        repeats,
        datetime.now().astimezone().date(),
        f"salesbrief {version('salesbrief')}",
        _writers(model, chosen) if model is not None else None,
    )
    with counting_progress(sys.stderr, "drafts") as progress:
        records = asyncio.run(run_evals(settings, out, concurrency=concurrency, progress=progress))
    errors = [record for record in records if record["status"] != "ok"]
    found = sum(bool(record["findings"]) for record in records if record["status"] == "ok")
    tokens = sum((record.get("input_tokens") or 0) + (record.get("output_tokens") or 0) for record in records)
    print(
        f"{len(records)} drafts of {len(case_set.cases)} cases, {found} with findings, "
        f"{len(errors)} errors; {tokens:,} tokens."
    )
    for record in errors[:5]:
        print(f"  {record['label']}: {record['error']}")
    if errors:
        raise typer.Exit(1)


@evals.command("compare")
def compare(
    base: Annotated[Path, typer.Argument(help="The run before the change.")],
    new: Annotated[Path, typer.Argument(help="The run after it, on the same cases.")],
    html: Annotated[Path | None, typer.Option("--html", metavar="REPORT.html", help="Write one offline page.")] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML for CI.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit 1 where the new run may not pass.")] = False,
    minimum: Annotated[
        float,
        typer.Option("--minimum", help="Least share of cases by which a soft check must be worse to close the gate."),
    ] = 0.05,
    json: AsJson = False,
) -> None:
    """Compare two runs case by case: what got better or worse, and whether that is more than noise."""
    from agent.cli.output import print_json
    from evals.compare import compare_runs
    from evals.report.junit import comparison_junit
    from evals.report.page import comparison_page
    from evals.report.text import comparison_text
    from tools.files import write_whole

    comparison = compare_runs(base, new, least_effect=minimum)
    if html is not None:
        write_whole(html, comparison_page(comparison))
    if junit is not None:
        write_whole(junit, comparison_junit(comparison))
    if json:
        print_json(comparison.to_dict())
    else:
        print(comparison_text(comparison))
    if gate and comparison.gate:
        raise typer.Exit(1)


@evals.command("recheck")
def recheck(
    run: Annotated[Path, typer.Argument(help="A recorded run.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="RUN.jsonl", help="Where the run is written with new findings.")
    ],
    cases: Cases = "standard",
) -> None:
    """Check a recorded run's drafts again with the checks as they are now; no draft is paid for again."""
    from evals.case import load_cases
    from evals.run import recheck as recheck_run

    print(f"{recheck_run(run, load_cases(cases), out)} drafts checked again.")


@evals.command("score")
def score(
    corpus: Annotated[
        list[Path] | None,
        typer.Argument(help="Labelled drafts as JSON Lines, a file for each writer; default: those that ship."),
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option("--check", metavar="ID", help="Only this check; may repeat.")
    ] = None,
    show: Annotated[
        str | None, typer.Option("--show", metavar="ID", help="Each miss and false alarm of a check.")
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", help="Groups of drafts by the number in their id, as 1-20,21-40.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="MODEL", help="Also ask a model, and show how it agrees with labels."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Hold the checks against labels: precision, recall and F1 per check and language, and false alarms."""
    from agent.cli.output import print_json
    from evals import score as scoring
    from evals.checks import CHECK_IDS, checks_named
    from evals.corpus import load_corpus, shipped_corpora

    chosen = checks_named([*(check or []), *([show] if show is not None and not check else [])])
    by_writer = {path.stem: load_corpus(path, CHECK_IDS) for path in corpus or shipped_corpora()}
    drafts = [draft for written in by_writer.values() for draft in written]
    writers = {draft.id: writer for writer, written in by_writer.items() for draft in written}
    scores = scoring.score(drafts, chosen, split, writers if len(by_writer) > 1 else None)
    judged = _judged(drafts, judge, [each.ID for each in chosen]) if judge is not None else ()
    if json:
        print_json({**scoring.as_json(scores), **({"judge": [_judged_row(row) for row in judged]} if judge else {})})
        return
    print(scoring.render(scores, show))
    if judged:
        from evals.judges.judge import agreement_text

        print("\n" + agreement_text(judged))


@evals.command("mutate")
def mutate(
    seed: Annotated[int, typer.Option("--seed", help="Where the defects are planted.")] = 0,
    survivors: Annotated[bool, typer.Option("--survivors", help="Show each planted defect that no check saw.")] = False,
    json: AsJson = False,
) -> None:
    """Plant known defects in clean drafts and print how many the checks find: the checks' own score."""
    from agent.cli.output import print_json
    from evals import mutate as mutating

    report = mutating.kill_rates(mutating.load_clean(), seed)
    if json:
        print_json(mutating.as_json(report))
    else:
        print(mutating.render(report, survivors=survivors))
    low = mutating.below_floor(report, mutating.load_floors())
    for line in low:
        print(f"Under its floor: {line}", file=sys.stderr)
    if low:
        raise typer.Exit(1)


def _judged(drafts: Sequence[LabelledDraft], model: str, checks: Sequence[str]) -> tuple[Judged, ...]:
    """The judge's agreement with the labels, on those of the checks that are judged at all."""
    import asyncio

    from agent.cli.progress import counting_progress
    from agent.settings import read_environment
    from evals.judges.judge import JUDGED, agreement, judge_drafts
    from prompts.loader import PromptSet

    wanted = [check for check in JUDGED if check in checks]
    with counting_progress(sys.stderr, "questions") as progress:
        verdicts = asyncio.run(judge_drafts(drafts, model, read_environment(), PromptSet.load(), wanted, progress))
    return agreement(drafts, verdicts)


def _judged_row(row: Judged) -> dict[str, object]:
    pair = row.agreement._asdict() if row.agreement is not None else None
    return {"check": row.check, "agreement": pair, "unscored": row.unscored}


@evals.command("edits")
def edits(
    model: Annotated[
        str | None, typer.Option("--model", help="A LangChain model string; default: the composer.")
    ] = None,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Edits in a row on one draft.")] = 1,
    cases: Cases = "standard",
    most: Annotated[int | None, typer.Option("--most", min=1, help="Only the first so many cases.")] = None,
    json: AsJson = False,
) -> None:
    """Edit every case in every tone, and count what is left of facts, shortfalls and untouched bytes."""
    import asyncio
    from datetime import datetime
    from importlib.metadata import version

    from agent.cli.output import columns, print_json
    from agent.cli.progress import counting_progress
    from agent.drafting import Run
    from evals.case import load_cases
    from evals.edits import HEADER, measure_edits, scores_text
    from prompts.loader import PromptSet

    prompts, now = PromptSet.load(), datetime.now().astimezone()
    run = Run(f"salesbrief {version('salesbrief')}", now.date(), now, model)
    chosen = load_cases(cases).cases[:most]
    opened = _rewriters(model, prompts) if model is not None else None
    with counting_progress(sys.stderr, "tones") as progress:
        scores = asyncio.run(
            measure_edits(chosen, prompts, run, rounds=rounds, open_rewriter=opened, progress=progress)
        )
    if json:
        print_json([score.to_dict() for score in scores])
        return
    print(columns(HEADER, scores_text(scores), right=frozenset(range(1, len(HEADER)))))
    reasons = sum((score.reasons for score in scores), start=type(scores[0].reasons)())
    for reason, times in reasons.most_common(5):
        print(f"  {times} refused: {reason}")


def _rewriters(model: str, prompts: PromptSet):  # noqa: ANN202
    """How an edit gets its model's rewriter, closed with the edit."""
    from agent.models.rewriter import open_rewriter
    from agent.settings import read_environment

    environment = read_environment()

    async def opened(draft: Draft, stack: AsyncExitStack) -> ModelRewriter:
        return await stack.enter_async_context(open_rewriter(model, prompts, draft, environment))

    return opened


def _prompt_set(prompts: str | None) -> PromptSet:
    """The shipped prompts, another folder's, or the shipped ones at a version."""
    from prompts.loader import FOLDER, PromptSet

    if prompts is None:
        return PromptSet.load()
    if Path(prompts).is_dir():
        return PromptSet.load(Path(prompts))
    shipped = PromptSet.load()
    versions = {name: prompts for name in shipped.names() if (FOLDER / name / f"{prompts}.md").is_file()}
    if not versions:
        raise InputError(f'"{prompts}" is neither a folder of prompts nor a version that any prompt has.')
    return PromptSet.load(versions=versions)


def _writers(model: str, prompts: PromptSet):  # noqa: ANN202
    """How a case gets its model writer, closed with the case."""
    from agent.models import open_writer
    from agent.settings import read_environment

    environment = read_environment()

    async def opened(case: Case, stack: AsyncExitStack) -> ModelWriter:
        return await stack.enter_async_context(open_writer(model, prompts, case.sheet, environment))

    return opened
