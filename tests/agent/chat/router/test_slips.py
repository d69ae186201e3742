"""Slips of the finger: put right where one word is clearly meant, and never where a word is a name or a word itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.chat.router.parts import route_all
from agent.chat.router.reading import mended, words_of
from agent.chat.router.routing import Unclear, route
from tests.agent.chat.router.office import SETTING, VOCABULARY, ask


def _mended(text: str, *names: str) -> dict[str, str]:
    known = replace(VOCABULARY, records=names)
    words = mended(words_of(text), known.known, text, known.names)
    return {word.mended: word.plain for word in words if word.mended is not None}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("my forcast acuracy", {"forcast": "forecast", "acuracy": "accuracy"}),
        ("teh piepline", {"teh": "the", "piepline": "pipeline"}),
        ("conversoin by stge", {"conversoin": "conversion", "stge": "stage"}),
    ],
)
def test_a_slip_is_put_right(text: str, read: dict[str, str]) -> None:
    assert _mended(text) == read


@pytest.mark.parametrize("text", ["am I alone here", "the Wether Stations deal", "how did Forcast Labs go"])
def test_short_words_and_names_inside_a_sentence_stay(text: str) -> None:
    assert _mended(text) == {}


def test_a_word_of_a_name_on_record_stays_in_small_letters_too() -> None:
    assert _mended("how did the pipline systems deal go") != {}
    assert _mended("how did the pipline systems deal go", "Pipline Systems") == {}


@pytest.mark.parametrize("text", ["what is my salery like", "when did I sell to Lossely Ltd", "any comision on weathr"])
def test_an_answer_quotes_no_word_that_was_not_typed(text: str) -> None:
    routed = route(text, VOCABULARY, SETTING)
    said = routed.reason if isinstance(routed, Unclear) else routed.unsure
    quoted = [each for index, each in enumerate(said.split('"')) if index % 2]
    assert all(each.casefold() in text.casefold() for each in quoted)


def test_a_word_put_right_to_no_end_is_not_told() -> None:
    routed = ask("am I alnog in missing quota")
    assert "alnog as" not in (routed.reason if isinstance(routed, Unclear) else routed.unsure)


def test_a_clause_that_is_not_understood_is_named() -> None:
    calls = route_all("what was my win rate in May and how do I bake a very big pie?", VOCABULARY, SETTING)
    assert not isinstance(calls, Unclear)
    assert [(call.tool, call.arguments["metric"]) for call in calls] == [("figure", "win_rate")]
    assert "not answered: “how do I bake a very big pie?”" in calls[0].unsure
