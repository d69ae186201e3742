"""Notes for seeded worlds, put together from `sentences.toml`: nobody repeats a sentence while there are others."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any

from tools.demo.cast import PRODUCTS
from tools.demo.names import INDUSTRIES
from tools.demo.records import Ledger, quarter, spread_days, working_days

# The metrics that a person of each role writes about.
EXPLAINED = {
    "sales_rep": ("revenue_won", "win_rate", "average_deal_size", "sales_cycle_days"),
    "account_executive": ("revenue_won", "win_rate", "average_deal_size", "sales_cycle_days", "forecast_accuracy"),
    "enterprise_account_executive": ("revenue_won", "sales_cycle_days", "forecast_accuracy", "slipped_deals"),
    "sdr": ("qualified_meetings", "show_rate", "meeting_to_opportunity", "lead_response_minutes"),
    "account_manager": ("protected_mrr", "expansion_revenue", "renewed_mrr", "accounts_at_risk"),
    "sales_manager": ("team_attainment", "revenue_growth", "win_rate", "reps_below_coverage"),
}
_SENTENCES, _PLANTED = "sentences.toml", "planted_notes.toml"


@cache
def sentences(file: str = _SENTENCES) -> dict[str, Any]:
    """What can be said, per metric and sort: `sentences()["win_rate"]["action"]`."""
    return tomllib.loads((resources.files("tools.demo") / file).read_text(encoding="utf-8"))


class Writer:
    """Writes people's notes into a ledger."""

    def __init__(self, ledger: Ledger, colleagues: Sequence[str]) -> None:
        self._ledger = ledger
        self._colleagues = colleagues
        self._said: set[str] = set()

    def write(self, person: str, name: str, role: str, *, rising: bool, worked: bool) -> None:
        """Actions and next steps for the role's metrics, context that fits a rise or a fall, and now and then more.

        Without `worked`, nothing was done that could be noted: context and next steps only.
        """
        rng = self._ledger.random
        metrics = rng.sample(EXPLAINED[role], len(EXPLAINED[role]))
        notes = [("context", metric, "tailwind" if rising else "pressure") for metric in metrics[:2]]
        notes.append(("constraint", metrics[2], "pressure"))
        if worked:
            notes += [("action", metric, "action") for metric in metrics]
            notes += [(kind, kind, "action") for kind in ("praise", "process_change") if rng.random() < 0.6]
        period = quarter("2026-Q2")
        days = spread_days(rng, working_days(period.start, period.end - timedelta(days=4)), len(notes))
        rng.shuffle(notes)
        for day, (kind, topic, sort) in zip(days, notes, strict=True):
            text = self._say(topic, sort, name)
            self._ledger.note(day, person, kind, text, topic if topic in metrics else None)
        for topic in (*metrics[:3], "reporting"):
            metric = metrics[0] if topic == "reporting" else topic
            text = self._say(topic, "next_step", name)
            self._ledger.note(period.last_day, person, "next_step", text, metric)

    def plant(self, person: str, which: str) -> None:
        """Three notes of a list in `planted_notes.toml`, as whatever kind of note somebody filed them."""
        rng = self._ledger.random
        period = quarter("2026-Q2")
        for text in rng.sample(sentences(_PLANTED)[which], 3):
            day = rng.choice(working_days(period.start, period.end))
            self._ledger.note(day, person, rng.choice(("note", "action", "context", "next_step")), text)

    def _say(self, topic: str, sort: str, speaker: str) -> str:
        rng = self._ledger.random
        colleague = rng.choice([name for name in self._colleagues if name != speaker])
        templates = sentences()[topic][sort]
        fresh = [template for template in templates if template not in self._said]
        template = rng.choice(fresh or templates)
        self._said.add(template)
        industry, product = rng.choice(INDUSTRIES).lower(), rng.choice(PRODUCTS)
        return template.format(colleague=colleague, industry=industry, product=product)
