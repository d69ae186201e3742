"""Why what was understood should be shown: a slip mended, something left out, something taken from before."""

from __future__ import annotations

from collections.abc import Sequence

from agent.chat.router.asked import Asked


def doubt(
    tool: str, asked: Asked, others: Sequence[str], left: Sequence[str], filled: bool, unknown: Sequence[str] = ()
) -> str:
    """Why what was understood should be shown; "" where it is plain. `left` is what the answer leaves out.

    A slip that was put right and led to nothing (`unknown`) is not told.
    """
    if tool in ("say", "help", "edit", "forget"):
        return ""
    typos = [f"read {word.mended} as {word.plain}" for word in asked.words if word.mended not in (None, *unknown)]
    leaning = ["that leans on what you asked before"] if filled else []
    unlike = ["it could be meant otherwise"] if others else []
    return "; ".join([*typos, *left, *leaning, *unlike])
