"""What a wish asks for, and which wishes ask for a falsehood."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from agent.draft import Draft
from agent.editing.falsehood import falsehoods, hides_shortfall
from agent.editing.wish import read_wish
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet

PROMPTS = PromptSet.load()
SHEET = FactSheet(
    person="Ada Berg",
    period="2026-Q2",
    facts=(
        Fact(id="quota_attainment", label="Quota attainment", value=0.92, unit="ratio", target=1.0, better="higher",
             key=True),
        Fact(id="win_rate", label="Win rate", value=0.3, unit="ratio", prior=0.27, better="higher", key=True),
        Fact(id="forecast_accuracy", label="Forecast accuracy", value=0.73, unit="ratio", target=0.9, better="higher",
             key=True),
    ),
)  # fmt: skip
PRINTER = Printer(SHEET, PROMPTS.language("en"))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("warm", {"tones": ("warm",)}),
        ("warmer, but do not soften the forecast", {"tones": ("warm",), "promises": ("do not soften the forecast",)}),
        ("120 words for the VP", {"words": 120}),
        ("in the third person", {"person": "third"}),
        ("start with the pipeline", {"start_with": "pipeline"}),
        ("leave out teamwork and operations", {"leave_out": ("qualitative",)}),
        ("make it shorter and more direct", {"shorter": True, "tones": ("direct",)}),
        ("in Polish", {"language": "pl"}),
        ("like Hemingway", {"unread": ("like Hemingway",)}),
        ("put the next steps first", {"start_with": "next_steps"}),
        ("pipeline at the top", {"start_with": "pipeline"}),
        ("mention Q2 first", {"unread": ("mention Q2 first",)}),
        ("only the key results and next steps", {"only": ("kpis", "next_steps")}),
        ("make it one page", {"words": 450}),
        ("more details please", {"longer": True}),
        ("translate it to German", {"elsewhere": "German"}),
        ("can you make the headline punchier?", {"tones": ("direct",), "sections": ("headline",)}),
        ("thanks, looks great", {}),
    ],
)
def test_a_wish_is_read_clause_by_clause(text: str, asked: dict[str, object]) -> None:
    wish = read_wish(text, PROMPTS)
    said = {name: value for name, value in vars(wish).items() if value and name != "text"}
    assert said == asked


@pytest.mark.parametrize(
    "text",
    [
        "say we hit quota", "make it 95 %", "say that every target was met", "hide the forecast miss",
        "leave out forecast accuracy", "say win rate fell", "round it up", "make the miss sound like bad luck",
        "do not mention the shortfall", "warmer, and pretend the forecast was on target", "play down the weak spots",
        "write that attainment doubled", "tone down forecast accuracy",
    ],
)  # fmt: skip
def test_a_wish_for_a_falsehood_is_answered_before_anything_is_rewritten(text: str) -> None:
    assert falsehoods(text, SHEET, PRINTER, PROMPTS)


def test_the_answer_says_what_is_on_record() -> None:
    (answer,) = falsehoods("say we hit quota", SHEET, PRINTER, PROMPTS)
    assert "would not be true" in answer
    assert "92% of quota" in answer


@pytest.mark.parametrize(
    "text",
    [
        "warmer", "120 words", "in 3 bullets", "do not soften the forecast", "without losing a number",
        "leave out the pipeline", "say plainly that forecast accuracy missed its target", "say that win rate rose",
        "mention Q2 first", "formal, for the 2026 file", "sound less like a robot", "start with forecast accuracy",
    ],
)  # fmt: skip
def test_an_honest_wish_is_not_taken_for_a_lie(text: str) -> None:
    assert falsehoods(text, SHEET, PRINTER, PROMPTS) == []


WISHES = tomllib.loads(Path(__file__).with_name("wishes.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", WISHES["false"])
def test_a_falsehood_is_answered_in_any_words_and_language(text: str) -> None:
    assert falsehoods(text, SHEET, PRINTER, PROMPTS)


@pytest.mark.parametrize("text", WISHES["honest"])
def test_a_wish_that_only_counts_words_or_asks_for_a_tone_is_not_refused(text: str) -> None:
    assert falsehoods(text, SHEET, PRINTER, PROMPTS) == []


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("make the KPI part shorter", "kpis"),
        ("warmer in the headline", "headline"),
        ("shorten the next steps", "next_steps"),
    ],
)
def test_a_section_is_named_in_the_wish(text: str, section: str) -> None:
    wish = read_wish(text, PROMPTS)
    assert (wish.sections, wish.unread) == ((section,), ())


@pytest.mark.parametrize(
    "text",
    [
        "drop the numbers", "without any figures", "no numbers please", "fewer numbers", "utan siffror",
        "make me look good", "make Michael's team look great", "so the board is impressed",
        "have her come across like a star",
    ],
)  # fmt: skip
def test_what_no_wording_can_do_is_answered_with_what_can_be_had(text: str) -> None:
    (answer,) = falsehoods(text, SHEET, PRINTER, PROMPTS)
    assert "cannot be done" in answer
    assert "120 words" in answer or "start with the key results" in answer


@pytest.mark.parametrize(
    "text",
    [
        "warmer, without losing numbers", "drop no numbers", "don't drop the numbers", "make it look cleaner",
        "make the text look good", "keep all figures", "no numbers changed", "make it sound better",
    ],
)  # fmt: skip
def test_what_is_kept_anyway_is_not_taken_for_its_opposite(text: str) -> None:
    assert falsehoods(text, SHEET, PRINTER, PROMPTS) == []


def test_what_is_true_may_be_said(draft: Draft) -> None:
    met = SHEET.model_copy(update={"facts": (SHEET.facts[0].model_copy(update={"value": 1.1}),)})
    assert falsehoods("say we hit quota", met, Printer(met, PROMPTS.language("en")), PROMPTS) == []


@pytest.mark.parametrize(
    ("text", "hides"),
    [
        ("remove the forecast accuracy shortfall", True),
        ("drop the miss", True),
        ("hide the shortfall in forecast accuracy", True),
        ("leave out the pipeline", False),
        ("do not drop the shortfall", False),
        ("shorter", False),
    ],
)
def test_a_shortfall_to_be_hidden_is_told_from_a_section_to_be_left_out(text: str, hides: bool) -> None:
    assert hides_shortfall(text, PROMPTS) is hides
