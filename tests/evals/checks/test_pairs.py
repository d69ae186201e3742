"""Prose in, findings out: every case of `pairs/<check>.txt` is a draft and the findings that check must give.

A case opens with `=== <sheet> <language>: <what it shows>`; the draft follows; each line `>> <fact>: <words>` is a
finding about that fact (none: about no fact) whose quote holds the words (none: about the whole draft).
"""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from evals.reading.reading import Reading

PAIRS = Path(__file__).parent / "pairs"
SHEETS = tomllib.loads((PAIRS / "sheets.toml").read_text(encoding="utf-8"))
HEAD = re.compile(r"^=== (\w+) (\w+): (.+)$", re.MULTILINE)


def cases() -> list[object]:
    """check, sheet, language, draft and expected findings of every case."""
    found = []
    for file in sorted(PAIRS.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        heads = list(HEAD.finditer(text))
        for head, following in zip(heads, [*heads[1:], None], strict=True):
            lines = text[head.end() : following.start() if following else len(text)].strip("\n").split("\n")
            expected = [tuple(line[3:].split(":", 1)) for line in lines if line.startswith(">> ")]
            draft = "\n".join(line for line in lines if not line.startswith(">> ")).strip("\n")
            name = f"{file.stem}: {head[2]}, {head[3]}"
            found.append(pytest.param(file.stem, head[1], head[2], draft, expected, id=name))
    return found


@pytest.mark.parametrize(("check", "sheet", "language", "draft", "expected"), cases())
def test_finds_what_the_pair_says(
    check: str, sheet: str, language: str, draft: str, expected: list[tuple[str, str]]
) -> None:
    evidence = [{"id": f"n{place}", "text": text} for place, text in enumerate(SHEETS[sheet].get("evidence", ()))]
    reading = Reading.of(draft, SHEETS[sheet]["facts"], evidence, language)
    findings = importlib.import_module(f"evals.checks.{check}").check(reading)
    assert len(findings) == len(expected), [(finding.fact, finding.quote) for finding in findings]
    for fact, words in expected:
        assert any(_is(finding, fact.strip(), words.strip()) for finding in findings), (fact, words, findings)
    for finding in findings:
        if finding.start is not None:
            assert draft[finding.start : finding.end] == finding.quote


def _is(finding, fact: str, words: str) -> bool:
    return (finding.fact or "") == fact and (words in finding.quote if words else finding.quote == "")
