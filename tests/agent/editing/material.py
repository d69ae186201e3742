"""One section of one draft as a model sees it."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field

from agent.draft import FACT_PARTS, Draft, Section
from agent.editing.notation import Written, written
from agent.editing.plans import opening

Blocks = list[dict]
TOKEN = re.compile(r"\{[^{}]*\}")


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
            for token in TOKEN.findall(sentence)
            if isinstance(self.shown.parts.get(token), kinds or FACT_PARTS)
        ]


def fact_of(material: Material, token: str) -> str:
    return material.shown.parts[token].fact  # type: ignore[union-attr]


def own_label(material: Material, place: tuple[int, int, str]) -> str | None:
    """The name token of the figure's own metric, where it is the only thing in the sentence that names it."""
    b, s, token = place
    label = f"{{name label {fact_of(material, token)}}}"
    sentence = material.shown.blocks[b]["sentences"][s]
    return label if label in sentence and sentence.count("{name label") == 1 else None


def names_something(material: Material, token: str) -> bool:
    sheet = material.draft.sheet
    kind = token.removeprefix("{name ").removesuffix("}")
    return bool(sheet.prior_period if kind == "prior_period" else getattr(sheet.scope, kind))
