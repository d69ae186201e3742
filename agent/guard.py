"""The guard: one list of reasons to refuse a section, whoever wrote it. It only refuses; it never mends.

It knows what the plan demands (facts that must be stated, shortfalls that open a block with their comparison) and what
words may not do (hold a number, format the page, claim a direction or verdict that no token of the sentence shows,
deny a figure, talk a shortfall away). A refused section goes back with these sentences as the reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from agent.comparing import comparator
from agent.denials import admitted, hedged, negated, without_admissions
from agent.draft import (
    FACT_PARTS,
    Attainment,
    Block,
    Comparison,
    FactToken,
    Goal,
    Name,
    Quotation,
    Section,
    Statement,
    Target,
    Text,
)
from agent.plan import Plan, SectionPlan, shown_against
from agent.surroundings import odd_letter, plain_letters, roman_numeral, touching
from tools.facts import Fact, FactSheet, worse

_MARKUP = re.compile(r"[*_`#<>\[\]|~\\]|https?:|www\.|!\[|\n")
_OPPOSITE = {"up": "down", "down": "up", "beat": "missed", "missed": "beat"}
_STEPS = (3, 5)
_PAST_WORDS = 1.7  # How far over its upper word count a section may run before it is refused.


def refusals(section: Section, plan: SectionPlan, whole: Plan, language: Mapping[str, Any]) -> list[str]:
    """Why this section may not stand; empty when it may."""
    reasons: list[str] = []
    facts = {fact.id: fact for fact in plan.facts}
    for block in section.blocks:
        for statement in block.statements:
            reasons += statement_refusals(statement, facts, plan, whole, language)
    reasons += _missing(section, plan)
    reasons += _buried(section, plan, language)
    if section.written_by == "model":
        for block in section.blocks:
            reasons += _text_refusals(block.label or "", language)
        reasons += _length(section, plan)
        reasons += _unfounded(section, plan)
    return list(dict.fromkeys(reasons))


def number_like(text: str, language: Mapping[str, Any]) -> str | None:
    """The first number-like word of `text` (digits of any script, number words, Roman and fraction signs), or None."""
    for character in text:
        if unicodedata.numeric(character, None) is not None or character in "%‰٪$€£¥₹":
            return character
    roman = roman_numeral(text)
    if roman is not None:
        return roman
    cleaned = plain_letters(text)
    for harmless in language["refused"].get("allowed", ()):
        cleaned = cleaned.replace(harmless, " ")
    match = _words(tuple(language["refused"]["numbers"])).search(cleaned)
    return match[0] if match else None


def statement_refusals(
    statement: Statement, facts: Mapping[str, Fact], plan: SectionPlan, whole: Plan, language: Mapping[str, Any]
) -> list[str]:
    """Why one sentence may not stand: its words, its tokens, and what it says of their direction."""
    reasons = touching(statement)
    for part in statement.parts:
        match part:
            case Text():
                reasons += _text_refusals(part.text, language)
            case FactToken() | Comparison() | Target() | Attainment() | Goal():
                reasons += _token_refusals(part, facts, plan)
            case Quotation():
                reasons += _quotation_refusals(part, plan)
            case Name():
                reasons += _name_refusals(part, whole.sheet)
    return reasons + negated(statement, language) + _direction_refusals(statement, facts, plan, language)


def _text_refusals(text: str, language: Mapping[str, Any]) -> list[str]:
    reasons = []
    number = number_like(text, language)
    if number is not None:
        reasons.append(f'"{number}" is a number outside a token; use a token, or leave it out.')
    odd = odd_letter(text, language)
    if odd is not None:
        reasons.append(f'"{odd}" is no plain letter; write plain words.')
    markup = _MARKUP.search(text)
    if markup is not None:
        reasons.append(f'"{markup[0].strip() or "a line break"}" formats the page; write plain words.')
    softener = _words(tuple(language["refused"]["softeners"])).search(text.lower())
    if softener is not None:
        reasons.append(f'"{softener[0]}" talks a result away; state it as it is.')
    return reasons


def _name_refusals(part: Name, sheet: FactSheet) -> list[str]:
    if part.name == "label" and sheet.fact(part.of or "") is None:
        return [f"{part.of} is not a fact on record, so it has no label."]
    where = {"prior_period": sheet, "year_ago_period": sheet} | dict.fromkeys(
        ("team", "segment", "territory", "manager"), sheet.scope
    )
    if part.name in where and not getattr(where[part.name], part.name):
        return [f"No {part.name.replace('_', ' ')} is on record."]
    return []


def _quotation_refusals(part: Quotation, plan: SectionPlan) -> list[str]:
    note = next((note for note in plan.evidence if note.id == part.evidence), None)
    if note is None:
        return [f"Note {part.evidence} does not belong to this section."]
    if part.span not in note.text:
        return [f"The words quoted do not stand in note {part.evidence}."]
    return []


def _token_refusals(
    part: FactToken | Comparison | Target | Attainment | Goal, facts: Mapping[str, Fact], plan: SectionPlan
) -> list[str]:
    fact = facts.get(part.fact)
    if fact is None:
        return [f"{part.fact} is not a fact of this section; it may cite {', '.join(facts) or 'none'}."]
    if isinstance(part, Comparison):
        return _comparison_refusals(part, fact)
    if isinstance(part, Target | Attainment) and fact.target is None:
        return [f"{part.fact} has no target on record."]
    if isinstance(part, Goal):
        if plan.id != "next_steps":
            return ["A goal may stand in next steps only."]
        if worse(part.value, fact.value, fact.better):
            return [f"The goal proposed for {part.fact} is worse than the present value."]
    return []


def _comparison_refusals(part: Comparison, fact: Fact) -> list[str]:
    reasons = [
        f"{part.fact} has no {against} on record."
        for against in (part.against, *part.beside)
        if comparator(fact, against) is None
    ]
    if part.form == "bare" and part.against not in ("prior", "year_ago"):
        reasons.append(f"{part.fact} can move from an earlier period only; write {{{part.fact} vs {part.against}}}.")
    return reasons


def _direction_refusals(
    statement: Statement, facts: Mapping[str, Fact], plan: SectionPlan, language: Mapping[str, Any]
) -> list[str]:
    """Words of direction or verdict need a token in the same sentence that shows just that.

    A next step says which way a figure is to go, not which way it went.
    """
    words = " ".join(part.text for part in statement.parts if isinstance(part, Text)).lower()
    missed = admitted(words, language)
    words = without_admissions(words, language)
    cited = [part for part in statement.parts if isinstance(part, FactToken | Comparison)]
    shown = {sign for part in cited if part.fact in facts for sign in _signs(part, facts[part.fact])}
    reasons = []
    if missed is not None and "beat" in shown and "missed" not in shown:
        reasons.append(f'"{missed}" contradicts the figures of its sentence.')
    for sign in ("beat", "missed") if plan.id == "next_steps" else ("up", "down", "beat", "missed"):
        # "Fell short" is a verdict, though "fell" alone is a direction.
        said = words if sign in ("beat", "missed") else _words(tuple(language["refused"]["missed"])).sub(" ", words)
        match = _words(tuple(language["refused"][sign])).search(said)
        if match is None or sign in shown:
            continue
        if _OPPOSITE[sign] in shown:
            reasons.append(f'"{match[0]}" contradicts the figures of its sentence.')
        elif sign == "beat" and plan.id != "next_steps":
            reasons.append(f'"{match[0]}" needs the comparison with the target in its sentence.')
    return reasons


def _signs(part: FactToken | Comparison, fact: Fact) -> set[str]:
    """What a token shows or its fact is known to have done: up, down, beat, missed."""
    signs = set()
    against = [part.against, *part.beside] if isinstance(part, Comparison) else ["target", "prior"]
    for kind in against:
        other = comparator(fact, kind)  # type: ignore[arg-type]
        if other is None:
            continue
        if kind == "target" and fact.better is not None:
            signs.add("missed" if fact.misses_target else "beat")
        elif kind in ("prior", "year_ago") and other != fact.value:
            signs.add("up" if fact.value > other else "down")
    return signs


def _missing(section: Section, plan: SectionPlan) -> list[str]:
    cited = {fact for block in section.blocks for statement in block.statements for fact in statement.facts}
    return [f"{fact.id} must be stated." for fact in plan.must if fact.id not in cited]


def _buried(section: Section, plan: SectionPlan, language: Mapping[str, Any]) -> list[str]:
    """Every key shortfall opens a block: its comparison stands in the block's first sentence, before any other."""
    reasons = []
    for fact in plan.shortfalls:
        against = shown_against(fact)
        opening = [block.statements[0] for block in section.blocks if _opens(block, fact.id, against)]
        if not opening:
            reasons.append(f"{fact.id} fell short and must open a paragraph with {{{fact.id} vs {against}}}.")
        elif all(hedged(statement, language) for statement in opening):
            reasons += hedged(opening[0], language)
    return reasons


def _opens(block: Block, fact_id: str, against: str | None) -> bool:
    if not block.statements:
        return False
    tokens = [part for part in block.statements[0].parts if isinstance(part, FACT_PARTS)]
    if not tokens or not isinstance(tokens[0], Comparison):
        return False
    first = tokens[0]
    return first.fact == fact_id and first.against == against and first.form != "bare"


def _unfounded(section: Section, plan: SectionPlan) -> list[str]:
    """Blocks that rest on nothing a reader can open: a step without its metric, a contribution without its note."""
    if plan.id == "next_steps":
        least, most = _STEPS
        reasons = [] if least <= len(section.blocks) <= most else [f"Write between {least} and {most} steps."]
        reasons += [f"There is no step marked {kind}." for kind in ("Keep", "Reporting")
                    if kind not in {block.label for block in section.blocks}]  # fmt: skip
        if plan.facts and not all(_names_a_metric(block) for block in section.blocks):
            reasons.append("Every step names the metric that it should move, with a token or {name label …}.")
        return reasons
    bare = [block for block in section.blocks if not any(each.facts or each.evidence for each in block.statements)]
    if bare and plan.settings.kind == "evidence":
        return ["Every block quotes the words of the note that it rests on, with {quote …}."]
    return []


def _names_a_metric(block: Block) -> bool:
    parts = [part for statement in block.statements for part in statement.parts]
    return any(isinstance(part, FACT_PARTS) or (isinstance(part, Name) and part.name == "label") for part in parts)


def _length(section: Section, plan: SectionPlan) -> list[str]:
    if plan.settings.words is None:
        return []
    words = sum(
        len(part.text.split())
        if isinstance(part, Text)
        else len(part.span.split())
        if isinstance(part, Quotation)
        else 3
        for block in section.blocks
        for statement in block.statements
        for part in statement.parts
    )
    most = plan.settings.words[1]
    return [f"The section has some {words} words; keep it under {most}."] if words > most * _PAST_WORDS else []


@lru_cache(maxsize=64)
def _words(words: Sequence[str]) -> re.Pattern[str]:
    """One pattern that finds any of the words or phrases as whole words."""
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
