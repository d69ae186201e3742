"""Which model: from a LangChain model string to a chat model, or one sentence about what is missing."""

from __future__ import annotations

import gc
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.settings import Settings
from tools.errors import ModelUnavailable, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OFFLINE = "offline"

# Names that say who makes them, for people who leave the provider out.
_OPENAI_NAME = re.compile(r"(gpt-|chatgpt-|o[134](-|$))")
# gpt-4o-mini-2024-07-18: a snapshot has its model's price.
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True)
class Provider:
    """What is known of a provider beforehand."""

    id: str
    package: str | None = None
    keys: tuple[str, ...] = ()
    output: str = "provider"
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Price:
    """Money per million tokens; `on` is the day the list price was published, null where the owner set it."""

    input: float
    output: float
    on: date | None = None
    currency: str = "USD"

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


@dataclass(frozen=True)
class ModelName:
    """A model string taken apart: `openai:gpt-5` → openai, gpt-5."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}" if self.model else self.provider


def model_name(text: str) -> ModelName:
    """Read a model string. Raises `ModelUnavailable` where no provider is named and none can be told from the name."""
    provider, colon, model = text.strip().partition(":")
    if provider == OFFLINE:
        return ModelName(OFFLINE, model)
    if colon and provider and model:
        return ModelName(provider.replace("-", "_"), model)
    if not colon and _OPENAI_NAME.match(provider):
        return ModelName("openai", provider)
    raise ModelUnavailable(f'The model "{text}" names no provider; write it as provider:model, such as openai:gpt-5.')


def provider_of(name: ModelName) -> Provider:
    """The provider's row; one without a row gets no options, and LangChain's own way of holding it to a form."""
    row = _known()["provider"].get(name.provider)
    if row is None:
        return Provider(name.provider)
    return Provider(
        name.provider, row["package"], tuple(row["keys"]), row.get("output", "provider"), tuple(row["options"])
    )


def price_of(name: ModelName, settings: Settings) -> Price | None:
    """What the model costs: as the owner says, else its list price, else nothing is known."""
    if settings.price is not None:
        return Price(*settings.price)
    if name.provider == OFFLINE:
        return Price(0.0, 0.0)
    plain = _SNAPSHOT.sub("", str(name))
    row = next((row for row in _known()["price"] if row["model"] == plain), None)
    return Price(row["input"], row["output"], row["on"]) if row is not None else None


def check_model(text: str, settings: Settings) -> None:
    """Raise `ModelUnavailable` or `SettingsError` where name, key or address is missing or wrong; loads nothing."""
    _require(model_name(text), settings)


@contextmanager
def loading() -> Iterator[None]:
    """Importing a model's package makes a million objects that stay: looking for garbage among them costs a sixth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def make_model(text: str, settings: Settings | None = None, **clients: Any) -> BaseChatModel:
    """The chat model that a model string names, retrying nothing by itself and with an explicit timeout.

    `clients` are HTTP clients for OpenAI's and Azure's classes, which else share one with every event loop of the
    process. Raises `ModelUnavailable` with the missing package or variable.
    """
    name, settings = model_name(text), settings or Settings()
    _require(name, settings)
    if name.provider == OFFLINE:
        from agent.models.offline import OfflineChatModel

        return OfflineChatModel()
    if name.provider == "openai":
        return _openai(name, settings, clients)
    if name.provider == "azure_openai":
        return _azure(name, settings, clients)
    return _any(name, provider_of(name), settings)


def _openai(name: ModelName, settings: Settings, clients: dict[str, Any]) -> BaseChatModel:
    with loading():
        from langchain_openai import ChatOpenAI

    # Servers of one's own seldom ask for a key, but the client refuses to be built without one.
    unneeded = {} if settings.has("OPENAI_API_KEY") else {"api_key": "not-needed"}

    return ChatOpenAI(
        model=name.model,
        base_url=settings.base_url,
        use_responses_api=_responses_api(name, settings),
        timeout=settings.timeout,
        max_retries=0,
        **unneeded,
        **clients,
    )


def _azure(name: ModelName, settings: Settings, clients: dict[str, Any]) -> BaseChatModel:
    with loading():
        from langchain_openai import AzureChatOpenAI

    return AzureChatOpenAI(
        azure_deployment=name.model,
        model=name.model,
        use_responses_api=_responses_api(name, settings),
        timeout=settings.timeout,
        max_retries=0,
        **clients,
    )


def _any(name: ModelName, provider: Provider, settings: Settings) -> BaseChatModel:
    """Any other model that LangChain knows."""
    with loading():
        from langchain.chat_models import init_chat_model

    offered = {"timeout": settings.timeout, "max_retries": 0}
    options = {option: offered[option] for option in provider.options}
    try:
        return init_chat_model(name.model, model_provider=name.provider, **options)
    except ImportError as error:
        package = provider.package or (error.name or f"langchain-{name.provider}").replace("_", "-")
        raise ModelUnavailable(f"{name} needs a package that is not installed: pip install {package}.") from error
    except ValueError as error:
        # LangChain's and pydantic's refusals are ValueErrors; their first line says what is wrong.
        said = str(error).strip().splitlines()[0].rstrip(".")
        raise ModelUnavailable(f"{name} cannot be set up: {said}.") from error


def _require(name: ModelName, settings: Settings) -> None:
    """What the environment must say before the model can be made."""
    address = settings.base_url if name.provider == "openai" else None
    if address is not None:
        if not address.startswith(("http://", "https://")):
            raise SettingsError(
                f'OPENAI_BASE_URL is "{address}"; it takes a whole address, as http://localhost:11434/v1.'
            )
        return
    missing = [key.replace("|", " or ") for key in provider_of(name).keys if not settings.has(*key.split("|"))]
    if missing:
        own = ", or OPENAI_BASE_URL for a compatible server of your own" if name.provider == "openai" else ""
        raise ModelUnavailable(f"{name} needs {', '.join(missing)} in the environment{own}.")


def _responses_api(name: ModelName, settings: Settings) -> bool:
    """Said outright: left to itself, the client picks the endpoint by the model's name."""
    return settings.responses_api or name.model.startswith(tuple(_known()["responses_api"]["only"]))


@cache
def _known() -> dict[str, Any]:
    file = Path(__file__).with_name("providers.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
