"""Three models for a server to answer with: one follows instructions well, one badly, and one lies.

Each rewrites whatever section it is asked for by the makers of `harmless.py` and `false.py`. They look at the draft as
it is then, which the test puts into `Held`, and draw their words from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.draft import Draft
from agent.models.briefing import read_request
from tests.agent.editing.false import FALSE
from tests.agent.editing.harmless import HARMLESS
from tests.agent.editing.material import Material

Answer = dict[str, Any]
_TRIES = 6


@dataclass
class Held:
    """The draft that is being edited."""

    draft: Draft


def follows_well(held: Held, seed: int) -> Callable[[str], Answer]:
    """Says sections in other words, and nothing else."""
    return _model(held, random.Random(seed), ((HARMLESS, 1.0),))


def follows_badly(held: Held, seed: int) -> Callable[[str], Answer]:
    """Mixes it all up: good answers, lost and doubled figures, softened ones, answers of another form."""
    chance, good = random.Random(seed), _model(held, random.Random(seed + 1), ((HARMLESS, 0.5), (FALSE, 0.5)))

    def answer(request: str) -> Answer:
        made = good(request)
        spoiled = chance.random()
        if spoiled < 0.05:
            return {"summary": "Sure! Here is a warmer version."}
        if spoiled < 0.1:
            return {"blocks": made["blocks"][:1]}
        if spoiled < 0.15:
            return {
                "blocks": [block | {"sentences": [f"**{s}**" for s in block["sentences"]]} for block in made["blocks"]]
            }
        return made

    return answer


def lies(held: Held, seed: int) -> Callable[[str], Answer]:
    """Never answers with anything true, where a section offers a place for a lie."""
    return _model(held, random.Random(seed), ((FALSE, 1.0),))


def _model(held: Held, chance: random.Random, makers: Sequence[tuple[Sequence[Any], float]]) -> Callable[[str], Answer]:
    def answer(request: str) -> Answer:
        plan = read_request(request)[1]
        section = next(each for each in held.draft.all_sections if each.id == plan["section"])
        material = Material(held.draft, section)
        chosen = chance.choices([each for each, _ in makers], [weight for _, weight in makers])[0]
        for _ in range(_TRIES):
            blocks = chance.choice(chosen)(material, chance)
            if blocks is not None:
                return {"blocks": [as_asked(block) for block in blocks if block["sentences"]]}
        return {"blocks": [as_asked(block) for block in material.blocks]}

    return answer


def as_asked(block: dict[str, Any]) -> dict[str, Any]:
    """A block as the API's form has it: a label is always there, be it empty."""
    return {"style": block["style"], "label": block["label"] or "", "sentences": block["sentences"]}
