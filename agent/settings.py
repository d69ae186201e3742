"""What the environment says; the one module that reads it. Secrets are never read here, only whether they are set.

SALESBRIEF_MODEL          the model to write with where none is asked for; unset: the built-in composer
SALESBRIEF_TIMEOUT        seconds for one call of the model (60)
SALESBRIEF_PATIENCE       seconds for one section in all, waits between calls included (120)
SALESBRIEF_ATTEMPTS       calls for one section at most, while the model is busy or out of reach (4)
SALESBRIEF_CONCURRENCY    sections asked for at once (16)
SALESBRIEF_OUTPUT         how the model is held to its form: json_schema, json_object or text (by provider)
SALESBRIEF_RESPONSES_API  1: use OpenAI's Responses API instead of chat completions
SALESBRIEF_PRICE          "1.25/10": price per million tokens read and written, for cost in the record
SALESBRIEF_TRACING        1: leave the tracing variables of model libraries alone (they send prompts elsewhere)
SALESBRIEF_STORE          a database URL for drafts instead of drafts.db in the workspace (postgresql://host/name)
SALESBRIEF_AUTHOR         who makes drafts and edits, as versions name them (the login name)
VISUAL, EDITOR            the editor for `salesbrief edit --by-hand`
OPENAI_BASE_URL           a compatible server instead of OpenAI's own (Ollama, vLLM, llama.cpp …)
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Literal, get_args

from tools.errors import SettingsError

OutputMode = Literal["json_schema", "json_object", "text"]

# LangChain's tracing client sends every prompt to its maker when one of these asks it to, and a gateway variable
# can send the model's traffic there too. Customer data go to the configured model and nowhere else.
_TRACING = ("LANGSMITH_", "LANGCHAIN_")
_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


@dataclass(frozen=True)
class Settings:
    """How models are called, where drafts are kept, and who edits them with what.

    `price` is money per million input and output tokens; `variables` are names only.
    """

    model: str | None = None
    base_url: str | None = None
    timeout: float = 60.0
    patience: float = 120.0
    attempts: int = 4
    concurrency: int = 16
    output: OutputMode | None = None
    responses_api: bool = False
    price: tuple[float, float] | None = None
    tracing: bool = False
    store: str | None = None
    author: str = "unknown"
    editor: str | None = None
    variables: frozenset[str] = frozenset()

    def has(self, *names: str) -> bool:
        """Whether one of these variables is set and not empty."""
        return any(name in self.variables for name in names)


def read_environment(environment: MutableMapping[str, str] | None = None) -> Settings:
    """The settings, read once at start-up; tracing variables are removed from the environment unless opted in.

    Raises `SettingsError` naming the variable that holds something impossible.
    """
    source = os.environ if environment is None else environment
    tracing = _switch(source, "SALESBRIEF_TRACING")
    if not tracing:
        for name in [name for name in source if name.startswith(_TRACING)]:
            del source[name]
    output = source.get("SALESBRIEF_OUTPUT", "").strip() or None
    if output is not None and output not in get_args(OutputMode):
        raise SettingsError(f'SALESBRIEF_OUTPUT is "{output}"; it takes {", ".join(get_args(OutputMode))}.')
    return Settings(
        model=source.get("SALESBRIEF_MODEL", "").strip() or None,
        base_url=source.get("OPENAI_BASE_URL", "").strip() or source.get("OPENAI_API_BASE", "").strip() or None,
        timeout=_positive(source, "SALESBRIEF_TIMEOUT", Settings.timeout),
        patience=_positive(source, "SALESBRIEF_PATIENCE", Settings.patience),
        attempts=_whole(source, "SALESBRIEF_ATTEMPTS", Settings.attempts),
        concurrency=_whole(source, "SALESBRIEF_CONCURRENCY", Settings.concurrency),
        output=output,  # type: ignore[arg-type]
        responses_api=_switch(source, "SALESBRIEF_RESPONSES_API"),
        price=_price(source.get("SALESBRIEF_PRICE", "")),
        tracing=tracing,
        store=_first(source, "SALESBRIEF_STORE"),
        author=_first(source, "SALESBRIEF_AUTHOR") or _login(),
        editor=_first(source, "VISUAL", "EDITOR"),
        variables=frozenset(name for name, value in source.items() if value.strip()),
    )


def _first(source: Mapping[str, str], *names: str) -> str | None:
    """The first of these variables that says anything."""
    return next((text for name in names if (text := source.get(name, "").strip())), None)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # A user id without an entry, as in some containers.
        return Settings.author


def _switch(source: Mapping[str, str], name: str) -> bool:
    text = source.get(name, "").strip().lower()
    if text not in _YES + _NO:
        raise SettingsError(f'{name} is "{text}"; it takes 1 or 0.')
    return text in _YES


def _positive(source: Mapping[str, str], name: str, default: float) -> float:
    text = source.get(name, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise SettingsError(f'{name} is "{text}"; it takes a number of seconds above 0.')
    return value


def _whole(source: Mapping[str, str], name: str, default: int) -> int:
    text = source.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise SettingsError(f'{name} is "{text}"; it takes a whole number from 1.')
    return int(text)


def _price(text: str) -> tuple[float, float] | None:
    if not text.strip():
        return None
    try:
        read, written = (float(part) for part in text.split("/"))
    except ValueError:
        read = written = -1.0
    if not (0 <= read < float("inf") and 0 <= written < float("inf")):
        raise SettingsError(f'SALESBRIEF_PRICE is "{text}"; it takes two prices per million tokens, as 1.25/10.')
    return read, written
