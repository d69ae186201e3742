"""The kinds of seeded worlds: what is unusual about each. `ORDINARY` is what a kind leaves unsaid."""

from __future__ import annotations

from dataclasses import dataclass

EVERYBODY = (
    "sales_manager", "account_executive", "account_executive", "account_executive", "sales_rep", "sales_rep",
    "sales_rep", "enterprise_account_executive", "sdr", "account_manager",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of world.

    `growth` is the range of this quarter's results as multiples of a usual quarter's; `asked` that of the targets as
    multiples of the results, None where nothing was agreed. `slips` is how many deals slip per seller and `error` how
    far forecasts lie above the result. `quarters` are those with results on record. `planted` names a list of
    `planted_notes.toml`. `definitions` are (metric, what it meant from this quarter on).
    """

    name: str
    meaning: str
    roles: tuple[str, ...] = EVERYBODY
    quarters: tuple[str, ...] = ("2025-Q2", "2026-Q1", "2026-Q2")
    growth: tuple[float, float] = (0.75, 1.35)
    asked: tuple[float, float] | None = (0.85, 1.25)
    slips: tuple[int, int] = (0, 3)
    slips_allowed: int = 1
    error: tuple[float, float] = (-0.2, 0.3)
    lost_customers: tuple[int, int] = (0, 2)
    falling: tuple[int, int] = (0, 2)
    falling_allowed: int = 0
    history: bool = True
    activity: bool = True
    ramping: bool = False
    second_currency: str | None = None
    planted: str | None = None
    definitions: tuple[tuple[str, str], ...] = ()

    @property
    def has_results(self) -> bool:
        """Whether anything was closed in the quarter in question."""
        return "2026-Q2" in self.quarters


KINDS = (
    Kind("ordinary", "results on both sides of their targets"),
    Kind(
        "everything_missed", "every target missed, every result below the quarter before", growth=(0.5, 0.7),
        asked=(1.12, 1.5), slips=(2, 3), error=(0.25, 0.45), lost_customers=(2, 2), falling=(2, 2),
    ),
    Kind(
        "everything_beaten", "every target beaten, every result above the quarter before", growth=(1.25, 1.5),
        asked=(0.7, 0.93), slips=(0, 1), slips_allowed=2, error=(-0.05, 0.05), lost_customers=(0, 0), falling=(0, 0),
        falling_allowed=1,
    ),
    Kind("no_targets", "nothing was agreed with anybody", asked=None),
    Kind("no_history", "records begin with the quarter, without any history of changes", quarters=("2026-Q2",),
         history=False),
    Kind("no_activity", "no calls, meetings or leads on record", activity=False),
    Kind("ramping", "sellers who began in January, with quotas halved by agreement", quarters=("2026-Q1", "2026-Q2"),
         ramping=True),
    Kind("two_currencies", "a third of the deals in another currency", second_currency="USD"),
    Kind(
        "changed_definitions", "metrics that meant something else until the quarter began",
        definitions=(
            ("win_rate", "won / (won + lost), with deals that never left qualification counted as lost"),
            ("sales_cycle_days", "first demo to signature, mean days"),
            ("qualified_meetings", "meetings booked with a named problem and a budget"),
            ("protected_mrr", "MRR at the start that still pays at the end, pilots left out"),
        ),
    ),
    Kind("empty_quarter", "nothing was closed, met or agreed on in the quarter", quarters=("2025-Q2", "2026-Q1")),
    Kind("manager_two_reps", "a manager with two reps: too few for a team value",
         roles=("sales_manager", "sales_rep", "sales_rep")),
    Kind("injected_notes", "notes that carry instructions to a model, markup, links and a lie", planted="injected"),
    Kind("foreign_notes", "notes in other languages", planted="foreign"),
)  # fmt: skip
