"""The comparison for a terminal: one line per check, then what it cost and whether it passes."""

from __future__ import annotations

from evals.compare import CheckChange, Comparison, Spend


def comparison_text(comparison: Comparison) -> str:
    """Rates before and after, changed cases, the interval of the difference, and the verdict in words."""
    lines = [
        f"{len(comparison.compared)} cases compared; share of cases with a finding, hard checks first.",
        "",
        f"{'check':<26}{'before':>8}{'now':>8}{'better':>8}{'worse':>7}{'difference (95 %)':>24}{'p':>8}  verdict",
    ]
    lines += [_line(change) for change in sorted(comparison.checks, key=lambda change: not change.hard)]
    lines += ["", _spend("before", comparison.base_spend), _spend("now", comparison.new_spend), ""]
    if comparison.gate:
        lines += ["May not pass:", *[f"  - {reason}" for reason in comparison.gate]]
    else:
        lines.append("May pass.")
    return "\n".join(lines)


def _line(change: CheckChange) -> str:
    interval = "–"
    if change.difference is not None and (change.better or change.worse):
        interval = f"{change.difference.estimate:+.0%} ({change.difference.low:+.0%} to {change.difference.high:+.0%})"
    return (
        f"{change.check + (' *' if change.hard else ''):<26}{change.base_rate:>8.0%}{change.new_rate:>8.0%}"
        f"{len(change.better):>8}{len(change.worse):>7}{interval:>24}{change.p_corrected:>8.2f}  {change.verdict}"
    )


def _spend(name: str, spend: Spend) -> str:
    cost = f"${spend.cost:.2f}" if spend.cost is not None else "cost unknown"
    seconds = f"{spend.seconds_per_draft:.1f} s per draft" if spend.seconds_per_draft is not None else "nothing drafted"
    return f"{name:<8}{spend.input_tokens:>10,} tokens in {spend.output_tokens:>9,} out   {cost}   {seconds}"
