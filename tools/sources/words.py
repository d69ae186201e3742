"""Words in cells: which say that nothing is there, yes or no, won or lost, and the listed choices."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

# Nothing is there, in a cell whose column has a type (a note may well say "None").
NULL_WORDS = frozenset(
    {"", "none", "nat", "nan", "null", "(null)", "<null>", "nil", "n/a", "#n/a", "na", "--", "-", "—", "–", "\\n",
     "(blank)", "(no value)", "not set", "undefined", "[]", "0000-00-00", "0000-00-00 00:00:00"}
)  # fmt: skip
_YES = frozenset(
    {"true", "yes", "y", "t", "1", "1.0", "x", "on", "checked", "wahr", "ja", "oui", "vrai", "sí", "si", "verdadero",
     "tak", "prawda", "sim", "sant", "sand"}
)  # fmt: skip
_NO = frozenset(
    {"false", "no", "n", "f", "0", "0.0", "off", "unchecked", "falsch", "nein", "non", "faux", "falso", "nie", "fałsz",
     "não", "nej", "falskt", "falsk"}
)  # fmt: skip
# A stage or status that says how the deal ended: "Closed Won", "Gewonnen" (whole words), "closedlost" (HubSpot's ids).
_WON = re.compile(r"\b(?:won|gewonnen|gagnée?|ganad[oa]|vint[oa]|ganh[oa]|wygran[aey]|vunnen|vundet)\b|closed[_-]?won")
_LOST = re.compile(
    r"\b(?:lost|verloren|perdue?|perdid[oa]|pers[oa]|przegran[aey]|utracon[aey]|förlorad|tabt)\b|closed[_-]?lost"
)


def is_null(cells: pd.Series) -> np.ndarray:
    """Which text cells say that nothing is there."""
    lowered = cells.str.strip().str.lower()
    return lowered.isin(NULL_WORDS).to_numpy(dtype=bool)


def read_flags(cells: pd.Series) -> pd.Series:
    """True, False, or None where the word is neither."""
    lowered = cells.str.strip().str.lower()
    flags = pd.Series(None, index=cells.index, dtype=object)
    flags[lowered.isin(_YES)] = True
    flags[lowered.isin(_NO)] = False
    return flags


def read_choices(cells: pd.Series, choices: tuple[str, ...]) -> pd.Series:
    """The listed choice that a word is, whatever its case and spacing ("Best Case" is best_case), else None."""
    squeezed = {re.sub(r"[\W_]+", "", choice): choice for choice in choices}
    return cells.str.lower().str.replace(r"[\W_]+", "", regex=True).map(squeezed).astype(object)


def deal_status(stages: pd.Series) -> pd.Series:
    """open, won or lost, from what a stage is called."""
    lowered = stages.str.lower()
    status = pd.Series("open", index=stages.index, dtype=object)
    status[lowered.str.contains(_WON)] = "won"
    status[lowered.str.contains(_LOST)] = "lost"
    return status
