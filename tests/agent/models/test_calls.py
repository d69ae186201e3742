"""Whatever a model's server does, a section comes back or a named failure does, with every call on the record."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from agent.draft import Section
from agent.guard import refusals
from agent.writer import SectionFailed, SectionRefused
from tests.agent.models.world import ENGLISH, PLAN, QUICK, told, write_all, write_one, write_scripted
from tests.faults.server import FaultServer

MODEL = "openai:gpt-4o-mini"


def _outcomes(*script: str, **settings: object) -> tuple[Section | BaseException, list[str], FaultServer]:
    with FaultServer(*script) as server:
        written, writer = write_one(MODEL, settings=replace(QUICK, base_url=server.base_url, **settings))
    return written, [attempt.outcome for attempt in writer.attempts], server


def test_a_good_answer_passes_the_guard_in_every_section() -> None:
    with FaultServer() as server:
        sections, writer = write_all(MODEL, replace(QUICK, base_url=server.base_url))
    assert [section.id for section in sections] == [plan.id for plan in told()]
    assert [refusals(section, plan, PLAN, ENGLISH) for section, plan in zip(sections, told(), strict=True)] == [
        [] for _ in told()
    ]
    assert {attempt.outcome for attempt in writer.attempts} == {"ok"}
    assert all(attempt.input_tokens and attempt.output_tokens for attempt in writer.attempts)


@pytest.mark.parametrize("fault", ["429:0.1", "429ms:50", "429date:0.5", "500", "503:0.1", "hangup"])
def test_a_passing_fault_is_asked_again(fault: str) -> None:
    written, outcomes, server = _outcomes(fault)
    assert isinstance(written, Section)
    assert outcomes[1:] == ["ok"] and len(server.seen) == 2


@pytest.mark.parametrize("careless", ["badjson", "wrongschema", "empty", "cutbody"])
def test_a_careless_answer_is_asked_for_once_more(careless: str) -> None:
    assert isinstance(_outcomes(careless)[0], Section)
    written, outcomes, _ = _outcomes(careless, careless)
    assert isinstance(written, SectionFailed) and len(outcomes) == 2


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("quota", "quota"), ("400", "bad_request"), ("context", "context_length"), ("401", "authentication"),
        ("403", "permission"), ("404", "not_found"), ("refusal", "refusal"), ("content_filter", "content_filter"),
        ("length", "truncated"), ("html", "not_api"), ("nochoices", "not_api"), ("emptychoices", "not_api"),
        ("errorbody", "not_api"),
    ],
)  # fmt: skip
def test_a_hopeless_fault_is_named_after_one_call(fault: str, outcome: str) -> None:
    written, outcomes, server = _outcomes(fault)
    assert isinstance(written, SectionFailed) and not isinstance(written, SectionRefused)
    assert (written.outcome, outcomes, len(server.seen)) == (outcome, [outcome], 1)


@pytest.mark.parametrize("fault", ["refusal", "content_filter", "length", "badjson", "wrongschema", "empty"])
def test_failed_answers_are_counted_in_tokens(fault: str) -> None:
    with FaultServer(default=fault) as server:
        _, writer = write_one(MODEL, settings=replace(QUICK, base_url=server.base_url))
    assert all(attempt.input_tokens and attempt.output_tokens for attempt in writer.attempts)


def test_tokens_are_read_from_the_body_of_an_error() -> None:
    with FaultServer("quota") as server:
        _, writer = write_one(MODEL, settings=replace(QUICK, base_url=server.base_url))
    assert (writer.attempts[0].input_tokens, writer.attempts[0].output_tokens) == (11, 0)


def test_retry_after_is_waited_for() -> None:
    started = time.monotonic()
    assert isinstance(_outcomes("429:0.6")[0], Section)
    assert 0.6 <= time.monotonic() - started < 4


def test_a_wait_beyond_our_patience_is_not_begun() -> None:
    started = time.monotonic()
    written, outcomes, _ = _outcomes("429:60")
    assert isinstance(written, SectionFailed) and outcomes == ["rate_limit"]
    assert time.monotonic() - started < 6


def test_a_stalled_answer_times_out() -> None:
    started = time.monotonic()
    written, outcomes, _ = _outcomes("stall", "stall", timeout=0.3, attempts=2)
    assert isinstance(written, SectionFailed) and outcomes == ["timeout", "timeout"]
    assert time.monotonic() - started < 6


def test_nobody_listening_is_a_connection_failure() -> None:
    written, writer = write_one(MODEL, settings=replace(QUICK, base_url="http://127.0.0.1:9/v1", attempts=2))
    assert isinstance(written, SectionFailed) and written.outcome == "connection"
    assert [attempt.outcome for attempt in writer.attempts] == ["connection", "connection"]


def test_a_server_that_takes_no_schema_is_asked_for_plain_json() -> None:
    with FaultServer(default="noformat") as server:
        written, _ = write_one(MODEL, settings=replace(QUICK, base_url=server.base_url))
    assert isinstance(written, Section)
    formats = [request["body"].get("response_format", {}).get("type") for request in server.seen]
    assert formats == ["json_schema", "json_object", None]


def test_an_answer_is_found_after_thinking_and_inside_a_fence() -> None:
    assert isinstance(_outcomes("fenced", output="text")[0], Section)


def test_the_responses_api_is_spoken_too() -> None:
    written, outcomes, server = _outcomes(responses_api=True)
    assert isinstance(written, Section) and outcomes == ["ok"]
    assert server.seen[0]["path"].endswith("/responses")


@pytest.mark.parametrize(("fault", "outcome"), [("refusal", "refusal"), ("length", "truncated"),
                                                ("content_filter", "content_filter")])  # fmt: skip
def test_the_responses_api_ends_are_recognised(fault: str, outcome: str) -> None:
    assert _outcomes(fault, responses_api=True)[1] == [outcome]


def test_unreadable_tokens_are_refused_with_a_reason_for_each() -> None:
    written, outcomes, _ = _outcomes("unreadable")
    assert isinstance(written, SectionRefused) and written.reasons
    assert outcomes == ["ok", "refused"]


def test_a_repair_shows_the_model_its_answer_and_the_reasons() -> None:
    with FaultServer("dropped") as server:
        write_one(MODEL, settings=replace(QUICK, base_url=server.base_url), refused=["win_rate must be stated."])
    first, second = (request["body"]["messages"] for request in server.seen)
    assert second[:2] == first
    assert "Work went on as planned." in second[2]["content"]
    assert "win_rate must be stated." in second[3]["content"]


def test_sections_share_the_start_of_their_prompts_byte_for_byte() -> None:
    with FaultServer() as server:
        write_all(MODEL, replace(QUICK, base_url=server.base_url))
    systems = {request["body"]["messages"][0]["content"] for request in server.seen}
    records = {request["body"]["messages"][1]["content"].split("</record>")[0] for request in server.seen}
    assert len(server.seen) == len(told()) and len(systems) == len(records) == 1


def test_sections_are_asked_for_at_once_as_far_as_allowed() -> None:
    with FaultServer(delay=0.8) as server:
        write_all(MODEL, replace(QUICK, base_url=server.base_url))
        assert server.most_at_once == len(told())
    with FaultServer(delay=0.05) as server:
        write_all(MODEL, replace(QUICK, base_url=server.base_url, concurrency=2))
        assert server.most_at_once == 2


def test_a_second_run_in_the_same_process_has_its_own_connection() -> None:
    with FaultServer() as server:
        runs = [write_one(MODEL, settings=replace(QUICK, base_url=server.base_url))[0] for _ in range(3)]
    assert all(isinstance(run, Section) for run in runs)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[" * 100_000, '{"blocks": ' + "9" * 5_000 + "}", "null", "\x00", '{"blocks": [{"style": 1}]}', "}{"],
    ids=["nothing", "no blocks", "endless", "huge number", "null", "control", "wrong inside", "reversed"],
)
def test_no_answer_is_too_odd_to_be_named(text: str) -> None:
    written, writer = write_scripted([text, text])
    assert isinstance(written, SectionFailed)
    assert {attempt.outcome for attempt in writer.attempts} <= {"empty", "not_json", "wrong_schema"}


def test_half_characters_never_reach_a_draft() -> None:
    written, writer = write_scripted(['{"blocks": [{"style": "bullet", "sentences": ["Odd \\ud800 {brace"]}]}'])
    assert isinstance(written, SectionRefused)
    assert all(attempt.model_dump_json() for attempt in writer.attempts)
