"""A question of several: "make the KPIs shorter, then show me what changed" is two calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.chat.router.apiece import apiece
from agent.chat.router.asked import Routed, Setting, Unclear
from agent.chat.router.reading import data, words_of
from agent.chat.router.routing import route, taken_apart
from agent.chat.router.vocabulary import Vocabulary

_SENTENCES = re.compile(r"(?<=[.?!;])\s+(?=\S)")
_THEN = re.compile(r"\s*[,;]?\s*\b(?:and\s+)?then\b[,\s]+|\s*;\s*", re.I)
_AND = re.compile(r"\s*,?\s+(?:and|plus)\s+(?:also\s+)?", re.I)
_MOST = 3


def route_all(text: str, vocabulary: Vocabulary, setting: Setting) -> tuple[Routed, ...] | Unclear:
    """The calls that a text asks for, in order; several only where each part is understood by itself."""
    whole = route(text, vocabulary, setting)
    for splitter, needs_asking in ((_SENTENCES, False), (_THEN, False), (_AND, True)):
        parts = [part.strip(" ,") for part in splitter.split(text) if len(words_of(part)) > 0]
        if not 1 < len(parts) <= _MOST or (needs_asking and not all(map(_asks, parts))):
            continue
        routed = _each(parts, vocabulary, setting)
        if routed is not None:
            return routed
    return whole if isinstance(whole, Unclear) else apiece(whole, taken_apart(text, vocabulary, setting))


def _each(parts: Sequence[str], vocabulary: Vocabulary, setting: Setting) -> tuple[Routed, ...] | None:
    found: list[Routed] = []
    for part in parts:
        before = found[-1] if found else setting.before
        routed = route(part, vocabulary, replace(setting, before=before))
        if isinstance(routed, Unclear):
            return None
        found.append(routed)
    if len({(each.tool, str(each.arguments.get("metric"))) for each in found}) == 1:
        return None
    return tuple(found)


def _asks(part: str) -> bool:
    """Whether a part begins as a question or a request does."""
    asks = data("names")["statement"]["asks"]
    words = words_of(part)
    if [word.plain for word in words] == ["why"]:
        return True
    return len(words) > 1 and words[0].plain in asks and words[0].plain not in ("is", "are", "was", "were", "please")
