"""Work that must not keep pages waiting: loops of their own for drafts and answers, a queue for what only computes.

Composing and checking a draft takes a second of the processor, and a page waits for nobody. All drafts of a process
run in one such loop and all answers in another, side by side while they wait for a model.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

Result = TypeVar("Result")
# Fifty questions at once are read one after another: all are done as soon, and a page finds its turn between them.
_AT_ONCE = 1
# Answers wait in these for figures; what they have to store meanwhile must find one that is free.
_THREADS = 96


async def in_turn(work: Callable[..., Result], *arguments: Any) -> Result:
    """The result of work that computes and waits for nothing, from a thread that takes one such work after another."""
    return await asyncio.get_running_loop().run_in_executor(_thinking(), work, *arguments)


@cache
def _thinking() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, "thinking")


class Apart:
    """One thread with its own event loop, started with the first work given to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of the work; cancelled, the work is cancelled too."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._started()))

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_default_executor(ThreadPoolExecutor(_THREADS, "apart"))
                self._thread = threading.Thread(target=_running, args=(self._loop,), name="apart", daemon=True)
                self._thread.start()
            return self._loop

    def close(self) -> None:
        """Stop the loop; work that still runs is cancelled."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)


def _running(loop: asyncio.AbstractEventLoop) -> None:
    """A loop's life in its thread, until it is stopped."""
    loop.run_forever()
    if left := asyncio.all_tasks(loop):
        for each in left:
            each.cancel()
        loop.run_until_complete(asyncio.wait(left))
    loop.close()
