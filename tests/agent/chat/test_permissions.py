"""Every tool by every role: a tool tells only what may be seen, and of the rest no more than of nobody.

The tools come from the one list that the router, the model and the help share: a new one is tried without being named
here, unless it needs an argument that nobody has told this file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import anyio
import pytest

from agent.chat.answer import Notice
from agent.chat.desk import TOOLS, Desk
from agent.chat.toolbox import ToolSpec
from agent.web.edits import Silent
from tests.agent.web.organisation import NAMES, Q2, SUBJECTS, World, build_world

NOW = datetime(2026, 7, 10, 9, tzinfo=UTC)
VIEWERS = ("eli", "ann", "bo", "ops")
GIVEN = {
    "metric": "revenue_won", "name": "deals_won_and_lost", "wish": "shorter", "text": "I helped a customer in May.",
    "which": "revenue_won", "against": "prior", "stage": None, "by": None, "every": None, "where": (), "on": None,
    "section": None, "called": "Deal", "who": None, "period": None,
}  # fmt: skip
# Tools whose answer is about no person at all.
ABOUT_NOBODY = {"help"}
# Tools about what the conversation has shown or kept: without anything shown they say so, whoever it is about.
OF_THE_CONVERSATION = {"edit", "undo_edit", "difference"}
TELLING = [tool for tool in TOOLS if tool.name not in ABOUT_NOBODY]
ASKED_ABOUT = [tool for tool in TELLING if "who" in tool.arguments.model_fields]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return build_world(tmp_path_factory.mktemp("canary"))


def arguments(tool: ToolSpec, **told: str) -> dict[str, object]:
    """Arguments that a tool can do with. A `KeyError` says: tell GIVEN what this new argument may be."""
    needed = {name: GIVEN[name] for name in tool.arguments.model_fields}
    return {name: value for name, value in {**needed, **told}.items() if value is not None}


def used(world: World, desk: Desk, tool: ToolSpec, **told: str) -> tuple[list, str]:
    """The tool's blocks, and everything that it told on the way as text."""
    heard: list[str] = []

    class Listening(Silent):
        def statement(self, section_id: str, statement) -> None:
            heard.append(statement.text)

        def section(self, section) -> None:
            heard.append(section.model_dump_json())

        def block(self, block) -> None:
            heard.append(block.model_dump_json())

    blocks = anyio.run(desk.use, tool.name, arguments(tool, **told), Listening())
    return list(blocks), "".join([*heard, *(block.model_dump_json() for block in blocks)])


def desk_about(world: World, account: str, key: str) -> Desk:
    """The account's desk in a conversation about that key, whoever may have put it there."""
    conversation = world.site.stores.conversations.begin(account, key, key, Q2.label, NOW)
    return world.site.office.desk(world.viewers[account], conversation)


def own_desk(world: World, account: str) -> Desk:
    return world.site.office.begin(world.viewers[account], world.viewers[account].person or "eli", Q2.label)


def refusal(blocks: list) -> str | None:
    """The words of a refusal, but for those quoted and the names that come near; None where the tool answered."""
    if len(blocks) == 1 and isinstance(blocks[0], Notice) and blocks[0].tone == "refused":
        quoted = re.sub(r'".*?"', "…", blocks[0].text)
        return re.sub(r"(Did you mean|Known:) .*", "", quoted)
    return None


def hidden_names(world: World, account: str, text: str) -> list[str]:
    """Names in the text that the account may not see."""
    return [name for person, name in NAMES.items() if name in text and not world.may_see(account, person)]


def test_every_argument_is_known_here() -> None:
    for tool in TOOLS:
        arguments(tool)


@pytest.mark.parametrize("account", VIEWERS)
@pytest.mark.parametrize(
    "tool", [each for each in TELLING if "who" in each.arguments.model_fields], ids=lambda t: t.name
)
def test_a_tool_asked_about_somebody_tells_only_what_may_be_seen(world: World, tool: ToolSpec, account: str) -> None:
    unknown = refusal(used(world, own_desk(world, account), tool, who="zed")[0])
    assert unknown is not None
    for key in SUBJECTS:
        blocks, text = used(world, own_desk(world, account), tool, who=key)
        assert world.leaks(account, text) == set(), key
        if world.may_see(account, key):
            assert refusal(blocks) is None, (key, text[:500])
        else:
            assert refusal(blocks) == unknown, key
            assert hidden_names(world, account, text) == [], key


@pytest.mark.parametrize("account", VIEWERS)
@pytest.mark.parametrize("tool", TELLING, ids=lambda tool: tool.name)
def test_no_conversation_makes_a_tool_tell_of_whom_it_may_not(world: World, tool: ToolSpec, account: str) -> None:
    """Even one that is about somebody else, as a changed team or an altered store may leave it."""
    for key in ("eli", "wim", "mia", "team:West"):
        blocks, text = used(world, desk_about(world, account, key), tool)
        assert world.leaks(account, text) == set(), key
        if not world.may_see(account, key) and tool.name not in OF_THE_CONVERSATION:
            assert all(isinstance(block, Notice) and block.tone != "info" for block in blocks), (key, text[:500])


def test_a_draft_of_somebody_else_cannot_be_edited_by_a_conversation_that_names_it(world: World) -> None:
    owner = own_desk(world, "wim")
    anyio.run(owner.use, "draft", {}, Silent())
    desk = own_desk(world, "eli")
    desk.conversation = replace(desk.conversation, draft_id=owner.conversation.draft_id)
    for name in ("edit", "undo_edit", "difference", "open"):
        tool = next(each for each in TOOLS if each.name == name)
        blocks, text = used(world, desk, tool)
        assert refusal(blocks) is not None and world.leaks("eli", text) == set(), name
    assert len(world.site.stores.drafts.versions(owner.conversation.draft_id)) == 1
