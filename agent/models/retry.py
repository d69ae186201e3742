"""The one retry policy: what is worth asking again, how long to wait, and when to give up.

Clients retry nothing by themselves (`max_retries=0`): OpenAI's own would sit out a Retry-After of two minutes inside
one call, and LangChain's ignore the header.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_base,
    stop_after_attempt,
    stop_any,
    stop_before_delay,
    wait_exponential,
    wait_random,
)

from agent.settings import Settings

# The server or the way to it: the same request may well be answered a moment later.
TRANSIENT = frozenset({"rate_limit", "server_error", "connection", "timeout"})
# The answer: models are not alike from one call to the next, so a careless one is asked once more.
CARELESS = frozenset({"not_json", "wrong_schema", "empty"})

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 8.0


class CallFailed(Exception):
    """One call did not give an answer. `outcome` names why; tokens count where the server says they were spent."""

    def __init__(
        self,
        outcome: str,
        reason: str,
        *,
        retry_after: float | None = None,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.retry_after = retry_after
        self.input_tokens = input_tokens
        self.output_tokens = output_tokens


def retrying(settings: Settings) -> AsyncRetrying:
    """The policy for one section; it gives up before a wait that would outlast `settings.patience`."""
    return AsyncRetrying(
        retry=_WorthAsking(),
        wait=_wait,
        stop=stop_any(stop_after_attempt(settings.attempts), stop_before_delay(settings.patience)),
        reraise=True,
    )


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Seconds that the server asks to wait, from `retry-after-ms` or `Retry-After` (seconds or a date), or None."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    if text is None:
        return None
    seconds = _number(text)
    if seconds is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - (time.time() if now is None else now))


class _WorthAsking(retry_base):
    """Whether to ask again; counts careless answers for one section."""

    def __init__(self) -> None:
        self.careless = 0

    def __call__(self, state: RetryCallState) -> bool:
        failed = state.outcome.exception() if state.outcome is not None else None
        if not isinstance(failed, CallFailed):
            return False
        if failed.outcome in CARELESS:
            self.careless += 1
            return self.careless == 1
        return failed.outcome in TRANSIENT


_backoff = wait_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT) + wait_random(0, 0.25)


def _wait(state: RetryCallState) -> float:
    failed = state.outcome.exception() if state.outcome is not None else None
    if isinstance(failed, CallFailed) and failed.outcome in CARELESS:
        return 0.0
    if isinstance(failed, CallFailed) and failed.retry_after is not None:
        return failed.retry_after
    return _backoff(state)


def _number(text: str | None) -> float | None:
    """A finite number of at least 0, or None."""
    try:
        value = float(text) if text is not None else -1.0
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
