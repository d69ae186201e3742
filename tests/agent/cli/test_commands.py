"""The commands, used as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

MICHAEL = ("--who", "Michael", "--period", "2026-Q2", "--as-of", "2026-07-05")


def test_facts_for_a_machine_hold_the_documented_fields(salesbrief, demo_workspace: Path) -> None:
    ran = salesbrief("facts", "--data", demo_workspace, *MICHAEL, "--json")
    sheet = json.loads(ran.out)
    fact = next(fact for fact in sheet["facts"] if fact["id"] == "win_rate")
    assert ran.code == 0
    assert sheet["person"] == "Michael Torres"
    assert {"id", "label", "value", "unit", "target", "prior", "team", "better", "key", "definition"} <= set(fact)
    assert len(fact["records"]) == 40


def test_facts_for_everybody_are_json_lines(salesbrief, demo_workspace: Path) -> None:
    ran = salesbrief("facts", "--data", demo_workspace, "--all", *MICHAEL[2:], "--json")
    people = [json.loads(line)["person"] for line in ran.out.splitlines()]
    assert {"Michael Torres", "Jessica Nguyen", "Brandon Hayes"} <= set(people)


def test_explain_opens_a_number_to_its_records(salesbrief, demo_workspace: Path) -> None:
    ran = salesbrief("explain", "win_rate", "--data", demo_workspace, *MICHAEL, "--json")
    opened = json.loads(ran.out)
    assert ran.code == 0
    assert len(opened["records"]) == 40
    assert "won" in json.dumps(opened["numbers"])


def test_a_draft_is_printed_and_its_findings_are_told_apart(salesbrief, demo_workspace: Path) -> None:
    ran = salesbrief("draft", "--data", demo_workspace, *MICHAEL)
    assert ran.code == 0
    assert ran.out.startswith("# Michael Torres: Q2 2026")
    assert "short of the 90% target" in ran.out
    assert "Checks:" in ran.err
    assert "Checks:" not in ran.out


def test_a_draft_as_json_holds_tokens_text_facts_and_the_run(salesbrief, demo_workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "draft.json"
    assert salesbrief("draft", "--data", demo_workspace, *MICHAEL, "--format", "json", "--out", out).code == 0
    draft = json.loads(out.read_text())
    statement = draft["headline"]["blocks"][0]["statements"][0]
    assert statement["tokens"] != statement["text"]
    assert statement["facts"]
    assert draft["record"]["sheet_sha256"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("facts", "--who", "Nobody Known", "--period", "2026-Q2"), "Nobody Known"),
        (("facts", "--who", "Michael", "--period", "2026-Q9"), "is not a period"),
        (("facts", "--who", "Michael", "--period", "2099-Q1"), "nothing to report yet"),
        (("facts", "--period", "2026-Q2"), "Say whose facts"),
        (("explain", "win_rat", "--who", "Michael", "--period", "2026-Q2"), "win_rate"),
        (("draft", "--who", "Michael", "--period", "2026-Q2", "--format", "pdf"), "md or json"),
    ],
)
def test_a_mistake_is_told_in_one_sentence_with_exit_code_2(salesbrief, demo_workspace: Path, words, said: str) -> None:
    ran = salesbrief(*words, "--data", demo_workspace, "--as-of", "2026-07-05")
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_missing_workspace_says_how_to_make_one(salesbrief, tmp_path: Path) -> None:
    ran = salesbrief("facts", "--data", tmp_path / "none", "--who", "x", "--period", "2026-Q2")
    assert (ran.code, "salesbrief import" in ran.err) == (2, True)


def test_schemas_are_printed(salesbrief) -> None:
    for name in ("fact", "facts", "draft", "settings"):
        assert "properties" in json.loads(salesbrief("schema", name).out)
    assert "deals: " in salesbrief("schema", "tables").out
    assert "[[table]]" in salesbrief("schema", "mapping").out
    assert "Decision:" in salesbrief("schema", "notes").out


def test_an_import_proposes_settings_and_reports_every_row(salesbrief, tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "deals.csv").write_text(
        "deal_id,owner,status,amount,created_on,closed_on\n"
        "1,Ann Lee,won,1000,2026-04-02,2026-05-01\n"
        "2,Ann Lee,lost,500,2026-04-03,2026-05-02\n"
        "3,Ann Lee,nonsense,500,2026-04-03,2026-05-02\n"
    )
    ran = salesbrief("import", tmp_path / "export", "--from", "csv", "--into", tmp_path / "w", "--json")
    assert ran.code == 0, ran.err
    assert (tmp_path / "w" / "workspace.toml").is_file()
    facts = salesbrief("facts", "--data", tmp_path / "w", "--who", "Ann", "--period", "2026-Q2", "--json")
    values = {fact["id"]: fact["value"] for fact in json.loads(facts.out)["facts"]}
    assert (values["deals_won"], values["deals_lost"], values["revenue_won"], values["win_rate"]) == (1, 1, 1000, 0.5)


def test_a_bad_file_leaves_the_workspace_as_it_was(salesbrief, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("deal_id,owner,status\n1,Ann,won\n")
    assert salesbrief("import", tmp_path / "deals.csv", "--from", "csv", "--into", tmp_path / "w").code == 0
    before = {file: file.read_bytes() for file in (tmp_path / "w").rglob("*") if file.is_file()}
    (tmp_path / "deals.csv").write_bytes(b"\x00\x01\x02")
    ran = salesbrief("import", tmp_path / "deals.csv", "--from", "csv", "--into", tmp_path / "w")
    assert ran.code == 2
    assert {file: file.read_bytes() for file in (tmp_path / "w").rglob("*") if file.is_file()} == before
