"""The composer: writes every prose section from the plan, deterministically, without a language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.composer.desk import Desk
from agent.composer.headline import compose_headline
from agent.composer.next_steps import compose_next_steps
from agent.composer.noted import compose_context, compose_qualitative
from agent.composer.results import compose_as_bullets, compose_as_paragraphs
from agent.draft import Block, Section
from agent.plan import Plan, SectionPlan
from agent.record import Attempt
from prompts.loader import PromptSet

# How each prose section is composed; every section of prompts/sections that is not facts alone.
SECTIONS: Mapping[str, Callable[[Desk, SectionPlan], tuple[Block, ...]]] = {
    "headline": compose_headline,
    "kpis": compose_as_bullets,
    "pipeline": compose_as_paragraphs,
    "activity": compose_as_bullets,
    "customers": compose_as_bullets,
    "qualitative": compose_qualitative,
    "context": compose_context,
    "next_steps": compose_next_steps,
}


class Composer:
    """Implements `agent.writer.Writer`. The whole draft is composed at once, so that no two of its sentences are alike.

    `language` is the language file of the draft; the composer writes in its language where it has frames for it, else
    in English. Sections come with their parts; `agent.printing.Printer` prints them. Nothing is ever attempted twice,
    so `attempts` stays empty.
    """

    def __init__(self, plan: Plan, language: Mapping[str, Any], prompts: PromptSet | None = None) -> None:
        self.attempts: list[Attempt] = []
        self._plan = plan
        self._prompts = prompts or PromptSet.load()
        self._sections: dict[str, Section] | None = None

    async def write(self, section: SectionPlan, plan: Plan, refused: Sequence[str] = ()) -> Section:
        """The section as composed; asked again, it is the same."""
        if plan is not self._plan or self._sections is None:
            self._plan, self._sections = plan, self._composed(plan)
        return self._sections[section.id]

    def _composed(self, plan: Plan) -> dict[str, Section]:
        """Every prose section of the plan in its order, drawn with one voice."""
        desk = Desk.open(plan, self._prompts)
        planned = [plan.headline, *(section for section in plan.sections if section.left_out is None)]
        return {
            section.id: Section(
                id=section.id,
                title=section.settings.title,
                blocks=SECTIONS[section.id](desk, section),
                written_by="composer",
            )
            for section in planned
            if section.settings.kind != "facts"
        }
