"""`salesbrief chat` and `note`, from a pipe, on the demo's account executive; and what a terminal is shown."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.chat.answer import Asks, Cell, Event, Notice, Said, SheetOf, Table
from agent.cli.talking import Screen, question_of
from agent.draft import Block, Section, Statement, Text

AS_OF = ("--as-of", "2026-07-05")


@pytest.fixture
def chat(salesbrief, demo_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """`chat("which deals slipped?", …)`: the conversation of one store, a line for each question."""

    def run(*questions: str, options: tuple[str, ...] = (), period: str = "2026-Q2"):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{question}\n" for question in questions)))
        store = ("--store", f"sqlite:///{tmp_path / 'chat.db'}")
        return salesbrief(
            "chat", "--data", demo_workspace, "--who", "Michael", "--period", period, *AS_OF, *store, *options
        )

    return run


def test_a_rep_drafts_opens_a_figure_and_edits(chat) -> None:
    ran = chat("Draft my Q2 summary.", "where does 73% come from?", "leave out the next steps", "undo")
    assert ran.code == 0
    assert "The weak point of the quarter is forecast accuracy, at 73%" in ran.out
    assert "Worth answering before this goes out" in ran.out
    assert "How Forecast accuracy is computed" in ran.out and "$711,200" in ran.out
    assert "Next steps: left out" in ran.out and "reads as version 1 again" in ran.out


def test_a_fault_of_salesbrief_says_where_its_log_is(chat, demo_workspace: Path, monkeypatch) -> None:  # noqa: ANN001
    from agent.chat.desk import Desk

    def broken(self: Desk, **_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Desk, "slipped", broken)
    log = demo_workspace / "salesbrief.log"
    ran = chat("which deals slipped?")
    assert f"it is in {log}; the conversation is kept" in " ".join(ran.out.split()) and "secret" not in ran.out
    assert "secret detail" in log.read_text()
    log.unlink()


def test_it_says_once_that_it_works_without_a_model(chat) -> None:
    first = chat("which deals slipped?")
    again = chat("which deals slipped?")
    assert first.out.count("without a language model") == 1
    assert "without a language model" not in again.out


def test_it_goes_on_where_it_was_left(chat) -> None:
    chat("which deals slipped?")
    assert "Asked last: “which deals slipped?”" in " ".join(chat().out.split())
    assert "Asked last" not in chat(options=("--new",)).out


def test_events_for_a_machine_are_one_a_line(chat) -> None:
    events = [
        Event.model_validate(json.loads(line))
        for line in chat("which deals slipped?", options=("--json",)).out.splitlines()
    ]
    assert [event.number for event in events] == list(range(1, len(events) + 1)) and events[-1].kind == "done"


def test_a_fault_of_ours_is_one_sentence_and_a_log(chat, demo_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.chat.router.answering import Router

    async def broken(*_: object) -> None:
        raise KeyError("unforeseen")

    monkeypatch.setattr(Router, "answer", broken)
    ran = chat("which deals slipped?")
    assert ran.code == 0 and "salesbrief itself" in ran.out
    assert "Traceback" not in ran.out + ran.err
    log = demo_workspace / "salesbrief.log"
    assert "unforeseen" in log.read_text(encoding="utf-8")
    log.unlink()


def test_nobody_of_that_name_ends_with_one_sentence(salesbrief, demo_workspace: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'chat.db'}"
    ran = salesbrief("chat", "--data", demo_workspace, "--who", "Zebedee", *AS_OF, "--store", store)
    assert ran.code == 2 and "nobody called" in ran.err and "Traceback" not in ran.err


def note(salesbrief, workspace: Path, store: Path, text: str, *options: str):
    return salesbrief(
        "note", text, "--data", workspace, "--who", "Michael", "--on", "2026-05-12", "--store",
        f"sqlite:///{store / 'chat.db'}", *options,
    )  # fmt: skip


def test_a_note_is_quoted_in_the_draft_as_self_reported(salesbrief, demo_workspace: Path, tmp_path: Path) -> None:
    kept = note(salesbrief, demo_workspace, tmp_path, "Trained two new SDRs on first calls")
    assert kept.code == 0 and "12 May 2026" in kept.out
    ran = salesbrief(
        "draft", "--data", demo_workspace, "--who", "Michael", "--period", "2026-Q2", *AS_OF, "--store",
        f"sqlite:///{tmp_path / 'chat.db'}",
    )  # fmt: skip
    assert "“Trained two new SDRs on first calls” (self-reported)" in ran.out


def test_a_note_against_the_facts_is_answered_with_them(salesbrief, demo_workspace: Path, tmp_path: Path) -> None:
    ran = note(salesbrief, demo_workspace, tmp_path, "My win rate was 45 %")
    assert ran.code == 1 and "not what the records say" in ran.out and "Win rate: 30%" in ran.out


def screen(tty: bool = True, width: int = 60) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen(out, tty=tty, width=width, draft=lambda draft_id, number: None), out  # type: ignore[arg-type,return-value]


def show(shown: Screen, *events: Event) -> None:
    for event in events:
        asyncio.run(shown.show(event))


def spoken(text: str, period: str = "2026-Q2") -> Event:
    said = Said(
        statements=(Statement(parts=(Text(text=text),), text=text),), of=SheetOf(who="ada", period=period), by="model"
    )
    return Event(number=1, kind="block", block=said)


@pytest.mark.parametrize("tty", [True, False])
def test_a_models_sentences_of_one_sheet_are_one_paragraph(tty: bool) -> None:
    shown, out = screen(tty=tty, width=40)
    first, second = "Deals closed sooner than before.", "The quarter ended on a high note."
    show(shown, spoken(first))
    assert out.getvalue() == first
    show(shown, spoken(second), spoken("Earlier it was slower.", "2026-Q1"), Event(number=9, kind="done"))
    paragraphs = [" ".join(each.split()) for each in out.getvalue().strip().split("\n\n")]
    assert paragraphs == [f"{first} {second}", "Earlier it was slower."]
    assert max(map(len, out.getvalue().splitlines())) <= 40


HOSTILE = "Acme\x1b[2J\x1b]0;owned\x07 \u202eevil\r\nnew line\x9b31m"


def test_what_the_crm_says_cannot_move_the_cursor() -> None:
    shown, out = screen(tty=False)
    table = Table(title=HOSTILE, header=("Name",), rows=((Cell(text=HOSTILE),),), note=HOSTILE)
    show(shown, *(Event(number=1, kind="block", block=block) for block in (table, Notice(text=HOSTILE))))
    section = Section(
        id="kpis",
        title=HOSTILE,
        blocks=(Block(label=HOSTILE, statements=(Statement(parts=(Text(text="x"),), text=HOSTILE),)),),
    )
    show(shown, Event(number=2, kind="section", section="kpis", written=section))
    show(shown, Event(number=3, kind="block", block=Asks(title=HOSTILE, questions=(HOSTILE,))))
    show(shown, Event(number=4, kind="failed", text=HOSTILE))
    assert not set(out.getvalue()) & set("\x1b\x07\x9b\r\u202e") and "Acme" in out.getvalue()


def test_work_is_shown_on_a_terminal_and_cleared_before_the_answer() -> None:
    shown, out = screen()
    show(shown, Event(number=1, kind="working", text="computing the figures"))
    assert "computing the figures" in out.getvalue()
    show(shown, Event(number=2, kind="block", block=Notice(text="Fine.")))
    assert out.getvalue().index("\r\x1b[K", 5) < out.getvalue().index("Fine.")


def test_a_pipe_is_not_told_of_work() -> None:
    shown, out = screen(tty=False)
    show(shown, Event(number=1, kind="working", text="computing the figures"), Event(number=2, kind="done"))
    assert out.getvalue() == ""


def test_sections_come_in_the_drafts_order_whichever_is_ready_first() -> None:
    shown, out = screen(tty=False)
    begun = [Event(number=n, kind="working", text="", section=each) for n, each in enumerate("abc", start=1)]
    written = [
        Event(number=n, kind="section", section=each, written=Section(id=each, title=f"Section {each}", blocks=()))
        for n, each in enumerate("cab", start=4)
    ]
    show(shown, *begun, *written)
    assert out.getvalue().split() == ["Section", "a", "Section", "b", "Section", "c"]


def test_a_table_fits_the_terminal() -> None:
    shown, out = screen(tty=False, width=60)
    row = (Cell(text="A deal of a name " * 4), Cell(text="a reason that goes on " * 4), Cell(text="$560,000"))
    show(
        shown,
        Event(
            number=1, kind="block", block=Table(title="", header=("Deal", "Reason", "Amount"), rows=(row,), right=(2,))
        ),
    )
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 60 and "$560,000" in out.getvalue()


@pytest.mark.parametrize(
    ("typed", "question"), [("  draft\x1b[A my\x00 summary \n", "draft  my  summary"), ("\x03", "")]
)
def test_a_question_is_what_was_typed_without_keys(typed: str, question: str) -> None:
    assert question_of(typed).split() == question.split()
