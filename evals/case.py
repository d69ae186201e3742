"""Cases: the fact sheets that prompts are tried on. Shipped sets are locked by hash: no hard case can slip away."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from tools.errors import InputError, did_you_mean
from tools.facts import FactSheet, Frozen

FOLDER = Path(__file__).resolve().parent / "cases"
LOCK = FOLDER / "lock.json"


class Case(Frozen):
    """One fact sheet to draft from. `kind` says what it tries: ordinary, everything_missed, injected_notes …"""

    id: str
    kind: str
    person: str = Field(description="who the case is about: cases of one person are no independent ones")
    sheet: FactSheet


@dataclass(frozen=True)
class CaseSet:
    """The cases of one file, with the hash of its bytes."""

    name: str
    sha256: str
    cases: tuple[Case, ...]


def load_cases(name: str = "standard") -> CaseSet:
    """A shipped set by name, or a JSON Lines file by path. Raises `InputError` naming line and problem."""
    shipped = {file.stem: file for file in FOLDER.glob("*.jsonl")}
    path = shipped.get(name, Path(name))
    if not path.is_file():
        raise InputError(f'There are no cases "{name}". {did_you_mean(name, sorted(shipped))} Or give a file.')
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if path.stem in shipped and path == shipped[path.stem] and json.loads(LOCK.read_text())[path.stem] != digest:
        raise InputError(f"{path} differs from its lock; if the change is meant, run `python -m evals.building`.")
    cases = [_case(line, path, number) for number, line in enumerate(content.decode("utf-8").splitlines(), 1) if line]
    repeated = {case.id for case in cases if sum(other.id == case.id for other in cases) > 1}
    if repeated:
        raise InputError(f"{path} holds {', '.join(sorted(repeated))} more than once; give each case its own id.")
    return CaseSet(path.stem, digest, tuple(cases))


def _case(line: str, path: Path, number: int) -> Case:
    try:
        return Case.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InputError(f"{path}, line {number}: {where or 'the line'}: {problem['msg']}.") from None
