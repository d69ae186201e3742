"""The token notation: what a model writes where a figure belongs, and what is parsed once, at its own output.

    {win_rate}                     the fact's value
    {win_rate vs target}           figure, comparator and direction as one phrase; also vs prior, year_ago, team
    {win_rate vs target, prior}    the same with a further comparator beside it
    {win_rate at prior}            "30%, up from 27%": the figure first
    {win_rate from prior}          "from 27% to 30%", after a verb
    {win_rate target}              the agreed target alone
    {quote n3}  {quote n3: words}  a note, or a verbatim span of it
    {name person}                  person, first_name, team, segment, territory, manager, period, prior_period
    {name label win_rate}          a metric's own name, which may hold a digit
    {goal win_rate 0.35}           a value proposed in a next step

CRM text never passes through this parser: it stands in `Quotation` and `Name` parts from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from agent.draft import Attainment, Claim, Comparison, FactToken, Goal, Name, Part, Quotation, Target, Text

_FACT = r"[a-z][a-z0-9_]*(?:\[[^\]{}]*\])?(?:\.[a-z_]+)?"
_TOKEN = re.compile(r"\{([^{}]*)\}")
_AGAINST = "target|prior|year_ago|team"
# The word between fact and comparator says how the comparison is printed.
_FORMS = {"vs": "full", "at": "stated", "from": "bare"}
_SHAPES = (
    # "win_rate vs target, prior"
    ("comparison", re.compile(rf"({_FACT})\s+(vs|at|from)\.?\s+({_AGAINST})((?:\s*,\s*(?:{_AGAINST}))*)")),
    ("target", re.compile(rf"({_FACT})\s+target")),
    ("evidence", re.compile(r"quote\s+([^\s:]+)(?:\s*:\s*(.+))?", re.S)),
    ("label", re.compile(rf"name\s+label\s+({_FACT})")),
    ("name", re.compile(r"name\s+([a-z_]+)(?:\s+(.+))?")),
    ("goal", re.compile(rf"goal\s+({_FACT})\s+(-?\d+(?:\.\d+)?)")),
    ("fact", re.compile(rf"({_FACT})")),
)  # fmt: skip
# What a model may name; the other kinds of name are for code.
WRITABLE_NAMES = frozenset(
    {"person", "first_name", "team", "segment", "territory", "manager", "period", "prior_period", "year_ago_period"}
)


class TokenError(ValueError):
    """Text in token notation that cannot be read; the sentence goes back to whoever wrote it."""


def parse_tokens(text: str, evidence: Mapping[str, str]) -> tuple[Part, ...]:
    """Read one sentence in token notation. `evidence` maps ids to texts, so that a span can be proved verbatim."""
    parts: list[Part] = []
    position = 0
    for match in _TOKEN.finditer(text):
        _append_text(parts, text[position : match.start()])
        parts.append(_token(match[1].strip(), evidence))
        position = match.end()
    _append_text(parts, text[position:])
    return tuple(parts)


def write_tokens(parts: Iterable[Part]) -> str:
    """The notation of those parts; the inverse of `parse_tokens` for everything that a model may write."""
    return "".join(_write(part) for part in parts)


def _append_text(parts: list[Part], text: str) -> None:
    if "{" in text or "}" in text:
        raise TokenError(f'A brace without its partner in "{text.strip()[:60]}".')
    if text:
        parts.append(Text(text=text))


def _token(inner: str, evidence: Mapping[str, str]) -> Part:
    for kind, shape in _SHAPES:
        match = shape.fullmatch(inner)
        if match is None:
            continue
        if kind == "evidence":
            return _quotation(match[1], match[2], evidence)
        if kind == "label":
            return Name(name="label", of=match[1])
        if kind == "name":
            if match[1] not in WRITABLE_NAMES or match[2] is not None:
                raise TokenError(f"{{{inner}}} names nothing; use one of {', '.join(sorted(WRITABLE_NAMES))}.")
            return Name(name=match[1])  # type: ignore[arg-type]
        if kind == "comparison":
            beside = tuple(word.strip() for word in match[4].split(",") if word.strip())
            return Comparison(fact=match[1], against=match[3], form=_FORMS[match[2]], beside=beside)  # type: ignore[arg-type]
        if kind == "goal":
            return Goal(fact=match[1], value=float(match[2]))
        return Target(fact=match[1]) if kind == "target" else FactToken(fact=match[1])
    raise TokenError(f"{{{inner}}} is no token; write {{fact}}, {{fact vs target}} or {{quote id}}.")


def _quotation(evidence_id: str, span: str | None, evidence: Mapping[str, str]) -> Quotation:
    if evidence_id not in evidence:
        raise TokenError(f"There is no note {evidence_id} for this section.")
    whole = evidence[evidence_id]
    if span is None:
        return Quotation(evidence=evidence_id, span=whole)
    wanted = span.strip().strip('"“”')
    if not wanted or wanted not in whole:
        raise TokenError(f'"{wanted[:60]}" does not stand in note {evidence_id}; quote its own words.')
    return Quotation(evidence=evidence_id, span=wanted)


def _write(part: Part) -> str:
    match part:
        case Text():
            return part.text
        case FactToken():
            return f"{{{part.fact}}}"
        case Comparison():
            word = next(word for word, form in _FORMS.items() if form == part.form)
            return f"{{{part.fact} {word} {', '.join((part.against, *part.beside))}}}"
        case Target():
            return f"{{{part.fact} target{' before' if part.before else ''}}}"
        case Attainment():
            return f"{{{part.fact} attainment}}"
        case Quotation():
            return f"{{quote {part.evidence}: {part.span}}}"
        case Name():
            return f"{{name {part.name}{' ' + part.of if part.of is not None else ''}}}"
        case Goal():
            return f"{{goal {part.fact} {part.value}}}"
        case Claim():
            return f"{{claim {part.text}}}"
