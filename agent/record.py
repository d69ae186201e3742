"""What a run used: model, prompts, tokens, cost, time and every attempt, failures included."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from tools.facts import Frozen


class PromptUsed(Frozen):
    """One prompt version that was sent."""

    name: str
    version: str
    sha256: str


class Attempt(Frozen):
    """One call of the model for one section. Failed calls count: they are paid for too."""

    section: str
    outcome: str = Field(description="ok, refused (by the guard), or what failed: rate_limit, timeout, truncated …")
    reason: str | None = None
    seconds: float
    input_tokens: int | None = None
    output_tokens: int | None = None


class RunRecord(Frozen):
    """How a draft came about. `cost` is null where the model's price is not known."""

    software: str
    model: str | None = Field(None, description="the model asked for; null: the composer wrote it all")
    prompts: tuple[PromptUsed, ...] = ()
    sheet_sha256: str
    as_of: date
    started_at: datetime
    seconds: float
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    cost_currency: str = "USD"
    attempts: tuple[Attempt, ...] = ()
