"""From a model string to a model, or one sentence about what is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from agent.models.choice import make_model, model_name, price_of
from agent.settings import Settings
from tools.errors import ModelUnavailable, SettingsError

KEYED = Settings(variables=frozenset({"OPENAI_API_KEY"}))
LOCAL = Settings(base_url="http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    ("asked", "settings", "said"),
    [
        ("openai:gpt-5", Settings(), "OPENAI_API_KEY"),
        ("gpt-5", Settings(), "OPENAI_API_KEY"),
        ("azure_openai:ours", Settings(), "AZURE_OPENAI_ENDPOINT"),
        ("anthropic:claude-x", Settings(), "ANTHROPIC_API_KEY"),
        ("anthropic:claude-x", Settings(variables=frozenset({"ANTHROPIC_API_KEY"})), "pip install langchain-anthropic"),
        ("ollama:llama3", Settings(), "pip install langchain-ollama"),
        ("cohere:command", Settings(), "pip install langchain-cohere"),
        ("nobody:model", Settings(), "nobody:model cannot be set up"),
        ("llama3", Settings(), "names no provider"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(asked: str, settings: Settings, said: str) -> None:
    with pytest.raises(ModelUnavailable) as told:
        make_model(asked, settings)
    assert said in str(told.value) and "\n" not in str(told.value)


def test_a_server_of_ones_own_needs_no_key() -> None:
    model = make_model("openai:llama3", LOCAL)
    assert (model.model_name, model.max_retries, model.request_timeout) == ("llama3", 0, LOCAL.timeout)
    assert model.use_responses_api is False


def test_an_address_without_its_scheme_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(SettingsError, match="http://localhost"):
        make_model("openai:llama3", Settings(base_url="localhost:11434/v1"))


def test_a_model_that_answers_on_the_responses_api_only_is_asked_there() -> None:
    assert make_model("openai:gpt-5-pro", LOCAL).use_responses_api is True


def test_cost_is_known_by_list_or_by_the_owner_or_not_at_all() -> None:
    listed = price_of(model_name("openai:gpt-4o-mini-2024-07-18"), Settings())
    assert listed is not None and listed.cost(1_000_000, 500_000) == pytest.approx(0.15 + 0.30)
    owners = price_of(model_name("openai:llama3"), Settings(price=(1.0, 4.0)))
    assert owners is not None and owners.cost(500_000, 250_000) == pytest.approx(1.50)
    assert price_of(model_name("openai:llama3"), Settings()) is None


def test_naming_a_model_loads_nothing_heavy() -> None:
    program = (
        "import sys, agent.models\n"
        "print([name for name in ('openai', 'langchain', 'langchain_core', 'langchain_openai') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
