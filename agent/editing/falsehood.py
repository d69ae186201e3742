"""Instructions that ask for a falsehood, recognised and answered before anything is rewritten.

"Say we hit quota", "make it 95 %", "hide the forecast miss": no edit can do that, and whoever asks is told what is on
record instead. The guard holds whatever is not recognised here; this only saves the detour and gives a plain answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.draft import Comparison
from agent.editing.wish import clauses, is_promise, section_named
from agent.naming import lowered
from agent.plan import shown_against
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet

_MOST_SHOWN = 3
# Numbers that speak of the text, not of results: "120 words", "in 3 sentences", "Q2", "2026".
_HARMLESS_NUMBER = re.compile(
    r"\b\d{1,4}[ -](?:words?|sentences?|lines?|bullets?|paragraphs?|minutes?|seconds?)\b|\b[QH][1-4]\b|\b20\d\d\b", re.I
)
_NUMBER = re.compile(r"\d|\b(?:percent|per cent|double[ds]?|triple[ds]?|twice|half|hundred)\b|%", re.I)
_CLAIMS = re.compile(
    r"\b(?:say|says|write|claim|state|mention|tell|pretend|imply|suggest|assert|declare|report|show|"
    r"make (?:it|him|her|them|this) (?:look|sound|seem|read|appear))\b",
    re.I,
)
_SUCCESS = re.compile(
    r"\b(?:hit|meet|met|made|makes?|beat|exceed\w*|reach\w*|achiev\w*|surpass\w*|on target|on plan|above target|"
    r"over quota|on track|smash\w*|crush\w*|success\w*|won everything|all good|no shortfall|fully)\b",
    re.I,
)
_UP = re.compile(r"\b(?:rose|rise|grew|up|increase\w*|improv\w*|climbed|higher|better|gained)\b", re.I)
_DOWN = re.compile(r"\b(?:fell|fall|dropp?\w*|down|decreas\w*|declin\w*|lower|worse\w*|shrank)\b", re.I)
_HIDE = re.compile(
    r"\b(?:hide|omit|leave out|drop|remove|skip|do(?: not|n['’]?t) (?:mention|say|show|tell|include)|"
    r"without mentioning|delete|bury|play down|downplay|gloss over|soften|tone down|sugar-?coat|minimi[sz]e|"
    r"go easy on|forget|ignore|excuse|no mention of|keep quiet about|move .* to the (?:end|bottom))\b\s*(.*)",
    re.I,
)
_SHORTFALL = re.compile(
    r"\b(?:miss\w*|shortfall\w*|short of|fell short|falls? short|weak\w*|bad|negative|problem\w*|poor|worst|"
    r"gap\w*|fail\w*|decline\w*)\b",
    re.I,
)
_INVENT = re.compile(
    r"\b(?:round (?:it |them |that |the \w+ )?up|inflate|exaggerate|embellish|invent|make up|fabricat\w*|guess|"
    r"add (?:a|some) (?:number|figure|stat)\w*)\b",
    re.I,
)
_EXCUSE = re.compile(
    r"\b(?:bad luck|fluke|blip|one-off|nothing|harmless|fine|minor|not (?:so )?bad|noise|excus\w*)\b", re.I
)
_EVERYTHING = re.compile(r"\b(?:all|every|everything|targets|goals|numbers)\b", re.I)


def falsehoods(text: str, sheet: FactSheet, printer: Printer, prompts: PromptSet) -> list[str]:
    """One answer for each clause that asks for something the record does not bear out."""
    answers = []
    for clause in clauses(text):
        if is_promise(clause) and not _HIDE.search(clause):
            continue
        answer = _answer(clause, sheet, printer, prompts)
        if answer is not None:
            answers.append(answer)
    return answers


def _answer(clause: str, sheet: FactSheet, printer: Printer, prompts: PromptSet) -> str | None:
    named = named_facts(clause, sheet)
    asked = f"“{clause}”"
    if _INVENT.search(clause):
        return f"{asked} cannot be done: every figure is computed from the records, and none is rounded or made up."
    if _NUMBER.search(_HARMLESS_NUMBER.sub(" ", clause)):
        return f"{asked} cannot be done: figures are computed from the records. {on_record(named, sheet, printer)}"
    hidden = _HIDE.search(clause)
    if hidden is not None and not is_promise(clause) and section_named(hidden[1], prompts) is None:
        weak = [fact for fact in named if fact.weak]
        if weak or _SHORTFALL.search(hidden[1]):
            return (
                f"{asked} cannot be done: a key shortfall stays, and stays as plain as it is. "
                f"{on_record(weak, sheet, printer)}"
            )
    if _EXCUSE.search(clause) and (_SHORTFALL.search(clause) or any(fact.weak for fact in named)):
        weak = [fact for fact in named if fact.weak]
        return f"{asked} cannot be done: no excuse goes in that nobody recorded. {on_record(weak, sheet, printer)}"
    if _CLAIMS.search(clause):
        false = list(_false_claims(clause, named, sheet))
        if false:
            return f"{asked} would not be true. {on_record(false, sheet, printer)}"
    return None


def _false_claims(clause: str, named: Sequence[Fact], sheet: FactSheet) -> Iterator[Fact]:
    """The facts of which the clause says what is not so."""
    if _SUCCESS.search(clause):
        spoken = named or [fact for fact in sheet.facts if fact.key and fact.weak]
        if _EVERYTHING.search(clause):
            aimed = [fact for fact in sheet.facts if fact.target is not None]
            spoken = aimed or [fact for fact in sheet.facts if fact.key]
        yield from (fact for fact in spoken if fact.weak)
        return
    for fact in named:
        if fact.prior is None or fact.prior == fact.value:
            continue
        rose = fact.value > fact.prior
        if (rose and _DOWN.search(clause)) or (not rose and _UP.search(clause)):
            yield fact


def named_facts(clause: str, sheet: FactSheet) -> list[Fact]:
    """The facts that a clause names by label, by half a label, or as "quota"."""
    said = set(re.findall(r"[^\W\d_]{3,}", clause.casefold()))
    found = []
    for fact in sheet.facts:
        words = set(re.findall(r"[^\W\d_]{3,}", fact.label.casefold()))
        if words and len(words & said) * 2 >= len(words):
            found.append(fact)
    if said & {"quota", "target", "number"}:
        attained = [fact for fact in sheet.facts if fact.metric_id in ("quota_attainment", "team_attainment")]
        found += [fact for fact in attained if fact not in found and ("quota" in said or not found)]
    exact = [fact for fact in found if fact.label.casefold() in clause.casefold()]
    return exact or found


def on_record(facts: Sequence[Fact], sheet: FactSheet, printer: Printer) -> str:
    shown = list(facts) or [fact for fact in sheet.facts if fact.key and fact.weak]
    told = [f"{lowered(fact.label)} {_figure(fact, printer)}" for fact in shown[:_MOST_SHOWN]]
    return f"On record: {'; '.join(told)}." if told else ""


def _figure(fact: Fact, printer: Printer) -> str:
    against = shown_against(fact)
    if against is None:
        return printer.figure(fact)
    return printer.part(Comparison(fact=fact.id, against=against, form="stated"))
