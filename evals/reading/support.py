"""Whether a figure that is no fact's own number follows from the facts, the evidence or the figures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import combinations, pairwise

from evals.reading.binding import COMPARATORS, Binding, fits_unit, reads_as
from evals.reading.derivation import near_figures, step_between, step_within
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.figures import Figure
from evals.reading.language import Language
from evals.reading.reading import Reading
from evals.reading.units import alternation

# How near a fact's name must stand to a figure to claim it (`Binder.nearness`).
CLOSE = 3.4
# A name in a list: words with capitals, to the next comma or "and".
_NAME = re.compile(r"[^\W\d_a-z]\w+(?:[ &-]+[^\W\d_a-z]\w*)*")
_LISTED = 12
_COUNTED = ("count", "none")
_SHARES = frozenset({"percent", "points", "index"})
# What is won is so many deals of such a size on average: each follows from the other two.
_WHOLE, _PARTS = "revenue_won", ("deals_won", "average_deal_size")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CLAUSE_END = re.compile(r"[,;:.!?()،؛–—|](?:\s|$)")
_STEM = 5
# How many telling words after a count say what it counts.
_THING = 2
# How far after a count a word may stand that makes it a change: "160 calls more".
_CHANGE_REACH = 20
_IN_DAYS = {"days": 1, "working_days": 1, "weeks": 7, "months": 30.4}


class Support:
    """Looks for what supports the unbound figures of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        language = reading.language
        self._delta_before = re.compile(rf"(?:{language.pattern('movement.delta_before').pattern})\s*$")
        self._delta_after = re.compile(rf"\s*(?:{language.pattern('movement.delta_after').pattern})")
        self._per = re.compile(rf"\s+(?:{alternation(language.get('numbers.links.per', ()))})\s")
        self._change = language.pattern("movement.up", "movement.down")

    def of(self, binding: Binding) -> str | None:
        """What supports an unbound figure: evidence, or the step it follows by; None where nothing does."""
        figure = binding.figure
        place = (figure.sentence.number, figure.first)
        known = self.reading.supports
        if place not in known:
            known[place] = self._find(binding)
        return known[place]

    def _find(self, binding: Binding) -> str | None:
        figure = binding.figure
        if self.is_level(binding):
            # The words give the figure to a fact as its level: a step from other numbers would be chance.
            assert binding.about is not None
            named = self.reading.facts[binding.about]
            if self._is_attainment(figure, named):
                return "attainment"
            # "Revenue came in $1,800 light": the gap may be told by words that no list holds.
            if figure.kind != "percent" and step_within(figure, named) == "difference":
                return "difference"
            noted = (other for figures in self.reading.evidence_figures for other in figures)
            alike = (other for other in noted if other.kind == figure.kind or (other.scaled and figure.kind == "money"))
            return "evidence" if any(_same_number(figure, other) for other in alike) else None
        if self.in_evidence(figure):
            return "evidence"
        if _counts_names(figure):
            return "count"
        if self._lasts(figure):
            return "evidence"
        if self._miscounts(figure):
            return None
        if self._with_neighbour(figure):
            return "sum"
        return self._from_facts(binding) or self._from_figures(figure) or self._from_evidence(binding)

    def _lasts(self, figure: Figure) -> bool:
        """Whether a duration is that of a stretch of time in the evidence: "three weeks" of "3 to 21 August"."""
        if figure.kind not in _IN_DAYS:
            return False
        spans = self.reading.evidence_spans
        return any(reads_as(figure, (days - less) / _IN_DAYS[figure.kind]) for days in spans for less in (0, 1))

    def _miscounts(self, figure: Figure) -> bool:
        """Whether the evidence that the sentence retells counts the same thing otherwise: "18 clients" for "12".

        Then a step that happens to lead to the number supports nothing, unless it is one between such counts.
        """
        folded = figure.sentence.folded
        if figure.kind != "count" or self._change.search(folded, figure.last, figure.last + _CHANGE_REACH):
            return False
        thing = self.thing(figure)
        if not thing:
            return False
        told = _stems(figure.sentence.folded, self.reading.language) - thing
        counts = [
            other.number
            for entry, figures in enumerate(self.reading.evidence_figures)
            if told & self._evidence_stems[entry]
            for other in figures
            if other.kind == "count" and thing & self.thing(other)
        ]
        steps = (number for one, other in combinations(counts, 2) for number in (one + other, abs(one - other)))
        return bool(counts) and not any(reads_as(figure, number) for number in (*steps, sum(counts)))

    def thing(self, figure: Figure) -> set[str]:
        """The beginnings of the telling words right after a count: what it counts."""
        folded = figure.sentence.folded
        end = _CLAUSE_END.search(folded, figure.last)
        words = _WORD.findall(folded, figure.last, end.start() if end is not None else len(folded))
        grammar = _grammar(self.reading.language)
        return {word[:_STEM] for word in [word for word in words if word not in grammar][:_THING]}

    def _retells(self, sentence: Sentence, entry: int) -> bool:
        """Whether a sentence shares a telling word with a piece of evidence."""
        return bool(_stems(sentence.folded, self.reading.language) & self._evidence_stems[entry])

    @cached_property
    def _evidence_stems(self) -> list[frozenset[str]]:
        return [_stems(text, self.reading.language) for text in self.reading.evidence_texts]

    def _is_attainment(self, figure: Figure, named: FactView) -> bool:
        """Whether a percentage is the named fact's share of its target, or any fact's where a target word follows."""
        if figure.kind != "percent":
            return False
        after = figure.sentence.folded[figure.last : figure.last + 20]
        facts = self.reading.facts if self.reading.binder.targets.search(after) else (named,)
        return any(fact.target and reads_as(figure, fact.value / fact.target) for fact in facts)

    def is_level(self, binding: Binding) -> bool:
        """Whether the words around a figure give it to one fact as a level: its name close by, no word of change."""
        figure = binding.figure
        if binding.about is None or figure.kind in ("points", *_COUNTED, "fraction", "multiplied"):
            return False
        if fits_unit(figure, self.reading.facts[binding.about]) < 1.0:
            return False
        if self.reading.binder.nearness(figure, binding.about) < CLOSE:
            return False
        return not self.is_change(figure)

    def is_change(self, figure: Figure) -> bool:
        """Whether the words right around a figure make it a change or a gap, not a level: "by 3", "3 more"."""
        folded = figure.sentence.folded
        before, after = folded[max(0, figure.first - 14) : figure.first], folded[figure.last : figure.last + 14]
        return self._delta_before.search(before) is not None or self._delta_after.match(after) is not None

    def in_evidence(self, figure: Figure) -> bool:
        """Whether a piece of evidence holds the figure."""
        return any(_same_number(figure, other) for figures in self.reading.evidence_figures for other in figures)

    def _from_facts(self, binding: Binding) -> str | None:
        for place in self._facts_near(binding):
            step = step_within(binding.figure, self.reading.facts[place])
            if step is not None:
                return step
        if binding.figure.kind == "money":
            # A gap in money is named without its metric ("more than the $70K shortfall").
            gap = next((step for fact in self.reading.facts if (step := step_within(binding.figure, fact))), None)
            if gap is not None:
                return gap
        return "ratio" if self._is_quotient(binding.figure) else None

    def _is_quotient(self, figure: Figure) -> bool:
        """Whether a figure is the number of deals or their average, or money for each of what another fact counts."""
        facts = self.reading.facts
        if figure.kind == "money" and self._per.match(figure.sentence.folded, figure.last):
            wholes = [fact.value for fact in facts if fact.kind == "currency"]
            counts = [fact.value for fact in facts if fact.kind == "count" and fact.value]
            return any(reads_as(figure, whole / count) for whole in wholes for count in counts)
        by_metric = {fact.metric_id: fact for fact in self.reading.facts}
        whole = by_metric.get(_WHOLE)
        if whole is None:
            return False
        for part, kind in zip(_PARTS, ("money", "count"), strict=True):
            fact = by_metric.get(part)
            if fact is not None and fact.value and figure.kind == kind and reads_as(figure, whole.value / fact.value):
                return True
        return False

    def _facts_near(self, binding: Binding) -> Sequence[int]:
        """The facts that the figure's sentence is about; where it names none, those of its paragraph; else all."""
        reading, figure = self.reading, binding.figure
        sentence = figure.sentence
        named = {mention.fact for mention in reading.mentions[sentence.number]}
        named |= {other.fact for other in reading.by_sentence.get(sentence.number, ()) if other.fact is not None}
        if binding.about is not None:
            named.add(binding.about)
        if not named and sentence.index > 0:
            earlier = sentence.block.sentences[sentence.index - 1]
            named |= {mention.fact for mention in reading.mentions[earlier.number]}
            named |= {other.fact for other in reading.by_sentence.get(earlier.number, ()) if other.fact is not None}
        return sorted(named) if named else range(len(reading.facts))

    def _from_figures(self, figure: Figure) -> str | None:
        others = list(near_figures(figure, self.reading.figures))
        return step_between(figure, others[:24])

    def _with_neighbour(self, figure: Figure) -> bool:
        """Whether a figure is a fact's value more or less a figure of its own sentence: "lost 28, so 40 in all"."""
        if figure.kind not in ("count", "money"):
            return False
        here = self.reading.by_sentence.get(figure.sentence.number, ())
        others = [other.figure for other in here if other.figure is not figure and other.figure.kind == figure.kind]
        return any(
            reads_as(figure, fact.value + other.number) or reads_as(figure, fact.value - other.number)
            for other in others
            for fact in self.reading.facts
            if fits_unit(figure, fact) == 1.0 and not reads_as(other, fact.value)
        )

    def _from_evidence(self, binding: Binding) -> str | None:
        """One step between two figures of evidence that the sentence retells, or from one of them to a named fact."""
        figure = binding.figure
        told = [
            figures
            for entry, figures in enumerate(self.reading.evidence_figures)
            if figures and self._retells(figure.sentence, entry)
        ]
        # Only figures that follow each other: among all pairs of a long note, some share fits almost anything.
        if any(step_between(figure, pair) is not None for figures in told for pair in pairwise(figures)):
            return "evidence"
        if figure.kind == "money" or (figure.kind == "count" and figure.number > 12):
            facts = [self.reading.facts[place] for place in self._facts_near(binding)]
            if any(_with_a_fact(figure, other, facts) for figures in told for other in figures):
                return "evidence"
        return None


def _with_a_fact(figure: Figure, other: Figure, facts: Iterable[FactView]) -> bool:
    """Whether the figure is an evidence figure's difference from a fact's number."""
    return any(
        reads_as(figure, number - other.number) and number != other.number
        for fact in facts
        if fits_unit(other, fact) >= 0.5 and fits_unit(figure, fact) >= 0.5
        for number in {getattr(fact, name) for name in COMPARATORS[:3]} - {None}
    )


@lru_cache(maxsize=32)
def _grammar(language: Language) -> frozenset[str]:
    return frozenset(language.words("claims.common.grammar.words"))


@lru_cache(maxsize=4096)
def _stems(folded: str, language: Language) -> frozenset[str]:
    """The beginnings of a text's telling words."""
    grammar = _grammar(language)
    return frozenset(word[:_STEM] for word in _WORD.findall(folded) if word not in grammar)


def _counts_names(figure: Figure) -> bool:
    """Whether a small number counts the names listed after it: "three accounts: Acme, Beta and Corvo Foods"."""
    if figure.kind != "count" or not 2 <= figure.number <= _LISTED:
        return False
    following = figure.sentence.document.text[figure.end : figure.sentence.end]
    return len(_NAME.findall(following)) == figure.number


def _same_number(figure: Figure, other: Figure) -> bool:
    """Whether two figures show the same number in units that may be the same."""
    alike = figure.kind == other.kind or {figure.kind, other.kind} <= {"percent", "points"}
    loose = figure.kind in _COUNTED or other.kind in _COUNTED
    if not alike and not loose:
        return False
    if not alike and _SHARES & {figure.kind, other.kind}:
        # "27" in a note may be 27 %; a ratio of 1.5 is never the "one" of a sentence.
        scale = 0.01 if figure.kind in _SHARES else 100.0
        return abs(figure.number - other.number * scale) <= 1e-9
    return any(reads_as(figure, value.number) for value in other.values) or any(
        reads_as(other, value.number) for value in figure.values
    )


@lru_cache(maxsize=8)
def support_of(reading: Reading) -> Support:
    """The reading's support, built once for all that ask."""
    return Support(reading)
