"""Ids of a store's file that begin with a text, read without the rest of the store."""

from __future__ import annotations

from pathlib import Path

import duckdb

from influence_graph.errors import NotFound, SchemaMismatch
from influence_graph.stores.embedded.connection import connect

FILE_NAME = "ledger.duckdb"
"""Name of the one file in a store's folder."""
_TABLES = {"Consumer": "people", "Brand": "brands"}


def ids_in_file(folder: Path, label: str, prefix: str, limit: int) -> list[tuple[str, str]]:
    """Return the first *limit* ids of *label* that begin with *prefix*, in order, with names ("": none).

    Raises:
        NotFound: there is no store in *folder*.
        LockHeld: another process writes to it now.
        SchemaMismatch: the file is one of something else.
        StoreError: the file cannot be read.
    """
    path = folder / FILE_NAME
    if not path.exists():
        raise NotFound(f"there is no store in {folder}", remedy="check --store")
    statement = f"SELECT id, coalesce(name, '') FROM {_TABLES[label]} WHERE starts_with(id, ?) ORDER BY id LIMIT ?"
    with connect(path, read_only=True, wait=0) as connection:
        try:
            return [(id_, name) for id_, name in connection.execute(statement, [prefix, limit]).fetchall()]
        except duckdb.CatalogException as error:
            raise SchemaMismatch(f"the database in {folder} is no store", remedy="give another --store") from error
