"""The model's sentences: taken apart as they arrive, read as tokens, guarded, and said only if they may stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from agent.chat.answer import Said
from agent.denials import hedged
from agent.draft import FACT_PARTS, Quotation, Statement, Text
from agent.guard import statement_refusals
from agent.models.answers import parts_of
from agent.models.calls import THINKING
from agent.plan import SectionPlan
from agent.tokens import TokenError
from prompts.loader import SectionSettings

if TYPE_CHECKING:
    from agent.chat.speaking.sheets import Sheets
    from agent.chat.view import View

# {s2:win_rate}: a token of another sheet than the first.
_SHEET = re.compile(r"\{(s\d+):\s*")
_ANY_SHEET = re.compile(r"\{s\d+:")
# Where one sentence ends and the next begins; full stops inside tokens are no ends.
_END = re.compile(r"(?:[.!?…][\"”’)]*(?=\s)|\n)")
_MARK = re.compile(r"^\s*(?:[-*•]\s+|#+\s+)")
# A page or an address, however it is written: nothing here needs one.
_ADDRESS = re.compile(r"@|\b[\w-]+\.(?:com|net|org|io|co|app|dev|xyz|info|ai|link|site|me|ru|cn)\b", re.I)
_MOST_SENTENCES = 12


@dataclass(frozen=True)
class Refusal:
    """A sentence that may not stand, and why."""

    sentence: str
    reasons: tuple[str, ...]


class Sentences:
    """Cuts what arrives into whole sentences."""

    def __init__(self) -> None:
        self._open = ""
        self._begun = False

    def add(self, piece: str) -> list[str]:
        """The sentences that are whole by now."""
        self._open += piece
        if not self._begun:
            # Some local models write down their thinking first.
            bare = self._open.lstrip()
            if bare.startswith("<think>"):
                if "</think>" not in bare:
                    return []
                self._open = THINKING.sub("", self._open, count=1)
            self._begun = len(bare) > len("<think>")
        found, start = [], 0
        for match in _END.finditer(self._open):
            if self._open.count("{", start, match.end()) == self._open.count("}", start, match.end()):
                found.append(self._open[start : match.end()])
                start = match.end()
        self._open = self._open[start:]
        return _spoken(found)

    def rest(self) -> list[str]:
        """What is left when nothing more comes."""
        left, self._open = self._open, ""
        return _spoken([THINKING.sub("", left, count=1)])


class Guarded:
    """Reads and guards sentences of one answer. `refused` keeps those that may not stand."""

    def __init__(self, sheets: Sheets, causing: Sequence[str]) -> None:
        self.refused: list[Refusal] = []
        self.said = 0
        self._sheets = sheets
        self._causing = tuple(causing)

    def said_of(self, sentence: str) -> Said | None:
        """The sentence as a block, or None where it may not stand; then `refused` says why."""
        reasons: list[str] = []
        said = None
        try:
            said, reasons = self._read(sentence)
        except TokenError as error:
            reasons = [str(error)]
        if said is not None and self.said >= _MOST_SENTENCES:
            reasons = ["The answer is too long; leave it out."]
        if reasons or said is None:
            self.refused.append(Refusal(sentence, tuple(dict.fromkeys(reasons))))
            return None
        self.said += 1
        return said

    def _read(self, sentence: str) -> tuple[Said, list[str]]:
        named = set(_SHEET.findall(sentence))
        bare = _SHEET.sub("{", sentence)
        if len(named) > 1 or (named and "{" in _ANY_SHEET.sub("", sentence)):
            raise TokenError("One sentence cites one sheet; write two sentences.")
        name = next(iter(named), "s1")
        first = self._sheets.first()
        if name not in self._sheets.views:
            raise TokenError(f"There is no sheet {name}.")
        view = self._sheets.views[name] if named else first
        notes = self._sheets.notes(name)
        statement = Statement(parts=parts_of(_MARK.sub("", bare), notes))
        reasons = self._reasons(statement, view)
        if reasons:
            return Said(statements=(statement,), of=view.of, by="model"), reasons
        printed = view.printer.statement(statement)
        return Said(statements=(printed,), of=view.of, by="model"), []

    def _reasons(self, statement: Statement, view: View) -> list[str]:
        sheet, language = view.sheet, view.language
        facts = {fact.id: fact for fact in sheet.facts}
        section = SectionPlan(SectionSettings("chat", "", "prose", (), ()), may=sheet.facts, evidence=sheet.evidence)
        reasons = statement_refusals(statement, facts, section, view.plan, language)
        cited = [part.fact for part in statement.parts if isinstance(part, FACT_PARTS)]
        if any(fact.key and fact.weak for each in cited if (fact := facts.get(each)) is not None):
            reasons += hedged(statement, language)
        words = " ".join(part.text for part in statement.parts if isinstance(part, Text)).casefold()
        return reasons + _unfounded(statement, words, cited, language, self._causing)


def _unfounded(
    statement: Statement, words: str, cited: Sequence[str], language: Mapping[str, Any], causing: Sequence[str]
) -> list[str]:
    """What words claim without a token or a note that shows it; nobody asked for a section's plan here."""
    reasons = []
    if not cited:
        for sign in ("up", "down", "beat", "missed"):
            match = _words(tuple(language["refused"][sign])).search(words)
            if match is not None:
                reasons.append(f'"{match[0]}" needs the figure that shows it in its sentence.')
    cause = _words(tuple(causing)).search(words)
    if cause is not None and not any(isinstance(part, Quotation) for part in statement.parts):
        reasons.append(f'"{cause[0]}" gives a cause: quote the note that says so, or leave the cause out.')
    address = _ADDRESS.search(words)
    if address is not None:
        reasons.append(f'"{address[0]}" is an address; leave it out.')
    return reasons


def _spoken(sentences: Sequence[str]) -> list[str]:
    whole = (sentence.encode("utf-8", "replace").decode("utf-8").strip() for sentence in sentences)
    return [
        sentence for sentence in whole if sentence and any(letter.isalnum() or letter == "}" for letter in sentence)
    ]


@lru_cache(maxsize=32)
def _words(words: Sequence[str]) -> re.Pattern[str]:
    """One pattern that finds any of the words or phrases as whole words."""
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
