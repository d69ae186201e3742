"""Everything that can be asked, as one list: what the router reads into, the model is given, help tells, tests try.

Arguments are typed; people, periods and metrics are given as people say them and found by the desk. Left out, they are
those of the conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Split = Literal["rep", "team", "total", "stage", "reason", "segment", "source", "origin", "product", "type",
                "category", "step", "outcome", "size"]  # fmt: skip


class Arguments(BaseModel):
    """A tool's arguments. An unknown one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Arguments):
    """No arguments."""


class Whose(Arguments):
    """Whose figures, of when."""

    who: str | None = Field(None, description="a person or team, as named; default: whom the conversation is about")
    period: str | None = Field(None, description="2026-Q2, Q1, May, last quarter …; default: the conversation's")


class OfMetric(Whose):
    """One metric."""

    metric: str = Field(description="a fact's or metric's id or name: win_rate, forecast accuracy")


class Against(Whose):
    """What to hold the results against."""

    against: Literal["target", "prior", "year_ago", "team"] = "team"
    metric: str | None = Field(None, description="one metric; default: the key results")


class InStage(Whose):
    """One stage, or all."""

    stage: str | None = Field(None, description="a stage's name; default: all")


class Called(Whose):
    """Deals by name."""

    called: str = Field(description="the name of an account or of a deal, or what it begins with")


class ReportAsked(Whose):
    """A report."""

    name: str = Field(description="the report's name: deal_funnel, loss_reasons, quota_attainment …")
    by: str | None = Field(None, description="rep, team, total or a column that the report can be split by")
    every: Literal["week", "month", "quarter"] | None = None
    where: tuple[tuple[str, str], ...] = Field((), description="only deals whose columns hold these values")


class Wish(Arguments):
    """How the draft should read."""

    wish: str = Field(description="the change, in the person's words: shorter, warmer, start with the pipeline")
    section: str | None = Field(None, description="only this section, by id or title")


class Said(Arguments):
    """A statement of the person's own."""

    text: str = Field(description="the statement in the person's own words")
    on: date | None = Field(None, description="the day it is about; default: today, or the period's last day")
    metric: str | None = Field(None, description="the metric that it explains, if it says so")


class Which(Arguments):
    """Which statement."""

    which: str = Field("last", description='"last", or words of the statement')


class Link(Which):
    """Which statement explains which metric."""

    metric: str = Field(description="the metric's id or name")


class Figure(Arguments):
    """A figure as it was shown."""

    which: str = Field(description='the figure as printed ("73%"), its number in the last answer ("3"), or a metric')


@dataclass(frozen=True)
class ToolSpec:
    """One tool: the desk's method of that name, what it does in one sentence, and its arguments.

    `streams`: an async method that is given the `Tell` first. `changes`: it changes what is kept.
    """

    name: str
    says: str
    arguments: type[Arguments]
    working: str
    streams: bool = False
    changes: bool = False


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec("draft", "Draft the summary of a person or team for a period and keep it.", Whose,
             "computing the figures", streams=True, changes=True),
    ToolSpec("edit", "Change the draft's tone, length, order or sections; figures and shortfalls stay.", Wish,
             "rewriting the draft", streams=True, changes=True),
    ToolSpec("undo_edit", "Take the last change of the draft back.", Nothing, "going back one version", changes=True),
    ToolSpec("difference", "Show what changed between the draft's last two versions.", Nothing,
             "comparing two versions"),
    ToolSpec("overview", "Show the key results with target, prior period and comparable colleagues.", Whose,
             "computing the figures"),
    ToolSpec("shortfalls", "Show which results fell short of their target or of the period before.", Whose,
             "looking for shortfalls"),
    ToolSpec("figure", "Show one metric with its target, its comparisons and its trend.", OfMetric,
             "computing the figure"),
    ToolSpec("why", "Show why a metric is what it is: formula with its numbers, notes on record, records.", OfMetric,
             "opening the figure"),
    ToolSpec("records", "List the records behind a metric.", OfMetric, "looking up the records"),
    ToolSpec("open", "Say where a figure that was shown comes from.", Figure, "opening the figure"),
    ToolSpec("deal", "Show the deals of an account, or one deal by its name: amount, stage, days, reasons.", Called,
             "looking up the deal"),
    ToolSpec("slipped", "List the deals that were due in the period and did not close.", Whose,
             "looking up slipped deals"),
    ToolSpec("stuck", "List open deals that have not moved for long, or are overdue.", Whose,
             "looking up deals that wait"),
    ToolSpec("delays", "Show where deals wait: days in each stage.", InStage, "measuring the stages"),
    ToolSpec("losses", "Show why deals are lost: reasons, or those lost from one stage.", InStage,
             "looking up lost deals"),
    ToolSpec("compare", "Hold results against comparable colleagues, the target, or an earlier period.", Against,
             "comparing"),
    ToolSpec("changed", "Show what moved most since the period before.", Whose, "comparing with the period before"),
    ToolSpec("report", "Show one of the reports, split by rep, team, stage and so on.", ReportAsked,
             "computing the report"),
    ToolSpec("missing", "Say what could not be computed, and what would supply it.", Whose, "looking for gaps"),
    ToolSpec("questions", "Say which questions about the results are worth answering.", Whose,
             "looking for what nothing on record explains"),
    ToolSpec("say", "Keep a statement of the person's own, marked as self-reported.", Said, "keeping that",
             changes=True),
    ToolSpec("link", "Say which result a statement of the person's own explains.", Link, "linking that", changes=True),
    ToolSpec("forget", "Take back a statement.", Which, "taking that back", changes=True),
    ToolSpec("statements", "List the person's own statements of the period.", Whose, "looking up your statements"),
    ToolSpec("turn_to", "Let the conversation be about another person, team or period.", Whose, "turning to that",
             changes=True),
    ToolSpec("help", "Say what can be asked.", Nothing, "looking that up"),
)  # fmt: skip
