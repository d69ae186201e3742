"""The token notation: read once, written back the same, and refused where it says nothing."""

from __future__ import annotations

import pytest

from agent.draft import Comparison, FactToken, Goal, Name, Part, Quotation, Target, Text
from agent.tokens import TokenError, parse_tokens, write_tokens

NOTES = {"n1": "Brought economic buyers in, and kept them"}


@pytest.mark.parametrize(
    ("notation", "part"),
    [
        ("{win_rate}", FactToken(fact="win_rate")),
        ("{sales_cycle_days[segment=smb].median}", FactToken(fact="sales_cycle_days[segment=smb].median")),
        ("{win_rate vs target}", Comparison(fact="win_rate", against="target")),
        ("{win_rate at prior}", Comparison(fact="win_rate", against="prior", form="stated")),
        ("{win_rate from prior}", Comparison(fact="win_rate", against="prior", form="bare")),
        ("{win_rate vs target, prior}", Comparison(fact="win_rate", against="target", beside=("prior",))),
        ("{win_rate target}", Target(fact="win_rate")),
        ("{quote n1: economic buyers}", Quotation(evidence="n1", span="economic buyers")),
        ("{quote n1}", Quotation(evidence="n1", span=NOTES["n1"])),
        ("{name first_name}", Name(name="first_name")),
        ("{goal win_rate 0.35}", Goal(fact="win_rate", value=0.35)),
    ],
)
def test_each_token_is_read_as_its_part(notation: str, part: Part) -> None:
    assert parse_tokens(notation, NOTES) == (part,)


def test_words_and_tokens_are_read_in_their_order_and_written_back() -> None:
    text = "The win rate rose {win_rate from prior}; {quote n1: kept them}."
    parts = parse_tokens(text, NOTES)
    assert parts[0] == Text(text="The win rate rose ")
    assert write_tokens(parts) == text


@pytest.mark.parametrize(
    "notation",
    ["{", "a } b", "{win rate}", "{}", "{win_rate vs plan}", "{quote n9}", "{quote n1: they left}", "{name label}",
     "{name person win_rate}", "{goal win_rate}", "{{win_rate}}", "{win_rate vs target prior}"],
)  # fmt: skip
def test_what_is_no_token_goes_back(notation: str) -> None:
    with pytest.raises(TokenError):
        parse_tokens(notation, NOTES)


def test_a_quotation_is_verbatim_whatever_marks_stand_around_it() -> None:
    assert parse_tokens("{quote n1: “economic buyers”}", NOTES) == (Quotation(evidence="n1", span="economic buyers"),)
