"""A loop of its own for long work: composing and checking a draft takes a second of the processor, and a page waits for
nobody. Every draft of a process runs there, side by side while they wait for a model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Apart:
    """One thread with its own event loop, started with the first work given to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of the work; cancelled, the work is cancelled too."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._started()))

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="drafting", daemon=True).start()
            return self._loop

    def close(self) -> None:
        """Stop the loop; work that still runs is dropped."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._loop = None
