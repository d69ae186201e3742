"""Everything salesbrief raises on purpose, drawn by who can act.

    SalesbriefError            one sentence for a person; never a traceback
    ├── InputError             a file or an option is wrong: its author can mend it           exit 2
    ├── SettingsError          workspace.toml or the environment is wrong: the owner can      exit 2
    ├── NotFound               a person, metric, draft or workspace that is not there         exit 2
    └── ModelUnavailable       the configured model cannot be had: its operator can act       exit 3

An impossible state is an `assert`; a metric that cannot be computed is a value (`tools.facts.Absent`).
"""

from __future__ import annotations

from difflib import get_close_matches


class SalesbriefError(Exception):
    """A problem told in one sentence: what was seen, and what to do next."""

    exit_code = 2


class InputError(SalesbriefError):
    """A file, a value or an option that a person handed in cannot be used."""


class SettingsError(SalesbriefError):
    """workspace.toml, a prompt file or an environment variable says something impossible."""


class NotFound(SalesbriefError):
    """Something asked for by name is not there."""


class ModelUnavailable(SalesbriefError):
    """The configured language model cannot be reached or built."""

    exit_code = 3


def did_you_mean(asked: str, known: list[str], *, shown: int = 8) -> str:
    """The tail of an error about an unknown name: the nearest known one, else the first few known.

    >>> did_you_mean("win_rat", ["win_rate", "calls"])
    'Did you mean "win_rate"?'
    """
    near = get_close_matches(asked.lower(), [name.lower() for name in known], n=1, cutoff=0.6)
    if near:
        match = next(name for name in known if name.lower() == near[0])
        return f'Did you mean "{match}"?'
    if not known:
        return "None are known."
    more = f" and {len(known) - shown} more" if len(known) > shown else ""
    return f"Known: {', '.join(known[:shown])}{more}."
