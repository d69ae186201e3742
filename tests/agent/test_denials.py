"""A figure is never denied, whether it is good, weak or neutral; a no that belongs elsewhere may stand."""

from __future__ import annotations

import pytest

from agent.denials import negated
from agent.draft import Block, Section, Statement
from agent.guard import refusals
from agent.tokens import parse_tokens
from tests.agent.models.world import ENGLISH, PLAN, PROMPTS

NOTES = {note.id: note.text for note in PLAN.sheet.evidence} | {"n": "Deals were not dated"}

DENIED = [
    "Win rate did not come in at {win_rate at prior}.",
    "Win rate didn’t come in at {win_rate at prior}.",
    "Win rate never reached {win_rate}.",
    "Win rate isn't {win_rate}.",
    "Win rate is no longer {win_rate}.",
    "Win rate failed to come to {win_rate at prior}.",
    "Win rate failed to reach {win_rate at prior}.",
    "It is not the case that win rate came in at {win_rate at prior}.",
    "It is untrue: win rate came in at {win_rate at prior}.",
    "Win rate came in at {win_rate at prior}, which is not so.",
    "Win rate came in at no {win_rate}.",
    "That is not the case.",
    "Because buyers joined, win rate did not rise {win_rate from prior}.",
    "Average deal size held, and win rate was not {win_rate}, as the notes say.",
    "Quota attainment was not {quota_attainment vs target}.",
    "Win rate was not recorded at {win_rate}.",
    "Forecast accuracy did not reach {forecast_accuracy vs target}.",
]
STATED = [
    "Win rate came in at {win_rate at prior}.",
    "Because next steps were not logged, forecast accuracy came in at {forecast_accuracy vs target}.",
    "Forecast accuracy came in at {forecast_accuracy vs target} because deals had not been dated.",
    "The target for forecast accuracy was not met: {forecast_accuracy vs target}.",
    "Forecast accuracy did not reach its target, at {forecast_accuracy vs target}.",
    "Forecast accuracy did not reach the {forecast_accuracy target}: it came in at {forecast_accuracy}.",
    "Win rate came in at {win_rate at prior}: {quote n}.",
    "Win rate came in at {win_rate at prior}; the cause is not on record.",
    "Work that was not planned is told below.",
]


def _statement(sentence: str) -> Statement:
    return Statement(parts=parse_tokens(sentence, NOTES))


@pytest.mark.parametrize("sentence", DENIED)
def test_a_denied_figure_is_refused(sentence: str) -> None:
    assert any("deny" in reason for reason in negated(_statement(sentence), ENGLISH))


@pytest.mark.parametrize("sentence", STATED)
def test_a_no_that_belongs_elsewhere_stands(sentence: str) -> None:
    assert negated(_statement(sentence), ENGLISH) == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("pl", "Skuteczność nie wyniosła {win_rate}."),
        ("sv", "Vinstandelen var inte {win_rate}."),
        ("da", "Vinderandelen var ikke {win_rate}."),
        ("ar", "لم يبلغ معدل الفوز {win_rate}."),
    ],
)
def test_a_figure_is_not_denied_in_another_language(code: str, sentence: str) -> None:
    assert negated(_statement(sentence), PROMPTS.language(code)) != []


def test_a_target_that_was_met_is_not_called_missed() -> None:
    block = Block(statements=(_statement("The target was not met: {revenue_won vs target}."),))
    section = Section(id="kpis", title="K", blocks=(block,), written_by="model")
    assert '"was not met" contradicts the figures of its sentence.' in refusals(
        section, PLAN.section("kpis"), PLAN, ENGLISH
    )
