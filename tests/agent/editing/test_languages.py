"""A draft in another language: the same tokens, new words, and no English left unsaid about."""

from __future__ import annotations

import asyncio
import json
import re
import tomllib
from pathlib import Path

import pytest

from agent.draft import FACT_PARTS, Draft, Section
from agent.editing.difference import section_changes
from agent.editing.edit import edit_draft
from agent.editing.judging import Judge
from agent.editing.kept import kept
from agent.editing.languages import reprinted
from agent.editing.notation import read_sentence, written
from agent.editing.plans import opened_by_shortfall
from agent.editing.wish import Wish, read_wish
from agent.markdown import to_markdown
from agent.naming import metric_name
from agent.store.store import draft_json
from prompts.loader import SECTIONS
from tests.agent.editing import conftest as world
from tools.metrics.catalogue import METRICS

_TOKEN = re.compile(r"\{[^{}]*\}")
# All tokens but the names of persons and periods.
_NAMES_KEPT = re.compile(r"\{(?!name)|\{name (?:label|why)")
_SWEDISH = "Det som gäller för perioden är {tokens}, som det står i underlaget."


class Translator:
    """A model that writes one Swedish sentence around every sentence's tokens; `tail` is added where figures are."""

    def __init__(self, tail: str = "", only: str | None = None) -> None:
        self.attempts: list = []
        self.asked: list[str] = []
        self.tail, self.only = tail, only

    async def rewrite(self, section, plan, before: Section, wish: str, refused=()) -> Section:  # noqa: ANN001
        self.asked.append(section.id)
        shown = written(before)
        blocks = []
        for block in before.blocks:
            told = []
            for statement in block.statements:
                index = before.blocks.index(block), block.statements.index(statement)
                sentence = shown.blocks[index[0]]["sentences"][index[1]]
                tokens = [
                    t for t in _TOKEN.findall(sentence) if not t.startswith("{name") or "label" in t or "why" in t
                ]
                weak = any(isinstance(shown.parts.get(t), FACT_PARTS) for t in tokens)
                weak = weak and self.only in (None, section.id)
                text = _SWEDISH.replace("{tokens}", " samt ".join(tokens) or "detta")
                told.append(read_sentence(text[:-1] + (self.tail if weak else "") + ".", shown))
            blocks.append(block.model_copy(update={"statements": tuple(told)}))
        return before.model_copy(update={"blocks": tuple(blocks), "written_by": "model"})


def _edit(draft: Draft, model: Translator):  # noqa: ANN202
    wish = Wish("in Swedish", language="sv")
    return asyncio.run(edit_draft(draft, wish, world.PROMPTS, world.RUN, rewriter=model, review=world.review))


def test_a_draft_is_rewritten_with_the_same_tokens(draft: Draft) -> None:
    edit = _edit(draft, Translator())
    assert edit.refused == ()
    assert edit.draft.locale == "sv"
    assert edit.draft.headline.title == "I korthet"
    for before, after in zip(draft.all_sections, edit.draft.all_sections, strict=True):
        assert kept(before) == kept(after)
        assert set(opened_by_shortfall(before, draft)) == set(opened_by_shortfall(after, edit.draft))


@pytest.mark.parametrize(
    "tail", [", men det är bara brus", ", tack vare otur", " och det är praktiskt taget ett dussin"]
)
def test_a_shortfall_is_not_talked_away_in_the_other_language(draft: Draft, tail: str) -> None:
    edit = _edit(draft, Translator(tail))
    assert "headline" in [refusal.section for refusal in edit.refused]


def test_what_could_not_be_translated_keeps_its_own_language_whole(draft: Draft) -> None:
    edit = _edit(draft, Translator(", men det är bara brus", only="headline"))
    stayed = [section.id for section in edit.draft.all_sections if section.locale == "en"]
    assert stayed == [refusal.section for refusal in edit.refused]
    for before, after in zip(draft.all_sections, edit.draft.all_sections, strict=True):
        if before.id in stayed:
            assert (after.title, after.blocks) == (before.title, before.blocks)
        else:
            assert after.blocks != before.blocks
    (told,) = [answer for answer in edit.answers if answer.startswith("Still in English, words and figures:")]
    assert all(section.title in told for section in draft.all_sections if section.id in stayed)
    assert "In short" in [refusal.title for refusal in edit.refused]
    assert [finding.check for finding in edit.draft.findings] == ["two_languages"]
    assert any("two languages" in line for line in edit.checked)
    assert not {change.id for change in section_changes(draft, edit.draft)} & set(stayed)
    # Printed again, as a proof is, it is the same text; another edit leaves those sections alone.
    assert reprinted(edit.draft, world.PROMPTS, "sv") == edit.draft
    assert Draft.model_validate(draft_json(edit.draft)) == edit.draft


class Parrot(Translator):
    """A model that answers with what it was given."""

    async def rewrite(self, section, plan, before: Section, wish: str, refused=()) -> Section:  # noqa: ANN001
        return before.model_copy(update={"written_by": "model"})


def test_what_comes_back_in_the_old_language_is_no_translation(draft: Draft) -> None:
    edit = _edit(draft, Parrot())
    assert not edit.differs_from(draft)
    assert all("not in the language asked for" in " ".join(refusal.reasons) for refusal in edit.refused)


def test_asked_again_only_what_is_left_is_translated(draft: Draft) -> None:
    honest = Translator()
    first = _edit(draft, Translator(", men det är bara brus", only="headline"))
    again = _edit(first.draft, honest)
    assert sorted(honest.asked) == sorted(refusal.section for refusal in first.refused)
    assert again.draft.all_sections == _edit(draft, Translator()).draft.all_sections
    assert _edit(again.draft, Translator()).answers == ("It is in Swedish already.",)


def test_the_composer_puts_no_english_into_a_draft_in_another_language(draft: Draft) -> None:
    swedish = _edit(draft, Translator()).draft
    for words in ("warm", "in the first person"):
        wish = read_wish(words, world.PROMPTS)
        edit = asyncio.run(edit_draft(swedish, wish, world.PROMPTS, world.RUN, review=world.review))
        assert not edit.differs_from(swedish)
        assert "only an English draft can be reworded" in edit.answers[0]


def test_what_is_printed_in_english_for_want_of_words_is_told_once(draft: Draft) -> None:
    from agent.editing.languages import unnamed_text

    swedish = reprinted(draft, world.PROMPTS, "sv")
    assert unnamed_text(swedish, world.PROMPTS) is None
    assert unnamed_text(draft, world.PROMPTS) is None
    facts = tuple(
        fact.model_copy(update={"label": "Sparkle rate", "metric_id": "sparkle", "id": "sparkle"})
        if fact.id == "win_rate"
        else fact
        for fact in draft.sheet.facts
    )
    text = (
        json.dumps(draft_json(draft))
        .replace('"of": "win_rate"', '"of": "sparkle"')
        .replace('"fact": "win_rate"', '"fact": "sparkle"')
    )
    odd = Draft.model_validate_json(text)
    sheet = odd.sheet.model_copy(update={"facts": facts, "role": "sparkler", "quality": ("All is dust", "All is dust")})
    told = unnamed_text(odd.model_copy(update={"sheet": sheet, "locale": "sv"}), world.PROMPTS)
    assert told is not None
    for said in ("Swedish has no words on file for", "Sparkle rate", "the role sparkler", "the line “All is dust”"):
        assert said in told


def test_figures_of_another_locale_need_no_model(draft: Draft) -> None:
    polish = reprinted(draft, world.PROMPTS, "pl")
    assert [kept(section) for section in polish.all_sections] == [kept(section) for section in draft.all_sections]
    assert reprinted(polish, world.PROMPTS, "en") == draft


LANGUAGES = ("sv", "da", "pl", "ar")
FAIR, LIES = (
    tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8")) for name in ("fair.toml", "lies.toml")
)


def _objections(draft: Draft, locale: str, first: str, second: str) -> list[str]:
    """What speaks against a headline whose shortfall is told in these two sentences of that language."""
    going, judge = reprinted(draft, world.PROMPTS, locale), Judge(draft, world.PROMPTS, None, locale)
    shown = written(going.headline)
    tokens = _TOKEN.findall(shown.blocks[1]["sentences"][0])
    holes = {
        "{L}": next(token for token in tokens if "label" in token),
        "{T}": next(token for token in tokens if "vs" in token),
        "{Y}": next(token for token in _TOKEN.findall(shown.blocks[1]["sentences"][1]) if "why" in token),
        "{P}": "{name period}",
    }
    for hole, token in holes.items():
        first, second = first.replace(hole, token), second.replace(hole, token)
    bare = [", ".join(_TOKEN.findall(sentence)) + "." for sentence in shown.blocks[0]["sentences"]]
    blocks = tuple(
        block.model_copy(update={"statements": tuple(read_sentence(sentence, shown) for sentence in told)})
        for block, told in zip(going.headline.blocks, (bare, (first, second)), strict=True)
    )
    after = going.headline.model_copy(update={"blocks": blocks, "written_by": "model"})
    return [str(loss) for loss in judge.objections(going.headline, judge.printer.section(after), going)]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_fair_translations_of_a_shortfall_pass(locale: str) -> None:
    draft, fair = world.composed(0), FAIR[locale]
    refused = [said for said in fair["shortfall"] if _objections(draft, locale, said, fair["why"][0])]
    refused += [said for said in fair["why"] if _objections(draft, locale, "{L}: {T}.", said)]
    assert refused == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_translation_hides_a_shortfall(locale: str) -> None:
    draft, why = world.composed(0), FAIR[locale]["why"][0]
    passed = [said for said in LIES[locale]["whole"] if not _objections(draft, locale, said, why)]
    passed += [said for said in LIES[locale]["after"] if not _objections(draft, locale, "{L}: {T}.", said)]
    assert passed == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_metric_and_everything_that_code_writes_is_named_in_the_language(locale: str) -> None:
    language, english = world.PROMPTS.language(locale), world.PROMPTS.language("en")
    unnamed = [metric.id for metric in METRICS if metric_name(language, metric.fact_id, metric.id) is None]
    assert unnamed == []
    assert set(language["facts_only"]) == set(english["facts_only"])
    assert set(language["page"]) == set(english["page"])
    assert set(language["titles"]) == set(SECTIONS)


def test_scope_targets_and_what_was_left_out_are_in_the_language() -> None:
    text = to_markdown(reprinted(world.composed(0), world.PROMPTS, "sv"))
    for said in ("## Period och omfattning", "| Mål | Målvärde |", "Prognosprecision", "**Åtgärda:**", "*Utelämnat:"):
        assert said in text
    for english in ("Data quality", "Target", "Left out", "**Fix:**", "Forecast accuracy"):
        assert english not in text


def test_foreign_runs_are_set_apart_in_arabic() -> None:
    text = to_markdown(reprinted(world.composed(0), world.PROMPTS, "ar"))
    assert "\u2068Michael Torres\u2069" in text
    assert text.count("\u2068") == text.count("\u2069")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_standard_case_is_printed_in_every_language(locale: str) -> None:
    for case in range(0, 50, 7):
        made = world.composed(case)
        assert [kept(section) for section in reprinted(made, world.PROMPTS, locale).all_sections] == [
            kept(section) for section in made.all_sections
        ]
