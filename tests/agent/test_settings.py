"""What the environment says, and what is kept from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.settings import Settings, read_environment
from tools.errors import SettingsError


def test_an_empty_environment_gives_the_defaults() -> None:
    assert replace(read_environment({}), author=Settings.author) == Settings()


def test_tracing_is_cleared_unless_opted_in() -> None:
    asked = {"LANGSMITH_TRACING": "true", "LANGCHAIN_API_KEY": "x", "LANGSMITH_GATEWAY": "https://a", "HOME": "/h"}
    environment = dict(asked)
    read_environment(environment)
    assert environment == {"HOME": "/h"}
    opted_in = asked | {"SALESBRIEF_TRACING": "1"}
    assert read_environment(opted_in).tracing and "LANGSMITH_TRACING" in opted_in


def test_secrets_are_known_by_name_only() -> None:
    settings = read_environment({"OPENAI_API_KEY": "sk-secret"})
    assert settings.has("OPENAI_API_KEY") and "sk-secret" not in repr(settings)


def test_every_setting_is_read() -> None:
    settings = read_environment(
        {
            "SALESBRIEF_MODEL": "openai:gpt-5", "SALESBRIEF_TIMEOUT": "1.5", "SALESBRIEF_PATIENCE": "9",
            "SALESBRIEF_ATTEMPTS": "2", "SALESBRIEF_CONCURRENCY": "3", "SALESBRIEF_OUTPUT": "text",
            "SALESBRIEF_RESPONSES_API": "yes", "SALESBRIEF_PRICE": "1.25/10", "OPENAI_BASE_URL": "http://h/v1",
        }
    )  # fmt: skip
    assert (settings.model, settings.timeout, settings.patience, settings.attempts) == ("openai:gpt-5", 1.5, 9.0, 2)
    assert (settings.concurrency, settings.output, settings.responses_api) == (3, "text", True)
    assert (settings.price, settings.base_url) == ((1.25, 10.0), "http://h/v1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SALESBRIEF_TIMEOUT", "soon"), ("SALESBRIEF_TIMEOUT", "0"), ("SALESBRIEF_PATIENCE", "inf"),
        ("SALESBRIEF_ATTEMPTS", "0"), ("SALESBRIEF_CONCURRENCY", "2.5"), ("SALESBRIEF_OUTPUT", "xml"),
        ("SALESBRIEF_TRACING", "maybe"), ("SALESBRIEF_PRICE", "free"), ("SALESBRIEF_PRICE", "1/-2"),
    ],
)  # fmt: skip
def test_an_impossible_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_environment({name: value})
