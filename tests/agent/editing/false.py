"""Rewrites that are false by how they were made. What they say is in `lies.toml`.

Each maker takes a section's material and a source of chance, and gives new blocks, or None where the section offers
nothing to work on.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

from agent.draft import FACT_PARTS, Comparison, Goal
from tests.agent.editing.material import TOKEN, Blocks, Material, fact_of, names_something, own_label

Maker = Callable[[Material, random.Random], Blocks | None]
_LIES = tomllib.loads(Path(__file__).with_name("lies.toml").read_text(encoding="utf-8"))


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
    pairs = [(x, y) for x in named for y in named if x < y and fact_of(material, x[2]) != fact_of(material, y[2])]
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
    places = [place for place in material.places(Comparison) if own_label(material, place) is not None]
    labels = [fact.label for fact in material.draft.sheet.facts]
    if not places or len(labels) < 2:
        return None
    place = chance.choice(places)
    b, s, token = place
    own = material.draft.sheet.fact(fact_of(material, token))
    others = [
        fact for fact in material.draft.sheet.facts
        if fact.metric_id != own.metric_id and not {"attainment", "revenue"} & set(f"{fact.id} {own.id}".split("_"))
    ]  # fmt: skip
    if not others:
        return None
    blocks = material.blocks
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].replace(
        own_label(material, place), chance.choice(others).label.lower(), 1
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


def negate(material: Material, chance: random.Random) -> Blocks | None:
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    sentence = blocks[index]["sentences"][0]
    if chance.random() < 0.5:
        lead = chance.choice(_LIES["denials"])
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
        blocks[index]["sentences"][0] = sentence.rstrip(".") + chance.choice(_LIES["softeners"]) + "."
    else:
        blocks[index]["sentences"][0] = chance.choice(_LIES["leads"]) + sentence[0].lower() + sentence[1:]
    return blocks


def talk_away_after(material: Material, chance: random.Random) -> Blocks | None:
    """A sentence after the shortfall takes it back."""
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    blocks[index]["sentences"].insert(1, chance.choice(_LIES["afterthoughts"]))
    return blocks


def inject(material: Material, chance: random.Random) -> Blocks | None:
    """A claim that no record holds, beside or in the place of a sentence."""
    blocks = material.blocks
    index = chance.randrange(len(blocks))
    at = chance.randrange(len(blocks[index]["sentences"]) + 1)
    if index in material.short:
        at = max(at, 1)
    blocks[index]["sentences"].insert(at, chance.choice(_LIES["claims"]))
    return blocks


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
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].rstrip(".") + chance.choice(_LIES["boasts"]) + "."
    return blocks


def translate(material: Material, chance: random.Random) -> Blocks | None:
    """A sentence in another language, where no list of ours would look."""
    blocks = material.blocks
    index = chance.randrange(len(blocks))
    blocks[index]["sentences"].append(chance.choice(_LIES["foreign"]))
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
    token = TOKEN.findall(blocks[index]["sentences"][0])
    figure = next(each for each in token if isinstance(material.shown.parts.get(each), Comparison))
    fact = material.draft.sheet.fact(fact_of(material, figure))
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
    fact = fact_of(material, token)
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
        if old in sentence and names_something(material, new) and new not in sentence
    ]
    if not found:
        return None
    b, s, old, new = chance.choice(found)
    blocks[b]["sentences"][s] = blocks[b]["sentences"][s].replace(old, new, 1)
    return blocks


def say_it_falsely(material: Material, chance: random.Random) -> Blocks | None:
    """A whole sentence on a shortfall that hides it around its own figure."""
    index = _single(material, chance)
    if index is None:
        return None
    blocks = material.blocks
    label, figure = _named_figure(material, index)
    blocks[index]["sentences"][0] = chance.choice(_LIES["whole"]).replace("{L}", label).replace("{T}", figure)
    return blocks


def take_it_back(material: Material, chance: random.Random) -> Blocks | None:
    """A sentence after the shortfall, of words that are all harmless."""
    if not material.short:
        return None
    blocks, index = material.blocks, chance.choice(material.short)
    blocks[index]["sentences"].insert(1, chance.choice(_LIES["after"]))
    return blocks


def tell_a_result_falsely(material: Material, chance: random.Random) -> Blocks | None:
    """A result that did not fall short, given to others, to another time or to luck."""
    places = [
        (b, s, token) for b, s, token in material.places(Comparison)
        if b not in material.short and own_label(material, (b, s, token)) and material.section.id != "next_steps"
        and len(TOKEN.findall(material.shown.blocks[b]["sentences"][s])) == 2
    ]  # fmt: skip
    if not places:
        return None
    b, s, figure = chance.choice(places)
    blocks, label = material.blocks, own_label(material, (b, s, figure))
    blocks[b]["sentences"][s] = chance.choice(_LIES["of_results"]).replace("{L}", label).replace("{T}", figure)
    return blocks


def put_behind(material: Material, chance: random.Random) -> Blocks | None:
    """Everything else before the shortfalls."""
    others = [index for index in range(len(material.blocks)) if index not in material.short]
    if not material.short or not others or material.short[0] > others[-1]:
        return None
    return [material.blocks[index] for index in (*others, *material.short)]


def swap_labels(material: Material, chance: random.Random) -> Blocks | None:
    """ "Keep" before what is to be fixed."""
    labels = {block["label"] for block in material.blocks if block["label"]}
    if len(labels) < 2:
        return None
    blocks = material.blocks
    index = chance.choice([i for i, block in enumerate(blocks) if block["label"] and TOKEN.search(str(block))])
    blocks[index]["label"] = chance.choice(sorted(labels - {blocks[index]["label"]}))
    return blocks


def _single(material: Material, chance: random.Random) -> int | None:
    """A block that opens with a shortfall in a sentence of one figure and no quotation."""
    fitting = []
    for index in material.short:
        parts = [material.shown.parts[token] for token in TOKEN.findall(material.shown.blocks[index]["sentences"][0])]
        figures = [part for part in parts if isinstance(part, FACT_PARTS)]
        if len(figures) == 1 and all(part.kind in ("name", "comparison") for part in parts):
            fitting.append(index)
    return chance.choice(fitting) if fitting else None


def _named_figure(material: Material, index: int) -> tuple[str, str]:
    tokens = TOKEN.findall(material.shown.blocks[index]["sentences"][0])
    figure = next(token for token in tokens if isinstance(material.shown.parts[token], Comparison))
    return f"{{name label {fact_of(material, figure)}}}", figure


_BRIDGES = ("The reason is worth a look.", "More on this below.", "The notes say why.", "This is the place to look.")


def pad_out(material: Material, chance: random.Random) -> Blocks | None:
    """A sentence more that says nothing: fifty edits in a row would bury the draft under them."""
    blocks = material.blocks
    blocks[chance.randrange(len(blocks))]["sentences"].append(chance.choice(_BRIDGES))
    return blocks


FALSE: tuple[Maker, ...] = (
    drop_figure, drop_block, double_figure, swap_figures, rename_metric, move_down, move_into_another, in_passing,
    negate, soften, talk_away_after, inject, translate, write_numbers, turn_round, change_goal, touch_figure,
    swap_names, boast, say_it_falsely, take_it_back, tell_a_result_falsely, put_behind, swap_labels, pad_out,
)  # fmt: skip
