"""How a note can stand in a sentence: woven in as it is, or quoted. Its words are never changed.

A note is somebody's typing, in any language and of any length. What is recognised as a plain English sentence of the
right shape is woven in; everything else is quoted in quotation marks, which is grammatical with any words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from agent.draft import Quotation
from tools.facts import Evidence

# done: "Brought buyers in"; clause: "Buyers would not sign"; ask: "Run pipeline hygiene"; keep: "Keep doing it".
Shape = Literal["done", "clause", "ask", "keep", "quoted"]

MOST_WOVEN_WORDS = 34
MOST_QUOTED_WORDS = 42
# A note of up to so many words is never cut for brevity.
MOST_BRIEF_WORDS = 9
_FEWEST_WORDS = 3

# The end of a sentence inside a note: "Price rise on 1 November. Four customers ordered early."
_SENTENCE_END = re.compile(r"(?<=\w\w[.!?])\s+(?=[A-Z0-9\"“(])")
_CLAUSE_END = re.compile(r"[,;:–—](?=\s)")
# What a sentence adds after its main clause: "…, so that the reviews began sooner".
_ADDITION = re.compile(r"[;:] |, (?=(?:so that|so|which|with|because|instead|and so|since)\b)")
# "Grace and Mateo lead", "they now lead": where a plural verb is one beyond doubt.
_PLURAL = re.compile(r"\band [A-Z]\w+ (?:now )?([a-z]+)|\bnow ([a-z]+)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_EDGES = " \t\r\n.,;:!?…-–—"
# What makes a run of words more than one plain sentence: other marks, other lines, links.
_NOT_PLAIN = re.compile(r"[\"“”„«»?!{}\[\]<>|*`#\\\n\r\t]|://|\bwww\.")


@dataclass(frozen=True)
class Woven:
    """A note as it can be said: the verbatim span, its shape, and whether it may open or continue a sentence."""

    note: Evidence
    span: str
    shape: Shape
    small: bool = False
    vague: bool = False

    @property
    def marks(self) -> bool:
        return self.shape == "quoted"

    def short(self) -> Woven:
        """The note without what it adds after its main clause, where it is long and that can be left off."""
        if self.marks or len(self.span.split()) <= MOST_BRIEF_WORDS:
            return self
        cut = _ADDITION.search(self.span)
        if cut is None or len(self.span[: cut.start()].split()) < _FEWEST_WORDS + 1:
            return self
        return replace(self, span=self.span[: cut.start()])

    def opening(self) -> Quotation:
        """The note at the beginning of a sentence."""
        first = "kept" if self.marks else "capital"
        return Quotation(evidence=self.note.id, span=self.span, marks=self.marks, first=first)

    def inside(self) -> Quotation:
        """The note in the middle of a sentence; its first letter stays unless it is sure to be no name."""
        first = "small" if self.small and not self.marks else "kept"
        return Quotation(evidence=self.note.id, span=self.span, marks=self.marks, first=first)


class NoteReader:
    """Reads notes with the word lists of one language (`composing/<code>/notes.toml`)."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words: dict[str, frozenset[str]] = {name: frozenset(listed) for name, listed in words.items()}

    def read(self, note: Evidence) -> Woven | None:
        """The note as it can be said, or None where it holds no words."""
        whole = note.text.strip(_EDGES)
        if len(_WORD.findall(whole)) == 0 or not any(character.isalpha() for character in whole):
            return None
        vague = self._is_vague(whole.lower())
        sentence = _SENTENCE_END.split(whole)[0].strip(_EDGES)
        shape = self._shape(sentence, note)
        if shape != "quoted" and not vague:
            return self._woven(note, sentence, shape)
        brief = self._woven(note, sentence, shape).short() if shape != "quoted" else None
        if brief is not None and not self._is_vague(brief.span.lower()):
            return brief
        asked = note.text.strip(_EDGES.replace("?", "")) if note.text.rstrip().endswith("?") else whole
        return Woven(note, shorten(asked, MOST_QUOTED_WORDS), "quoted", vague=vague)

    def _is_vague(self, text: str) -> bool:
        for phrase in self._words["not_vague"]:
            text = text.replace(phrase, " ")
        return bool(frozenset(_WORD.findall(text)) & self._words["vague"])

    def _woven(self, note: Evidence, sentence: str, shape: Shape) -> Woven:
        first = _WORD.match(sentence)
        span = sentence
        if shape == "keep" and first is not None:
            span = sentence[first.end() :].strip(_EDGES)
        small = first is not None and (shape != "clause" or first[0].lower() in self._words["common"])
        return Woven(note, span, shape, small)

    def _shape(self, sentence: str, note: Evidence) -> Shape:
        words = [word.lower() for word in _WORD.findall(sentence)]
        if not self._is_plain(sentence, words) or note.self_reported or "?" in note.text:
            return "quoted"
        if note.kind == "next_step":
            return self._asked(words)
        if note.kind not in ("context", "constraint") and self._is_past(words[0]):
            return "done"
        # A hyphen makes an adjective of it: "late-stage deals", "reworked deals stayed".
        finite = any(word in self._words["finite"] or self._is_past(word) for word in words[1:])
        finite = finite or any(
            (found[1] or found[2]) in self._words["plural_verbs"] for found in _PLURAL.finditer(sentence)
        )
        return "clause" if finite else "quoted"

    def _asked(self, words: list[str]) -> Shape:
        if words[0] in self._words["keep"]:
            return "keep"
        return "ask" if words[0] in self._words["imperative"] else "quoted"

    def _is_plain(self, sentence: str, words: list[str]) -> bool:
        """Whether it is one plain English sentence, in nobody's first person, of a length that can be woven in."""
        if (
            not _FEWEST_WORDS <= len(words) <= MOST_WOVEN_WORDS
            or not sentence[:1].isalpha()
            or not sentence.isprintable()
        ):
            return False
        if _NOT_PLAIN.search(sentence) or not _is_latin(sentence) or _unbalanced(sentence):
            return False
        seen = frozenset(words)
        return bool(seen & self._words["english"]) and not seen & self._words["first_person"]

    def _is_past(self, word: str) -> bool:
        regular = word.endswith("ed") and len(word) > 3 and "-" not in word and word not in self._words["not_past"]
        return regular or word in self._words["past"]


def shorten(text: str, most_words: int) -> str:
    """The longest verbatim beginning of at most that many words, ending with a sentence, else a clause, else a word."""
    words = list(re.finditer(r"\S+", text))
    if len(words) <= most_words:
        return text if len(text) <= most_words * 12 else text[: most_words * 12].strip(_EDGES)
    kept = text[: words[most_words - 1].end()]
    for ends in (_SENTENCE_END, _CLAUSE_END):
        found = [match.start() for match in ends.finditer(kept)]
        if found and len(kept[: found[-1]].split()) >= most_words // 3:
            kept = kept[: found[-1]]
            break
    return kept[: most_words * 12].strip(_EDGES)


def _is_latin(text: str) -> bool:
    """Whether the words are spelt with English letters, names apart: "together with Ahmet Yıldırım"."""
    return all(
        word.isascii() or (word[:1].isupper() and unicodedata.name(word[0], "").startswith("LATIN"))
        for word in _WORD.findall(text)
    )


def _unbalanced(text: str) -> bool:
    return text.count("(") != text.count(")")
