"""Whether a statement says otherwise than the facts: "I hit quota", "my win rate was 40 %", "accuracy improved".

What is recognised here is answered with the fact and not kept. Figures of the person's own that are no metric's ("two
new SDRs", "onboarding in ten days") are theirs to state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import get_args

from agent.chat.view import View
from agent.comparing import comparator
from agent.draft import Against
from agent.drafting import Review
from agent.plan import restates
from tools.facts import Fact, FactSheet
from tools.quantities import Unit

_CLAUSE = re.compile(
    r"""[;!?\n]+ | [.:,](?!\d)
        | \b(?:because|since|due\ to|owing\ to|while|although|though|but|after|when|so\ that|which|thanks\ to)\b""",
    re.I | re.X,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# Numbers that say when or with whom, not how much: "Q2", "2026", "12 May", "10:30", "1:1".
_OTHER_NUMBERS = re.compile(
    rf"""\b[QH][1-4]\b | \b20\d\d\b | \b\d+:\d+\b
        | \b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH} | \b{_MONTH}\s+\d{{1,2}}\b""",
    re.I | re.X,
)
_NUMBER = re.compile(
    r"""(?P<money>[$€£])?\s* (?P<digits>\d+(?:[,.]\d{3})*(?:[.,]\d+)?)\s*
        (?P<scale>k|m|bn|thousand|million)?(?:\b|(?=x\b))
        \s*(?P<unit>%|percent|per\ cent|points?|days?|hours?|minutes?|x|×)?""",
    re.I | re.X,
)
# "my forecast target", not "the CFO to plan …", "our goal of one visit a month".
_AIM = (
    r"(?:(?:my|our|the|its|his|her|their|every|all)\s+)*(?:(?!to\b|for\b|with\b)\w+\s+){0,3}?"
    r"(?:quota|targets?|goals?|number|(?<=my\ )plan|(?<=our\ )plan|(?<=the\ )plan)\b(?!\s+of\b)"
)
_REACHED = re.compile(
    rf"""\b(?:hit|hits|met|meet|made|make|beat|exceeded|reached|achieved|surpassed|smashed|crushed|over|above|on
        |ahead\ of)\s+{_AIM} | \b(?:hit|beat|met|made)\ it\b""",
    re.I | re.X,
)
_MISSED = re.compile(
    rf"""\b(?:missed|below|under|short\ of|behind|did\ not\ (?:hit|meet|make|reach)
        |didn['’]?t\ (?:hit|meet|make|reach))\s+{_AIM}""",
    re.I | re.X,
)
_ALL = re.compile(r"\b(?:targets|goals|all|every|everything)\b", re.I)
_COMPARED = re.compile(
    r"\b(?:from|last|prior|previous|before|earlier|target|goal|team|average|colleagues|year|short)\b", re.I
)
_UP = r"(?:rose|grew|went up|is up|was up|increased|improved|climbed|got better|got longer|doubled|tripled)"
_DOWN = r"(?:fell|dropped|went down|is down|was down|decreased|declined|shrank|got worse|got shorter|worsened|halved)"
_BETTER = re.compile(r"\b(?:improved|got better)\b", re.I)
_WORSE = re.compile(r"\b(?:got worse|worsened)\b", re.I)
_WON = r"(?:won|closed|signed|landed|brought\ in)"
_LOST = r"lost"
_SLIPPED = r"(?:slipped|pushed|moved\ out)"
# "14 of 20 deals were won": 14 are counted; out of how many is the person's own word.
_OUT_OF = r"(?:(?:out\ )?of\s+(?:(?:the|my|our)\s+)?\d+\s+)?"
# "we closed 14 deals", "14 deals were won", "only 1 deal slipped"
_COUNTED = {
    metric: re.compile(
        rf"""\b{verb}\s+(?:\w+\s+){{0,2}}?(?P<after>\d+)\s+{_OUT_OF}(?:\w+\s+)?deals?\b
            | \b(?P<before>\d+)\s+{_OUT_OF}(?:\w+\s+)?deals?\s+(?:(?:were|was|got|have|has|been)\s+){{0,2}}{verb}\b""",
        re.I | re.X,
    )
    for metric, verb in (("deals_won", _WON), ("deals_lost", _LOST), ("slipped_deals", _SLIPPED))
}
_NO_MORE = re.compile(r"\b(?:only|just|merely|no\ more\ than)\b", re.I)
# What may follow a count of the whole period: "in Q2 2026", "this quarter".
_OF_THE_PERIOD = re.compile(
    r"\b(?:in|over|during|for|this|the|last|whole|quarter|period|month|year|and|so|far)\b|\W+", re.I
)
_ONE_DEAL = re.compile(
    r"\b(?:an?|one|the|this|that|another|my|our)\s+(?:[\w-]+\s+){0,3}?(?:deal|contract|renewal)\b", re.I
)
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9}


def contradicted(text: str, view: View, checks: Review | None) -> list[Fact]:
    """The facts that a statement contradicts; usually none."""
    found = [fact for clause in _CLAUSE.split(text) if clause.strip() for fact in _by_clause(clause, view)]
    if not found and checks is not None:
        found = list(_by_checks(text, view, checks))
    kept: list[Fact] = []
    for fact in found:
        if not any(restates(fact, each) for each in kept):
            kept.append(fact)
    return kept


def claims(text: str) -> bool:
    """Whether a statement says anything that facts could say otherwise: a figure, a target reached, a direction."""
    if _NUMBER.search(_OTHER_NUMBERS.sub(" ", text)) or _REACHED.search(text) or _MISSED.search(text):
        return True
    return re.search(rf"\b(?:{_UP}|{_DOWN})\b", text, re.I) is not None


def figures_held(text: str, view: View) -> list[tuple[str, Fact | None]]:
    """Every figure of a statement as it was written, with the fact that `contradicted` holds it against, if any."""
    return [held for clause in _CLAUSE.split(text) if clause.strip() for held in _held(clause, view)]


def _held(clause: str, view: View) -> Iterator[tuple[str, Fact | None]]:
    counted = {}
    for fact in view.sheet.facts:
        match = _COUNTED[fact.id].search(clause) if fact.id in _COUNTED else None
        if match is not None:
            counted[max(match.start("after"), match.start("before"))] = fact
    named = [fact for fact in _named(clause, view.sheet) if _by_name(clause, fact)]
    blank = _OTHER_NUMBERS.sub(lambda match: " " * len(match[0]), clause)
    for match in _NUMBER.finditer(blank):
        of_kind = (fact for fact in named if _of_kind(match, fact))
        yield match[0].strip(), counted.get(match.start("digits")) or next(of_kind, None)


def _by_clause(clause: str, view: View) -> Iterator[Fact]:
    named = _named(clause, view.sheet)
    whole = [fact for fact in named if "[" not in fact.id] or named
    if _REACHED.search(clause) or _MISSED.search(clause):
        reached = _REACHED.search(clause) is not None and _MISSED.search(clause) is None
        aimed = [fact for fact in whole if fact.target is not None]
        if _ALL.search(clause) and not any(fact.label.casefold() in clause.casefold() for fact in whole):
            aimed = [fact for fact in view.sheet.facts if fact.target is not None]
        if not aimed:
            aimed = [fact for fact in view.sheet.facts if fact.metric_id in ("quota_attainment", "team_attainment")]
        yield from (fact for fact in aimed if fact.misses_target == reached and fact.better is not None)
    yield from (fact for fact in whole if _other_number(clause, fact, view))
    yield from (fact for fact in whole if _other_way(clause, fact))
    yield from (fact for fact in view.sheet.facts if fact.id in _COUNTED and _other_count(clause, fact))


def _other_count(clause: str, fact: Fact) -> bool:
    """Whether the clause counts more deals than there are or, speaking of the whole period, fewer.

    "Two deals with the new playbook" may be some of them.
    """
    match = _COUNTED[fact.id].search(clause)
    if match is None:
        return False
    said = int(match["after"] or match["before"])
    rest = _OF_THE_PERIOD.sub("", re.sub(r"\b[QH][1-4]\b|\b20\d\d\b", " ", clause[match.end() :], flags=re.I))
    whole = rest == "" or _NO_MORE.search(clause) is not None
    return said > fact.value or (whole and said != fact.value)


def _named(clause: str, sheet: FactSheet) -> list[Fact]:
    """The facts that a clause names by their label, by half of its words, or as "quota"."""
    said = set(_WORD.findall(clause.casefold()))
    found = []
    for fact in sheet.facts:
        words = set(_WORD.findall(fact.label.casefold()))
        if words and len(words & said) * 2 >= len(words):
            found.append(fact)
    if "quota" in said:
        attained = [fact for fact in sheet.facts if fact.metric_id in ("quota_attainment", "team_attainment")]
        found += [fact for fact in attained if fact not in found]
    exact = [fact for fact in found if fact.label.casefold() in clause.casefold()]
    return exact or found


def _other_number(clause: str, fact: Fact, view: View) -> bool:
    """Whether the clause gives the fact's metric a number of its kind that none of its values prints as."""
    said = [match for match in _NUMBER.finditer(_OTHER_NUMBERS.sub(" ", clause)) if _of_kind(match, fact)]
    if not said or not _by_name(clause, fact):
        return False
    # "Up from 27 %", "the 90 % target": other values of the metric may stand where they are called so.
    others = [comparator(fact, kind) for kind in get_args(Against)] if _COMPARED.search(clause) else []
    known = [fact.value, *(other for other in others if other is not None)]
    return not any(_same(match, number, fact) for match in said for number in known)


def _by_name(clause: str, fact: Fact) -> bool:
    """Whether the clause names the fact: by its label, or as "quota"."""
    if fact.label.casefold() in clause.casefold():
        return True
    return fact.metric_id in ("quota_attainment", "team_attainment") and "quota" in clause.casefold()


def _of_kind(match: re.Match[str], fact: Fact) -> bool:
    kind, unit = Unit.parse(fact.unit).kind, (match["unit"] or "").lower()
    if kind == "ratio":
        return unit in ("%", "percent", "per cent")
    if kind == "currency":
        return unit == "" and (match["money"] is not None or match["scale"] is not None or _number(match) >= 1000)
    if kind in ("days", "hours", "minutes"):
        return unit.rstrip("s") == kind.rstrip("s")
    if kind == "multiple":
        return unit in ("x", "×")
    return unit == "" and match["money"] is None


def _number(match: re.Match[str]) -> float:
    digits = match["digits"]
    plain = (
        digits.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits) else digits.replace(",", ".")
    )
    try:
        return float(plain) * _SCALES.get((match["scale"] or "").lower(), 1)
    except ValueError:
        return float(re.sub(r"\D", "", digits))


def _same(match: re.Match[str], known: float, fact: Fact) -> bool:
    """Whether the number said is the known one, rounded as far as it was said."""
    said = _number(match) / (100 if Unit.parse(fact.unit).kind == "ratio" else 1)
    digits = match["digits"]
    decimals = len(digits.rpartition(".")[2]) if "." in digits else 0
    whole = digits.replace(",", "")
    zeros = len(whole) - len(whole.rstrip("0")) if "." not in digits else -decimals
    # "$560,000" may have been rounded to thousands, "0.5 million" to tenths of it; "50 %" is taken as said.
    step = 10.0 ** (zeros if Unit.parse(fact.unit).kind == "currency" else -decimals)
    step *= _SCALES.get((match["scale"] or "").lower(), 1)
    if Unit.parse(fact.unit).kind == "ratio":
        step /= 100
    return abs(said - known) <= step / 2 * 1.0001


def _other_way(clause: str, fact: Fact) -> bool:
    """Whether the clause has the metric move the other way than it did since the period before."""
    if fact.prior is None or fact.prior == fact.value:
        return False
    name = re.escape(fact.label)
    up = re.search(rf"\b{name}\s+(?:\w+\s+){{0,2}}?{_UP}\b", clause, re.I)
    down = re.search(rf"\b{name}\s+(?:\w+\s+){{0,2}}?{_DOWN}\b", clause, re.I)
    if up is None and down is None:
        return False
    rose = fact.value > fact.prior
    if _BETTER.search(clause) or _WORSE.search(clause):
        better = rose if fact.better == "higher" else not rose
        return fact.better is not None and better == (_WORSE.search(clause) is not None)
    return rose == (down is not None)


def _by_checks(text: str, view: View, checks: Review) -> Iterator[Fact]:
    """What the checks of drafts find in the statement, printed alone: a figure of a metric that is another."""
    if "{" in text or "\n" in text:
        return
    page = f"# {view.sheet.person}: {view.period}\n\n## In short\n\n{text.strip().rstrip('.')}.\n"
    for finding in checks(page, view.sheet):
        if finding.check == "unsupported_number" and " is not in the facts; " in finding.message:
            told = finding.message.partition(" is not in the facts; ")[2].casefold()
            labels: Sequence[Fact] = [f for f in view.sheet.facts if told.startswith(f"{f.label.casefold()} is ")]
            # What one deal is worth, and that it was closed, says nothing of how many there are.
            if not _ONE_DEAL.search(text) or any(fact.label.casefold() in text.casefold() for fact in labels[:1]):
                yield from labels[:1]
