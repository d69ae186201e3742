"""What each of the five reference people's drafts must say, whichever words are drawn."""

from __future__ import annotations

import asyncio
import importlib.util
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.draft import Comparison, Draft, Section
from agent.drafting import Run, draft_summary
from agent.markdown import to_markdown
from evals.checks import run_checks
from prompts.loader import PromptSet
from tools.facts import FactSheet

_SPEC = importlib.util.spec_from_file_location("people", Path(__file__).with_name("people.py"))
assert _SPEC is not None and _SPEC.loader is not None
people = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(people)

RUN = Run("test", date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC))
EVERYBODY = pytest.mark.parametrize("person", people.PEOPLE, ids=lambda person: person.__name__)
Person = Callable[[], FactSheet]


def _draft(sheet: FactSheet) -> Draft:
    return asyncio.run(draft_summary(sheet, PromptSet.load(), RUN))


def _text(section: Section) -> str:
    return "\n".join(" ".join(told.text for told in block.statements) for block in section.blocks)


def _section(draft: Draft, section_id: str) -> Section:
    return next(section for section in draft.all_sections if section.id == section_id)


@EVERYBODY
def test_every_key_shortfall_opens_a_block_with_its_comparison(person: Person) -> None:
    draft = _draft(person())
    opened = {
        part.fact
        for section in draft.all_sections
        for block in section.blocks
        for part in block.statements[0].parts
        if isinstance(part, Comparison) and part.form != "bare"
    }
    assert {fact.id for fact in draft.sheet.facts if fact.key and fact.weak} <= opened


@EVERYBODY
def test_the_headline_is_two_short_paragraphs(person: Person) -> None:
    headline = _draft(person()).headline
    assert len(headline.blocks) == 2
    assert len(_text(headline).split()) <= 75


@EVERYBODY
def test_next_steps_are_three_to_five_and_one_is_about_reporting(person: Person) -> None:
    blocks = _section(_draft(person()), "next_steps").blocks
    assert 3 <= len(blocks) <= 5
    assert [block.label for block in blocks].count("Reporting") == 1
    assert {block.label for block in blocks} <= {"Fix", "Keep", "Next", "Reporting"}


@EVERYBODY
def test_no_check_finds_a_hard_mistake(person: Person) -> None:
    draft = _draft(person())
    result = run_checks(to_markdown(draft), draft.sheet.facts, draft.sheet.evidence, "en")
    assert [finding for finding in result.findings if finding.check in ("missing_target", "buried_weak_result")] == []
    assert [finding for finding in result.findings if finding.check in ("vague_language", "wrong_direction")] == []


@EVERYBODY
def test_every_number_on_the_page_is_backed(person: Person) -> None:
    draft = _draft(person())
    printed = set(_numbers(to_markdown(draft)))
    assert printed <= _backed(draft)


@EVERYBODY
def test_a_draft_is_short_enough_to_skim(person: Person) -> None:
    words = [word for word in to_markdown(_draft(person())).split() if any(map(str.isalnum, word))]
    assert 200 <= len(words) <= 620


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def _backed(draft: Draft) -> set[str]:
    """Numbers of the parts that code prints, by what each prints alone, and those of names, notes and dates."""
    from agent.printing import Printer

    printer = Printer(draft.sheet, PromptSet.load().language("en"))
    parts = [
        part
        for section in draft.all_sections
        for block in section.blocks
        for told in block.statements
        for part in told.parts
        if part.kind != "text"
    ]
    return {number for part in parts for number in _numbers(printer.part(part))} | {"2026", "2"}


def test_michael_is_told_with_his_quota_his_deal_size_and_his_forecast() -> None:
    draft = _draft(people.michael())
    headline = _text(draft.headline)
    assert "111% of the $504,500 quota" in headline and "$560K" in headline
    assert "average deal size" in headline
    assert "73%, 17 points short of the 90% target" in headline
    assert "planned on the commit" in headline


def test_michael_s_causes_stand_with_what_they_moved() -> None:
    kpis = _section(_draft(people.michael()), "kpis")
    bullet = next(
        _text(Section(id="x", title="", blocks=(block,))) for block in kpis.blocks if "deal size" in str(block)
    )
    assert "$41K" in bullet and "better-fit accounts" in bullet


def test_daniel_s_quota_is_told_as_short_before_anything_else() -> None:
    assert (
        "92% of the $1,140,000 quota, 8 points short" in _draft(people.daniel()).headline.blocks[0].statements[0].text
    )


def test_ashley_s_target_of_none_is_said_in_words() -> None:
    assert "2 against a target of none" in _text(_draft(people.ashley()).headline)
    assert "none" in _text(_section(_draft(people.ashley()), "targets"))


def test_brandon_s_team_leads_his_headline() -> None:
    assert "103% of the $1,600,000 team target" in _text(_draft(people.brandon()).headline)


def test_without_a_target_the_headline_says_so_and_compares_with_the_prior_period() -> None:
    headline = _text(_draft(people.moses()).headline)
    assert "target" in headline.split(".")[0]
    assert "$63K, up from $54K" in headline


def test_what_was_said_of_oneself_is_quoted_as_such() -> None:
    sheet = people.moses()
    (note,) = people.notes(("2026-05-20", "action", "", "Trained two new colleagues in May"))
    said = sheet.model_copy(update={"evidence": (note.model_copy(update={"self_reported": True}),)})
    text = _text(_section(_draft(said), "qualitative"))
    assert "“Trained two new colleagues in May”" in text and "Moses" in text
