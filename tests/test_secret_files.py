"""Secrets from files: only what their owner alone can read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from influence_graph.errors import InputError
from influence_graph.secret_files import known_secrets, read_secret


def written(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("content", "secret"),
    [(b"a b\n", "a b"), (b" x\r\n", " x"), ("pä/ss".encode(), "pä/ss"), (b"k" * 4096, "k" * 4096)],
)
def test_a_secret_is_the_line_of_the_file(tmp_path: Path, content: bytes, secret: str) -> None:
    assert read_secret(written(tmp_path / "s", content, 0o400), "password") == secret
    assert secret in known_secrets()


def test_a_link_is_followed_as_orchestrators_make_them(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(written(tmp_path / "s", b"linked-secret"))
    assert read_secret(tmp_path / "link", "password") == "linked-secret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o610])
def test_a_file_that_others_can_read_is_refused_with_what_to_run(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path / "s", b"never-to-be-shown", mode)
    with pytest.raises(InputError) as caught:
        read_secret(path, "password")
    assert str(caught.value) == f"others can read the password file {path} (mode {mode:04o}); run: chmod 600 {path}"
    assert "never-to-be-shown" not in known_secrets()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b"\n\r\n", "is empty"),
        (b"hunter2\nhunter3", "more than one printable line"),
        (b"hunter2\0", "more than one printable line"),
        (b"hunter2\xff", "not UTF-8"),
        (b"hunter2" * 1000, "more than 4,096 bytes"),
    ],
)
def test_what_is_no_secret_is_one_line_that_does_not_show_it(tmp_path: Path, content: bytes, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        read_secret(written(tmp_path / "s", content), "password")
    assert fault in str(caught.value)
    assert "hunter" not in str(caught.value)


def test_what_is_no_file_is_refused_without_a_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path, fault in (
        (tmp_path / "pipe", "no regular file"),
        (tmp_path, "cannot be read: Is a directory"),
        (tmp_path / "missing", "cannot be read: No such file"),
    ):
        with pytest.raises(InputError, match=fault):
            read_secret(path, "key")
