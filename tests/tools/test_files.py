"""Files are whole or not there, and nothing but a file is ever replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import InputError
from tools.files import write_whole


def test_a_file_is_written_with_its_folders_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b.md"
    write_whole(file, "one")
    write_whole(file, "two")
    assert (file.read_text(), [each.name for each in file.parent.iterdir()]) == ("two", ["b.md"])


def test_a_folder_and_a_path_below_a_file_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is a folder"):
        write_whole(tmp_path, "x")
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below.md", "x")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_is_written_to_and_never_replaced() -> None:
    with pytest.raises(InputError, match="no space left"):
        write_whole(Path("/dev/full"), "x")
    write_whole(Path("/dev/null"), "x")
    assert Path("/dev/null").is_char_device() and Path("/dev/full").is_char_device()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    write_whole(tmp_path / "link.md", "new")
    assert (tmp_path / "link.md").is_symlink() and (tmp_path / "real.md").read_text() == "new"
