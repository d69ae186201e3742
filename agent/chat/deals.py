"""Answers about deals: which slipped, which wait, where they are held up, and why they are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.chat.answer import Block
from agent.chat.opening import why
from agent.chat.reporting import report
from agent.chat.view import View

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]


def slipped(desk: Desk, view: View) -> Blocks:
    """The deals that were due in the period and not closed by its end."""
    return why(desk, view, "slipped_deals")


def stuck(desk: Desk, view: View) -> Blocks:
    """Open deals without a move for long."""
    return why(desk, view, "stalled_deals")


def delays(desk: Desk, view: View, stage: str | None) -> Blocks:
    """Mean days in each stage."""
    return report(desk, view.of.who, view.of.period, "time_in_stage", by="stage")


def losses(desk: Desk, view: View, stage: str | None) -> Blocks:
    """Why deals were lost, from all stages or from one."""
    return report(desk, view.of.who, view.of.period, "loss_reasons")
