"""The comparison as one HTML page: opens offline, loads nothing, reads on paper. Everything shown is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from evals.compare import CheckChange, Comparison, Spend
from evals.statistics import Interval

_STYLE = Path(__file__).with_name("page.css")
# Around a table that is wider than a phone.
_SCROLLING = "<div class=wide>"


def comparison_page(comparison: Comparison) -> str:
    """The whole page. Cases that changed come first and open; the others follow, closed."""
    changed = {case for change in comparison.checks for case in (*change.better, *change.worse)}
    ordered = sorted(comparison.compared, key=lambda case: (case not in changed, case))
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>Eval comparison</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>",
            f"<h1>{escape(_title(comparison))}</h1>",
            f'<p class="soft">{escape(_subtitle(comparison))}</p>',
            _gate(comparison.gate),
            "<h2>Checks</h2>",
            _checks(comparison.checks),
            "<h2>What it took</h2>",
            _spend(comparison.base_spend, comparison.new_spend),
            _prompts(comparison.base_header, comparison.new_header),
            f"<h2>Drafts side by side</h2><p class=soft>{len(changed)} of {len(ordered)} cases "
            "have other findings than before.</p>",
            *(_case(comparison, case, case in changed) for case in ordered),
            "</body></html>",
        ]
    )


def _title(comparison: Comparison) -> str:
    return "This change may pass" if not comparison.gate else "This change may not pass"


def _subtitle(comparison: Comparison) -> str:
    model = comparison.new_header.get("model") or "the built-in composer"
    before = comparison.base_header.get("model") or "the built-in composer"
    models = model if model == before else f"{before} before, {model} now"
    differ = "" if model == before else " The texts are by different writers: differences are not the prompts' alone."
    return f"{len(comparison.compared)} cases compared, drafted by {models}.{differ}"


def _gate(reasons: Sequence[str]) -> str:
    if not reasons:
        return '<div class="gate"><b>Gate open.</b> No hard check fails anew, no soft one is worse beyond noise.</div>'
    items = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    return f'<div class="gate closed"><b>Gate closed.</b><ul>{items}</ul></div>'


def _checks(changes: Iterable[CheckChange]) -> str:
    rows = "".join(
        f"<tr><td>{escape(change.check)}{' <span class=soft>hard</span>' if change.hard else ''}</td>"
        f'<td class="n">{change.base_rate:.0%}</td><td class="n">{change.new_rate:.0%}</td>'
        f'<td class="n">{len(change.better)}</td><td class="n">{len(change.worse)}</td>'
        f"<td>{_whisker(change.difference, change.verdict)}</td>"
        f'<td class="{change.verdict if change.verdict in ("better", "worse") else ""}">{change.verdict}</td></tr>'
        for change in sorted(changes, key=lambda change: not change.hard)
    )
    return (
        f"{_SCROLLING}<table><thead><tr><th>Check</th><th class=n>Before</th><th class=n>Now</th>"
        "<th class=n>Cases better</th><th class=n>Cases worse</th>"
        "<th>Difference, 95 % interval</th><th>Verdict</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
        "<p class=soft>Share of cases with a finding. Intervals count cases of one person once; "
        "p values are corrected for the number of checks.</p>"
    )


def _whisker(interval: Interval | None, verdict: str) -> str:
    """A dot with its interval on a line from −100 % to +100 %."""
    if interval is None:
        return '<span class="soft">–</span>'
    low, middle, high = (
        100 + 96 * max(-1.0, min(1.0, value)) for value in (interval.low, interval.estimate, interval.high)
    )
    kind = verdict if verdict in ("better", "worse") else ""
    told = f"{interval.estimate:+.0%}, from {interval.low:+.0%} to {interval.high:+.0%}"
    return (
        f'<svg width="200" height="18" role="img" aria-label="{told}"><title>{told}</title>'
        '<line class="zero" x1="100" x2="100" y1="1" y2="17"/>'
        f'<line class="range {kind}" x1="{low:.1f}" x2="{high:.1f}" y1="9" y2="9"/>'
        f'<circle class="dot {kind}" cx="{middle:.1f}" cy="9" r="3.5"/></svg>'
    )


def _spend(base: Spend, new: Spend) -> str:
    def row(name: str, spend: Spend) -> str:
        cost = f"${spend.cost:.2f}" if spend.cost is not None else "unknown"
        seconds = f"{spend.seconds_per_draft:.2f} s" if spend.seconds_per_draft is not None else "–"
        return (
            f"<tr><td>{name}</td><td class=n>{spend.input_tokens:,}</td><td class=n>{spend.output_tokens:,}</td>"
            f"<td class=n>{cost}</td><td class=n>{seconds}</td></tr>"
        )

    return (
        f"{_SCROLLING}<table><thead><tr><th></th><th class=n>Tokens in</th><th class=n>Tokens out</th>"
        f"<th class=n>Cost</th><th class=n>Per draft</th></tr></thead><tbody>{row('Before', base)}{row('Now', new)}"
        "</tbody></table></div>"
    )


def _prompts(base: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    before, now = base.get("prompts", {}), new.get("prompts", {})
    changed = [name for name in now if before.get(name) != now[name]]
    if not changed:
        return '<p class="soft">The prompts of both runs are the same.</p>'
    items = ", ".join(
        f"{name} ({before.get(name, 'none').split(':')[0]} → {now[name].split(':')[0]})" for name in changed
    )
    return f"<p>Prompts that differ: {escape(items)}.</p>"


def _case(comparison: Comparison, case: str, changed: bool) -> str:
    told = [
        f"{change.check} {'better' if case in change.better else 'worse'}"
        for change in comparison.checks
        if case in change.better or case in change.worse
    ]
    sides = "".join(
        f"<div><b>{name}</b>{_draft(run[case].records[0])}</div>"
        for name, run in (("Before", comparison.base), ("Now", comparison.new))
    )
    note = escape(", ".join(told)) or "same findings"
    return (
        f'<details{" open" if changed else ""}><summary>{escape(case)}<span class="soft">{note}</span></summary>'
        f'<div class="pair">{sides}</div></details>'
    )


def _draft(record: Mapping[str, Any]) -> str:
    findings = record["findings"]
    items = "".join(f"<li><b>{escape(finding['check'])}</b>: {escape(finding['message'])}</li>" for finding in findings)
    return f'<div class="draft">{_marked(record["draft"], findings)}</div><ul>{items}</ul>'


def _marked(draft: str, findings: Iterable[Mapping[str, Any]]) -> str:
    """The draft, escaped, with each finding's quote marked where it stands."""
    spans: list[tuple[int, int, str]] = []
    for finding in findings:
        start = _position(draft, finding)
        if start is not None:
            spans.append((start, start + len(finding["quote"]), finding["severity"]))
    out, position = [], 0
    for start, end, severity in sorted(spans):
        if start < position:
            continue
        out.append(escape(draft[position:start]))
        out.append(f'<mark class="{escape(severity)}">{escape(draft[start:end])}</mark>')
        position = end
    return "".join([*out, escape(draft[position:])])


def _position(draft: str, finding: Mapping[str, Any]) -> int | None:
    if not finding["quote"] or finding["line"] is None:
        return None
    lines = draft.splitlines(keepends=True)[: finding["line"] - 1]
    found = draft.find(finding["quote"], sum(len(line) for line in lines))
    return found if found >= 0 else None
