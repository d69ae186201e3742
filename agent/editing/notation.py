"""A written section in token notation, for a model to rewrite, and its answer read back as the same tokens.

Tokens are the section's own: what a model returns is looked up among them letter by letter, so that a figure printed
exactly, a quotation without marks or a name that no model may write comes back as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from agent.draft import Comparison, Name, Part, Quotation, Section, Statement, Text
from agent.editing.kept import Kept
from agent.editing.plans import opening, statements
from agent.printing import Printer
from agent.tokens import TokenError, parse_tokens, write_tokens
from tools.facts import FactSheet

_TOKEN = re.compile(r"\{[^{}]*\}")
_ENDING = (".", "!", "?", "…", ":", "؟")


class Written(NamedTuple):
    """A section as a model sees it: its text in blocks, and what each token stands for."""

    blocks: list[dict[str, Any]]
    parts: Mapping[str, Part]


def written(section: Section) -> Written:
    """The section in token notation."""
    tokens: dict[str, Part] = {}

    def token(part: Part) -> str:
        known = next((each for each, other in tokens.items() if _same(other, part)), None)
        if known is None:
            known = _named(part, tokens)
            tokens[known] = part
        return known

    def sentence(statement: Statement) -> str:
        return "".join(part.text if isinstance(part, Text) else token(part) for part in statement.parts)

    blocks = [
        {
            "style": block.style,
            "label": block.label or "",
            "sentences": [sentence(statement) for statement in block.statements],
        }
        for block in section.blocks
    ]
    return Written(blocks, tokens)


def section_text(section: Section, sheet: FactSheet, printer: Printer, words: tuple[int, int] | None) -> str:
    """What a model is told of the section: JSON of its blocks, its tokens with what they print, its shortfalls."""
    shown = written(section)
    opened = [opening(block) for block in section.blocks]
    short = [each for each in opened if each is not None and (fact := sheet.fact(each.fact)) and fact.key and fact.weak]
    told: dict[str, Any] = {
        "section": section.id,
        "title": section.title,
        "blocks": shown.blocks,
        "tokens": {token: printer.part(part) for token, part in shown.parts.items()},
        "names": {
            f"{{name label {fact.id}}}": fact.label
            for fact in sheet.facts
            if any(fact.id in statement.facts for statement in statements(section))
        },
        "shortfalls": list(dict.fromkeys(next(t for t, p in shown.parts.items() if _same(p, each)) for each in short)),
    }
    if words is not None:
        told["words"] = {"most": words[1]}
    text = json.dumps(told, ensure_ascii=False, indent=1)
    # Nothing that people typed may close the tags that the prompt puts around this.
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def read_sentence(text: str, shown: Written) -> Statement:
    """One sentence of a model's answer, its tokens those of the section. Raises `TokenError` for any other token."""
    parts: list[Part] = []
    position = 0
    for match in _TOKEN.finditer(text):
        parts += _plain(text[position : match.start()])
        parts.append(_looked_up(match[0], shown))
        position = match.end()
    parts += _plain(text[position:])
    return Statement(parts=_cased(parts))


def _looked_up(token: str, shown: Written) -> Part:
    known = shown.parts.get(" ".join(token.split()))
    if known is not None:
        return known
    (part,) = parse_tokens(token, {})
    if isinstance(part, Name):
        if part.of is not None and part.of not in {getattr(each, "fact", None) for each in shown.parts.values()}:
            raise TokenError(f"{token} names a metric of another section.")
        return part
    if isinstance(part, Comparison):
        # Another form of a comparison that the section holds keeps what stands beside it.
        for other in shown.parts.values():
            same = isinstance(other, Comparison) and (other.fact, other.against) == (part.fact, part.against)
            if same and part.beside in ((), other.beside):
                return part.model_copy(update={"beside": other.beside})
    raise TokenError(f"{token} is no token of this section; it has {', '.join(shown.parts)}.")


def _plain(text: str) -> list[Part]:
    if "{" in text or "}" in text:
        raise TokenError(f'A brace without its partner in "{text.strip()[:60]}".')
    return [Text(text=text)] if text else []


def _cased(parts: list[Part]) -> tuple[Part, ...]:
    """Capitals where a sentence begins and small letters inside it; a full stop at its end."""
    cased: list[Part] = []
    for index, part in enumerate(parts):
        first = index == 0
        if isinstance(part, Text) and first and part.text[:1].isalpha():
            part = Text(text=part.text[0].upper() + part.text[1:])
        elif isinstance(part, Name) and first:
            part = part.model_copy(update={"lower": False})
        elif isinstance(part, Name) and part.name in ("label", "why") and _inside(cased):
            part = part.model_copy(update={"lower": True})
        elif isinstance(part, Quotation) and not part.marks:
            part = part.model_copy(update={"first": _first_letter(part, first)})
        cased.append(part)
    last = cased[-1] if cased else None
    ending = last.text if isinstance(last, Text) else ""
    if not ending.rstrip('"”’) ').endswith(_ENDING):
        cased.append(Text(text="."))
    return tuple(cased)


def _inside(before: list[Part]) -> bool:
    """Whether the next word stands inside a sentence, not after its end or a colon."""
    return not (before and isinstance(before[-1], Text) and before[-1].text.rstrip().endswith(_ENDING))


def _first_letter(part: Quotation, first: bool) -> Literal["kept", "small", "capital"]:
    if first:
        return "capital" if part.first != "kept" else "kept"
    return "small" if part.first != "kept" else "kept"


def _named(part: Part, taken: Mapping[str, Part]) -> str:
    """The part's notation, or a name of its own where a model could not write that."""
    if isinstance(part, Kept) and not isinstance(part, Quotation) and part.kind != "claim":
        notation = write_tokens([part])
        if notation not in taken:
            return notation
    if isinstance(part, Name):
        return write_tokens([part])
    word = {"evidence": "note", "claim": "claim"}.get(part.kind, "figure")
    return f"{{{word} {1 + sum(token.startswith(f'{{{word} ') for token in taken)}}}"


def _same(part: Part, other: Part) -> bool:
    """Whether two parts are one token: the casing of a name is the reader's, not the token's."""
    if isinstance(part, Name) and isinstance(other, Name):
        return (part.name, part.of) == (other.name, other.of)
    if isinstance(part, Quotation) and isinstance(other, Quotation):
        return (part.evidence, part.span, part.marks) == (other.evidence, other.span, other.marks)
    return part == other
