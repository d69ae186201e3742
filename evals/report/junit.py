"""The gate as JUnit XML, so that CI shows each decision: one test per hard check and case, one per soft check."""

from __future__ import annotations

from xml.etree import ElementTree

from evals.compare import Comparison


def comparison_junit(comparison: Comparison) -> str:
    """JUnit XML. Errored cases are errors; a hard check that fails anew and a soft one that is worse are failures."""
    suite = ElementTree.Element("testsuite", name="salesbrief evals")
    counts = {"tests": 0, "failures": 0, "errors": 0}

    def case(classname: str, name: str, problem: str | None = None, kind: str = "failure") -> None:
        element = ElementTree.SubElement(suite, "testcase", classname=classname, name=name)
        counts["tests"] += 1
        if problem is not None:
            counts[f"{kind}s"] += 1
            ElementTree.SubElement(element, kind, message=problem)

    for name, runs in comparison.new.items():
        case("completeness", name, "; ".join(runs.errors) or None, "error")
    for name in comparison.base:
        if name not in comparison.new:
            case("completeness", name, "the new run lacks this case", "error")
    for change in comparison.checks:
        if not change.hard:
            worse = any(reason.startswith(change.check) for reason in comparison.gate)
            case("soft", change.check, f"{change.base_rate:.0%} → {change.new_rate:.0%}" if worse else None)
            continue
        for name in comparison.compared:
            fresh = name in change.worse and comparison.base[name].rate(change.check) == 0
            case(change.check, name, "fails where it did not before" if fresh else None)
    case("gate", "all", "; ".join(comparison.gate) or None)
    for key, value in counts.items():
        suite.set(key, str(value))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"
