"""A file is replaced whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from influence_graph import files
from influence_graph.errors import InputError, UnwritableFile
from influence_graph.files import append_line, open_side_file, replacing, write_whole


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


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444 | 0o200])
def test_the_mode_of_a_file_is_kept_and_a_new_one_has_that_of_the_umask(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, "1")
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask()
    path.chmod(mode)
    write_whole(path, "2")
    assert path.stat().st_mode & 0o777 == mode
    assert path.read_text() == "2"


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_of_a_file_is_kept_where_that_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    os.chown(path, 1234, 1235)
    write_whole(path, "x")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1235)


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.txt").write_text("before")
    (tmp_path / "first").symlink_to("second")
    (tmp_path / "second").symlink_to(Path("there") / "a.txt")
    (tmp_path / "new").symlink_to(Path("there") / "new.txt")
    write_whole(tmp_path / "first", "after")
    write_whole(tmp_path / "new", "new")
    assert (tmp_path / "there" / "a.txt").read_text() == "after"
    assert (tmp_path / "there" / "new.txt").read_text() == "new"
    assert all((tmp_path / name).is_symlink() for name in ("first", "second", "new"))
    assert sorted(each.name for each in (tmp_path / "there").iterdir()) == ["a.txt", "new.txt"]


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "loop", "x")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make links of others")
@pytest.mark.parametrize("write", [lambda path: write_whole(path, "x"), open_side_file], ids=["whole", "side"])
def test_the_link_of_another_user_in_a_shared_folder_is_a_trap(tmp_path: Path, write: Callable[[Path], object]) -> None:
    (tmp_path / "victim").write_text("before")
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "out.csv").symlink_to(tmp_path / "victim")
    os.chown(shared / "out.csv", 1234, 1234, follow_symlinks=False)
    with pytest.raises(InputError, match="link of another user"):
        write(shared / "out.csv")
    assert (tmp_path / "victim").read_text() == "before"
    shared.chmod(0o755)
    write_whole(shared / "out.csv", "after")
    assert (tmp_path / "victim").read_text() == "after"


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        write_whole(pipe, "x" * 200_000)
        assert len(read.result(timeout=30)) == 200_000
    assert pipe.is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["pipe.html"]


def test_a_device_is_written_into_and_stays_one() -> None:
    before = Path("/dev/null").lstat()
    write_whole(Path("/dev/null"), "x" * 100_000)
    after = Path("/dev/null").lstat()
    assert (before.st_ino, before.st_mode, before.st_rdev) == (after.st_ino, after.st_mode, after.st_rdev)
    with pytest.raises(UnwritableFile, match="No space left") as error:
        write_whole(Path("/dev/full"), "x")
    assert error.value.exit_code == 1


def test_a_stream_of_this_process_is_gone_on_with(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom influence_graph.files import write_whole\n"
        "print('first', flush=True)\nwrite_whole(Path(sys.argv[1]), 'middle\\n')\nprint('last', flush=True)\n"
    )
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        with (tmp_path / "out.txt").open("wb") as out:
            subprocess.run([sys.executable, "-c", program, name], stdout=out, check=True, timeout=60)
        assert (tmp_path / "out.txt").read_text() == "first\nmiddle\nlast\n", name
        piped = subprocess.run([sys.executable, "-c", program, name], capture_output=True, check=True, timeout=60)
        assert piped.stdout == b"first\nmiddle\nlast\n", name
    assert [each.name for each in tmp_path.iterdir()] == ["out.txt"]


def test_a_reader_that_has_gone_is_a_broken_pipe(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(BrokenPipeError):
        write_whole(Path(f"/dev/fd/{write}"), "x")
    os.close(write)


def test_folders_and_databases_are_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        write_whole(tmp_path, "x")
    path = tmp_path / "ledger.duckdb"
    duckdb.connect(str(path)).close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="is a database"):
        write_whole(path, "x")
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    path.chmod(0o400)
    with pytest.raises(InputError, match="is read-only"):
        write_whole(path, "x")
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "b.txt", "x")
    tmp_path.chmod(0o700)


def test_of_two_writers_one_is_there_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    contents = {letter * 100_000 for letter in "abcdefgh"}
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            list(pool.map(lambda content: write_whole(path, content), contents))
            assert path.read_text() in contents
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_a_side_file_has_one_writer_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    path.write_text("before\n")
    path.chmod(0o600)
    with open_side_file(path) as file:
        file.write("line\n")
        file.flush()
        with pytest.raises(InputError, match="by another process"):
            open_side_file(path)
    assert path.read_text() == "line\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_side_file_does_not_wait_for_the_reader_of_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="No such device"):
        open_side_file(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with open_side_file(tmp_path / "pipe") as file:
        file.write("line\n")
    assert os.read(reader, 100) == b"line\n"
    os.close(reader)


def test_a_line_is_appended_once_however_often_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for line, once in (('{"id": "one"}', "one"), ('{"id": "two"}', "two"), ('{"id": "one"}', "one")):
        append_line(path, line, once)
    assert path.read_text() == '{"id": "one"}\n{"id": "two"}\n'


@pytest.mark.parametrize("left", ['{"id": "tw', '{"id": "two"'])
def test_a_part_of_a_line_that_somebody_left_is_ended_and_the_line_is_appended_whole(tmp_path: Path, left: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "one"}\n' + left)
    append_line(path, '{"id": "two"}', "two")
    append_line(path, '{"id": "two"}', "two")
    assert path.read_text() == '{"id": "one"}\n' + left + '\n{"id": "two"}\n'


def test_a_line_that_is_far_back_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "TAIL", 8)
    path = tmp_path / "a.jsonl"
    path.write_text("one\n" + "x" * 20 + "\n")
    append_line(path, "one", "one")
    assert path.read_text().endswith("\none\n")


def test_lines_of_many_processes_are_whole_and_each_there_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [f"line-{number:03} " + "x" * 500 for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda line: append_line(path, line, line[:8]), lines * 3))
    assert sorted(path.read_text().splitlines()) == lines


def test_what_no_line_can_be_appended_to_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, message in ((".", "is a folder"), ("pipe", "no regular file"), ("none/a", "cannot be written: No such")):
        with pytest.raises(InputError, match=message):
            append_line(tmp_path / name, "line", "line")
