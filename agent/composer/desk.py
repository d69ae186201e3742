"""What composing one draft needs at hand: the plan, one voice, and the words for metrics, notes and periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.composer.grammar import Grammar, Voice
from agent.composer.notes import NoteReader, Woven
from agent.composer.wording import Wording, period_holes, person_holes
from agent.draft import Against, Comparison, FactToken, Name, Part, Statement
from agent.plan import Plan, SectionPlan
from prompts.loader import PromptSet
from tools.facts import Evidence, Fact
from tools.quantities import Unit, display_among

# A move of more than this share of the prior asks for a cause, or for the admission that none is on record.
BIG_MOVE = 0.20
MOST_ADMISSIONS = 1
MOST_BESIDE_TEAM = 1
MOST_WHYS = 1
MOST_FEW = 3
# Kinds of note that tell what happened, rather than what somebody did.
HAPPENED = ("context", "constraint", "note")

Holes = Mapping[str, Sequence[Part]]


@dataclass(frozen=True)
class Desk:
    """One draft in the making."""

    plan: Plan
    prompts: PromptSet
    voice: Voice
    wording: Wording
    reader: NoteReader
    common: Holes
    unexplained: frozenset[str]
    shown_to_team: frozenset[str]
    told_why: frozenset[str]

    @classmethod
    def open(cls, plan: Plan, prompts: PromptSet) -> Desk:
        sheet = plan.sheet
        return cls(
            plan=plan,
            prompts=prompts,
            voice=Voice(
                Grammar(prompts.composing("en", "frames"), prompts.composing("en", "actions")),
                f"{sheet.person_id}|{sheet.person}|{sheet.period}",
            ),
            wording=Wording(prompts.composing("en", "metrics")),
            reader=NoteReader(prompts.composing("en", "notes")),
            common={**period_holes(sheet), **person_holes(sheet)},
            unexplained=_unexplained(plan),
            shown_to_team=_shown_to_team(plan),
            told_why=_told_why(plan),
        )

    def say(self, kind: str, key: str, holes: Holes, fact: Fact | None = None, verbs: str = "rose") -> Statement:
        """One sentence of that kind; the holes of periods and people are always there."""
        plural = fact is not None and self.wording.is_plural(fact)
        parts = self.voice.draw(kind, key, {**self.common, **holes}, verbs=verbs, plural=plural)
        return Statement(parts=parts)

    def say_note(self, kind: str, note: Woven, holes: Holes | None = None, plain: int = 1) -> Statement:
        """A sentence with a note: in that kind's frames, or `plain` times in three on its own where it can stand so."""
        if note.note.self_reported:
            kind = f"{kind.split('.')[0]}.said"
        elif not note.marks and self.voice.one_of("a" * plain + "b" * (3 - plain), note.note.id) == "a":
            kind = "notes.plain"
        return self.say(kind, note.note.id, {**note_holes(note), **(holes or {})})

    def notes_on(self, section: SectionPlan, fact: Fact) -> list[Woven]:
        """The section's notes that explain this fact, those first that say it without judging."""
        read = (self.reader.read(note) for note in section.notes_on(fact))
        return sorted((note for note in read if note is not None), key=lambda note: note.vague)

    def metric(self, fact: Fact) -> dict[str, tuple[Part, ...]]:
        """The holes that name the fact's metric."""
        return self.wording.names("metric", fact)

    def figures(self, fact: Fact, against: Against | None, *, headline: bool = False) -> dict[str, tuple[Part, ...]]:
        """The holes that print the fact: {figure} always, {full}, {stated} and {moved} against an earlier period.

        The headline holds a shortfall against its target with its distance; the section tells it with what it was.
        """
        if against is None:
            return {"figure": (FactToken(fact=fact.id),)}
        beside = () if headline and against in ("target", "team") else self.beside(fact, against)
        if headline:
            beside = tuple(other for other in beside if other != "team")
        forms = {"figure": "stated", "full": "full", "stated": "stated", "moved": "bare"}
        if against not in ("prior", "year_ago"):
            form = "stated" if fact == self.plan.weakest and not headline and beside else "full"
            forms = {"figure": form, "stated": form}
        return {
            hole: (Comparison(fact=fact.id, against=against, form=form, beside=beside),)  # type: ignore[arg-type]
            for hole, form in forms.items()
        }

    @property
    def _has_table(self) -> bool:
        """Whether the draft holds the table of goals and targets."""
        return any(section.id == "targets" and section.left_out is None for section in self.plan.sections)

    def beside(self, fact: Fact, against: Against) -> tuple[Against, ...]:
        """What else a reader needs next to that comparison: the target, the prior or the colleagues, one of them."""
        # A target that is met stands in the table of goals; one that is missed stands beside its result as well.
        if against != "target" and fact.target is not None and (fact.weak or not self._has_table):
            return ("target",)
        if against != "prior" and fair_prior(fact):
            return ("prior",)
        # A shortfall says enough with what it fell from.
        shown = against != "team" and fact.id in self.shown_to_team and not fact.weak
        return ("team",) if shown else ()


def _told_why(plan: Plan) -> frozenset[str]:
    """The worst shortfalls of which a section says why they matter: no cause on record tells more about them.

    The headline says it of the weakest.
    """
    silent = [fact for fact in plan.shortfalls if not any(_explains(note, fact) for note in plan.sheet.evidence)]
    return frozenset([fact.id for fact in silent if fact != plan.weakest][:MOST_WHYS])


def _shown_to_team(plan: Plan) -> frozenset[str]:
    """The few key results without a target that are set beside comparable colleagues.

    Shares and durations only, where that takes no further digits; a team is not set beside other people's.
    """
    keys = [fact for fact in plan.sheet.facts if fact.key and fact.target is None and fact.team is not None]
    rank = {metric: number for number, metric in enumerate(plan.role.key)}
    shown = [
        fact
        for fact in sorted(keys, key=lambda fact: rank.get(fact.metric_id, len(rank)))
        if Unit.parse(fact.unit).kind not in ("currency", "count") and "[" not in fact.id and _reads_easily(fact)
    ]
    return frozenset(fact.id for fact in shown[:MOST_BESIDE_TEAM]) if plan.role.id != "sales_manager" else frozenset()


def _reads_easily(fact: Fact) -> bool:
    alone = [fact.prior] if fact.prior is not None else []
    beside = display_among(fact.value, [*alone, fact.team or 0], [False] * len(alone) + [True], fact.unit)
    return beside.value.text == display_among(fact.value, alone, [False] * len(alone), fact.unit).value.text


def fair_prior(fact: Fact) -> bool:
    """Whether the prior may be compared with as it is."""
    return fact.prior is not None and not fact.prior_partial and not fact.partial


def few(fact: Fact) -> bool:
    """Whether the fact is a count so small that it reads best after a colon: "Slipped deals: 2, up from 1"."""
    return fact.unit == "count" and abs(fact.value) <= MOST_FEW


def note_holes(note: Woven) -> dict[str, tuple[Part, ...]]:
    """The holes of a note: {note} anywhere, {Note} where it can open a sentence, {clause} where it can go on in one."""
    holes: dict[str, tuple[Part, ...]] = {"note_date": (Name(name="note_date", of=note.note.id),)}
    # After a colon, a note with a colon of its own reads badly unless it is quoted.
    if note.marks or ":" not in note.span:
        holes["note"] = (note.inside(),)
    if not note.marks:
        holes["Note"] = (note.opening(),)
        if note.small:
            holes["clause"] = (note.inside(),)
    return holes


def _unexplained(plan: Plan) -> frozenset[str]:
    """Key results that fell short, then those that moved far, that no note explains: the first few of them."""
    stated = {fact.id: fact for section in plan.sections for fact in section.must}
    silent = [fact for fact in stated.values() if not any(_explains(note, fact) for note in plan.sheet.evidence)]
    short = [fact for fact in silent if fact.key and fact.weak]
    far = [fact for fact in silent if fact not in short and fact.key and _moved_far(fact)]
    return frozenset(fact.id for fact in (short + far)[:MOST_ADMISSIONS])


def _explains(note: Evidence, fact: Fact) -> bool:
    return note.kind != "next_step" and note.metric in (fact.id, fact.metric_id)


def _moved_far(fact: Fact) -> bool:
    return fact.prior is not None and fair_prior(fact) and abs(fact.value - fact.prior) > BIG_MOVE * abs(fact.prior)
