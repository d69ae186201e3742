"""The comparison page in a real browser: it opens offline, shows its drafts, and asks nobody for anything."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from evals.compare import compare_runs
from evals.report.page import comparison_page

pytestmark = pytest.mark.services

HEADER = {"header": {"model": None, "prompts": {"house": "v1:aa"}, "checks_sha256": "c"}}


def _browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("chromium is not installed; install Debian's chromium")
    return found


def _run(path: Path, finding: bool) -> Path:
    quote = {"check": "vague_language", "severity": "soft", "quote": "strong & steady", "line": 3, "column": 3,
             "fact": None, "message": "no figure", "suggestion": ""}  # fmt: skip
    record = {
        "key": "a", "label": "a #1", "status": "ok", "case": "a", "person": "p", "repeat": 1,
        "draft": "# Ada\n\nA strong & steady quarter. ![x](http://tracker.example/x.png)\n",
        "findings": [quote] if finding else [], "check_errors": [], "input_tokens": 1, "output_tokens": 1,
        "cost": None, "seconds": 0.1,
    }  # fmt: skip
    path.write_text(json.dumps(HEADER) + "\n" + json.dumps(record) + "\n", encoding="utf-8")
    return path


def test_the_page_opens_offline_and_marks_findings(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    comparison = compare_runs(_run(tmp_path / "base.jsonl", True), _run(tmp_path / "new.jsonl", False))
    page.write_text(comparison_page(comparison), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    shot, log = tmp_path / "page.png", tmp_path / "net.json"
    command = [_browser(), *flags, f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}"]
    picture = [*command, f"--screenshot={shot}", "--window-size=1200,900", page.as_uri()]
    subprocess.run(picture, check=True, capture_output=True, timeout=90)
    shown = subprocess.run(
        [*command, "--dump-dom", page.as_uri()], check=True, capture_output=True, text=True, timeout=90
    ).stdout
    assert shot.stat().st_size > 10_000
    assert '<mark class="soft">strong &amp; steady</mark>' in shown
    assert "tracker.example" not in log.read_text(encoding="utf-8", errors="replace")
