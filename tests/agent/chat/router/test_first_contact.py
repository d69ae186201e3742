"""Questions in people's own words, with what each asks for: a table that anybody can add to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agent.chat.router.parts import route_all
from agent.chat.router.reading import data
from agent.chat.router.routing import Routed, Unclear
from tests.agent.chat.router.office import SETTING, VOCABULARY

_SHOWN = ("who", "period", "metric", "stage", "name", "by", "every", "against", "where", "called")


def _rows() -> list[tuple[str, str]]:
    lines = Path(__file__).with_name("first_contact.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("  =>  ") for line in lines if "  =>  " in line]
    return [(question, wanted) for question, wanted in pairs]


def _asked(questions: str) -> str:
    """What the last of the questions becomes, as it stands in the table."""
    setting, calls = SETTING, None
    for question in questions.split(" >> "):
        calls = route_all(question, VOCABULARY, setting)
        if not isinstance(calls, Unclear):
            setting = replace(setting, before=calls[-1])
    assert calls is not None
    return "-" if isinstance(calls, Unclear) else " + ".join(map(_told, calls))


def _told(call: Routed) -> str:
    arguments = {name: call.arguments[name] for name in _SHOWN if call.arguments.get(name)}
    if "where" in arguments:
        arguments["where"] = ",".join(f"{column}={value}" for column, value in arguments["where"])
    return " ".join([call.tool, *(f"{name}={value}".replace(" ", "_") for name, value in sorted(arguments.items()))])


def _sorted(wanted: str) -> str:
    return " + ".join(" ".join([tool, *sorted(rest)]) for tool, *rest in map(str.split, wanted.split(" + ")))


@pytest.mark.parametrize(("questions", "wanted"), _rows(), ids=[row[0] for row in _rows()])
def test_a_question_asks_for(questions: str, wanted: str) -> None:
    assert _asked(questions) == _sorted(wanted)


def test_none_of_them_stands_in_the_rules() -> None:
    listed = {text.casefold() for asked in data("examples")["asked"].values() for text in asked}
    cues = {cue for intent in data("intents").values() for cue in intent["cues"]}
    assert not [row for row, _ in _rows() if row.casefold() in listed or row in cues]
