"""Answers of figures: the key results, what fell short, one metric, comparisons, and what moved most."""

from __future__ import annotations

from collections.abc import Sequence

from agent.chat.answer import Block, Cell, Notice, Table
from agent.chat.pictures import trend
from agent.chat.view import View, compared, label_of, line, metric_label
from agent.comparing import comparator, printed_order
from agent.draft import Against, Comparison, FactToken, Name, Part, Text
from agent.naming import label, period_name
from agent.plan import restates
from tools.facts import Absent, Fact, worse

Blocks = tuple[Block, ...]
_MOST = 12
_MOST_TOLD = 4
_COLUMNS: tuple[tuple[Against, str], ...] = (
    ("target", "Target"), ("prior", "Period before"), ("year_ago", "Year ago"), ("team", "Comparable colleagues"),
)  # fmt: skip
_AGAINST = {"target": "the target", "prior": "the period before", "year_ago": "a year ago",
            "team": "comparable colleagues"}  # fmt: skip
# What moved by less than this share of where it came from is no news.
_NEWS = 0.02


def overview(view: View) -> Blocks:
    """The key results as a table, and those that fell short in words."""
    facts = key_facts(view)
    if not facts:
        return (Notice(text=f"No key result of {view.sheet.person} could be computed for {view.period}."),)
    return (results(view, f"{view.sheet.person}, {view.period}", facts), *_short(view))


def shortfalls(view: View) -> Blocks:
    """Every key result that is weak by the rubric, the worst first."""
    found = _short(view)
    if found:
        return found
    text = "No key result missed its target or fell clearly behind the period before."
    return (Notice(text=f"{view.sheet.person}, {view.period}: {text}"),)


def figure(view: View, metric: str) -> Blocks:
    """One metric in a sentence, beside everything it can be held against, with its picture."""
    fact = view.find(metric)
    if isinstance(fact, Absent):
        return (absent(fact, view),)
    picture = trend(view, fact)
    return (view.said([_sentence(fact)]), results(view, "", [fact]), *([picture] if picture is not None else []))


def compare(view: View, against: str, metric: str | None) -> Blocks:
    """Key results (or one metric) held against the same comparator."""
    kind: Against = against  # type: ignore[assignment]
    if metric is not None:
        found = view.find(metric)
        if isinstance(found, Absent):
            return (absent(found, view),)
        facts: Sequence[Fact] = [found]
    else:
        facts = key_facts(view)
    held = [fact for fact in facts if comparator(fact, kind) is not None]
    if not held:
        return (Notice(text=f"Nothing is on record to hold {_these(metric)} of {view.period} against "
                            f"{_AGAINST[kind]}.{_why_not(view, kind)}"),)  # fmt: skip
    ordered = sorted(held, key=lambda fact: not worse(fact.value, comparator(fact, kind) or 0, fact.better))
    behind = [fact for fact in ordered if worse(fact.value, comparator(fact, kind) or 0, fact.better)]
    title = f"{view.sheet.person} against {_AGAINST[kind]}, {view.period}"
    left = [label(fact) for fact in facts if fact not in held]
    note = f"Nothing to hold against: {', '.join(left)}." if left else ""
    table = Table(
        title=title, header=("Result", "Value", dict(_COLUMNS)[kind], ""),
        rows=tuple((Cell(text=label(fact)), *view.pair(fact, kind), Cell(text=_side(fact, kind))) for fact in ordered),
        right=(1, 2), note=_group(view, kind, held, note),
    )  # fmt: skip
    if len(held) == 1 or not behind:
        lines = [_held(fact, kind) for fact in ordered[:_MOST_TOLD]]
        return (view.said(lines, bullets=len(lines) > 1), table)
    return (view.said([_held(fact, kind) for fact in behind], title=f"Behind {_AGAINST[kind]}", bullets=True), table)


def changed(view: View) -> Blocks:
    """The key results by how far they moved since the period before, then others that moved far."""

    def share(fact: Fact) -> float:
        assert fact.prior is not None
        return abs(fact.value - fact.prior) / abs(fact.prior) if fact.prior else float(fact.value != fact.prior)

    held = [fact for fact in view.sheet.facts if fact.prior is not None and "[" not in fact.id]
    moved = [fact for fact in held if share(fact) > _NEWS and printed_order(fact, "prior") != 0]
    moved.sort(key=lambda fact: (not fact.key, -share(fact), fact.id))
    prior = period_name(view.sheet.prior_period or "", view.locale)
    if not held:
        return (Notice(text=f"Nothing of {prior} is on record to compare {view.period} with."),)
    told: list[Fact] = []
    for fact in moved:
        if not any(restates(fact, other) for other in told):
            told.append(fact)
    if not told:
        return (Notice(text=f"Nothing moved clearly between {prior} and {view.period}."),)
    lines = [_held(fact, "prior") for fact in told if fact.key] or [_held(fact, "prior") for fact in told[:3]]
    rows = tuple(
        (Cell(text=label(fact)), *reversed(view.pair(fact, "prior")), Cell(text=_side(fact, "prior")))
        for fact in told[:_MOST]
    )
    table = Table(
        title=f"{prior} to {view.period}", header=("Result", prior, view.period, ""), rows=rows, right=(1, 2),
        more=max(0, len(told) - _MOST),
    )  # fmt: skip
    return (view.said(lines, title="What changed", bullets=True), table)


def results(view: View, title: str, facts: Sequence[Fact]) -> Table:
    """Facts with everything they can be held against; columns that nobody has are left out."""
    columns = [(kind, name) for kind, name in _COLUMNS if any(comparator(fact, kind) is not None for fact in facts)]
    rows = tuple(
        (Cell(text=label(fact)), view.value(fact), *(view.other(fact, kind) for kind, _ in columns)) for fact in facts
    )
    header = ("Result", "Value", *(name for _, name in columns))
    note = _group(view, "team", facts) if any(fact.team is not None for fact in facts) else ""
    return Table(title=title, header=header, rows=rows, right=tuple(range(1, len(header))), note=note)


def key_facts(view: View) -> list[Fact]:
    """The results that a summary must not hide, in the sheet's order."""
    return [fact for fact in view.sheet.facts if fact.key]


def absent(found: Absent, view: View) -> Notice:
    """Why a metric could not be computed."""
    return Notice(text=f"{metric_label(found.id)} of {view.sheet.person} in {view.period} could not be computed: "
                       f"{found.reason.rstrip('.')}.")  # fmt: skip


def _short(view: View) -> Blocks:
    told: list[Fact] = []
    for fact in view.plan.shortfalls:
        # An attainment and the result that it is a share of fall short together.
        if not any(restates(fact, each) for each in told):
            told.append(fact)
    if not told:
        return ()
    return (view.said([line(fact) for fact in told], title="Short of what was agreed or of before", bullets=True),)


def _sentence(fact: Fact) -> tuple[Part, ...]:
    return (label_of(fact), Text(text=" of "), Name(name="person"), Text(text=" in "), Name(name="period"),
            Text(text=": "), compared(fact), Text(text="."))  # fmt: skip


def _held(fact: Fact, kind: Against) -> tuple[Part, ...]:
    if comparator(fact, kind) is None:
        return (label_of(fact), Text(text=": "), FactToken(fact=fact.id), Text(text="."))
    form = "stated" if kind in ("prior", "year_ago") else "full"
    return (label_of(fact), Text(text=": "), Comparison(fact=fact.id, against=kind, form=form), Text(text="."))


def _side(fact: Fact, kind: Against) -> str:
    other = comparator(fact, kind)
    if fact.better is None or other is None or other == fact.value:
        return ""
    return "worse" if worse(fact.value, other, fact.better) else "better"


def _these(metric: str | None) -> str:
    return "that figure" if metric is not None else "the key results"


def _why_not(view: View, kind: Against) -> str:
    if kind == "team":
        return " A comparison needs at least three people of the same role and segment."
    if kind == "target":
        found = [each for each in view.sheet.absent if each.id in ("quota_attainment", "team_attainment")]
        return f" {metric_label(found[0].id)}: {found[0].reason.rstrip('.')}." if found else ""
    return ""


def _group(view: View, kind: Against, facts: Sequence[Fact], note: str = "") -> str:
    sizes = {fact.team_size for fact in facts if fact.team is not None and fact.team_size is not None}
    if kind != "team" or not sizes:
        return note
    scope = view.sheet.scope
    of = f", segment {scope.segment.replace('_', ' ')}" if scope.segment else ""
    told = f"Comparable colleagues: {max(sizes)} people of the same role{of}, {view.sheet.person} included."
    return f"{told} {note}".strip()
