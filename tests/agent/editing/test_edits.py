"""Edits without a model: tones, order, length, person, sections left out; and what stays whatever is asked."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest

from agent.draft import Draft, Name, Text
from agent.editing.edit import Edit, edit_draft
from agent.editing.kept import kept
from agent.editing.plans import opened_by_shortfall, statements
from agent.editing.structure import unsaid, word_count
from agent.editing.wish import read_wish
from agent.markdown import to_markdown
from agent.naming import lowered

_SPEC = importlib.util.spec_from_file_location("edits_world", Path(__file__).with_name("conftest.py"))
world = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = world
_SPEC.loader.exec_module(world)
PROMPTS = world.PROMPTS


def _edited(draft: Draft, text: str, sections: list[str] | None = None) -> Edit:
    wish = read_wish(text, PROMPTS)
    return asyncio.run(edit_draft(draft, wish, PROMPTS, world.RUN, sections=sections, review=world.review))


def _opened(draft: Draft) -> set[str]:
    return {fact for section in draft.all_sections for fact in opened_by_shortfall(section, draft)}


@pytest.mark.parametrize("tone", PROMPTS.tones())
def test_every_tone_rewrites_and_keeps_every_figure(draft: Draft, tone: str) -> None:
    edit = _edited(draft, tone)
    assert edit.changed
    assert edit.refused == ()
    for before, after in zip(draft.all_sections, edit.draft.all_sections, strict=True):
        assert kept(before) == kept(after)
        assert set(opened_by_shortfall(before, draft)) == set(opened_by_shortfall(after, edit.draft))


def test_a_single_section_is_rewritten_and_no_other_byte(draft: Draft) -> None:
    edit = _edited(draft, "formal", ["headline"])
    assert edit.changed == ("headline",)
    assert edit.draft.sections == draft.sections


def test_fifty_edits_in_a_row_lose_nothing(draft: Draft) -> None:
    edited = draft
    for turn in range(50):
        edited = _edited(edited, PROMPTS.tones()[turn % len(PROMPTS.tones())], ["headline", "kpis"]).draft
    assert [kept(section) for section in edited.all_sections] == [kept(section) for section in draft.all_sections]


def test_a_section_comes_first_when_asked(draft: Draft) -> None:
    last = draft.sections[-1]
    edit = _edited(draft, f"start with {last.title}")
    assert edit.draft.sections[0] == last
    assert sorted(edit.draft.sections, key=id) == sorted(draft.sections, key=id)


def _kpis_open_with_more(draft: Draft) -> bool:
    """Whether the key results open with a shortfall that the headline does not."""
    kpis = next((section for section in draft.sections if section.id == "kpis"), None)
    return kpis is not None and bool(
        set(opened_by_shortfall(kpis, draft)) - set(opened_by_shortfall(draft.headline, draft))
    )


def test_a_section_left_out_hands_its_shortfalls_to_the_headline() -> None:
    draft = next(filter(_kpis_open_with_more, map(world.composed, range(12))))
    edit = _edited(draft, "leave out the key results")
    assert edit.refused == ()
    assert "kpis" not in [section.id for section in edit.draft.sections]
    assert _opened(edit.draft) == _opened(draft)
    assert "because this was asked for" in to_markdown(edit.draft)


def test_brevity_ends_at_the_short_form(draft: Draft) -> None:
    edit = _edited(draft, "10 words")
    assert word_count(edit.draft) < word_count(draft)
    assert _opened(edit.draft) == _opened(draft)
    steps = next(section for section in edit.draft.sections if section.id == "next_steps")
    assert len(steps.blocks) == 1
    assert any("below which no request for brevity goes" in answer for answer in edit.answers)


def test_a_length_is_kept_where_the_short_form_allows(draft: Draft) -> None:
    most = word_count(draft) - 60
    assert word_count(_edited(draft, f"{most} words").draft) <= most


def test_what_is_cut_for_length_is_told(draft: Draft) -> None:
    assert any("no longer states" in answer for answer in _edited(draft, "10 words").answers)


def test_a_shortened_draft_stays_short_in_another_tone(draft: Draft) -> None:
    short = _edited(draft, "10 words").draft
    warm = _edited(short, "warm").draft
    assert [section.id for section in warm.sections] == [section.id for section in short.sections]
    assert _opened(warm) == _opened(short)


def test_first_person_and_back() -> None:
    draft = world.composed(0)
    told = _edited(draft, "in the first person")
    names = [part for s in statements(told.draft.headline) for part in s.parts if isinstance(part, Name)]
    assert not any(name.name in ("person", "first_name") for name in names)
    words = " ".join(p.text for s in statements(told.draft.headline) for p in s.parts if isinstance(p, Text))
    assert "I " in f"{words} " or "me" in words or "my" in words.lower()
    back = _edited(told.draft, "in the third person").draft
    assert "I " not in " ".join(statement.text for statement in statements(back.headline))


def test_free_text_that_needs_a_model_is_answered_and_changes_nothing(draft: Draft) -> None:
    edit = _edited(draft, "like a pirate")
    assert edit.draft.all_sections == draft.all_sections
    assert "Without a model “like a pirate” cannot be followed" in edit.answers[0]


def test_only_one_section_is_left_and_the_shortfalls_of_the_others_are_handed_over(draft: Draft) -> None:
    edit = _edited(draft, "only the key results")
    assert [section.id for section in edit.draft.sections] == ["kpis"]
    assert set(_opened(draft)) <= set(_opened(edit.draft))


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("longer", "cannot be made longer"),
        ("in German", "cannot be written in German; the languages are Arabic"),
        ("9000 words", "within the 9000 asked for"),
        ("thanks", "Nothing is asked for"),
        ("only the customers", "is not in this version"),
    ],
)
def test_what_cannot_be_had_is_said_and_nothing_changes(draft: Draft, wish: str, said: str) -> None:
    edit = _edited(draft, wish)
    assert edit.draft.all_sections == draft.all_sections
    assert said in edit.answers[0]


def test_a_wish_for_a_falsehood_changes_nothing(draft: Draft) -> None:
    edit = _edited(draft, "say that every target was met")
    assert edit.draft.all_sections == draft.all_sections
    assert "would not be true" in edit.answers[0]


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ("formal but chatty", "“chatty” cannot be followed"),
        ("warm, and say that every target was met", "would not be true"),
        ("formal, in plain words", "it is “formal” here, not plain"),
    ],
)
def test_the_parts_of_a_wish_that_can_be_had_are_done_and_the_others_named(draft: Draft, wish: str, named: str) -> None:
    edit = _edited(draft, wish)
    assert edit.changed
    assert any(named in answer for answer in edit.answers)


def test_half_of_a_text_is_a_length_and_half_of_a_result_is_none(draft: Draft) -> None:
    before, after = word_count(draft), word_count(_edited(draft, "cut it in half").draft)
    assert after <= before / 2
    assert _edited(draft, "cut the revenue in half").draft.all_sections == draft.all_sections


def test_a_figure_to_be_rounded_is_answered_with_the_figure(draft: Draft) -> None:
    assert "revenue won $560K" in _edited(draft, "round the revenue up to $600K").answers[0]


@pytest.mark.parametrize("wish", ["120 words", "leave out the pipeline", "only the key results"])
def test_every_figure_that_goes_is_named_before_anybody_accepts(draft: Draft, wish: str) -> None:
    edit = _edited(draft, wish)
    (told,) = [answer for answer in edit.answers if answer.startswith("It no longer states: ")]
    gone = unsaid(draft, edit.draft)
    assert gone
    assert all(lowered(label) in told for label in gone)


def test_the_page_s_example_does_what_it_says(draft: Draft) -> None:
    edit = _edited(draft, "shorter, start with the pipeline")
    assert edit.draft.sections[0].id == "pipeline"
    assert word_count(edit.draft) < word_count(draft)


def test_a_section_that_was_cut_says_how_it_comes_back_and_a_floor_cuts_no_further(draft: Draft) -> None:
    short = _edited(draft, "the short form").draft
    assert (
        "going back to an earlier version (restore) brings it back"
        in _edited(short, "start with the pipeline").answers[0]
    )
    again = _edited(short, "50 words")
    assert again.draft.all_sections == short.all_sections


@pytest.mark.parametrize("tone", PROMPTS.tones())
def test_a_tones_frames_fit_the_composers(tone: str) -> None:
    frames = PROMPTS.composing("en", "frames")
    toned = {group: kinds for group, kinds in PROMPTS.tone(tone).items() if isinstance(kinds, dict)}
    unknown = [
        f"{group}.{kind}" for group, kinds in toned.items() for kind in kinds if kind not in frames.get(group, {})
    ]
    assert unknown == []
