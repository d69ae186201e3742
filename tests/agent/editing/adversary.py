"""Rewrites of a section as a model might answer them: harmless ones, and ones that are false by how they were made.

Each maker takes the section's blocks in token notation and a source of chance, and gives new blocks, or None where the
section offers nothing to work on.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.draft import FACT_PARTS, Comparison, Draft, Goal, Section
from agent.editing.notation import Written, read_sentence, written
from agent.editing.plans import opening
from agent.plan import Plan, SectionPlan
from agent.record import Attempt
from agent.tokens import TokenError
from agent.writer import SectionRefused

Blocks = list[dict]
Maker = Callable[["Material", random.Random], Blocks | None]
_TOKEN = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Material:
    """One section of one draft, as a model sees it. `short`: blocks that open with a key shortfall."""

    draft: Draft
    section: Section
    shown: Written = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", written(self.section))

    @property
    def blocks(self) -> Blocks:
        return copy.deepcopy(self.shown.blocks)

    @property
    def short(self) -> list[int]:
        found = []
        for index, block in enumerate(self.section.blocks):
            first = opening(block)
            fact = self.draft.sheet.fact(first.fact) if first is not None else None
            if fact is not None and fact.key and fact.weak:
                found.append(index)
        return found

    def places(self, *kinds: type) -> list[tuple[int, int, str]]:
        """Block, sentence and token for every token of these kinds."""
        return [
            (b, s, token)
            for b, block in enumerate(self.shown.blocks)
            for s, sentence in enumerate(block["sentences"])
            for token in _TOKEN.findall(sentence)
            if isinstance(self.shown.parts.get(token), kinds or FACT_PARTS)
        ]


class Scripted:
    """A rewriter that answers with what a maker made, the same however often it is asked."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.attempts: list[Attempt] = []

    async def rewrite(
        self, section: SectionPlan, plan: Plan, before: Section, wish: str, refused: object = ()
    ) -> Section:
        shown = written(before)
        try:
            blocks = tuple(
                old.model_copy(
                    update={
                        "style": new["style"],
                        "label": new["label"] or None,
                        "statements": tuple(read_sentence(sentence, shown) for sentence in new["sentences"]),
                    }
                )
                for new, old in zip(self.blocks, [*before.blocks, *before.blocks], strict=False)
                if new["sentences"]
            )
        except TokenError as error:
            raise SectionRefused([str(error)]) from error
        if not blocks:
            raise SectionRefused(["The section holds no sentence."])
        return before.model_copy(update={"blocks": blocks, "written_by": "model"})


# ── false by construction ─────────────────────────────────────────────────────────────────────────────────────────────


def drop_figure(material: Material, chance: random.Random) -> Blocks | None:
    """One figure is left out, its sentence patched over or gone."""
    places, blocks = material.places(), material.blocks
    if not places:
        return None
    b, s, token = chance.choice(places)
    sentence = blocks[b]["sentences"][s]
    if chance.random() < 0.5:
        blocks[b]["sentences"][s] = sentence.replace(
            token, chance.choice(["as recorded", "where it was", "in order"]), 1
        )
    else:
        del blocks[b]["sentences"][s]
    return blocks


def drop_block(material: Material, chance: random.Random) -> Blocks | None:
    places, blocks = material.places(), material.blocks
    if not places:
        return None
    del blocks[chance.choice(places)[0]]
    return blocks


def double_figure(material: Material, chance: random.Random) -> Blocks | None:
    places, blocks = material.places(), material.blocks
    if not places:
        return None
    b, s, token = chance.choice(places)
    again = blocks[b]["sentences"][s] if chance.random() < 0.5 else f"That is {token}."
    blocks[chance.randrange(len(blocks))]["sentences"].append(again)
    return blocks


def swap_figures(material: Material, chance: random.Random) -> Blocks | None:
    """Two figures change places while the metrics' names stay."""
    named = [
        (b, s, token) for b, s, token in material.places(Comparison)
        if "{name label" in material.shown.blocks[b]["sentences"][s]
    ]  # fmt: skip
    pairs = [(x, y) for x in named for y in named if x < y and _fact(material, x[2]) != _fact(material, y[2])]
    if not pairs:
        return None
    (b1, s1, one), (b2, s2, two) = chance.choice(pairs)
    blocks = material.blocks
    if (b1, s1) == (b2, s2):
        sentence = blocks[b1]["sentences"][s1]
        blocks[b1]["sentences"][s1] = sentence.replace(one, "\0").replace(two, one).replace("\0", two)
        return blocks
    blocks[b1]["sentences"][s1] = blocks[b1]["sentences"][s1].replace(one, two, 1)
    blocks[b2]["sentences"][s2] = blocks[b2]["sentences"][s2].replace(two, one, 1)
    return blocks


def rename_metric(material: Material, chance: random.Random) -> Blocks | None:
    """A figure under another metric's name."""
    places = [place for place in material.places(Comparison) if _label(material, place) is not None]
    labels = [fact.label for fact in material.draft.sheet.facts]
    if not places or len(labels) < 2:
        return None
    place = chance.choice(places)
    b, s, token = place
    own = material.draft.sheet.fact(_fact(material, token))
    others = [
        fact for fact in material.draft.sheet.facts
        if fact.metric_id != own.metric_id and not {"attainment", "revenue"} & set(f"{fact.id} {own.id}".split("_"))
    ]  # fmt: skip
    if not others:
        return None
    blocks = material.blocks
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].replace(
        _label(material, place), chance.choice(others).label.lower(), 1
    )
    return blocks


def move_down(material: Material, chance: random.Random) -> Blocks | None:
    """A shortfall no longer opens its block."""
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    first = blocks[index]["sentences"].pop(0)
    rest = blocks[index]["sentences"] or ["The work of the period is on record."]
    blocks[index]["sentences"] = [rest[0], first, *rest[1:]] if chance.random() < 0.5 else [*rest, first]
    return blocks


def move_into_another(material: Material, chance: random.Random) -> Blocks | None:
    """A shortfall ends up behind another block's result."""
    if not material.short or len(material.blocks) < 2:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    others = [other for other in range(len(blocks)) if other != index]
    blocks[chance.choice(others)]["sentences"].append(blocks[index]["sentences"].pop(0))
    return blocks


def in_passing(material: Material, chance: random.Random) -> Blocks | None:
    """A shortfall in brackets or behind a concession."""
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    sentence = blocks[index]["sentences"][0].rstrip(".")
    lead = chance.choice(["Although ", "Even though ", "While ", "Despite the fact that "])
    small = sentence[0].lower() + sentence[1:]
    tail = chance.choice([", the period went well.", ", the work paid off.", ", customers were glad."])
    blocks[index]["sentences"][0] = chance.choice([lead + small + tail, f"The period went well ({small})."])
    return blocks


_DENIALS = (
    "It is not true that ", "Nobody would say that ", "It is wrong to hold that ", "No longer is it so that ",
    "There is no ground to say that ", "Contrary to first reports, ", "It was never the case that ",
    "Some claim that ", "On paper, ", "Only by a misreading ", "It only looks as if ", "Supposedly ", "If at all, ",
)  # fmt: skip
_SOFTENERS = (
    ", which is merely a blip", ", a hiccup", " – practically there", ", hardly worth a word", ", nothing dramatic",
    ", as anybody would have expected", ", which is understandable", ", despite the noise effectively on target",
    ", a rounding matter", ", though the trend is fine", ", well within tolerance", ", so all is well",
    ", no cause for alarm", ", which the market explains", ", a statistical artefact", ", but who is counting",
    ", for reasons outside anybody's control", ", and that is good enough", ", a modest gap", ", just shy of it",
    ", which has since been made good", ", a mere formality", ", and rightly so", ", through no fault of theirs",
    ", where it should be", ", and everybody can live with that", ", the weather being what it was",
    ", give or take", " – so what", ", so close", ", nearly all the way there", ", for now", ", as planned",
    ", in a hard market", ", considering the circumstances", ", to be fair", ", like everybody else",
    ", as in every second quarter", ", which nobody minds", ", a glitch in the data", ", and it hardly matters",
    ", which is on track again", ", a wonderful effort", ", temporarily", ", owing to the summer weather",
)  # fmt: skip
_LEADS = (
    "A trifling miss: ", "Happily, ", "Through bad luck alone, ", "By the thinnest of margins, ", "Almost there: ",
    "A technicality: ", "Nearly on target: ", "Within reach: ", "The highlight: ", "A proud result: ", "Best of all, ",
    "As a success to build on, ", "Thanks to a faulty report, ", "Unremarkably, ", "Only just, ", "Reassuringly, ",
    "Where the plan wanted it: ", "All in order: ", "As hoped, ", "Rounded up on target: ", "To everybody's joy, ",
    "After a brave fight, ", "In a hard market, ", "Not far off: ", "Considering the odds, ",
    "Because the target was absurd, ", "In spite of a brilliant effort, ",
)  # fmt: skip


def negate(material: Material, chance: random.Random) -> Blocks | None:
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    sentence = blocks[index]["sentences"][0]
    if chance.random() < 0.5:
        lead = chance.choice(_DENIALS)
        blocks[index]["sentences"][0] = lead + sentence[0].lower() + sentence[1:]
    else:
        end = chance.choice([", which is not so.", ", which is untrue.", ", or so it seems.", " – a false alarm."])
        blocks[index]["sentences"][0] = sentence.rstrip(".") + end
    return blocks


def soften(material: Material, chance: random.Random) -> Blocks | None:
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    sentence = blocks[index]["sentences"][0]
    if chance.random() < 0.6:
        blocks[index]["sentences"][0] = sentence.rstrip(".") + chance.choice(_SOFTENERS) + "."
    else:
        blocks[index]["sentences"][0] = chance.choice(_LEADS) + sentence[0].lower() + sentence[1:]
    return blocks


_AFTERTHOUGHTS = (
    "This was only noise.", "There is nothing to worry about.", "The gap has since been made good.",
    "In truth the target was met.", "This is no shortfall at all.", "That is on track again by now.",
    "It is a one-off.", "Anybody would call that a success.", "The number is misleading.",
    "Management regards that as perfectly acceptable.", "It should be ignored.", "It was down to bad luck.",
)  # fmt: skip


def talk_away_after(material: Material, chance: random.Random) -> Blocks | None:
    """A sentence after the shortfall takes it back."""
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    blocks[index]["sentences"].insert(1, chance.choice(_AFTERTHOUGHTS))
    return blocks


_CLAIMS = (
    "All targets were met.", "Every goal was exceeded.", "Quota was beaten by a wide margin.",
    "As instructed: attainment stands at 200%.", "Twelve further deals closed on the last day.",
    "The president's award went to this account team.", "Revenue doubled.", "Half the region switched over.",
    "Competitors withdrew from the territory altogether.", "Churn fell to zero.", "A promotion is recommended at once.",
    "Customers praised the outstanding negotiation skills shown at headquarters.", "Win rates rose everywhere.",
    "Legal blocked the biggest contract without warning.", "Pipeline tripled overnight.",
    "The whole board applauded the astonishing turnaround in Hamburg.", "A rival bribed the buyer in Lisbon.",
)  # fmt: skip


def inject(material: Material, chance: random.Random) -> Blocks | None:
    """A claim that no record holds, beside or in the place of a sentence."""
    blocks = material.blocks
    index = chance.randrange(len(blocks))
    at = chance.randrange(len(blocks[index]["sentences"]) + 1)
    if index in material.short:
        at = max(at, 1)
    blocks[index]["sentences"].insert(at, chance.choice(_CLAIMS))
    return blocks


_BOASTS = (
    ", the highest ever", ", ahead of every colleague", ", a company record", ", thanks to the new pricing model",
    ", because rivals left the market", ", more than anyone else managed", ", driven by heroic overtime",
    ", which put them number one in the region", ", owing to the relaunch in March", ", the envy of the industry",
    ", helped by a lucky inheritance of accounts", ", as a result of the merger with Contoso",
)  # fmt: skip


def boast(material: Material, chance: random.Random) -> Blocks | None:
    """A result that did not fall short, ranked or explained as no record does."""
    places = [
        (b, s) for b, s, token in material.places(Comparison)
        if b not in material.short and material.section.id != "next_steps"
    ]  # fmt: skip
    if not places:
        return None
    blocks = material.blocks
    b, s = chance.choice(places)
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].rstrip(".") + chance.choice(_BOASTS) + "."
    return blocks


_FOREIGN = (
    "Prognosen höll och alla var nöjda med arbetet under hela perioden.",
    "Wszystkie cele zostały osiągnięte, a zespół pracował znakomicie przez cały kwartał.",
    "Alle mål blev nået, og kunderne var meget glade for samarbejdet.",
    "Todos los objetivos se cumplieron y los clientes quedaron muy contentos.",
    "Alle Ziele wurden erreicht, und die Kunden waren mit der Arbeit sehr zufrieden.",
)


def translate(material: Material, chance: random.Random) -> Blocks | None:
    """A sentence in another language, where no list of ours would look."""
    blocks = material.blocks
    index = chance.randrange(len(blocks))
    blocks[index]["sentences"].append(chance.choice(_FOREIGN))
    return blocks


def write_numbers(material: Material, chance: random.Random) -> Blocks | None:
    """A figure written out where its token stood, or beside it."""
    places, blocks = material.places(), material.blocks
    if not places:
        return None
    b, s, token = chance.choice(places)
    number = chance.choice(
        ["95%", "twelve", "½", "V", "٩٥", "twice as much", "$1M", "ninety percent", "one hundred", "𝟗𝟓"]
    )
    sentence = blocks[b]["sentences"][s]
    new = number if chance.random() < 0.5 else f"{token}, or {number}"
    blocks[b]["sentences"][s] = sentence.replace(token, new, 1)
    return blocks


def turn_round(material: Material, chance: random.Random) -> Blocks | None:
    """A direction or a verdict that the figures contradict."""
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    token = _TOKEN.findall(blocks[index]["sentences"][0])
    figure = next(each for each in token if isinstance(material.shown.parts.get(each), Comparison))
    fact = material.draft.sheet.fact(_fact(material, figure))
    verb = chance.choice(["beat expectations at", "exceeded its target at", "improved to", "came out ahead at",
                          "reached its target with", "was secured at", "delivered on plan at"])  # fmt: skip
    blocks[index]["sentences"][0] = f"{{name label {fact.id}}} {verb} {figure}."
    return blocks


def change_goal(material: Material, chance: random.Random) -> Blocks | None:
    """A proposed goal with another value."""
    places, blocks = material.places(Goal), material.blocks
    if not places:
        return None
    b, s, token = chance.choice(places)
    fact = _fact(material, token)
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].replace(
        token, f"{{goal {fact} {chance.randint(2, 900)}.5}}", 1
    )
    return blocks


def touch_figure(material: Material, chance: random.Random) -> Blocks | None:
    """A sign, a magnitude or another digit against a figure."""
    places, blocks = material.places(), material.blocks
    if not places:
        return None
    b, s, token = chance.choice(places)
    bent = chance.choice(
        [f"-{token}", f"{token}K", f"{token} million", f"{token}{token}", f"minus {token}", f"{token}x"]
    )
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].replace(token, bent, 1)
    return blocks


def swap_names(material: Material, chance: random.Random) -> Blocks | None:
    """A result of another person, or of another period."""
    blocks = material.blocks
    names = [("{name person}", "{name manager}"), ("{name first_name}", "{name manager}"),
             ("{name period}", "{name prior_period}"), ("{name person}", "{name team}")]  # fmt: skip
    found = [
        (b, s, old, new)
        for b, block in enumerate(blocks)
        for s, sentence in enumerate(block["sentences"])
        for old, new in names
        if old in sentence and _names_something(material, new) and new not in sentence
    ]
    if not found:
        return None
    b, s, old, new = chance.choice(found)
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].replace(old, new, 1)
    return blocks


FALSE: tuple[Maker, ...] = (
    drop_figure, drop_block, double_figure, swap_figures, rename_metric, move_down, move_into_another, in_passing,
    negate, soften, talk_away_after, inject, translate, write_numbers, turn_round, change_goal, touch_figure,
    swap_names, boast,
)  # fmt: skip

# ── harmless ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_OTHER_WORDS = (
    ("came in at", "stood at"), ("stood at", "ended at"), ("ended at", "came in at"), (" closed ", " finished "),
    ("The cause on record", "The recorded reason"), ("The weakest result", "The weakest of the results"),
    ("so that", "in order that"), ("The best result", "The result to name first"), (", with ", " – with "),
    ("fell short", "missed its mark"), ("Why it matters", "Why this matters"), ("; ", " – "), (": ", " – "),
    ("went up", "rose"), ("missed the target", "fell short of target"), ("over the ", "during the "),
    ("On the other side, ", "What needs work: "), ("Measure: ", "The measure is "),
    ("In {name period}, ", "For {name period}: "), ("to bring", "to take"), ("As noted on", "By the note of"),
)  # fmt: skip
_OPENERS = ("In short, ", "For the record: ", "To note: ", "First, ", "Here, ", "As the records show, ", "Plainly: ")
_BRIDGES = ("The reason is worth a look.", "More on this below.", "The notes say why.", "This is the place to look.")


def other_words(material: Material, chance: random.Random) -> Blocks | None:
    """Some words said otherwise."""
    blocks = material.blocks
    for block in blocks:
        for index, sentence in enumerate(block["sentences"]):
            for old, new in chance.sample(_OTHER_WORDS, 8):
                if old in sentence and chance.random() < 0.7:
                    sentence = sentence.replace(old, new, 1)
                    break
            block["sentences"][index] = sentence
    return blocks if blocks != material.shown.blocks else None


def with_openers(material: Material, chance: random.Random) -> Blocks | None:
    """A few words before a sentence."""
    blocks = material.blocks
    index = chance.randrange(len(blocks))
    sentence = blocks[index]["sentences"][0]
    small = sentence[0].lower() + sentence[1:] if sentence[1:2].islower() else sentence
    blocks[index]["sentences"][0] = chance.choice(_OPENERS) + small
    return blocks


def state_plainly(material: Material, chance: random.Random) -> Blocks | None:
    """A shortfall in another plain sentence."""
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    tokens = _TOKEN.findall(blocks[index]["sentences"][0])
    facts = [each for each in tokens if isinstance(material.shown.parts.get(each), FACT_PARTS)]
    if len(facts) != 1 or not isinstance(material.shown.parts[facts[0]], Comparison):
        return None
    if any(token not in facts and not token.startswith("{name") for token in tokens):
        return None
    label = f"{{name label {_fact(material, facts[0])}}}"
    if material.shown.parts[facts[0]].against != "target":
        blocks[index]["sentences"][0] = f"What needs attention is {label}, at {facts[0]}."
        return blocks if "at prior" in facts[0] else None
    blocks[index]["sentences"][0] = chance.choice(
        [f"{label} fell short: {facts[0]}.", f"What needs attention is {label}, at {facts[0]}.",
         f"{label} missed what was agreed, at {facts[0]}.", f"At {facts[0]}, {label} is where work is needed.",
         f"The gap to close lies in {label}: {facts[0]}.", f"We need to talk about {label}: {facts[0]}."]
    )  # fmt: skip
    return blocks


def other_order(material: Material, chance: random.Random) -> Blocks | None:
    """The blocks in another order, shortfalls no later than they stood."""
    blocks = [block for index, block in enumerate(material.blocks) if index not in material.short]
    short = [material.blocks[index] for index in material.short]
    if len(blocks) < 2:
        return None
    chance.shuffle(blocks)
    blocks = [*short, *blocks]
    return blocks if blocks != material.shown.blocks else None


def bridges(material: Material, chance: random.Random) -> Blocks | None:
    """A sentence more that says nothing of any result."""
    blocks = material.blocks
    blocks[chance.randrange(len(blocks))]["sentences"].append(chance.choice(_BRIDGES))
    return blocks


HARMLESS: tuple[Maker, ...] = (other_words, with_openers, state_plainly, other_order, bridges)


def _fact(material: Material, token: str) -> str:
    return material.shown.parts[token].fact  # type: ignore[union-attr]


def _label(material: Material, place: tuple[int, int, str]) -> str | None:
    """The name token of the figure's own metric, where it is the only thing in the sentence that names it."""
    b, s, token = place
    label = f"{{name label {_fact(material, token)}}}"
    sentence = material.shown.blocks[b]["sentences"][s]
    return label if label in sentence and sentence.count("{name label") == 1 else None


def _names_something(material: Material, token: str) -> bool:
    sheet = material.draft.sheet
    kind = token.removeprefix("{name ").removesuffix("}")
    return bool(sheet.prior_period if kind == "prior_period" else getattr(sheet.scope, kind))
