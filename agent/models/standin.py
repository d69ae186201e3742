"""Writes sections and answers questions from a request's own record, without a model: plain, and always the same.

`OfflineChatModel` and the tests' server answer with it. It reads the request as a model does, so it also shows that a
request holds all that a good answer needs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from agent.models.briefing import read_request

Row = dict[str, Any]

_MOST_WORDS_QUOTED = 20
_FEWEST_STEPS, _MOST_STEPS = 3, 5


def section_answer(request: str) -> Row:
    """The answer to one section's request, as the object that its schema asks for; empty where it has no plan."""
    record, plan = read_request(request)
    if not plan:
        return {"blocks": []}
    if not record:
        return {"blocks": [_reworded(block) for block in plan["blocks"]]}
    desk = _Desk(record, plan)
    if plan["section"] == "next_steps":
        return {"steps": desk.steps()}
    return {"blocks": desk.headline() if plan["section"] == "headline" else desk.section()}


# Other words for a section that is to be rewritten.
_REWORDED = (
    ("came in at", "ended the period at"),
    ("stood at", "came to"),
    ("Worked ", "Has worked "),
    ("On record", "As recorded"),
    ("The cause", "The reason"),
    ("Why it matters", "What it is for"),
    (" so that ", " in order that "),
)


def _reworded(block: Row) -> Row:
    """The block with its tokens where they were and some of its words changed."""

    def said(sentence: str) -> str:
        for old, new in _REWORDED:
            sentence = sentence.replace(old, new, 1)
        return sentence

    return block | {"sentences": [said(sentence) for sentence in block["sentences"]]}


def chat_answer(messages: Sequence[tuple[str, str]], tools: Sequence[str]) -> Row:
    """A turn of a conversation: the `tool` to call with its `arguments`, or the `text` of the answer.

    `messages` are (role, text) pairs. The tool is the one whose name the question comes nearest to; what it found is
    told in the words of its first facts.
    """
    role, text = messages[-1] if messages else ("user", "")
    if role == "tool" and (found := _FOUND.search(text)) is not None:
        return {"text": _told(json.loads(found[1]))}
    asked = _QUESTION.search(text)
    if role != "user" or asked is None:
        return {"text": "The table shows it."}
    words = set(re.findall(r"[a-z]+", asked[1].lower()))
    named = [tool for tool in tools if tool in _WITHOUT_ARGUMENTS and _near(tool, words)]
    return {"tool": (named or ["overview"])[0], "arguments": {}}


# Where a conversation's question stands, and what a tool found.
_QUESTION = re.compile(r"<question>\n(.*?)\n</question>", re.S)
_FOUND = re.compile(r"<found>\n(.*?)\n</found>", re.S)
_WITHOUT_ARGUMENTS = ("slipped", "stuck", "delays", "losses", "changed", "missing", "shortfalls", "draft", "help")
_MOST_TOLD = 2


def _near(tool: str, words: set[str]) -> bool:
    return any(word[:5] == tool[:5] for word in words)


def _told(found: Row) -> str:
    prefix = "" if found.get("sheet", "s1") == "s1" else f"{found['sheet']}:"
    lines = []
    for fact in found.get("facts", ())[:_MOST_TOLD]:
        ways = ("vs target", "at prior")
        token = next((f"{fact['id']} {way}" for way in ways if f"{{{fact['id']} {way}}}" in fact["tokens"]), fact["id"])
        lines.append(f"{{{prefix}name label {fact['id']}}} came in at {{{prefix}{token}}}.")
    return " ".join(lines) or "The table shows it."


class _Desk:
    def __init__(self, record: Row, plan: Row) -> None:
        self.plan = plan
        self.facts: dict[str, Row] = {fact["id"]: fact for fact in record["facts"]}
        self.notes: dict[str, Row] = {note["id"]: note for note in record["notes"] if note["id"] in plan["notes"]}
        self.told: set[str] = set()

    def headline(self) -> list[Row]:
        lead, best, weakest = (self.plan[role] for role in ("lead", "best", "weakest"))
        first = [self.statement(fact) for fact in dict.fromkeys((lead, best)) if fact not in (None, weakest)]
        if self.plan["no_target"]:
            first.append("No target is on record for {name period}.")
        second = [self.statement(weakest), *self.causes(weakest)] if weakest is not None else []
        return [_block("paragraph", sentences) for sentences in (first, second) if sentences]

    def section(self) -> list[Row]:
        style = "bullet" if self.plan["section"] in ("kpis", "qualitative", "context") else "paragraph"
        blocks = [
            _block(style, [self.statement(demand["fact"]), *self.causes(demand["fact"])])
            for demand in self.plan["must_state"]
        ]
        rest = [note for note in self.notes if note not in self.told]
        return blocks + [_block(style, [f"On record: {quoted}."]) for note in rest if (quoted := self.quoted(note))]

    def steps(self) -> list[Row]:
        agreed = [quoted for note in self.notes.values() if (quoted := self.quoted(note["id"]))]
        weak = self.plan["shortfalls"]
        aim = next(iter(weak + self.plan["may_state"]), None)
        moved = f", for {{name label {aim}}}" if aim is not None else ""
        steps = [_step("fix", f"Carry out what was agreed{moved}: {quoted}.") for quoted in agreed[:2]]
        for fact in weak[: _MOST_STEPS - 2 - len(steps)]:
            goal = f"at {{{fact} target}}" if self._offers(fact, "target") else "back where it was"
            steps.append(_step("fix", f"Review what feeds {{name label {fact}}} every week, until it is {goal}."))
        upheld = [fact for fact in self.plan["may_state"] if fact not in weak] or weak
        for fact in upheld[: max(1, _FEWEST_STEPS - 1 - len(steps))]:
            steps.append(_step("keep", f"Hold to the way of working behind {{name label {fact}}}."))
        trusted = f"{{name label {aim}}}" if aim is not None else "every figure"
        daily = (
            f"Record close dates, amounts and next steps on the day they change, so that {trusted} can be relied on."
        )
        steps.append(_step("reporting", daily))
        return steps

    def statement(self, fact_id: str) -> str:
        """One sentence that names the metric and states it by the token that the plan or the record gives."""
        demand = next((each for each in self.plan["must_state"] if each["fact"] == fact_id), {})
        offered = [f"{{{fact_id} {way}}}" for way in ("vs target", "at prior") if self._offers(fact_id, way)]
        token = demand.get("open_with") or (offered[0] if offered else f"{{{fact_id}}}")
        return f"{{name label {fact_id}}} came in at {token}."

    def causes(self, fact_id: str) -> list[str]:
        explaining = [note for note in self.facts[fact_id].get("explained_by", ()) if note in self.notes]
        self.told |= set(explaining)
        return [f"The notes say: {quoted}." for note in explaining[:1] if (quoted := self.quoted(note))]

    def quoted(self, note: str) -> str | None:
        """A token with the note's first words, or None where they cannot stand in one."""
        first = re.split(r"(?<=[.!?])\s|\n", self.notes[note]["text"].strip())[0].rstrip(".")
        words = re.match(rf"(?:\S+\s*){{1,{_MOST_WORDS_QUOTED}}}", first)
        span = words[0].strip() if words is not None else ""
        return f"{{quote {note}: {span}}}" if span and not set(span) & set("{}") else None

    def _offers(self, fact_id: str, way: str) -> bool:
        return f"{{{fact_id} {way}}}" in self.facts[fact_id]["tokens"]


def _block(style: str, sentences: list[str]) -> Row:
    return {"style": style, "sentences": sentences}


def _step(kind: str, sentence: str) -> Row:
    return {"kind": kind, "sentences": [sentence]}
