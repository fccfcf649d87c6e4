"""One process at a time in the embedded store's file, and what is said of one that cannot be opened."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from influence_graph.errors import LockHeld, StoreError
from influence_graph.stores.embedded.connection import connect, first_row

HOLD = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read"):
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS i FROM range(10)")
    return tmp_path / "x.duckdb"


class Holder:
    """Another process that has the file open until it is asked to close it."""

    def __init__(self, path: Path, mode: str) -> None:
        command = [sys.executable, "-c", HOLD, str(path), mode]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "open\n"

    def leave(self) -> None:
        self.process.communicate("\n", timeout=30)

    def __enter__(self) -> Holder:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


def count(path: Path, wait: float = 0.0) -> int:
    with connect(path, read_only=True, wait=wait) as connection:
        row = first_row(connection, "SELECT count(*) FROM t")
        assert row is not None
        return int(row[0])


@pytest.mark.parametrize(("held", "read_only"), [("write", True), ("write", False), ("read", False)])
def test_a_file_in_use_is_locked_and_its_holder_named(path: Path, held: str, read_only: bool) -> None:
    with (
        Holder(path, held) as holder,
        pytest.raises(LockHeld, match="open in another process") as error,
        connect(path, read_only=read_only, wait=0.0),
    ):
        pass
    assert f"(PID {holder.process.pid})" in str(error.value)
    assert error.value.exit_code == 5
    assert count(path) == 10


def test_several_processes_may_read_at_once(path: Path) -> None:
    with Holder(path, "read"):
        assert count(path) == 10


def test_one_waits_for_the_other_to_leave(path: Path) -> None:
    holder = Holder(path, "write")
    leaving = threading.Timer(0.3, holder.leave)
    leaving.start()
    assert count(path, wait=30.0) == 10
    leaving.join()


def test_this_process_does_not_write_to_what_it_reads_nor_read_what_it_writes_to(path: Path) -> None:
    with (
        connect(path, read_only=True),
        pytest.raises(LockHeld, match="a snapshot is open"),
        connect(path, read_only=False, wait=0.0),
    ):
        pass
    with (
        connect(path, read_only=False),
        pytest.raises(LockHeld, match="being written to by this process"),
        connect(path, read_only=True, wait=0.0),
    ):
        pass
    with connect(path, read_only=True), connect(path, read_only=True):
        pass


def test_what_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(b"not a database " * 1000)
    with pytest.raises(StoreError, match="backup"), connect(path, read_only=False):
        pass
    assert path.read_bytes() == b"not a database " * 1000


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"), connect(tmp_path, read_only=True):
        pass


def test_an_open_file_reaches_no_other_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with connect(path, read_only=True) as connection, pytest.raises(duckdb.PermissionException):
        connection.execute(f"SELECT * FROM '{tmp_path / 'secret.csv'}'").fetchall()


def test_an_error_of_the_disk_inside_the_block_is_one_of_the_store(path: Path) -> None:
    with pytest.raises(StoreError, match="what was acknowledged before is kept"), connect(path, read_only=True):
        raise duckdb.IOException("Could not write all bytes to file: No space left on device")
    with pytest.raises(StoreError, match="free some memory"), connect(path, read_only=True):
        raise duckdb.OutOfMemoryException("could not allocate block")
    with pytest.raises(ValueError, match="mine"), connect(path, read_only=True):
        raise ValueError("mine")
    assert count(path) == 10


def test_the_first_row_is_read_to_the_end_and_none_is_none(path: Path) -> None:
    with connect(path, read_only=True) as connection:
        assert first_row(connection, "SELECT i FROM t ORDER BY i") == (0,)
        assert first_row(connection, "SELECT i FROM t WHERE i > ?", [5]) is not None
        assert first_row(connection, "SELECT i FROM t WHERE i > $most", {"most": 99}) is None
