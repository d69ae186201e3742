"""Outcomes: what was won and lost, how large, how fast, and why not."""

from __future__ import annotations

from tools.metrics.model import Metric, Rows, count

ROWS = (
    Rows(
        "deals_closed",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.*
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on""",
        table="deals",
        coverage="closed_on",
    ),
)

METRICS = (
    Metric(
        id="win_rate",
        label="Win rate",
        definition="won / (won + lost), new-business deals closed in the period",
        unit="ratio",
        better="higher",
        formula="won / (won + lost)",
        measures={
            "won": count("deals_closed", "owns AND new_business AND won"),
            "lost": count("deals_closed", "owns AND new_business AND NOT won"),
        },
        by=("segment",),
        why="A higher win rate turns the same pipeline into more revenue.",
        needs=("deals",),
        absent="no new-business deal was won or lost in the period",
    ),
)
