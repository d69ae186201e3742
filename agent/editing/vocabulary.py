"""The words of a language that a rewrite is held to, and finding those that it brings in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from agent.draft import Section, Statement, Text
from agent.editing.plainness import PlainWords
from agent.editing.plans import statements
from prompts.loader import PromptSet


@dataclass(frozen=True)
class Vocabulary:
    """A language's lists: `own` from prompts/edit, `refused` from prompts/languages, `others` for telling it apart.

    `source` holds the lists of the language that a text is translated from; None where it is reworded in its own.
    """

    own: Mapping[str, Any]
    refused: Mapping[str, Any]
    others: Mapping[str, frozenset[str]]
    plain: PlainWords
    source: Mapping[str, Any] | None = None

    def listed(self, name: str) -> tuple[str, ...]:
        """A list by its name, of the language's own or of those that every draft is held to."""
        return tuple(self.own.get(name) or self.refused.get(name, ()))

    def brought_in(self, name: str, text: str, old: str) -> str | None:
        """The first word of a list that the text holds and the old one did not.

        In a translation every word is new: what the old text said with a word of its own list may be said again.
        """
        if self.source is None:
            return brought_in(self.listed(name), text, old)
        said = tuple(self.source.get(name, ()))
        return None if any_of(said).search(old) else brought_in(self.listed(name), text, "")


def vocabulary(prompts: PromptSet, locale: str, source: str | None = None) -> Vocabulary:
    """What rewrites in that language are held to; `source`: the language that they are translated from."""
    others = {
        code: frozenset(prompts.edit_words(code)["common"]) for code in prompts.edit_languages() if code != locale
    }
    lists = {**prompts.language(source)["refused"], **prompts.edit_words(source)} if source is not None else None
    refused = prompts.language(locale)["refused"]
    return Vocabulary(prompts.edit_words(locale), refused, others, PlainWords.of(prompts.plain_words(locale)), lists)


def without_quoted_causes(text: str, words: Vocabulary) -> str:
    """The text without "because ▮" and its like: a cause that is quoted from a note excuses nothing."""
    openers = any_of((*words.listed("causes"), *words.listed("causing"))).pattern
    return re.sub(rf"{openers}(?: of)?\s*:?\s*[“\"]?\s*▮", " ", text)


def old_sentences(statement: Statement, before: Section) -> list[Statement]:
    """The old sentences about the same facts; for a sentence without facts, all that the section said."""
    facts = set(statement.facts)
    same = [each for each in statements(before) if facts & set(each.facts)]
    return same or list(statements(before))


def words_of(statement: Statement) -> str:
    """The statement's own words, a mark in the place of each token so that words around it do not run together."""
    return "".join(part.text if isinstance(part, Text) else " ▮ " for part in statement.parts).casefold()


def brought_in(listed: Sequence[str], text: str, old: str) -> str | None:
    """The first listed word or phrase that the text holds and the old one did not."""
    pattern = any_of(tuple(listed))
    had = {match[0] for match in pattern.finditer(old)}
    return next((match[0] for match in pattern.finditer(text) if match[0] not in had), None)


@lru_cache(maxsize=512)
def any_of(listed: Sequence[str]) -> re.Pattern[str]:
    phrases = sorted((phrase.casefold() for phrase in listed), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases)) or '(?!)'})(?!\w)")
