"""Folders of caches: where they are, and who can read them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from influence_graph.caches import VARIABLE, cache_folder, make_private, usable, write_private
from influence_graph.errors import InputError


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    former = os.umask(0)
    yield
    os.umask(former)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_variable_names_the_folder_of_all_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert cache_folder("mirrors") == tmp_path / "mirrors"
    monkeypatch.setenv(VARIABLE, "~/caches")
    assert cache_folder("mirrors") == Path.home() / "caches" / "mirrors"
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder("mirrors") == tmp_path / "influence-graph" / "mirrors"


def test_folders_and_files_are_the_users_alone_and_old_ones_become_so(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    make_private(folder)
    write_private(folder / "new", b"one ", b"two")
    assert (folder / "new").read_bytes() == b"one two"
    assert (mode(folder.parent) & 0o022, mode(folder), mode(folder / "new")) == (0o022, 0o700, 0o600)
    (folder / "old").mkdir(mode=0o777)
    (folder / "old" / "file").write_text("x")
    outside = tmp_path / "outside"
    outside.write_text("x")
    (folder / "link").symlink_to(outside)
    folder.chmod(0o755)
    make_private(folder)
    assert [mode(folder / name) for name in ("", "old", "old/file")] == [0o700, 0o700, 0o600]
    assert mode(outside) == 0o666


def test_what_breaks_off_leaves_the_former_file_and_no_other(tmp_path: Path) -> None:
    write_private(tmp_path / "kept", b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "folder", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "kept"]
    assert (tmp_path / "kept").read_bytes() == b"old"


def test_what_the_disk_refuses_names_folder_cause_and_variable(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught, usable(tmp_path):
        raise OSError(28, "No space left on device")
    assert str(caught.value) == (
        f"the cache folder {tmp_path} cannot be used: No space left on device; "
        f"free some space there, or name another folder in {VARIABLE}"
    )
