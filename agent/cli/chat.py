"""`salesbrief chat`: questions and drafts in the terminal, the same conversation as on the page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import AsJson, AsOf, Data, StoreUrl, Who, as_of_day

if TYPE_CHECKING:
    from agent.chat.answer import Event
    from agent.chat.desk import Desk
    from agent.chat.talk import Answerer

_PROMPT = "you> "
_LOG = "salesbrief.log"


def chat(
    data: Data,
    who: Who,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="Default: the last quarter on record.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", help="A LangChain model string, as openai:gpt-5; default: $SALESBRIEF_MODEL, else none."
        ),
    ] = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="ID", help="An earlier conversation.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Begin a new conversation instead of the last one.")] = False,
    as_of: AsOf = None,
    store: StoreUrl = None,
    json: AsJson = False,
) -> None:
    """Ask about a person's results, draft the summary and work on it; every figure opens to its records.

    Ctrl-C stops an answer, Ctrl-D leaves. From a pipe, each line is a question.
    """
    from agent.access import Viewer
    from agent.cli.conversing import open_office
    from agent.settings import read_environment

    viewer = Viewer(read_environment().author, "ops", alone=True)
    office = open_office(data, store, model, lambda: as_of_day(as_of))
    if resume is not None:
        desk = office.find(viewer, resume)
    elif new:
        desk = office.begin(viewer, who, period)
    else:
        desk = office.resume(viewer, who, period)
    with _faults_kept(data):
        _converse(desk, _answerer(office.model), json, data / _LOG)


def _answerer(model: str | None) -> Answerer:
    if model is not None:
        from agent.chat.agent import AgentAnswerer

        return AgentAnswerer()
    from agent.chat.router.answering import Router

    return Router()


def _converse(desk: Desk, answerer: Answerer, json: bool, log: Path) -> None:
    import asyncio
    import shutil

    from agent.chat.talk import Talk
    from agent.cli.conversing import opening_lines
    from agent.cli.talking import Screen, question_of
    from tools.errors import SalesbriefError

    tty = sys.stdout.isatty()
    typed = sys.stdin.isatty()

    def screen() -> Screen:
        width = shutil.get_terminal_size((100, 40)).columns
        version = desk.stores.drafts.version
        return Screen(sys.stdout, tty=tty, width=width, draft=lambda draft_id, number: version(draft_id, number).draft)

    if not json:
        screen().say(opening_lines(desk))
    if typed:
        _line_editing()
        _begin_computing(desk)
    talk = Talk(desk.stores, desk.conversation.id, desk, answerer, str(log))
    with asyncio.Runner() as runner:
        while (line := _next_line(typed)) is not None:
            asked = question_of(line)
            if not asked:
                continue
            if not typed and not json:
                print(f"> {asked}\n", flush=True)
            shown = screen()
            if not json:
                shown.begin()
            try:
                runner.run(talk.reply(asked, _as_json if json else shown.show))
            except KeyboardInterrupt:
                # The answer is kept as interrupted; the conversation goes on.
                print()
            except SalesbriefError as error:
                screen().say([str(error)])


@contextmanager
def _faults_kept(data: Path) -> Iterator[None]:
    """What goes wrong in salesbrief itself is written to salesbrief.log in the workspace, not onto the terminal."""
    import logging

    handler = logging.FileHandler(data / _LOG, delay=True, encoding="utf-8")
    log = logging.getLogger("salesbrief")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()


def _next_line(typed: bool) -> str | None:
    """What is typed next; None at the end. Ctrl-C at the prompt takes back the line."""
    while True:
        try:
            if typed:
                return input(_PROMPT)
            line = sys.stdin.readline()
            return line if line else None
        except EOFError:
            print()
            return None
        except KeyboardInterrupt:
            if not typed:
                raise
            print()


def _begin_computing(desk: Desk) -> None:
    """Have the figures ready by the time that the first question is typed; what fails now is told when it is asked."""
    import threading
    from contextlib import suppress

    from tools.errors import SalesbriefError

    def compute() -> None:
        with suppress(SalesbriefError):
            desk.view()

    threading.Thread(target=compute, daemon=True).start()


def _line_editing() -> None:
    """Arrow keys and earlier questions, where Python was built with them."""
    try:
        import readline
    except ImportError:
        return
    readline.set_auto_history(True)


async def _as_json(event: Event) -> None:
    print(event.model_dump_json(exclude_none=True, exclude_computed_fields=True), flush=True)
