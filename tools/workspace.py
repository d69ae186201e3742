"""A workspace: the folder that holds an organisation's imported tables and settings.

    workspace.toml              the owner's settings, never rewritten
    current.json                which layers are current: the one file that an import replaces, by rename
    layers/<name>-<hash>/       one import: a Parquet file per canonical table, and report.json
    prepared/                   what all questions need, worked out beforehand; may be deleted (`tools.prepared`)

A layer is named by the hash of its content, so importing the same export twice changes nothing, an import that dies
half-way leaves the old workspace as it was, and another layer's files are never touched.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.database import Database, write_layer_files
from tools.errors import InputError, NotFound
from tools.files import locked, write_whole
from tools.organisation import SETTINGS_FILE, Settings, read_settings

if TYPE_CHECKING:
    import pandas as pd

CURRENT = "current.json"


@dataclass(frozen=True)
class Layer:
    """One import that is current. `zone` is the organisation's zone that its days were cut in."""

    name: str
    folder: str
    zone: str


@dataclass(frozen=True)
class Workspace:
    """An organisation's tables and settings, on disk (`path`) or handed in as pandas frames (`frames`)."""

    settings: Settings
    path: Path | None = None
    layers: tuple[Layer, ...] = ()
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> Workspace:
        """The workspace in that folder. Raises `NotFound` where there is none, `SettingsError` for a bad setting."""
        if not (path / CURRENT).is_file():
            raise NotFound(f"{path} is no workspace (it has no {CURRENT}); make one with `salesbrief import`.")
        settings = read_settings(path / SETTINGS_FILE)
        layers = _current_layers(path)
        for layer in layers:
            if layer.zone != settings.organisation.zone:
                raise InputError(
                    f'Layer "{layer.name}" was imported with days cut in {layer.zone}, but {SETTINGS_FILE} now says '
                    f"{settings.organisation.zone}; import it again."
                )
        return cls(settings, path, layers)

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame], settings: Settings | None = None) -> Workspace:
        """A workspace held in memory: canonical tables as pandas frames."""
        return cls(settings or Settings(), frames=dict(tables))

    def database(self) -> Database:
        """The tables as one DuckDB database, layers merged and people resolved. Close it, or use it in `with`.

        It may be kept open and shared by threads, each with a `cursor()` of it, until an import changes the workspace.
        """
        # What is prepared is made of metrics' relations, which need what this module offers.
        from tools.prepared import prepared_database

        return prepared_database(self) or self.fresh_database()

    def fresh_database(self) -> Database:
        """The same worked out from the layers' files, the frames and the files that the settings name."""
        folders = [(layer.name, self.path / layer.folder) for layer in self.layers] if self.path else []
        return Database.build(self.settings, folders, self.frames, self.path)


def publish_layer(
    path: Path, name: str, tables: Mapping[str, pd.DataFrame], report: Mapping[str, Any], *, zone: str, proposal: str
) -> bool:
    """Make `tables` the layer `name` of the workspace at `path`; say whether anything changed.

    Other layers stay. `proposal` becomes workspace.toml where there is none yet. Files are written beside and swapped
    in by one rename, so a crash leaves the workspace before or after, never between.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", name):
        raise InputError(f'"{name}" cannot name a layer; use small letters, digits and _ .')
    path.mkdir(parents=True, exist_ok=True)
    with locked(path):
        layers = {layer.name: layer for layer in _current_layers(path)}
        folder = _write_layer(path, name, tables, report)
        new = Layer(name, folder.relative_to(path).as_posix(), zone)
        changed = layers.get(name) != new
        layers[name] = new
        if not (path / SETTINGS_FILE).exists():
            write_whole(path / SETTINGS_FILE, proposal)
        if changed:
            write_whole(path / CURRENT, _pointer(layers.values()))
        _sweep(path, {layer.folder for layer in layers.values()})
    return changed


def read_report(path: Path, layer: Layer) -> dict[str, Any]:
    """The import report of a current layer."""
    return json.loads((path / layer.folder / "report.json").read_text(encoding="utf-8"))


def _write_layer(path: Path, name: str, tables: Mapping[str, pd.DataFrame], report: Mapping[str, Any]) -> Path:
    (path / "layers").mkdir(exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=path / "layers", prefix=f".{name}-"))
    try:
        digest = write_layer_files(part, tables)
        write_whole(part / "report.json", json.dumps(report, indent=2, ensure_ascii=False, default=str) + "\n")
        final = path / "layers" / f"{name}-{digest[:12]}"
        if final.exists():
            write_whole(final / "report.json", (part / "report.json").read_bytes())
        else:
            part.chmod(0o755)
            part.rename(final)
        return final
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _current_layers(path: Path) -> tuple[Layer, ...]:
    try:
        pointer = json.loads((path / CURRENT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except ValueError:
        raise InputError(f"{path / CURRENT} is damaged; import the layers again into a new folder.") from None
    return tuple(Layer(**layer) for layer in pointer["layers"])


def _pointer(layers: Any) -> str:
    rows = [{"name": layer.name, "folder": layer.folder, "zone": layer.zone} for layer in layers]
    return json.dumps({"layers": rows}, indent=2) + "\n"


def _sweep(path: Path, kept: set[str]) -> None:
    """Remove layers no longer current and what a killed import left. Called under the lock."""
    for folder in (path / "layers").iterdir():
        if folder.relative_to(path).as_posix() not in kept:
            shutil.rmtree(folder, ignore_errors=True)
