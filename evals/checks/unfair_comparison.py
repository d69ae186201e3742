"""A person compared with, or ranked against, other named or numbered reps without what makes them comparable.

Territory, segment, ramp, customer or lead mix next to it make a comparison fair; so do a plain team average and a
stated benchmark, which name nobody.
"""

from __future__ import annotations

import re

from evals.finding import Finding
from evals.reading.document import Sentence
from evals.reading.families import Hit
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.showing import shown
from evals.reading.wording import Wording, wording_of

ID = "unfair_comparison"
SEVERITY = "soft"
NEEDS_FACTS = False

# How many words may stand between "ahead of", "more than" or "double" and the person: "double the £142,000 of Ravi".
_REACH = 6
# How many words may stand between "second" and "of five".
_ORDER_REACH = 2
# The same between "most" and "of the three", and between the person and "most".
_SUPERLATIVE_REACH = 3
_OWN_REACH = 5
# A mark that ends a clause, not the comma inside a number: "the 95% we want, as …".
_CLAUSE_END = re.compile(r"[,;:،](?=\s)")


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence that compares unfairly."""
    wording, plans = wording_of(reading), plans_of(reading)
    findings = []
    for sentence in reading.sentences:
        if sentence.block.kind == "heading" or plans.is_plan(sentence):
            continue
        if not compares(wording, sentence) or _taken_into_account(reading, wording, sentence):
            continue
        message = "Reps are set against each other without what makes them comparable."
        suggestion = "say how territory, segment, ramp or lead mix differ, or compare with the team average"
        span = sentence.span(sentence.body, len(sentence.folded))
        findings.append(reading.finding(ID, *span, message, _against_team(reading) or suggestion))
    return findings


def compares(wording: Wording, sentence: Sentence) -> bool:
    """Whether the sentence ranks somebody, or sets somebody against other reps."""
    if any(not wording.quoted(sentence, hit.start, hit.end) for hit in wording.hits(sentence, "comparison.rank")):
        return True
    if _in_order(wording, sentence) or best_of(wording, sentence) or _set_side_by_side(wording, sentence):
        return True
    if not wording.has(sentence, "comparison.ahead", "comparison.than"):
        return False
    others = _others(wording, sentence)
    reps = {hit.first for hit in wording.hits(sentence, "comparison.people")}
    for hit in wording.hits(sentence, "comparison.ahead"):
        # "Marco trails her": the other may stand before the verb.
        if _next_after(wording, sentence, hit, others | reps) or hit.first - 1 in others:
            return True
    if not wording.figures(sentence):
        return False
    others -= {number for number in reps if not _numbered(wording, sentence, number)}
    measured = {number for number in others if _has_figure(wording, sentence, number)}
    return any(
        _next_after(wording, sentence, hit, measured if hit.path == "comparison.than.against" else others)
        and (hit.path != "comparison.than.only" or hit.last + 1 in others)
        for hit in wording.hits(sentence, "comparison.than")
    )


def _numbered(wording: Wording, sentence: Sentence, number: int) -> bool:
    """Whether a number follows the word: "Rep 7" names somebody, "AEs" does not."""
    following = wording.words(sentence)[number + 1 : number + 2]
    return bool(following) and following[0].text.isdigit()


def _has_figure(wording: Wording, sentence: Sentence, number: int) -> bool:
    """Whether a figure stands right by the name: "Tom (88%)", "51 for Tom", "Tom, who closed 14"."""
    words = wording.words(sentence)
    start, end = words[max(0, number - 2)].start, words[min(len(words) - 1, number + 3)].end
    return any(figure.first < end and start < figure.last for figure in wording.figures(sentence))


def _next_after(wording: Wording, sentence: Sentence, hit: Hit, places: set[int]) -> bool:
    """Whether one of these words follows closely, in the same clause."""
    words = wording.words(sentence)
    return any(
        0 < place - hit.last <= _REACH and not _CLAUSE_END.search(sentence.folded, hit.end, words[place].start)
        for place in places
    )


def _in_order(wording: Wording, sentence: Sentence) -> bool:
    """Whether a place in an order stands there: "second of five", not "the first of five demos"."""
    words = wording.words(sentence)
    people = {hit.first for hit in wording.hits(sentence, "comparison.people", "comparison.units")}
    for rank in wording.hits(sentence, "comparison.ordinal"):
        for order in wording.hits(sentence, "comparison.order_of"):
            if not 0 < order.first - rank.last <= _ORDER_REACH:
                continue
            after = order.last + 1
            closed = after >= len(words) or sentence.folded[words[order.last].end : words[after].start].strip() != ""
            if closed or after in people or after + 1 in people or not _is_thing(words[after].text):
                return True
    return False


def best_of(wording: Wording, sentence: Sentence) -> Hit | None:
    """The superlative by which the sentence ranks a person, or None: "she is the most productive of the three".

    "The best of the three months", "the largest of the three" customers and "her best month" rank nobody.
    """
    superlatives = wording.hits(sentence, "comparison.superlative")
    groups = wording.hits(sentence, "comparison.order_of", "comparison.group") if superlatives else []
    if not groups:
        return None
    words = wording.words(sentence)
    people = {hit.first for hit in wording.hits(sentence, "comparison.people")}
    own = _own(wording, sentence)
    for most in superlatives:
        for group in groups:
            if not 0 < group.first - most.last <= _SUPERLATIVE_REACH:
                continue
            named = {group.last, group.last + 1, group.last + 2, *range(most.last + 1, group.first)} & people
            after = words[group.last + 1] if group.last + 1 < len(words) else None
            of_things = after is not None and _is_thing(after.text) and after.start - words[group.last].end == 1
            if named or (not of_things and any(0 < most.first - place <= _OWN_REACH for place in own)):
                return most
    return None


def _own(wording: Wording, sentence: Sentence) -> set[int]:
    """Where the sentence speaks of the draft's own person: by a pronoun, or by a name that stands in a heading."""
    places = {hit.last for hit in wording.hits(sentence, "comparison.person")}
    return places | {
        number
        for number, word in enumerate(wording.words(sentence))
        if word.text in wording.heading_words and wording.capital(sentence, word)
    }


def _set_side_by_side(wording: Wording, sentence: Sentence) -> bool:
    """Whether another person's lesser figure stands beside the own one: "Rosa closed 23; Tom only 14"."""
    lesser = {hit.first for hit in wording.hits(sentence, "comparison.had")}
    figures = [figure for figure in wording.figures(sentence) if figure.kind == "count"] if lesser else []
    if len(figures) < 2:
        return False
    words = wording.words(sentence)
    for number in _others(wording, sentence):
        if number + 2 >= len(words) or not ({number + 1, number + 3} & lesser):
            continue
        after = words[number + 2 if number + 1 in lesser else number + 1]
        theirs = next((figure for figure in figures if figure.first <= after.start < figure.last), None)
        if theirs is not None and any(figure.last <= words[number].start for figure in figures):
            return True
    return False


def _is_thing(text: str) -> bool:
    """Whether a word after "second of five" may be what is counted; a short one ("in", "på") leads on."""
    return len(text) > 3


def _others(wording: Wording, sentence: Sentence) -> set[int]:
    """The places of words that name another person: a name that is not the draft's own person, a month or a code."""
    months = wording.reading.language.words("numbers.dates.months")
    figures = wording.figures(sentence)
    at = {hit.last + 1 for hit in wording.hits(sentence, "comparison.before_places")}
    return {
        number
        for number, word in enumerate(wording.words(sentence))
        if number not in at
        and wording.named(sentence, number)
        and word.text.split("'")[0] not in months
        and not any(char.isdigit() for char in word.text)
        and not wording.all_capitals(sentence, word)
        and word.text not in wording.heading_words
        and len(word.text) > 1
        and not any(figure.first < word.end and word.start < figure.last for figure in figures)
    }


def _taken_into_account(reading: Reading, wording: Wording, sentence: Sentence) -> bool:
    """Whether what makes people comparable stands next to the comparison."""
    for other in reading.document.next_to(sentence):
        places = wording.hits(other, "comparison.place")
        for hit in wording.hits(other, "comparison.fair"):
            counted = any(order.last + 1 == hit.first for order in wording.hits(other, "comparison.order_of"))
            if not counted and not any(place.first <= hit.first <= place.last for place in places):
                return True
    return False


def _against_team(reading: Reading) -> str | None:
    """The comparison that would be fair: the first key fact against its team value."""
    fact = next((fact for fact in reading.facts if fact.key and fact.team is not None), None)
    if fact is None:
        return None
    return (
        f"compare with the team instead: {fact.label.lower()} {shown(fact.value, fact)}, team {shown(fact.team, fact)}"
    )
