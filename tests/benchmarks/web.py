"""How fast pages are while fifty people ask at once: the real server in a process of its own, over HTTP, and a model
that takes its time in another.

What is said of answers is without the model's time: what the person waited, less the calls times what each took.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from argon2 import PasswordHasher

from agent.store.accounts import Accounts
from agent.store.sessions import Sessions, csrf_of
from agent.store.stores import Stores
from tests.benchmarks.measure import ROOT
from tests.browser.serving import Server, free_port, serving
from tools.demo.cast import MICHAEL
from tools.demo.organisation import DEMO
from tools.demo.publish import publish_demo

CONVERSATIONS, READERS = 50, 4
# Of an answer's model: it is asked which tool to call, and then what to say.
SECONDS_OF_ANSWER, CALLS = 5.0, 2
# One in five asks for a whole draft, for which the model is asked once more.
QUESTIONS = (
    "Draft my summary.",
    "Which deals slipped?",
    "What changed since last quarter?",
    "Where did I fall short?",
    "Why do I lose deals?",
)
_PAUSE = 0.1
_FIRST_SECTION, _ENDED = b"<section", b"event: ended"


class Loaded(NamedTuple):
    """Seconds to a page's first byte, and to its last."""

    first: float
    whole: float


class Drafted(NamedTuple):
    """Seconds from a question's posting until the draft's first section is there, and until the answer has ended."""

    first: float
    whole: float


@dataclass(frozen=True)
class Browser:
    """Somebody signed in: requests of one connection each."""

    port: int
    token: str

    async def get(self, address: str, seen: bytes = b"") -> tuple[Loaded, float | None, bytes]:
        """A page; when its first byte came, when `seen` was first in it, and its text."""
        return await self._send(f"GET {address} HTTP/1.1\r\n", b"", seen)

    async def post(self, address: str, **fields: str) -> bytes:
        """A form as htmx sends it; the answer with its headers."""
        body = urlencode(fields).encode()
        head = (
            f"POST {address} HTTP/1.1\r\nX-CSRF-Token: {csrf_of(self.token)}\r\nHX-Request: true\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        )
        return (await self._send(head, body))[2]

    async def _send(self, head: str, body: bytes, seen: bytes = b"") -> tuple[Loaded, float | None, bytes]:
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookie = f"Host: 127.0.0.1:{self.port}\r\nCookie: salesbrief-{self.port}={self.token}\r\n"
        writer.write(f"{head}{cookie}Connection: close\r\n\r\n".encode() + body)
        text, first, there = b"", None, None
        while piece := await reader.read(65536):
            text += piece
            first = first or time.perf_counter() - begun
            if seen and there is None and seen in text:
                there = time.perf_counter() - begun
        writer.close()
        assert first is not None and text.split(None, 2)[1][:1] in b"23", text[:300]
        return Loaded(first, time.perf_counter() - begun), there, text

    async def begin(self) -> str:
        """A new conversation's address."""
        answer = await self.post("/c", who=MICHAEL, period=DEMO.period, text="")
        found = re.search(rb"location: (/c/\w+)", answer)
        assert found is not None, answer[:300]
        return found[1].decode()

    async def ask(self, conversation: str, question: str) -> Drafted:
        """Ask, and read the answer to its end as the page does."""
        begun = time.perf_counter()
        posted = await self.post(f"{conversation}/messages", text=question)
        stream = re.search(rb'hx-sse:connect="([^"]*)"', posted)
        assert stream is not None, posted[-300:]
        before = time.perf_counter() - begun
        loaded, section, text = await self.get(stream[1].decode(), _FIRST_SECTION)
        assert _ENDED in text and b"failed" not in text, text[-500:]
        return Drafted(before + (section or loaded.whole), before + loaded.whole)


class Figures(NamedTuple):
    """All seconds: of idle pages, of pages beside fifty answers, of those answers, of drafts by the composer."""

    idle: list[Loaded]
    busy: dict[str, list[Loaded]]
    alone: float
    answers: list[float]
    cold: Drafted
    drafts: list[Drafted]


def measure(folder: Path) -> Figures:
    """Run both servers on demo workspaces of their own."""
    composed, modelled = folder / "composed", folder / "modelled"
    with _served(composed) as browsers:
        cold, drafts = asyncio.run(_drafts(browsers))
        idle = asyncio.run(_idle(browsers[0]))
    port = free_port()
    environment = {"OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1", "OPENAI_API_KEY": "none", "NO_PROXY": "127.0.0.1"}
    each = SECONDS_OF_ANSWER / CALLS
    with _model(port, each), _served(modelled, "--model", "openai:gpt-test", **environment) as browsers:
        alone = asyncio.run(_alone(browsers[0]))
        busy, answers = asyncio.run(_all_at_once(browsers))
    return Figures(idle, busy, alone, answers, cold, drafts)


async def _drafts(browsers: list[Browser]) -> tuple[Drafted, list[Drafted]]:
    """The first draft of a server just started, and those after it, each in a conversation of its own."""
    found = [await each.ask(await each.begin(), QUESTIONS[0]) for each in browsers[:6]]
    return found[0], found[1:]


async def _idle(browser: Browser) -> list[Loaded]:
    conversation = await browser.begin()
    await browser.ask(conversation, QUESTIONS[0])
    return [(await browser.get(conversation))[0] for _ in range(30)]


async def _alone(browser: Browser) -> float:
    """Seconds beyond the model's that one answer takes when nobody else asks."""
    await browser.ask(await browser.begin(), QUESTIONS[1])
    return (await browser.ask(await browser.begin(), QUESTIONS[1])).whole - SECONDS_OF_ANSWER


async def _all_at_once(browsers: list[Browser]) -> tuple[dict[str, list[Loaded]], list[float]]:
    """What loads while everybody asks, by page; and the seconds of each answer beyond the model's."""
    conversations = [await browser.begin() for browser in browsers]
    read = await browsers[0].begin()
    await browsers[0].ask(read, QUESTIONS[1])
    about = f"who={MICHAEL}&period={DEMO.period}"
    pages = {
        "conversation": read, "home": "/", "drafts": "/drafts", "notes": "/notes",
        "figure": f"/figures?{about}&fact=forecast_accuracy", "report": f"/reports/quota_attainment?{about}",
    }  # fmt: skip
    for address in pages.values():
        await browsers[0].get(address)
    found: dict[str, list[Loaded]] = {name: [] for name in pages}

    async def reading(number: int) -> None:
        for turn in range(number, 10**6):
            name = list(pages)[turn % len(pages)]
            found[name].append((await browsers[0].get(pages[name]))[0])
            await asyncio.sleep(_PAUSE)

    async def asking(number: int) -> float:
        question = QUESTIONS[number % len(QUESTIONS)]
        calls = CALLS + (question == QUESTIONS[0])
        answered = await browsers[number].ask(conversations[number], question)
        return answered.whole - calls * SECONDS_OF_ANSWER / CALLS

    readers = [asyncio.create_task(reading(number)) for number in range(READERS)]
    answers = await _gathered(asking, len(browsers))
    for reader in readers:
        reader.cancel()
    for reader in readers:
        with suppress(asyncio.CancelledError):
            await reader
    return found, answers


async def _gathered(work: Callable[[int], Awaitable[float]], times: int) -> list[float]:
    return list(await asyncio.gather(*map(work, range(times))))


@contextmanager
def _served(folder: Path, *options: str, **environment: str) -> Iterator[list[Browser]]:
    """The server on a demo workspace of its own, and everybody who is signed in to it."""
    path = folder / "workspace"
    publish_demo(path)
    stores = Stores.of_workspace(path)
    # Fifty real passwords take their time on purpose, and that is not what is measured.
    accounts, sessions = Accounts(stores.engine, PasswordHasher(1, 8, 1)), Sessions(stores.engine)
    now, tokens = datetime.now(UTC), []
    for number in range(CONVERSATIONS):
        session = sessions.start(accounts.add(f"rep{number}", "correct horse", "rep", MICHAEL, now=now), now=now)
        assert session is not None
        tokens.append(session.token)
    stores.engine.dispose()
    with serving(Server(path, DEMO.as_of.isoformat(), **environment), *options) as server:
        yield [Browser(server.port, token) for token in tokens]


@contextmanager
def _model(port: int, seconds: float) -> Iterator[None]:
    """The tests' model server as a process, so that it shares no thread with who asks."""
    command = [sys.executable, "-m", "tests.faults.server", "--port", str(port), "--default", f"slow:{seconds:g}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str) -> None:
    """Until somebody answers there, whatever is answered."""
    for _ in range(300):
        try:
            build_opener(ProxyHandler({})).open(address, timeout=5)
        except OSError as error:
            if getattr(error, "code", None) is not None:
                return
        else:
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def rows(found: Figures) -> list[list[str]]:
    """The table's rows: name, median, 95th percentile, and what it aims at."""
    pages = [each for loaded in found.busy.values() for each in loaded]
    table = [
        _row("conversation page, nothing else going on: first byte", [each.first for each in found.idle], "100 ms"),
        _row(f"the same beside {CONVERSATIONS} answers: first byte",
             [each.first for each in found.busy["conversation"]], ""),
        _row(f"any page beside {CONVERSATIONS} answers, whole", [each.whole for each in pages], "300 ms"),
    ]  # fmt: skip
    table += [_row(f"— {name}", [each.whole for each in loaded], "") for name, loaded in found.busy.items()]
    return [
        *table,
        _row("one answer alone, less the model's time", [found.alone], ""),
        _row(f"{CONVERSATIONS} answers at once, each less the model's time", found.answers, ""),
        ["the last of them ended", "", _time(max(found.answers)), ""],
        _row("draft by the composer, server just started: first section", [found.cold.first], "2 s"),
        _row("— the whole answer", [found.cold.whole], ""),
        _row("draft by the composer, facts known: first section", [each.first for each in found.drafts], "2 s"),
        _row("— the whole answer", [each.whole for each in found.drafts], ""),
    ]


def _row(name: str, seconds: list[float], aim: str) -> list[str]:
    most = _time(_p95(seconds)) if len(seconds) > 1 else ""
    return [name, _time(statistics.median(seconds)), most, aim]


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))]


def _time(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if abs(seconds) < 1 else f"{seconds:.2f} s"
