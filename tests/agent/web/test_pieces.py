"""Which words of a sentence open which figure."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest

from agent.draft import Comparison, Draft, FactToken, Name, Statement, Text
from agent.drafting import Run, draft_summary
from agent.printing import Printer
from agent.web.pieces import Piece, pieces, plain
from evals.case import load_cases
from prompts.loader import PromptSet

RUN = Run("test", date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC))


def said(text: str, *parts) -> Statement:
    return Statement(parts=tuple(Text(text=part) if isinstance(part, str) else part for part in parts), text=text)


def test_a_figure_is_the_words_that_its_token_printed() -> None:
    statement = said("Won 12 deals.", "Won ", FactToken(fact="deals_won"), " deals.")
    assert pieces(statement) == [Piece("Won "), Piece("12", fact="deals_won"), Piece(" deals.")]


def test_a_comparison_keeps_the_comma_that_it_printed_itself() -> None:
    statement = said(
        "73%, 17 points short of the 90% target, 3 slipped.",
        Comparison(fact="forecast_accuracy", against="target"), ", ", FactToken(fact="slipped_deals"), " slipped.",
    )  # fmt: skip
    assert [piece.text for piece in pieces(statement)] == [
        "73%, 17 points short of the 90% target", ", ", "3", " slipped.",
    ]  # fmt: skip


def test_a_period_is_not_taken_for_the_figure_after_it() -> None:
    statement = said(
        "rose in Q2 2026 from 47 to 58.",
        "rose in ", Name(name="period"), " ", Comparison(fact="meetings", against="prior", form="bare"), ".",
    )  # fmt: skip
    assert [piece.text for piece in pieces(statement) if piece.fact] == ["from 47 to 58"]


def test_words_that_fit_no_token_are_shown_whole() -> None:
    statement = said("Something else.", "Won ", FactToken(fact="deals_won"), ".")
    assert pieces(statement) == [Piece("Something else.")]


def test_markup_that_was_guarded_for_markdown_is_plain_on_a_page() -> None:
    assert plain(r"Acme \[West\] \<b\> \*x\* http:\/\/a.b www\.c \\ \_") == r"Acme [West] <b> *x* http://a.b www.c \ _"


@pytest.mark.parametrize("part", range(5))
def test_in_composed_drafts_every_figure_opens_its_own_fact(part: int) -> None:
    """With the sheet at hand the words are exactly the token's; without it, hardly ever others."""
    prompts = PromptSet.load()
    for case in load_cases("standard").cases[part::10]:
        draft: Draft = asyncio.run(draft_summary(case.sheet, prompts, RUN))
        printer = Printer(case.sheet, prompts.language("en"))
        for section in draft.all_sections:
            for statement in (each for block in section.blocks for each in block.statements):
                printed = [plain(text) for each in statement.parts if (text := printer.part(each))]
                told = pieces(statement, printer)
                assert [piece.text for piece in told] == printed
                blind = pieces(statement)
                assert "".join(piece.text for piece in blind) == "".join(printed)
                assert [each.fact for each in blind if each.fact] == [each.fact for each in told if each.fact]
