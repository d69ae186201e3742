"""A question of several: "make the KPIs shorter, then show me what changed" is two calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.chat.router.apiece import apiece
from agent.chat.router.asked import Routed, Setting, Unclear
from agent.chat.router.reading import data, words_of
from agent.chat.router.routing import route, taken_apart
from agent.chat.router.saying import shown_period
from agent.chat.router.vocabulary import Vocabulary

_SENTENCES = re.compile(r"(?<=[.?!;])\s+(?=\S)")
_THEN = re.compile(r"\s*[,;]?\s*\b(?:and\s+)?then\b[,\s]+|\s*;\s*", re.I)
_AND = re.compile(r"\s*,?\s+(?:and|plus)\s+(?:also\s+)?", re.I)
# "More then in Q1" is how "more than in Q1" is often typed.
_THEN_THAN = re.compile(r"\b(more|less|better|worse|fewer|higher|lower|bigger|smaller) then\b", re.I)
_MOST = 3
# A clause of fewer words only goes on from the one before.
_LEAST_ALONE = 4
_CHANGING = frozenset({"say", "edit", "forget", "draft", "undo_edit", "link", "help"})


def route_all(text: str, vocabulary: Vocabulary, setting: Setting) -> tuple[Routed, ...] | Unclear:
    """The calls that a text asks for, in order; several only where each part is understood by itself."""
    if text.rstrip().endswith("?"):
        text = _THEN_THAN.sub(r"\1 than", text)
    whole = route(text, vocabulary, setting)
    apart = _metrics_apart(text, vocabulary, setting)
    if apart is not None and not isinstance(whole, Unclear) and whole.tool in ("figure", "why", "records", "compare"):
        return apart
    for splitter, needs_asking in ((_SENTENCES, False), (_THEN, False), (_AND, True)):
        parts = [part.strip(" ,") for part in splitter.split(text) if len(words_of(part)) > 0]
        if not 1 < len(parts) <= _MOST or (needs_asking and not all(map(_asks, parts))):
            continue
        routed = _each(parts, vocabulary, setting)
        if routed is not None:
            return routed
    if isinstance(whole, Unclear):
        return whole
    calls = apiece(whole, taken_apart(text, vocabulary, setting))
    unread = _unread(text, whole, vocabulary, setting)
    if unread is None:
        return calls
    told = f"not answered: “{unread}”"
    return (*calls[:-1], replace(calls[-1], unsure="; ".join(filter(None, (calls[-1].unsure, told)))))


def _unread(text: str, whole: Routed, vocabulary: Vocabulary, setting: Setting) -> str | None:
    """A clause that asks for something of its own and is not understood, as it was typed."""
    if whole.tool in _CHANGING:
        return None
    for splitter in (_SENTENCES, _AND):
        parts = [part.strip(" ,") for part in splitter.split(text) if words_of(part)]
        for part in parts[1:] if 1 < len(parts) <= _MOST else ():
            alone = len(words_of(part)) >= _LEAST_ALONE and _asks(part)
            if alone and isinstance(route(part, vocabulary, replace(setting, before=whole)), Unclear):
                return part
    return None


def _metrics_apart(text: str, vocabulary: Vocabulary, setting: Setting) -> tuple[Routed, ...] | None:
    """A call for each clause that names a metric and a time of its own: "deal size in May, and my win rate in April".

    A clause without a time is asked of the time named before it.
    """
    parts = [part.strip(" ,") for part in _AND.split(text) if words_of(part)]
    if not 1 < len(parts) <= _MOST:
        return None
    asked = [taken_apart(part, vocabulary, setting) for part in parts]
    metrics = [each.metric() for each in asked]
    if None in metrics or len(set(metrics)) < len(parts) or not asked[0].has("period"):
        return None
    found: list[Routed] = []
    for part, each in zip(parts, asked, strict=True):
        routed = route(part, vocabulary, setting)
        if isinstance(routed, Unclear) or routed.tool not in ("figure", "why", "records"):
            return None
        if not each.has("period"):
            arguments = {**routed.arguments, "period": found[-1].arguments.get("period")}
            understood = f"{routed.understood}, {shown_period(arguments['period'])}"
            routed = replace(routed, arguments=arguments, understood=understood, unsure="of the time named before")
        found.append(routed)
    return tuple(found)


def _each(parts: Sequence[str], vocabulary: Vocabulary, setting: Setting) -> tuple[Routed, ...] | None:
    found: list[Routed] = []
    for part in parts:
        before = found[-1] if found else setting.before
        routed = route(part, vocabulary, replace(setting, before=before))
        if isinstance(routed, Unclear):
            return None
        found.append(routed)
    if len({(each.tool, *(str(each.arguments.get(name)) for name in ("metric", "called"))) for each in found}) == 1:
        return None
    return tuple(found)


def _asks(part: str) -> bool:
    """Whether a part begins as a question or a request does."""
    asks = data("names")["statement"]["asks"]
    words = words_of(part)
    if [word.plain for word in words] == ["why"]:
        return True
    if len(words) > 2 and words[0].plain in ("is", "was") and words[1].plain in ("that", "it"):
        return True
    return len(words) > 1 and words[0].plain in asks and words[0].plain not in ("is", "are", "was", "were", "please")
