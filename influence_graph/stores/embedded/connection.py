"""Opening the embedded store's file, one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from influence_graph.errors import LockHeld, StoreError

LOCK_WAIT_SECONDS = 5.0
_CONFIG = {"enable_external_access": "false", "memory_limit": "4GB"}
# A commit that cannot be written to a full disk is a TransactionException.
_DISK_ERRORS = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException, duckdb.TransactionException)
_OPEN_HERE = "different configuration"  # in DuckDB's message: this process has the file open in the other mode


class _Locked(Exception):
    """The file is in use, in another process or in this one; retried for a while."""


@contextmanager
def connect(path: Path, *, read_only: bool, wait: float = LOCK_WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open *path* for the ``with`` block, waiting up to *wait* seconds for others to leave it.

    Raises:
        LockHeld: another process still has the file open, or this one reads it where *path* is to be written
            to, or writes to it where it is to be read.
        StoreError: the file is not a readable DuckDB database, or the disk is full.
    """
    retrying = Retrying(
        retry=retry_if_exception_type(_Locked),
        stop=stop_after_delay(wait),
        wait=wait_random_exponential(multiplier=0.05, max=0.5),
        reraise=True,
    )
    try:
        connection = retrying(_open, path, read_only)
    except _Locked as error:
        raise _held(path, read_only, str(error)) from None
    try:
        yield connection
    except duckdb.OutOfMemoryException as error:
        raise StoreError(f"{path}: {error}", remedy="free some memory or disk space and try again") from error
    except _DISK_ERRORS as error:
        raise StoreError(
            f"{path}: {error}", remedy="check the disk; what was acknowledged before is kept, run the command again"
        ) from error
    finally:
        connection.close()


def first_row(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: list[Any] | dict[str, Any] | None = None
) -> tuple[Any, ...] | None:
    """Return the first row of the answer, read to its end: a half-read answer blocks the connection."""
    rows = connection.execute(statement, parameters).fetchall()
    return rows[0] if rows else None


def _open(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=read_only, config=_CONFIG)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise _Locked(str(error)) from error
        full = "No space left" in str(error)
        remedy = "free some space" if full else "check its permissions, or restore it from a backup or by pull"
        raise StoreError(f"{path} cannot be opened: {error}", remedy=remedy) from error
    except duckdb.Error as error:
        if _OPEN_HERE in str(error):
            raise _Locked(str(error)) from error
        raise StoreError(
            f"{path} is not a readable store: {error}",
            remedy="restore it from a backup, by pull, or from the record files",
        ) from error


def _held(path: Path, read_only: bool, message: str) -> LockHeld:
    """Return the error for *path* in use, from DuckDB's *message*."""
    if _OPEN_HERE not in message:
        remedy = "wait for it to end, or give this one another --store"
        return LockHeld(f"{path} is open in another process{_holder(message)}", remedy=remedy)
    if read_only:
        return LockHeld(f"{path} is being written to by this process", remedy="read when that has ended")
    return LockHeld(f"{path} is read by this process: a snapshot is open", remedy="write after its `with` block")


def _holder(message: str) -> str:
    """Return " (PID n)" when DuckDB's message names the holder."""
    _, marker, rest = message.partition("(PID ")
    return f" (PID {rest.partition(')')[0]})" if marker else ""
