"""Sentences about results: a shortfall with its target, why it matters and its cause; an action with what it moved."""

from __future__ import annotations

from typing import Literal

from agent.comparing import printed_order
from agent.composer.desk import HAPPENED, Desk, fair_prior, few, note_holes
from agent.composer.notes import Woven
from agent.draft import Block, Name, Part, Statement
from agent.plan import SectionPlan, shown_against
from tools.facts import Fact, worse

MOST_NOTES_PER_RESULT = 2
# About what a result takes without its notes, comparison included.
_WORDS_OF_RESULT = 14


def compose_as_bullets(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """Each result a bullet, in the plan's order; then what notes say of no result in particular."""
    blocks = [_block(desk, section, fact, "bullet") for fact in section.must]
    return (*blocks, *_other_notes(desk, section, "bullet"))


def compose_as_paragraphs(desk: Desk, section: SectionPlan) -> tuple[Block, ...]:
    """Each shortfall its own paragraph, then the other results together in one."""
    short = [_block(desk, section, fact, "paragraph") for fact in section.shortfalls]
    others = [fact for fact in section.must if fact not in section.shortfalls]
    together = tuple(statement for fact in others for statement in _result(desk, section, fact))
    rest = (Block(statements=together),) if together else ()
    return (*short, *rest, *_other_notes(desk, section, "paragraph"))


def _notes_each(desk: Desk, section: SectionPlan) -> int:
    """How many notes each result may have, for the section to keep to the middle of its length."""
    if section.settings.words is None:
        return MOST_NOTES_PER_RESULT
    told = [note for fact in section.must for note in desk.notes_on(section, fact)[:MOST_NOTES_PER_RESULT]]
    words = _WORDS_OF_RESULT * len(section.must) + sum(len(note.span.split()) for note in told)
    return MOST_NOTES_PER_RESULT if words <= sum(section.settings.words) / 2 else 1


def why_statement(desk: Desk, fact: Fact) -> Statement | None:
    """Why the metric matters, where its definition says so."""
    if fact.why is None or not fact.why.strip(" ."):
        return None
    holes: dict[str, tuple[Part, ...]] = {
        "Why": (Name(name="why", of=fact.id),),
        "why": (Name(name="why", of=fact.id, lower=True),),
    }
    fragment = desk.wording.is_fragment(fact.why)
    return desk.say("headline.why_fragment" if fragment else "headline.why", fact.id, holes)


def _block(desk: Desk, section: SectionPlan, fact: Fact, style: Literal["paragraph", "bullet"]) -> Block:
    told = _shortfall(desk, section, fact) if fact in section.shortfalls else _result(desk, section, fact)
    return Block(style=style, statements=tuple(told))


def _shortfall(desk: Desk, section: SectionPlan, fact: Fact) -> list[Statement]:
    """The comparison first, then its cause on record; without one, why it matters."""
    against = shown_against(fact)
    assert against is not None, f"{fact.id} cannot fall short of nothing"
    kind = "worsened"
    if printed_order(fact, against) == 0:
        kind = "unchanged" if against == "prior" else "stated"
    elif few(fact):
        kind = "few"
    elif against == "target":
        kind = "missed_over" if fact.better == "lower" else "missed"
    elif fact.better == "lower":
        kind = "worsened_up"
    told = [desk.say(f"results.{kind}", fact.id, {**desk.metric(fact), **desk.figures(fact, against)}, fact)]
    notes = [note.short() for note in desk.notes_on(section, fact)]
    happened = [note for note in notes if note.note.kind in HAPPENED]
    done = [note for note in notes if note not in happened]
    told += [_cause(desk, note) for note in happened[:1]]
    told += [_response(desk, note) for note in done[: _notes_each(desk, section) - len(happened[:1])]]
    told += _admission(desk, fact, notes)
    if fact.id in desk.told_why:
        told += [why] if (why := why_statement(desk, fact)) is not None else []
    return told


def _result(desk: Desk, section: SectionPlan, fact: Fact) -> list[Statement]:
    """An action on record first, with what it moved; without one the result, and what else is on record about it."""
    notes = [note.short() for note in desk.notes_on(section, fact)[: _notes_each(desk, section)]]
    lead = next((note for note in notes if _can_lead(note, fact)), None)
    rest = [note for note in notes if note is not lead]
    told = [_also(desk, fact, note) for note in rest]
    if lead is None:
        return [_stated(desk, fact), *told, *_admission(desk, fact, notes)]
    if any(mark in lead.span for mark in (";", ":", "–", " - ")):
        return [_plain(desk, lead), _stated(desk, fact), *told]
    return [_stated(desk, fact, lead), *told]


def _can_lead(note: Woven, fact: Fact) -> bool:
    """Whether an action may stand before its result: woven in, something done, and no fall after it."""
    if note.marks or note.note.kind in HAPPENED:
        return False
    return not (fair_prior(fact) and fact.prior is not None and worse(fact.value, fact.prior, fact.better))


def _stated(desk: Desk, fact: Fact, lead: Woven | None = None) -> Statement:
    """A result with the comparison that says most: the move, else the target, else the colleagues, else its value."""
    holes = dict(desk.metric(fact))
    opened = note_holes(lead) if lead is not None else {}
    if fair_prior(fact) and fact.prior is not None:
        figures = desk.figures(fact, "prior")
        if printed_order(fact, "prior") != 0:
            kind = "moved" if lead is None else _joined(lead, "led")
            return desk.say(
                f"results.{kind}", fact.id, {**holes, **figures, **opened}, fact, desk.wording.verbs(fact, fact.prior)
            )
        kind = "unchanged" if lead is None else "led_unchanged"
        return desk.say(f"results.{kind}", fact.id, {**holes, **figures, **opened}, fact)
    against = "target" if fact.target is not None else "team" if fact.team is not None else None
    kind = "stated" if lead is None else _joined(lead, "led_to")
    return desk.say(f"results.{kind}", fact.id, {**holes, **desk.figures(fact, against), **opened}, fact)


def _joined(lead: Woven, kind: str) -> str:
    """A note of several clauses takes a mark between itself and its result; a short one may run into it."""
    return f"{kind}_apart" if "," in lead.span or " and " in lead.span else kind


def _cause(desk: Desk, note: Woven) -> Statement:
    # A clause that may go on with a small letter can also follow "because".
    follows = "clause" in note_holes(note) and not note.note.self_reported
    kind = desk.voice.one_of(("because", "cause"), f"kind|{note.note.id}") if follows else "cause"
    return desk.say_note(f"results.{kind}", note)


def _also(desk: Desk, fact: Fact, note: Woven) -> Statement:
    """A note beside its result: what moved it, what held it back, or what else is on record."""
    fell = fair_prior(fact) and fact.prior is not None and worse(fact.value, fact.prior, fact.better)
    if note.note.kind not in HAPPENED:
        return desk.say_note("results.response" if fell else "results.mover", note, plain=1 if fell else 3)
    if not fair_prior(fact) or printed_order(fact, "prior") == 0:
        return desk.say_note("notes.done", note)
    return _cause(desk, note) if fell else desk.say_note("results.mover", note)


def _response(desk: Desk, note: Woven) -> Statement:
    return desk.say_note("results.response", note)


def _plain(desk: Desk, note: Woven) -> Statement:
    return desk.say("notes.plain", note.note.id, note_holes(note))


def _admission(desk: Desk, fact: Fact, notes: list[Woven]) -> list[Statement]:
    """That nothing on record says why: said where it is missed most, and seldom."""
    if notes or fact.id not in desk.unexplained:
        return []
    return [desk.say("results.no_cause", fact.id, {})]


def _other_notes(desk: Desk, section: SectionPlan, style: Literal["paragraph", "bullet"]) -> tuple[Block, ...]:
    """What the section's notes say of no result stated here, one block each."""
    told = {note.id for fact in section.must for note in section.notes_on(fact)}
    read = (desk.reader.read(note) for note in section.evidence if note.id not in told)
    return tuple(
        Block(style=style, statements=(desk.say_note("notes.done", note.short(), plain=2),))
        for note in read
        if note is not None
    )
