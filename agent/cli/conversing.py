"""Opening a workspace to talk about, as `chat` and `note` do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from agent.chat.office import Office
from agent.cli.drafts import checks_review
from agent.cli.stores import local_time
from agent.naming import period_name
from agent.settings import read_environment
from agent.store.stores import Stores
from prompts.loader import PromptSet
from tools.workspace import Workspace

if TYPE_CHECKING:
    from agent.chat.desk import Desk

_WITHOUT = (
    "This works without a language model: questions are read by rules, and answers and drafts are made by code alone. "
    "--model names one."
)


def open_office(data: Path, store: str | None, model: str | None, today: Callable[[], date]) -> Office:
    """The workspace and its store. Raises one sentence where one of them, or the model, cannot be had."""
    settings = read_environment()
    model = model or settings.model
    if model is not None:
        from agent.models import check_model

        check_model(model, settings)
    return Office(
        Workspace.open(data), Stores.of_workspace(data, store or settings.store), PromptSet.load(), today,
        checks=checks_review, software=f"salesbrief {version('salesbrief')}", model=model, settings=settings,
    )  # fmt: skip


def opening_lines(desk: Desk) -> list[str]:
    """Whom the conversation is about, where it was left, and once, at its beginning, that it has no model."""
    about = desk.conversation
    messages = desk.stores.conversations.messages(about.id)
    lines = [f"{about.name}, {period_name(about.period, desk.locale)}."]
    if messages:
        last = [each for each in messages if each.author == "person"][-1]
        ended = " It was interrupted; ask again." if messages[-1].ended == "interrupted" else ""
        lines.append(
            f"This goes on with the conversation {about.short_id} of {local_time(about.touched_at)}; --new begins "
            f"another. Asked last: “{last.text}”{ended}"
        )
    else:
        lines.append("Ask for a draft (“draft my summary”), about the results, or for “help”. Ctrl-D leaves.")
    if desk.model is None and not messages:
        lines.append(_WITHOUT)
    return lines
