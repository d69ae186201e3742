"""`--from notes`: dated paragraphs as evidence, and nothing guessed."""

# ruff: noqa: E501 — rows of exports are as long as they are

from __future__ import annotations

from datetime import date

import pytest

from tools.errors import InputError, NotFound
from tools.sources import read_source
from tools.sources.reading import ReadContext


def read(folder):
    return read_source("notes", folder, ReadContext())


def rows(folder, *columns: str) -> list[list[object]]:
    return read(folder).tables["evidence"].sort_values("text")[list(columns)].to_numpy().tolist()


def test_day_person_and_keys_come_from_front_matter(export):
    note = "---\ndate: 2026-05-12\nperson: Ann Lee\nkind: decision\nmetric: win_rate\nlink: https://x.example/1\n---\nWe drop tier 3.\n"
    expected = [[date(2026, 5, 12), "Ann Lee", "decision", "win_rate", "https://x.example/1", "We drop tier 3."]]
    assert rows(export({"a.md": note}), "on", "person", "kind", "metric", "link", "text") == expected


def test_day_comes_from_the_file_name_and_person_from_the_folder(export):
    folder = export({"Ann Lee/2026-05-12-review.md": "# Review\n\nTen calls\nheard.\n\n- Second point\n"})
    assert rows(folder, "on", "person", "text") == [
        [date(2026, 5, 12), "Ann Lee", "Second point"],
        [date(2026, 5, 12), "Ann Lee", "Ten calls heard."],
    ]


def test_headings_and_bullets_that_begin_with_a_day_date_what_follows(export):
    folder = export({"log.md": "## 14 May 2026\n- one\n- 2026-05-16: two\n\n## 2026-06-01 Review\nthree\n"})
    assert rows(folder, "text", "on") == [
        ["one", date(2026, 5, 14)],
        ["three", date(2026, 6, 1)],
        ["two", date(2026, 5, 16)],
    ]


def test_a_label_or_heading_says_the_kind(export):
    text = "- Decision: a\n- Next step: b\n- **Praise:** c\n- Remember: d\n\n## Constraints\ne\n"
    folder = export({"2026-05-12.md": text})
    assert rows(folder, "text", "kind") == [
        ["Remember: d", "note"],
        ["a", "decision"],
        ["b", "next_step"],
        ["c", "praise"],
        ["e", "constraint"],
    ]


def test_keys_may_stand_below_a_bullet(export):
    folder = export({"2026-05-12.md": "- Legal was late\n  deal: D-7\n  metric: slipped_deals\n- Other\n"})
    assert rows(folder, "text", "deal", "metric") == [["Legal was late", "D-7", "slipped_deals"], ["Other", None, None]]


def test_what_has_no_day_is_left_out_and_counted(export):
    reading = read(export({"loose.txt": "no day\n\n2026-05-12: a day\n\n5/6/2026: reads two ways\n"}))
    count = reading.report.to_json()["tables"]["evidence"]
    assert (count["read"], count["imported"], count["left_out"]) == (3, 1, 2)


def test_an_id_stays_when_other_notes_are_added(export):
    first = rows(export({"2026-05-12.md": "one\n"}), "evidence_id", "text")
    again = rows(export({"2026-05-12.md": "zero\n\none\n"}), "evidence_id", "text")
    assert first[0] in again


def test_a_broken_note_is_named_and_the_others_are_read(export):
    reading = read(export({"2026-05-12.md": "fine\n", "2026-05-13.md": b"", "2026-05-14.txt": b"PK\x03\x04"}))
    assert set(reading.report.unread_files) == {"2026-05-13.md", "2026-05-14.txt"}
    assert len(reading.tables["evidence"]) == 1


def test_no_notes_at_all_is_an_error(export, tmp_path):
    with pytest.raises(InputError, match="holds no .md or .txt file"):
        read(export({"a.csv": "x\n"}))
    with pytest.raises(NotFound):
        read(tmp_path / "nowhere")
