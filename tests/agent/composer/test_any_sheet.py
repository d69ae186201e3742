"""Whatever stands in a fact sheet, the composer writes what the guard lets through, and its figures are true."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.comparing import comparator
from agent.composer import Composer, compose_facts_section
from agent.draft import Comparison, FactToken, Quotation, Section, Text
from agent.guard import number_like, refusals
from agent.plan import Plan, plan_summary
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.facts import Evidence, Fact, FactSheet, Scope

PROMPTS = PromptSet.load()
LANGUAGE = PROMPTS.language("en")
UNITS = {
    "revenue_won": "currency:USD", "quota_attainment": "ratio", "team_attainment": "ratio", "deals_won": "count",
    "win_rate": "ratio", "average_deal_size": "currency:SEK", "sales_cycle_days": "days", "forecast_accuracy": "ratio",
    "sales_cycle_days[segment=smb]": "days", "pipeline_coverage": "multiple", "slipped_deals": "count",
    "stalled_deals": "count", "pipeline_value": "currency:USD", "qualified_meetings": "count",
    "goal_attainment[qualified_meetings]": "ratio", "lead_response_minutes": "minutes", "accounts_at_risk": "count",
    "protected_mrr": "currency:EUR", "renewal_forecast_accuracy": "ratio", "reps_below_coverage": "count",
    "loss_reasons[reason=price]": "count", "our_own_measure": "hours", "meetings_held": "count",
}  # fmt: skip
WORDS = st.sampled_from(
    [
        "Brought economic buyers into discovery calls", "Run pipeline hygiene every week", "Keep the reviews",
        "Buyers would not sign before July, and legal took 14 days", "We doubled down on 3 accounts", "…", "!",
        "Zamknięto dwa kontrakty w maju", "She said: \"it is great\"", "**bold** [x](http://a.b) <b>", "increase 40%",
        "Moved the reviews to Monday. Then moved them back. " * 20, "{win_rate} | a table | `code`", "Qualified deals",
    ]
)  # fmt: skip
ROUND = st.sampled_from([0, 1, -1, 0.5, 0.9, 1.0, 0.896, 12, 504500, 1e12, -250000.55, 0.30000000000000004, 0.3])
NUMBERS = st.one_of(
    ROUND,
    st.floats(-1e10, 1e10).map(lambda number: round(number, 3)),
    st.floats(0, 1).map(lambda share: round(share, 6)),
    st.integers(0, 60),
)
MAYBE = st.one_of(st.none(), NUMBERS)


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    ids = draw(st.lists(st.sampled_from(sorted(UNITS)), unique=True, max_size=9))
    return [
        Fact(
            id=fact_id, label=draw(st.one_of(st.just(fact_id.replace("_", " ").capitalize()), st.text(max_size=12))),
            value=draw(NUMBERS), unit=UNITS[fact_id], target=draw(MAYBE), prior=draw(MAYBE), team=draw(MAYBE),
            prior_partial=draw(st.booleans()), target_before=draw(MAYBE),
            better=draw(st.sampled_from(["higher", "lower", None])), key=draw(st.booleans()),
            definition=draw(st.sampled_from([None, "a / b"])), prior_definition=draw(st.sampled_from([None, "a / c"])),
            why=draw(st.sampled_from([None, "It matters.", "Shows 100% of it", "."])),
        )
        for fact_id in ids
    ]  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> FactSheet:
    listed = draw(facts())
    kinds = st.sampled_from(
        ["action", "decision", "context", "constraint", "praise", "next_step", "process_change", "note", "work"]
    )
    metrics = st.sampled_from([None, *(fact.id for fact in listed), *(fact.metric_id for fact in listed)])
    evidence = [
        Evidence(
            id=f"n{number}", date=date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 400))), kind=draw(kinds),
            text=draw(st.one_of(WORDS, st.text(max_size=80))), metric=draw(metrics), self_reported=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 10)))
    ]  # fmt: skip
    return FactSheet(
        person=draw(st.sampled_from(["Ada Berg", "Li", "Team West", "3M Nordic <b>", ""])),
        role=draw(st.sampled_from([*PROMPTS.roles(), "unheard_of"])),
        period=draw(st.sampled_from(["2026-Q2", "2026-06", "2026", "FY2026-Q1", "2026-01-01..2026-02-15"])),
        start=date(2026, 4, 1), end=date(2026, 6, 30),
        prior_period=draw(st.sampled_from([None, "2026-Q1", "2025-12-01..2025-12-31"])),
        to_date=draw(st.booleans()), facts=tuple(listed), evidence=tuple(evidence),
        scope=draw(st.sampled_from([Scope(), Scope(team="Team West", changes=("moved on 3 May",))])),
        quality=draw(st.sampled_from([(), ("6 of 214 deals had no amount",)])),
    )  # fmt: skip


def written(sheet: FactSheet) -> tuple[Plan, list[Section]]:
    """Every section of the draft, facts-only ones included, with its text printed."""
    plan = plan_summary(sheet, PROMPTS)
    composer, printer = Composer(plan, LANGUAGE), Printer(sheet, LANGUAGE)
    told = [plan.headline, *(section for section in plan.sections if section.left_out is None)]
    sections = [
        compose_facts_section(plan, section, LANGUAGE)
        if section.settings.kind == "facts"
        else asyncio.run(composer.write(section, plan))
        for section in told
    ]
    return plan, [printer.section(section) for section in sections]


GENERATED = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@GENERATED
@given(sheets())
def test_the_guard_never_refuses_what_the_composer_wrote(sheet: FactSheet) -> None:
    plan, sections = written(sheet)
    for section in sections:
        assert refusals(section, plan.section(section.id), plan, LANGUAGE) == []


def test_an_attainment_that_fell_without_a_target_is_told_from_the_period_before() -> None:
    def share(fact_id: str, **known: object) -> Fact:
        return Fact(id=fact_id, label=fact_id, value=0, unit="ratio", better="higher", **known)

    fell = share("quota_attainment", prior=1, key=True)
    sheet = FactSheet(person="Ada Berg", period="2026-Q2", facts=(fell, share("team_attainment")))
    headline = written(sheet)[1][0]
    assert "{quota_attainment at prior}" in headline.blocks[0].statements[0].tokens


@GENERATED
@given(sheets())
def test_words_hold_no_number_and_quotations_are_verbatim(sheet: FactSheet) -> None:
    texts = {note.id: note.text for note in sheet.evidence}
    _, sections = written(sheet)
    for part in _parts(sections):
        if isinstance(part, Text):
            assert number_like(part.text, LANGUAGE) is None
        if isinstance(part, Quotation):
            assert part.span.strip() and part.span in texts[part.evidence]


@GENERATED
@given(sheets())
def test_every_statement_is_a_sentence_on_one_line(sheet: FactSheet) -> None:
    _, sections = written(sheet)
    for section in sections:
        for block in section.blocks:
            assert block.statements
            for statement in block.statements if block.style != "row" else ():
                assert "\n" not in statement.text
                assert statement.text.rstrip("”").endswith((".", "?", "!")), statement.text
                assert not re.search(r" ,| \.|\.\.|\s\s|\{|\}", re.sub(r"“.*?”", "q", _words(statement))), (
                    statement.text
                )


@GENERATED
@given(sheets())
def test_a_printed_comparison_stands_in_the_true_relation(sheet: FactSheet) -> None:
    printer = Printer(sheet, LANGUAGE)
    known = {fact.id: fact for fact in sheet.facts}
    for part in _parts(written(sheet)[1]):
        if isinstance(part, Comparison):
            fact = known[part.fact]
            _check_direction(fact, part, printer.part(part))


def _check_direction(fact: Fact, part: Comparison, printed: str) -> None:
    other = comparator(fact, part.against)
    assert other is not None
    if "unchanged" in printed or "exactly" in printed or "as targeted" in printed or "level " in printed:
        return
    if part.against == "prior" and part.form != "bare":
        assert ("up from" in printed) == (fact.value > other) and ("down from" in printed) == (fact.value < other)
    if part.against == "target" and "short of" in printed:
        assert fact.value < other
    if part.against == "target" and (" above the" in printed or " over the" in printed) and part.beside == ():
        assert fact.value > other


def _parts(sections: list[Section]) -> list:
    return [
        part for section in sections for block in section.blocks for told in block.statements for part in told.parts
    ]


def _words(statement) -> str:
    """The statement's own words, with a stand-in for what others wrote."""
    return "".join(
        part.text if isinstance(part, Text) else "9" if isinstance(part, FactToken) else "x" for part in statement.parts
    )
