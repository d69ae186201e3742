"""The drafting loop: a writer is heeded, repaired once, and replaced; nothing refused ever stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from agent.draft import Block, Comparison, Draft, DraftFinding, Section, Statement, Text
from agent.drafting import Run, draft_summary, section_text
from agent.markdown import to_markdown
from agent.plan import Plan, SectionPlan, shown_against
from agent.record import Attempt
from agent.writer import SectionFailed
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet

RUN = Run("test", date(2026, 7, 5), datetime(2026, 7, 5, tzinfo=UTC))
SHEET = FactSheet(
    person="Ada Berg",
    role="account_executive",
    period="2026-Q2",
    start=date(2026, 4, 1),
    end=date(2026, 6, 30),
    currency="USD",
    facts=(
        Fact(id="win_rate", label="Win rate", value=0.3, unit="ratio", prior=0.26, better="higher", key=True),
        Fact(
            id="forecast_accuracy", label="Forecast accuracy", value=0.73, unit="ratio", target=0.9, prior=0.8,
            better="higher", key=True,
        ),
    ),
)  # fmt: skip

Answer = Callable[[SectionPlan, Sequence[str]], Section]


class Scripted:
    """A writer that answers by a function and remembers what it was told."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.attempts: list[Attempt] = []
        self.told: dict[str, list[Sequence[str]]] = {}

    async def write(self, section: SectionPlan, plan: Plan, refused: Sequence[str] = ()) -> Section:
        self.told.setdefault(section.id, []).append(refused)
        return self.answer(section, refused)


def _good(section: SectionPlan, refused: Sequence[str] = ()) -> Section:
    told = sorted(section.must, key=lambda fact: fact not in section.shortfalls)
    labelled = [(None, fact) for fact in told]
    if section.id == "next_steps":
        labelled = [(label, section.may[0]) for label in ("Fix", "Keep", "Reporting")]
    blocks = tuple(
        Block(label=label, statements=(Statement(parts=(
            Text(text="Here stands "), Comparison(fact=fact.id, against=shown_against(fact)), Text(text="."),
        )),))
        for label, fact in labelled
    )  # fmt: skip
    return Section(id=section.id, title=section.settings.title, blocks=blocks, written_by="model")


def _worded(text: str) -> Answer:
    def answer(section: SectionPlan, refused: Sequence[str]) -> Section:
        good = _good(section)
        extra = Block(statements=(Statement(parts=(Text(text=text),)),))
        return good.model_copy(update={"blocks": (*good.blocks, extra)})

    return answer


def _draft(writer: Scripted | None, **more: object) -> Draft:
    return asyncio.run(draft_summary(SHEET, PromptSet.load(), RUN, writer=writer, **more))  # type: ignore[arg-type]


def test_without_a_model_the_composer_writes_everything() -> None:
    draft = _draft(None)
    assert {section.written_by for section in draft.all_sections} <= {"code", "composer"}
    assert "73%, 17 points short of the 90% target" in to_markdown(draft)


def test_a_good_answer_stands() -> None:
    draft = _draft(Scripted(_good))
    assert draft.headline.written_by == "model"
    assert draft.headline.note is None


def test_a_refused_answer_is_asked_again_with_the_reasons() -> None:
    def answer(section: SectionPlan, refused: Sequence[str]) -> Section:
        return _good(section) if refused else _worded("It rose by 12.")(section, refused)

    writer = Scripted(answer)
    draft = _draft(writer)
    assert all(section.note is None for section in draft.all_sections)
    assert any("number outside a token" in reason for reason in writer.told["headline"][1])


def test_an_answer_refused_twice_gives_way_to_the_composer_and_the_draft_says_so() -> None:
    draft = _draft(Scripted(_worded("Effectively on target.")))
    assert draft.headline.written_by == "composer"
    assert "because its text did not pass the guard" in to_markdown(draft)
    assert any("talks a result away" in (attempt.reason or "") for attempt in draft.record.attempts)
    assert "Effectively on target" not in to_markdown(draft)


def test_a_writer_that_fails_is_replaced_in_that_section_only() -> None:
    def answer(section: SectionPlan, refused: Sequence[str]) -> Section:
        if section.id == "kpis":
            raise SectionFailed("timeout", "the model did not answer in time")
        return _good(section)

    draft = _draft(Scripted(answer))
    written = {section.id: section.written_by for section in draft.all_sections}
    assert (written["kpis"], written["headline"]) == ("composer", "model")
    assert "the model did not answer in time" in to_markdown(draft)


def test_a_models_section_with_a_hard_finding_gives_way() -> None:
    def review(markdown: str, sheet: FactSheet) -> list[DraftFinding]:
        return [DraftFinding(check="wrong_direction", severity="hard", quote="Quietly.", message="m")] * (
            "Quietly." in markdown
        )

    draft = _draft(Scripted(_worded("Quietly.")), review=review)
    assert "Quietly." not in section_text(draft.headline)
    assert draft.findings == ()
    assert draft.headline.note == "its text did not pass the checks"
    assert "m" in {attempt.reason for attempt in draft.record.attempts}


def test_a_soft_finding_is_kept_and_told() -> None:
    found = [DraftFinding(check="vague_language", severity="soft", quote="", message="m")]
    assert _draft(None, review=lambda markdown, sheet: found).findings == tuple(found)


def test_progress_hears_of_every_prose_section() -> None:
    heard: list[tuple[str, str]] = []
    _draft(None, progress=lambda section, state: heard.append((section, state)))
    assert ("headline", "writing") in heard
    assert ("headline", "done") in heard


def test_tokens_spent_on_failures_are_counted() -> None:
    def answer(section: SectionPlan, refused: Sequence[str]) -> Section:
        raise SectionFailed("truncated", "the answer was cut off")

    writer = Scripted(answer)
    writer.attempts.append(Attempt(section="kpis", outcome="truncated", seconds=1, input_tokens=100, output_tokens=20))
    assert (_draft(writer).record.input_tokens, _draft(writer).record.output_tokens) == (100, 20)
