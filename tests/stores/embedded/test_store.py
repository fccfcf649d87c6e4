"""What only the store in a file can meet."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from influence_graph.errors import InputError, SchemaMismatch
from influence_graph.stores.embedded.store import FILE_NAME, EmbeddedStore


def test_a_file_in_place_of_the_folder_is_not_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        EmbeddedStore(tmp_path / "file").runs()


def test_the_database_of_something_else_is_refused_unchanged(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE people (x INTEGER)")
    store = EmbeddedStore(tmp_path)
    for use in (store.runs, store.migrate):
        with pytest.raises(SchemaMismatch, match="'people'"):
            use()


def test_a_file_of_a_newer_version_is_neither_read_nor_written(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.migrate()
    with duckdb.connect(str(tmp_path / FILE_NAME)) as connection:
        connection.execute("INSERT INTO meta VALUES ('migration', 'V9999__later')")
    for use in (store.runs, store.migrate):
        with pytest.raises(SchemaMismatch, match="V9999__later"):
            use()
