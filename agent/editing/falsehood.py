"""Instructions that ask for a falsehood, recognised and answered before anything is rewritten.

"Say we hit quota", "make it 95 %", "hide the forecast miss", in any of the five languages: no edit can do that, and
whoever asks is told what is on record instead. The guard holds whatever is not recognised here; this only saves the
detour and gives a plain answer. The words are data (`prompts/edit/wishes.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from agent.draft import Comparison
from agent.editing.plainness import folded
from agent.editing.wish import HALF, clauses, is_promise, section_named
from agent.naming import label_in, lowered
from agent.plan import shown_against
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet

_MOST_SHOWN = 3
_UP = re.compile(r"\b(?:rose|rise|grew|up|increase\w*|improv\w*|climbed|higher|better|gained)\b", re.I)
_DOWN = re.compile(r"\b(?:fell|fall|dropp?\w*|down|decreas\w*|declin\w*|lower|worse\w*|shrank)\b", re.I)
# Which of several: "explain which targets were met" asks for nothing false.
_ASKING = re.compile(r"\b(?:which|what|where|how|whether|why|if any)\b", re.I)
_NEGATED = re.compile(r"\b(?:do not|don['’]?t|never)\b")
_SHARE = re.compile(
    r"%|\b(?:percent|per cent|double[ds]?|triple[ds]?|twice|half|hundred|million|procent\w*)\b|[$€£]\s?\d"
)
_NUMBER = re.compile(r"\d[\d.,]*")
# Parts of dates and names: "Q2", "2026".
_NAMES_WITH_DIGITS = re.compile(r"\b[qhk][1-4]\b|\b20\d\d\b")


def falsehoods(text: str, sheet: FactSheet, printer: Printer, prompts: PromptSet) -> list[str]:
    """One answer for each clause that asks for something the record does not bear out."""
    return list(dict.fromkeys(answered(text, sheet, printer, prompts).values()))


def answered(text: str, sheet: FactSheet, printer: Printer, prompts: PromptSet) -> dict[str, str]:
    """The clauses that ask for something the record does not bear out, each with what to say to it."""
    reader = _Reader(sheet, printer, prompts)
    answers = {clause: reader.answer(clause) for clause in reader.whole(clauses(text))}
    return {clause: answer for clause, answer in answers.items() if answer is not None}


def hides_shortfall(text: str, prompts: PromptSet) -> bool:
    """Whether some clause asks for a shortfall not to be said, whatever the fact sheet holds: "drop the miss"."""
    words = prompts.wish_words()
    for clause in clauses(text):
        said = folded(clause)
        hidden = _any_of(tuple(words["hiding"])).search(said)
        if hidden is None or is_promise(clause) or section_named(said[hidden.end() :], prompts) is not None:
            continue
        if _any_of(tuple(words["shortfall"])).search(said[hidden.end() :]):
            return True
    return False


class _Reader:
    """Reads clauses against one fact sheet."""

    def __init__(self, sheet: FactSheet, printer: Printer, prompts: PromptSet) -> None:
        self._sheet = sheet
        self._printer = printer
        self._prompts = prompts
        self._words = prompts.wish_words()
        languages = [prompts.language(code) for code in prompts.languages()]
        self._labels = {
            fact.id: {folded(fact.label), *(folded(label_in(language, fact)) for language in languages)}
            for fact in sheet.facts
        }

    def whole(self, parts: Sequence[str]) -> Iterator[str]:
        """The clauses, a verb that was cut off from what it asks for put back: "powiedz, że cel …"."""
        verb = ""
        for clause in parts:
            joined = f"{verb}, {clause}" if verb else clause
            verb = joined if self._is_verb(folded(joined).strip()) else ""
            if not verb:
                yield joined
        if verb:
            yield verb

    def _is_verb(self, said: str) -> bool:
        return any(match[0] == said for name in ("claims", "hiding") if (match := self._has(name, said)))

    def answer(self, clause: str) -> str | None:
        """What to say to a clause that asks for a falsehood, or None."""
        said = HALF.sub(" ", folded(clause))
        promise = is_promise(clause)
        if self._has("numberless", said) and not _NEGATED.search(said):
            return (
                f"“{clause}” cannot be done: without its figures nobody could check a draft. A length, such as "
                "“120 words”, states fewer of them, and says which it leaves out."
            )
        if self._has("flattering", said):
            return (
                f"“{clause}” cannot be done: how good the results are is told by their figures alone. “warm” speaks of "
                "the work behind them, and “start with the key results” puts these first."
            )
        if promise and not self._has("hiding", said):
            return None
        named = self._named(said)
        short = bool(self._has("shortfall", said)) or any(fact.weak for fact in named)
        asked = f"“{clause}”"
        if not promise and (self._has("inventing", said) or self._enlarges(said, named)):
            told = f"{asked} cannot be done: every figure is computed from the records, and none is rounded or made up."
            return f"{told} {self._on_record(named)}" if named else told
        if not promise and self._false_number(said, named):
            return f"{asked} cannot be done: figures are computed from the records. {self._on_record(named)}"
        weak = [fact for fact in named if fact.weak]
        hidden = self._has("hiding", said)
        if hidden is not None and not promise and self._hides(said[hidden.end() :], bool(weak)):
            return (
                f"{asked} cannot be done: a key shortfall stays, and stays as plain as it is. {self._on_record(weak)}"
            )
        if short and not promise and self._has("excusing", said):
            return f"{asked} cannot be done: no excuse goes in that nobody recorded. {self._on_record(weak)}"
        false = list(self._false_claims(said, named))
        return f"{asked} would not be true. {self._on_record(false)}" if false else None

    def _has(self, name: str, said: str) -> re.Match[str] | None:
        return _any_of(tuple(self._words[name])).search(said)

    def _hides(self, rest: str, weak: bool) -> bool:
        """Whether what is to be left out is a shortfall, not a section as a whole."""
        if section_named(rest, self._prompts) is not None:
            return False
        return weak or self._has("shortfall", rest) is not None or bool(self._weak_topic(rest))

    def _weak_topic(self, rest: str) -> list[Fact]:
        """The key shortfalls of which the words name at least one word: "nobody needs to know about the forecast"."""
        said = set(re.findall(r"[^\W\d_]{4,}", rest))
        short = (fact for fact in self._sheet.facts if fact.key and fact.weak)
        return [fact for fact in short if said & {word for name in self._labels[fact.id] for word in name.split()}]

    def _enlarges(self, said: str, named: Sequence[Fact]) -> bool:
        """ "Make attainment a bit higher", "improve the numbers"."""
        spoken = bool(named) or self._has("figures", said)
        changes = self._has("changing", said)
        if changes is None or not spoken:
            return False
        if self._has("larger", said):
            return True
        return re.match(r"improve|bump|boost|raise|lift|increase|tidy|polish|tweak|adjust", changes[0]) is not None

    def _false_number(self, said: str, named: Sequence[Fact]) -> bool:
        """Whether the clause holds a number that speaks of a result and that none of them shows."""
        rest = _counted(tuple(self._words["counted"])).sub(" ", _NAMES_WITH_DIGITS.sub(" ", said))
        if _SHARE.search(rest) is None and not (_NUMBER.search(rest) and (named or self._has("changing", rest))):
            claimed = _NUMBER.search(rest) and self._has("claims", rest)
            if not claimed:
                return False
        numbers = [number.rstrip(".,") for number in _NUMBER.findall(rest)]
        shown = self._shown(named or self._sheet.facts)
        moved = self._has("changing", rest) is not None
        return not numbers or moved or not all(number in shown for number in numbers)

    def _shown(self, facts: Sequence[Fact]) -> set[str]:
        """The numbers that these facts print."""
        texts = (_figure(fact, self._printer) for fact in facts)
        return {number.rstrip(".,") for text in texts for number in _NUMBER.findall(text)}

    def _false_claims(self, said: str, named: Sequence[Fact]) -> Iterator[Fact]:
        """The facts of which the clause says what is not so."""
        asserted = self._has("claims", said) is not None
        if self._has("success", said) and not _ASKING.search(said):
            if not asserted and not (named or self._has("goals", said)):
                return
            if not asserted and self._has("claims", said) is None and re.match(r"(?:lead|start|begin|open)\b", said):
                return
            spoken = list(named) or [fact for fact in self._sheet.facts if fact.key and fact.weak]
            if self._has("everything", said):
                aimed = [fact for fact in self._sheet.facts if fact.target is not None]
                spoken = aimed or [fact for fact in self._sheet.facts if fact.key]
            yield from (fact for fact in spoken if fact.weak)
            return
        for fact in named if asserted else ():
            if fact.prior is None or fact.prior == fact.value:
                continue
            rose = fact.value > fact.prior
            if (rose and _DOWN.search(said)) or (not rose and _UP.search(said)):
                yield fact

    def _named(self, said: str) -> list[Fact]:
        """The facts that a clause names by label in any language, by half a label, or as "quota"."""
        spoken = set(re.findall(r"[^\W\d_]{3,}", said))
        exact, found = [], []
        for fact in self._sheet.facts:
            if any(name in said for name in self._labels[fact.id]):
                exact.append(fact)
            elif any(_half(name, spoken) for name in self._labels[fact.id]):
                found.append(fact)
        found = exact or found
        if spoken & {"quota", "target", "number"}:
            attained = [fact for fact in self._sheet.facts if fact.metric_id in ("quota_attainment", "team_attainment")]
            found += [fact for fact in attained if fact not in found and ("quota" in spoken or not found)]
        return found

    def _on_record(self, facts: Sequence[Fact]) -> str:
        shown = list(facts) or [fact for fact in self._sheet.facts if fact.key and fact.weak]
        told = [f"{lowered(fact.label)} {_figure(fact, self._printer)}" for fact in shown[:_MOST_SHOWN]]
        return f"On record: {'; '.join(told)}." if told else ""


def _half(name: str, spoken: set[str]) -> bool:
    words = set(re.findall(r"[^\W\d_]{3,}", name))
    return bool(words) and len(words & spoken) * 2 >= len(words)


def _figure(fact: Fact, printer: Printer) -> str:
    against = shown_against(fact)
    if against is None:
        return printer.figure(fact)
    return printer.part(Comparison(fact=fact.id, against=against, form="stated"))


@lru_cache(maxsize=32)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the patterns as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


@lru_cache(maxsize=2)
def _counted(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """A number of words, bullets, pages …, digits or not: "120 words", "3 short bullets", "8th", "24-hour"."""
    return re.compile(rf"\d[\d.,]*(?:\s?|\s+\w+\s+)(?:{'|'.join(patterns)})(?!\w)")
