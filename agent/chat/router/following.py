"""Short questions that go on from the one before: "and last quarter?", "for Anna?", "and by segment?"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from agent.chat.router.arguments import arguments_of
from agent.chat.router.asked import Asked, Routed, Unclear
from agent.chat.router.cues import LEAST_OF_WHOLE, Intent, Scored, intents
from agent.chat.router.leftout import left_out, refusal
from agent.chat.router.reading import data
from agent.chat.router.reports import reports_showing
from agent.chat.router.saying import said_back
from agent.chat.router.slots import Slot
from agent.chat.router.timing import period_following

# "versus the others?": openings that hold what was asked before against something.
_AGAINST = (("versus",), ("against",), ("compared", "to"), ("compared", "with"), ("than",), ("relative", "to"))
# "and Q1?", "what about Anna?": openings that put something in the place of what was asked before.
_FOLLOWING = (("and",), ("but",), ("or",), ("also",), ("same",), ("ditto",), ("for",), ("in",), ("then",), ("now",),
              ("only",), ("just",), ("what", "about"), ("how", "about"), *_AGAINST)  # fmt: skip
_CHANGING = frozenset({"draft", "edit", "undo_edit", "say", "forget", "turn_to", "help", "difference", "statements",
                       "open"})  # fmt: skip
# Things that a short question may put in the place of those asked before.
_CARRIED = ("metric", "period", "who", "person", "stage", "dimension", "peers", "value")


def follow_up(asked: Asked, best: Scored) -> Routed | Unclear | None:
    """ "and last quarter?", "for Anna?": what was asked before, with what is named now in its place."""
    before = asked.setting.before
    if before is None or before.tool in _CHANGING:
        return None
    named = [slot for slot in asked.slots if slot.kind in _CARRIED]
    if not named:
        return None
    if not _leans(asked, named):
        return None
    kinds = {slot.kind for slot in named}
    if _asks_by_itself(asked, best, kinds):
        return None
    tool = before.tool
    if kinds & {"dimension", "value"} and "metric" not in kinds and tool in ("figure", "why", "records"):
        return _split(asked, before)
    held_against = _opening(asked, _AGAINST) or "peers" in kinds and kinds <= {"peers", "who", "dimension"}
    if "metric" in kinds and tool not in ("figure", "why", "records", "compare"):
        tool = "figure"
    elif held_against and tool in ("figure", "overview", "why"):
        tool = "compare"
    if asked.typed_whole(("why", "how")) and "metric" not in kinds:
        return None
    arguments, _ = arguments_of(tool, asked)
    periods = asked.all("period")
    if periods and "period" in arguments and tool not in ("compare", "changed"):
        arguments["period"] = period_following(periods[0], asked)
    merged = {**_kept(before.arguments, tool, asked), **arguments}
    if tool == "compare" and "peers" not in kinds and "against" in before.arguments:
        merged["against"] = before.arguments["against"]
    intent = next(each for each in intents() if each.tool == tool)
    if any(need not in merged for need in intent.needs):
        return None
    return _leaning(intent, merged, asked)


def going_on(tool: str, arguments: dict[str, Any], asked: Asked) -> tuple[dict[str, Any], bool]:
    """The arguments, and whether some are those of the question before: "and what slipped?" of Anna goes on of her."""
    before = asked.setting.before
    if before is None or before.tool in _CHANGING or tool in _CHANGING or not _opening(asked, (("and",), ("also",))):
        return arguments, False
    scope = {
        name: before.arguments[name]
        for name in (("period",) if asked.own() else ("who", "period"))
        if name in before.arguments and name in asked.fields(tool) and name not in arguments
    }
    return {**scope, **arguments}, bool(scope)


def _leaning(intent: Intent, arguments: Mapping[str, Any], asked: Asked) -> Routed | Unclear:
    """The call, unless what is named now changes nothing of it."""
    reason, left = refusal(intent.tool, asked, ()), left_out(intent.tool, arguments, asked, ())
    before = asked.setting.before
    if not reason and left and before is not None and (intent.tool, arguments) == (before.tool, before.arguments):
        reason = f"That answer {left[0].replace('not ', 'cannot be ', 1)}."
    if reason:
        return Unclear((intent.tool,), reason=reason)
    doubt = "; ".join([*left, "that leans on what you asked before"])
    return Routed(intent.tool, arguments, said_back(intent.says, arguments, asked.vocabulary), doubt)


def _asks_by_itself(asked: Asked, best: Scored, kinds: Collection[str]) -> bool:
    """Whether it needs nothing of the question before: "win rate?" is asked of whom and when the conversation is about,
    "and the win rate?" of whom and when the question before was."""
    if best.score < LEAST_OF_WHOLE or not kinds & {"metric", "report"}:
        return False
    return best.intent.tool not in ("figure", "report") or _opening(asked) == 0


def _split(asked: Asked, before: Routed) -> Routed | Unclear | None:
    """ "And by segment?", "and from partners?" of a metric's answer: the report of it, split or narrowed so."""
    arguments, _ = arguments_of("report", asked)
    by = arguments.get("by")
    fitting = reports_showing(before.arguments.get("metric"), None if by == "total" else by, asked.vocabulary)
    if not fitting or not arguments.keys() & {"by", "every", "where"}:
        return None
    if not asked.has("period"):
        arguments.pop("period", None)
    merged = {**_kept(before.arguments, "report", asked), **arguments, "name": fitting[0]}
    intent = next(each for each in intents() if each.tool == "report")
    return _leaning(intent, merged, asked)


def _opening(asked: Asked, openings: Sequence[tuple[str, ...]] = _FOLLOWING) -> int:
    """How many words at the beginning say that the question goes on from the one before."""
    words = [word.plain for word in asked.words]
    return max((len(each) for each in openings if tuple(words[: len(each)]) == each), default=0)


def _leans(asked: Asked, named: Sequence[Slot]) -> bool:
    """Whether the question is only an opening and what it names: it asks for nothing by itself."""
    words = [word.plain for word in asked.words]
    opening = _opening(asked)
    covered = {index for slot in named for index in range(slot.start, slot.end)}
    rest = [word for index, word in enumerate(words) if index >= opening and index not in covered]
    filler = set(data("words")["filler"]["words"])
    return all(word in filler and word not in data("names")["asking"]["words"] for word in rest) and len(rest) <= (
        3 if opening else 1
    )


def _kept(arguments: Mapping[str, Any], tool: str, asked: Asked) -> dict[str, Any]:
    """The arguments of the call before that the tool takes too."""
    fields = asked.fields(tool)
    return {name: value for name, value in arguments.items() if name in fields and not (name == "who" and asked.own())}
