"""The draft in a conversation: told as it is written, edited, compared, taken back, and opened figure by figure."""

from __future__ import annotations

from agent.chat.answer import Difference, DraftShown
from agent.chat.desk import Desk
from tests.agent.chat.seller import Calls, Heard, talk, told, use


def drafted(desk: Desk) -> list:
    return use(desk, "draft")


def test_sections_are_told_as_they_stand_in_the_draft(desk: Desk) -> None:
    heard = Heard()
    shown = next(block for block in use(desk, "draft", heard) if isinstance(block, DraftShown))
    kept = desk.stores.drafts.version(shown.draft_id).draft
    assert {section.id: section for section in heard.sections} == {each.id: each for each in kept.all_sections}
    assert "computing the figures" in heard.workings and "writing Key results" in heard.workings


def test_shortfalls_gaps_and_questions_stand_beside_the_draft(desk: Desk) -> None:
    text = told(drafted(desk))
    assert "Revenue won: $80K, $20K short of the $100K quota" in text
    assert "Worth answering before this goes out" in text


def test_what_is_missing_is_said_once(desk: Desk) -> None:
    gaps = "What could not be computed"
    first, again = (talk(desk, Calls("draft"), "draft my summary") for _ in range(2))
    assert [gaps in told([each.block for each in events if each.block]) for events in (first, again)] == [True, False]


def test_an_edit_is_a_version_that_undo_takes_back(desk: Desk) -> None:
    drafted(desk)
    first = desk.stores.drafts.version(desk.conversation.draft_id).draft
    blocks = use(desk, "edit", wish="leave out the next steps")
    assert any(isinstance(block, Difference) and (block.before, block.after) == (1, 2) for block in blocks)
    use(desk, "undo_edit")
    versions = desk.stores.drafts.versions(desk.conversation.draft_id)
    assert len(versions) == 3 and versions[-1].draft.all_sections == first.all_sections
    assert "nothing to take back" in told(use(desk, "undo_edit"))


def test_a_wish_for_a_falsehood_is_answered_with_the_record(desk: Desk) -> None:
    drafted(desk)
    text = told(use(desk, "edit", wish="say we hit quota"))
    assert "would not be true" in text
    assert desk.stores.drafts.version(desk.conversation.draft_id).number == 1


def test_without_a_draft_there_is_nothing_to_edit(desk: Desk) -> None:
    assert "no draft in this conversation yet" in told(use(desk, "edit", wish="shorter"))


def test_a_figure_of_the_draft_opens_by_how_it_is_printed(desk: Desk) -> None:
    talk(desk, Calls("draft"), "draft")
    assert told(use(desk, "open", which="50 days")).startswith("Sales cycle of Ada Berg in Q2 2026: 50 days")


def test_a_figure_shown_for_several_results_asks_which(desk: Desk) -> None:
    talk(desk, Calls("overview"), "how am I doing?")
    text = told(use(desk, "open", which="$50K"))
    assert "Which one?" in text and "average deal size" in text and "revenue won" in text


def test_a_figure_opens_by_its_number_in_the_last_answer(desk: Desk) -> None:
    talk(desk, Calls("overview"), "how am I doing?")
    talk(desk, Calls("help"), "help")
    assert "How Revenue won is computed" in told(use(desk, "open", which="1"))


def test_a_record_opens_by_its_id(desk: Desk) -> None:
    talk(desk, Calls("slipped"), "which slipped?")
    assert "Amount | $30,000" in told(use(desk, "open", which="O1"))


def test_what_was_never_shown_does_not_open(desk: Desk) -> None:
    assert "neither a figure" in told(use(desk, "open", which="99%"))


def test_turning_back_finds_the_draft_again(desk: Desk) -> None:
    drafted(desk)
    draft_id = desk.conversation.draft_id
    use(desk, "turn_to", period="Q1")
    assert desk.conversation.draft_id is None and desk.conversation.period == "2026-Q1"
    use(desk, "turn_to", period="Q2")
    assert desk.conversation.draft_id == draft_id


def test_a_draft_of_another_period_says_that_the_conversation_turned(desk: Desk) -> None:
    assert "from here on" not in told(use(desk, "draft"))
    drafted = told(use(desk, "draft", period="Q1"))
    assert "This is about Ada Berg in Q1 2026 from here on; “back to Q2 2026” returns." in drafted
