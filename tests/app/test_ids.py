from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from influence_graph.app.ids import ids_starting, is_store
from influence_graph.app.open import open_store
from influence_graph.cli.main import main
from influence_graph.errors import InputError, NotFound, StoreError
from influence_graph.stores.base import Store
from influence_graph.stores.neo4j.store import Neo4jStore


def filled(url: str, folder: Path) -> Store:
    (folder / "people.csv").write_text("id,name\nann,Ann\nanna,\nbob,Bob\nAnn,\n")
    (folder / "brands.csv").write_text("id,name\nacme,Acme\n")
    arguments = ["ingest", str(folder / "people.csv"), str(folder / "brands.csv"), "--store", url]
    CliRunner().invoke(main, arguments, catch_exceptions=False)
    return open_store(url)


def check(url: str) -> None:
    assert ids_starting(url, "Consumer", "an") == [("ann", "Ann"), ("anna", "")]
    assert ids_starting(url, "Consumer", "", 2) == [("Ann", ""), ("ann", "Ann")]
    assert ids_starting(url, "Brand", "") == [("acme", "Acme")]
    assert ids_starting(url, "Consumer", "%") == []


def test_ids_of_a_folder(tmp_path: Path) -> None:
    filled(str(tmp_path / "store"), tmp_path)
    check(str(tmp_path / "store"))
    assert is_store(tmp_path / "store")
    assert not is_store(tmp_path)


@pytest.mark.neo4j
def test_ids_of_a_server(neo4j_store: Neo4jStore, tmp_path: Path) -> None:
    filled(neo4j_store.url, tmp_path)
    check(neo4j_store.url)


def test_what_cannot_be_read_is_an_error_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        ids_starting(str(tmp_path / "nowhere"), "Brand", "")
    (tmp_path / "ledger.duckdb").write_text("no database")
    with pytest.raises(StoreError):
        ids_starting(str(tmp_path), "Brand", "")
    with pytest.raises(InputError, match="would send the password"):
        ids_starting("bolt://example.org", "Brand", "")
    monkeypatch.delenv("NEO4J_URI", raising=False)
    with pytest.raises(InputError, match="NEO4J_URI"):
        ids_starting("neo4j", "Brand", "")


def test_a_file_of_something_else_is_an_error_of_ours(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "ledger.duckdb")).close()
    with pytest.raises(StoreError):
        ids_starting(str(tmp_path), "Brand", "")
