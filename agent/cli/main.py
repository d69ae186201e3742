"""The command line's frame: which commands there are, and how a problem is told (one sentence, no traceback)."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from agent.cli import (
    bundle,
    chat,
    check,
    demo,
    draft,
    edit,
    evals,
    explain,
    facts,
    importing,
    metrics,
    note,
    reports,
    schema,
    serve,
    show,
    users,
    versions,
)
from prompts.loader import PromptError
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
app.command("chat")(chat.chat)
app.command("note")(note.note)
app.command("drafts")(versions.drafts)
app.command("show")(show.show)
app.command("edit")(edit.edit)
app.command("versions")(versions.versions)
app.command("diff")(versions.diff)
app.command("restore")(versions.restore)
app.command("bundle")(bundle.bundle)
app.command("verify")(bundle.verify)
app.command("serve")(serve.serve)
app.command("check")(check.check)
app.add_typer(evals.evals, name="evals")
app.add_typer(users.users, name="users")
app.command("schema")(schema.schema)


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 hard findings, 2 bad input, 3 no model, 130 interrupted."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except (SalesbriefError, PromptError) as error:
        _stop(str(error), error.exit_code if isinstance(error, SalesbriefError) else SalesbriefError.exit_code)
    except KeyboardInterrupt:
        _stop(_INTERRUPTED, 130)
    except SystemExit as ended:
        if ended.code == 130:
            _stop(_INTERRUPTED, 130)
        raise
    except BrokenPipeError:
        # The reader of our output went away (`| head`): no error of ours, and nothing left to say.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _discard_output()
        _stop(f"{error.filename or 'The output'}: {error.strerror or error}; give another place for it.", 2)
    except RuntimeError as error:
        # DuckDB turns Ctrl-C into an error of its own.
        if "Query interrupted" not in str(error):
            raise
        _stop(_INTERRUPTED, 130)


_INTERRUPTED = "interrupted; nothing was half-written."


def _stop(said: str, code: int) -> NoReturn:
    print(f"salesbrief: {said}", file=sys.stderr)
    sys.exit(code)


def _discard_output() -> None:
    """Let what could not be printed go, so that Python does not try once more at exit."""
    try:
        sys.stdout.close()
    except OSError:
        sys.stdout = None  # type: ignore[assignment]
