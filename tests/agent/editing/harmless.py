"""Rewrites that change words and nothing else, as a model that follows instructions makes them.

Makers are as in `false.py`; what they say of shortfalls is in `fair.toml`.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

from agent.draft import FACT_PARTS, Comparison
from tests.agent.editing.material import TOKEN, Blocks, Material, fact_of

Maker = Callable[[Material, random.Random], Blocks | None]
_FAIR = tomllib.loads(Path(__file__).with_name("fair.toml").read_text(encoding="utf-8"))

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
    """A few words before a sentence, where none has such words yet."""
    if any(
        opener.strip(" ,:") in sentence for opener in _OPENERS for b in material.blocks for sentence in b["sentences"]
    ):
        return None
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
    tokens = TOKEN.findall(blocks[index]["sentences"][0])
    figures = [each for each in tokens if isinstance(material.shown.parts.get(each), FACT_PARTS)]
    if len(figures) != 1 or not isinstance(material.shown.parts[figures[0]], Comparison):
        return None
    if any(token not in figures and not token.startswith("{name") for token in tokens):
        return None
    label, figure = f"{{name label {fact_of(material, figures[0])}}}", figures[0]
    sentence = chance.choice(_FAIR["shortfall"]).replace("{L}", label).replace("{P}", "{name period}")
    if material.shown.parts[figure].against != "target":
        # It got worse, but there is no target that it could have missed.
        sentence = f"What needs attention is {label}, at {figure}."
        return blocks if "at prior" in figure and _put(blocks, index, sentence) else None
    _put(blocks, index, sentence.replace("{T}", figure))
    return blocks


def _put(blocks: Blocks, index: int, sentence: str) -> bool:
    blocks[index]["sentences"][0] = sentence
    return True


def say_why(material: Material, chance: random.Random) -> Blocks | None:
    """Why a shortfall matters, said otherwise."""
    for index in material.short:
        for place, sentence in enumerate(material.shown.blocks[index]["sentences"]):
            why = next((token for token in TOKEN.findall(sentence) if token.startswith("{name why")), None)
            if why is not None and place:
                blocks = material.blocks
                told = chance.choice([each for each in _FAIR["why"] if "{Y}" in each])
                blocks[index]["sentences"][place] = told.replace("{Y}", why)
                return blocks
    return None


def tell_a_result(material: Material, chance: random.Random) -> Blocks | None:
    """A result that did not fall short in another plain sentence."""
    for b, s, figure in material.places(Comparison):
        sentence = material.shown.blocks[b]["sentences"][s]
        label = f"{{name label {fact_of(material, figure)}}}"
        alone = b not in material.short and len(TOKEN.findall(sentence)) == 2 and label in sentence
        if alone and material.section.id != "next_steps" and " from " not in figure:
            blocks = material.blocks
            told = chance.choice(_FAIR["result"]).replace("{L}", label).replace("{P}", "{name period}")
            blocks[b]["sentences"][s] = told.replace("{T}", figure)
            return blocks
    return None


def other_order(material: Material, chance: random.Random) -> Blocks | None:
    """The blocks in another order, shortfalls no later than they stood."""
    blocks = [block for index, block in enumerate(material.blocks) if index not in material.short]
    short = [material.blocks[index] for index in material.short]
    if len(blocks) < 2:
        return None
    chance.shuffle(blocks)
    blocks = [*short, *blocks]
    return blocks if blocks != material.shown.blocks else None


HARMLESS: tuple[Maker, ...] = (
    other_words, with_openers, state_plainly, say_why, tell_a_result, other_order,
)  # fmt: skip
