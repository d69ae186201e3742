"""Steps of a reply as HTML. The same blocks make a page that is loaded and one that is streamed into.

A streamed message is a few `<hx-partial>` elements, each with the place it goes to. What a step looks like depends on
the steps before it and on nothing else, so a reader who reconnects gets what was missed, as it would have come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

from agent.chat.answer import ENDINGS, Block, Difference, DraftShown, Event, Said
from agent.draft import Section, Statement
from agent.web.addresses import Source
from agent.web.pages import fragment
from agent.web.shown import ShownDraft, changes, reordered, shown_draft, visible_version
from tools.errors import NotFound

if TYPE_CHECKING:
    from agent.access import Viewer
    from agent.web.site import Site

_TEMPLATE = "reply.html"


@dataclass(frozen=True)
class Reader:
    """Who reads a conversation, and with which token its forms go out."""

    site: Site
    viewer: Viewer
    conversation_id: str
    csrf: str


@dataclass
class Live:
    """The draft that is being written: sections as far as they are known, by id."""

    sections: dict[str, Section | list[Statement]] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        if event.kind == "section" and event.written is not None:
            self.sections[event.written.id] = event.written
        elif event.kind == "statement" and event.statement is not None and event.section is not None:
            known = self.sections.setdefault(event.section, [])
            if isinstance(known, list):
                known.append(event.statement)
        elif isinstance(event.block, DraftShown):
            self.sections.clear()


@dataclass
class ReplyView:
    """One reply on a page: its blocks so far, what it is doing, and how it ended."""

    number: int
    blocks: list[Markup]
    working: str
    ending: Event | None
    last: int
    live: Live

    @property
    def running(self) -> bool:
        return self.ending is None


def reply_view(number: int, events: Sequence[Event], reader: Reader) -> ReplyView:
    """The reply as its steps leave it."""
    live, working = Live(), ""
    for event in events:
        live.add(event)
        working = event.text if event.kind == "working" else working
    ending = events[-1] if events and events[-1].kind in ENDINGS else None
    return ReplyView(
        number=number,
        blocks=_blocks(number, events, reader),
        working="" if ending is not None else working,
        ending=ending,
        last=events[-1].number if events else 0,
        live=live,
    )


def _blocks(number: int, events: Sequence[Event], reader: Reader) -> list[Markup]:
    """The blocks as they stand: a model's sentences that follow one another are one paragraph."""
    told = [event for event in events if event.block is not None]
    found: list[Markup] = []
    for index, event in enumerate(told):
        assert event.block is not None
        if _begun(told[:index], event.block) is None:
            following = _together(event.block, told[index + 1 :])
            found.append(_paragraph(number, event, following, reader) or block_html(event.block, reader))
    return found


def _together(block: Block, later: Sequence[Event]) -> list[Said]:
    """The sentences that follow this one in its paragraph."""
    found: list[Said] = []
    for event in later:
        if not (isinstance(event.block, Said) and _continues(block, event.block)):
            break
        found.append(event.block)
    return found


def _continues(before: Block | None, block: Block) -> bool:
    """Whether a sentence goes on with the paragraph before it: both are a model's, on one sheet."""
    return _spoken(before) and _spoken(block) and before.of == block.of  # type: ignore[union-attr]


def _spoken(block: Block | None) -> bool:
    return isinstance(block, Said) and block.by == "model" and block.style == "paragraph" and not block.title


def _begun(earlier: Sequence[Event], block: Block) -> int | None:
    """The step with which the paragraph began that the block goes on with; None where it begins its own."""
    begun, after = None, block
    for event in reversed([each for each in earlier if each.block is not None]):
        if not _continues(event.block, after):
            break
        assert event.block is not None
        begun, after = event.number, event.block
    return begun


def _paragraph(number: int, event: Event, following: Sequence[Said], reader: Reader) -> Markup | None:
    """A paragraph that may grow; None for what is no sentence of a model."""
    if not _spoken(event.block):
        return None
    assert isinstance(event.block, Said)
    statements = [each for said in (event.block, *following) for each in said.statements]
    return fragment(_TEMPLATE, "spoken", _place(number, event.number), statements, Source.of(event.block.of))


def _place(number: int, step: int) -> str:
    return f"reply-{number}-said-{step}"


def live_html(live: Live) -> Markup:
    """The draft in the making, as far as it is known."""
    return Markup("").join(_live_section(section_id, known) for section_id, known in live.sections.items())


def message_html(number: int, earlier: Sequence[Event], event: Event, reader: Reader) -> str:
    """What is streamed for one step: every change that it makes to the page."""
    return "".join(_changes(number, earlier, event, reader))


def block_html(block: Block, reader: Reader) -> Markup:
    """One block of an answer."""
    if isinstance(block, DraftShown):
        return fragment(_TEMPLATE, "draft_card", block, _shown(block, reader))
    if isinstance(block, Difference):
        return _difference(block, reader)
    return fragment(_TEMPLATE, block.kind, block, Source.of(getattr(block, "of", None)), reader)


def sheet_html(shown: ShownDraft | None, live: Live | None = None) -> Markup:
    """What stands beside the conversation: the draft being written, above the one that is kept."""
    return fragment(_TEMPLATE, "sheet", shown, live_html(live) if live is not None else "")


def _changes(number: int, earlier: Sequence[Event], event: Event, reader: Reader) -> Iterable[str]:
    if event.kind == "working":
        yield _partial(f"#reply-{number}-working", "innerHTML", Markup.escape(event.text))
        if not any(each.kind == "working" for each in earlier):
            yield _partial("#announcer", "innerHTML", Markup.escape(event.text))
    elif event.kind in ("statement", "section"):
        yield from _live_changes(earlier, event)
    elif event.block is not None:
        begun = _begun(earlier, event.block)
        if begun is not None and isinstance(event.block, Said):
            more = fragment(_TEMPLATE, "sentences", event.block.statements, Source.of(event.block.of))
            yield _partial(f"#{_place(number, begun)}", "beforeend", more)
        else:
            shown = _paragraph(number, event, (), reader) or block_html(event.block, reader)
            yield _partial(f"#reply-{number}-blocks", "beforeend", shown)
        if isinstance(event.block, DraftShown):
            shown = _shown(event.block, reader)
            yield _partial("#sheet", "innerHTML", sheet_html(shown))
            yield _partial("#announcer", "innerHTML", Markup("The draft is beside the conversation."))
    elif event.kind in ENDINGS:
        if event.kind != "done":
            yield _partial(f"#reply-{number}-blocks", "beforeend", fragment(_TEMPLATE, "ended", number, event, reader))
        yield _partial(f"#reply-{number}-busy", "delete", Markup(""))
        yield _partial("#announcer", "innerHTML", Markup("Answered." if event.kind == "done" else ""))


def _live_changes(earlier: Sequence[Event], event: Event) -> Iterable[str]:
    live = Live()
    for each in earlier:
        live.add(each)
    section_id = event.section if event.written is None else event.written.id
    assert section_id is not None
    known, fresh = live.sections.get(section_id), not live.sections
    live.add(event)
    if known is None:
        yield _partial(
            "#live", "innerHTML" if fresh else "beforeend", _live_section(section_id, live.sections[section_id])
        )
    elif event.written is not None:
        yield _partial(f"#live-{section_id}", "outerHTML", _live_section(section_id, event.written))
    elif event.statement is not None and isinstance(known, list):
        yield _partial(f"#live-{section_id}-words", "beforeend", fragment(_TEMPLATE, "live_statement", event.statement))


def _live_section(section_id: str, known: Section | list[Statement]) -> Markup:
    if isinstance(known, Section):
        return fragment("parts.html", "section", known, None, "live")
    return fragment(_TEMPLATE, "live_section", section_id, known)


def _shown(block: DraftShown, reader: Reader) -> ShownDraft | None:
    """The draft as it may be seen now; None where it may not be any more."""
    try:
        return shown_draft(reader.site, visible_version(reader.site, reader.viewer, block.draft_id, block.version))
    except NotFound:
        return None


def _difference(block: Difference, reader: Reader) -> Markup:
    try:
        old, new = (
            visible_version(reader.site, reader.viewer, block.draft_id, number).draft
            for number in (block.before, block.after)
        )
    except NotFound:
        return fragment(_TEMPLATE, "gone")
    return fragment(_TEMPLATE, "difference", block, changes(old, new), reordered(old, new))


def _partial(target: str, swap: str, content: Markup) -> str:
    return f'<hx-partial hx-target="{target}" hx-swap="{swap}">{content}</hx-partial>'
