"""A judgement or an amount that a reader cannot check.

An evaluative word about a result ("a strong quarter", "performed well") or a loose amount of something countable
("several deals") with no figure for it next to it. Judgements of moods, relationships and teamwork have no figure that
could be theirs. Not vague: words in a quotation, a name, a defined segment name, or a next step.
"""

from __future__ import annotations

from collections.abc import Iterator

from evals.checks.unfair_comparison import best_of
from evals.finding import Finding
from evals.reading.document import Sentence
from evals.reading.families import Hit
from evals.reading.given import SHARE_REACH, amount_is_given, result_is_given
from evals.reading.phrases import nearest_fact, phrase_of
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.wording import Wording, wording_of

ID = "vague_language"
SEVERITY = "soft"
NEEDS_FACTS = False

# How many words may stand between a judgement and what it judges: "a good, if late, start".
_REACH = 4
# The same for what is said of a mood: "the dialogue with the board has been open and constructive".
_MOOD_REACH = 8
# The same for a plain everyday adjective: "high activity", "activity levels were high".
_SAID_OF = 2
_JUDGEMENTS = ("vague.praise", "vague.blame", "vague.degree")
_EVERYDAY = ("vague.mild", "vague.plain", "vague.close")
# What a plain everyday adjective judges; elsewhere it only describes: "difficult conversations".
_PLAINLY_JUDGED = frozenset(
    {"vague.merit.period", "vague.merit.result", "vague.merit.state", "vague.merit.pipeline", "vague.merit.relation"}
)
_AMOUNTS = ("vague.amount", "vague.share")


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence with a vague word, about the first of them."""
    wording = wording_of(reading)
    found = ((sentence, first_vague(reading, wording, sentence)) for sentence in reading.sentences)
    return [_finding(reading, sentence, hit) for sentence, hit in found if hit is not None]


def is_vague(reading: Reading, wording: Wording, sentence: Sentence) -> bool:
    """Whether the sentence has a vague word."""
    return first_vague(reading, wording, sentence) is not None


def first_vague(reading: Reading, wording: Wording, sentence: Sentence) -> Hit | None:
    """The sentence's first vague word that no figure shields, or None."""
    if sentence.block.head_row or plans_of(reading).is_step(sentence) or wording.left_out(sentence):
        return None
    if wording.says_why_it_matters(sentence):
        return None
    candidates = _candidates(wording, sentence)
    return next((hit for hit in candidates if not _shielded(reading, wording, sentence, hit)), None)


def _candidates(wording: Wording, sentence: Sentence) -> Iterator[Hit]:
    """Vague words that are the writer's own and no part of a name or of a harmless phrase, in order."""
    exempt = wording.hits(sentence, "vague.exempt")
    ranked = best_of(wording, sentence)
    for hit in wording.hits(sentence, *_JUDGEMENTS, *_EVERYDAY, *_AMOUNTS):
        if any(other.first <= hit.first and hit.last <= other.last for other in exempt):
            continue
        # "The most productive of the three" is a ranking.
        if ranked is not None and 0 <= hit.first - ranked.last <= 1:
            continue
        if wording.quoted(sentence, hit.start, hit.end) or wording.named(sentence, hit.first):
            continue
        group = _group(hit)
        if group in _EVERYDAY and not _judges(wording, sentence, hit):
            continue
        if group == "vague.share" and not _counts(wording, sentence, hit):
            continue
        yield hit


def _group(hit: Hit) -> str:
    return hit.path.rsplit(".", 1)[0]


def _judges(wording: Wording, sentence: Sentence, hit: Hit) -> bool:
    """Whether an everyday word stands beside something that it judges: "a good start", "went well"."""
    group = _group(hit)
    for other in wording.hits(sentence, "vague.merit", "vague.manner"):
        apart = other.first - hit.first
        relation, response = other.path == "vague.merit.relation", other.path == "vague.merit.response"
        if apart == 0:
            continue
        if other.path.startswith("vague.manner"):
            fits = group == "vague.mild" and abs(apart) < _REACH
        elif relation or (response and group == "vague.mild"):
            fits = abs(apart) <= _MOOD_REACH
        elif group == "vague.plain":
            said_of_it = response and -_SAID_OF <= apart < 0
            fits = said_of_it or (-_SAID_OF <= apart <= _SAID_OF and other.path in _PLAINLY_JUDGED)
        else:
            fits = group == "vague.mild" and abs(apart) <= _REACH
        if fits:
            return True
    return False


def _counts(wording: Wording, sentence: Sentence, hit: Hit) -> bool:
    """Whether a loose share is one of things that can be counted: "most renewals", not "much of the work"."""
    things = wording.hits(sentence, "vague.countable")
    return any(hit.last < thing.first <= hit.last + SHARE_REACH for thing in things)


def _shielded(reading: Reading, wording: Wording, sentence: Sentence, hit: Hit) -> bool:
    """Whether the figure that the vague word would need stands next to it."""
    if _group(hit) in _AMOUNTS:
        return amount_is_given(wording, sentence, hit)
    return not _of_mood(wording, sentence, hit) and result_is_given(wording, sentence, hit)


def _of_mood(wording: Wording, sentence: Sentence, hit: Hit) -> bool:
    """Whether the judgement is one of a relationship, a mood or a person: nothing could measure it."""
    if hit.path in ("vague.praise.mood", "vague.praise.person"):
        return True
    relations = [other for other in wording.hits(sentence, "vague.merit") if other.path == "vague.merit.relation"]
    return any(abs(other.first - hit.first) <= _MOOD_REACH for other in relations)


def _finding(reading: Reading, sentence: Sentence, hit: Hit) -> Finding:
    words = sentence.folded[hit.start : hit.end]
    if _group(hit) in _AMOUNTS:
        message, suggestion = f'How much "{words}" is, a reader cannot tell.', "give the count, or leave the amount out"
    else:
        message = f'"{words}" is a judgement that a reader cannot check.'
        suggestion = _better(reading, sentence)
    return reading.finding(ID, *sentence.span(sentence.body, len(sentence.folded)), message, suggestion)


def _better(reading: Reading, sentence: Sentence) -> str:
    """What to write instead: the figure of the fact that the sentence names, else of the first key fact."""
    fact = nearest_fact(reading.facts, sentence.folded)
    return "give the figure, or leave it out" if fact is None else f"give the figure: {phrase_of(fact)}"
