"""What a person asks of an edit, read from a tone's name or from free text, clause by clause.

What is recognised here needs no model: a tone, a length, an order, a section left out, the person it is told in. What
is left over is `unread`: a model may be asked for it, the composer cannot follow it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from prompts.loader import SECTIONS, PromptSet

Person = Literal["first", "third"]
LANGUAGES = {"english": "en", "polish": "pl", "swedish": "sv", "arabic": "ar", "danish": "da"}

# What people call the sections, beside their ids and titles.
_ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "headline": ("headline", "in short", "opening"),
    "scope": ("scope", "period and scope"),
    "targets": ("targets", "goals", "goals and targets", "target table"),
    "kpis": ("kpis", "kpi", "key results", "results", "kpi part"),
    "pipeline": ("pipeline", "forecast", "pipeline health", "pipeline and forecast"),
    "activity": ("activity", "activities", "process"),
    "customers": ("customers", "customer", "customer impact", "renewals"),
    "qualitative": ("teamwork", "team work", "operations", "qualitative"),
    "context": ("context", "background", "behind the numbers"),
    "next_steps": ("next steps", "actions", "next step", "action items"),
}
# "warmer, but direct; 120 words and in the third person": where one clause ends and the next begins.
_CLAUSES = re.compile(r"\s*(?:[;.!\n]+|,(?!\d)|\bbut\b|\band\b|\bthen\b|\bplus\b)\s*", re.I)
# "do not soften the forecast", "without losing a number": what is kept anyway.
_PROMISE = re.compile(
    r"\b(?:do not|don['’]?t|never|without|not|no)\b.*\b(?:soft\w*|sugar|hid\w*|drop\w*|los\w+|chang\w+|touch\w*|cut\w*|"
    r"omit\w*|remov\w+|bur(?:y|ied|ying)|fact\w*|number\w*|figure\w*)\b|"
    r"\bkeep\b.*\b(?:fact|number|figure|shortfall|everything|all of it|as (?:it is|they are))",
    re.I,
)
_WORDS = re.compile(r"(?:\b(?:in|at most|under|below|max(?:imum)?|about|around|within|up to|to|of|no more than)\s+)*"
                    r"\b(\d{2,4})[ -]words?\b(?:\s+(?:or (?:less|fewer)|at most|max(?:imum)?))?", re.I)  # fmt: skip
_SHORT_FORM = re.compile(r"\b(?:the )?short(?:est)? (?:form|version)\b|\bas short as (?:possible|it gets)\b", re.I)
_SHORTER = re.compile(
    r"\b(?:shorter|shorten(?: it)?|briefer|more concise|concise|tighter|condensed?|trim(?: it)?)\b", re.I
)
# "Cut it in half" asks for a length; "cut the revenue in half" asks for another figure.
HALF = re.compile(
    r"\b(?:cut|trim|shorten|reduce|bring|get|make)\s+"
    r"(?:(?:it|this|that|the (?:text|draft|summary|length|whole thing))\s+)?"
    r"(?:down\s+)?(?:in|by|to)\s+half\b(?:\s+(?:its|the) (?:length|size|words))?|"
    r"\bhalve (?:it|this|that|the (?:text|draft|summary|length))\b|\bhalf (?:as long|the (?:length|words|size))\b",
    re.I,
)
_ORDER = re.compile(r"\b(?:start|begin|open|lead|starting|beginning)s?\s+(?:off )?with\s+(?:the\s+)?(.+)", re.I)
_FIRST = re.compile(
    r"^(?:(?:put|move|place|bring|show|have)\s+)?(?:the\s+)?(.+?)\s+"
    r"(?:first|on top|up ?front|(?:to|at) the (?:top|start|beginning|front))$",
    re.I,
)
_ONLY = re.compile(r"^(?:(?:show|keep|give me|i want)\s+)?(?:only|just|nothing but)\s+(?:(?:show|keep)\s+)?(.+)$", re.I)
_LONGER = re.compile(
    r"\b(?:longer|more (?:detail(?:s|ed)?|words|text|depth|length)|expand|elaborate|lengthen|extend)\b", re.I
)
_PAGE = re.compile(r"\b(?:(?:on|in|to|fits? on|within)\s+)*(half an?|one|1|a single|a)[ -]page\b", re.I)
_PAGE_WORDS = 450
_LEAVE_OUT = re.compile(
    r"\b(?:leave out|leaving out|drop|remove|skip|omit|without|cut|no)\s+(?:the\s+)?"
    r"(.+?)(?:\s+(?:section|part|block))?$",
    re.I,
)
_NAMES = "|".join(sorted((re.escape(name) for names in _ALSO_CALLED.values() for name in names), key=len, reverse=True))
# A section named for itself, not as a subject: "the KPI part", "in the headline", "next steps section".
_CLEAR = r"headline|kpis?|key results|next steps|pipeline health|customer impact|behind the numbers"
_PART = re.compile(
    rf"\b(?:in |of )?(?:the |my )?(?:({_NAMES})\s+(?:section|part|block|paragraph)s?|({_CLEAR}))(?!\w)", re.I
)
_PERSON = re.compile(r"\b(?:in (?:the )?)?(first|third)[ -]person\b(?: singular)?", re.I)
_LANGUAGE = re.compile(rf"\b(?:in|into|to)\s+({'|'.join(LANGUAGES)})\b", re.I)
_ELSEWHERE = re.compile(
    r"\b(?:in|into|to)\s+(german|french|spanish|italian|dutch|portuguese|norwegian|finnish|ukrainian|russian|czech|"
    r"turkish|greek|hebrew|hindi|chinese|japanese|korean)\b",
    re.I,
)
# What is said to be polite.
_COURTESY = re.compile(
    r"(?:many )?(?:thanks|thank you|thx|cheers|hello|hi|hey|great|perfect|nice|fine|good|ok|okay|well done)"
    r"(?: (?:you|all|a lot|so much|job|work|draft|one))?[!?]*|"
    r"(?:(?:it|this|that) )?(?:looks?|is) (?:great|good|fine|perfect|nice)",
    re.I,
)
# Words that ask for nothing by themselves.
_FILLER = frozenset(
    (
        "a", "an", "the", "it", "this", "that", "make", "sound", "read", "be", "more", "less", "much", "bit",
        "little", "please", "tone", "voice", "text", "version", "style", "write", "rewrite", "written", "keep",
        "for", "of", "to", "in", "with", "and", "but", "very", "so", "is", "as", "my", "our", "me", "us", "vp",
        "boss", "manager", "director", "team", "reader", "ceo", "cfo", "him", "her", "them", "their", "his",
        "draft", "summary", "whole", "section", "part", "way", "use", "words", "english", "language",
        "slightly", "somewhat", "can", "could", "would", "will", "you", "i", "we", "want", "need", "like", "let",
        "let's", "should", "must", "i'd", "give",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """One edit asked for. `unread` holds the clauses that only a model could follow."""

    text: str
    tones: tuple[str, ...] = ()
    words: int | None = None
    shorter: bool = False
    half: bool = False
    start_with: str | None = None
    leave_out: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    longer: bool = False
    elsewhere: str | None = None
    person: Person | None = None
    language: str | None = None
    sections: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    unread: tuple[str, ...] = field(default=())

    @property
    def rewords(self) -> bool:
        """Whether sentences are to be said otherwise, not only moved, left out or dropped."""
        return bool(self.tones or self.unread or self.language)

    @property
    def empty(self) -> bool:
        kept = Wish(self.text, sections=self.sections, promises=self.promises)
        return self == replace(kept, longer=self.longer, elsewhere=self.elsewhere)


def read_wish(text: str, prompts: PromptSet) -> Wish:
    """Read a tone's name or free text. Never raises: what is not understood is `unread`."""
    wish = Wish(text.strip())
    if wish.text.lower() in prompts.tones():
        return replace(wish, tones=(wish.text.lower(),))
    for clause in clauses(text):
        wish = _with_clause(wish, clause, prompts)
    return wish


def without_clauses(wish: Wish, taken: Collection[str], prompts: PromptSet) -> tuple[Wish, tuple[str, ...]]:
    """What is surely asked for where those clauses are answered, not followed, and the clauses one would guess at."""
    left = [clause for clause in clauses(wish.text) if not any(clause in each for each in taken)]
    guessed = read_wish(", ".join(left), prompts).unread
    return read_wish(", ".join(clause for clause in left if clause not in guessed), prompts), guessed


def clauses(text: str) -> list[str]:
    """The clauses of an instruction, in order."""
    return [clause.strip() for clause in _CLAUSES.split(text) if clause.strip()]


def is_promise(clause: str) -> bool:
    """Whether a clause only asks for what every edit keeps: "do not soften the forecast"."""
    return _PROMISE.search(clause) is not None


def section_named(words: str, prompts: PromptSet) -> str | None:
    """The section that a few words name: "the pipeline", "KPI part", "Key results"."""
    said = re.sub(r"\b(?:the|section|part|block|first)\b", " ", words.casefold())
    said = " ".join(re.findall(r"[\w ]+", said)).strip()
    for section in SECTIONS:
        names = (section, section.replace("_", " "), prompts.section(section).title.casefold(), *_ALSO_CALLED[section])
        if said in names:
            return section
    return None


def _with_clause(wish: Wish, clause: str, prompts: PromptSet) -> Wish:
    if _COURTESY.fullmatch(clause):
        return wish
    if is_promise(clause):
        return replace(wish, promises=(*wish.promises, clause))
    # "leave out teamwork and operations": the rest of a title that was split at its "and".
    if section_named(clause, prompts) in (*wish.leave_out, wish.start_with or ""):
        return wish
    # "only the key results and the next steps".
    if wish.only and (section := section_named(clause, prompts)) is not None:
        return replace(wish, only=(*wish.only, section))
    rest = clause
    for reader in (_order, _only, _left_out, _section, _length, _person, _language, _tone):
        wish, rest = reader(wish, rest, prompts)
    if any(word not in _FILLER for word in re.findall(r"[\w'’]+", rest.casefold())):
        wish = replace(wish, unread=(*wish.unread, clause))
    return wish


def _order(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    match = _ORDER.search(clause) or _FIRST.search(clause)
    section = section_named(match[1], prompts) if match is not None else None
    if match is None or section is None:
        return wish, clause
    return replace(wish, start_with=section), _without(clause, match)


def _only(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    match = _ONLY.search(clause)
    section = section_named(match[1], prompts) if match is not None else None
    if match is None or section is None:
        return wish, clause
    return replace(wish, only=(*wish.only, section)), _without(clause, match)


def _section(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    """ "the KPI part shorter", "warmer in the headline": only that section is meant."""
    for match in _PART.finditer(clause):
        section = section_named(match[1] or match[2], prompts)
        if section is not None:
            return replace(wish, sections=tuple(dict.fromkeys((*wish.sections, section)))), _without(clause, match)
    return wish, clause


def _length(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    kinds: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], dict]], ...] = (
        (_WORDS, lambda match: {"words": int(match[1])}),
        (_SHORT_FORM, lambda match: {"words": 0}),
        (_PAGE, lambda match: {"words": _PAGE_WORDS // (2 if match[1].lower().startswith("half") else 1)}),
        (HALF, lambda match: {"half": True}),
        (_SHORTER, lambda match: {"shorter": True}),
        (_LONGER, lambda match: {"longer": True}),
    )
    for pattern, asked in kinds:
        match = pattern.search(clause)
        if match is not None:
            return replace(wish, **asked(match)), _without(clause, match)
    return wish, clause


def _person(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    match = _PERSON.search(clause)
    if match is None:
        return wish, clause
    return replace(wish, person=match[1].lower()), _without(clause, match)  # type: ignore[arg-type]


def _language(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    match = _ELSEWHERE.search(clause)
    if match is not None:
        rest = re.sub("translate", " ", _without(clause, match), flags=re.I)
        return replace(wish, elsewhere=match[1].capitalize()), rest
    match = _LANGUAGE.search(clause)
    if match is None:
        return wish, clause
    return replace(wish, language=LANGUAGES[match[1].lower()]), _without(clause, match)


def _left_out(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    match = _LEAVE_OUT.search(clause)
    section = section_named(match[1], prompts) if match is not None else None
    if match is None or section is None:
        return wish, clause
    return replace(wish, leave_out=(*wish.leave_out, section)), _without(clause, match)


def _tone(wish: Wish, clause: str, prompts: PromptSet) -> tuple[Wish, str]:
    for tone in prompts.tones():
        names = sorted({tone, *prompts.tone(tone)["asked_as"]}, key=len, reverse=True)
        match = re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", clause, re.I)
        if match is not None:
            wish = wish if tone in wish.tones else replace(wish, tones=(*wish.tones, tone))
            clause = _without(clause, match)
    return wish, clause


def _without(clause: str, match: re.Match[str]) -> str:
    return f"{clause[: match.start()]} {clause[match.end() :]}"
