"""What the new words of a rewrite may not do around figures that they cannot change: soften, deny, praise, translate.

Only words that the rewrite brings in count. The lists are data (`prompts/edit/<code>.toml`), for native speakers to
correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.comparing import comparator
from agent.draft import Attainment, Block, Comparison, FactToken, Name, Quotation, Section, Statement, Text
from agent.editing.kept import Loss
from agent.editing.novelty import novelties, numeral
from agent.editing.plainness import odd_words
from agent.editing.plans import statements
from agent.editing.vocabulary import Vocabulary, any_of, brought_in, old_sentences, without_quoted_causes, words_of
from agent.naming import lowered
from tools.facts import Fact, FactSheet

# A sentence of fewer words says nothing of its language.
_FEWEST_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+")
# "Fell short" says nothing of a direction.
_IDIOM = re.compile(r"\bf(?:e|a)ll(?:s|ing|en)? short\b")
_STATING = (FactToken, Comparison, Attainment)
# Words that turn what a figure is, whoever it belongs to: of another time, other people, hearsay, or not so.
_BENDING = {
    "elsewhen": "tells of another time than the record",
    "elsewhose": "tells of somebody else than the record",
    "hearsay": "tells as hearsay what is on record",
    "conditional": "tells as possible what is on record",
    "ranking": "ranks a result, which no figure bears out",
    "blurring": "makes an exact figure inexact",
}


def wording_losses(before: Section, after: Section, sheet: FactSheet, words: Vocabulary) -> list[Loss]:
    """Why the words of `after` may not stand where those of `before` stood; empty when they may.

    It may hold no more sentences without a token than before: fifty edits in a row would pile them up. In another
    language every word is new, so none can be told from what the section said. The composer's own words, which are ours
    and reviewed, are held to the lists alone.
    """
    found: list[Loss] = []
    for block in after.blocks:
        for statement in block.statements:
            found += _Sentence(statement, block, before, after, sheet, words).losses()
    if after.written_by != "composer" and _bare(after) > _bare(before):
        found.append(Loss("this version says more than the section said", "add no sentence without a token"))
    return list(dict.fromkeys(found))


def _bare(section: Section) -> int:
    """How many of its sentences hold neither a figure nor a quotation."""
    return sum(all(isinstance(part, Text | Name) for part in statement.parts) for statement in statements(section))


class _Sentence:
    """One new sentence, what it is about, and what stood there before."""

    def __init__(
        self, statement: Statement, block: Block, before: Section, after: Section, sheet: FactSheet, words: Vocabulary
    ) -> None:
        self.statement = statement
        self.before = before
        self.after = after
        self.sheet = sheet
        self.words = words
        self.facts = [fact for fact in map(sheet.fact, statement.facts) if fact is not None]
        self.weak = next((fact for fact in self.facts if fact.weak), None)
        self.led = _led_by_shortfall(block, sheet)
        self.text = words_of(statement)
        self.old = " ".join(words_of(each) for each in old_sentences(statement, before))

    def losses(self) -> Iterator[Loss]:
        composed = self.after.written_by == "composer"
        subject = self._shortfall()
        if subject is not None:
            yield from self._in_passing(subject)
            if not composed:
                yield from self._odd(subject)
            elif self.weak is not None:
                yield from self._talked_around(subject)
        elif self.facts and all(fact.better is not None for fact in self.facts) and self.words.source is None:
            yield from self._blamed()
        if self.facts and not composed:
            yield from _directions(self.facts, self.text, self.old, self.words)
        elif not self.facts and not (subject is not None and self.words.source is not None):
            yield from self._verdicts()
        if not composed and subject is None:
            yield from self._bent()
        if self.before.id == "next_steps":
            yield from self._upheld()
        yield from _foreign(self.text, self.words)
        asked = self.text.rstrip(" ”\"')").endswith(("?", "؟"))
        if self.facts and asked and "?" not in self.old and "؟" not in self.old:
            yield Loss("this version asks what is on record", "state it; leave the question mark out")
        number = numeral(self.statement, self.before)
        if number is not None:
            yield Loss(f"this version writes a number of its own (“{number}”)", f"leave “{number}” out")
        if subject is None and not composed and self.words.source is None and self.words.own.get("neutral"):
            yield from novelties(self.statement, self.before, self.sheet, self.words)

    def _shortfall(self) -> Fact | None:
        """The shortfall that the sentence states, that opens its block, or that it speaks of without any figure.

        Next steps say what is to come of a result; only a sentence that states its value tells of the shortfall there.
        """
        stated = [part.fact for part in self.statement.parts if isinstance(part, _STATING)]
        weak = next((fact for fact in self.facts if fact.weak and fact.id in stated), None)
        if weak is not None or self.before.id == "next_steps":
            return weak
        if not self.facts:
            return self.led or self._named()
        return None

    def _named(self) -> Fact | None:
        """The shortfall that a sentence without a figure or a quotation names, where the old one did not."""
        if any(isinstance(part, Quotation) for part in self.statement.parts):
            return None
        tokens = {part.of for part in self.statement.parts if isinstance(part, Name) and part.name == "label"}
        for fact in self.sheet.facts:
            named = fact.id in tokens or fact.label.casefold() in self.text
            if named and fact.weak and fact.key and fact.label.casefold() not in self.old:
                return fact
        return None

    def _in_passing(self, subject: Fact) -> Iterator[Loss]:
        if self.weak is not None and _in_brackets(self.text) and not _in_brackets(self.old):
            yield Loss(
                f"this version tells the shortfall in {lowered(subject.label)} in passing",
                "state it in the main clause, not in brackets",
            )

    def _talked_around(self, subject: Fact) -> Iterator[Loss]:
        """Words that make a shortfall smaller, praise it, or deny it."""
        named = lowered(subject.label)
        plain = self._without_admissions(without_quoted_causes(self.text, self.words))
        for name in ("softening", "praising", "denying"):
            word = self.words.brought_in(name, plain, self.old)
            # "No note explains it" denies no figure.
            if word is not None and not (name == "denying" and self.weak is None):
                yield Loss(
                    f"this version talks around the shortfall in {named} (“{word}”)",
                    f"leave “{word}” out of a sentence about a shortfall",
                )

    def _without_admissions(self, text: str) -> str:
        """The text without the phrases that say no and mean that a target was missed."""
        return any_of(self.words.listed("admissions")).sub(" ", text)

    def _odd(self, subject: Fact) -> Iterator[Loss]:
        """Whatever else the sentence says: it is laid out in the language's phrases and in what was said before."""
        old = [
            each
            for block in self.before.blocks
            for each in block.statements
            if subject.id in each.facts or _led_by_shortfall(block, self.sheet) == subject
        ]
        odd = odd_words(self.statement, old, self.words.plain)
        talked = list(self._talked_around(subject)) if odd is not None else []
        yield from talked
        if odd is not None and not talked:
            plainly = self.words.plain.example.format(
                label=f"{{name label {subject.id}}}", figure="its comparison token"
            )
            yield Loss(
                f"this version adds to the shortfall in {lowered(subject.label)} what was not said of it (“{odd}”)",
                f"state the shortfall as plainly as “{plainly}”, and say nothing else in its sentence",
            )

    def _blamed(self) -> Iterator[Loss]:
        word = self.words.brought_in("blaming", self.text, self.old)
        if word is not None:
            yield Loss(
                f"this version calls {lowered(self.facts[0].label)} “{word}”, but it did not fall short",
                f"leave “{word}” out",
            )

    def _verdicts(self) -> Iterator[Loss]:
        """A sentence without a figure brings in no judgement of results: nothing in it could be checked."""
        whole = " ".join(words_of(statement) for statement in statements(self.before) if not statement.facts)
        for name in ("verdicts", "praising", "blaming", "beat", "missed", "up", "down", "softeners"):
            word = self.words.brought_in(name, self.text, whole)
            if word is not None:
                yield Loss(
                    f"this version judges a result without its figure (“{word}”)",
                    f"leave “{word}” out of a sentence that holds no figure",
                )
                return

    def _bent(self) -> Iterator[Loss]:
        """A result told of another time, of somebody else, as hearsay or as possible, or ranked among others."""
        if self.before.id == "next_steps" and not any(isinstance(part, _STATING) for part in self.statement.parts):
            return
        for name, told in _BENDING.items():
            word = self.words.brought_in(name, self.text, self.old)
            if word is not None:
                yield Loss(f"this version {told} (“{word}”)", f"leave “{word}” out")

    def _upheld(self) -> Iterator[Loss]:
        """A step towards a target that was missed does not speak as if it stood there already."""
        if self.weak is None:
            return
        word = self.words.brought_in("upholding", self.text, self.old)
        if word is not None:
            yield Loss(
                f"this version speaks of {lowered(self.weak.label)} as if its target had been reached (“{word}”)",
                f"leave “{word}” out",
            )


def _in_brackets(text: str) -> bool:
    """Whether the first figure stands in brackets."""
    before = text.partition("▮")[0]
    return before.count("(") > before.count(")")


def _directions(facts: Sequence[Fact], text: str, old: str, words: Vocabulary) -> Iterator[Loss]:
    """A word of direction that the rewrite brings in is true of a figure in its sentence."""
    moves = {move for fact in facts for move in _moves(fact)}
    plain = _IDIOM.sub(" ", text)
    for sign in ("up", "down", "beat", "missed"):
        word = brought_in(words.refused[sign], plain if sign in ("up", "down") else text, old)
        if word is not None and sign not in moves:
            yield Loss(
                f"this version says “{word}” of {lowered(facts[0].label)}, which the record does not bear out",
                f"leave “{word}” out",
            )


def _moves(fact: Fact) -> Iterator[str]:
    """up, down, beat, missed: what the fact did, against any of its comparators."""
    for against in ("prior", "year_ago"):
        other = comparator(fact, against)  # type: ignore[arg-type]
        if other is not None and other != fact.value:
            yield "up" if fact.value > other else "down"
    if fact.target is not None and fact.better is not None:
        yield "missed" if fact.misses_target else "beat"


def _foreign(text: str, words: Vocabulary) -> Iterator[Loss]:
    """A sentence is in the draft's language if it holds at least as many of its everyday words as of another's."""
    spoken = [word.casefold() for word in _WORD.findall(text)]
    if len(spoken) < _FEWEST_WORDS:
        return
    common = frozenset(words.own["common"])
    own = sum(word in common for word in spoken)
    other = max((sum(word in listed for word in spoken) for listed in words.others.values()), default=0)
    if own == 0 or other > own:
        yield Loss("this version is partly in another language", "write every sentence in the language of the section")


def _led_by_shortfall(block: Block, sheet: FactSheet) -> Fact | None:
    """The shortfall that the block opens with."""
    facts = block.statements[0].facts if block.statements else ()
    fact = sheet.fact(facts[0]) if facts else None
    return fact if fact is not None and fact.weak else None
