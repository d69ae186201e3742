"""A sentence that states a figure may not say no to it: "did not come in at {win_rate}" denies what code prints; and
one on a shortfall may neither tell it in passing nor call it fine.

Whether the figure is good, weak or neutral makes no difference. What may stand: a no inside a cause ("because deals
had not been dated, …"), inside a quotation, of a target that was missed ("the target was not met: …"), and of something
that is not on record. Where it is unclear which words a no belongs to, the sentence is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from agent.draft import FACT_PARTS, Attainment, Comparison, FactToken, Part, Statement, Target, Text

_STATED = (FactToken, Comparison, Attainment)
# Stand-ins for tokens in the sentence's words: a figure, an agreed target, anything else that code prints.
_FIGURE, _TARGET, _OTHER = "\ue000", "\ue001", "\ue002"
_BORDER = ",;:(—–،؛"


def negated(statement: Statement, language: Mapping[str, Any]) -> list[str]:
    """Why the sentence denies a figure that it states, or takes back one stated before; usually nothing."""
    refused = language["refused"]
    words = "".join(_stand_in(part) for part in statement.parts).lower().replace("’", "'")
    retraction = _phrase(tuple(refused.get("retractions", ()))).search(words)
    if retraction is not None:
        return [f'"{retraction[0]}" takes back what is on record; it may not deny it.']
    if _FIGURE not in words:
        return []
    words = _phrase(tuple(refused.get("absences", ()))).sub(_absent, words)
    words = _causes(tuple(refused.get("causes", ()))).sub(" ", words)
    words = _without_admissions(words, refused)
    match = _phrase(tuple(refused["negations"])).search(words) or _bare_no(tuple(refused.get("no", ()))).search(words)
    if match is None:
        return []
    from agent.tokens import write_tokens

    figure = next(part for part in statement.parts if isinstance(part, _STATED))
    said = match[0].replace(_FIGURE, "").strip()
    return [f'"{said}" stands in the sentence of {write_tokens([figure])} and may not deny it; state it as it is.']


def hedged(statement: Statement, language: Mapping[str, Any]) -> list[str]:
    """Why the first figure of a sentence, a shortfall, is not stated as plainly as one must be; usually nothing.

    It is told in passing (in brackets, or after "although"), or called good behind it ("…, which is fine").
    """
    from agent.tokens import write_tokens

    index = next((i for i, part in enumerate(statement.parts) if isinstance(part, FACT_PARTS)), None)
    if index is None:
        return []
    refused, figure, reasons = language["refused"], write_tokens([statement.parts[index]]), []
    before = "".join(part.text for part in statement.parts[:index] if isinstance(part, Text)).lower()
    before = without_admissions(before, language)
    rest = statement.parts[index + 1 :]
    after = rest[0].text.lower() if rest and isinstance(rest[0], Text) else ""
    if _opening(tuple(refused["denials"])).match(after):
        reasons.append(f"{figure} is a shortfall; its sentence may not deny it.")
    subordinate = _opening(tuple(refused["concessions"])).match(before.lstrip()) and "," not in before
    if subordinate or before.count("(") > before.count(")"):
        reasons.append(f"{figure} is a shortfall; state it in the main clause, not in passing.")
    return reasons


def without_admissions(text: str, language: Mapping[str, Any]) -> str:
    """Small-letter text without the phrases that say no and mean that a target was missed: "was not met"."""
    return _phrase(tuple(language["refused"]["admissions"])).sub(" ", text)


def admitted(words: str, language: Mapping[str, Any]) -> str | None:
    """The phrase of small-letter `words` that says a target was missed by saying no ("was not met"), or None."""
    match = _phrase(tuple(language["refused"]["admissions"])).search(words)
    return match[0] if match is not None else None


def _stand_in(part: Part) -> str:
    if isinstance(part, Text):
        return part.text
    return _FIGURE if isinstance(part, _STATED) else _TARGET if isinstance(part, Target) else _OTHER


def _absent(match: re.Match[str]) -> str:
    """Nothing where the clause of the phrase states no figure: "…; the cause is not on record"."""
    before = re.split(f"[{_BORDER}]", match.string[: match.start()])[-1]
    after = re.split(f"[{_BORDER}]", match.string[match.end() :])[0]
    return match[0] if _FIGURE in before + after else " "


def _without_admissions(words: str, refused: Mapping[str, Any]) -> str:
    """The words without "was not met" and its like, unless it is the figure itself that was not met or reached."""

    def kept(match: re.Match[str]) -> str:
        # "not reached {win_rate}" denies; "not reached: {win_rate}", "did not meet its target, at {win_rate}" admit.
        between = re.match(f"[^{_BORDER}{_TARGET}{_FIGURE}]*(.?)", words[match.end() :], re.S)
        assert between is not None, "the pattern matches nothing at least"
        of_target = _phrase(tuple(refused.get("targets", ()))).search(between[0])
        return match[0] if between[1] == _FIGURE and of_target is None else " "

    return _phrase(tuple(refused["admissions"])).sub(kept, words)


@lru_cache(maxsize=64)
def _phrase(phrases: Sequence[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words; matches nothing where there are none."""
    if not phrases:
        return re.compile(r"(?!)")
    alternatives = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


@lru_cache(maxsize=8)
def _causes(openers: Sequence[str]) -> re.Pattern[str]:
    """A clause of cause that states no figure, up to its border: "because deals had not been dated"."""
    return re.compile(rf"{_phrase(openers).pattern}[^{_BORDER}{_FIGURE}]*(?=[{_BORDER}.]|$)")


@lru_cache(maxsize=32)
def _opening(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words at the start, after punctuation and "which": ", which is not"."""
    return re.compile(rf"[\s,،—–-]*(?:(?:which|that|and)\s+)?(?:{'|'.join(re.escape(word) for word in words)})(?!\w)")


@lru_cache(maxsize=8)
def _bare_no(words: Sequence[str]) -> re.Pattern[str]:
    """A "no" that the figure follows at once: "at no {win_rate}"."""
    return re.compile(rf"{_phrase(words).pattern}\s*{_FIGURE}")
