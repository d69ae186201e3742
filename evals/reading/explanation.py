"""Whether a draft says why a result moved: a cause in its statement, next to it, or linked to it elsewhere."""

from __future__ import annotations

from functools import cached_property

from evals.reading.document import Sentence
from evals.reading.reading import Reading
from evals.reading.statements import Statements


class Explanations:
    """Looks for causes in one reading."""

    def __init__(self, reading: Reading, statements: Statements) -> None:
        language = reading.language
        self.reading = reading
        self.statements = statements
        self.cause = language.pattern("causes.because", "causes.moved", "causes.timing")
        self.firm = language.pattern("causes.because")

    def explained(self, place: int) -> bool:
        """Whether any statement of the fact has a cause in it or next to it, or another sentence links one to it."""
        stated = {binding.figure.sentence.number for binding in self.statements.values[place]}
        for sentence in self.reading.sentences:
            if self.statements.in_plan_section(sentence) or sentence.block.kind == "table_row":
                continue
            if sentence.number in stated:
                if self._statement_explained(sentence, place):
                    return True
            elif self._links(sentence, place):
                return True
        return False

    def _statement_explained(self, sentence: Sentence, place: int) -> bool:
        if self._gives_cause(sentence, place):
            return True
        return any(
            near is not sentence and self._tells_event(near, place) for near in self.reading.document.next_to(sentence)
        )

    def _gives_cause(self, sentence: Sentence, place: int) -> bool:
        """Whether the sentence itself holds a cause, and it is not another fact's."""
        match = self.cause.search(sentence.folded, sentence.body)
        if match is None:
            return self._is_event(sentence)
        others = self._others(sentence, place)
        return not others or self._closest_is(sentence, place, match.start())

    def _closest_is(self, sentence: Sentence, place: int, cause: int) -> bool:
        """Whether the last fact named or shown before the cause is this one; for a cause that comes first, the next."""
        spots = [(mention.first, mention.fact) for mention in self.reading.mentions[sentence.number]]
        spots += [
            (binding.figure.first, binding.fact)
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.fact is not None and binding.sure
        ]
        before = [spot for spot in spots if spot[0] < cause]
        if before:
            return place in {fact for first, fact in before if first >= max(before)[0] - 60}
        return True

    def _tells_event(self, sentence: Sentence, place: int) -> bool:
        """Whether a neighbouring sentence tells what was done or happened, and is not about another fact."""
        if self._states_another(sentence, place):
            return False
        return bool(self.cause.search(sentence.folded)) or self._is_event(sentence)

    def _states_another(self, sentence: Sentence, place: int) -> bool:
        """Whether the sentence states another fact's value: then what it tells is that fact's."""
        return any(
            binding.fact not in (None, place) and binding.comparator == "value" and binding.sure
            for binding in self.reading.by_sentence.get(sentence.number, ())
        )

    def _others(self, sentence: Sentence, place: int) -> bool:
        return self._states_another(sentence, place)

    def _links(self, sentence: Sentence, place: int) -> bool:
        """Whether a sentence elsewhere names the fact and gives a cause for it."""
        named = any(mention.fact == place and mention.strong for mention in self.reading.mentions[sentence.number])
        return named and self.firm.search(sentence.folded) is not None and not self._states_another(sentence, place)

    def _is_event(self, sentence: Sentence) -> bool:
        """Whether the sentence shares telling words with a piece of evidence: it retells what was done or happened."""
        words = {stem for stem in self._stems(sentence.folded)}
        return any(len(words & known) >= 2 for known in self._evidence)

    @cached_property
    def _evidence(self) -> list[set[str]]:
        from evals.reading.folding import fold

        return [set(self._stems(fold(entry.text).text)) for entry in self.reading.evidence]

    def _stems(self, folded: str) -> list[str]:
        import re

        return [word[:5] for word in re.findall(r"[^\W\d_]{5,}", folded) if word[:5] not in self._common]

    @cached_property
    def _common(self) -> set[str]:
        """Stems of metric names and of the words of time: they stand in evidence and in bare figures alike."""
        import re

        language = self.reading.language
        words = set(re.findall(r"[^\W\d_]{5,}", " ".join(fact.label.lower() for fact in self.reading.facts)))
        for terms in (language.get("metrics.terms") or {}).values():
            words |= set(re.findall(r"[^\W\d_]{5,}", " ".join(terms).lower()))
        words |= set(language.words("numbers.dates.months")) | set(language.words("metrics.generic.words"))
        return {word[:5] for word in words}
