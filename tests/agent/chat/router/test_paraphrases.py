"""Questions that neither the rules nor their examples hold, in the words of people who have not seen them.

Written after the rules, in two sets. Of the first 84, 61 were read rightly at first contact, 15 were not understood
(and said so), and 8 were taken for something else; of the next 40, 32 rightly, 5 not, 3 wrongly. General rules were
then mended, never these sentences written down. Two sets before them (98 and 115 questions, 51 and 68 right at first
contact) are now among the examples.
"""

from __future__ import annotations

import pytest

from agent.chat.router.reading import data
from agent.chat.router.routing import Routed, Unclear
from tests.agent.chat.router.office import ask

# The question, the tools that answer it, and the arguments that matter.
ASKED = [
    ("hey, could you whip up my Q2 recap", "draft", {"period": "2026-Q2"}),
    ("let's get going on the write up for Omar", "draft", {"who": "Omar Diaz"}),
    ("draft for Enterprise, first quarter", "draft", {"who": "Enterprise", "period": "2026-Q1"}),
    ("quarter summary pls", "draft", {}),
    ("the results section rambles, tighten it", "edit", {"section": "kpis", "wish": "shorter"}),
    ("don't mention teamwork", "edit", {"wish": "leave out qualitative"}),
    ("rephrase so a CFO gets it", "edit", {}),
    ("no more than 200 words", "edit", {"wish": "200 words"}),
    ("make it friendlier but keep it brief", "edit", {}),
    ("translate to Polish", "edit", {"wish": "in Polish"}),
    ("scratch that edit", "undo_edit,forget", {}),
    ("take me back to the earlier wording", "undo_edit", {}),
    ("what words did you swap", "difference", {}),
    ("show before and after", "difference", {}),
    ("how are things", "overview", {}),
    ("how did the first half treat me", "overview", {"period": "2026-H1"}),
    ("numbers for April please", "overview", {"period": "2026-04"}),
    ("what kind of quarter did Priya have", "overview", {"who": "Priya Nair"}),
    ("what am I bad at", "shortfalls", {}),
    ("which targets did I miss", "shortfalls", {}),
    ("where's the pain", "shortfalls", {}),
    ("whats my closing rate on deals", "figure", {}),
    ("avg contract value, last year", "figure", {"metric": "average_deal_size", "period": "2025"}),
    ("pipeline coverage going into Q3", "figure", {"metric": "pipeline_coverage"}),
    (
        "how many calls did Tom make in June",
        "figure,records,report",
        {"metric": "calls", "who": "Tom Becker", "period": "2026-06"},
    ),
    ("percent of leads that turned into deals", "figure,report", {}),
    ("whats our nrr this year", "figure", {"metric": "net_revenue_retention", "period": "2026"}),
    ("how's my forecast hygiene", "report,figure,missing", {}),
    ("qota attainmnt", "figure", {"metric": "quota_attainment"}),
    ("revenue in the second quarter of 2025", "figure", {"metric": "revenue_won", "period": "2025-Q2"}),
    ("did Rosa make quota", "figure,compare", {"metric": "quota_attainment", "who": "Rosa Lind"}),
    ("what explains the fall in forecast accuracy", "why", {"metric": "forecast_accuracy"}),
    ("how is show rate worked out", "why", {"metric": "show_rate"}),
    ("my cycle dropped, why?", "why", {"metric": "sales_cycle_days"}),
    ("what do you mean by stalled deals", "why,stuck", {}),
    ("which deals did I win in May", "records", {"period": "2026-05"}),
    ("names of the deals I lost", "records,losses", {}),
    ("show me the meetings behind show rate", "records", {"metric": "show_rate"}),
    ("where'd the $151K come from", "open", {"which": "$151K"}),
    ("number 2", "open", {"which": "2"}),
    ("which ones moved to next quarter", "slipped", {}),
    ("list deals that missed their close date in Q1", "slipped", {"period": "2026-Q1"}),
    ("what got pushed and how much is it worth", "slipped,figure", {}),
    ("show me anything that hasn't moved in a month", "stuck", {}),
    ("which prospects have gone quiet on me", "stuck", {}),
    ("deals with no next step", "stuck,records,figure", {}),
    ("why does everything take so long in legal", "delays,why", {}),
    ("which stage do my deals get stuck in", "delays", {}),
    ("days in stage please", "delays", {}),
    ("what are we losing deals over", "losses", {}),
    ("reasons we lost in proposal", "losses", {"stage": "Proposal"}),
    ("did we lose many on price", "losses,records", {}),
    ("versus everyone else how am I doing", "compare", {"against": "team"}),
    ("do I sell faster than my peers", "compare", {"against": "team"}),
    ("compare my deal size with last year", "compare", {"against": "year_ago", "metric": "average_deal_size"}),
    ("am I up or down on the prior quarter", "compare,changed", {}),
    ("what's different since Q1", "changed", {}),
    ("show me what moved", "changed", {}),
    ("break revenue down by segment", "report", {"by": "segment"}),
    ("top reps by win rate", "report", {"by": "rep"}),
    ("how does each source convert", "report", {"by": "source"}),
    ("who on my team is short on pipeline", "report", {"by": "rep"}),
    ("show leads per source", "report", {"by": "source"}),
    ("meetings per week", "report,figure", {}),
    ("what is missing in the numbers", "missing", {}),
    ("can't compute anything for renewals, why?", "missing,why", {}),
    ("is the CRM data any good", "missing,report", {}),
    ("what do you want me to clarify", "questions", {}),
    ("anything left unexplained?", "questions", {}),
    ("note: two of my accounts merged in May", "say", {}),
    ("I ran the new hire bootcamp in April", "say", {}),
    ("add that the slipped deals were stuck at procurement", "say", {"metric": "slipped_deals"}),
    ("we changed pricing on 1 June so win rate dipped", "say", {"metric": "win_rate"}),
    ("forget about the bootcamp", "forget", {}),
    ("remove my last comment", "forget", {}),
    ("what have I said so far", "statements", {}),
    ("list my notes", "statements", {}),
    ("move on to Q1", "turn_to", {"period": "2026-Q1"}),
    ("switch to Anna please", "turn_to", {"who": "Anna Berg"}),
    ("what can I do here", "help", {}),
    ("morning! where am I on quota", "figure", {"metric": "quota_attainment"}),
    ("biggest thing holding me back?", "shortfalls,delays", {}),
    ("did Connect deals do well", "report", {}),
    ("why the drop in accuracy", "why", {"metric": "forecast_accuracy"}),
    ("win rate trend", "figure", {"metric": "win_rate"}),
    ("how many meetings has Anna held since April", "figure,records", {"metric": "meetings_held", "who": "Anna Berg"}),
    ("can you show me Priya's slipped deals", "slipped,records", {"who": "Priya Nair"}),
    ("wins this month", "figure,records", {"metric": "deals_won"}),
    ("what's overdue", "stuck", {}),
    ("loss reasons please", "losses", {}),
    ("am I beating the team", "compare", {"against": "team"}),
    ("versus last year how is revenue", "compare,figure", {"metric": "revenue_won"}),
    ("what's up and what's down", "changed", {}),
    ("team leaderboard", "report", {"by": "rep"}),
    ("which segment has the best win rate", "report", {"by": "segment"}),
    ("activity by week since April", "report", {"every": "week"}),
    ("what could you not calculate", "missing", {}),
    ("add: Acme renewal took three extra weeks in legal", "say", {}),
    ("I covered two territories in June", "say", {}),
    ("start with the results and drop the background", "edit", {}),
    ("cut 50 words", "edit", {}),
    ("make it sound like I wrote it", "edit", {}),
    ("for the board please", "edit", {}),
    ("how do I look compared to peers on cycle time", "compare", {"against": "team", "metric": "sales_cycle_days"}),
    ("give me a one line answer: did I hit target", "figure,compare,shortfalls,overview", {}),
    ("what's my pipeline worth", "figure", {"metric": "pipeline_value"}),
    ("how long do deals sit in evaluation", "delays", {"stage": "Evaluation"}),
    ("who did I lose to", "losses", {}),
    ("what happened in May", "overview,changed", {"period": "2026-05"}),
    ("first draft for last quarter please", "draft", {"period": "2026-Q2"}),
    ("what's behind the 73%", "open,why", {}),
    ("explain coverage", "why", {"metric": "pipeline_coverage"}),
    ("show deals at risk", "stuck,records,figure", {}),
    ("what did I tell you about Acme", "statements", {}),
    ("never mind, remove it", "forget,undo_edit", {}),
    ("let's switch to the first half", "turn_to", {"period": "2026-H1"}),
    ("what else can you do", "help", {}),
]
# Not understood as yet; what counts is that nothing else is answered in their place.
UNREAD = [
    "how do I ask for a report",
    "put what happens next at the very start",
    "what slipped through the cracks target wise",
    "who cancelled on me",
]


@pytest.mark.parametrize(("text", "tools", "arguments"), ASKED, ids=[row[0] for row in ASKED])
def test_an_unlisted_question_calls_the_tool_that_answers_it(text: str, tools: str, arguments: dict[str, str]) -> None:
    routed = ask(text)
    assert isinstance(routed, Routed)
    assert routed.tool in tools.split(",")
    shown = {name: str(routed.arguments.get(name)) for name in arguments}
    # A wish is asked for as one clause among others.
    wish = arguments.get("wish")
    if wish is not None:
        assert wish in shown.pop("wish")
    assert shown == {name: value for name, value in arguments.items() if name != "wish"}


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_not_understood_is_not_answered_with_something_else(text: str) -> None:
    assert isinstance(ask(text), Unclear)


def test_no_question_stands_in_the_rules() -> None:
    listed = {text.casefold() for asked in data("examples")["asked"].values() for text in asked}
    cues = {cue for intent in data("intents").values() for cue in intent["cues"]}
    assert not [text for text, *_ in ASKED if text.casefold() in listed or text in cues]
