"""The command line's frame: which commands there are, and how a problem is told (one sentence, no traceback)."""

from __future__ import annotations

import sys

import typer

from agent.cli import (
    bundle,
    check,
    demo,
    draft,
    edit,
    evals,
    explain,
    facts,
    importing,
    metrics,
    reports,
    schema,
    show,
    versions,
)
from tools.errors import SalesbriefError

app = typer.Typer(
    name="salesbrief",
    help="Sales performance summaries whose every figure is computed, printed and traced by code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("import")(importing.import_)
app.command("facts")(facts.facts)
app.command("explain")(explain.explain)
app.command("metrics")(metrics.metrics)
app.command("report")(reports.report)
app.command("draft")(draft.draft)
app.command("drafts")(versions.drafts)
app.command("show")(show.show)
app.command("edit")(edit.edit)
app.command("versions")(versions.versions)
app.command("diff")(versions.diff)
app.command("restore")(versions.restore)
app.command("bundle")(bundle.bundle)
app.command("verify")(bundle.verify)
app.command("check")(check.check)
app.add_typer(evals.evals, name="evals")
app.command("schema")(schema.schema)


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 hard findings, 2 bad input, 3 no model, 130 interrupted."""
    try:
        app()
    except SalesbriefError as error:
        print(f"salesbrief: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("salesbrief: interrupted; nothing was half-written.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): no error of ours, and nothing left to say.
        sys.stderr.close()
        sys.exit(0)
