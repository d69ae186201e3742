"""What a question names and its answer would leave out: said where the answer still helps, else asked back about.

A name, a number, a time or a filter that is passed over in silence makes a right figure a wrong answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.chat.router.asked import Asked
from agent.chat.router.cues import Intent, intents
from agent.chat.router.reading import Word, data
from agent.chat.router.slots import Slot, overlap
from agent.chat.router.timing import held_against

# These take the person's words as they are, or take none.
_TAKES_ALL = frozenset({"say", "edit", "forget", "help", "undo_edit", "difference", "statements", "link", "questions"})
_FILTERS = ("person", "stage", "value", "period", "topic", "who")
_ARTICLES = ("the", "my", "our", "a", "an", "his", "her", "their", "any", "all", "those", "these", "that", "this")
_NEAR = 4
_EACH = ("who", "whose", "everyone", "everybody", "individually")
_COVERED = ("metric", "report", "dimension", "stage")


def refusal(tool: str, asked: Asked, unknown: Sequence[str]) -> str:
    """Why the question is asked back about and not answered with what came nearest; "" where it may be answered."""
    if tool in _TAKES_ALL:
        return ""
    words = data("honest")
    outside = out_of_reach(asked, split=tool == "report")
    if outside:
        return outside
    excluded = _exclusion(asked)
    if excluded:
        return f'Nothing can be left out of an answer here ("{excluded}"); ask for what should be in it.'
    if tool in words["foretold"]["tools"] and _foretold(asked):
        return "It shows what is on record, and neither foretells nor reckons with what might have been."
    ratio = _ratio(asked)
    if ratio:
        return f'No metric here counts "{ratio}".'
    if tool not in words["open_ended"]["not"]:
        for slot in asked.all("period"):
            if asked.ahead(slot) in words["open_ended"]["words"]:
                return f'Say from when to when: "{asked.ahead(slot)} …" names only one end.'
    strange = next(_strange_filters(asked, unknown), None)
    return f'Nothing here knows "{strange}".' if strange is not None else ""


def out_of_reach(asked: Asked, *, split: bool) -> str:
    """What no record here holds, in a sentence; with `split`, also what no report has a row for."""
    for index, word in enumerate(asked.words):
        if word.plain in data("honest")["outside"]["words"] and not _named(index, asked):
            return f'The records hold nothing about "{word.typed}".'
    column = _unsplit(asked) if split else ""
    return f'No report has a row for each "{column}".' if column else ""


def left_out(tool: str, arguments: Mapping[str, Any], asked: Asked, unknown: Sequence[str]) -> list[str]:
    """What was named and is not in the answer, each as a few words for a person."""
    if tool in _TAKES_ALL:
        return []
    wide = [_shown(slot) for slot in _unused(tool, asked)]
    passed_over = metric_passed_over(next(each for each in intents() if each.tool == tool), asked)
    if passed_over is not None:
        wide.append(asked.typed(passed_over))
    wide += [slot.value for slot in _others_named("person", "who", arguments, asked)]
    wide += [slot.value for slot in _others_named("record", "called", arguments, asked)]
    if tool not in ("compare", "changed"):
        wide += [asked.typed(slot) for slot in _others_named("period", "period", arguments, asked)]
    wide += [asked.typed(slot) for slot in _numbers(tool, asked)]
    strange = [word for word in telling(unknown) if not any(word in each for each in wide)]
    split = _split_dropped(arguments, asked) if tool in ("report", "figure") else None
    return [
        *(f"not narrowed to {each}" for each in dict.fromkeys(wide)),
        *([f"not split by {split}"] if split is not None else []),
        *([f"nothing here knows {_listed(strange)}"] if strange else []),
        *held_against(tool, arguments, asked),
    ]


def metric_passed_over(intent: Intent, asked: Asked) -> Slot | None:
    """A metric that is named in several words, where the tool takes none and is about another."""
    fields = asked.fields(intent.tool)
    if intent.tool in _TAKES_ALL or "metric" in fields or "name" in fields or "which" in fields:
        return None
    named = [slot for slot in asked.all("metric") if slot.end - slot.start > 1 and slot.value not in intent.own]
    others = [slot for kind in ("report", "stage", "value") for slot in asked.all(kind)]
    return next((slot for slot in named if not any(overlap(slot, other) for other in others)), None)


def telling(unknown: Sequence[str]) -> list[str]:
    """Those of the words not read that may change what is asked."""
    quiet = data("honest")["quiet"]["words"]
    return [word for word in unknown if word not in quiet]


def _exclusion(asked: Asked) -> str:
    """What the question wants to see left out, as it was typed: "except partners", "not from Q1"."""
    words = data("honest")["exclusion"]
    for index, word in enumerate(asked.words):
        if _named(index, asked):
            continue
        pair = f"{word.plain} {asked.words[index + 1].plain}" if index + 1 < len(asked.words) else ""
        soft = word.plain in words["soft"]
        if not soft and word.plain not in words["words"] and pair not in words["words"]:
            continue
        ends = [slot.end for slot in asked.slots if slot.kind in _FILTERS and index < slot.start <= index + _NEAR]
        behind = asked.words[index + 1 : min(ends)] if ends else asked.words[index + 1 : index + 2]
        if soft and not _binds(behind, words["between"] if ends else words["told"]):
            continue
        end = min(ends) if ends else min(index + _NEAR, len(asked.words))
        return asked.text[word.start : asked.words[end - 1].end]
    return ""


def _binds(words: Sequence[Word], between: Sequence[str]) -> bool:
    """Whether "not" goes with what is named: "not caused by legal", but not "did not close in May"."""
    return bool(words) and words[0].plain in between


def _ratio(asked: Asked) -> str:
    """One thing for each of another, where no metric or split is called so: "calls per deal won"."""
    for index, word in enumerate(asked.words[:-1]):
        behind = index + 1
        if word.plain != "per" or not index or _named(index, asked):
            continue
        split = any(slot.start == behind and slot.kind in ("dimension", "period") for slot in asked.slots)
        counted = any(slot.start == behind and slot.kind == "metric" for slot in asked.slots)
        if counted and not split:
            return asked.text[asked.words[index - 1].start : asked.words[behind].end]
    return ""


def _foretold(asked: Asked) -> bool:
    words = data("honest")["foretold"]
    if asked.metric() in data("names")["ahead"]["metrics"]:
        return False
    return asked.typed_whole(words["words"]) or any(
        (one.plain, other.plain) in {tuple(each.split()) for each in words["pairs"]}
        for one, other in zip(asked.words, asked.words[1:], strict=False)
    )


def _unsplit(asked: Asked) -> str:
    """Something that no report has a row for, where the question wants one: "best customer", "by country"."""
    words = data("honest")["unsplit"]
    for index, word in enumerate(asked.words[1:], start=1):
        ahead = next((each.plain for each in reversed(asked.words[:index]) if each.plain not in _ARTICLES), "")
        if word.stem in words["stems"] and ahead in words["after"] and not _named(index, asked, _COVERED):
            return word.typed
    return ""


def _strange_filters(asked: Asked, unknown: Sequence[str]) -> Iterator[str]:
    """Words that nothing here knows, where the name of a person, an account or a product would stand."""
    for index, word in enumerate(asked.words):
        if word.typed not in unknown or word.typed in asked.vocabulary.known or not word.plain.isalpha():
            continue
        ahead = next((each.plain for each in reversed(asked.words[:index]) if each.plain not in _ARTICLES), "")
        written = asked.text[word.start : word.end]
        possessive = asked.text[word.start : word.end].casefold().endswith(("'s", "’s"))
        if ahead in data("honest")["filter_after"]["words"] or (index and written[:1].isupper()) or possessive:
            yield written


def _named(
    index: int, asked: Asked, kinds: Sequence[str] = ("metric", "report", "section", "record", "reason")
) -> bool:
    """Whether a word is part of what is named of those kinds."""
    return any(slot.start <= index < slot.end and slot.kind in kinds for slot in asked.slots)


def _unused(tool: str, asked: Asked) -> list[Slot]:
    """What was named and the tool cannot be narrowed to."""
    fields = asked.fields(tool)
    wide = [slot for slot in asked.all("stage") if "stage" not in fields]
    wide += [slot for slot in asked.all("value") if "where" not in fields]
    wide += [slot for slot in asked.all("record") if "called" not in fields]
    wide += [slot for slot in asked.all("topic") if not any(overlap(slot, other) for other in wide)]
    used = [slot for slot in asked.slots if slot.kind in ("metric", "stage", "value", "person") and slot not in wide]
    return [slot for slot in wide if not any(overlap(slot, other) for other in used)]


def _others_named(kind: str, argument: str, arguments: Mapping[str, Any], asked: Asked) -> list[Slot]:
    """People or periods named beside the one that the answer is about."""
    used = arguments.get(argument)
    here = asked.setting.period if kind == "period" else None
    return [slot for slot in asked.all(kind) if slot.value not in (used, here) and used is not None]


def _numbers(tool: str, asked: Asked) -> list[Slot]:
    """Numbers that are no part of a time: "over 50k", "top 3"."""
    if tool in ("open", "why"):
        return []
    numbers = [slot for kind in ("printed", "number", "threshold") for slot in asked.all(kind)]
    taken = [slot for slot in asked.slots if slot.kind in ("period", "metric", "value", "length", "stage", "person")]
    return [
        slot for at, slot in enumerate(numbers)
        if not any(overlap(slot, other) for other in (*taken, *numbers[:at]))
    ]  # fmt: skip


def _split_dropped(arguments: Mapping[str, Any], asked: Asked) -> str | None:
    for slot in asked.all("dimension"):
        wanted = asked.ahead(slot) in ("by", "per", "each", "every", "across")
        held = any(overlap(slot, other) for other in asked.slots if other.kind in ("metric", "report", "period"))
        if wanted and not held and slot.value not in (arguments.get("by"), arguments.get("every")):
            return slot.value
    asks = any(word.plain in _EACH and not _named(index, asked) for index, word in enumerate(asked.words))
    return "rep" if asks and "by" not in arguments else None


def _shown(slot: Slot) -> str:
    return slot.value.partition("=")[2] or slot.value


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words[:4])
