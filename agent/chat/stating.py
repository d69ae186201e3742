"""The person's own statements: kept, listed, taken back; one that contradicts a fact is answered with the fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from agent.access import may_state
from agent.chat.answer import Asks, Block, Cell, Notice, Table
from agent.chat.contradiction import claims, contradicted, figures_held
from agent.chat.router.dating import day_told, period_told
from agent.chat.router.days import Calendar
from agent.chat.view import View, label_of, line, metric_label
from agent.draft import FactToken, Name, Part, Text
from agent.drafting import Review
from agent.naming import label, lowered
from agent.store.statements import StatedByPerson
from tools.errors import InputError, SalesbriefError
from tools.evidence.selection import cleaned, reads_like_instruction
from tools.facts import Absent, Fact
from tools.periods import Period, in_words

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]
MOST_LETTERS = 600
# "1: we moved the technical call", "2) procurement took a month"
_NUMBERED = re.compile(r"(?:(?:re|to|answer|question|no\.?|number)\s+)?#?([1-9])\s*[:.)–-]\s+(\D.*)", re.I | re.S)
_FALSE = (
    "That is not what the records say, so it is not kept. A figure or a target is changed in the CRM; a reason for it "
    "can be kept here."
)
_PLANS = re.compile(
    r"""^\W*(?:next\ (?:quarter|month|period|week)
        |(?:i|we)(?:['’]ll|\ will|\ plan\ to|\ intend\ to|\ am\ going\ to|\ are\ going\ to|\ want\ to))\b""",
    re.I | re.X,
)
_CAUSES = re.compile(
    r"""\b(?:because|due\ to|owing\ to|caused\ by|the\ (?:reason|cause)|was\ (?:procurement|down\ to|held\ up|a\ matter)
        |came\ from|delayed|dip|budget\ freeze|froze|postponed|blocked|waited|parental\ leave|sick)\b""",
    re.I | re.X,
)
_PRAISED = re.compile(r"\b(?:thanked|praised|commended|award|kudos|compliment\w*)\b", re.I)
_DID = re.compile(
    r"""^\W*(?:i|we)\s+(?:also\s+|have\s+|had\s+|personally\s+)?
        (?:\w+ed|ran|built|wrote|led|held|taught|made|set|brought|gave|took|began|won|sent|met|spoke|found|put|kept
        |cut)\b""",
    re.I | re.X,
)


def said(desk: Desk, text: str, on: date | None, metric: str | None) -> Blocks:
    """Keep a statement about whom the conversation is about, dated as it says; or say why it is not kept."""
    of_when = desk.period()
    key = _stating(desk, of_when)
    words = cleaned(text)
    if not any(letter.isalpha() for letter in words):
        raise InputError("There is nothing to keep; say it in a sentence.")
    if len(" ".join(text.split())) > MOST_LETTERS:
        raise InputError(f"That is longer than {MOST_LETTERS} letters; say it in a few sentences, or in several notes.")
    if reads_like_instruction(words):
        raise InputError("That reads like an instruction to a language model, not like a statement; it is not kept.")
    view = desk.view()
    told = _view_told(desk, words, of_when, view)
    false, at = _false(words, told, view, desk.checks)
    if false:
        title = "On record" if at is view else f"On record for {at.period}"
        on_record = at.said([line(fact) for fact in false], title=title, bullets=True)
        return (Notice(text=_FALSE, tone="refused"), on_record)
    linked = _linked(view, words, metric)
    day = on if on is not None else day_said(words, of_when, desk.as_of)
    if day > max(desk.as_of, of_when.last_day):
        raise InputError(f"{in_words(day)} is still to come; keep the statement once it has happened.")
    kind = kind_of(words, linked is not None)
    kept = desk.stores.statements.add(
        who=key, name=view.sheet.person, on=day, kind=kind, text=words, metric=linked, account=desk.viewer.account,
        at=desk.now(),
    )  # fmt: skip
    return (_kept(kept, view), *_figures(words, told), *_used(desk, day, view))


def answered(desk: Desk, text: str) -> dict[str, str] | None:
    """What to keep where the text answers a question by its number: "1: we moved the call". Else None."""
    match = _NUMBERED.fullmatch(text.strip())
    if match is None:
        return None
    asked = _asked_last(desk)
    if asked is None or not 1 <= int(match[1]) <= len(asked.metrics):
        return None
    return {"text": match[2].strip(), "metric": asked.metrics[int(match[1]) - 1]}


def _asked_last(desk: Desk) -> Asks | None:
    """The questions put to the person last, where the conversation is still about what they ask."""
    kept = desk.stores.conversations
    for reply in reversed(kept.messages(desk.conversation.id)):
        if reply.author == "salesbrief" and reply.ended:
            blocks = [event.block for event in kept.events(desk.conversation.id, reply.number)]
            found = next((block for block in blocks if isinstance(block, Asks) and block.metrics), None)
            if found is not None:
                return found
    return None


def linked_to(desk: Desk, metric: str, which: str = "last") -> Blocks:
    """Say which result a statement explains."""
    of_when = desk.period()
    found = _find(desk, _stating(desk, of_when), which)
    view = desk.view()
    linked = _linked(view, "", metric)
    desk.stores.statements.forget(found.id, desk.now())
    again = desk.stores.statements.add(
        who=found.who, name=found.name, on=found.on, kind=kind_of(found.text, True), text=found.text, metric=linked,
        account=desk.viewer.account, at=desk.now(),
    )  # fmt: skip
    return (_kept(again, view), *_used(desk, found.on, view))


def forgotten(desk: Desk, which: str) -> Blocks:
    """Take back the last statement, or the one whose words are given."""
    gone = _find(desk, _stating(desk, desk.period()), which)
    desk.stores.statements.forget(gone.id, desk.now())
    return (Notice(text=f"Taken back, and used nowhere any more: “{gone.text}”"), *_stale(desk))


def listed(desk: Desk, key: str, period: Period) -> Blocks:
    """The statements about somebody, dated in a period."""
    found = desk.stores.statements.about(key, period.start, period.last_day)
    if not found:
        return (Notice(text="No statement is on record for this period. “Add that …” keeps one."),)
    rows = tuple(
        (
            Cell(text=each.on.isoformat()),
            Cell(text=each.text),
            Cell(text=metric_label(each.metric) if each.metric else ""),
        )
        for each in found
    )
    title = f"Statements of {cleaned(found[0].name)}, self-reported"
    return (Table(title=title, header=("Day", "Statement", "Explains"), rows=rows),)


def day_said(text: str, period: Period, today: date) -> date:
    """The day that a statement names, within the period or not; else today, within the period."""
    named = day_told(text, Calendar(today, period=period))
    return named if named is not None else max(period.start, min(today, period.last_day))


def kind_of(text: str, explains: bool) -> str:
    """What kind of note it is, so that it finds its section."""
    if _PLANS.search(text):
        return "next_step"
    if _PRAISED.search(text):
        return "praise"
    if _DID.search(text) and not _CAUSES.search(text):
        return "action"
    return "context" if explains or _CAUSES.search(text) else "work"


def _view_told(desk: Desk, words: str, of_when: Period, view: View) -> View:
    """The sheet that the statement's figures are held against: that of the month or quarter that it names, if any."""
    label_told = period_told(words, Calendar(desk.as_of, period=of_when)) if claims(words) else None
    if label_told is None:
        return view
    try:
        return desk.view(view.of.who, label_told)
    except SalesbriefError:
        return view


def _false(words: str, told: View, view: View, checks: Review | None) -> tuple[list[Fact], View]:
    """The facts that the statement contradicts, and their sheet: that of the time it names, else the conversation's."""
    found = contradicted(words, told, checks)
    if found or told is view:
        return found, told
    # A month has no quota of its own; the quarter that it lies in has. Elsewhere the conversation's time says nothing.
    inside = view.sheet.start <= told.sheet.start and told.sheet.end <= view.sheet.end
    return [fact for fact in contradicted(words, view, checks) if inside and told.sheet.fact(fact.id) is None], view


def _figures(words: str, view: View) -> Blocks:
    """Which of the statement's figures were held against the records, and which are the person's word alone."""
    held = figures_held(words, view)
    lines: list[tuple[Part, ...]] = [
        (Text(text=f"{said} was held against the records: "), label_of(fact, lower=True), Text(text=" in "),
         Name(name="period"), Text(text=": "), FactToken(fact=fact.id), Text(text="."))
        for said, fact in held if fact is not None
    ]  # fmt: skip
    alone = list(dict.fromkeys(said for said, fact in held if fact is None))
    if alone:
        listed = " and ".join([", ".join(alone[:-1]), alone[-1]] if len(alone) > 1 else alone)
        lines.append((Text(text=f"Nothing on record could be held against {listed}."),))
    return (view.said(lines, title="Its figures", bullets=True),) if lines else ()


def _stating(desk: Desk, period: Period) -> str:
    """Whom a statement is about. Raises `InputError` where it would not be the viewer's own."""
    key = desk.whose(None, period)
    access = desk.access()
    if not may_state(access.viewer, key, period, access.roster):
        name = access.name_of(key)
        raise InputError(f"Only {name} can state that: statements are the person's own. You can ask about the figures.")
    return key


def _linked(view: View, words: str, metric: str | None) -> str | None:
    """The fact that a statement explains: the one given, else the only result that its words name."""
    if metric is not None:
        found = view.find(metric)
        if isinstance(found, Absent):
            reason = found.reason.rstrip(".")
            raise InputError(f"{metric_label(found.id)} could not be computed for {view.period} ({reason}).")
        return found.id
    # "Trained reps on discovery calls" is not about the number of calls.
    clear = [fact for fact in view.sheet.facts if "[" not in fact.id and (fact.key or " " in fact.label)]
    named = [fact for fact in clear if _names(words, fact)]
    longest = [fact for fact in named if not any(fact is not each and fact.label in each.label for each in named)]
    return longest[0].id if len(longest) == 1 else None


def _names(words: str, fact: Fact) -> bool:
    return re.search(rf"(?<!\w){re.escape(fact.label)}(?!\w)", words, re.I) is not None


def _find(desk: Desk, key: str, which: str) -> StatedByPerson:
    mine: Sequence[StatedByPerson] = desk.stores.statements.about(key)
    wanted = which.strip().strip("“”\"'.").casefold()
    if wanted not in ("last", "that", "it", ""):
        mine = [each for each in mine if wanted in each.text.casefold()]
        if not mine:
            raise InputError(f"No statement on record says “{which}”; “my statements” lists them.")
    if not mine:
        raise InputError("No statement is on record, so there is nothing to take back.")
    return max(mine, key=lambda each: (each.said_at, each.id))


def _kept(kept: StatedByPerson, view: View) -> Notice:
    fact = view.sheet.fact(kept.metric) if kept.metric is not None else None
    linked = f", linked to {lowered(label(fact))}" if fact is not None else ""
    hint = ""
    if fact is None and kept.kind == "context":
        hint = " If it explains a result, say which: “that explains the win rate”."
    stop = "" if kept.text.endswith((".", "!", "?", "…")) else "."
    return Notice(
        text=f"Kept as {kept.name}’s own statement of {in_words(kept.on)}{linked}: “{kept.text}”{stop} It is marked as "
        f"self-reported wherever it is used; “forget that” takes it back.{hint}"
    )


def _used(desk: Desk, day: date, view: View) -> Blocks:
    """Where a statement will be used: not in the summary of a time that its day lies outside of."""
    of_when = desk.period()
    return _stale(desk) if of_when.start <= day <= of_when.last_day else (_outside(day, view),)


def _outside(day: date, view: View) -> Notice:
    """A day of another period stays what it is; the summary of this one does not hold it."""
    return Notice(text=f"{in_words(day)} is not in {view.period}: only summaries of the time around that day use it.")


def _stale(desk: Desk) -> Blocks:
    """A draft that was written before does not know of it yet."""
    if desk.conversation.draft_id is None:
        return ()
    return (Notice(text="The draft was written before; ask for it again to have it taken up."),)
