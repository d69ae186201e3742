"""The composer's frames as data: no number, no praise, no hole that nothing fills, and enough ways to say a thing."""

from __future__ import annotations

import re

import pytest

from agent.composer.grammar import Grammar, fill
from agent.draft import Comparison, Text
from agent.guard import number_like
from agent.printing import Printer
from prompts.loader import SECTIONS, PromptSet
from tools.facts import Fact, FactSheet

PROMPTS = PromptSet.load()
LANGUAGE = PROMPTS.language("en")
FILES = {name: PROMPTS.composing("en", name) for name in ("frames", "actions")}
GRAMMAR = Grammar(*FILES.values())
HOLES = {
    "Who", "who", "Period", "period", "prior_period", "span", "First_name", "first_name", "Metric", "metric",
    "The_metric", "the_metric", "behind", "the_behind", "attained", "result", "figure", "full", "stated", "moved",
    "Why", "why", "Note", "note", "clause", "note_date", "list", "target", "goal", "value",
}  # fmt: skip
TEXTS = [
    text
    for file in FILES.values()
    for table in file.values()
    for texts in table.values()
    for text in texts
]  # fmt: skip


def test_no_frame_holds_a_number_or_markup() -> None:
    for text in TEXTS:
        words = re.sub(r"\{\w+\}|<\w+>", " ", text).replace("|", " ")
        assert number_like(words, LANGUAGE) is None, text
        assert not re.search(r"[*_`#\[\]]", words), text


def test_no_frame_judges() -> None:
    judging = set(PROMPTS.composing("en", "notes")["vague"])
    for text in TEXTS:
        assert not judging & set(re.findall(r"[a-z-]+", re.sub(r"\{\w+\}|<\w+>", " ", text).lower())) - {"better"}, text


def test_every_hole_and_every_slot_exists() -> None:
    slots = {slot for file in FILES.values() for slot in file["slots"]} | {"VERB"}
    for text in TEXTS:
        assert set(re.findall(r"\{(\w+)\}", text)) <= HOLES, text
        assert set(re.findall(r"<(\w+)>", text)) <= slots, text


@pytest.mark.parametrize("kind", ["results.missed", "results.missed_over", "results.worsened", "results.worsened_up",
                                  "results.led", "results.moved", "results.stated", "headline.why"])  # fmt: skip
def test_what_is_often_said_can_be_said_in_sixty_ways(kind: str) -> None:
    assert sum(GRAMMAR.ways(frame, "rose") for frame in GRAMMAR.frames(kind)) >= 60


def test_shortfalls_are_opened_without_denying_them() -> None:
    denying = set(LANGUAGE["refused"]["negations"])
    for kind in ("missed", "missed_over", "worsened", "worsened_up"):
        for frame in GRAMMAR.frames(f"results.{kind}"):
            for way in range(GRAMMAR.ways(frame, "rose")):
                assert not denying & set(GRAMMAR.say(frame, way, "rose").lower().split())


def test_there_is_a_standard_step_for_every_metric_that_a_role_watches() -> None:
    watched = {metric for keys in PROMPTS.kpis().values() for metric in keys}
    assert {metric for metric in watched if f"fix.{metric}" not in GRAMMAR.kinds} == set()


def test_every_prose_section_is_composed() -> None:
    from agent.composer.composer import SECTIONS as COMPOSED

    assert set(COMPOSED) == {name for name in SECTIONS if PROMPTS.section(name).kind != "facts"}


COMPARED = ("figure", "full", "stated", "moved", "attained")


@pytest.mark.parametrize("hole", COMPARED)
def test_nothing_that_follows_a_comparison_can_be_read_with_its_last_figure(hole: str) -> None:
    fact = Fact(
        id="revenue_won", label="Revenue won", value=13_000, unit="currency:USD", better="higher", key=True,
        prior=14_000, prior_partial=True,
    )  # fmt: skip
    comparison = Comparison(fact=fact.id, against="prior", form="stated")
    printer = Printer(FactSheet(person="Ada Berg", period="2026-Q2", facts=(fact,)), LANGUAGE)
    printed = printer.part(comparison)
    assert printed == "$13K, down from $14K (the earlier period is only partly on record)"
    for kind in GRAMMAR.kinds:
        for frame in (frame for frame in GRAMMAR.frames(kind) if hole in frame.holes()):
            for way in range(GRAMMAR.ways(frame, "rose")):
                words = GRAMMAR.say(frame, way, "rose")
                parts = fill(words, {name: (comparison if name == hole else Text(text="x"),) for name in HOLES})
                said = "".join(part.text if isinstance(part, Text) else printed for part in parts)
                assert re.match(r"[.,;:]| –|$", said.split(printed)[1]), f"{kind}: {said}"
