"""Opening the embedded store's file: many readers or one writer at a time, each in its turn (``turns.py``)."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import duckdb
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

from influence_graph.ending import register
from influence_graph.errors import LockHeld, StoreDamaged, StoreError
from influence_graph.stores.embedded.damage import (
    CONFIG,
    LOCKED,
    Examined,
    damaged,
    examine,
    log_of,
    named_damage,
)
from influence_graph.stores.embedded.turns import turn
from influence_graph.text import cut

LOCK_WAIT_SECONDS = 30.0
"""How long a command waits for others to leave the file, unless told otherwise."""
_NESTED_SECONDS = 0.5
_MEMORY = Path(":memory:")
# A commit that cannot be written to a full disk is a TransactionException.
_DISK_ERRORS = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException, duckdb.TransactionException)
_EXAMINE_SECONDS = 60.0
_NO_DATABASE = "not a valid DuckDB database"
_OTHER_VERSION = "version number"  # in DuckDB's message: a newer DuckDB has written the file
_OPEN_HERE = "different configuration"  # in DuckDB's message: this process has the file open in the other mode
_COMMAND_LETTERS = 100

_writers: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_readers: Counter[str] = Counter()
_counting = threading.Lock()


class _Locked(Exception):
    """The file is in use, in another process or in this one; retried for a while."""


@contextmanager
def connect(path: Path, *, read_only: bool, wait: float = LOCK_WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open *path* for the ``with`` block, waiting up to *wait* seconds for those to leave who came before.

    Raises:
        LockHeld: another process still has the file open, or this one reads it where *path* is to be written
            to, or writes to it where it is to be read.
        StoreError: the file is not a readable DuckDB database, or the disk is full.
    """
    file, until = os.path.realpath(path), time.monotonic() + wait
    with ExitStack() as inside:
        with turn(path.parent, _patience(file, read_only, wait)):
            if not read_only:
                inside.enter_context(_only_writer(path, file, until))
            connection = _opened(path, read_only, until)
        inside.callback(connection.close)
        if read_only:
            inside.enter_context(_counted(file))
        inside.callback(register(connection.interrupt).release)
        with _translated(path, connection):
            yield connection


@contextmanager
def alone(path: Path, *, wait: float = LOCK_WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open *path* for writing and keep the turn for the ``with`` block, so that another file may take its place.

    The connection may attach other files.

    Raises:
        LockHeld: others had the turn or the file for *wait* seconds.
        StoreError: as :func:`connect`.
    """
    file, until = os.path.realpath(path), time.monotonic() + wait
    with ExitStack() as inside:
        if not inside.enter_context(turn(path.parent, wait)):
            raise LockHeld(f"{path} is waited for by others", remedy="wait for them to end, or give another --store")
        inside.enter_context(_only_writer(path, file, until))
        connection = _opened(path, False, until, {**CONFIG, "enable_external_access": "true"})
        inside.callback(connection.close)
        inside.callback(register(connection.interrupt).release)
        with _translated(path, connection):
            yield connection


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty database in memory for the ``with`` block."""
    connection = _open(_MEMORY, read_only=False)
    held = register(connection.interrupt)
    try:
        with _translated(_MEMORY, connection):
            yield connection
    finally:
        held.release()
        connection.close()


def first_row(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: list[Any] | dict[str, Any] | None = None
) -> tuple[Any, ...] | None:
    """Return the first row of the answer, read to its end: a half-read answer blocks the connection."""
    rows = connection.execute(statement, parameters).fetchall()
    return rows[0] if rows else None


def _patience(file: str, read_only: bool, wait: float) -> float:
    """Return how long to queue: a process that reads *file* already may be whom the writer at the head waits for."""
    return min(wait, _NESTED_SECONDS) if read_only and _readers[file] else wait


@contextmanager
def _counted(file: str) -> Iterator[None]:
    """Count a reader of *file* in this process for the ``with`` block."""
    with _counting:
        _readers[file] += 1
    try:
        yield
    finally:
        with _counting:
            _readers[file] -= 1


@contextmanager
def _only_writer(path: Path, file: str, until: float) -> Iterator[None]:
    """Be the one writer of *file* in this process, whose threads DuckDB lets in together."""
    writer = _writers[file]
    if not writer.acquire(timeout=max(until - time.monotonic(), 0)):
        raise _written_here(path, "write")
    try:
        yield
    finally:
        writer.release()


def _opened(path: Path, read_only: bool, until: float, config: dict[str, str] = CONFIG) -> duckdb.DuckDBPyConnection:
    retrying = Retrying(
        retry=retry_if_exception_type(_Locked),
        stop=stop_after_delay(max(until - time.monotonic(), 0)),
        wait=wait_exponential(multiplier=0.002, max=0.02),  # only who has the turn asks
        reraise=True,
    )
    try:
        return retrying(_open, path, read_only, config)
    except _Locked as error:
        raise _held(path, read_only, str(error)) from None


@contextmanager
def _translated(path: Path, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Turn DuckDB's errors of memory, disk and damage inside the ``with`` block into ours."""
    try:
        yield
    except duckdb.Error as error:
        connection.close()  # or nobody else could look at the file
        told = _told(path, error)
        if told is None:
            raise
        raise told from error


def _told(path: Path, error: duckdb.Error) -> StoreError | None:
    """Return what *error* means; None where the file is whole, and the statement must be at fault."""
    if cause := named_damage(error):
        return damaged(path, cause)
    if path != _MEMORY:
        examined = examine(path, _EXAMINE_SECONDS)
        if examined.damage:
            return damaged(path, examined.damage, examined)
    if isinstance(error, duckdb.OutOfMemoryException):
        return StoreError(f"{path}: {error}", remedy="free some memory or disk space and try again")
    if isinstance(error, _DISK_ERRORS):
        remedy = "check the disk; what was acknowledged before is kept, run the command again"
        return StoreError(f"{path}: {error}", remedy=remedy)
    return None


def _open(path: Path, read_only: bool, config: dict[str, str] = CONFIG) -> duckdb.DuckDBPyConnection:
    if path != _MEMORY:
        _check_kind(path)
        _check_kind(log_of(path))
    try:
        return duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.Error as error:
        text = str(error)
        if _OPEN_HERE in text or LOCKED in text.lower():
            raise _Locked(text) from error
        raise _unopened(path, error) from error


def _check_kind(path: Path) -> None:
    """Refuse what DuckDB would wait for or write into: *path* may be a file, or not there yet."""
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "a pipe, device or socket"
        raise StoreError(f"{path} is {kind}, not a file", remedy="give another --store, or restore it from a backup")


def _unopened(path: Path, error: duckdb.Error) -> StoreError:
    """Return why *path* cannot be opened, from DuckDB's *error*."""
    text = str(error)
    if named_damage(error):
        return damaged(path, text, Examined())
    if path.exists() and not path.stat().st_size:
        remedy = "restore it from a backup; if nothing was ever stored in it, remove it and ingest again"
        return StoreDamaged(f"{path} is empty", remedy=remedy)
    if _NO_DATABASE in text:
        return StoreDamaged(f"{path} is no DuckDB database", remedy="restore it from a backup, or give another --store")
    if _OTHER_VERSION in text:
        return StoreError(f"{path} cannot be opened: {text}", remedy="update duckdb: pip install --upgrade duckdb")
    full = "No space left" in text
    remedy = "free some space" if full else "check its permissions, or restore it from a backup or by pull"
    return StoreError(f"{path} cannot be opened: {text}", remedy=remedy)


def _held(path: Path, read_only: bool, message: str) -> LockHeld:
    """Return the error for *path* in use, from DuckDB's *message*."""
    if _OPEN_HERE not in message:
        remedy = "wait for it to end, or give this one another --store"
        return LockHeld(f"{path} is open in another process{_holder(message)}", remedy=remedy)
    if read_only:
        return _written_here(path, "read")
    return LockHeld(f"{path} is read by this process: a snapshot is open", remedy="write after its `with` block")


def _written_here(path: Path, what: str) -> LockHeld:
    return LockHeld(f"{path} is being written to by this process", remedy=f"{what} when that has ended")


def _holder(message: str) -> str:
    """Return " (PID n), which runs COMMAND" when DuckDB's message names the holder, and the system its command."""
    _, marker, rest = message.partition("(PID ")
    pid = rest.partition(")")[0]
    return f" (PID {pid}){_command(pid)}" if marker else ""


def _command(pid: str) -> str:
    """Return what the process *pid* runs where Linux shows it, else ""."""
    try:
        program, *words = Path("/proc", pid, "cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return ""
    return f", which runs `{cut(' '.join([Path(program).name, *words]), _COMMAND_LETTERS)}`"
