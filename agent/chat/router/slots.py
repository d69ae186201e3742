"""What the words of a question name, and where: metrics, periods, people, sections, numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.chat.router.days import Calendar
from agent.chat.router.periods import Said, periods_in
from agent.chat.router.reading import Word, data, stems
from agent.chat.router.vocabulary import Phrases, Vocabulary

_LENGTH = re.compile(r"(\d{2,4})[\s-]*words?\b", re.I)
_PRINTED = re.compile(
    r"[$€£]\s?\d[\d,.]*\s?[kmb]?\b|\d[\d,.]*\s?(?:%|percent\b|per\s?cent\b|pct\b|×|x\b|k\b|m\b|points?\b|days\b)"
    r"|\b\d{1,3}(?:,\d{3})+\b",
    re.I,
)
_NUMBER = re.compile(r"(?:#|no\.?\s|nr\.?\s)?\b(\d{1,2})\b")
# A name that is not on record, or not for this viewer: "for Zora", "Zora's".
_STRANGER = re.compile(
    r"\b(?:for|of|about|with|versus|vs|than|and|did|is|was|does|has|by|to)\s+([A-Z][\w-]+(?:\s[A-Z][\w-]+)?)\b|\b([A-Z][\w-]+(?:\s[A-Z][\w-]+)?)['’]s\b"
)


@dataclass(frozen=True)
class Slot:
    """One thing named by the words [start, end). `period` says more of a period."""

    kind: str
    value: str
    start: int
    end: int
    period: Said | None = None


def overlap(one: Slot, other: Slot) -> bool:
    """Whether two things are named by some of the same words."""
    return one.start < other.end and other.start < one.end


def slots_of(text: str, words: Sequence[Word], vocabulary: Vocabulary, calendar: Calendar) -> list[Slot]:
    """Everything named; the same words may name things of several kinds."""
    found = [
        Slot("period", said.label, *_span(words, said.start, said.end), period=said)
        for said in periods_in(text, calendar)
    ]
    timed = {index for slot in found for index in range(slot.start, slot.end)}
    people = _named("person", vocabulary.phrases["person"], words, timed)
    named = {index for slot in people for index in range(slot.start, slot.end)}
    for kind, phrases in vocabulary.phrases.items():
        between = named if kind == "metric" else set()
        found += _named(kind, phrases, words, timed if kind != "year_ago" else set(), between)
    for kind, pattern in (("length", _LENGTH), ("printed", _PRINTED), ("number", _NUMBER)):
        for match in pattern.finditer(text):
            start, end = _span(words, match.start(), match.end())
            if start < end and not set(range(start, end)) & timed:
                ahead = words[start - 1].plain if start else ""
                limit = kind != "length" and ahead in data("names")["threshold"]["ahead"]
                found.append(Slot("threshold" if limit else kind, match[match.lastindex or 0].strip(), start, end))
    found = _records_apart(_teams_apart(text, found, words))
    found += _strangers(text, words, found)
    found += _strange_owners(text, words, found, vocabulary)
    found = _everyone_apart(_readers_apart(_others_apart(found, words), words), words)
    did = frozenset(data("names")["statement"]["did"])
    found += [
        Slot("did", word.plain, index, index + 1)
        for index, word in enumerate(words)
        if word.plain in did or (word.plain.endswith("ed") and len(word.plain) > 4)
    ]
    return found


def _span(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """The words within a stretch of the text."""
    inside = [index for index, word in enumerate(words) if word.start >= start and word.end <= end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _named(
    kind: str, phrases: Phrases, words: Sequence[Word], timed: set[int], names: Collection[int] = ()
) -> list[Slot]:
    """The longest phrases, from left to right. Names may stand within a metric's: "did Anna close"."""
    found, at = [], 0
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase, meant in phrases.items():
        by_first.setdefault(phrase[0], []).append((phrase, meant))
    while at < len(words):
        best: Slot | None = None
        for phrase, meant in by_first.get(words[at].stem, ()):
            end = _match(phrase, words, at, names)
            if end is None or set(range(at, end)) & timed:
                continue
            if best is None or (end - at, len(phrase)) > (best.end - best.start, 0):
                best = Slot(kind, meant, at, end)
        if best is not None:
            found.append(best)
            at = best.end
        else:
            at += 1
    return found


def _match(phrase: tuple[str, ...], words: Sequence[Word], at: int, names: Collection[int]) -> int | None:
    """The end of the phrase that begins here, or None; small words may stand between its words."""
    index = at
    for number, wanted in enumerate(phrase):
        skipped = 0
        while (
            number
            and index < len(words)
            and words[index].stem != wanted
            and (words[index].plain in data("names")["between"]["words"] or index in names)
            and skipped < 3
        ):
            index += 1
            skipped += 1
        if index >= len(words) or words[index].stem != wanted:
            return None
        index += 1
    return index


def _strangers(text: str, words: Sequence[Word], found: Sequence[Slot]) -> list[Slot]:
    """Names that are no names of ours."""
    taken = {
        index
        for slot in found
        if slot.kind
        in (
            "person",
            "metric",
            "period",
            "stage",
            "value",
            "report",
            "section",
            "tone",
            "who",
            "peers",
            "reader",
            "language",
            "record",
            "reason",
        )
        for index in range(slot.start, slot.end)
    }
    strangers = []
    for match in _STRANGER.finditer(text):
        group = 1 if match[1] else 2
        start, end = _span(words, match.start(group), match.end(group))
        if match.start(group) == 0 and group == 1:
            continue
        inside = set(range(start, end))
        common = data("words")["filler"]["words"]
        if inside and not inside & taken and not any(words[index].plain in common for index in inside):
            strangers += [Slot(kind, match[group], start, end) for kind in ("person", "stranger")]
    return strangers


def _strange_owners(text: str, words: Sequence[Word], found: Sequence[Slot], vocabulary: Vocabulary) -> list[Slot]:
    """Whoever owns something, in small letters, and is nobody's name here: "zora's quota"."""
    taken = {index for slot in found for index in range(slot.start, slot.end)}
    return [
        Slot(kind, text[word.start : word.end - 2], index, index + 1)
        for index, word in enumerate(words)
        if text[word.start : word.end].casefold().endswith(("'s", "’s"))
        and index not in taken
        and word.plain not in vocabulary.known
        for kind in ("person", "stranger")
    ]


def _teams_apart(text: str, found: Sequence[Slot], words: Sequence[Word]) -> list[Slot]:
    """The things named, where a team bears a segment's name: "in Enterprise" is the team, "enterprise deals" not."""
    people = [slot for slot in found if slot.kind == "person"]
    values = [slot for slot in found if slot.kind == "value"]
    dropped: list[Slot] = []
    for person in people:
        for value in values:
            if overlap(person, value):
                behind = words[person.end].plain if person.end < len(words) else ""
                small = behind != "team" and text[words[person.start].start].islower()
                segment = small or behind in data("names")["segments"]["behind"]
                dropped.append(person if segment else value)
    return [slot for slot in found if slot not in dropped]


def _records_apart(found: Sequence[Slot]) -> list[Slot]:
    """The things named, where a name on record holds what else it might be: "Kestrel Partner" is no source."""
    records = [slot for slot in found if slot.kind == "record"]
    names = ("metric", "stage", "value", "topic", "dimension", "section", "tone", "report", "reason", "peers", "target")
    longer = [slot for slot in found if any(slot is not each and overlap(slot, each) for each in records)]
    hidden = [
        slot for slot in longer
        if slot.kind in names and any(each.start <= slot.start and slot.end <= each.end for each in records)
    ]  # fmt: skip
    people = [slot for slot in found if slot.kind in ("person", "period")]
    behind = [each for each in records if any(overlap(each, other) for other in people)]
    return [slot for slot in found if slot not in hidden and slot not in behind]


def _readers_apart(found: Sequence[Slot], words: Sequence[Word]) -> list[Slot]:
    """The things named, where somebody who is to get it is a reader: "send Laura my numbers" is not about Laura."""
    told = data("names")["recipients"]
    own = any(word.plain in ("i", "me", "my", "mine", "our") for word in words)
    kept = []
    for slot in found:
        if slot.kind == "person":
            ahead = words[slot.start - 1].plain if slot.start else ""
            behind = words[slot.end].plain if slot.end < len(words) else ""
            after_that = [word.plain for word in words[slot.end + 1 : slot.end + 2]]
            if behind in ("is", "was", "has"):
                behind = "".join(after_that)
            if ahead in told["sent"] or (own and behind in told["asks"]):
                slot = Slot("reader", slot.value, slot.start, slot.end)
        kept.append(slot)
    return kept


def _others_apart(found: Sequence[Slot], words: Sequence[Word]) -> list[Slot]:
    """The things named, where "the others in my team" are its people, and nobody to hold anything against."""
    teams = [slot.start for slot in found if slot.kind == "who"]
    held_against = any(word.plain in data("names")["everyone"]["unless"][:-1] for word in words)
    return [
        Slot("dimension", "rep", slot.start, slot.end)
        if slot.kind == "peers" and not held_against and _leads_to(slot.end, teams, words) else slot
        for slot in found
    ]  # fmt: skip


def _leads_to(end: int, starts: Sequence[int], words: Sequence[Word]) -> bool:
    between = [word.plain for word in words[end : min((start for start in starts if start > end), default=end)]]
    return bool(between) and all(word in ("in", "on", "of", "from") for word in between)


def _everyone_apart(found: Sequence[Slot], words: Sequence[Word]) -> list[Slot]:
    """The things named, where "everyone" is each of the people and nobody to be held against: "quota for everyone"."""
    told = data("names")["everyone"]
    held_against = any(word.plain in told["unless"] for word in words)
    kept = []
    for slot in found:
        if slot.kind == "peers" and words[slot.start].plain in told["words"] and slot.end - slot.start == 1:
            ahead = words[slot.start - 1].plain if slot.start else ""
            if not held_against and ahead not in ("to", "from"):
                slot = Slot("dimension", "rep", slot.start, slot.end)
        kept.append(slot)
    return kept


def opening_words(words: Sequence[Word]) -> int:
    """How many words at the beginning only ask for the rest to be kept: "please note that"."""
    phrases = sorted((stems(phrase) for phrase in data("names")["opening"]["phrases"]), key=len, reverse=True)
    at = 0
    while at < len(words):
        ahead = tuple(word.stem for word in words[at:])
        phrase = next((each for each in phrases if ahead[: len(each)] == each), None)
        if phrase is None:
            break
        at += len(phrase)
    return at


def told_in(text: str, words: Sequence[Word]) -> str | None:
    """Whether the text tells something rather than asking: "statement" where it plainly does, "telling" where it may.

    What only asks for it to be kept ("please note that") does not count.
    """
    told = data("names")["statement"]
    rest = words[opening_words(words) :]
    if text.rstrip().endswith("?") or len(rest) < 4 or rest[0].plain in told["asks"]:
        return None
    if rest[0].plain in ("i", "we") and any(word.plain in told["wants"] for word in rest[1:3]):
        return None
    if any(word.plain in ("why", "how", "which", "what", "whether", "versus") for word in _said(rest)[:-2]):
        return None
    did = frozenset(told["did"])
    if not any(word.plain in did or (word.plain.endswith("ed") and len(word.plain) > 4) for word in rest):
        return None
    if rest[0].plain in (*told["begins"], *(did - frozenset(told["also_asks"]))):
        return "statement"
    reason = any(word.plain in ("because", "since", "so", "thanks", "due") for word in rest)
    if reason and rest[0].plain.endswith("ed"):
        return "statement"
    if len(rest) > 5 and any(word.plain in ("we", "us", "our", "my", "me", "i") for word in rest[1:]):
        return "statement"
    return "telling" if len(rest) >= 5 else None


def _said(words: Sequence[Word]) -> list[Word]:
    """The words without "that is why", which gives a reason and asks for none."""
    plain = [word.plain for word in words]
    return [
        word for index, word in enumerate(words)
        if not (index > 1 and plain[index - 1] in ("is", "was") and plain[index - 2] in ("that", "which", "this"))
    ]  # fmt: skip
