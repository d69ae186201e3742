"""Drafts kept, edited, shown, taken back and proved, from the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

MICHAEL = ("--who", "Michael", "--period", "2026-Q2", "--as-of", "2026-07-05")


@pytest.fixture
def kept(salesbrief, demo_workspace: Path, tmp_path: Path):  # noqa: ANN001, ANN201
    """Commands on a store of the test's own that holds Michael's draft."""
    store = ("--store", f"sqlite:///{tmp_path / 'drafts.db'}")
    assert salesbrief("draft", "--data", demo_workspace, *MICHAEL, *store).code == 0
    return lambda *words: salesbrief(*words, *store)


def _editor(tmp_path: Path, old: str, new: str) -> str:
    """An editor that replaces a text."""
    script = tmp_path / "editor.py"
    script.write_text(
        f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n"
        f"path.write_text(path.read_text().replace({old!r}, {new!r}, 1))\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    import sys

    return f"{sys.executable} {script}"


def test_a_draft_is_kept_and_listed(kept) -> None:  # noqa: ANN001
    (listed,) = json.loads(kept("drafts", "--json").out)
    assert (listed["person"], listed["period"], listed["versions"]) == ("Michael Torres", "2026-Q2", 1)


def test_an_edit_is_shown_beside_the_old_text_and_saved_when_accepted(kept) -> None:  # noqa: ANN001
    ran = kept("edit", "Michael", "--tone", "direct", "--accept")
    assert ran.code == 0
    assert "│" in ran.out
    assert "{+" in ran.out
    assert "Checked: every figure stands as often as before" in ran.out
    assert "Version 2" in ran.err


def test_nothing_is_saved_where_nobody_can_be_asked(kept) -> None:  # noqa: ANN001
    ran = kept("edit", "Michael", "--tone", "direct")
    assert (ran.code, "add --accept" in ran.err) == (2, True)
    assert len(json.loads(kept("versions", "Michael", "--json").out)) == 1


def test_going_back_keeps_what_was_in_between(kept) -> None:  # noqa: ANN001
    first = kept("show", "Michael").out
    kept("edit", "Michael", "--tone", "formal", "--accept")
    assert kept("show", "Michael").out != first
    kept("restore", "Michael", "1")
    assert kept("show", "Michael").out == first
    history = json.loads(kept("versions", "Michael", "--json").out)
    assert [version["action"] for version in history] == ["draft", "edit", "restore"]
    assert history[1]["instruction"] == "formal"


def test_a_draft_is_shown_for_machines_in_the_form_that_its_schema_describes(kept, salesbrief) -> None:  # noqa: ANN001
    shown, schema = json.loads(kept("show", "Michael", "--json").out), json.loads(salesbrief("schema", "draft").out)
    assert set(shown) <= set(schema["properties"]) and set(schema["required"]) <= set(shown)
    assert {fact["id"]: fact["value"] for fact in shown["sheet"]["facts"]}["revenue_won"] == 560_000
    statements = [each for part in shown["sections"] for block in part["blocks"] for each in block["statements"]]
    described = set(schema["$defs"]["Statement"]["properties"])
    assert all(set(each) <= described and each["text"] for each in statements)
    assert any("{revenue_won" in each["tokens"] and "$560" in each["text"] for each in statements)


def test_drafting_again_keeps_what_was_edited(kept, demo_workspace) -> None:  # noqa: ANN001
    kept("edit", "Michael", "--tone", "formal", "--accept")
    again = kept("draft", "--data", demo_workspace, *MICHAEL)
    assert "Version 3 of" in again.err
    assert "restore" in again.err
    (listed,) = json.loads(kept("drafts", "--json").out)
    assert (listed["versions"], listed["last_action"]) == (3, "redraft")
    assert "nothing new was kept" in kept("draft", "--data", demo_workspace, *MICHAEL).err
    kept("draft", "--data", demo_workspace, *MICHAEL, "--new")
    assert len(json.loads(kept("drafts", "--json").out)) == 2


def test_two_versions_are_compared(kept) -> None:  # noqa: ANN001
    kept("edit", "Michael", "--tone", "plain", "--section", "headline", "--accept")
    ran = kept("diff", "Michael", "1", "2")
    assert "── In short ──" in ran.out
    assert "Key results" not in ran.out


def test_a_falsehood_is_answered_and_nothing_is_saved(kept) -> None:  # noqa: ANN001
    ran = kept("edit", "Michael", "--tone", "say that forecast accuracy was on target", "--accept")
    assert ran.code == 1
    assert "would not be true" in ran.out
    assert "forecast accuracy 73%, short of the 90% target" in ran.out
    assert "Nothing was changed." in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("edit", "Michael"), "Say how it should read"),
        (("edit", "Michael", "--tone", "warm", "--section", "kpi"), 'Did you mean "kpis"?'),
        (("show", "Michael", "9"), "versions 1 to 1"),
        (("show", "Nobody"), "Michael Torres, 2026-Q2"),
        (("show", "Michael", "--lang", "xx"), "there are ar, da, en, pl, sv"),
        (("show", "Michael", "--currency-style", "big"), "compact, full or code"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(kept, words: tuple[str, ...], said: str) -> None:  # noqa: ANN001
    ran = kept(*words)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("lang", "printed"),
    [
        ("sv", "73 %, 17 procentenheter under målet 90 %"),
        ("da", "73 %, 17 procentpoint under målet på 90 %"),
        ("pl", "73%, 17 pkt proc. poniżej celu 90%"),
        ("ar", "17 نقطة مئوية أقل من الهدف البالغ 90%"),
    ],
)
def test_figures_are_printed_for_another_locale(kept, lang: str, printed: str) -> None:  # noqa: ANN001
    assert printed in kept("show", "Michael", "--lang", lang).out.replace("\xa0", " ")


def test_money_is_printed_as_asked(kept) -> None:  # noqa: ANN001
    assert "USD 560,000" in kept("show", "Michael", "--currency-style", "code").out.replace("\xa0", " ")
    assert "$560,000 " in kept("show", "Michael", "--currency-style", "full").out


def test_by_hand_facts_become_tokens_again_and_other_figures_are_claims(kept, monkeypatch, tmp_path) -> None:  # noqa: ANN001
    monkeypatch.setenv(
        "VISUAL", _editor(tmp_path, "\n\n## Next steps", "\n- Win rate, at 30%, took 12 trainings.\n\n## Next steps")
    )
    ran = kept("edit", "Michael", "--by-hand", "--accept", "--with-claims")
    assert ran.code == 0
    assert "“took 12 trainings” was added by hand and is not on record. (manual_claim)" in ran.out
    draft = json.loads(kept("show", "Michael", "--format", "json").out)
    (edited,) = [section for section in draft["sections"] if section["written_by"] == "person"]
    parts = [part["kind"] for part in edited["blocks"][-1]["statements"][0]["parts"]]
    assert parts == ["text", "fact", "text", "claim", "text"]
    assert [finding["check"] for finding in draft["findings"]] == ["manual_claim"]


def test_by_hand_a_section_nobody_touched_stays_byte_identical(kept, monkeypatch, tmp_path) -> None:  # noqa: ANN001
    before = json.loads(kept("show", "Michael", "--format", "json").out)
    monkeypatch.setenv("VISUAL", _editor(tmp_path, "Forecast accuracy", "The forecast accuracy"))
    kept("edit", "Michael", "--by-hand", "--accept")
    after = json.loads(kept("show", "Michael", "--format", "json").out)
    changed = [new["id"] for old, new in zip(before["sections"], after["sections"], strict=True) if old != new]
    assert len(changed) <= 1


def test_by_hand_what_is_no_longer_said_is_told(kept, monkeypatch, tmp_path) -> None:  # noqa: ANN001
    monkeypatch.setenv("VISUAL", _editor(tmp_path, "73%, short of the 90% target and down from 81%", "fine"))
    ran = kept("edit", "Michael", "--by-hand", "--accept", "--with-claims")
    assert "This version no longer says that forecast accuracy missed its 90% target (73%)." in ran.out


def test_by_hand_a_figure_not_on_record_asks_for_an_explicit_word(kept, monkeypatch, tmp_path) -> None:  # noqa: ANN001
    monkeypatch.setenv("VISUAL", _editor(tmp_path, "with $560K in", "with $600K in"))
    ran = kept("edit", "Michael", "--by-hand", "--accept")
    assert ran.code == 2
    assert "Not on record: “$600K”. Nothing was saved: add --with-claims" in ran.err
    assert len(json.loads(kept("versions", "Michael", "--json").out)) == 1


def test_by_hand_what_is_not_on_record_is_marked_wherever_it_is_read(
    kept,
    demo_workspace,
    monkeypatch,
    tmp_path,  # noqa: ANN001
) -> None:
    monkeypatch.setenv("VISUAL", _editor(tmp_path, "from $411K to $560K", "from $411K to $600K, praised by NASA"))
    assert kept("edit", "Michael", "--by-hand", "--accept", "--with-claims").code == 0
    text = kept("show", "Michael").out
    assert "from $411K to $600K, praised by NASA†." in text
    assert "*† Typed by hand on " in text
    out = tmp_path / "bundle.json"
    kept("bundle", "Michael", "2", "--out", out)
    ran = kept("verify", out, "--data", demo_workspace)
    assert ran.code == 0
    assert "1 claim was typed by hand and is not on record: “$600K, praised by NASA”." in ran.out


def test_an_editor_that_is_not_there_is_told(kept, monkeypatch) -> None:  # noqa: ANN001
    monkeypatch.setenv("VISUAL", "no-such-editor")
    assert "set EDITOR" in kept("edit", "Michael", "--by-hand", "--accept").err


def test_a_bundle_verifies_where_the_records_are_the_same(kept, salesbrief, demo_workspace, tmp_path) -> None:  # noqa: ANN001
    kept("edit", "Michael", "--tone", "warm", "--accept")
    out = tmp_path / "bundle.json"
    assert kept("bundle", "Michael", "2", "--out", out).code == 0
    bundle = json.loads(out.read_text())
    rate = next(fact for fact in bundle["facts"] if fact["id"] == "win_rate")
    assert len(rate["records"]) == 40
    assert rate["formula"]
    assert [entry["action"] for entry in bundle["history"]] == ["draft", "edit"]
    ran = salesbrief("verify", out, "--data", demo_workspace)
    assert ran.code == 0
    assert "The text is the one that was saved" in ran.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"markdown": "# Michael', '"markdown": "# Miguel', "the printed text is not the one that was bundled"),
        ('"made_by": "', '"made_by": "x', "the history was altered"),
        ('"text": "Forecast accuracy ', '"text": "Forecast accuracy hardly ', "its tokens print something else"),
        ('"value": 0.3,', '"value": 0.4,', "moved from 40% to 30%"),
    ],
)
def test_a_bundle_that_was_touched_is_found_out(kept, salesbrief, demo_workspace, tmp_path, old, new, said) -> None:  # noqa: ANN001
    out = tmp_path / "bundle.json"
    kept("bundle", "Michael", "1", "--out", out)
    text = out.read_text()
    if old not in text:
        pytest.skip("the composer words it otherwise")
    out.write_text(text.replace(old, new))
    ran = salesbrief("verify", out, "--data", demo_workspace)
    assert ran.code == 1
    assert said in ran.out


def test_a_forger_of_every_hash_is_shown_by_the_store(kept, demo_workspace, tmp_path) -> None:  # noqa: ANN001
    from agent.draft import Draft
    from agent.markdown import to_markdown
    from agent.store.store import next_link
    from tools.facts import content_hash

    out = tmp_path / "bundle.json"
    kept("bundle", "Michael", "1", "--out", out)
    bundle = json.loads(out.read_text())
    bundle["draft"]["sections"] = [each for each in bundle["draft"]["sections"] if each["id"] != "pipeline"]
    bundle["markdown"] = to_markdown(Draft.model_validate(bundle["draft"]))
    bundle["text_sha256"] = content_hash(bundle["markdown"])
    entry = bundle["history"][0] | {"content_sha256": content_hash(bundle["draft"])}
    bundle["history"] = [entry | {"link": next_link(None, entry)}]
    bundle["sha256"] = content_hash({key: value for key, value in bundle.items() if key != "sha256"})
    out.write_text(json.dumps(bundle))
    ran = kept("verify", out, "--data", demo_workspace)
    assert (ran.code, "holds another text as this version" in ran.out) == (1, True)


def test_what_is_no_bundle_is_told(salesbrief, demo_workspace, tmp_path) -> None:  # noqa: ANN001
    (tmp_path / "x.json").write_text("{}")
    assert "is no bundle" in salesbrief("verify", tmp_path / "x.json", "--data", demo_workspace).err
