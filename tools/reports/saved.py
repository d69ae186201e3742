"""Options of a report kept under a name: `<workspace>/reports/<name>.json`, readable and editable by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tools.errors import InputError, NotFound, did_you_mean
from tools.files import write_whole
from tools.reports.listing import REPORTS

_OPTIONS = ("report", "period", "by", "every", "cumulative", "who", "where", "date_of")


def write_saved(workspace: Path, name: str, options: dict[str, Any]) -> None:
    """Keep options under a name. Raises `InputError` for a name that a report has or that no file can have."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name) is None:
        raise InputError(f'"{name}" cannot name a saved report; use letters, digits, _ and -.')
    if any(report.name == name for report in REPORTS):
        raise InputError(f'"{name}" is a report already; give yours another name.')
    write_whole(workspace / "reports" / f"{name}.json", json.dumps(options, indent=2, ensure_ascii=False) + "\n")


def read_saved(workspace: Path, name: str) -> dict[str, Any]:
    """The options saved under a name; of a report's own name, that report alone. Raises `NotFound` for neither."""
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    known = [report.name for report in REPORTS]
    if wanted in known:
        return {"report": wanted}
    files = {file.stem: file for file in (workspace / "reports").glob("*.json")}
    if name not in files:
        raise NotFound(f'There is no report "{name}", nor one saved under that name. '
                       f"{did_you_mean(wanted, [*known, *files])}")  # fmt: skip
    try:
        options = json.loads(files[name].read_text(encoding="utf-8"))
    except ValueError:
        raise InputError(f"{files[name]} is not JSON; save the report again.") from None
    if not isinstance(options, dict) or not set(options) <= set(_OPTIONS) or "report" not in options:
        raise InputError(f"{files[name]} must hold {', '.join(_OPTIONS)} and nothing else; save the report again.")
    return options
