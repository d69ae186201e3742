"""What stands around a figure: sentences a good writer writes pass, sentences that bend a figure do not."""

from __future__ import annotations

import pytest

from agent.draft import Block, Section, Statement
from agent.guard import number_like, refusals
from agent.tokens import parse_tokens
from tests.agent.models.world import ENGLISH, PLAN

NOTES = {note.id: note.text for note in PLAN.sheet.evidence}

GOOD = [
    "Forecast accuracy came in at {forecast_accuracy vs target}.",
    "Forecast accuracy came in at {forecast_accuracy vs target, prior}: deals sat without a next step.",
    "Because next steps were not logged, forecast accuracy came in at {forecast_accuracy vs target}.",
    "While coverage held, forecast accuracy fell short, at {forecast_accuracy vs target}.",
    "The target for forecast accuracy was not met: {forecast_accuracy vs target}.",
    "Forecast accuracy – what Finance plans on – came in at {forecast_accuracy vs target}.",
    "Forecast accuracy ({name team}) came in at {forecast_accuracy vs target}, well documented by both teams.",
    "{name first_name}'s forecast accuracy came in at {forecast_accuracy vs target}.",
]
BENT = [
    ("Forecast accuracy came in at {forecast_accuracy vs target}K.", "space around"),
    ("Forecast accuracy came in at {forecast_accuracy vs target} k lower.", "own sign and unit"),
    ("Forecast accuracy came in at -{forecast_accuracy vs target}.", "space around"),
    ("Forecast accuracy came in at minus {forecast_accuracy vs target}.", "own sign and unit"),
    ("Forecast accuracy came in at {forecast_accuracy vs target}.{forecast_accuracy}.", "space around"),
    ("Forecast accuracy came in at {forecast_accuracy vs target} {forecast_accuracy}.", "words between"),
    ("Forecast accuracy came in at {forecast_accuracy vs target}{name team}.", "space around"),
    ("Forecast accuracy did not come in at {forecast_accuracy vs target}.", "deny"),
    ("Forecast accuracy came in at {forecast_accuracy vs target}, which is not a shortfall.", "deny"),
    ("Although forecast accuracy was {forecast_accuracy vs target} the team won.", "main clause"),
    ("The team won (forecast accuracy: {forecast_accuracy vs target}).", "main clause"),
    ("Forecast accuracy beat its target with {forecast_accuracy vs target}.", "contradicts"),
    ("Forecast accuracy rose to {forecast_accuracy at prior} and to {forecast_accuracy vs target}.", "contradicts"),
    ("Forecast accuracy came in at {forecast_accuracy vs target} on twо counts.", "plain letter"),
    ("Forecast accuracy came in at {forecast_accuracy vs target} 📉.", "plain letter"),
    ("Everything else exceeded expectations.", "needs the"),
    ("Forecast accuracy came in at {forecast_accuracy vs target}, says {name manager}.", "No manager"),
]


def _reasons(sentence: str) -> str:
    plan = PLAN.section("pipeline")
    must = "".join(f" Also {{{fact.id}}}." for fact in plan.must if fact.id != "forecast_accuracy")
    statements = tuple(Statement(parts=parse_tokens(text, NOTES)) for text in (sentence, must) if text)
    section = Section(id="pipeline", title="P", blocks=(Block(statements=statements),), written_by="model")
    return " ".join(refusals(section, plan, PLAN, ENGLISH))


@pytest.mark.parametrize("sentence", GOOD)
def test_plain_statements_pass(sentence: str) -> None:
    assert _reasons(sentence) == ""


@pytest.mark.parametrize(("sentence", "said"), BENT)
def test_bent_statements_are_refused(sentence: str, said: str) -> None:
    assert said in _reasons(sentence)


@pytest.mark.parametrize("text", ["twelve", "𝐭𝐰𝐞𝐥𝐯𝐞", "Twélve", "½", "٤", "Ⅳ", "XIV", "a couple of", "三", "ﬁve", "40"])
def test_numbers_in_any_dress_are_found(text: str) -> None:
    assert number_like(f"won {text} deals", ENGLISH) is not None


@pytest.mark.parametrize("text", ["both teams", "one-to-one", "third-party data", "at once", "I, too", "tension"])
def test_words_that_only_look_like_numbers_are_let_be(text: str) -> None:
    assert number_like(text, ENGLISH) is None
