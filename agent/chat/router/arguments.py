"""The arguments of a tool, from what a question names: one reader for each argument."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from agent.chat.router import reports, timing
from agent.chat.router.asked import Asked
from agent.chat.router.dating import day_among
from agent.chat.router.reading import data, stem
from agent.chat.router.slots import opening_words
from agent.chat.router.vocabulary import COMPANY
from agent.chat.router.wishes import canonical_wish, moves_sections

# Before "on the team", these hold somebody against it.
_AMONG = ("worst", "best", "lowest", "highest", "slowest", "fastest", "first", "last", "top", "bottom", "among", "rank")
_FEW = 6
_WHICH_WORDS = re.compile(r"\b(?:about|on|saying|with|where)\s+(?:the\s+|my\s+|that\s+)?(.+?)[?.!]*$", re.I)


def arguments_of(tool: str, asked: Asked) -> tuple[dict[str, Any], bool]:
    """The arguments, and whether any was taken from the question before."""
    fields = asked.fields(tool)
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        if name in fields:
            value = read(tool, asked)
            if value not in (None, "", ()):
                found[name] = value
    filled = False
    open_before = tool not in ("say", "compare") or (tool == "compare" and (_points_back(asked) or _elliptic(asked)))
    if "metric" in fields and "metric" not in found and open_before:
        earlier = asked.from_before("metric")
        if earlier is not None:
            found["metric"], filled = earlier, True
            found = {**_scope_before(asked, fields), **found}
    elif tool in ("records", "why", "open") and _points_back(asked):
        found = {**_scope_before(asked, fields), **found}
    if tool == "report":
        found = reports.whole_report(found, asked)
        if found.get("by") == "rep" and "who" not in found and asked.setting.team is not None:
            # A report with a row for each person is about the people around, not about one.
            found["who"] = asked.setting.team
        if found.get("by") == "team" and "who" not in found:
            found["who"] = "everybody"
    return found, filled


def _scope_before(asked: Asked, fields: Collection[str]) -> dict[str, Any]:
    """Whose and when, as the question before had it."""
    before = asked.setting.before
    if before is None:
        return {}
    carried = ("period",) if asked.own() else ("who", "period")
    return {name: before.arguments[name] for name in carried if name in before.arguments and name in fields}


def _elliptic(asked: Asked) -> bool:
    """ "Better than Q1?": a few words that say nothing of what or who is held against it."""
    subjects = data("words")["who"]["me"]
    named = any(asked.has(kind) for kind in ("person", "report", "section"))
    return len(asked.words) <= _FEW and not named and not asked.typed_whole(("we", "us", "our", "overall", *subjects))


def _points_back(asked: Asked) -> bool:
    return any(word.plain in ("that", "it", "those", "them", "these", "ones") for word in asked.words)


def _who(tool: str, asked: Asked) -> str | None:
    for slot in asked.all("person"):
        return slot.value
    if any(slot.value == COMPANY for slot in asked.all("who")):
        return "everybody"
    beside = asked.has("who") and asked.ahead(asked.all("who")[0]) in (*timing.HELD_AGAINST, *_AMONG, "")
    if asked.has("who") and not asked.typed_whole(("teams",)) and not (tool == "compare" and beside):
        return asked.setting.team
    pronouns = data("words")["who"]
    if any(word.plain in pronouns["her"] for word in asked.words) and asked.setting.before is not None:
        return asked.setting.before.arguments.get("who")
    if any(word.plain in pronouns["me"] for word in asked.words):
        return asked.setting.me
    return None


def loss_reason(asked: Asked) -> str | None:
    """The id of the losses over the reason that is named, where nothing but losses is asked of."""
    reason = next((slot.value for slot in asked.all("reason")), None)
    of_losses = asked.metric() in (None, "deals_lost", "loss_reasons")
    return f"loss_reasons[reason={reason}]" if reason is not None and of_losses else None


def _metric(tool: str, asked: Asked) -> str | None:
    metric = asked.metric()
    if tool == "records" and loss_reason(asked) is not None:
        return loss_reason(asked)
    if tool == "say" and metric is not None:
        explains = data("names")["explains"]
        told = any(word.plain in explains["words"] for word in asked.words)
        return metric if told and metric not in explains["never"] else None
    return metric


def _on(tool: str, asked: Asked) -> date | None:
    """The day of a statement."""
    named = (slot.period for slot in asked.all("period"))
    return day_among((said for said in named if said is not None), asked.text, asked.setting.calendar)


def _stage(tool: str, asked: Asked) -> str | None:
    return next((slot.value for slot in asked.all("stage")), None)


def _wish(tool: str, asked: Asked) -> str:
    return canonical_wish(asked)


def _section(tool: str, asked: Asked) -> str | None:
    """The section that alone should change; a section moved or left out is part of the wish."""
    if moves_sections(asked):
        return None
    return next((slot.value for slot in asked.all("section")), None)


def _text(tool: str, asked: Asked) -> str:
    """The statement without what asks for it to be kept."""
    at = opening_words(asked.words)
    asks = {stem(word) for word in data("names")["opening"]["asking"]}
    whole = asked.text.strip()
    if at < len(asked.words) and any(word.stem in asks for word in asked.words[:at]):
        whole = asked.text[asked.words[at].start :].strip()
    return whole[:1].upper() + whole[1:]


def _which(tool: str, asked: Asked) -> str:
    if tool == "open":
        for kind in ("printed", "number", "metric"):
            for slot in asked.all(kind):
                return slot.value
        return _ordinal(asked) or asked.from_before("metric") or "1"
    if tool == "link":
        return "last"
    match = _WHICH_WORDS.search(asked.text)
    if match is not None and not re.fullmatch(r"(?:last|that|this|it)\b.*", match[1], re.I):
        return match[1]
    return "last"


def _called(tool: str, asked: Asked) -> str | None:
    """The name of an account or deal: the longest."""
    named = asked.all("record")
    return max(named, key=lambda slot: slot.end - slot.start).value if named else None


def _ordinal(asked: Asked) -> str | None:
    """The place in the answer before: "the second one" is "2"."""
    numbers = data("periods")["ordinals"]
    return next((str(numbers[word.plain]) for word in asked.words if word.plain in numbers), None)


_READERS: dict[str, Callable[[str, Asked], Any]] = {
    "metric": _metric, "on": _on, "who": _who, "period": timing.period, "stage": _stage, "against": timing.against,
    "wish": _wish, "section": _section, "text": _text, "which": _which, "name": reports.name, "by": reports.by,
    "every": reports.every, "where": reports.where, "called": _called,
}  # fmt: skip
