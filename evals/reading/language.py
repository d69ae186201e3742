"""What the checks know about a language: word families in files that a native speaker can correct.

`languages/<code>/<topic>.toml` holds one topic: a table per word family. A family lists `words` (as they stand),
`stems` (a word that begins so), `parts` (a word that holds it, for languages that write compounds together), `phrases`
(several words, `*` for what may vary) and `patterns` (regular expressions over folded text, for the few that need one).
Everything else in a file is plain data that one module reads by its path. The code knows no language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale

from evals.reading.folding import folded_term
from tools.errors import InputError, did_you_mean

LANGUAGES_FOLDER = Path(__file__).parent / "languages"
_NEVER = re.compile(r"(?!)")
_FAMILY_KEYS = frozenset({"words", "stems", "parts", "phrases", "patterns"})


class Family(NamedTuple):
    """A named word family and the expression that finds its members in folded text."""

    name: str
    pattern: re.Pattern[str]


class Topics(Mapping[str, Any]):
    """The files of one language by topic, each read when it is first asked for: a guess needs only one of them."""

    def __init__(self, folder: Path) -> None:
        self._files = {file.stem: file for file in sorted(folder.glob("*.toml"))}
        self._read: dict[str, Any] = {}

    def __getitem__(self, topic: str) -> Any:
        if topic not in self._read:
            self._read[topic] = tomllib.loads(self._files[topic].read_text(encoding="utf-8"))
        return self._read[topic]

    def __contains__(self, topic: object) -> bool:
        return topic in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class Language:
    """One language's data. Paths are `topic.family`, the topic being the file's name: `vague.praise_result`."""

    def __init__(self, code: str, topics: Mapping[str, Any]) -> None:
        self.code = code
        self.topics = topics
        self._patterns: dict[tuple[str, ...], re.Pattern[str]] = {}
        self._families: dict[str, tuple[Family, ...]] = {}
        # What other modules work out once per language (number tables, metric terms), keyed by who keeps it.
        self.kept: dict[str, Any] = {}

    @cached_property
    def locale(self) -> Locale:
        """babel's data for the language."""
        return Locale.parse(self.code)

    def get(self, path: str, default: Any = None) -> Any:
        """The data at `path`, or `default`."""
        node: Any = self.topics
        for part in path.split("."):
            if not isinstance(node, Mapping) or part not in node:
                return default
            node = node[part]
        return node

    def families(self, topic: str) -> tuple[Family, ...]:
        """Every word family under `topic`, in the file's order."""
        if topic not in self._families:
            node = self.get(topic, {})
            self._families[topic] = tuple(
                Family(name, self.pattern(f"{topic}.{name}")) for name, entry in node.items() if _is_family(entry)
            )
        return self._families[topic]

    def pattern(self, *paths: str) -> re.Pattern[str]:
        """One expression for all families at or under `paths`; it matches nothing where the language has none.

        It is meant for folded text (`folding.fold`).
        """
        if paths not in self._patterns:
            pieces = [piece for path in paths for piece in self._pieces(self.get(path))]
            self._patterns[paths] = re.compile("|".join(pieces)) if pieces else _NEVER
        return self._patterns[paths]

    def words(self, path: str) -> tuple[str, ...]:
        """A plain list of words, folded."""
        return tuple(folded_term(word) for word in self.get(path, ()))

    def _pieces(self, node: Any) -> list[str]:
        if not isinstance(node, Mapping):
            return []
        if not _is_family(node):
            return [piece for child in node.values() for piece in self._pieces(child)]
        pieces = [self.term_pattern(node.get("words", ()), ""), self.term_pattern(node.get("stems", ()), r"\w*")]
        pieces.append(self.term_pattern(node.get("parts", ()), r"\w*", inside=True))
        pieces += [self.phrase_pattern(phrase) for phrase in node.get("phrases", ())]
        pieces += [f"(?:{pattern})" for pattern in node.get("patterns", ())]
        return [piece for piece in pieces if piece]

    def term_pattern(self, terms: Any, ending: str, *, inside: bool = False) -> str:
        """An alternation of terms at word borders, longest first; `inside` lets a word hold them at any place."""
        folded = sorted({folded_term(term) for term in terms}, key=len, reverse=True)
        if not folded:
            return ""
        body = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in folded)
        before = r"\w*" if inside else rf"(?:{self.prefixes})?" if self.prefixes else ""
        return rf"(?<!\w){before}(?:{body}){ending}(?!\w)"

    @staticmethod
    def phrase_pattern(phrase: str) -> str:
        """Several words; `*` at a word's end lets it go on, a `*` alone stands for up to two words between."""
        words = [r"(?:\w+\s+){0,2}?" if word == "*" else _open_word(word) for word in folded_term(phrase).split()]
        return rf"(?<!\w){r' '.join(words).replace('}? ', '}?')}(?!\w)"

    @cached_property
    def prefixes(self) -> str:
        """What the language writes together with the front of a word (Arabic "and", "with", "the")."""
        return "|".join(sorted(self.words("words.prefixes"), key=len, reverse=True))


def _open_word(word: str) -> str:
    return re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "")


def _is_family(node: Any) -> bool:
    return isinstance(node, Mapping) and not _FAMILY_KEYS.isdisjoint(node)


def language_codes() -> list[str]:
    """The languages there are data for."""
    return sorted(folder.name for folder in LANGUAGES_FOLDER.iterdir() if folder.is_dir())


@lru_cache(maxsize=32)
def load_language(code: str) -> Language:
    """The language of that code (`en`; `en-GB` reads as `en`). InputError where there are no data for it."""
    plain = re.split(r"[-_]", code.strip().lower())[0]
    known = language_codes()
    if plain not in known:
        raise InputError(f'There are no language data for "{code}". {did_you_mean(plain, known)}')
    return Language(plain, Topics(LANGUAGES_FOLDER / plain))
