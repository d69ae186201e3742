"""A real server, a wire to it that can be cut, and a browser that complains of every error."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.store.accounts import Accounts
from agent.store.stores import Stores

PASSWORD = "a long enough password"
_COMMAND = "import sys; sys.argv[0] = 'salesbrief'; from agent.cli.main import main; main()"
ROOT = Path(__file__).absolute().parents[2]


def chromium() -> str:
    """The browser's path; a missing one is a failure."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("chromium is not installed; install Debian's chromium")
    return found


def free_port() -> int:
    with socket.socket() as sought:
        sought.bind(("127.0.0.1", 0))
        return sought.getsockname()[1]


class Server:
    """`salesbrief serve` as its own process, to be killed and started again at the same port."""

    def __init__(self, data: Path, as_of: str, **environment: str) -> None:
        self.data, self.as_of, self.port = data, as_of, free_port()
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self.process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-c", _COMMAND, "serve", "--data", str(self.data), "--port", str(self.port)]
        self.options = options
        with (self.data.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--as-of", self.as_of, "--insecure-cookies", *options], env=self.environment,
                stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/static/icon.svg", timeout=5):
                return
            assert self.process.poll() is None, "the server ended"
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """As `kill -9` does it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


class Wire:
    """Carries bytes to the server and back until it is cut; cut, every connection breaks and none is made."""

    def __init__(self, port: int) -> None:
        self.to, self.whole = port, True
        self._pairs: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        self.whole = False
        for each in self._pairs:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._pairs.clear()

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if not self.whole:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                near.close()
                continue
            self._pairs += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while carried := one.recv(65536):
                other.sendall(carried)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def add_accounts(data: Path, **people: tuple[str, str]) -> None:
    """Accounts by name: role and person id."""
    stores = Stores.of_workspace(data)
    accounts = Accounts(stores.engine)
    for name, (role, person) in people.items():
        accounts.add(name, PASSWORD, role, person, now=datetime.now(UTC))  # type: ignore[arg-type]
    stores.engine.dispose()


@contextlib.contextmanager
def serving(server: Server, *options: str) -> Iterator[Server]:
    """The server while the block lasts."""
    server.start(*options)
    try:
        yield server
    finally:
        server.stop()
