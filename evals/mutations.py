"""Known defects to plant in clean drafts: each mutation names the checks that ought to notice.

A mutation is a function from a clean reading and a random choice to mutants (a changed draft, seldom changed facts), or
to none where the draft offers no place for it. What is planted are words of the language's `mutations` data; what is
altered are the draft's own figures. No mutation asks a check where to plant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

from evals.figure_mutations import FIGURE_MUTATIONS
from evals.planting import Mutant, Mutation, Plant, digits, edited, stated
from evals.reading.document import Sentence
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.wording import wording_of

# What a draft without pipeline leaves out.
PIPELINE_FACTS = frozenset(
    {"pipeline_value", "pipeline_coverage", "pipeline_deals", "stalled_deals", "slipped_deals", "accounts_at_risk",
     "reps_below_coverage", "coverage_to_go"}
)  # fmt: skip


def _wrong_figure(reading: Reading, random: Random) -> Iterator[Mutant]:
    """A stated value with another leading digit: no fact has it, and no one step leads to it."""
    for binding in stated(reading, "value"):
        start, end = digits(binding.figure)
        words = reading.document.text[start:end]
        if len(words) < 2 or not words.isascii():
            continue
        other = str((int(words[0]) + random.choice((3, 4, 5))) % 9 + 1)
        yield edited(reading, [(start, end, other + words[1:])])


def _swap(reading: Reading, one: str, other: str) -> Iterator[Mutant]:
    """The figures of two sides of a fact, told in the same sentence, in each other's place."""
    for first in stated(reading, one):
        for second in stated(reading, other):
            same = first.fact == second.fact and first.figure.sentence is second.figure.sentence
            if not same or first.figure.number == second.figure.number or first.figure.kind != second.figure.kind:
                continue
            (a, b), (c, d) = digits(first.figure), digits(second.figure)
            text = reading.document.text
            yield edited(reading, [(a, b, text[c:d]), (c, d, text[a:b])])


def _swapped_target(reading: Reading, random: Random) -> Iterator[Mutant]:
    yield from _swap(reading, "value", "target")


def _swapped_periods(reading: Reading, random: Random) -> Iterator[Mutant]:
    yield from _swap(reading, "value", "prior")


def _team_figure(reading: Reading, random: Random) -> Iterator[Mutant]:
    """The team's percentage told as the person's own."""
    for binding in stated(reading, "value"):
        fact = reading.facts[binding.fact or 0]
        if fact.kind != "ratio" or fact.team is None or round(fact.team, 2) == round(fact.value, 2):
            continue
        if fact.team in (fact.target, fact.prior):
            continue
        start, end = digits(binding.figure)
        yield edited(reading, [(start, end, f"{fact.team * 100:.0f}")])


def _flipped_direction(reading: Reading, random: Random) -> Iterator[Mutant]:
    """A direction word turned round in a sentence that states a fact."""
    stating = {binding.figure.sentence.number for binding in stated(reading, "value")}
    for sentence in reading.sentences:
        if sentence.number not in stating or sentence.block.kind == "table_row":
            continue
        for word, opposite in reading.language.get("mutations.opposites", ()):
            place = f" {sentence.text} ".find(f" {word} ")
            if place >= 0:
                start = sentence.start + place
                yield edited(reading, [(start, start + len(word), opposite)])
                break


def _without(reading: Reading, gone: Iterable[Sentence]) -> Mutant:
    """The draft without these sentences."""
    return edited(reading, [(sentence.start, sentence.end, "") for sentence in gone])


def _weak_places(reading: Reading) -> list[int]:
    return [place for place, fact in enumerate(reading.facts) if fact.key and fact.weak]


def _tells_of(reading: Reading, place: int) -> list[Sentence]:
    """Sentences outside plans that name a fact or state one of its figures."""
    stating = {binding.figure.sentence.number for binding in reading.bindings if binding.fact == place}
    return [
        sentence
        for sentence in reading.sentences
        if (sentence.number in stating or any(mention.fact == place for mention in reading.mentions[sentence.number]))
        and not plans_of(reading).among(sentence)
        and not sentence.block.head_row
    ]


def _dropped_shortfall(reading: Reading, random: Random) -> Iterator[Mutant]:
    """Every sentence about a weak key result left out."""
    for place in _weak_places(reading):
        if told := _tells_of(reading, place):
            yield _without(reading, told)


def _buried_shortfall(reading: Reading, random: Random) -> Iterator[Mutant]:
    """Every sentence about a weak key result left out, and one of them told again at the end of another paragraph."""
    for place in _weak_places(reading):
        told = _tells_of(reading, place)
        running = [sentence for sentence in told if sentence.block.kind == "paragraph"]
        hosts = [
            block
            for block in reading.document.blocks
            if block.kind in ("paragraph", "bullet") and block.sentences and not any(s in told for s in block.sentences)
        ]
        if running and hosts:
            host = hosts[0].sentences[-1]
            edits = [(sentence.start, sentence.end, "") for sentence in told]
            yield edited(reading, [*edits, (host.end, host.end, f" {running[0].text}")])


def _removed_target(reading: Reading, random: Random) -> Iterator[Mutant]:
    """A result told with its value alone, everything else about it left out."""
    for place, fact in enumerate(reading.facts):
        values = [binding for binding in stated(reading, "value") if binding.fact == place]
        shown = [binding for binding in stated(reading, "target") if binding.fact == place]
        told = _tells_of(reading, place)
        if fact.target is None or not values or not shown or not told:
            continue
        host = next((sentence for sentence in told if sentence.block.kind != "table_row"), None)
        if host is None:
            continue
        edits = [(sentence.start, sentence.end, "") for sentence in told if sentence is not host]
        yield edited(reading, [*edits, (host.start, host.end, f"{fact.label}: {values[0].figure.text}.")])


def _planting(kind: str) -> Plant:
    """Plant each sentence of `mutations.<kind>` as a paragraph of its own, above the next steps."""

    def plant(reading: Reading, random: Random) -> Iterator[Mutant]:
        bodies = [
            block
            for block in reading.document.blocks
            if block.kind == "paragraph" and block.index not in plans_of(reading).blocks
        ]
        for words in reading.language.get(f"mutations.{kind}", ()):
            if bodies:
                end = random.choice(bodies).end
                yield edited(reading, [(end, end, f"\n\n{words}")])

    return plant


def _invented_cause(reading: Reading, random: Random) -> Iterator[Mutant]:
    """A cause that no note holds, hung on a sentence that states a result."""
    stating = {binding.figure.sentence.number for binding in stated(reading, "value")}
    hosts = [
        s for s in reading.sentences if s.number in stating and s.block.kind == "paragraph" and s.text.endswith(".")
    ]
    for words in reading.language.get("mutations.causes", ()):
        if hosts:
            end = random.choice(hosts).end - 1
            yield edited(reading, [(end, end, words)])


def _plan_span(reading: Reading) -> tuple[int, int] | None:
    """Where the next steps stand, heading left out."""
    plans = [block for block in reading.document.blocks if block.index in plans_of(reading).blocks]
    starts = [reading.document.text.rfind("\n", 0, block.start) + 1 for block in plans[:1]]
    return (starts[0], plans[-1].end) if plans else None


def _removed_next_steps(reading: Reading, random: Random) -> Iterator[Mutant]:
    if span := _plan_span(reading):
        yield edited(reading, [(*span, "")])


def _wishes_only(reading: Reading, random: Random) -> Iterator[Mutant]:
    span = _plan_span(reading)
    for words in reading.language.get("mutations.wishes", ()):
        if span:
            yield edited(reading, [(*span, words)])


def _removed_pipeline(reading: Reading, random: Random) -> Iterator[Mutant]:
    """The section of the open pipeline left out, and every other sentence that states one of its figures."""
    pipeline = {place for place, fact in enumerate(reading.facts) if fact.metric_id in PIPELINE_FACTS}
    told = {sentence.number: sentence for place in pipeline for sentence in _tells_of(reading, place)}
    sections = {sentence.block.section for sentence in told.values() if sentence.block.section.heading is not None}
    for sentence in reading.sentences:
        title = sentence.block.section.heading
        names_it = title is not None and any(
            mention.fact in pipeline for mention in reading.mentions[title.sentences[0].number]
        )
        if sentence.block.section in sections and names_it:
            told[sentence.number] = sentence
    if told:
        yield _without(reading, told.values())


def _removed_context(reading: Reading, random: Random) -> Iterator[Mutant]:
    """Results as a bare list: each sentence that states a fact becomes its label and value, the others go."""
    wording = wording_of(reading)
    told = {binding.figure.sentence.number: binding for binding in reversed(stated(reading, "value"))}
    edits = []
    for sentence in reading.sentences:
        if (
            sentence.block.kind in ("heading", "table_row")
            or plans_of(reading).among(sentence)
            or wording.left_out(sentence)
        ):
            continue
        binding = told.get(sentence.number)
        bare = "" if binding is None else f"{reading.facts[binding.fact or 0].label}: {binding.figure.text}."
        edits.append((sentence.start, sentence.end, bare))
    if told:
        yield edited(reading, edits)


def _changed_definition(reading: Reading, random: Random) -> Iterator[Mutant]:
    """The same draft over facts whose definition changed between the periods it compares."""
    compared = {binding.fact for binding in stated(reading, "prior")} & {b.fact for b in stated(reading, "value")}
    for place in sorted(place for place in compared if place is not None):
        facts: list[Any] = list(reading.facts)
        facts[place] = replace(facts[place], definition="counted anew", prior_definition="counted as before")
        yield Mutant(reading.document.text, tuple(facts))


MUTATIONS: tuple[Mutation, ...] = (
    Mutation("wrong figure", ("unsupported_number", "wrong_direction"), _wrong_figure),
    *FIGURE_MUTATIONS,
    Mutation("swapped result and target", ("wrong_direction", "unsupported_number"), _swapped_target),
    Mutation("swapped periods", ("wrong_direction", "unsupported_number"), _swapped_periods),
    Mutation("the team's figure", ("wrong_direction", "unsupported_number"), _team_figure),
    Mutation("flipped direction", ("wrong_direction",), _flipped_direction),
    Mutation("dropped shortfall", ("buried_weak_result",), _dropped_shortfall),
    Mutation("buried shortfall", ("buried_weak_result",), _buried_shortfall),
    Mutation("removed target", ("missing_target",), _removed_target),
    Mutation("changed definition", ("mixed_definitions",), _changed_definition),
    Mutation("praise without a figure", ("vague_language",), _planting("praise")),
    Mutation("loose amount", ("vague_language",), _planting("amounts")),
    Mutation("invented action", ("unsupported_claim",), _planting("claims")),
    Mutation("invented cause", ("unsupported_claim",), _invented_cause),
    Mutation("ranking against reps", ("unfair_comparison",), _planting("rankings")),
    Mutation("activity paraded", ("activity_as_outcome",), _planting("parades")),
    Mutation("removed next steps", ("missing_next_steps",), _removed_next_steps),
    Mutation("only wishes", ("missing_next_steps",), _wishes_only),
    Mutation("removed pipeline", ("missing_pipeline_health",), _removed_pipeline),
    Mutation("removed context", ("missing_context",), _removed_context),
    Mutation("removed causes", ("unexplained_metric",), _removed_context),
)
