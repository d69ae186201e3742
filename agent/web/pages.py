"""Pages from templates. Every value is escaped; a page asked for by htmx comes without its frame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.draft import Block
from agent.naming import period_name
from agent.web.addresses import Source, figure_address, note_address, record_address, static_address
from agent.web.drawn import drawn
from agent.web.pieces import pieces, plain
from agent.web.site import TEMPLATES
from prompts.loader import PromptSet
from tools.periods import in_words


@cache
def environment() -> Environment:
    """The templates, with what they may call."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {"pieces": pieces, "plain": plain, "period": period_name, "day": _day, "moment": _moment}
    made.filters |= {"groups": _groups, "unbroken": _unbroken}
    made.globals |= {"figure_address": figure_address, "note_address": note_address, "static": static_address}
    made.globals |= {
        "record_address": record_address,
        "source_of": Source.of,
        "drawn": drawn,
        "section_title": _section_title,
    }
    return made


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page. `viewer` and the forms' token are always there."""
    text = environment().get_template(template).render(**_common(request), **context)
    return HTMLResponse(text, status_code=status, headers={"Vary": "HX-Request"})


def fragment(template: str, macro: str, *arguments: Any, **named: Any) -> Markup:
    """One macro's output: the same words in a page and in a stream."""
    module = environment().get_template(template).module
    return Markup(getattr(module, macro)(*arguments, **named))


def partial(request: Request) -> bool:
    """Whether htmx asks for a part of a page, not the browser for a whole one."""
    return request.headers.get("HX-Request") == "true"


def _common(request: Request) -> dict[str, Any]:
    return {
        "request": request,
        "viewer": getattr(request.state, "viewer", None),
        "csrf": getattr(request.state, "csrf", ""),
        "alone": getattr(request.state, "alone", False),
        "partial": partial(request),
    }


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Neighbouring blocks of one style together: bullets become one list."""
    return [list(group) for _, group in groupby(blocks, key=lambda block: block.style)]


@cache
def _section_title(section_id: str) -> str:
    return PromptSet.load().section(section_id).title


# Days and ids, which read badly over two lines.
_UNBROKEN = re.compile(r"\d{4}-\d{2}-\d{2}|[A-Za-z]{1,3}-?\d{2,8}")


def _unbroken(text: str) -> str | Markup:
    return Markup('<span class="date">{}</span>').format(text) if _UNBROKEN.fullmatch(text) else text


def _day(value: date | None) -> str:
    return "" if value is None else in_words(value)


def _moment(value: datetime) -> str:
    """An instant in the server's zone, as the terminal shows it."""
    local = value.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"
