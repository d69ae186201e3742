"""What the new words of a rewrite may not do around figures that they cannot change: soften, deny, praise, translate.

Only words that the rewrite brings in count. The lists are data (`prompts/edit/<code>.toml`), for native speakers to
correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from agent.comparing import comparator
from agent.draft import Block, Name, Quotation, Section, Statement, Text
from agent.editing.conserving import Loss
from agent.editing.plans import statements
from agent.naming import lowered
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet

# A sentence of fewer words says nothing of its language.
_FEWEST_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"(?<![\w'’])[VXLCDM](?![\w'’])")
# "Fell short" says nothing of a direction.
_IDIOM = re.compile(r"\bf(?:e|a)ll(?:s|ing|en)? short\b")
# A cause that is quoted from a note excuses nothing: "because ▮".
_CAUSE_QUOTED = re.compile(r"\b(?:because|since|due to|owing to|explained by)(?: of)?\s*:?\s*[“\"]?\s*▮")
# How much of a sentence a rewrite may bring in that neither the section nor the neutral words hold: new words, and
# their share of the sentence. Nothing of a sentence on a shortfall; less where no figure stands in it.
_NEW_WITH_FIGURE = (3, 0.5)
_NEW_WITHOUT = (2, 0.4)


@dataclass(frozen=True)
class Vocabulary:
    """A language's lists: `own` from prompts/edit, `refused` from prompts/languages, `others` for telling it apart."""

    own: Mapping[str, Any]
    refused: Mapping[str, Any]
    others: Mapping[str, frozenset[str]]


def vocabulary(prompts: PromptSet, locale: str) -> Vocabulary:
    """The lists of words that rewrites in that language are held to."""
    others = {
        code: frozenset(prompts.edit_words(code)["common"]) for code in prompts.edit_languages() if code != locale
    }
    return Vocabulary(prompts.edit_words(locale), prompts.language(locale)["refused"], others)


def wording_losses(
    before: Section, after: Section, sheet: FactSheet, words: Vocabulary, *, translated: bool = False
) -> list[Loss]:
    """Why the words of `after` may not stand where those of `before` stood; empty when they may.

    In another language every word is new, so none can be told from what the section said; it may then hold no more
    sentences without a figure than before, and no word of the lists around its shortfalls.

    The composer's own words, which are ours and reviewed, are not held to novelty.
    """
    if translated:
        words = replace(words, own={**words.own, "neutral": (), "verdicts": (), "blaming": ()})
    if after.written_by == "composer":
        words = replace(words, own={**words.own, "neutral": ()})
    found: list[Loss] = []
    for block in after.blocks:
        for statement in block.statements:
            found += _statement_losses(statement, block, before, sheet, words)
    if translated and _bare(after) > _bare(before):
        found.append(Loss("this version says more than the section said", "add no sentence without a token"))
    return list(dict.fromkeys(found))


def _bare(section: Section) -> int:
    """How many of its sentences hold neither a figure nor a quotation."""
    return sum(all(isinstance(part, Text | Name) for part in statement.parts) for statement in statements(section))


def _statement_losses(
    statement: Statement, block: Block, before: Section, sheet: FactSheet, words: Vocabulary
) -> Iterator[Loss]:
    facts = [fact for fact in map(sheet.fact, statement.facts) if fact is not None]
    weak = next((fact for fact in facts if fact.weak), None)
    led = _led_by_shortfall(block, sheet)
    text, old = _text(statement), _old_text(statement, before)
    if weak is not None or (led is not None and not facts):
        subject = weak or led
        assert subject is not None
        lists = ["softening", "praising"] + (["denying"] if weak is not None else [])
        if weak is not None and _in_brackets(text) and not _in_brackets(old):
            yield Loss(
                f"this version tells the shortfall in {lowered(weak.label)} in passing",
                "state it in the main clause, not in brackets",
            )
        plain = _CAUSE_QUOTED.sub(" ", text)
        for name in lists:
            word = _new(tuple(words.own[name]), plain, old)
            if word is not None:
                yield Loss(
                    f"this version talks around the shortfall in {lowered(subject.label)} (“{word}”)",
                    f"leave “{word}” out of a sentence about a shortfall",
                )
    elif facts and all(fact.better is not None for fact in facts):
        word = _new(tuple(words.own["blaming"]), text, old)
        if word is not None:
            yield Loss(
                f"this version calls {lowered(facts[0].label)} “{word}”, but it did not fall short",
                f"leave “{word}” out",
            )
    if facts:
        yield from _directions(facts, text, old, words)
    else:
        yield from _verdicts(text, before, words)
    ranked = _new(tuple(words.own.get("ranking", ())), text, old)
    if ranked is not None:
        yield Loss(f"this version ranks a result (“{ranked}”), which no figure bears out", f"leave “{ranked}” out")
    yield from _foreign(text, words)
    numeral = _numeral(statement, before)
    if numeral is not None:
        yield Loss(f"this version writes a number of its own (“{numeral}”)", f"leave “{numeral}” out")
    if words.own.get("neutral"):
        yield from _novelties(statement, weak, before, sheet, words)


def _numeral(statement: Statement, before: Section) -> str | None:
    """A Roman numeral of one letter that the section did not hold: "or V"."""
    old = " ".join(statement.text for statement in statements(before))
    for part in statement.parts:
        match = _ROMAN.search(part.text) if isinstance(part, Text) else None
        if match is not None and match[0] not in _ROMAN.findall(old):
            return match[0]
    return None


def _novelties(
    statement: Statement, weak: Fact | None, before: Section, sheet: FactSheet, words: Vocabulary
) -> Iterator[Loss]:
    """What a sentence says that the section did not say before."""
    spoken = _content(_text(statement), words)
    known = _known(before, sheet)
    new = [word for word in spoken if not _has(known, word)]
    if before.id != "next_steps" and statement.facts:
        after = _tail(statement, before, words, known, strict=weak is not None)
        if after is not None:
            yield Loss(
                f"this version adds to the figure for {lowered(_label(statement, sheet))} what was not said of it "
                f"(“{after}”)",
                "end the sentence after its figure",
            )
            return
    if weak is not None and before.id != "next_steps":
        said = _said_of(weak, before)
        new = [word for word in spoken if not _has(said, word)]
        if new:
            yield Loss(
                f"this version adds to the shortfall in {lowered(weak.label)} what was not said of it (“{new[0]}”)",
                f"state the shortfall in plain words and leave “{new[0]}” out",
            )
        return
    cause = _new(
        tuple(words.own.get("causing", ())), _CAUSE_QUOTED.sub(" ", _text(statement)), _old_text(statement, before)
    )
    if cause is not None and new:
        yield Loss(
            f"this version gives a cause that the section did not give (“{cause} … {new[-1]}”)",
            "give no cause but those that the section quotes",
        )
        return
    quotes = any(isinstance(part, Quotation) for part in statement.parts)
    most, share = _NEW_WITH_FIGURE if statement.facts or quotes else _NEW_WITHOUT
    if len(new) >= most and len(new) > share * len(spoken):
        listed = ", ".join(f"“{word}”" for word in new[:4])
        yield Loss(
            f"this version says what the section did not say ({listed})",
            "say only what the section says, in other words",
        )


def _tail(
    statement: Statement, before: Section, words: Vocabulary, known: frozenset[str], *, strict: bool
) -> str | None:
    """What the sentence newly says after its last figure; for a shortfall (`strict`) hardly anything may follow it."""
    text = _text(statement).rpartition("▮")[2]
    old = " ".join(
        _text(each).rpartition("▮")[2] for each in statements(before) if set(each.facts) & set(statement.facts)
    )
    had = frozenset(_WORD.findall(old))
    if strict:
        allowed = frozenset(words.own["tail"]) | had
        return next((word for word in _WORD.findall(text) if word not in allowed), None)
    return next((word for word in _content(text, words) if word not in had and not _has(known, word)), None)


def _label(statement: Statement, sheet: FactSheet) -> str:
    fact = sheet.fact(statement.facts[0])
    assert fact is not None, "what is stated is on the sheet"
    return fact.label


def _content(text: str, words: Vocabulary) -> list[str]:
    """The words that carry meaning, without everyday and neutral ones."""
    plain = frozenset(words.own["common"]) | frozenset(words.own["neutral"]) | _directing(words)
    return [word for word in _WORD.findall(text) if len(word) > 2 and word not in plain]


def _directing(words: Vocabulary) -> frozenset[str]:
    """Words of direction: whether they are true is looked at elsewhere."""
    return frozenset(word for sign in ("up", "down", "beat", "missed") for word in words.refused[sign])


def _known(before: Section, sheet: FactSheet) -> frozenset[str]:
    """Every word that the section says or prints, and those of its metrics' names, definitions and reasons."""
    texts = [statement.text for statement in statements(before)]
    texts += [part.text for statement in statements(before) for part in statement.parts if isinstance(part, Text)]
    cited = {fact for statement in statements(before) for fact in statement.facts}
    for fact in sheet.facts:
        if fact.id in cited:
            texts += [fact.label, fact.why or "", fact.definition or ""]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _said_of(fact: Fact, before: Section) -> frozenset[str]:
    """The words of the fact's name and of the sentences that state it."""
    texts = [statement.text for statement in statements(before) if fact.id in statement.facts] + [fact.label]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _has(known: frozenset[str], word: str) -> bool:
    """Whether the word is known, in this form or another of the same stem."""
    if word in known:
        return True
    stem = word[: max(4, len(word) - 3)]
    return any(other.startswith(stem) and abs(len(other) - len(word)) <= 4 for other in known)


def _in_brackets(text: str) -> bool:
    """Whether the first figure stands in brackets."""
    before = text.partition("▮")[0]
    return before.count("(") > before.count(")")


def _directions(facts: Sequence[Fact], text: str, old: str, words: Vocabulary) -> Iterator[Loss]:
    """A word of direction that the rewrite brings in is true of a figure in its sentence."""
    moves = {move for fact in facts for move in _moves(fact)}
    plain = _IDIOM.sub(" ", text)
    for sign in ("up", "down", "beat", "missed"):
        word = _new(tuple(words.refused[sign]), plain if sign in ("up", "down") else text, old)
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


def _verdicts(text: str, before: Section, words: Vocabulary) -> Iterator[Loss]:
    """A sentence without a figure brings in no judgement of results: nothing in it could be checked."""
    whole = " ".join(_text(statement) for statement in statements(before) if not statement.facts)
    for listed in (
        words.own["verdicts"], words.own["praising"], words.own["blaming"], words.refused["beat"],
        words.refused["missed"], words.refused["up"], words.refused["down"], words.refused["softeners"],
    ):  # fmt: skip
        word = _new(tuple(listed), text, whole)
        if word is not None:
            yield Loss(
                f"this version judges a result without its figure (“{word}”)",
                f"leave “{word}” out of a sentence that holds no figure",
            )
            return


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


def _old_text(statement: Statement, before: Section) -> str:
    """What the old sentences about the same facts said; for a sentence without facts, all that the section said."""
    facts = set(statement.facts)
    same = [each for each in statements(before) if facts & set(each.facts)]
    return " ".join(_text(each) for each in (same or statements(before)))


def _text(statement: Statement) -> str:
    """The statement's own words, a mark in the place of each token so that words around it do not run together."""
    return "".join(part.text if isinstance(part, Text) else " ▮ " for part in statement.parts).casefold()


def _new(listed: Sequence[str], text: str, old: str) -> str | None:
    """The first listed word or phrase that the text holds and the old one did not."""
    pattern = _any_of(listed)
    had = {match[0] for match in pattern.finditer(old)}
    return next((match[0] for match in pattern.finditer(text) if match[0] not in had), None)


@lru_cache(maxsize=128)
def _any_of(listed: Sequence[str]) -> re.Pattern[str]:
    phrases = sorted((phrase.casefold() for phrase in listed), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases)) or '(?!)'})(?!\w)")
