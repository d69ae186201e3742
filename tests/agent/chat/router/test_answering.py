"""Plain questions at the desk without a model: the figures that come back, and what is said where none can."""

from __future__ import annotations

import pytest

from agent.chat.desk import Desk
from agent.chat.router.answering import Router
from tests.agent.chat.model import blocks, notices
from tests.agent.chat.seller import talk, told

# In the seller's own small quarter, every figure worked out by hand there.
ASKED = [
    ("how far am I off my number?", "20 points short"),
    ("what share of deals do I win these days", "50%"),
    ("did I bring in more than in the first quarter", "$50K"),
    ("typical size of what I sell", "$40K"),
    ("how many days till my deals are done", "50 days"),
    ("deals that should have been signed by June", "Deal O1"),
    ("why do buyers say no", "Price"),
    ("what is my goal and did I reach it", "20 points short"),
    ("explain my win rate", "A rival cut its prices in May"),
    ("which metrics can't you work out", "What could not be computed"),
]


@pytest.mark.parametrize(("text", "shown"), ASKED)
def test_an_unlisted_question_shows_the_figures_that_answer_it(desk: Desk, text: str, shown: str) -> None:
    assert shown in told(blocks(talk(desk, Router(), text)))


def test_what_is_not_understood_is_said_with_what_can_be_asked(desk: Desk) -> None:
    events = talk(desk, Router(), "what's the weather like in Oslo")
    assert "works without a language model" in notices(events)[0]
    assert [block.kind for block in blocks(events)] == ["notice", "asks"]
    assert events[-1].kind == "done"


def test_a_doubtful_reading_is_said_before_its_answer(desk: Desk) -> None:
    events = talk(desk, Router(), "what is my forcast accuracy")
    assert notices(events)[0].startswith("Taken as: forecast accuracy (read forcast as forecast)")


def test_a_follow_up_leans_on_what_the_store_remembers(desk: Desk) -> None:
    talk(desk, Router(), "what is my win rate")
    events = talk(desk, Router(), "and in Q1?")
    assert "Q1 2026" in told(blocks(events))


def test_somebody_elses_figures_are_refused_in_the_words_for_nobody(desk: Desk) -> None:
    known = told(blocks(talk(desk, Router(), "win rate of Bo Lind")))
    talk(desk, Router(), "help")
    stranger = told(blocks(talk(desk, Router(), "win rate of Zora Quill")))
    assert known.replace("Bo Lind", "…") == stranger.replace("Zora Quill", "…")


def test_a_wish_without_a_draft_writes_one_first(desk: Desk) -> None:
    events = talk(desk, Router(), "make it shorter")
    kinds = [block.kind for block in blocks(events)]
    assert notices(events)[0] == "There was no draft here yet, so one is written first."
    assert kinds.count("draft") == 2
