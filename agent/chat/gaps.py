"""What could not be computed, and the questions that nothing on record answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.chat.answer import Asks, Block, Notice, Said
from agent.chat.opening import notes_on
from agent.chat.view import View, metric_label
from agent.comparing import printed_order
from agent.draft import Comparison, Name, Part, Statement, Text
from agent.naming import dimension, lowered
from agent.plan import below_colleagues, restates
from tools.evidence.selection import cleaned
from tools.facts import Absent, Fact, worse

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]
_MOST_QUESTIONS = 3
_MOST_GAPS = 5
_MOST_NAMED = 8
# A move of more than this share of where it came from is worth a question.
_MOVED = 0.05


def missing(view: View, *, brief: bool = False) -> Blocks:
    """Every metric that is absent, gathered by reason, and what is odd about the data.

    `brief`: only what the person's role is measured by or the sections tell of; the rest can be asked for.
    """
    told = lacking = _lacking(view)
    if brief:
        wanted = {metric for role in (view.plan.role,) for metric in (*role.kpis, *role.key)}
        told = tuple(each for each in told if each.id.split("[")[0].split(".")[0] in wanted)
    lines = [*_by_reason(told), *(f"{cleaned(line).rstrip('.')}." for line in view.sheet.quality)]
    if not lines:
        said = f"Everything could be computed for {view.sheet.person} in {view.period}."
        return () if brief else (Notice(text=said),)
    shown = lines[:_MOST_GAPS] if brief else lines
    if brief and len(lacking) > len(told):
        shown.append("For all that could not be computed, ask “what is missing?”.")
    statements = tuple(Statement(parts=(Text(text=each),), text=each) for each in shown)
    return (Said(title="What could not be computed, and what is missing", style="bullets", statements=statements),)


def questions(desk: Desk, view: View, *, quiet: bool = False) -> Blocks:
    """Two or three questions on results that nothing on record explains, the worst shortfall first."""
    yours = desk.may_state(view.of.who)
    facts = _unexplained(view)[:_MOST_QUESTIONS]
    if not facts:
        return () if quiet else (Notice(text="Everything that moved clearly has a note or statement on record."),)
    asked = tuple(view.printer.statement(Statement(parts=_question(view, fact, yours))).text for fact in facts)
    return (Asks(title="Worth answering before this goes out", questions=asked, metrics=tuple(f.id for f in facts)),)


def _lacking(view: View) -> list[Absent]:
    """What is absent and has no other name under which it is there: of a manager, the quota is the team's."""
    of_team = view.sheet.fact("team_attainment") is not None
    return [each for each in view.sheet.absent if not (of_team and each.id.startswith("quota_attainment"))]


def _by_reason(absent: Sequence[Absent]) -> list[str]:
    """A line for each reason, with what it keeps from being computed; of many, the first and how many more.

    Where a metric is absent, its parts and its pace per day are for the same reason absent too.
    """
    reasons: dict[str, list[str]] = {}
    for each in absent:
        reasons.setdefault(cleaned(each.reason).rstrip("."), []).append(each.id)
    lines = []
    for reason, ids in reasons.items():
        labels = dict.fromkeys(_named_whole(each) for each in ids if each.partition(".")[0] not in set(ids) - {each})
        lines.append(f"{_first_few(tuple(labels))}: {reason}.")
    return lines


def _named_whole(metric_id: str) -> str:
    """The metric's name where nothing stands beside it: "Stage conversion (skipped)", "Revenue won by source"."""
    label = metric_label(metric_id)
    whole, _, part = metric_id.partition(".")
    if part and " " not in label:
        return f"{metric_label(whole)} ({lowered(label)})"
    split = metric_id.partition("_by_")[2]
    return f"{label} by {split.replace('_', ' ')}" if split and " by " not in label else label


def _first_few(labels: Sequence[str]) -> str:
    if len(labels) <= _MOST_NAMED + 1:
        return ", ".join(labels)
    return f"{', '.join(labels[:_MOST_NAMED])} and {len(labels) - _MOST_NAMED} more"


def _unexplained(view: View) -> list[Fact]:
    """Key results that fell short, then those that moved, that no note is linked to; a result is asked about once."""
    keys = [fact for fact in view.sheet.facts if fact.key and not notes_on(view, fact)]
    short = [fact for fact in view.plan.shortfalls if fact in keys]
    moved = [fact for fact in keys if fact not in short and _moved(fact)]
    moved.sort(key=lambda fact: (-_share(fact), fact.id))
    below = [fact for fact in keys if fact not in short + moved and below_colleagues(fact)]
    chosen: list[Fact] = []
    for fact in (*short, *moved, *below):
        explained = any(restates(fact, each) and notes_on(view, each) for each in view.sheet.facts if each.key)
        if not explained and not any(restates(fact, each) for each in chosen):
            chosen.append(fact)
    return chosen


def _moved(fact: Fact) -> bool:
    fair = fact.prior is not None and not fact.partial and not fact.prior_partial
    return fair and printed_order(fact, "prior") != 0 and _share(fact) > _MOVED


def _share(fact: Fact) -> float:
    assert fact.prior is not None
    return abs(fact.value - fact.prior) / abs(fact.prior) if fact.prior else 1.0


def _question(view: View, fact: Fact, yours: bool) -> tuple[Part, ...]:
    """The result as code prints it, that nothing on record says why, and what to answer."""
    stated: tuple[Part, ...] = (Name(name="label", of=fact.id), Text(text=": "), _against(fact))
    silent = Text(text=", and nothing on record says why. ")
    return (*stated, silent, *_asked(view, fact, yours))


def _against(fact: Fact) -> Comparison:
    if fact.weak and fact.target is not None:
        beside = ("prior",) if fact.prior is not None else ()
        return Comparison(fact=fact.id, against="target", beside=beside)
    if fact.prior is not None and _moved(fact):
        return Comparison(fact=fact.id, against="prior", form="stated")
    return Comparison(fact=fact.id, against="team")


def _asked(view: View, fact: Fact, yours: bool) -> tuple[Part, ...]:
    whom: tuple[Part, ...] = (Text(text="you"),) if yours else (Name(name="first_name"),)
    if view.sheet.role == "sales_manager" and yours:
        whom = (Text(text="you and the team"),)
    bad = (
        fact.weak
        or _against(fact).against == "team"
        or (fact.prior is not None and worse(fact.value, fact.prior, fact.better))
    )
    if fact.metric_id == "sales_cycle_days":
        stage = _stage_behind(view, fact)
        if stage is not None:
            where: tuple[Part, ...] = (Name(name="dimension", of=stage.id),)
            moved = Comparison(fact=stage.id, against="prior", form="bare")
            verb = "What held deals up in " if bad else "What did "
            if bad:
                return (Text(text=verb), *where, Text(text=", where they went "), moved, Text(text="?"))
            return (Text(text=verb), *whom, Text(text=" change in "), *where, Text(text=", where deals went "), moved,
                    Text(text="?"))  # fmt: skip
    if fact.metric_id == "slipped_deals" and bad:
        return (Text(text="What kept them from closing, and what moves them now?"),)
    if bad:
        return (Text(text="What held it back, and what is being done about it?"),)
    return (Text(text="What did "), *whom, Text(text=" do differently?"))


def _stage_behind(view: View, fact: Fact) -> Fact | None:
    """The stage whose days moved furthest the same way as the cycle."""
    assert fact.prior is not None or fact.target is not None
    if fact.prior is None:
        return None
    way = 1 if fact.value > fact.prior else -1
    stages = [
        each
        for each in view.sheet.facts
        if each.metric_id == "time_in_stage" and each.prior is not None and (each.value - each.prior) * way > 0
        and printed_order(each, "prior") != 0 and dimension(each.id)
    ]  # fmt: skip
    return max(stages, key=lambda each: abs(each.value - (each.prior or 0)), default=None)
