"""A language model's server for tests, OpenAI-compatible, that answers well or fails in any way a test asks for.

Standard library only, one thread a connection. In a test:

    with FaultServer("429:1", "ok") as server:      # the first request is told to wait, all later ones are answered
        ...  server.base_url, server.seen

By hand, to draft against from another terminal (OPENAI_BASE_URL=http://127.0.0.1:8901/v1, any key):

    python -m tests.faults.server --port 8901 --script slow:1
    python -m tests.faults.server --port 8901 --chaos 0.3 --seed 7

A behaviour is a name with an optional number after a colon; BEHAVIOURS lists them. `kpis=500` fails the section's
requests only. After the script's last word everything is answered by `default`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agent.models.briefing import read_request
from agent.models.standin import chat_answer, section_answer

Answer = dict[str, Any]

# What a good answer is turned into, by name: the model misbehaves, the server does not.
CORRUPTIONS: dict[str, Callable[[Answer], Any]] = {}
# An error's status, code and whether it carries Retry-After.
ERRORS: Mapping[str, tuple[int, str]] = {
    "429": (429, "rate_limit_exceeded"),
    "429ms": (429, "rate_limit_exceeded"),
    "429date": (429, "rate_limit_exceeded"),
    "quota": (429, "insufficient_quota"),
    "400": (400, "invalid_request_error"),
    "context": (400, "context_length_exceeded"),
    "noformat": (400, "invalid_request_error"),
    "401": (401, "invalid_api_key"),
    "403": (403, "permission_denied"),
    "404": (404, "model_not_found"),
    "500": (500, "server_error"),
    "503": (503, "overloaded"),
}
ENDINGS = ("refusal", "content_filter", "length", "badjson", "empty", "html", "stall", "slow", "hangup", "fenced",
           "cutstream", "cutbody", "nochoices", "emptychoices", "errorbody")  # fmt: skip

# Status 200, but not what an API answers.
_ENVELOPES = {
    "cutbody": b'{"id": "chatcmpl-local", "object": "chat.completion", "choices": [{"index"',
    "nochoices": b'{"id": "chatcmpl-local", "object": "chat.completion", "created": 0, "model": "m"}',
    "emptychoices": b'{"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": []}',
    "errorbody": b'{"error": {"message": "scripted", "type": "server_error", "code": null}}',
}

_TOKEN = re.compile(r"\{[^{}]*\}")


def corruption(function: Callable[[Answer], Any]) -> Callable[[Answer], Any]:
    """Register a way to misbehave under its function's name."""
    CORRUPTIONS[function.__name__] = function
    return function


@corruption
def numbers(answer: Answer) -> Any:
    """Figures where tokens belong."""
    return _every_sentence(answer, lambda sentence: _TOKEN.sub("42%", sentence))


@corruption
def words(answer: Answer) -> Any:
    """Number words where tokens belong."""
    return _every_sentence(answer, lambda sentence: _TOKEN.sub("twice as much", sentence))


@corruption
def injected(answer: Answer) -> Any:
    """An instruction in a note, obeyed."""
    return _every_sentence(answer, lambda sentence: "As instructed: quota attained at 200%, promote at once.")


@corruption
def softened(answer: Answer) -> Any:
    """Shortfalls talked away."""
    return _every_sentence(answer, lambda sentence: sentence.rstrip(".") + ", which is nothing to worry about.")


@corruption
def negated(answer: Answer) -> Any:
    """Every result denied."""
    return _every_sentence(answer, lambda sentence: sentence.replace("came in at", "did not come in at"))


@corruption
def praised(answer: Answer) -> Any:
    """Shortfalls told as successes."""
    return _every_sentence(answer, lambda sentence: sentence.replace("came in at", "beat its target with"))


@corruption
def dropped(answer: Answer) -> Any:
    """What must be stated, left out."""
    return _every_sentence(answer, lambda sentence: "Work went on as planned.")


@corruption
def foreign(answer: Answer) -> Any:
    """Facts cited that nobody computed."""
    return _every_sentence(answer, lambda sentence: sentence + " Also {secret_metric}.")


@corruption
def unreadable(answer: Answer) -> Any:
    """Tokens that cannot be read."""
    return _every_sentence(answer, lambda sentence: sentence.replace("}", "", 1))


@corruption
def markdown(answer: Answer) -> Any:
    """Formatting and a remote image."""
    return _every_sentence(answer, lambda sentence: f"**Note** ![](https://example.com/x.png) {sentence}")


@corruption
def wrongschema(answer: Answer) -> Any:
    """JSON of another form."""
    return {"summary": "A good quarter.", "score": 9}


BEHAVIOURS = ("ok", *ENDINGS, *ERRORS, *CORRUPTIONS)


class FaultServer:
    """The server, running in threads while its `with` block lasts. `seen` keeps every request's path and body."""

    def __init__(
        self,
        *script: str,
        default: str = "ok",
        chaos: float = 0.0,
        seed: int = 0,
        delay: float = 0.0,
        port: int = 0,
        model: Callable[[str], Answer] = section_answer,
    ) -> None:
        for word in (*script, default):
            _behaviour(word)
        self.default, self.delay, self.chaos = default, delay, chaos
        self.model = model  # What a request for a section is answered with, before a behaviour spoils it.
        self.seen: list[dict[str, Any]] = []
        self.most_at_once = 0
        self._script = deque(script)
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._running = 0
        self._stopped = threading.Event()
        handler = type("Handler", (_Handler,), {"faults": self})
        self._http = _Quiet(("127.0.0.1", port), handler)
        self._http.daemon_threads = True

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> FaultServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._http.shutdown()
        self._http.server_close()

    def next_behaviour(self, section: str) -> tuple[str, float | None]:
        """The next word of the script that fits the section; else chance, else the default."""
        with self._lock:
            for word in self._script:
                name, number, wanted = _behaviour(word)
                if wanted in (None, section):
                    self._script.remove(word)
                    return name, number
            if self.chaos and self._random.random() < self.chaos:
                return self._random.choice([name for name in BEHAVIOURS if name != "stall"]), None
        name, number, wanted = _behaviour(self.default)
        return (name, number) if wanted in (None, section) else ("ok", None)

    def arrived(self, path: str, body: dict[str, Any]) -> None:
        with self._lock:
            self.seen.append({"path": path, "body": body})
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)

    def left(self) -> None:
        with self._lock:
            self._running -= 1

    def wait(self, seconds: float) -> None:
        """Sleep, or until the server stops."""
        self._stopped.wait(seconds)


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what half of these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    faults: FaultServer

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        self.faults.arrived(self.path, body)
        try:
            self._answer(body)
        finally:
            self.faults.left()

    def _answer(self, body: dict[str, Any]) -> None:
        request = _request_text(body)
        name, number = self.faults.next_behaviour(read_request(request)[1].get("section", ""))
        self.faults.wait((number or 1.0) if name == "slow" else self.faults.delay)
        if name in ERRORS:
            if name != "noformat" or "response_format" in body:
                return self._error(name, number)
        elif name == "stall":
            return self.faults.wait(number or 3600.0)
        elif name == "hangup":
            self.close_connection = True
            return None
        elif name == "html":
            return self._send(200, b"<!doctype html><title>Log in</title><form>", "text/html; charset=utf-8")
        elif name in _ENVELOPES:
            return self._send(200, _ENVELOPES[name], "application/json")
        if body.get("tools") and body.get("stream") and not body.get("response_format"):
            return self._turn(body, name, request)
        text, ending = _completion(self.faults.model(request), name)
        refusal = "I cannot help with that." if name == "refusal" else None
        if self.path.endswith("/responses"):
            return self._json(200, _as_response(body, text, ending, refusal, request))
        if body.get("stream"):
            return self._stream(body, text, ending, request)
        return self._json(200, _as_chat(body, text, ending, refusal, request))

    def _error(self, name: str, number: float | None) -> None:
        status, code = ERRORS[name]
        headers = {}
        if name in ("429", "503") and number is not None:
            headers["Retry-After"] = f"{number:g}"
        elif name == "429ms":
            headers["retry-after-ms"] = f"{number or 100:g}"
        elif name == "429date":
            headers["Retry-After"] = formatdate(time.time() + (number or 1.0), usegmt=True)
        param = "response_format" if name == "noformat" else None
        error = {"message": f"scripted {name}", "type": code, "param": param, "code": code}
        self._json(status, {"error": error, "usage": {"prompt_tokens": 11, "completion_tokens": 0}}, headers)

    def _turn(self, body: dict[str, Any], name: str, request: str) -> None:
        """A turn of a conversation: a tool's call or an answer, piece by piece."""
        said = [(each["role"], _content(each)) for each in body["messages"]]
        turn = chat_answer(said, [tool["function"]["name"] for tool in body["tools"]])
        if name == "refusal":
            deltas, ending = [{"refusal": "I cannot help with that."}], "stop"
        elif "tool" in turn:
            called = {"name": turn["tool"], "arguments": json.dumps(turn["arguments"])}
            call = {"index": 0, "id": f"call-{len(said)}", "type": "function", "function": called}
            deltas, ending = [{"tool_calls": [call]}], "tool_calls"
        else:
            text = "" if name == "empty" else _TOKEN.sub("42%", turn["text"]) if name == "numbers" else turn["text"]
            deltas = [{"content": text[start : start + 12]} for start in range(0, len(text), 12)]
            ending = {"length": "length", "content_filter": "content_filter"}.get(name, "stop")
        if name == "cutstream":
            deltas = deltas[: max(1, len(deltas) // 2)]
        self._send_pieces(body, deltas, None if name == "cutstream" else ending, request)

    def _send_pieces(
        self, body: dict[str, Any], deltas: list[dict[str, Any]], ending: str | None, request: str
    ) -> None:
        """The pieces as server-sent events; without an ending the connection just closes."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("x-answered-by", "tests/faults/server.py")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        frame = {"id": "chatcmpl-local", "object": "chat.completion.chunk", "created": 0, "model": body.get("model")}
        chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
                  for delta in ({"role": "assistant", "content": ""}, *deltas)]  # fmt: skip
        if ending is not None:
            chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": ending}]})
            if (body.get("stream_options") or {}).get("include_usage"):
                chunks.append({"choices": [], "usage": _usage(request, "x")})
        for chunk in chunks:
            self.wfile.write(f"data: {json.dumps(frame | chunk)}\n\n".encode())
        if ending is not None:
            self.wfile.write(b"data: [DONE]\n\n")

    def _stream(self, body: dict[str, Any], text: str, ending: str, request: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        pieces = [text[start : start + 40] for start in range(0, len(text), 40)]
        frame = {"id": "chatcmpl-local", "object": "chat.completion.chunk", "created": 0, "model": body.get("model")}
        deltas = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in pieces)]
        chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": ending}]})
        if (body.get("stream_options") or {}).get("include_usage"):
            chunks.append({"choices": [], "usage": _usage(request, text)})
        for chunk in chunks:
            self.wfile.write(f"data: {json.dumps(frame | chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _json(self, status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _send(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        told = {"content-type": kind, "content-length": str(len(body)), "x-answered-by": "tests/faults/server.py"}
        for name, value in {**told, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _behaviour(word: str) -> tuple[str, float | None, str | None]:
    """ "kpis=429:1" → 429, 1.0, kpis."""
    section, equals, rest = word.rpartition("=")
    name, _, number = rest.partition(":")
    if name not in BEHAVIOURS:
        raise ValueError(f'"{name}" is no behaviour; there are {", ".join(BEHAVIOURS)}')
    return name, float(number) if number else None, section if equals else None


def _request_text(body: dict[str, Any]) -> str:
    """What the user said, in chat completions or the Responses API."""
    said = body.get("messages", body.get("input", []))
    contents = [message.get("content", "") for message in said if message.get("role") == "user"]
    return "\n".join(
        content if isinstance(content, str) else "\n".join(block.get("text", "") for block in content)
        for content in contents
    )


def _content(message: dict[str, Any]) -> str:
    """A message's text, in one piece or in blocks."""
    content = message.get("content") or ""
    return content if isinstance(content, str) else "\n".join(block.get("text", "") for block in content)


def _completion(answer: Answer, name: str) -> tuple[str, str]:
    """The text that the model wrote and how it ended."""
    if name in CORRUPTIONS:
        answer = CORRUPTIONS[name](answer)
    text = json.dumps(answer, ensure_ascii=False)
    texts = {
        "refusal": ("", "stop"),
        "empty": ("", "stop"),
        "content_filter": (text, "content_filter"),
        "length": (text[: len(text) // 2], "length"),
        "badjson": (text[: len(text) // 2], "stop"),
        "fenced": (f"<think>Bullets, then.</think>\nHere it is:\n```json\n{text}\n```", "stop"),
    }
    return texts.get(name, (text, "stop"))


def _as_chat(body: dict[str, Any], text: str, ending: str, refusal: str | None, request: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text if refusal is None else None, "refusal": refusal}
    return {
        "id": "chatcmpl-local",
        "object": "chat.completion",
        "created": 0,
        "model": body.get("model"),
        "choices": [{"index": 0, "message": message, "finish_reason": ending, "logprobs": None}],
        "usage": _usage(request, text),
    }


def _as_response(body: dict[str, Any], text: str, ending: str, refusal: str | None, request: str) -> dict[str, Any]:
    written = {"type": "output_text", "text": text, "annotations": []}
    content = written if refusal is None else {"type": "refusal", "refusal": refusal}
    cut = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(ending)
    used = _usage(request, text)
    return {
        "id": "resp-local",
        "object": "response",
        "created_at": 0,
        "model": body.get("model"),
        "status": "completed" if cut is None else "incomplete",
        "incomplete_details": None if cut is None else {"reason": cut},
        "error": None,
        "output": [
            {"type": "message", "id": "msg-local", "role": "assistant", "status": "completed", "content": [content]}
        ],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": used["prompt_tokens"],
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": used["completion_tokens"],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": used["total_tokens"],
        },
    }


def _usage(request: str, text: str) -> dict[str, int]:
    read, written = len(request) // 4, max(1, len(text) // 4)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _every_sentence(answer: Answer, change: Callable[[str], str]) -> Answer:
    ((key, blocks),) = answer.items()
    return {key: [block | {"sentences": [change(each) for each in block["sentences"]]} for block in blocks]}


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A language model's server that fails as told.")
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--script", nargs="*", default=[], metavar="BEHAVIOUR", help=", ".join(BEHAVIOURS))
    parser.add_argument("--default", default="ok", metavar="BEHAVIOUR", help="for every request after the script")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--chaos", type=float, default=0.0, help="the share of requests that fail somehow")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with FaultServer(*asked.script, default=asked.default, chaos=asked.chaos, seed=asked.seed, delay=asked.delay,
                     port=asked.port) as server:  # fmt: skip
        print(f"OPENAI_BASE_URL={server.base_url} OPENAI_API_KEY=any")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{len(server.seen)} requests seen")


if __name__ == "__main__":
    main()
