"""A draft read once for all checks: its document, its facts and evidence, its figures and what each stands for.

Every check is `check(reading: Reading) -> list[Finding]`, beside the constants `ID`, `SEVERITY` and `NEEDS_FACTS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

from evals.finding import Finding, severity_of
from evals.reading.binding import Binder, Binding, bind
from evals.reading.document import Document, Sentence, read_document
from evals.reading.facts import EvidenceView, FactView, evidence_views, fact_views
from evals.reading.figures import Figure, read_figures, reader_of
from evals.reading.folding import fold
from evals.reading.language import Language, load_language
from evals.reading.mentions import Mention, mentions_by_sentence


class Reading:
    """What a check sees. Build one with `Reading.of`; the costly parts are worked out when first asked for."""

    def __init__(
        self, document: Document, facts: tuple[FactView, ...], evidence: tuple[EvidenceView, ...], language: Language
    ) -> None:
        self.document = document
        self.facts = facts
        self.evidence = evidence
        self.language = language
        # What `statements.Statements.of` works out for this reading.
        self.statements: Any = None
        # What `support.Support` found for each unbound figure, by the number of its sentence and its place in it.
        self.supports: dict[tuple[int, int], str | None] = {}

    @classmethod
    def of(cls, markdown: str, facts: Iterable[Any], evidence: Iterable[Any], language: Language | str) -> Reading:
        """The reading of a draft. Facts and evidence may be ours (`tools.facts`), dicts or views."""
        loaded = load_language(language) if isinstance(language, str) else language
        return cls(read_document(markdown, loaded), fact_views(facts), evidence_views(evidence), loaded)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The draft's sentences in reading order."""
        return self.document.sentences

    @cached_property
    def figures(self) -> list[Figure]:
        """Every figure of the draft, in reading order."""
        return read_figures(self.document)

    @cached_property
    def evidence_figures(self) -> list[list[Figure]]:
        """The figures of each piece of evidence; notes are terse, so numbers after names are kept."""
        return [_note_figures(entry.text, self.language) for entry in self.evidence]

    @cached_property
    def evidence_texts(self) -> list[str]:
        """The folded text of each piece of evidence."""
        return [fold(entry.text).text for entry in self.evidence]

    @cached_property
    def evidence_spans(self) -> list[int]:
        """The lengths in days of the stretches of time that the evidence names: 19 for "on leave 3 to 21 August"."""
        calendar = reader_of(self.language).calendar
        return [days for text in self.evidence_texts for days in calendar.spans(text)]

    @cached_property
    def mentions(self) -> list[list[Mention]]:
        """For each sentence, by its number, the facts it names."""
        return mentions_by_sentence(self.document, self.facts)

    @cached_property
    def binder(self) -> Binder:
        """What binds figures to the facts of this draft."""
        return Binder(self.document, self.facts, self.mentions)

    @cached_property
    def bindings(self) -> list[Binding]:
        """What each figure stands for, in the order of `figures`."""
        return list(bind(self.document, self.figures, self.facts, self.binder))

    @cached_property
    def by_sentence(self) -> dict[int, list[Binding]]:
        """The bindings of each sentence, by its number."""
        found: dict[int, list[Binding]] = {}
        for binding in self.bindings:
            found.setdefault(binding.figure.sentence.number, []).append(binding)
        return found

    def fact(self, fact_id: str) -> FactView | None:
        """The fact of that id, or None."""
        return next((fact for fact in self.facts if fact.id == fact_id), None)

    def finding(
        self, check: str, start: int, end: int, message: str, suggestion: str, fact: str | None = None
    ) -> Finding:
        """A finding about the draft's characters `start` to `end`."""
        line, column = self.document.position(start)
        quote = self.document.text[start:end]
        return Finding(check, severity_of(check), quote, line, column, fact, message, suggestion, start, end)

    def whole(self, check: str, message: str, suggestion: str, fact: str | None = None) -> Finding:
        """A finding about the whole draft."""
        return Finding(check, severity_of(check), "", None, None, fact, message, suggestion)


@lru_cache(maxsize=2048)
def _note_figures(text: str, language: Language) -> list[Figure]:
    """The figures of one note, kept: a person's notes are read again with every draft about that person."""
    return read_figures(read_document(text, language), with_names=True)
