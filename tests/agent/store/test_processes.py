"""Many processes at one store, some of them killed: every version that was told as saved is there, whole."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from pathlib import Path

from agent.store.store import DraftStore, next_link

_HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("store_drafts", _HERE / "drafts.py")
drafts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drafts)


def _writer(url: str, draft_id: str, name: str, times: int) -> subprocess.Popen:
    command = [sys.executable, str(_HERE / "writer.py"), url, draft_id, name, str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_HERE.parents[2])


def _whole(store: DraftStore, draft_id: str) -> list:
    """The draft's versions, their numbers without a gap and their links unbroken."""
    versions = store.versions(draft_id)
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    link = None
    for version in versions:
        assert next_link(link, version.as_history()) == version.link
        assert version.draft.headline.blocks
        link = version.link
    return versions


def test_four_processes_write_and_no_version_is_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'drafts.db'}"
    store = DraftStore.open(url)
    draft = store.add(drafts.draft_saying("Start: "), drafts.making())
    writers = [_writer(url, draft.id, name, 10) for name in ("ada", "bo", "cy", "di")]
    assert [writer.communicate(timeout=100) and writer.returncode for writer in writers] == [0, 0, 0, 0]
    versions = _whole(store, draft.id)
    said = {version.draft.headline.blocks[0].statements[0].text.split(":")[0] for version in versions[1:]}
    assert said == {f"{name} {turn}" for name in ("ada", "bo", "cy", "di") for turn in range(10)}


def test_killed_at_any_moment_the_last_whole_version_stays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'drafts.db'}"
    store = DraftStore.open(url)
    draft = store.add(drafts.draft_saying("Start: "), drafts.making())
    for kill in range(4):
        writer = _writer(url, draft.id, f"run{kill}", 100_000)
        told = [writer.stdout.readline() for _ in range(3 + 4 * kill)]
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()
        writer.wait()
        writer.stdout.close()
        saved = [line.split()[1] for line in told if line.count(" ") == 2]
        texts = {version.draft.headline.blocks[0].statements[0].text for version in _whole(store, draft.id)}
        assert all(f"run{kill} {turn}: 30%, 5 points short of the 35% target." in texts for turn in saved)


def test_several_processes_may_be_the_first_to_open_a_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'drafts.db'}"
    program = f"from agent.store.store import DraftStore; print(len(DraftStore.open({url!r}).drafts()))"
    opened = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=_HERE.parents[2])
        for _ in range(4)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in opened] == ["0"] * 4
