"""Whatever a model returns, a section that the guard lets through prints no number that is not on record.

The judge is the eval suite's figure reader, which knows neither tokens nor the guard's word lists: every figure that it
reads in the printed section must be one that it also reads in what the record itself prints.
"""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.draft import Goal, Section
from agent.guard import refusals
from agent.models.answers import answer_class, section_of
from agent.models.briefing import messages, read_request, record_text, short_notes
from agent.models.standin import section_answer
from agent.printing import Printer
from agent.writer import SectionRefused
from evals.reading.document import read_document
from evals.reading.figures import read_figures
from evals.reading.language import load_language
from tests.agent.models.world import ENGLISH, PLAN, PROMPTS, SHEET, told

PRINTER = Printer(SHEET, ENGLISH)
ENGLISH_READING = load_language("en")
NOTES = short_notes(PLAN)
RECORD = record_text(PLAN, NOTES, PRINTER)
REQUESTS = {section.id: messages(section, PLAN, PROMPTS, RECORD, NOTES)[1][1] for section in told()}
GOOD = {section: section_answer(request) for section, request in REQUESTS.items()}
TOKENS = [token for fact in read_request(REQUESTS["kpis"])[0]["facts"] for token in fact["tokens"]]

# What models and attackers write instead of a token or beside one; digits of other scripts, look-alikes, Markdown.
NASTY = st.one_of(
    st.sampled_from(
        [
            "12", "1 2", "٤٢", "४२", "三", "½", "²", "Ⅳ", "XIV", "fifteen", "Fifteen", "fiſteen", "ﬁfteen", "𝐭𝐰𝐞𝐧𝐭𝐲",
            "twenty‑five", "tw\u200bo", "tw\u00ado", "fіve", "twelve\u202e", "💯", "half", "doubled", "a dozen", "zero",
            "a couple of", "a pair of", "twofold", " million", " percent", " points", "minus ", "point ",
            "K", "k", "M", "bn", "pp", "th", "-fold", "e5", "^2", "x", "×", "%", "-", "−", "+", "/", ".", ",", ":",
            "'s", "**bold**", "<b>4</b>", "![x](https://a.b/9)", "[1](x)", "|", "\n\n# 9\n", "1. ", "`code`", "&#52;",
            " in ten", "did not", "which is not a shortfall", "although", "{", "}", "{{win_rate}}", "{secret}",
            "{goal win_rate 0.99}", "{goal win_rate 9e9}", "{quote n1: 99}", "{quote n9}", "{quote n2: 7}",
            "{name label nothing}", "{name manager}", "{name team}", "{win_rate vs year_ago}",
        ]
    ),
    st.sampled_from(TOKENS),
    st.text(max_size=6),
    st.text(alphabet=st.characters(categories=("Nd", "Nl", "No")), max_size=2),
)  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, dict]:
    """A good answer with something nasty pushed into one or two of its sentences."""
    section = draw(st.sampled_from(sorted(GOOD)))
    ((key, blocks),) = GOOD[section].items()
    blocks = [{**block, "sentences": list(block["sentences"])} for block in blocks]
    for _ in range(draw(st.integers(1, 2))):
        block = draw(st.sampled_from(blocks))
        place = draw(st.integers(0, len(block["sentences"]) - 1))
        sentence = block["sentences"][place]
        edges = [0, len(sentence), *(i for i, letter in enumerate(sentence) if letter in "{ "),
                 *(i + 1 for i, letter in enumerate(sentence) if letter in "} ")]  # fmt: skip
        at, until = sorted((draw(st.sampled_from(edges)), draw(st.sampled_from(edges))))
        until = draw(st.sampled_from([at, until]))
        block["sentences"][place] = sentence[:at] + draw(NASTY) + sentence[until:]
    return section, {key: blocks}


def _printed(section: Section) -> str:
    blocks = PRINTER.section(section).blocks
    return "\n\n".join(" ".join(statement.text for statement in block.statements) for block in blocks)


def _figures(text: str) -> set[tuple[float, bool]]:
    """Every figure that a reader sees: its value, and whether it is negative."""
    read = read_figures(read_document(text, ENGLISH_READING), with_names=True)
    return {(round(abs(figure.values[0].number), 9), figure.negative) for figure in read}


def _runs(text: str) -> set[str]:
    """Every word with a digit of any script in it, bare of punctuation: "(30%)," is 30%."""
    words = (word.strip("“”\"'’‘.,;:!?()—–") for word in text.split())
    return {word for word in words if any(unicodedata.numeric(letter, None) is not None for letter in word)}


def _on_record() -> str:
    """All that the record itself prints: every token of every fact, every name, every note."""
    record = read_request(REQUESTS["kpis"])[0]
    printed = [words for fact in record["facts"] for words in fact["tokens"].values()]
    named = [*record["names"].values(), *(fact.label for fact in SHEET.facts)]
    notes = [note.text for note in SHEET.evidence]
    return "\n\n".join(f"It stands at {words}." for words in [*printed, *named, *notes])


RECORD_FIGURES, RECORD_RUNS = _figures(_on_record()), _runs(_on_record())


@settings(
    max_examples=400, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip
@given(answers())
def test_no_accepted_section_prints_a_number_that_is_not_on_record(answer: tuple[str, dict]) -> None:
    section_id, reply = answer
    plan = PLAN.section(section_id)
    try:
        section = section_of(answer_class(section_id).model_validate(reply), plan, NOTES)
    except SectionRefused:
        return
    if refusals(section, plan, PLAN, ENGLISH):
        return
    goals = [PRINTER.part(part) for block in section.blocks for each in block.statements for part in each.parts
             if isinstance(part, Goal)]  # fmt: skip
    printed, proposed = _printed(section), " ".join(f"It stands at {goal}." for goal in goals)
    assert _figures(printed) - RECORD_FIGURES - _figures(proposed) == set(), printed
    assert _runs(printed) - RECORD_RUNS - _runs(proposed) == set(), printed
