"""Damage of the embedded store's file: told from other errors, named, and looked for by reading all of it.

DuckDB keeps a checksum of each block (256 KiB) and of each entry of the log, and checks it whenever it reads one
(https://duckdb.org/docs/stable/internals/storage). So a damaged file opens and answers until a damaged block is
needed. :func:`examine` reads every block of every table, in a process of its own: ``python -m
influence_graph.stores.embedded.damage FILE``, which prints a line of JSON for each table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from influence_graph.environment import without_secrets
from influence_graph.errors import StoreDamaged
from influence_graph.text import one_line

CONFIG = {"enable_external_access": "false", "memory_limit": "4GB"}
_LOG_SUFFIX = ".wal"
_DAMAGE = ("corrupt", "deserialize", "could not read", "replaying wal")
"""What DuckDB says, in lower case, where bytes are not what it has written."""
LOCKED = "could not set lock"
_RESTORE = "restore it from a backup, or pull or ingest its records into another --store"
_READ_ALL = 'SELECT count(*), count(content) FROM (SELECT hash("{table}") AS content FROM "{table}")'
_MOST_CAUSES = 8  # errors that led to an error
_FAULTS = {
    "a person without an id of its own": "SELECT count(*) - count(DISTINCT id) FROM people",
    "a brand without an id of its own": "SELECT count(*) - count(DISTINCT id) FROM brands",
    "an event_id that occurs twice": "SELECT count(*) - count(DISTINCT event_id) FROM interactions",
    "a tie of somebody who is not there": "SELECT count(*) FROM ties WHERE source NOT IN (SELECT key FROM people)"
    " OR target NOT IN (SELECT key FROM people)",
    "an interaction of somebody who is not there": "SELECT count(*) FROM interactions"
    " WHERE consumer NOT IN (SELECT key FROM people) OR brand NOT IN (SELECT key FROM brands)",
    "a current run that is not there": "SELECT count(*) FROM current_runs WHERE run_id NOT IN (SELECT id FROM runs)",
}
"""What no batch can have written: counted once all can be read."""
_KEPT_FAULTS = {
    "results of a run that is not there": "SELECT count(*) FROM archives WHERE run_id NOT IN (SELECT id FROM runs)",
    "results of a run that occur twice": "SELECT count(*) - count(DISTINCT run_id) FROM archives",
    "a tick that took effect twice": "SELECT count(*) - count(DISTINCT tick) FROM ticks",
    "a tick of a recalculation that is not there": "SELECT count(*) FROM ticks"
    " WHERE recalculation NOT IN (SELECT id FROM recalculations)",
}
"""The same of a file that has recalculations, since V0006."""


@dataclass(frozen=True)
class Examined:
    """What reading all of a file gave.

    Attributes:
        rows: Number of rows by table that can be read.
        unread: Why a table cannot, by table; "" stands for the file.
        known: Whether the file could be examined at all: it was not open elsewhere, and there was time.
    """

    rows: dict[str, int] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    known: bool = True

    @property
    def damage(self) -> str:
        """What is wrong, in one line; "" where nothing was found."""
        if not self.unread:
            return ""
        tables = sorted(filter(None, self.unread))
        what = f"{', '.join(tables)} cannot be read: " if tables else ""
        return what + next(iter(self.unread.values()))


def log_of(path: Path) -> Path:
    """Return DuckDB's log beside the database *path*: there while it is written to, or after a writer was killed."""
    return path.with_name(f"{path.name}{_LOG_SUFFIX}")


def named_damage(error: BaseException) -> str:
    """Return how *error*, or one that led to it, says that the file is damaged; "" where none does."""
    told: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if isinstance(told, duckdb.Error) and any(mark in str(told).lower() for mark in _DAMAGE):
            return str(told)
        told = told and (told.__cause__ or told.__context__)
    return ""


def damaged(path: Path, cause: str, examined: Examined | None = None) -> StoreDamaged:
    """Return the error for the file *path*, damaged as *cause* says; *examined* tells what can still be read."""
    if _LOG_SUFFIX in cause:
        remedy = f"restore both from a backup, or move {log_of(path).name} away and ingest again what was stored last"
        return StoreDamaged(f"{path} is damaged: {cause}", remedy=remedy)
    if examined is None:
        return StoreDamaged(f"{path} is damaged: {cause}", remedy=f"{_RESTORE}; `doctor` says what can still be read")
    if readable := sorted(examined.rows):
        return StoreDamaged(
            f"{path} is damaged: {cause}; {', '.join(readable)} can be read",
            remedy=f"{_RESTORE}; `export` writes what can still be read",
        )
    return StoreDamaged(f"{path} is damaged: {cause}", remedy=_RESTORE)


def examine(path: Path, seconds: float | None = None) -> Examined:
    """Read every block of *path* in another process, for at most *seconds*.

    It takes about a second for each GB, and some tenths for the process: what damage may do to one, it does to that.
    """
    command = [sys.executable, "-P", "-m", __name__, str(path)]
    environment = without_secrets() | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return Examined(known=False)
    rows: dict[str, int] = {}
    unread: dict[str, str] = {}
    known, reading = True, ""
    for line in done.stdout.splitlines():
        told = json.loads(line)
        reading, known = told["table"], known and not told.get("locked")
        if "rows" in told:
            rows[reading] = told["rows"]
        elif "error" in told:
            unread[reading] = told["error"]
    if done.returncode < 0:
        unread[reading] = f"reading it ends the process with signal {-done.returncode}"
    elif done.returncode:
        known = False
    return Examined(rows, unread, known)


def main(path: str) -> Iterator[dict[str, object]]:
    """Yield what became of each table of *path*, the name alone before it is read."""
    try:
        with duckdb.connect(path, read_only=True, config=CONFIG) as connection:
            found = connection.sql("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    except duckdb.Error as error:
        if LOCKED in str(error).lower():
            yield {"table": "", "locked": True}
        else:
            yield {"table": "", "error": one_line(str(error))}
        return
    is_whole = True
    for (table,) in found:
        yield {"table": table}
        outcome = _read(path, _READ_ALL.format(table=table))
        is_whole &= isinstance(outcome, tuple)
        if not isinstance(outcome, tuple):
            yield {"table": table, "error": outcome}
        elif outcome[0] != outcome[1]:
            yield {"table": table, "error": f"{outcome[0]:,} rows are on record, {outcome[1]:,} are there"}
        else:
            yield {"table": table, "rows": outcome[0]}
    if is_whole and ("interactions",) in found:
        yield from _faults(path, _FAULTS if ("archives",) not in found else _FAULTS | _KEPT_FAULTS)


def _faults(path: str, statements: dict[str, str]) -> Iterator[dict[str, object]]:
    for what, statement in statements.items():
        outcome = _read(path, statement)
        if not isinstance(outcome, tuple):
            yield {"table": "", "error": outcome}
        elif outcome[0]:
            yield {"table": "", "error": f"it holds {what} ({outcome[0]:,})"}


def _read(path: str, statement: str) -> tuple[int, ...] | str:
    """Return the first row of the answer, or why there is none; a fault may leave a connection unusable."""
    try:
        with duckdb.connect(path, read_only=True, config=CONFIG) as connection:
            return tuple(connection.execute(statement).fetchall()[0])
    except duckdb.Error as error:
        return one_line(str(error))


if __name__ == "__main__":
    for outcome in main(sys.argv[1]):
        print(json.dumps(outcome), flush=True)  # noqa: T201 - for the process that has started this one
