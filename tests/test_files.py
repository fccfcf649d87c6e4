"""A file is replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from influence_graph.errors import InputError
from influence_graph.files import replacing, write_whole


def break_off(path: Path) -> None:
    with replacing(path) as temporary:
        temporary.write_text("half")
        raise OSError(28, "disk is full")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    with pytest.raises(InputError, match="disk is full"):
        break_off(path)
    assert path.read_text() == "before"
    with replacing(path) as temporary:
        temporary.write_text("after")
    assert path.read_text() == "after"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    with pytest.raises(InputError, match="cannot be written"), replacing(tmp_path / "none" / "a.txt"):
        pass


def test_files_are_written_as_text_or_bytes_or_refused(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.html", "ü")
    assert (tmp_path / "a.html").read_bytes() == "ü".encode()
    write_whole(tmp_path / "a.html", b"\x00")
    assert (tmp_path / "a.html").read_bytes() == b"\x00"
    with pytest.raises(InputError, match="no-folder"):
        write_whole(tmp_path / "no-folder" / "a.html", "x")
