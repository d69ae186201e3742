"""The structure lint: what it says of a draft, and that a sound draft hears nothing."""

import pytest

from evals.checks import run_checks
from evals.checks.structure import check
from evals.mutate import load_clean
from evals.reading.reading import Reading

FACTS = [
    {"id": "quota_attainment", "label": "Quota attainment", "value": 1.1, "unit": "ratio", "key": True},
    {
        "id": "win_rate",
        "label": "Win rate",
        "value": 0.2,
        "target": 0.25,
        "unit": "ratio",
        "better": "higher",
        "key": True,
    },
]
STEPS = """
- Keep: the CFO on the second call (win rate).
- Fix: a dated next step on each deal (win rate).
- Reporting: record the loss reason in the CRM.
"""


def said(draft, facts=FACTS):
    return " ".join(finding.message for finding in check(Reading.of(draft, facts, [], "en")))


def draft(top="Quota attainment 110%. Win rate 20%.", steps=STEPS, rest=""):
    return f"# Q2\n\n{top}\n\n{rest}\n\n## Next steps\n{steps}"


@pytest.mark.parametrize("case", load_clean(), ids=lambda case: case.id)
def test_a_sound_draft_hears_nothing(case):
    assert run_checks(case.draft, case.facts, case.evidence, case.locale).structure == ()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (draft(steps="\n- Keep: the CFO on calls (win rate).\n"), "has 1 next step."),
        (
            draft(steps=STEPS.replace("Keep: ", "").replace("Fix: ", "").replace("Reporting: ", "")),
            "keep does not stand",
        ),
        (
            draft(steps=STEPS.replace("Reporting: record the loss reason in the CRM.", "Fix: win rate calls.")),
            "reporting",
        ),
        (draft(steps=STEPS.replace(" (win rate)", "", 1)), "does not name the metric"),
        (draft(rest="## Goals\n\n- Win rate: 25%, because the market asked for it."), "commentary"),
        (draft(rest="Left out: customer impact."), "without its reason"),
        (draft(rest="There was a trade fair in May."), "opens with nothing"),
        (draft(top="The team met in Leeds."), "headline does not give the attainment"),
        (draft(top="Quota attainment 110%."), "weakest result"),
        (draft(rest="## Results\n\n" + "\n".join(f"- Result {n}." for n in range(6))), "6 results"),
    ],
)
def test_each_rule_speaks(made, says):
    assert says in said(made)


def test_a_draft_that_keeps_the_rules_is_left_alone():
    assert said(draft(rest="Left out: customer impact, because this role does not renew accounts.")) == ""


def test_the_lint_never_mixes_with_the_thirteen():
    result = run_checks(draft(top="There was a fair."), FACTS, [], "en")
    assert "structure" not in {finding.check for finding in result.findings}
    assert {finding.check for finding in result.structure} == {"structure"}
