"""`--from notes`: a folder of Markdown and text files as dated evidence, one row per paragraph or bullet.

    maria-lund/2026-05-12-call-review.md         the folder is the person, the file name begins with the day
    ---
    date: 2026-05-12      person: …   team: …   kind: decision   metric: win_rate   deal: …   link: …
    ---
    ## 2026-05-14                                a heading or bullet that begins with a day dates what follows
    - Decision: discounts over 10 % go through deal desk.
      metric: average_deal_size                  these keys may stand in a paragraph, on lines of their own

Nothing is guessed: a paragraph that no day stands over is left out and counted.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from tools.errors import InputError, NotFound
from tools.sources.dates import UNREADABLE, read_moments
from tools.sources.decoding import decode
from tools.sources.headers import header_key
from tools.sources.reading import ReadContext, Reading
from tools.sources.report import Example, FileRead, Report
from tools.sources.tidy import FILE, PASS, ROW, finish
from tools.tables import EVIDENCE

_SUFFIXES = (".md", ".markdown", ".txt")
_KEYS = {
    "date": "on", "on": "on", "day": "on", "person": "person", "who": "person", "author": "person", "owner": "person",
    "team": "team", "kind": "kind", "type": "kind", "metric": "metric", "deal": "deal", "account": "account",
    "customer": "account", "link": "link", "url": "link", "source": "link", "self_reported": "self_reported",
}  # fmt: skip
_KINDS = {
    "action": "action", "actions": "action", "decision": "decision", "decisions": "decision", "context": "context",
    "constraint": "constraint", "constraints": "constraint", "praise": "praise", "kudos": "praise",
    "nextstep": "next_step", "nextsteps": "next_step", "todo": "next_step", "processchange": "process_change",
    "processchanges": "process_change", "note": "note", "notes": "note", "work": "work", "done": "work",
}  # fmt: skip
# A day at the start: "2026-05-12", "12.5.2026", "12 May 2026", "May 12, 2026"; never 5/12/2026, which reads two ways.
_DAY = re.compile(
    r"^(?P<day>\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}\.? [^\W\d]{3,12}\.?,? \d{4}"
    r"|[^\W\d]{3,12}\.? \d{1,2}, \d{4})"
    r"(?:T[\d:]+Z?)?(?=$|[\s:,_)–—-])[\s:,_)–—-]*"
)
# "- text", "* [x] text", "3. text".
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
# "Next step: call legal" → label and text.
_LABEL = re.compile(r"^\**(?P<label>[A-Za-z][A-Za-z _-]{2,16}?)\**\s*:\**\s+(?P<text>\S.*)$", re.DOTALL)
# "metric: win_rate" on a line of its own.
_KEY_LINE = re.compile(r"^\s*(?P<key>[A-Za-z_]{2,14})\s*:\s+(?P<value>\S.*?)\s*$")


@dataclass(frozen=True)
class Block:
    """A paragraph or bullet, the line it begins on, and the headings' and file's word on it."""

    line: int
    text: str
    about: dict[str, str] = field(default_factory=dict)


def read_notes(path: Path, context: ReadContext, mapping: str | None = None) -> Reading:
    """Read notes as evidence. Raises `InputError` where no note can be read, `NotFound` where nothing is there."""
    if mapping is not None:
        raise InputError("--mapping goes with --from mapped; notes need none.")
    if not path.exists():
        raise NotFound(f"There is no {path}; give a Markdown or text file, or a folder of them.")
    report = Report("notes")
    rows: list[dict[str, object]] = []
    for file, name in _files(path, report):
        try:
            text = decode(file.read_bytes(), name)
        except InputError as error:
            if path.is_file():
                raise
            report.unread_files[name] = str(error)
            continue
        rows += _read_file(text.content, name, text.encoding, report, context)
    if not report.files:
        raise InputError(f"{path} holds no .md or .txt file that can be read; notes are Markdown or plain text.")
    frame = pd.DataFrame(rows, columns=[*EVIDENCE.column_names, FILE, ROW], dtype=object)
    frame = frame.assign(**{PASS: 0}).dropna(axis="columns", how="all") if rows else frame.assign(**{PASS: 0})
    if "on" in frame.columns:
        frame["on"] = pd.to_datetime(frame["on"]).astype("datetime64[us]")
    tables = finish({"evidence": frame}, report, context.currency) if rows else {}
    report.check()
    return Reading(tables, report)


def _files(path: Path, report: Report) -> list[tuple[Path, str]]:
    if path.is_file():
        return [(path, path.name)]
    found = []
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if not file.is_file() or any(part.startswith(".") for part in Path(name).parts):
            continue
        if file.suffix.lower() in _SUFFIXES:
            found.append((file, name))
        else:
            report.unread_files[name] = "not a Markdown or text file"
    return found


def _read_file(content: str, name: str, encoding: str, report: Report, context: ReadContext) -> list[dict[str, object]]:
    about, body, first_line = _front_matter(content.replace("\r\n", "\n").replace("\r", "\n"))
    about = {**_from_path(name), **about}
    blocks = _blocks(body, first_line, about)
    report.files.append(FileRead(name, encoding, None, len(blocks), ("evidence",), ()))
    count = report.count("evidence", name)
    count.read += len(blocks)
    rows = []
    for block in blocks:
        row = _row(block, name)
        if row["on"] is None:
            reason = "no day: begin the file's name, a heading or the paragraph with one, as 2026-05-12"
            report.note("left_out", "evidence", "on", reason, 1, Example(name, block.line, block.text))
            continue
        rows.append(row)
    if not blocks:
        report.note("info", "evidence", None, "a file without a paragraph", 1, Example(name))
    return rows


def _front_matter(content: str) -> tuple[dict[str, str], str, int]:
    """Keys between two lines of ---, the text below, and the line it begins on."""
    if not content.startswith("---\n"):
        return {}, content, 1
    head, found, body = content[4:].partition("\n---")
    if not found:
        return {}, content, 1
    about = {}
    for line in head.splitlines():
        match = _KEY_LINE.match(line)
        if match and (key := _KEYS.get(match["key"].lower())):
            about[key] = match["value"].strip("\"'")
    return about, body, head.count("\n") + 3


def _from_path(name: str) -> dict[str, str]:
    """The person is the folder, the day the beginning of the file's name."""
    path = Path(name)
    about = {}
    if len(path.parts) > 1:
        about["person"] = path.parts[-2].replace("_", " ").replace("-", " ")
    if match := _DAY.match(path.stem):
        about["on"] = match["day"]
    return about


def _blocks(body: str, first_line: int, about: dict[str, str]) -> list[Block]:
    """Paragraphs and bullets. Headings are no evidence, but say the day or kind of what follows."""
    blocks: list[Block] = []
    current: Block | None = None
    heading: dict[str, str] = {}
    for number, line in enumerate(body.split("\n"), start=first_line):
        stripped = line.strip()
        title = re.match(r"^#{1,6}\s+(?P<title>.*)$", stripped)
        if title or not stripped or set(stripped) <= {"-", "=", "*"}:
            current = None
            if title:
                heading = _heading(title["title"], heading)
            continue
        if (key := _KEY_LINE.match(line)) and current is not None and key["key"].lower() in _KEYS:
            blocks[-1] = replace(current, about={**current.about, _KEYS[key["key"].lower()]: key["value"]})
            current = blocks[-1]
        elif current is None or _BULLET.match(line):
            current = Block(number, _BULLET.sub("", stripped), {**about, **heading})
            blocks.append(current)
        else:
            blocks[-1] = replace(current, text=f"{current.text} {stripped}")
            current = blocks[-1]
    return blocks


def _heading(title: str, before: dict[str, str]) -> dict[str, str]:
    """What a heading says of the text below: a day, a kind ("Decisions"), or neither, and then a new topic."""
    match = _DAY.match(title)
    if match:
        return {"on": match["day"]}
    kind = _KINDS.get(header_key(title))
    kept = {"on": before["on"]} if "on" in before else {}
    return {**kept, "kind": kind} if kind else kept


def _row(block: Block, name: str) -> dict[str, object]:
    about, text = dict(block.about), block.text
    if match := _DAY.match(text):
        about["on"], text = match["day"], text[match.end() :] or text
    label = _LABEL.match(text)
    if label and (kind := _KINDS.get(header_key(label["label"]))):
        about["kind"], text = kind, label["text"]
    digest = hashlib.blake2b(f"{name}\x1f{block.text}".encode(), digest_size=6).hexdigest()
    return {
        "evidence_id": f"note-{digest}",
        "on": _day(about.get("on")),
        "person": about.get("person"),
        "team": about.get("team"),
        "kind": _KINDS.get(header_key(about.get("kind", "note")), "note"),
        "text": text,
        "metric": about.get("metric"),
        "deal": about.get("deal"),
        "account": about.get("account"),
        "link": about.get("link"),
        "self_reported": True if about.get("self_reported", "").lower() in ("true", "yes", "1") else None,
        FILE: name,
        ROW: block.line,
    }


def _day(written: str | None) -> date | None:
    """The day that stands there; None where it cannot be read, or reads two ways."""
    if written is None:
        return None
    try:
        moments = read_moments(pd.Series([written], dtype=object))
    except InputError:
        return None
    return None if moments.kind[0] == UNREADABLE else moments.at[0].astype("datetime64[D]").item()
