"""How much a rewrite says that its section did not say: new words, causes, and what is added to a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.draft import Quotation, Section, Statement, Text
from agent.editing.kept import Loss
from agent.editing.plans import statements
from agent.editing.vocabulary import Vocabulary, old_sentences, without_quoted_causes, words_of
from agent.naming import lowered
from tools.facts import FactSheet

_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"(?<![\w'’])[VXLCDM](?![\w'’])")
# How much of a sentence a rewrite may bring in that neither the section nor the neutral words hold: new words, and
# their share of the sentence. Nothing where a figure stands in it: one word gives a result to somebody else.
_NEW_WITH_FIGURE = (1, 0.0)
_NEW_WITH_NOTE = (3, 0.5)
_NEW_WITHOUT = (2, 0.4)


def novelties(statement: Statement, before: Section, sheet: FactSheet, words: Vocabulary) -> Iterator[Loss]:
    """What a sentence says that the section did not say before."""
    spoken = _content(words_of(statement), words)
    known = _known(statement, before, sheet)
    new = [word for word in spoken if not _has(known, word)]
    if before.id != "next_steps" and statement.facts:
        after = _tail(statement, before, words, known)
        if after is not None:
            yield Loss(
                f"this version adds to the figure for {lowered(_label(statement, sheet))} what was not said of it "
                f"(“{after}”)",
                "end the sentence after its figure",
            )
            return
    old = " ".join(words_of(each) for each in old_sentences(statement, before))
    cause = words.brought_in("causing", without_quoted_causes(words_of(statement), words), old)
    if cause is not None and new:
        yield Loss(
            f"this version gives a cause that the section did not give (“{cause} … {new[-1]}”)",
            "give no cause but those that the section quotes",
        )
        return
    quotes = any(isinstance(part, Quotation) for part in statement.parts)
    stated = statement.facts and before.id != "next_steps"
    most, share = _NEW_WITH_FIGURE if stated else _NEW_WITH_NOTE if quotes or statement.facts else _NEW_WITHOUT
    if len(new) >= most and len(new) > share * len(spoken):
        listed = ", ".join(f"“{word}”" for word in new[:4])
        yield Loss(
            f"this version says what the section did not say ({listed})",
            "say only what the section says, in other words",
        )


def numeral(statement: Statement, before: Section) -> str | None:
    """A Roman numeral of one letter that the section did not hold: "or V"."""
    old = " ".join(statement.text for statement in statements(before))
    for part in statement.parts:
        match = _ROMAN.search(part.text) if isinstance(part, Text) else None
        if match is not None and match[0] not in _ROMAN.findall(old):
            return match[0]
    return None


def _tail(statement: Statement, before: Section, words: Vocabulary, known: frozenset[str]) -> str | None:
    """What the sentence newly says after its last figure."""
    text = words_of(statement).rpartition("▮")[2]
    old = " ".join(
        words_of(each).rpartition("▮")[2] for each in statements(before) if set(each.facts) & set(statement.facts)
    )
    had = frozenset(_WORD.findall(old))
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


def _known(statement: Statement, before: Section, sheet: FactSheet) -> frozenset[str]:
    """Every word that the section says, those of its metrics' names, definitions and reasons, and what notes say.

    Beside a figure, only the notes that stood beside it count: a word of another note would lend its story to it.
    """
    near = old_sentences(statement, before) if statement.facts else list(statements(before))
    texts = [each.text for each in near]
    texts += [part.text for each in statements(before) for part in each.parts if isinstance(part, Text)]
    cited = {fact for each in statements(before) for fact in each.facts}
    for fact in sheet.facts:
        if fact.id in cited:
            texts += [fact.label, fact.why or "", fact.definition or ""]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _has(known: frozenset[str], word: str) -> bool:
    """Whether the word is known, in this form or another of the same stem."""
    if word in known:
        return True
    stem = word[: max(4, len(word) - 3)]
    return any(other.startswith(stem) and abs(len(other) - len(word)) <= 4 for other in known)
