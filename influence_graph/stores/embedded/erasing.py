"""Erasing people and records from the embedded store's file.

DuckDB leaves what was deleted in the blocks of its file and in its log. So what stays is written to a new file, which
takes the place of the old one in one step: before it all is as it was, after it nothing of what was erased is there.
Rows keep their order, and with it their positions.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from influence_graph.ending import unfinished
from influence_graph.errors import StoreError
from influence_graph.model.erasure import PERSON_COLUMNS, Erased, Redaction, Selection, without_people
from influence_graph.model.names import BRAND
from influence_graph.model.records import KINDS
from influence_graph.model.sources import NAMED_ONLY
from influence_graph.stores.archive import packed, unpacked
from influence_graph.stores.embedded.chosen import NAMED_IN, Records
from influence_graph.stores.embedded.connection import first_row
from influence_graph.stores.embedded.damage import log_of
from influence_graph.stores.embedded.schema import FROZEN, LEDGER

if TYPE_CHECKING:
    import duckdb

_FOLDER = ".forget-"
_LEFT_SECONDS = 60.0
"""Age from which on a copy that nobody has unlinked was left by a process that was killed."""
_NEW = "erased"  # name by which the new file is attached
_RESULTS = "_results"
_BOOKS = {
    "runs": ("id", "parameters"),
    "recalculations": ("id", "document"),
    "states": ("name", "value"),
    "archives": ("run_id", "data"),
}
"""The key of the tables that keep books, and the column in which somebody may be named."""
_NOTES = ("runs", "recalculations", "states")
"""Those in which that is JSON."""
_KEPT = {
    "meta": f"name NOT IN ('{LEDGER}', '{FROZEN}')",  # they are made anew
    "current_runs": "run_id NOT IN (FROM gone_runs)",
}


def counted(connection: duckdb.DuckDBPyConnection, selection: Selection) -> Erased:
    """Return what erasing *selection* from the open file would erase; only temporary tables are made."""
    return _Erasing(connection, selection).erased()


def rewrite(connection: duckdb.DuckDBPyConnection, path: Path, selection: Selection) -> Erased:
    """Let a file without *selection* take the place of *path*, which *connection* holds alone; return what went.

    Raises:
        StoreError: there is no room for it; nothing has changed.
    """
    erasing = _Erasing(connection, selection)
    erased = erasing.erased()
    connection.execute("CHECKPOINT")  # what the log holds comes into the file
    remove_left(path.parent)
    with _folder(path.parent) as folder:
        new = folder / path.name
        try:
            erasing.write(new)
            _put_in_place(new, path)
        except OSError as error:
            raise StoreError(
                f"{path} cannot be written anew: {error.strerror or error}; nothing was erased",
                remedy="free some disk space, then run the command again",
            ) from error
    return erased


def remove_left(folder: Path) -> None:
    """Delete the copies in the store's *folder* that killed processes have left."""
    for pattern in (f"{_FOLDER}*", ".copy-*"):
        for path in folder.glob(f"{pattern}/*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _LEFT_SECONDS:
                    shutil.rmtree(path.parent, ignore_errors=True)


class _Erasing(Records):
    """All of an open file that goes: records, and what books say of people.

    The tables ``cleared_BOOK`` have what changes by the key of its row; null where that goes.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, selection: Selection) -> None:
        super().__init__(connection, selection)
        self._tables = _tables_of(connection)
        self._redaction = Redaction(selection.people, self.names)
        self._notes = {table: self._notes_of(table) for table in _NOTES}
        runs = connection.execute("SELECT id FROM runs WHERE list_contains($runs, id)", {"runs": list(selection.runs)})
        self._notes["runs"] |= dict.fromkeys((id_ for (id_,) in runs.fetchall()), None)
        gone_runs = [id_ for id_, new in self._notes["runs"].items() if new is None]
        connection.register("gone_runs", pa.table({"id": pa.array(gone_runs, pa.string())}))
        self._archives = list(self._archives_of(gone_runs))
        self._cleared: dict[str, Mapping[str, str | bytes | None]] = {**self._notes}
        self._cleared["archives"] = {id_: new for id_, _, _, new in self._archives}
        for table, new in self._cleared.items():
            type_ = pa.binary() if table == "archives" else pa.string()
            rows = pa.table({"id": pa.array(list(new), pa.string()), "new": pa.array(list(new.values()), type_)})
            connection.register(f"cleared_{table}", rows)

    def erased(self) -> Erased:
        """Return how much goes."""
        records = {name: self.number(f"SELECT count(*) FROM gone_{name}") for name in KINDS}
        results: dict[str, int] = {}
        for table in self._tables:
            if table.endswith(_RESULTS):
                kind = table.removesuffix(_RESULTS).replace("_", "-")
                results[kind] = self.number(f"SELECT count(*) FROM {table} WHERE NOT ({self._kept(table)})")
        for _, kind, rows, _ in self._archives:
            results[kind] = results.get(kind, 0) + rows
        gone = self.number("SELECT count(*) FROM gone_runs")
        return Erased(records, results, gone, sum(map(len, self._notes.values())) - gone)

    def write(self, new: Path) -> None:
        """Write what stays to the file *new*."""
        execute = self.connection.execute
        escaped = str(new).replace("'", "''")
        (name,) = first_row(self.connection, "SELECT current_database()") or ("",)
        execute(f"ATTACH '{escaped}' AS {_NEW}")
        try:
            execute(f'COPY FROM DATABASE "{name}" TO {_NEW} (SCHEMA)')
            self.connection.begin()
            for table in self._tables:
                execute(
                    f"INSERT INTO {_NEW}.{table} SELECT {self._shown(table)} FROM {table} WHERE {self._kept(table)}"
                )
            self._renew()
            self.connection.commit()
            execute(f"CHECKPOINT {_NEW}")
        finally:
            execute(f"DETACH {_NEW}")

    def _notes_of(self, table: str) -> dict[str, str | None]:
        """Return the JSON texts of *table* that change, by the key of their row; None: the row goes."""
        key, column = _BOOKS[table]
        cleared: dict[str, str | None] = {}
        for id_, text in self.connection.execute(f"SELECT {key}, {column} FROM {table}").fetchall():
            new = self._redaction.note(table, text)
            if new != text:
                cleared[id_] = new
        return cleared

    def _archives_of(self, gone_runs: list[str]) -> Iterator[tuple[str, str, int, bytes | None]]:
        """Yield the runs whose archived results change: id, kind, number of rows that go, new bytes (None: none)."""
        if not (self.selection.people or gone_runs):
            return
        kept = "SELECT run_id, kind, data FROM archives JOIN runs ON runs.id = run_id"
        for id_, kind, data in self.connection.execute(kept).fetchall():
            table = unpacked([data], kind)
            left = without_people(table, self.selection.people)
            if id_ in gone_runs:
                yield id_, kind, table.num_rows, None
            elif left.num_rows < table.num_rows:
                yield id_, kind, table.num_rows - left.num_rows, packed(left)

    def _shown(self, table: str) -> str:
        """Return what is copied of the columns of *table*."""
        if table in NAMED_IN:
            cleared = {each.name: "NULL" for each in KINDS[table].fields if each.name not in KINDS[table].key}
            cleared |= {"origin": str(NAMED_ONLY), "also": "NULL"}
            bare = f"rowid IN (FROM bare_{table})"
            shown = (f'CASE WHEN {bare} THEN {new} ELSE "{name}" END AS "{name}"' for name, new in cleared.items())
            return f"* REPLACE ({', '.join(shown)})"
        if table not in self._cleared:
            return "*"
        key, column = _BOOKS[table]
        new = f"(SELECT new FROM cleared_{table} WHERE id = {table}.{key})"
        return f"* REPLACE (coalesce({new}, {column}) AS {column})"

    def _kept(self, table: str) -> str:
        """Return the condition of the rows of *table* that are copied."""
        if table in KINDS:
            return f"rowid NOT IN (FROM gone_{table})"
        if table.endswith(_RESULTS):
            return self._kept_results(table)
        if table in self._cleared:
            return f"{_BOOKS[table][0]} NOT IN (SELECT id FROM cleared_{table} WHERE new IS NULL)"
        return _KEPT.get(table, "true")

    def _kept_results(self, table: str) -> str:
        """Return the condition of the current results in *table* that name nobody who goes."""
        columns = self._tables[table]
        emptied = "SELECT replace(kind, '-', '_') FROM current_runs WHERE run_id IN (FROM gone_runs)"
        kept = f"'{table.removesuffix(_RESULTS)}' NOT IN ({emptied})"
        if "label" in columns:
            return f"{kept} AND (label = '{BRAND}' OR id NOT IN (FROM forgotten))"
        return " AND ".join([kept, *(f"{name} NOT IN (FROM forgotten)" for name in PERSON_COLUMNS if name in columns)])

    def _renew(self) -> None:
        """Note in the new file who is forgotten, and let its ledger be another one."""
        execute = self.connection.execute
        execute(f"INSERT INTO {_NEW}.meta VALUES ('{LEDGER}', ?)", [uuid.uuid4().hex])
        execute(
            f"""INSERT INTO {_NEW}.meta SELECT '{FROZEN}', (
              SELECT count(*) FROM interactions WHERE rowid < meta.value::BIGINT AND {self._kept("interactions")})
            FROM meta WHERE name = '{FROZEN}'"""
        )
        new = pa.table({"hash": pa.array(self.selection.tombstones, pa.string())})
        self.connection.register("new_tombstones", new)
        execute(
            f"""INSERT INTO {_NEW}.tombstones SELECT DISTINCT hash, now() AT TIME ZONE 'UTC' FROM new_tombstones
            WHERE hash NOT IN (SELECT hash FROM tombstones)"""
        )


def _tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns of each table of the open file."""
    rows = connection.execute(
        """SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
        WHERE NOT internal AND database_name = current_database() GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    return dict(rows)


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    """Give a folder, private to the user, in the folder *beside*, for the ``with`` block."""
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=beside))
    remove = partial(shutil.rmtree, folder, ignore_errors=True)
    try:
        with unfinished(remove):
            yield folder
    finally:
        remove()


def _put_in_place(new: Path, path: Path) -> None:
    """Let *path* be the file *new*, with its owner and mode; the log of the former one, which is empty, goes."""
    former = path.stat()
    with suppress(PermissionError):
        os.chown(new, former.st_uid, former.st_gid)
    new.chmod(former.st_mode & 0o777)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    log_of(path).unlink(missing_ok=True)
    new.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
