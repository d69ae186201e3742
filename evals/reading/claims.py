"""What a sentence's words say of a fact, held against the fact itself: its movement, its standing, its owner."""

from __future__ import annotations

from functools import lru_cache

from evals.reading.binding import Binding, fits_unit, table_head
from evals.reading.denial import Denial
from evals.reading.document import Sentence
from evals.reading.movement import Movement
from evals.reading.reading import Reading
from evals.reading.standing import Standing

# How near the name must stand for a figure to be bound to the fact at all, and to be given to it beyond doubt.
_NEAR = 1.3
_GIVEN = 5.3
# From here on the words around a figure surely name the fact it is bound to.
_NAMED = 3.0
# Below this the words do not name the figure's owner.
_UNNAMED = 0.9


class Claims:
    """The claims of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.movement = Movement(reading)
        self.standing = Standing(reading)
        self._misjudged: dict[tuple[int, int], str | None] = {}
        self.denial = Denial(reading.language)

    def contradiction(self, sentence: Sentence, place: int) -> str | None:
        """What the sentence wrongly says of the fact ("a fall"), or None."""
        bindings = self._bindings(sentence, place)
        fact = self.reading.facts[place]
        if not bindings:
            return None
        if sentence.block.kind == "table_row":
            return self.movement.swapped_in_row(fact, bindings) or self.standing.contradicted_in_row(
                sentence, fact, bindings
            )
        return (
            self.standing.exchanged(fact, bindings)
            or self.movement.swapped(sentence, fact, bindings)
            or self.misjudged(sentence, place)
        )

    def misjudged(self, sentence: Sentence, place: int) -> str | None:
        """The wrong word for the fact's movement or standing, all its figures being in their right places."""
        key = (sentence.number, place)
        if key not in self._misjudged:
            self._misjudged[key] = self._judge(sentence, place)
        return self._misjudged[key]

    def _judge(self, sentence: Sentence, place: int) -> str | None:
        bindings = self._bindings(sentence, place)
        if not bindings or sentence.block.kind == "table_row":
            return None
        denied = self.denial.denied(sentence, bindings)
        if denied is not None:
            return f"not {denied}"
        return self.movement.contradicted(sentence, place, bindings) or self.standing.contradicted(
            sentence, place, bindings
        )

    def _bindings(self, sentence: Sentence, place: int) -> list[Binding]:
        here = self.reading.by_sentence.get(sentence.number, ())
        return [binding for binding in here if binding.fact == place and binding.near >= _NEAR]

    def team_as_own(self, sentence: Sentence) -> Binding | None:
        """A figure given for a fact that is the team's, where the fact's own is not told and nobody names the team."""
        here = self.reading.by_sentence.get(sentence.number, ())
        for binding in here:
            if binding.comparator != "team" or binding.near < _NAMED or not binding.sure:
                continue
            told = any(other.fact == binding.fact and other.comparator == "value" for other in here)
            if not told and not self._speaks_of_team(sentence, table_head(binding.figure)):
                return binding
        return None

    def _speaks_of_team(self, sentence: Sentence, head: str) -> bool:
        texts = [head, sentence.block.section.title, *(near.folded for near in self.reading.document.next_to(sentence))]
        return any(self.reading.binder.teams.search(text) for text in texts)

    def stranger(self, sentence: Sentence) -> tuple[int, int] | None:
        """A figure right after one fact's full name that is another's value: (the fact named, the figure's owner)."""
        if sentence.block.kind == "table_row":
            return None
        named_here = {mention.fact for mention in self.reading.mentions[sentence.number]}
        for binding in self.reading.by_sentence.get(sentence.number, ()):
            named, owner = binding.about, binding.fact
            if named is None or owner in (None, named) or binding.comparator != "value" or owner in named_here:
                continue
            figure = binding.figure
            telling = figure.kind in ("percent", "money", "days", "multiple") and binding.near <= _UNNAMED
            given = telling and self.reading.binder.nearness(figure, named) >= _GIVEN
            if given and fits_unit(figure, self.reading.facts[named]) == 1.0:
                assert owner is not None
                return named, owner
        return None


@lru_cache(maxsize=8)
def claims_of(reading: Reading) -> Claims:
    """The reading's claims, worked out once for all checks that ask."""
    return Claims(reading)
