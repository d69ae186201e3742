"""One call of a model: the request goes out, an answer of the right class comes back, or `CallFailed` says why not.

Failures are told apart by type, status and fields, never by the words of a message; what a server says is not
repeated to people either, for it may echo keys or customer text.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_core.exceptions import ContextOverflowError, ModelConnectionError, ModelTimeoutError
from langchain_core.messages import AIMessage
from pydantic import BaseModel, ValidationError

from agent.models.retry import CallFailed, retry_after

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Request = Sequence[tuple[str, str]]

_TRUNCATED = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
_FILTERED = frozenset({"content_filter", "content_filtered", "safety", "guardrail_intervened", "prohibited_content"})
_DECLINED = frozenset({"refusal"})
# Codes that a server gives in an error's `code` or `type`, whatever its status.
_CODES = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "context_length_exceeded": "context_length",
    "content_filter": "content_filter",
    "content_policy_violation": "content_filter",
}
_STATUSES = {
    400: "bad_request", 401: "authentication", 402: "quota", 403: "permission", 404: "not_found", 408: "timeout",
    409: "server_error", 413: "context_length", 422: "bad_request", 425: "server_error", 429: "rate_limit",
}  # fmt: skip
REASONS = {
    "rate_limit": "the model was too busy",
    "quota": "the account's quota with the model's provider is used up",
    "timeout": "the model did not answer in time",
    "connection": "the model could not be reached",
    "server_error": "the model's server failed",
    "authentication": "the model's server did not accept the key",
    "permission": "the key may not use this model",
    "not_found": "the server knows no such model or address",
    "bad_request": "the model's server did not accept the request",
    "context_length": "the record is too long for this model",
    "content_filter": "the provider's content filter stopped the answer",
    "refusal": "the model declined to write it",
    "truncated": "the answer was cut off",
    "empty": "the answer was empty",
    "not_json": "the answer was not JSON",
    "wrong_schema": "the answer did not have the form asked for",
    "not_api": "what answered is no model's API (a proxy's login page, perhaps)",
}

# Raised by OpenAI's client instead of returning the message; named, so that the package need not be there.
_FINISHED = {
    "LengthFinishReasonError": "truncated",
    "ContentFilterFinishReasonError": "content_filter",
    "OpenAIRefusalError": "refusal",
    "ModelRefusalError": "refusal",
}

# Reasoning that some local models write before their answer.
THINKING = re.compile(r"^\s*<think>.*?</think>", re.S)


class NotTheApi(Exception):
    """A page came back with status 200 that is no API's answer."""


@dataclass(frozen=True)
class Reply:
    """An answer of the class asked for, its text as the model wrote it, and what it cost in tokens."""

    answer: BaseModel
    text: str
    input_tokens: int | None
    output_tokens: int | None


async def ask(model: BaseChatModel, request: Request, form: type[BaseModel], output: str, seconds: float) -> Reply:
    """Call the model once and read its answer as a `form`. Raises `CallFailed`, and nothing else, where there is none.

    `output` is how the model is held to the form: json_schema, json_object, text, or provider (LangChain's choice).
    """
    try:
        async with asyncio.timeout(seconds):
            message = await _bound(model, form, output).ainvoke(list(request))
    except AssertionError:
        raise
    except Exception as error:  # Providers' packages share no base class; what is not recognised is named by its type.
        raise failure_of(error) from error
    return _read(message["raw"] if isinstance(message, dict) else message, form)


async def expect_json(response: Any) -> None:
    """A response hook for the HTTP client: a page of HTML with status 200 is no answer."""
    if response.status_code == 200 and "html" in response.headers.get("content-type", ""):
        raise NotTheApi("a page of HTML")


def rejects_schema(failed: CallFailed) -> bool:
    """Whether the server turned down the `response_format` itself, as compatible servers may."""
    body = _body(failed.__cause__)
    named = [str(body.get("param") or "")]
    details = body.get("detail")
    if isinstance(details, list):
        named += [str(part) for detail in details if isinstance(detail, dict) for part in detail.get("loc", ())]
    return failed.outcome == "bad_request" and any(name.startswith("response_format") for name in named)


def _bound(model: BaseChatModel, form: type[BaseModel], output: str) -> Any:
    if output == "json_schema":
        schema = {"name": form.__name__, "schema": form.model_json_schema(), "strict": True}
        return model.bind(response_format={"type": "json_schema", "json_schema": schema})
    if output == "json_object":
        return model.bind(response_format={"type": "json_object"})
    if output == "text":
        return model
    return model.with_structured_output(form, include_raw=True)


def _read(message: AIMessage, form: type[BaseModel]) -> Reply:
    """The message's answer; how it ended is looked at first, for a filtered or cut-off answer may still parse."""
    text, (read, written) = _text(message), _usage(message.usage_metadata)
    outcome = ending_of(message)
    if outcome is None and not text.strip():
        outcome = "empty"
    if outcome is not None:
        raise CallFailed(outcome, REASONS[outcome], input_tokens=read, output_tokens=written)
    try:
        return Reply(form.model_validate(_json(text)), text, read, written)
    except ValidationError as error:
        raise CallFailed("wrong_schema", REASONS["wrong_schema"], input_tokens=read, output_tokens=written) from error
    except (ValueError, RecursionError) as error:  # Numbers of a thousand digits and endless brackets included.
        raise CallFailed("not_json", REASONS["not_json"], input_tokens=read, output_tokens=written) from error


def _text(message: AIMessage) -> str:
    """What the model wrote, or the arguments of the one tool that LangChain let it call."""
    return json.dumps(message.tool_calls[0]["args"]) if message.tool_calls else message.text


def _json(text: str) -> Any:
    """The object in the text: bare, fenced, or after a model's thinking. A cut-off one stays unreadable."""
    bare = THINKING.sub("", text, count=1)
    start, end = bare.find("{"), bare.rfind("}")
    return json.loads(bare[start : end + 1] if start >= 0 else bare)


def ending_of(message: AIMessage) -> str | None:
    """refusal, content_filter or truncated, by the fields in which providers say so; None for a whole answer."""
    metadata = message.response_metadata
    blocks = message.content if isinstance(message.content, list) else []
    declined = any(isinstance(block, dict) and block.get("type") == "refusal" for block in blocks)
    if declined or message.additional_kwargs.get("refusal"):
        return "refusal"
    details = metadata.get("incomplete_details") or {}
    endings = [metadata.get(name) for name in ("finish_reason", "stop_reason", "done_reason")] + [details.get("reason")]
    said = {str(ending).lower() for ending in endings if ending is not None}
    if said & _DECLINED:
        return "refusal"
    if said & _FILTERED:
        return "content_filter"
    if said & _TRUNCATED or metadata.get("status") == "incomplete":
        return "truncated"
    return None


def failure_of(error: Exception) -> CallFailed:
    """What went wrong, from the error's type, status and fields."""
    outcome = _outcome(error)
    response = getattr(error, "response", None)
    headers = getattr(response, "headers", None)
    read, written = _usage(_body_of(response).get("usage"))
    reason = REASONS.get(outcome, f"the model's client failed ({type(error).__name__})")
    status = getattr(error, "status_code", None)
    return CallFailed(
        outcome,
        f"{reason} (HTTP {status})" if isinstance(status, int) else reason,
        retry_after=retry_after(headers) if headers is not None else None,
        input_tokens=read,
        output_tokens=written,
    )


def _outcome(error: Exception) -> str:
    if any(isinstance(cause, NotTheApi) for cause in _causes(error)):
        return "not_api"
    body = _body(error)
    for field in ("code", "type"):
        code = getattr(error, field, None) or body.get(field)
        if isinstance(code, str) and code in _CODES:
            return _CODES[code]
    if isinstance(error, ContextOverflowError):
        return "context_length"
    finished = type(error).__name__
    if finished in _FINISHED:
        return _FINISHED[finished]
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        return _STATUSES.get(status, "server_error" if status >= 500 else "bad_request")
    if isinstance(error, TimeoutError | ModelTimeoutError):
        return "timeout"
    if isinstance(error, ModelConnectionError | OSError):
        return "connection"
    if isinstance(error, json.JSONDecodeError):
        return "not_json"
    if isinstance(error, ValueError | TypeError | LookupError | AttributeError):
        return "not_api"
    return "error"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _body(error: BaseException | None) -> Mapping[str, Any]:
    body = getattr(error, "body", None)
    return body if isinstance(body, dict) else {}


def _body_of(response: Any) -> Mapping[str, Any]:
    """The JSON body of a failed response, where it is one."""
    try:
        body = response.json() if response is not None else {}
    except (ValueError, RuntimeError):  # Not JSON, or never read to its end.
        return {}
    return body if isinstance(body, dict) else {}


def _usage(usage: Any) -> tuple[int | None, int | None]:
    """Tokens read and written, by LangChain's names or OpenAI's."""
    if not isinstance(usage, Mapping):
        return None, None
    return usage.get("input_tokens", usage.get("prompt_tokens")), usage.get(
        "output_tokens", usage.get("completion_tokens")
    )
