"""The arguments of a tool, from what a question names: one reader for each argument."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from agent.chat.router.dating import day_among
from agent.chat.router.periods import before as period_before
from agent.chat.router.periods import parsed, year_before
from agent.chat.router.reading import Word, data, stem
from agent.chat.router.slots import Slot, opening_words
from agent.chat.router.vocabulary import Vocabulary
from agent.chat.router.wishes import canonical_wish, moves_sections

if TYPE_CHECKING:
    from agent.chat.router.routing import Setting

# The metric that an answer was about, where its tool names none.
_ABOUT = {"slipped": "slipped_deals", "stuck": "stalled_deals", "losses": "deals_lost", "delays": "time_in_stage",
          "overview": "quota_attainment"}  # fmt: skip
_HELD_AGAINST = ("than", "versus", "against", "from", "since", "to", "with", "over", "beat", "behind", "of", "up",
                 "down")  # fmt: skip
# Before "on the team", these hold somebody against it.
_AMONG = ("worst", "best", "lowest", "highest", "slowest", "fastest", "first", "last", "top", "bottom", "among", "rank")
# Told of what is open, whatever time to come is named.
_LOOKING_ON = ("stuck", "slipped")
_WHICH_WORDS = re.compile(r"\b(?:about|on|saying|with|where)\s+(?:the\s+|my\s+|that\s+)?(.+?)[?.!]*$", re.I)


@dataclass(frozen=True)
class Asked:
    """A question taken apart."""

    text: str
    words: Sequence[Word]
    slots: Sequence[Slot]
    vocabulary: Vocabulary
    setting: Setting

    def all(self, kind: str) -> list[Slot]:
        return [slot for slot in self.slots if slot.kind == kind]

    def has(self, kind: str) -> bool:
        return bool(self.all(kind))

    def metric(self) -> str | None:
        """The metric named: the longest name, and of equals the first."""
        named = self.all("metric")
        return max(named, key=lambda slot: (slot.end - slot.start, -slot.start)).value if named else None

    def from_before(self, kind: str) -> str | None:
        """What the question before was about, where this one leaves it open."""
        before = self.setting.before
        if kind != "metric" or before is None:
            return None
        return before.arguments.get("metric") or _ABOUT.get(before.tool)

    def fields(self, tool: str) -> Collection[str]:
        """The names of a tool's arguments."""
        return _fields(tool)

    def typed_whole(self, words: Sequence[str]) -> bool:
        return any(word.plain in words for word in self.words)

    def ahead(self, slot: Slot) -> str:
        """The word before something named, articles aside."""
        index = slot.start - 1
        while index >= 0 and self.words[index].plain in ("the", "my", "our", "a", "his", "her", "in", "as", "at", "on"):
            index -= 1
        return self.words[index].plain if index >= 0 else ""


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
    open_before = tool not in ("say", "compare") or (tool == "compare" and _points_back(asked))
    if "metric" in fields and "metric" not in found and open_before:
        earlier = asked.from_before("metric")
        if earlier is not None:
            found["metric"], filled = earlier, True
            found = {**_scope_before(asked, fields), **found}
    elif tool in ("records", "why", "open") and _points_back(asked):
        found = {**_scope_before(asked, fields), **found}
    if tool == "report":
        found = _whole_report(found, asked)
    return found, filled


def _scope_before(asked: Asked, fields: Collection[str]) -> dict[str, Any]:
    """Whose and when, as the question before had it."""
    before = asked.setting.before
    if before is None:
        return {}
    return {name: before.arguments[name] for name in ("who", "period") if name in before.arguments and name in fields}


def _points_back(asked: Asked) -> bool:
    return any(word.plain in ("that", "it", "those", "them", "these", "ones") for word in asked.words)


@cache
def _fields(tool: str) -> frozenset[str]:
    from agent.chat.toolbox import TOOLS

    return frozenset(next(spec for spec in TOOLS if spec.name == tool).arguments.model_fields)


def _who(tool: str, asked: Asked) -> str | None:
    for slot in asked.all("person"):
        return slot.value
    beside = asked.has("who") and asked.ahead(asked.all("who")[0]) in (*_HELD_AGAINST, *_AMONG, "")
    if asked.has("who") and not (tool == "compare" and beside):
        return asked.setting.team
    pronouns = data("words")["who"]
    if any(word.plain in pronouns["her"] for word in asked.words) and asked.setting.before is not None:
        return asked.setting.before.arguments.get("who")
    if any(word.plain in pronouns["me"] for word in asked.words):
        return asked.setting.me
    return None


def _period(tool: str, asked: Asked) -> str | None:
    """The period asked about. What it is held against is not it: "better than Q1" asks about the conversation's."""
    named = asked.all("period")
    if tool in ("compare", "changed"):
        mine = [slot for slot in named if not _comparator(slot, asked)]
        if len(mine) == len(named) == 1 and _is_earlier(mine[0], asked):
            return None
        if not named or not mine:
            return None
        return mine[-1].value
    if not named:
        return None
    slot = named[-1] if tool == "turn_to" else named[0]
    if tool in _LOOKING_ON or asked.metric() in data("names")["ahead"]["metrics"]:
        # "Enough pipeline for next quarter?", "what moved into Q3?" are asked of what was open.
        here, said = asked.setting.calendar.period, parsed(slot.value, asked.setting.calendar)
        if said.start > (here.last_day if here is not None else asked.setting.calendar.as_of):
            return None
    return slot.value


def period_following(slot: Slot, asked: Asked) -> str:
    """ "and last quarter?" of last quarter's answer is the one before."""
    before = asked.setting.before
    about = (before.arguments.get("period") if before is not None else None) or asked.setting.period
    relative = slot.period is not None and slot.period.relative
    if (
        relative
        and before is not None
        and about == slot.value
        and asked.words[slot.start].plain in ("last", "previous", "prior")
    ):
        return period_before(slot.value, asked.setting.calendar)
    return slot.value


def _comparator(slot: Slot, asked: Asked) -> bool:
    return asked.ahead(slot) in _HELD_AGAINST or slot.start > 0 and asked.words[slot.start].plain == "since"


def _holds(label: str, other: str, asked: Asked) -> bool:
    """Whether a period holds another: "last year" holds the quarter a year ago."""
    whole, part = (parsed(each, asked.setting.calendar) for each in (label, other))
    return whole.start <= part.start and part.full_end <= whole.full_end


def _is_earlier(slot: Slot, asked: Asked) -> bool:
    """Whether the period is the conversation's own prior or year-ago one, and so what to hold it against."""
    now = asked.setting.period
    if now is None:
        return False
    calendar = asked.setting.calendar
    relative = slot.period is not None and slot.period.relative and slot.value == now
    before = slot.value == period_before(now, calendar)
    return relative or before or _holds(slot.value, year_before(now, calendar), asked)


def _against(tool: str, asked: Asked) -> str:
    """What to hold the results against, in the order in which people mean it."""
    now, calendar = asked.setting.period, asked.setting.calendar
    for slot in asked.all("period"):
        if now is not None and _holds(slot.value, year_before(now, calendar), asked):
            return "year_ago"
        if _comparator(slot, asked) or _is_earlier(slot, asked):
            return "prior"
    if asked.has("year_ago"):
        return "year_ago"
    if asked.has("peers"):
        return "team"
    if asked.has("target"):
        return "target"
    return "prior" if asked.has("prior") else "team"


def _metric(tool: str, asked: Asked) -> str | None:
    metric = asked.metric()
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


def _ordinal(asked: Asked) -> str | None:
    """The place in the answer before: "the second one" is "2"."""
    numbers = data("periods")["ordinals"]
    return next((str(numbers[word.plain]) for word in asked.words if word.plain in numbers), None)


def _name(tool: str, asked: Asked) -> str | None:
    """The report: by its name, else by the metric that it shows, else the one that ranks people."""
    vocabulary, dimension = asked.vocabulary, _dimension(asked)
    named = asked.all("report")
    if named:
        longest = max(named, key=lambda slot: slot.end - slot.start)
        return longest.value
    fitting = reports_showing(asked.metric(), dimension, vocabulary)
    if fitting:
        return fitting[0]
    closing = asked.has("value") or any(word.stem in ("close", "win", "won", "sell", "sold") for word in asked.words)
    usual = ("deals_won_and_lost", "quota_attainment") if closing else ("quota_attainment",)
    split = (name for name in (*usual, *vocabulary.splits) if dimension is None or dimension in vocabulary.splits[name])
    return next(split, usual[0])


def reports_showing(metric: str | None, dimension: str | None, vocabulary: Vocabulary) -> list[str]:
    """The reports that show a metric, its own first; if a dimension is given, those that can be split so."""
    own = data("words")["report_of"].get(metric)
    shown = (
        *((own,) if own is not None else ()),
        *(vocabulary.reports_of.get(metric, ()) if metric is not None else ()),
    )
    return [report for report in shown if dimension is None or dimension in vocabulary.splits.get(report, ())]


def _dimension(asked: Asked) -> str | None:
    """What the rows should be: what stands after "by" or "which", values told apart, or whoever "who" asks for."""
    named = [slot for slot in asked.all("dimension") if slot.value not in _BUCKETS]
    for slot in named:
        if asked.ahead(slot) in _SPLITTING:
            return slot.value
    several = _several(asked)
    if several is not None:
        return several
    if any(word.plain in data("names")["people"]["words"] for word in asked.words):
        return "rep"
    return next((slot.value for slot in named if slot.value not in ("team", "type")), None)


_BUCKETS = ("week", "month", "quarter")
_SPLITTING = ("by", "per", "each", "every", "which", "what", "across", "of", "between", "among")


def _several(asked: Asked) -> str | None:
    """The column of which several values are named: "inbound versus outbound"."""
    columns = [slot.value.partition("=")[0] for slot in asked.all("value")]
    return next((column for column in columns if columns.count(column) > 1), None)


def _by(tool: str, asked: Asked) -> str | None:
    return _dimension(asked)


def _every(tool: str, asked: Asked) -> str | None:
    for slot in asked.all("dimension"):
        if slot.value in _BUCKETS:
            return slot.value
    return None


def _where(tool: str, asked: Asked) -> tuple[tuple[str, str], ...]:
    found = {}
    for slot in asked.all("value"):
        column, _, value = slot.value.partition("=")
        if column != _several(asked):
            found[column] = value
    return tuple(found.items())


def _whole_report(found: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """A report only takes a split that it has; over time it has no rows of people unless asked for."""
    splits = asked.vocabulary.splits.get(found.get("name", ""), ())
    if found.get("by") is not None and splits and found["by"] not in (*splits, "total"):
        del found["by"]
    if found.get("every") is not None and "by" not in found:
        found["by"] = "total" if splits else None
        found = {name: value for name, value in found.items() if value is not None}
    if "by" not in found and "who" not in found and asked.has("value") and "rep" in splits:
        found["by"] = "total"
    return found


_READERS: dict[str, Callable[[str, Asked], Any]] = {
    "metric": _metric, "on": _on, "who": _who, "period": _period, "stage": _stage, "against": _against, "wish": _wish,
    "section": _section, "text": _text, "which": _which, "name": _name, "by": _by, "every": _every, "where": _where,
}  # fmt: skip
