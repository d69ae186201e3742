"""Reads prompts and their settings strictly: a typing mistake fails at load time, not as a strange draft.

sections/<id>/section.toml   what the section may cite, how long it is, which version is current
sections/<id>/vN.md          the instructions; house/vN.md is the shared first part of every prompt
roles/<role>.toml            a role's sections, lead results, KPIs and what to watch
tones/<name>.toml            a tone: what a model is told, and the composer's frames for it
edit/vN.md, edit/<code>.toml how a section is rewritten, and which words a rewrite may not bring in
edit/plain/<code>.toml       the phrases in which a rewrite may tell a shortfall
chat/vN.md                   how a model takes part in a conversation
composing/<code>/*.toml      what the composer writes from, when no language model is asked
languages/<code>.toml        how figures are printed, and which words are refused around them
languages/names/<code>.toml  what metrics are called, and why they matter
released.json                the hash of every released version: a released prompt never changes again
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
SECTIONS = (
    "headline", "scope", "targets", "kpis", "pipeline", "activity", "customers", "qualitative", "context", "next_steps",
)  # fmt: skip

# {{ name }}: a variable that the caller must give.
_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


class PromptError(ValueError):
    """A prompt or its settings cannot be used; the sentence says which file and why."""


@dataclass(frozen=True)
class Prompt:
    """One version of one prompt."""

    name: str
    version: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def variables(self) -> frozenset[str]:
        """The variables the text needs."""
        return frozenset(_VARIABLE.findall(self.text))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with its variables replaced. A missing or a superfluous one raises `PromptError` naming it."""
        missing, unused = self.variables - set(values), set(values) - self.variables
        if missing or unused:
            wrong = f"lacks {', '.join(sorted(missing))}" if missing else f"does not use {', '.join(sorted(unused))}"
            raise PromptError(f"Prompt {self.name} {self.version} {wrong}.")
        return _VARIABLE.sub(lambda match: values[match[1]], self.text)


@dataclass(frozen=True)
class SectionSettings:
    """What a section is: `kind` facts (code alone), prose (facts and evidence) or evidence (nothing without a note)."""

    id: str
    title: str
    kind: str
    metrics: tuple[str, ...]
    evidence: tuple[str, ...]
    words: tuple[int, int] | None = None
    current: str | None = None


@dataclass(frozen=True)
class RoleSettings:
    """A role: its sections, the results its headline leads with, its KPIs, and what must not go unseen."""

    id: str
    title: str
    sections: tuple[str, ...]
    lead: tuple[str, ...]
    kpis: tuple[str, ...]
    watch: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The metrics that are key for this role."""
        return self.kpis + self.watch


@dataclass(frozen=True)
class PromptSet:
    """All prompts of a run: the shipped folder, or another one with the same layout (for evals)."""

    folder: Path
    versions: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path | None = None, versions: Mapping[str, str] | None = None) -> PromptSet:
        """The prompts in `folder` (default: those shipped), with `versions` overriding what is current by name."""
        return cls(folder or FOLDER, dict(versions or {}))

    def section(self, section_id: str) -> SectionSettings:
        return _section(self.folder, section_id)

    def role(self, role_id: str) -> RoleSettings:
        """The role's settings; a role nobody described is treated as a sales rep."""
        return _role(self.folder, role_id if role_id in self.roles() else "sales_rep")

    def roles(self) -> tuple[str, ...]:
        return tuple(sorted(file.stem for file in (self.folder / "roles").glob("*.toml")))

    def language(self, code: str) -> dict[str, Any]:
        """How figures are printed in that language; `names` holds what it calls the metrics."""
        file = self.folder / "languages" / f"{code}.toml"
        if not file.is_file():
            known = ", ".join(sorted(path.stem for path in file.parent.glob("*.toml")))
            raise PromptError(f'There is no language "{code}" to write in; there are {known}.')
        return _language(self.folder, code)

    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that drafts are printed in."""
        return tuple(sorted(file.stem for file in (self.folder / "languages").glob("*.toml")))

    def composing(self, code: str, name: str) -> dict[str, Any]:
        """What the composer writes from in that language: frames, metrics, notes or actions."""
        return _toml(self.folder / "composing" / code / f"{name}.toml")

    def tones(self) -> tuple[str, ...]:
        return tuple(sorted(file.stem for file in (self.folder / "tones").glob("*.toml")))

    def tone(self, name: str) -> dict[str, Any]:
        """A tone's `description`, its `instruction` for a model, and the composer's frames by group and kind."""
        return _toml(self.folder / "tones" / f"{name}.toml")

    def edit_words(self, code: str) -> dict[str, Any]:
        """The words of that language that a rewrite may not bring in around figures."""
        return _toml(self.folder / "edit" / f"{code}.toml")

    def wish_words(self) -> dict[str, Any]:
        """How people ask for what is not so, in any language."""
        return _toml(self.folder / "edit" / "wishes.toml")

    def plain_words(self, code: str) -> dict[str, Any]:
        """The phrases in which that language tells a shortfall plainly."""
        return _toml(self.folder / "edit" / "plain" / f"{code}.toml")

    def edit_languages(self) -> tuple[str, ...]:
        return tuple(sorted(file.stem for file in (self.folder / "edit").glob("??.toml")))

    def prompt(self, name: str) -> Prompt:
        """The current version of `house`, `edit`, `chat` or `sections/<id>`."""
        version = self.versions.get(name) or self._current(name)
        file = self.folder / name / f"{version}.md"
        if not file.is_file():
            raise PromptError(f"Prompt {name} has no version {version}: {file} is missing.")
        return Prompt(name, version, file.read_text(encoding="utf-8"))

    def names(self) -> tuple[str, ...]:
        """Every drafting prompt, in order: the house part, then the sections that are written as prose."""
        prose = [f"sections/{section}" for section in SECTIONS if self.section(section).current is not None]
        return ("house", *prose)

    def rubric(self, check: str) -> str:
        """What the judge is told of a check. Raises `PromptError` for a check that is not judged."""
        rubric = _toml(self.folder / "judges" / "judges.toml")["rubric"]
        if check not in rubric:
            raise PromptError(f"The judge knows no rubric for {check}; there are {', '.join(rubric)}.")
        return rubric[check]

    def _current(self, name: str) -> str:
        if name.startswith("sections/"):
            current = self.section(name.removeprefix("sections/")).current
        else:
            current = _toml(self.folder / name / f"{Path(name).name}.toml").get("current")
        if current is None:
            raise PromptError(f"Prompt {name} names no current version.")
        return current

    def kpis(self) -> dict[str, tuple[str, ...]]:
        """Per role, the metrics that are key."""
        return {role: self.role(role).key for role in self.roles()}


def released(folder: Path = FOLDER) -> dict[str, str]:
    """`name/version` → SHA-256 of every released prompt."""
    return json.loads((folder / "released.json").read_text(encoding="utf-8"))


@cache
def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PromptError(f"{file} is missing.") from None
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{file} is not valid TOML: {error}.") from None


def _strict(file: Path, required: set[str], optional: set[str] = frozenset()) -> dict[str, Any]:
    raw = _toml(file)
    unknown, missing = set(raw) - required - set(optional), required - set(raw)
    if unknown or missing:
        wrong = f"has unknown keys {sorted(unknown)}" if unknown else f"lacks {sorted(missing)}"
        raise PromptError(f"{file} {wrong}; it takes {sorted(required | set(optional))}.")
    return raw


@cache
def _language(folder: Path, code: str) -> dict[str, Any]:
    names = folder / "languages" / "names" / f"{code}.toml"
    return {**_toml(folder / "languages" / f"{code}.toml"), "names": _toml(names) if names.is_file() else {}}


@cache
def _section(folder: Path, section_id: str) -> SectionSettings:
    file = folder / "sections" / section_id / "section.toml"
    raw = _strict(file, {"title", "kind", "metrics", "evidence"}, {"words", "current"})
    if raw["kind"] not in ("facts", "prose", "evidence"):
        raise PromptError(f'{file}: kind is "{raw["kind"]}", but takes facts, prose or evidence.')
    words = (raw["words"][0], raw["words"][1]) if "words" in raw else None
    return SectionSettings(
        section_id, raw["title"], raw["kind"], tuple(raw["metrics"]), tuple(raw["evidence"]), words, raw.get("current")
    )


@cache
def _role(folder: Path, role_id: str) -> RoleSettings:
    raw = _strict(folder / "roles" / f"{role_id}.toml", {"title", "sections", "lead", "kpis", "watch"})
    unknown = set(raw["sections"]) - set(SECTIONS)
    if unknown:
        raise PromptError(f"Role {role_id} names sections that do not exist: {sorted(unknown)}.")
    return RoleSettings(
        role_id, raw["title"], tuple(raw["sections"]), tuple(raw["lead"]), tuple(raw["kpis"]), tuple(raw["watch"])
    )
