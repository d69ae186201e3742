"""A sentence typed by hand: what stood there stands there still, whatever its value; the rest is a claim."""

from __future__ import annotations

from datetime import date

import pytest

from agent.draft import Claim, Comparison, FactToken, Part, Text
from agent.editing.typed import Typed
from agent.marking import is_typed
from prompts.loader import PromptSet

DAY = date(2026, 11, 22)
REVENUE = Comparison(fact="revenue_won", against="prior")
BEFORE: tuple[tuple[str, Part], ...] = (
    ("Revenue went ", Text(text="Revenue went ")),
    ("up from $411K to $560K", REVENUE),
    (" with ", Text(text=" with ")),
    ("12", FactToken(fact="deals_won")),
    (" deals won.", Text(text=" deals won.")),
)
# What 12 may be by its value alone: two facts, so nobody's.
PRINTED: tuple[tuple[str, Part], ...] = (("12", FactToken(fact="deals_won")), ("12", FactToken(fact="meetings")))


def read(text: str) -> list[Part]:
    language = PromptSet.load().language("en")
    return Typed(text, BEFORE, PRINTED, {"the", "was", "of", "revenue"}, language, DAY).parts()


def test_a_figure_that_was_not_touched_is_no_claim() -> None:
    parts = read("Revenue went up from $411K to $600K with 12 deals won.")
    assert Claim(text="$411K", of="revenue_won") in parts
    assert [part.text for part in parts if is_typed(part)] == ["$600K"]
    assert FactToken(fact="deals_won") in parts


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Revenue went up from $411K to $560K with 12 deals won.", []),
        ("The revenue went up from $411K to $560K with 12 deals won.", []),
        ("Revenue went up from $411K to $560K with 15 deals won.", ["15"]),
        ("Revenue went up from $411K to $560K with 12 deals won, the best of the company.", ["best of the company"]),
        ("Revenue was superb.", ["Revenue was superb"]),
    ],
)
def test_what_is_new_is_a_claim_words_and_figures_alike(text: str, claims: list[str]) -> None:
    parts = read(text)
    assert [part.text for part in parts if is_typed(part)] == claims
    assert "".join(form_of(part) for part in parts) == text
    assert all(part.on == DAY for part in parts if isinstance(part, Claim) and is_typed(part))


def form_of(part: Part) -> str:
    return next((form for form, each in BEFORE if each == part), None) or part.text  # type: ignore[union-attr]
