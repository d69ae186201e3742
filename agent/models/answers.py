"""What a model is asked to answer with, and how the answer becomes a section.

The classes go out as strict JSON schemas, so they are plain: every field required, no limits, no defaults. What a
schema cannot say (tokens that can be read, sentences that are there) is checked here once the answer is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.draft import Block, Comparison, Part, Quotation, Section, Statement, Text
from agent.plan import SectionPlan
from agent.tokens import TokenError, parse_tokens
from agent.writer import SectionRefused
from tools.facts import Evidence

# More would tell a model nothing new, and a runaway answer could hold thousands.
_MOST_REASONS = 12
# In the order in which a draft lists its steps, whoever writes them.
_STEP_LABELS = ("Fix", "Keep", "Reporting")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProseBlock(_Answer):
    """A paragraph or a bullet; each sentence is written in token notation."""

    style: Literal["paragraph", "bullet"]
    sentences: list[str]


class ProseAnswer(_Answer):
    """A section of paragraphs and bullets."""

    blocks: list[ProseBlock]


class Step(_Answer):
    """One next step: something to fix, something to keep doing, or better reporting."""

    kind: Literal["fix", "keep", "reporting"]
    sentences: list[str]


class StepsAnswer(_Answer):
    """The next steps."""

    steps: list[Step]


def answer_class(section_id: str) -> type[ProseAnswer] | type[StepsAnswer]:
    """The class that a section's answer must have."""
    return StepsAnswer if section_id == "next_steps" else ProseAnswer


def section_of(answer: ProseAnswer | StepsAnswer, section: SectionPlan, notes: Mapping[str, Evidence]) -> Section:
    """The answer as a section. `notes` maps the short ids that the model saw to the notes.

    Raises `SectionRefused` with one reason for each sentence that cannot be read.
    """
    reasons: list[str] = []
    blocks = []
    for style, label, sentences in _drafted_blocks(answer):
        statements = []
        for sentence in sentences:
            try:
                statements.append(Statement(parts=parts_of(sentence, notes)))
            except TokenError as error:
                reasons.append(str(error))
        if statements:
            blocks.append(Block(style=style, label=label, statements=tuple(statements)))
    if not blocks and not reasons:
        reasons.append("The section holds no sentence.")
    if reasons:
        raise SectionRefused(reasons[:_MOST_REASONS])
    return Section(id=section.id, title=section.settings.title, blocks=tuple(blocks), written_by="model")


def _drafted_blocks(
    answer: ProseAnswer | StepsAnswer,
) -> list[tuple[Literal["paragraph", "bullet"], str | None, list[str]]]:
    if isinstance(answer, ProseAnswer):
        return [(block.style, None, _spoken(block.sentences)) for block in answer.blocks]
    ordered = sorted(answer.steps, key=lambda step: _STEP_LABELS.index(step.kind.capitalize()))
    return [("bullet", step.kind.capitalize(), _spoken(step.sentences)) for step in ordered]


def _spoken(sentences: list[str]) -> list[str]:
    """The sentences that say something; half characters, which JSON can hold and no file can, are made plain."""
    whole = (sentence.encode("utf-8", "replace").decode("utf-8").strip() for sentence in sentences)
    return [sentence for sentence in whole if sentence]


def parts_of(sentence: str, notes: Mapping[str, Evidence]) -> tuple[Part, ...]:
    """The sentence's parts: notes under their own ids, a capital at the start and a full stop at the end."""
    parts = [
        part.model_copy(update={"evidence": notes[part.evidence].id}) if isinstance(part, Quotation) else part
        for part in parse_tokens(sentence, {short: note.text for short, note in notes.items()})
    ]
    first, last = parts[0], parts[-1]
    if isinstance(first, Comparison) and first.against in ("prior", "year_ago") and first.form != "stated":
        raise TokenError(f"A sentence cannot begin with {{{first.fact} vs {first.against}}}; name the metric first.")
    if isinstance(first, Text):
        parts[0] = Text(text=first.text[0].upper() + first.text[1:])
    ending = last.text if isinstance(last, Text) else last.span if isinstance(last, Quotation) else ""
    if not ending.rstrip('"”’)').endswith((".", "!", "?", "…")):
        parts.append(Text(text="."))
    return tuple(parts)
