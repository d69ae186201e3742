"""From a question to the one call of a tool that it asks for, or to what comes nearest.

    route("which deals slipped last quarter?", vocabulary, setting)  ->  Routed("slipped", {"period": "2026-Q1"}, …)

A pure function of the text, the workspace's vocabulary, and what was asked before. Every tool's cues are scored
(`cues`), the things named become its arguments (`arguments`); what is named only in part is filled in from before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.chat.router.arguments import Asked, arguments_of, period_following, reports_showing
from agent.chat.router.cues import Scored, intents, scored
from agent.chat.router.days import Calendar
from agent.chat.router.likeness import LEAST_LIKE, Likest, likest
from agent.chat.router.reading import Word, data, mended, words_of
from agent.chat.router.saying import said_back
from agent.chat.router.slots import Slot, slots_of, told_in
from agent.chat.router.vocabulary import Vocabulary

# What a question must score to be taken as understood: less where fewer of its words are left unexplained.
_LEAST, _LEAST_OF_MOST, _LEAST_OF_WHOLE = 2.0, 1.4, 1.2
_CLEAR_MARGIN = 0.7
_HINT = 0.5
# What a question that stands among the examples gains by it.
_LIKE = 3.5
# Of the words that say something, more than this share must be understood.
_LEAST_SHARE = 0.5
_SURE_SHARE = 0.75
# Where a needed thing is not named: taken from before it costs a little, else much.
_FROM_BEFORE, _LACKING = 0.3, 2.0
# "and Q1?", "what about Anna?": openings that put something in the place of what was asked before.
_FOLLOWING = (("and",), ("but",), ("or",), ("also",), ("same",), ("ditto",), ("for",), ("in",), ("then",), ("now",),
              ("what", "about"), ("how", "about"))  # fmt: skip
# What asks behind a figure.
_OPENING = ("why", "figure", "records", "open")
_OWN_LISTS = {"slipped_deals": "slipped", "stalled_deals": "stuck"}
_CHANGING = frozenset({"draft", "edit", "undo_edit", "say", "forget", "turn_to", "help", "difference", "statements"})
# Things that a short question may put in the place of those asked before.
_CARRIED = ("metric", "period", "who", "person", "stage", "dimension", "peers", "value")


@dataclass(frozen=True)
class Routed:
    """A call of a tool. `understood` says it in words; `unsure` why a person should read them, else ""."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    understood: str = ""
    unsure: str = ""
    instead: tuple[str, ...] = ()
    """What else it may have meant, in words."""


@dataclass(frozen=True)
class Unclear:
    """Nothing that the tools can answer was recognised; `nearest` are the tools whose words came nearest."""

    nearest: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    """Words of the question that said nothing here."""
    lacking: str = ""
    """What was not named, where all else was clear: metric."""


@dataclass(frozen=True)
class Setting:
    """What a question is read against. `before` is what was understood of the question before, if anything."""

    calendar: Calendar
    period: str | None = None
    me: str | None = None
    """The person who asks, where the conversation is about somebody else."""
    team: str | None = None
    """What "my team" is to be asked with."""
    before: Routed | None = None
    drafted: bool = False
    """Whether there is a draft to talk about."""
    leave_out: str | None = None
    """An example that the question is not to be likened to."""


def route(text: str, vocabulary: Vocabulary, setting: Setting) -> Routed | Unclear:
    """What the question asks for."""
    asked = taken_apart(text, vocabulary, setting)
    if not asked.words:
        return Unclear(())
    ranked = fits(asked)
    best = _told_as_report(_same_deals(ranked[0], ranked, asked), ranked, asked)
    following = _follow_up(asked, best)
    if following is not None:
        return following
    share, unknown = _understood(asked, best)
    lacking = _lacks(best, asked)
    if best.score < _needed(asked, share, unknown) or share <= _LEAST_SHARE:
        near = tuple(each.intent.tool for each in ranked[:3] if each.score > _HINT)
        named = share > _LEAST_SHARE and bool(lacking) and best.score + _LACKING >= _LEAST
        return Unclear(near, unknown, lacking[0] if named else "")
    if _of_figure_shown(best, asked):
        best = next(each for each in ranked if each.intent.tool == "open")
    elif lacking:
        return Unclear((best.intent.tool,), unknown, lacking[0])
    elif _of_answer_before(best, asked):
        best = next(each for each in ranked if each.intent.tool == "why")
    arguments, filled = arguments_of(best.intent.tool, asked)
    others = _others(best, ranked, asked)
    return Routed(
        best.intent.tool, arguments, said_back(best.intent.says, arguments, vocabulary),
        _doubt(best, asked, others, share, unknown, filled), others,
    )  # fmt: skip


def _of_figure_shown(best: Scored, asked: Asked) -> bool:
    """ "How was 73% arrived at?": the figure shown says which metric it is, not the question before."""
    return best.intent.tool in _OPENING and asked.has("printed") and not asked.has("metric")


def _of_answer_before(best: Scored, asked: Asked) -> bool:
    """ "Where does that come from?" of a metric's answer: that metric, of whom and when it was asked for."""
    named = any(asked.has(kind) for kind in ("printed", "number", "metric"))
    named = named or asked.typed_whole(tuple(data("periods")["ordinals"]))
    before = asked.setting.before
    return best.intent.tool == "open" and not named and before is not None and "metric" in before.arguments


def taken_apart(text: str, vocabulary: Vocabulary, setting: Setting) -> Asked:
    """The words of a question, and what they name."""
    words = mended(words_of(text), vocabulary.known)
    slots = slots_of(_mended_text(text, words), words, vocabulary, setting.calendar)
    told = told_in(text, words)
    if told is not None:
        slots.append(Slot(told, text, 0, len(words)))
    return Asked(text, words, slots, vocabulary, setting)


def _needed(asked: Asked, share: float, unknown: Sequence[str]) -> float:
    """What a question must score to be taken as understood."""
    if not unknown:
        return _LEAST_OF_WHOLE
    return _LEAST_OF_MOST if share >= _SURE_SHARE or asked.has("metric") else _LEAST


def _same_deals(best: Scored, ranked: Sequence[Scored], asked: Asked) -> Scored:
    """Deals that have a list of their own are shown as that: "which deals slipped?" asks for no other records."""
    tool = _OWN_LISTS.get(asked.metric() or "") if best.intent.tool == "records" else None
    return next((replace(each, score=best.score) for each in ranked if each.intent.tool == tool), best)


def _told_as_report(best: Scored, ranked: Sequence[Scored], asked: Asked) -> Scored:
    """What has no single figure is shown as its report: "the pipeline waterfall" asks for no step of it."""
    told = best.intent.tool in ("figure", "records") and asked.metric() in data("words")["in_parts"]["metrics"]
    if not told:
        return best
    return next(replace(each, score=best.score, words=best.words) for each in ranked if each.intent.tool == "report")


def fits(asked: Asked) -> list[Scored]:
    """The intents, best first, what they need and what was asked before counted in."""
    found = []
    like = likest(asked.words, asked.slots, asked.setting.leave_out)
    for intent in intents():
        fit = scored(intent, asked.words, asked.slots)
        if intent.tool in like:
            fit = _likened(fit, like[intent.tool], asked.words)
        score = fit.score
        before = asked.setting.before
        if before is not None and score > 0:
            score += intent.after.get(before.tool, 0.0)
        for need in intent.needs:
            if not asked.has(need):
                score -= _FROM_BEFORE if asked.from_before(need) is not None else _LACKING
        found.append(replace(fit, score=score))
    return sorted(found, key=lambda fit: -fit.score)


def _likened(fit: Scored, example: Likest, words: Sequence[Word]) -> Scored:
    """The fit with what the likest example adds to it."""
    shared = {index for index, word in enumerate(words) if word.stem in example.shared}
    return replace(fit, score=fit.score + _LIKE * (example.likeness - LEAST_LIKE), words=fit.words | shared)


def _lacks(fit: Scored, asked: Asked) -> list[str]:
    return [need for need in fit.intent.needs if not asked.has(need) and asked.from_before(need) is None]


def _understood(asked: Asked, fit: Scored) -> tuple[float, tuple[str, ...]]:
    """The share of the telling words that cues or things named account for, and the others."""
    if fit.intent.tool in ("say", "edit", "forget"):
        return 1.0, ()
    filler = set(data("words")["filler"]["words"])
    taken = set(fit.words) | {
        index
        for slot in asked.slots
        if slot.kind not in ("statement", "telling", "did", "number")
        for index in range(slot.start, slot.end)
    }
    # A name that is nobody's here makes a question neither clearer nor less clear.
    strangers = {index for slot in asked.all("stranger") for index in range(slot.start, slot.end)}
    telling = [
        index
        for index, word in enumerate(asked.words)
        if index not in strangers and (index in taken or word.plain not in filler)
    ]
    unknown = tuple(dict.fromkeys(asked.words[index].plain for index in telling if index not in taken))
    if not telling:
        return 1.0, ()
    return 1 - sum(index not in taken for index in telling) / len(telling), unknown


def _follow_up(asked: Asked, best: Scored) -> Routed | None:
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
    if "metric" in kinds and tool not in ("figure", "why", "records", "compare"):
        tool = "figure"
    elif "peers" in kinds and kinds <= {"peers", "who", "dimension"} and tool in ("figure", "overview", "why"):
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
    return Routed(tool, merged, said_back(intent.says, merged, asked.vocabulary), "that leans on what you asked before")


def _asks_by_itself(asked: Asked, best: Scored, kinds: Collection[str]) -> bool:
    """Whether it needs nothing of the question before: "win rate?" is asked of whom and when the conversation is about,
    "and the win rate?" of whom and when the question before was."""
    if best.score < _LEAST_OF_WHOLE or not kinds & {"metric", "report"}:
        return False
    return best.intent.tool not in ("figure", "report") or _opening(asked) == 0


def _split(asked: Asked, before: Routed) -> Routed | None:
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
    said = said_back(intent.says, merged, asked.vocabulary)
    return Routed("report", merged, said, "that leans on what you asked before")


def _opening(asked: Asked) -> int:
    """How many words at the beginning say that the question goes on from the one before."""
    words = [word.plain for word in asked.words]
    return max((len(each) for each in _FOLLOWING if tuple(words[: len(each)]) == each), default=0)


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
    return {name: value for name, value in arguments.items() if name in fields}


def _doubt(
    best: Scored, asked: Asked, others: Sequence[str], share: float, unknown: Sequence[str], filled: bool
) -> str:
    """Why what was understood should be shown; "" where it is plain."""
    if best.intent.tool in ("say", "help", "edit", "forget"):
        return ""
    typos = [f"read {word.mended} as {word.plain}" for word in asked.words if word.mended is not None]
    wide = [
        f"not narrowed to {slot.value.partition('=')[2] or slot.value}" for slot in _unused(best.intent.tool, asked)
    ]
    strange = [f"nothing here knows {_listed(unknown)}"] if share < _SURE_SHARE else []
    leaning = ["that leans on what you asked before"] if filled else []
    unlike = ["it could be meant otherwise"] if others else []
    return "; ".join([*typos, *wide, *strange, *leaning, *unlike])


def _unused(tool: str, asked: Asked) -> list[Slot]:
    """What was named and the tool cannot be narrowed to."""
    fields = asked.fields(tool)
    wide = [slot for slot in asked.all("stage") if "stage" not in fields]
    wide += [slot for slot in asked.all("value") if "where" not in fields]
    wide += [slot for slot in asked.all("topic") if not any(_overlap(slot, other) for other in wide)]
    used = [slot for slot in asked.slots if slot.kind in ("metric", "stage", "value") and slot not in wide]
    return [slot for slot in wide if not any(_overlap(slot, other) for other in used)]


def _overlap(one: Slot, other: Slot) -> bool:
    return one.start < other.end and other.start < one.end


def _others(best: Scored, ranked: Sequence[Scored], asked: Asked) -> tuple[str, ...]:
    """What else it may have meant."""
    kin = {tool for tools in data("names")["kin"]["tools"] if best.intent.tool in tools for tool in tools}
    close = [
        each for each in ranked[1:3]
        if each.score >= _LEAST and best.score - each.score < _CLEAR_MARGIN and each.intent.tool not in kin
    ]  # fmt: skip
    said = []
    for each in close:
        if each.intent.tool in ("say", "edit") or _lacks(each, asked):
            continue
        arguments, _ = arguments_of(each.intent.tool, asked)
        said.append(said_back(each.intent.says, arguments, asked.vocabulary))
    return tuple(said)


def _mended_text(text: str, words: Sequence[Word]) -> str:
    """The text with its slips put right, letter for letter where it can be: places must stay where they were."""
    mended_text = text
    for word in words:
        if word.mended is not None and len(word.plain) == word.end - word.start:
            mended_text = mended_text[: word.start] + word.plain + mended_text[word.end :]
    return mended_text


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words[:4])
